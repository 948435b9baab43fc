"""The catalogues of the purchasing centrals: public, on every channel (acceptance B17)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from rapidfuzz import fuzz

from config.folding import fold
from handlers import finding
from handlers.arguments import MaybeWords, reads
from handlers.command import Table
from handlers.context import Context
from handlers.finding import ALIKE, SHORTEST
from handlers.intents import Intent, Understanding
from handlers.pricing import rate
from handlers.reply import Ambiguous, Bullets, Fields, Heading, Paragraph, Refusal, Reply, reply
from handlers.wording import Money, Text, _, n_, verbatim
from storage import purchasing
from storage.purchasing import Central, Price, Solution

table = Table()

# -- finding --------------------------------------------------------------------------------


def search(solutions: Sequence[Solution], words: str) -> list[Solution]:
    """The solutions that words mean: all of a category, or else the exact name before part of it
    before a likeness.
    """
    wanted = fold(words)
    alike = [one for one in solutions if wanted and fold(one.category) == wanted]
    if len(alike) > 1:
        return alike
    return finding.search(solutions, words, _named, lambda solution: solution.summary)


_ABOUT = re.compile(
    r"^(?:l['’]|d['’]|la |le |les |une? |du |de la |des |d[eé]j[aà] |aussi |pris |choisi"
    r"|command[eé] )+",
    re.IGNORECASE,
)


def without_article(words: str) -> str:
    """« l'e-guichet ? » is « e-guichet »."""
    return _ABOUT.sub("", words.strip(" ?.!"))


def named_solutions(solutions: Sequence[Solution], words: str) -> list[Solution]:
    """The solutions that words mean, with or without an article before the name."""
    return search(solutions, without_article(words))


def _named(solution: Solution) -> list[str]:
    named = [solution.name, solution.slug, solution.supplier, *solution.aliases]
    return [*named, *solution.functions]


def _names(solution: Solution) -> list[str]:
    return [fold(name) for name in _named(solution)]


def is_name(ctx: Context, words: str) -> bool:
    """Whether words are the exact name of something in the catalogue."""
    current = purchasing.current_solutions(ctx.session, ctx.today)
    return any(fold(words) in _names(solution) for solution in current)


def find_central(centrals: Sequence[Central], words: str) -> Central | None:
    """The central that words name, alone or within a sentence."""
    wanted = f" {fold(words)} "
    named = [c for c in centrals if f" {fold(c.name)} " in wanted or f" {c.slug} " in wanted]
    if named:
        return max(named, key=lambda central: len(central.name))
    return next((c for c in centrals if fuzz.ratio(fold(words), fold(c.name)) >= ALIKE), None)


@reads(Central)
def read_central(ctx: Context, words: str) -> Central:
    """The central that words name. Raises Refusal with the names that exist."""
    centrals = purchasing.centrals(ctx.session)
    found = find_central(centrals, words)
    if found is None:
        raise Refusal(
            _(
                "Je ne connais pas de centrale « {words} ». Les centrales : {names}.",
                words=words[:60],
                names=", ".join(central.name for central in centrals),
            )
        )
    return found


@reads(Solution)
def read_solution(ctx: Context, words: str) -> Solution:
    """The one current solution that words mean. Raises Refusal with what can be meant."""
    found = search(purchasing.current_solutions(ctx.session, ctx.today), words)
    if len(found) == 1:
        return found[0]
    former = search(purchasing.former_solutions(ctx.session, ctx.today), words)
    if not found and len(former) == 1:
        raise retired(ctx, former[0])
    if not found:
        raise Refusal(
            _(
                "Je ne trouve pas « {words} » dans le catalogue : écrivez `catalogue` pour voir"
                " ce qu'il contient.",
                words=words[:60],
            )
        )
    raise Ambiguous(
        _("« {words} » peut désigner plusieurs solutions ; laquelle ?", words=words[:60]),
        words,
        [(solution.slug, verbatim(solution.name)) for solution in found],
    )


def closed(central: Central) -> Text:
    """Why nothing can be ordered from a central any more, and what follows it."""
    if central.successor is not None:
        return _(
            "La centrale **{name}** est fermée depuis le {day} ; **{new}** en prend la suite"
            " (`centrale {new}`).",
            name=central.name,
            day=central.closes_on or "",
            new=central.successor.name,
        )
    return _(
        "La centrale **{name}** est fermée depuis le {day} : on n'y commande plus.",
        name=central.name,
        day=central.closes_on or "",
    )


def retired(ctx: Context, solution: Solution) -> Refusal:
    """The refusal of what can no longer be ordered, with what can (acceptance A37)."""
    if not solution.central.is_open(ctx.today):
        return Refusal(closed(solution.central))
    wanted = {fold(one) for one in solution.functions}
    alike = [
        other
        for other in purchasing.current_solutions(ctx.session, ctx.today)
        if wanted & {fold(one) for one in other.functions}
    ]
    since_when = _(
        "« {name} » n'est plus au catalogue depuis le {day} : on ne peut plus la commander.",
        name=solution.name,
        day=solution.retired_on or "",
    )
    if not alike:
        return Refusal(since_when, _("Ce qui y est : `catalogue`."))
    return Refusal(
        since_when,
        _("Pour les mêmes fonctions, il y a :"),
        Bullets(tuple(_line(one) for one in alike)),
    )


# -- showing --------------------------------------------------------------------------------


@table.command(
    "catalogue",
    aliases={"fr": ["solutions"], "en": ["catalog"], "nl": ["catalogus"], "de": ["katalog"]},
    usage=_("catalogue [MOTS, CENTRALE ou LETTRE]"),
    summary=_("les solutions des centrales d'achats"),
    example="catalogue repas",
    paged=True,
)
def catalogue(ctx: Context, words: MaybeWords) -> Reply:
    """Every current solution, or those that words mean (acceptance A11)."""
    current = purchasing.current_solutions(ctx.session, ctx.today)
    shown = _meant(ctx, current, words) if words else current
    if not shown:
        raise Refusal(
            _(
                "Rien dans le catalogue pour « {words} ». Écrivez `catalogue` pour tout voir.",
                words=words[:60],
            )
        )
    return _listed(ctx, shown, part=False)


def _listed(ctx: Context, shown: Sequence[Solution], *, part: bool) -> Reply:
    blocks: list[Heading | Bullets | Text] = [
        n_(
            "**{count} solution** au catalogue, au {day}.",
            "**{count} solutions** au catalogue, au {day}.",
            len(shown),
            day=ctx.today,
        )
    ]
    for central in {solution.central.id: solution.central for solution in shown}.values():
        blocks.append(Heading(_("Centrale {name}", name=central.name)))
        mine = [solution for solution in shown if solution.central is central]
        blocks.append(Bullets(tuple(_line(solution) for solution in mine)))
    blocks.append(_("Pour une fiche complète : `fiche SOLUTION`, par exemple `fiche e-guichet`."))
    if part:
        blocks.append(_("Pour voir toutes les autres : `catalogue`."))
    return reply(*blocks, title=_("Le catalogue des centrales d'achats"))


def _meant(ctx: Context, current: Sequence[Solution], words: str) -> Sequence[Solution]:
    """What words mean: a letter, what a text says, or all that a central has."""
    letter = _LETTER.fullmatch(words.strip(" .?!"))
    if letter is not None:
        return [one for one in current if fold(one.name).startswith(letter[1].lower())]
    found = named_solutions(current, words)
    central = find_central(purchasing.centrals(ctx.session), words)
    if found or central is None:
        return found
    return [one for one in current if one.central == central]


_LETTER = re.compile(r"(?:(?:lettre|letter|buchstabe) )?([a-z])", re.IGNORECASE)


def _line(solution: Solution) -> Text:
    return _(
        "**{name}** ({supplier}) : {summary}",
        name=solution.name,
        supplier=solution.supplier,
        summary=solution.summary,
    )


def sheet(_ctx: Context, solution: Solution) -> Reply:
    """The sheet of one solution: what it does, who supplies it, what it costs, how to order it."""
    central = solution.central
    rows: list[tuple[Text, Text]] = [
        (_("Centrale"), verbatim(central.name)),
        (_("Fournisseur"), verbatim(solution.supplier)),
    ]
    if solution.category:
        rows.append((_("Catégorie"), verbatim(solution.category)))
    if solution.functions:
        rows.append((_("Fonctions"), verbatim(", ".join(solution.functions))))
    if solution.lot:
        rows.append((_("Lot"), verbatim(solution.lot)))
    rows += [_price(price) for price in solution.prices]
    rows.append((_("TVA"), _("{rate} %", rate=rate(solution.vat_basis_points))))
    if solution.retired_on is not None:
        last = solution.retired_on - timedelta(days=1)
        rows.append((_("Au catalogue jusqu'au"), _("{day}", day=last)))
    return reply(
        Heading(verbatim(solution.name)),
        verbatim(solution.summary),
        Fields(tuple(rows)),
        _("Pour commander : `commander {slug}`.", slug=solution.slug),
        title=_("Fiche : {name}", name=solution.name),
    )


def _price(price: Price) -> tuple[Text, Text]:
    amount = _("{amount} HTVA", amount=Money(price.unit_cents))
    if price.unit:
        amount = _("{amount} par {unit}", amount=amount, unit=price.unit)
    if price.option:
        return _("Option, {label}", label=price.label), amount
    return _("Prix, {label}", label=price.label), amount


def by_place(name: str) -> tuple[str, str]:
    """« Commune d'Érezée » stands under E, accents aside; the kind of body comes second."""
    folded = fold(name)
    kind, _of, place = folded.replace(" d ", " de ").partition(" de ")
    return (place or kind, kind)


@table.intent(Intent.CATALOGUE)
def catalogue_asked(ctx: Context, understood: Understanding) -> Reply:
    """The catalogue, asked for in a letter: what it speaks of, or else all of it."""
    del understood
    current = purchasing.current_solutions(ctx.session, ctx.today)
    spoken = _spoken_of(current, f"{ctx.letter.subject} {ctx.letter.text}")
    shown = _listed(ctx, spoken or current, part=bool(spoken))
    sought = None if spoken else _SOUGHT.search(ctx.letter.text)
    if sought is None or len(ctx.letter.text.split()) > SHORT_LETTER:
        return shown
    nothing = _(
        "Je ne vois rien au catalogue pour « {what} » ; le voici en entier. S'il vous manque,"
        " dites-le à qui gère la centrale : `interlocuteur`.",
        what=sought["what"].strip()[:60],
    )
    return replace(shown, blocks=(Paragraph(nothing), *shown.blocks))


SHORT_LETTER = 40
"""A letter of more words speaks of more than what it looks for."""


_SOUGHT = re.compile(
    r"\b(?:solutions?|outils?|logiciels?|applications?|modules?|programmes?|quelque chose"
    r"|syst[eè]mes?)"
    r"\s+(?:informatiques?\s+|num[eé]riques?\s+)?(?:(?:pour|de|d['’]|permettant)\s*)"
    r"(?:(?:la|le|les|l['’]|une?|des)\s*)?(?P<what>[^\W\d_][^.?!,;:\n]{2,80}?)"
    r"\s*(?=[.?!,;:\n]|$)",
    re.IGNORECASE,
)
"""What somebody looks for, whether or not the catalogue has it."""


def _spoken_of(current: Sequence[Solution], text: str) -> list[Solution]:
    """The solutions of which a short letter says a word that no other solution has in its names:
    « y a-t-il quelque chose pour les repas ? ».
    """
    said = {_stem(word) for word in fold(text).split()}
    if len(text.split()) > SHORT_LETTER or said & _WHOLE:
        return []
    words = {one.id: {_stem(w) for name in _names(one) for w in name.split()} for one in current}
    times = Counter(word for known in words.values() for word in known)
    return [
        one
        for one in current
        if any(
            word in said and times[word] == 1
            for word in words[one.id] - _GENERIC
            if len(word) >= SHORTEST
        )
    ]


_GENERIC = frozenset(
    {"gestion", "outil", "logiciel", "application", "solution", "module", "programme", "systeme"}
    | {"service", "ligne", "numerique", "digital", "informatique", "informatisation", "suivi"}
    | {"communal", "communale", "commune", "communaux", "citoyen", "citoyenne", "habitant", "ville"}
    | {"administration", "plateforme", "centrale", "internet", "site", "vou", "pour", "avec"}
)
"""Stems of words that say nothing of what is looked for."""


_WHOLE = frozenset(
    {
        "catalogue",
        "catalogu",
        "katalog",
        "catalog",
        "liste",
        "lijst",
        "list",
        "toute",
        "tou",
        "alle",
    }
    | {"ensemble", "complet", "all"}
)
"""Stems of the words with which all of a catalogue is asked for."""


def _stem(word: str) -> str:
    return word.rstrip("sx")


@table.intent(Intent.SHEET)
def sheet_asked(ctx: Context, understood: Understanding) -> Reply:
    """The sheets of the solutions that a letter names; the catalogue if it names none."""
    del understood
    words = f" {fold(f'{ctx.letter.subject} {ctx.letter.text}')} "
    current = purchasing.current_solutions(ctx.session, ctx.today)
    named = [s for s in current if any(f" {name} " in words for name in _names(s) if name)]
    if len(named) != 1:
        return catalogue(ctx, MaybeWords(""))
    return sheet(ctx, named[0])
