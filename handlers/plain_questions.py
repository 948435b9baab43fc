"""Questions asked in a sentence whose answer is known: « Qui travaille avec Better Street ? ».

Such a sentence means a command that only shows something (acceptance A08, A10, A14, A20, A21, A25,
A34); the same answer comes by letter as by command. Whatever else a message wants, and whatever is
not sure, is left to the other readers, and to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from config.folding import fold
from config.territory import Authority
from handlers import catalogue, catalogue_uses, relations
from handlers.calls import own_words, without_politeness
from handlers.context import Context
from handlers.finding import alike
from handlers.intents import Intent, Understanding
from handlers.reading import asking
from storage import purchasing

MOST_WORDS = 40
"""More words are a letter, which may want more than one thing."""

_SHOWN = frozenset(
    {Intent.QUESTION, Intent.CATALOGUE, Intent.SHEET, Intent.STATISTICS, Intent.HELP}
    | {Intent.ANNOUNCEMENT_ANSWER, Intent.TEMPLATE_REQUEST}
)
"""What such a question may have been read as; all else it was read as is meant."""
_OF_ORDERS = frozenset({Intent.ORDER, Intent.ORDER_STATUS, Intent.JOIN_CENTRAL})
"""What a question about orders in general may have been read as."""
_ASKS = re.compile(
    r"\b(?:p(?:ouv|ourri)ez vous|(?:je|nous) (?:voudr|souhait|aimer|desir)\w*|merci de|veuillez"
    r"|envoye[rz]|ou (?:puis|trouver|est)|quel(?:le)?s?|qui|que|kunt u|(?:ik|wij) (?:wil|zou)\w*"
    r"|graag|welke?|wie|waar|konnen sie|(?:ich|wir) (?:mocht|hatt)\w*|welche[rsn]?|wer|wo|bitte"
    r"|c(?:an|ould) (?:you|i|we)|which|who|where|please)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:contact\w*|joindre|telephon\w*|factur\w*|pannes?|problem\w*|plaintes?|retards?|erreurs?"
    r"|pourquoi|comment|modifi\w*|corrig\w*|chang\w*|annul\w*|types?|modeles?|identite|visite"
    r"|rechnung\w*|warum|waarom|hoe|wijzig\w*|andern|why|how|invoice|complaint)\b"
)
"""What wants a person, or an act, whatever it names."""
_YEAR = re.compile(r"\b20\d\d\b")


def commands(ctx: Context, understood: Understanding) -> Iterator[str]:
    """The commands that may answer a question in a sentence, the likeliest first."""
    if ctx.incoming.files or ctx.topic is not None:
        return
    words = own_words(ctx).strip() or ctx.incoming.subject
    if understood.intent in _SHOWN | _OF_ORDERS and asking.asks_delays(words):
        yield "délais"
    if understood.intent not in _SHOWN:
        return
    plain = fold(words)
    asks = "?" in words or _ASKS.search(plain)
    short = words.count("?") <= 1 and len(plain.split()) <= MOST_WORDS
    if asks and short and not _OTHERWISE.search(plain):
        yield from (told for read in _READERS if (told := read(ctx, words, plain)))
    yield from asking.as_commands(without_politeness(words))


# -- one reader for each command: its words in what was asked, or nothing -----------------------

_REPORT = re.compile(
    r"\b(?:bilan|rapport annuel|jaaroverzicht|jaarverslag|jahresb\w+|yearly report|annual report)\b"
)
_NEWS = re.compile(
    r"\b(?:actualites?|dernieres nouvelles|(?:laatste|recente) nieuws|neuigkeiten|latest news)\b"
)
_SPECIFICATIONS = re.compile(
    r"\b(?:cahiers? (?:special |speciaux )?des charges|bestek|lastenheft|leistungsverzeichnis"
    r"|specifications)\b"
)
_MAP = re.compile(r"\b(?:carte|kaart|karte|landkarte|map)\b")
_OF_PLACES = re.compile(
    r"\b(?:communes?|adher\w*|centrales?|province|territoire|gemeente\w*|gemeinde\w*|aankoop\w*"
    r"|einkaufs\w*|municipalit\w*|joined)\b"
)
_SHEET = re.compile(
    r"\b(?:fiche|a t (?:elle|il) (?:deja )?(?:adhere|rejoint)|quelles? solutions?"
    r"|(?:que|qu) (?:possede|utilise|a commande)|steekkaart"
    r"|productfiche|welke oplossing\w*|datenblatt|welche losung\w*|which solutions?)\b"
)
_OF_SUPPLIER = re.compile(
    r"\b(?:qui|quelles?|quels|que|fournisseurs?|solutions?|wie|welke|leverancier\w*|wer|welche"
    r"|lieferant\w*|who|which|suppliers?)\b"
)
_LONGEST_NAME = 3
_SHORTEST_NAME = 6


def _report(_ctx: Context, _words: str, plain: str) -> str | None:
    year = _YEAR.search(plain)
    return f"bilan {year[0]}" if year and _REPORT.search(plain) else None


def _news(_ctx: Context, _words: str, plain: str) -> str | None:
    return "actualités" if _NEWS.search(plain) else None


def _specifications(ctx: Context, words: str, plain: str) -> str | None:
    solutions = relations.solutions_in(ctx, words)
    if len(solutions) != 1 or not _SPECIFICATIONS.search(plain):
        return None
    return f"cahier des charges {solutions[0].slug}"


def _map(ctx: Context, words: str, plain: str) -> str | None:
    if not _MAP.search(plain) or not _OF_PLACES.search(plain):
        return None
    solutions = relations.solutions_in(ctx, words)
    if len(solutions) == 1:
        return f"carte {solutions[0].slug}"
    central = catalogue.find_central(purchasing.centrals(ctx.session), words)
    return f"carte {central.name}" if central else "carte"


def _sheet(ctx: Context, words: str, plain: str) -> str | None:
    """The sheet of the one authority that is named: which solutions it has stands there, too."""
    named = _authorities(ctx, words)
    if len(named) != 1 or not _SHEET.search(plain) or relations.solutions_in(ctx, words):
        return None
    return f"fiche {named[0].name}"


def _authorities(ctx: Context, words: str) -> list[Authority]:
    found = ctx.platform.territory.mentions(words)
    return list({(one.authority.type, one.authority.code): one.authority for one in found}.values())


def _supplier(ctx: Context, _words: str, plain: str) -> str | None:
    if not _OF_SUPPLIER.search(plain):
        return None
    known = {one.supplier for one in catalogue_uses.all_solutions(ctx)}
    named = {name for part in _parts(plain) for name in known if alike(part, [fold(name)])}
    return f"fournisseur {named.pop()}" if len(named) == 1 else None


def _parts(plain: str) -> Iterator[str]:
    """The runs of words that are long enough for a name."""
    said = plain.split()
    for length in range(1, _LONGEST_NAME + 1):
        for start in range(len(said) - length + 1):
            part = " ".join(said[start : start + length])
            if len(part.replace(" ", "")) >= _SHORTEST_NAME:
                yield part


_READERS: tuple[Callable[[Context, str, str], str | None], ...] = (
    _report,
    _news,
    _specifications,
    _map,
    _sheet,
    _supplier,
)
