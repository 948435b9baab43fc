"""For whom an offer or a demand is meant, where its text limits that.

A limit is told outright (« uniquement aux CPAS », « pas au-delà »), by whom something is given to
(« à la disposition des communes de la zone ») or by whom it is to be passed on to (« à diffuser
aux CPAS »). To read a limit too narrow costs a reader; to miss it shows something to those who
were not meant: where a limit cannot be read with certainty, it is ``unclear``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.authorities import Authority
from config.territory import Territory
from handlers.reading.addressees import DISTINCT, Meant, meant_by
from handlers.reading.letter import sentences
from handlers.reading.letters import level


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see something: everybody (None), or these institutions; ``unclear`` if a limit is
    told that could not be read.
    """

    institutions: tuple[Authority, ...] | None = None
    unclear: bool = False


_LIMIT = re.compile(
    r"\b(?:uniquement|exclusivement|seulement|strictement|reservee?s?|limitee?s?|exclusif|exclusive"
    r"|rien que|que pour|(?<!sorte )(?<!facon )(?<!afin )(?<!ainsi )que les"
    r"|qu'aux|qu'a (?:nos|la)|seule?s? (?:les?|la)|juste (?:pour|aux?)"
    r"|pas (?:au-dela|au dela|ailleurs|plus loin|plus large\w*|(?:\w+ ){0,3}autres)"
    r"|(?:a |pour )?personne d'autre|sans (?:la |les )?diffuser (?:plus|aux autres|ailleurs)"
    r"|alleen|enkel|uitsluitend|nur|ausschliesslich|lediglich|only|exclusively)\b"
)
_GIVES = re.compile(
    r"\b(?:disposition|pret\w*|propos\w*|offr\w*|offer\w*|ced(?:e|er|ons|ent)|donn\w+|detach\w*"
    r"|s'adress\w*|destin\w*|ouverte?s?|accessibles?|partag\w*|met\w*|loue\w*|louons|liber\w*"
    r"|utilis\w*|emprunt\w*|vaut|valable|gratuit\w*|disponibles?|appel|avis|message|lend"
    r"|uitlen\w*|leihen)\b"
)
_PASSES_ON = re.compile(
    r"\b(?:adress(?:er|ez|ons|ee?s?)|diffus\w*|publi\w*|transm\w*|envoy\w*|relay\w*|destin\w*|lanc\w*"
    r"|circul\w*|suivre|aupres|appel|avis|partag\w*|soumet\w*|verspreid\w*|weiterleit\w*|forward)\b"
)
_TO = re.compile(
    r"\b(?:aux|au|a (?:la |l'|nos |ses |tous(?:tes)? les |toutes les |certaine?s )"
    r"|a d'autres|pour (?:(?:toutes? |tous )?(?:les? |la |l')|nos |ses |d'autres )"
    r"|par (?:les |d'autres |toutes? (?:les )?)|disposition (?:de(?: la| l')?|des|d')"
    r"|aupres (?:de(?: la| nos)?|des|d')|vers les|destination (?:de(?: la)?|des)"
    r"|aan|voor|fur|an|for|to)\b\s*(?:de |die |the )?"
)
_ONLY = re.compile(
    r"\b(?:seule?s? (?:les?|la)|(?:uniquement|exclusivement|seulement|rien que|strictement|que"
    r"|juste)"
    r"(?: entre| pour)?(?: les?| la)?|entre(?: les)?|reserve\w*|destinataires?\s?:"
    r"|public(?: vise)?\s?:"
    r"|les|alleen|enkel|uitsluitend|nur|only)\s*"
)
_WITH = re.compile(
    r"(?:(?:d'autres|autres?|seule?s?|\d{1,3}|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze"
    r"|douze"
    r"|differente?s|diverses?|toutes? les|tous les|nos|ses|collegues (?:des?|du)"
    r"|services (?:travaux |techniques )?(?:des?|du)) )*"
)
_NOT_TO = re.compile(
    r"(?:\b(?:pas|non|ni|sauf|hormis|jamais|niet|nicht|not)(?: \w+)? |n'est pas .{0,20}|"
    r"\b(?:retir|enlev|chercher|contact|adressez-vous|s'adresser|stock|situe|depos|rendre|retour"
    r"|restitu|inform|demander|demandez|sonner|telephon|grace|suite|rapport|appart|merci)\w*"
    r"(?: \w+)? |"
    r"\b(?:priorit\w*|preference|d'abord|notamment|surtout|exemple|compris|principalement)"
    r"(?: est| sera)?(?: donnee| accordee)?,? )$"
)
_STOP = re.compile(
    r"[;:!?()\[]|\.(?!\d)|,? (?:mais|car|puisque|afin|sauf|hormis|moyennant|gratuit\w*"
    r"|pendant|durant"
    r"|jusqu\w+|et pas|pas|uniquement|seulement|exclusivement|a (?:raison|partir|titre|condition)"
    r"|du \d|des le|entre le|le \d|en (?:cas|janv|fev|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)"
    r"\w*|pour (?!les|la|nos))\b"
)
_OTHER_THAN = re.compile(
    r"\b(?:sauf(?! si)|excepte\w*|hormis|a l'exception|a l'exclusion|hors|pas(?= aux?| a la| a l'"
    r"| pour)|ne pas (?:envoyer|diffuser|transmettre|communiquer|adresser|montrer"
    r"|publier))\s+(?:(?:aux?|a la|a l'|pour|des?|de la|de l'|du|d'|les?|la|l')\s*)*"
)
_OUTSIDERS = re.compile(
    r"(?:ecoles?|asbl|associations?|clubs?|comites?|citoyens?|citoyennes?|habitants?|particuliers?"
    r"|riverains?|mouvements? de jeunesse|entreprises?|commercants?|menages|familles"
    r"|agriculteurs|artisans?|exposants?|parents|eleves|enfants|jeunes|aines|seniors|touristes"
    r"|visiteurs|public|independants)\b"
)
_THOSE = re.compile(r"\b(?:celles|ceux)(?:-ci)? (?:de|du|des|qui|dont|d')")
_SINGULAR = re.compile(r"(?:au|a la|a l'|pour (?:le|la|l'))\s*$")
NEAR = 90
"""How far before an addressee the verb stands that gives to it."""
CLOSE = 25
"""The same for a single addressee: « grâce à la Province » gives it nothing."""


_ASKED_OF = re.compile(
    r"\b(?:(?:souhait|voudr|aimer|desir|veu|voul|pourri|pouv|permet|vien|venon)\w*"
    r"(?:[- ]vous)? (?:vous )?(?:de )?(?:bien )?(?:vouloir )?demander|(?:je|nous) demand(?:e|ons)"
    r"|demande(?: est)? (?:faite|adressee))"
    r" (?:(?!aux?\b|a\b)\w+ ){0,2}"
    r"(?=(?:aux?|a (?:la |l'|nos |certaine?s |toutes les |tous les )?)\b)"
    r"(?:aux?|a (?:la |l'|nos |certaine?s |toutes les |tous les )?) ?"
)
"""« Nous souhaitons demander aux CPAS … » : whom something is asked of reads the demand."""
_CAN_THEY = re.compile(
    r"(?:\best-ce que |^|[,.:;!?] ?)(?P<who>(?:(?:la|le|les|l'|nos) ?)?(?!est-ce\b|quel|je\b|nous\b"
    r"|vous\b|on\b|il\b|quelqu'un\b|une? |qui\b)[a-z][\w' -]{2,60}?)"
    r" (?:(?:pourr(?:ait|aient)|peu(?:t|vent)|saur(?:ait|aient)|accepter(?:ait|aient)"
    r"|voudr(?:ait|aient))(?:[- ](?:elles?|ils?))?(?: de| bien)? (?:nous|me|m')"
    r"|(?:aur(?:ait|aient)|dispose(?:nt|rait|raient)?)[- ](?:elles?|ils?)\b)"
)
"""« La Province pourrait-elle nous prêter … ? » : who is asked by name."""


_FIRST_ADDRESSEE = re.compile(
    r"\s*((?:d(?:e |['’])\w+ )?(?:à (?=(?-i:[A-ZÀ-Þ])[^:\n]{1,90}\s?:\s)"
    r"|à (?:la|l['’]|nos|toutes les|tous les)|aux?)\b(?:[^:\n]{2,90}(?=\s?:\s)"
    r"|(?:(?!\s(?:une?|des|deux|trois|quatre|cinq|\d+|d['’])\b)[^:,;\n]){2,60}))",
    re.IGNORECASE,
)


def addressee(words: str, *, parted: bool = False) -> str:
    """To whom the words after « demande » or « offre » go first: « à la Province : un juriste »
    (acceptance B27); nothing if they begin with what is shared. Only before a colon if they must
    be ``parted``, as in a letter, where « à la Province nous cherchons » says where.
    """
    found = _FIRST_ADDRESSEE.match(words)
    first = found[1].strip() if found else ""
    return "" if parted and not _after(words, first).startswith(":") else first


def without_addressee(words: str) -> str:
    """The words without those to whom they go first, where a colon parts them: what is shared."""
    first = addressee(words, parted=True)
    return _after(words, first)[1:].strip() if first else words


def _after(words: str, first: str) -> str:
    return words.strip()[len(first) :].lstrip()


_OF_THE_ZONE = re.compile(
    r"(?<= )(?:que (?:couvre|dessert|compte|regroupe)|couvertes? par|desservies? par|qui composent"
    r"|composant|faisant partie de|relevant de|situees? dans|membres de) (?=(?:notre|la|l['’]))"
)
"""« les communes que couvre la zone X » are those of the zone X."""


def find_audience(
    text: str, own: Authority | None, territory: Territory, *, offered: bool = True
) -> Audience:
    """The limit that a text sets, as seen from the institution that wrote it. What is ``offered``
    is for those to whom it is given; a demand only for those to whom it says that it goes.
    """
    told: list[tuple[bool, Meant]] = [] if offered else list(_asked_of(text, own, territory))
    without: set[Authority] = set()
    for sentence in sentences(_OF_THE_ZONE.sub("de ", text)):
        plain = level(sentence)
        told += _addressed(sentence, plain, own, territory, offered)
        without |= _left_out(sentence, plain, own, territory)
        if _LIMIT.search(plain) and _THOSE.search(plain):
            told.append((True, Meant(unclear=True)))
    return _audience(told, without - {own}, own, territory)


def _asked_of(
    text: str, own: Authority | None, territory: Territory
) -> Iterator[tuple[bool, Meant]]:
    """Those of whom a demand asks what it asks: nobody else is meant to read it."""
    for sentence in sentences(text):
        plain = level(sentence)
        # « Le CPAS peut nous aider jusqu'au 12 » tells something; a question asks.
        asks = "?" in sentence or _INVERTED.search(plain) is not None
        spans = [found.span("who") for found in _CAN_THEY.finditer(plain)] if asks else []
        spans += [(one.end(), _end(plain, one.end())) for one in _ASKED_OF.finditer(plain)]
        for start, until in spans:
            if _OUTSIDERS.match(plain, start):
                continue
            meant = _meant(sentence, plain, start, until, own, territory)
            if meant is not None:
                yield False, meant


_INVERTED = re.compile(r"\b(?:pourr|peu|saur|accepter|voudr|aur|dispose)\w*-(?:elles?|ils?)\b")


def _end(plain: str, start: int) -> int:
    """Where the words end that name whom something is asked of."""
    ends = [found.start() for one in (_STOP, _CLAUSE) if (found := one.search(plain, start))]
    return min(ends, default=len(plain))


_CLAUSE = re.compile(
    r",? (?:et seulement|uniquement|seule?ment|s'ils?|si|de (?:nous|me|bien)|une?)\b"
)


def _audience(
    told: list[tuple[bool, Meant]],
    without: set[Authority],
    own: Authority | None,
    territory: Territory,
) -> Audience:
    # Where a limit is told outright, what else is said of those who read it is an aside.
    counted = [meant for outright, meant in told if outright] or [meant for _weak, meant in told]
    if any(meant.unclear for meant in counted):
        return Audience(unclear=True)
    found = {one for meant in counted for one in meant.institutions}
    if not found and without:
        found = set(territory.authorities)
    left = found - without - {own}
    if not left:
        return Audience(unclear=bool(found))
    return Audience(tuple(sorted(left, key=lambda one: (one.type, one.code))))


def _addressed(
    sentence: str, plain: str, own: Authority | None, territory: Territory, offered: bool
) -> Iterator[tuple[bool, Meant]]:
    """Those to whom a sentence gives something or passes it on, and whether outright."""
    outright = _LIMIT.search(plain) is not None
    heads = [*_TO.finditer(plain), *(_ONLY.finditer(plain) if outright else ())]
    spans = sorted({head.end(): head for head in heads}.items())
    taken = 0
    for end, head in spans:
        if head.start() < taken or _NOT_TO.search(plain[max(0, head.start() - 45) : head.start()]):
            continue
        if not (outright or _given(plain, head, offered)):
            continue
        stop = _STOP.search(plain, end)
        until = stop.start() if stop else len(plain)
        meant = _meant(sentence, plain, end, until, own, territory)
        if meant is not None:
            taken = until
            yield outright, meant


def _given(plain: str, head: re.Match[str], offered: bool) -> bool:
    before = plain[max(0, head.start() - NEAR) : head.end()]
    if _PASSES_ON.search(before):
        return True
    if not offered:
        return False
    near = before[-CLOSE - len(head.group()) :] if _SINGULAR.search(head.group()) else before
    return _GIVES.search(near) is not None


def _meant(
    sentence: str,
    plain: str,
    start: int,
    until: int,
    own: Authority | None,
    territory: Territory,
) -> Meant | None:
    """Who is meant between two places of a sentence; None if nobody is named there."""
    filler = _WITH.match(plain, start)
    first = filler.end() if filler else start
    if _OUTSIDERS.match(plain, first):
        return Meant(unclear=True)
    meant = meant_by(sentence[first:until], own, territory)
    if meant is None and DISTINCT.match(plain, first):
        return Meant(unclear=True)
    if meant is not None and set(meant.institutions) == {own}:
        return None
    return meant


def _left_out(
    sentence: str, plain: str, own: Authority | None, territory: Territory
) -> set[Authority]:
    """The institutions that a sentence excepts; « pas aux autres » excepts none of those meant."""
    found: set[Authority] = set()
    for head in _OTHER_THAN.finditer(plain):
        if plain.startswith(("autres", "toute autre", "tout autre"), head.end()):
            continue
        stop = _STOP.search(plain, head.end())
        until = stop.start() if stop else len(plain)
        meant = meant_by(sentence[head.end() : until], own, territory)
        if meant is not None:
            found |= set(meant.institutions)
    return found
