"""Forms: lines with a label and what was filled in beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise

from handlers.reading.letters import level


class Label(Enum):
    """What a line of a form asks for."""

    INSTITUTION = "institution"
    USER = "user"
    SURNAME = "surname"
    FIRST_NAME = "first name"
    ROLE = "role"
    EMAIL = "email"
    PHONE = "phone"
    DEPUTY = "deputy"


_OF_USER = (
    r"(?:(?:(?:point|personne|agente?) de (?:contact|reference)|(?:personne|agente?) designee?"
    r"|utilisat\w{1,10}(?: designee?)?|contact|referente?|correspondante?) ?[-–—/,:] ?)?"
)
"""Whose name a label asks for, before what it asks: « Point de contact – nom »."""
_OF_WHOM = (
    r"(?: (?:de l'|de la |du |de )(?:utilisat\w{1,10}|agente?|referente?|correspondante?|contact"
    r"|titulaire|personne(?: (?:designee?|de contact|de reference))?))?"
)
"""The same behind it: « Prénom de l'utilisateur »."""
_LABELS = {
    Label.INSTITUTION: r"(?:nom de (?:l'|votre |la )?(?:institution|organisme|administration"
    r"|commune)"
    r"|institution|administration|organisme(?: demandeur)?|pouvoir local|entite|commune ou cpas"
    r"|commune/cpas|instelling|bestuur|einrichtung|behorde|authority)",
    Label.USER: r"(?:utilisat(?:eur|rice)(?:\(?-?[·.]?(?:trice|rice)\)?)?(?: designee?)?"
    r"|(?:agente?|personne)(?: designee?| de (?:contact|reference)| responsable)"
    r"|correspondante?|referente?|agente? referente?"
    r"|nom (?:et prenom|, prenom|complet)(?: de l'utilisat\w+)?|prenom et nom"
    r"|nom de l'utilisat\w+|(?:aangeduide )?gebruik(?:st)?er|contactpersoon"
    r"|(?:(?:benannte|bezeichnete)r? )?benutzer(?:in)?|ansprechpartner(?:in)?"
    r"|designated user|user|contact person)",
    Label.SURNAME: rf"(?:{_OF_USER}nom(?: de famille)?)",
    Label.FIRST_NAME: rf"(?:{_OF_USER}prenoms?(?: ?\(s\)| usuel| officiel)?)",
    Label.ROLE: rf"(?:{_OF_USER}(?:(?:grade ?/ ?)?fonction|grade|role|titre|qualite|service|functie"
    r"|funktion|function))",
    Label.EMAIL: r"(?:(?:adresse )?(?:e-?mail|mail|courriel|courrier electronique"
    r"|electronique)(?: professionnel(?:le)?)?"
    r"|adresse (?:mail|electronique|courriel)|e-?mail-?(?:adres|adresse| address))",
    Label.PHONE: r"(?:tel(?:ephone)?\.?(?: direct| prof\w*\.?| de service| \(?bureau\)?)?"
    r"|gsm(?: de service| prof\w*\.?)?|ligne directe|numero(?: de contact| d'appel)?"
    r"|(?:n[°o]|numero) direct|(?:n[°o]|numero) de (?:tel\w*|gsm)|telefoon(?:nummer)?"
    r"|telefon(?:nummer)?"
    r"|(?:tele)?phone(?: number)?)",
    Label.DEPUTY: r"(?:(?:personne |agente? )?(?:suppleante?|remplacante?)(?: eventuel(?:le)?)?"
    r"|back-?up|second utilisat\w+"
    r"|plaatsvervang(?:st)?er|stellvertreter(?:in)?|deputy)",
}
_LEAD = r"^\s*(?:[-*•]\s*)?(?:(?:\d{1,2}|[a-z])\s?[.)/]\s*|q\s?\d{1,2}\s?[.):/-]?\s)?"
_MARK = r"(?:\s*\||\s?\?\s+(?=\S)|\s*[. ]{2,}\s*:|\s?\.{2,}(?=[ \w])|\s?\.*\s?[:=|]|\s*\t| {2,})\s*"
_NOTE = r"(?: ?\([^()\n]{1,40}\))?(?: ?\*)?"
"""How to fill it in, and that it has to be: « (NOM Prénom) * »."""
_OF_ONE = frozenset({Label.SURNAME, Label.FIRST_NAME, Label.ROLE, Label.EMAIL, Label.PHONE})
_LINES: dict[Label, re.Pattern[str]] = {
    label: re.compile(
        rf"{_LEAD}(?:{words}){_OF_WHOM if label in _OF_ONE else ''}{_NOTE}{_MARK}"
        r"(?P<value>\S.*?)\s*$"
    )
    for label, words in _LABELS.items()
}
# A table whose cells a mail program parted by one blank only.
_CELLS: dict[Label, re.Pattern[str]] = {
    label: re.compile(
        rf"^\s*(?:{_LABELS[label]}){_OF_WHOM if label in _OF_ONE else ''}(?: \(.*?\))?"
        r" (?P<value>[^\s:=|].*?)\s*$"
    )
    for label in Label
    if label not in {Label.USER, Label.DEPUTY}
}
_NOTHING = re.compile(
    r"(?:neant|/|-+|(?:aucune?|personne|pas|non)(?: (?:encore|pour l'instant|pour le moment"
    r"|a ce jour|necessaire|prevue?))?|n/?a|sans objet|x|(?:voorlopig|momenteel|nog) (?:niet|geen)"
    r"|(?:vorerst|derzeit|noch) (?:nicht|keine?)|not yet|none)\W*"
)


def read_form(text: str) -> dict[Label, str]:
    """What a form says under each label, the first filled-in line of each."""
    found: dict[Label, str] = {}
    lines = _closed_up(text.split("\n"))
    found.update(_below_headings(text.split("\n")))
    for patterns in (_LINES, _CELLS) if _is_table(lines) else (_LINES,):
        for line in lines:
            _take(line, patterns, found)
    for label, line in _loosely_labelled(text, found):
        found.setdefault(label, line)
    if Label.INSTITUTION not in found:
        found.update(_ticked_institution(text))
    if Label.FIRST_NAME in found and len(found.get(Label.USER, "").split()) == 1:
        # « Nom de l'utilisateur : SIMON », « Prénom de l'utilisateur : Luc ».
        found[Label.SURNAME] = found.pop(Label.USER)
    return found


_FORM_LINE = re.compile(
    rf"{_LEAD}(?P<label>[^:?\n]{{3,70}}?)\s?(?:[:?]\s?:?|\.{{3,}})\s*(?P<value>\S.*?)\s*$"
)
_LOOSE = {
    Label.USER: re.compile(
        r"\b(?:personne|agente?|utilisat\w+|correspondante?|referente?|interlocut\w+"
        r"|representante?|collaborat\w+|gebruik(?:st)?er|contactpersoon|ansprechp\w+|benutzer\w*)\b"
    ),
    Label.INSTITUTION: re.compile(
        r"^(?:(?:votre|notre|nom de (?:l'|la |votre )?|uw|ihre) ?)"
        r"(?:institution|administration|organisme|commune|cpas|zone|entite|collectivite"
        r"|instelling|bestuur|gemeente|einrichtung|behorde|gemeinde)"
        r"|^(?:institution|administration|organisme|entite|autorite|pouvoir local|commune|cpas"
        r"|ville|zone(?: de (?:police|secours))?)(?: (?!communale)\w+)?$"
    ),
    Label.EMAIL: re.compile(r"^(?:ses |vos )?coordonnees\b|\b(?:e-?mail|courriel)\b"),
    Label.PHONE: re.compile(
        r"^(?:ses |vos )?coordonnees\b|\b(?:tel\w*|gsm)\b|^(?:son |votre |le )?(?:numero|n°)$"
    ),
}
_SOMEBODY_ELSE = re.compile(
    r"\b(?:suppl\w+|remplac\w+|back-?up|rempli\w*|complete\w*|encode\w*|signe\w*|signature|demand\w+"
    r"|introdui\w+|bourgmestre|president\w*|direct\w+ gener\w+|plaatsverv\w+|stellvertr\w+"
    r"|general|accueil|standard|fax)\b"
)
_FEWEST_LINES = 3


def _loosely_labelled(text: str, found: dict[Label, str]) -> Iterator[tuple[Label, str]]:
    """What stands behind labels that only contain a known word, in what is clearly a form: « Nom
    de la personne qui publiera : X », « Coordonnées : x@… - 063 … ».
    """
    lines = [(line, _FORM_LINE.match(level(line))) for line in text.split("\n") if len(line) < 200]
    filled = [(line, match) for line, match in lines if match]
    if len(filled) < _FEWEST_LINES:
        return
    for line, match in filled:
        value = line[match.start("value") : match.end("value")]
        for label, words in _LOOSE.items():
            if label in found or _NOTHING.fullmatch(match["value"]):
                continue
            if words.search(match["label"]) and not _SOMEBODY_ELSE.search(match["label"]):
                yield label, value


_TICKED = re.compile(
    r"(?:[(\[]\s?x\s?[)\]]|[☒☑✓✔])\s{0,3}(?:une? |la |le |l')?"
    r"(?P<kind>commune|ville|cpas|zone de police|zone de secours|zone|province|gemeente|ocmw"
    r"|gemeinde|oshz)\b"
)
_PLACE = re.compile(
    r"^[^\S\n]*(?:localite|lieu|de|nom de l'entite|nom|entite|territoire|plaats|ort)[^\S\n]?[.:=]+"
    r"[^\S\n]*(?P<place>[^\W\d_][^\n]{1,60}?)[^\S\n]*$",
    re.MULTILINE,
)


def _ticked_institution(text: str) -> dict[Label, str]:
    """A kind that is ticked and a place below it are an institution: « (x) un CPAS », « Localité :
    X ». Two kinds that are ticked are none.
    """
    plain = level(text)
    kinds = {match["kind"] for match in _TICKED.finditer(plain)}
    place = _PLACE.search(plain)
    if len(kinds) != 1 or place is None:
        return {}
    named = text[place.start("place") : place.end("place")]
    return {Label.INSTITUTION: f"{kinds.pop().replace('cpas', 'CPAS')} de {named}"}


_DECLINED = re.compile(
    r"^[^\n?:|]{3,100}\s?[?:|]\s?:?[ .]*(?:non|neant|sans objet|nihil|n/?a|/|-+|aucune?|nee|neen"
    r"|nein|no|none|keine?)\W*$",
    re.MULTILINE,
)


_BOXED = re.compile(r"^.*(?:[(\[] ?[)\]]|[(\[] ?x ?[)\]]|[☐☒☑✓✔]).*$", re.MULTILINE)
"""A line of boxes to tick names what is chosen from, and asks for nothing."""


def without_declined(text: str) -> str:
    """A text without the questions that a form asked and that were answered by a no or a cross."""
    text = _without(_BOXED, text)
    return _without(_DECLINED, text)


def _without(lines: re.Pattern[str], text: str) -> str:
    kept, at = [], 0
    for match in lines.finditer(level(text)):
        kept.append(text[at : match.start()])
        at = match.end()
    return "".join([*kept, text[at:]])


# Between the cells of one row, as text is made of tables and as people draw them.
_BETWEEN_CELLS = re.compile(r"\s*[|;\t]\s*|\s+:\s+| {2,}")
_HEADINGS: dict[Label, re.Pattern[str]] = {
    Label.INSTITUTION: re.compile(rf"(?:{_LABELS[Label.INSTITUTION]}|commune|cpas|zone)"),
    Label.USER: re.compile(
        rf"(?:{_LABELS[Label.USER]}|nom[ &,/-]+(?:et )?prenom|prenom[ &,/-]+(?:et )?nom"
        r"|volledige naam|naam en voornaam|name und vorname|vollstandiger name|full name"
        r"|agente?|identite|personne)"
    ),
    Label.SURNAME: re.compile(
        r"(?:nom(?: de famille)?|naam|achternaam|(?:nach|familien)?name"
        r"|surname|last name)"
    ),
    Label.FIRST_NAME: re.compile(r"(?:prenoms?|voornaam|vorname|first name)"),
    Label.ROLE: re.compile(
        rf"(?:{_LABELS[Label.ROLE]}|qualite|functie|funktie|funktion|dienst"
        r"|position|job|poste)"
    ),
    Label.EMAIL: re.compile(
        rf"(?:{_LABELS[Label.EMAIL]}|mailadres|e-?mail-?adres(?:se)?"
        r"|adresse)"
    ),
    Label.PHONE: re.compile(
        rf"(?:{_LABELS[Label.PHONE]}|telefoon(?:nummer)?|telefon(?:nummer)?"
        r"|phone|mobile|n° direct|direct|tel\.? / gsm|gsm / tel)"
    ),
    Label.DEPUTY: re.compile(_LABELS[Label.DEPUTY]),
}
_LONGEST_ROW = 400


def _below_headings(lines: list[str]) -> dict[Label, str]:
    """The first row of a table whose row of headings says what its columns are."""
    rows = [line.strip() for line in lines if line.strip()]
    for heading, row in pairwise(rows):
        if len(heading) > _LONGEST_ROW or len(row) > _LONGEST_ROW:
            continue
        labels = [_heading(cell) for cell in _cells(heading)]
        cells = _cells(row)
        if len(labels) < _FEWEST_COLUMNS or len(cells) != len(labels) or None in labels:
            continue
        return {
            label: cell
            for label, cell in zip(labels, cells, strict=True)
            if label and not _NOTHING.fullmatch(level(cell))
        }
    return {}


_FEWEST_COLUMNS = 3


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in _BETWEEN_CELLS.split(row.strip(" |")) if cell.strip()]


def _heading(cell: str) -> Label | None:
    plain = level(cell).strip(" .:*")
    return next((label for label, words in _HEADINGS.items() if words.fullmatch(plain)), None)


_OPEN = re.compile(r"^.{3,60}:\s*$")


def _closed_up(lines: list[str]) -> list[str]:
    """The lines, and what stands below a label beside it too: « Utilisateur désigné : » / name."""
    closed = list(lines)
    for line, below in pairwise(lines):
        if _OPEN.match(line):
            closed.append(f"{line.rstrip()} {below.strip()}")
        elif (label := _label_alone(line)) and not _label_alone(below):
            closed.append(f"{label} : {below.strip()}")
    return closed


_ALONE = re.compile(r"^\s*(?:[*•#>-]\s*)?(?P<label>[^\W\d_][^:*\n]{2,58}?)\s*\*?\s*$")


def _label_alone(line: str) -> str:
    """A label that has a line for itself, « * E-mail * »; empty if a line is none."""
    alone = _ALONE.match(line)
    label = alone["label"] if alone else ""
    plain = level(f"{label} : x")
    return label if label and any(words.match(plain) for words in _LINES.values()) else ""


def _is_table(lines: list[str]) -> bool:
    """« Nom Toussaint » is a cell beside its label only where « Prénom Fabrice » is one too."""
    plain = [level(line) for line in lines]
    return all(
        any(_CELLS[label].match(line) for line in plain)
        for label in (Label.SURNAME, Label.FIRST_NAME)
    )


def _take(line: str, patterns: dict[Label, re.Pattern[str]], found: dict[Label, str]) -> None:
    plain = level(line)
    for label, pattern in patterns.items():
        match = pattern.match(plain)
        if match and not _NOTHING.fullmatch(match["value"]):
            found.setdefault(label, line[match.start("value") : match.end("value")])
            return
