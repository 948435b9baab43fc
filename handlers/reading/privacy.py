"""Facts about third persons that are never broadcast.

GDPR art. 9 (health), 10 (offences) and 87 (national number); acceptance row B30.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.reading.letters import level
from handlers.reading.people import NOT_A_NAME, NamedPerson, find_names


class Sensitivity(StrEnum):
    """Why a passage must not be passed on."""

    HEALTH = "health"
    SANCTION = "sanction"
    JUSTICE = "justice"
    DEBT = "debt"
    FAMILY = "family"
    PROTECTION = "protection"
    """Legal protection of those who cannot manage alone."""
    NATIONAL_NUMBER = "national number"
    STATUS = "status"
    """What somebody receives or is, said of somebody named."""
    NAME = "name"
    """A third person named beside such a fact."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that must not be passed on."""

    kind: Sensitivity
    start: int
    end: int


_PARTS = (
    "bras|jambe|poignet|cheville|epaule|hanche|genou|pied|dos|main|doigt|tendon|ligament|nez|dent"
)
"""Parts of a body, which somebody breaks; a pump breaks as such."""


def _any(lines: str) -> str:
    lines = lines.replace("PART", _PARTS)
    return "|".join(line.strip() for line in lines.strip().split("\n"))


_WORDS = {
    Sensitivity.HEALTH: _any(r"""
        malad(?:e|es|ie|ies)|burn[ -]?out|depressi(?:on|ve|f)|deprime\w*|cancer\w*|tumeur\w*
        leucemi\w+
        hospitali[sz]\w+|(?:a|de|pour|dans|sort\w* d\w) (?:l'|une |la )?(?:hopital|clinique) depuis
        oper(?:ee?|ation) (?:du|de la|de l'|des|d'un|chirurg\w+|ce|hier|demain|la semaine)
        se f\w+ operer
        chimio\w*|radiotherapi\w+|dialyse\w*|greffe\w*|covid\w*|grossesse|enceinte|accouch\w*
        fausse couche|conge de maternite|repos d'accouchement|ecartement prophylactique
        accident(?:ee?)? (?:du|de|cardi)\w*|certificat medical|sous certificat
        certificat (?:jusqu|de)
        incapacite(?: de travail)?|arret(?: de)? (?:travail|maladie)|en arret
        sur (?:la |sa )?mutuelle|invalidite
        medica(?:l|le|ux|ment\w*)|se (?:fait |faire )?soigne\w*|soignee? (?:pour|en|a l')|infarctus
        avc
        alcool\w*|addict\w*|toxicoman\w*|droguee?s?|desintoxication|sevrage|cure (?:de|d')|suicid\w*
        psychiatri\w+|depressi\w+|bipolaire|schizophren\w*|epilep\w+|diabet\w+|parkinson|alzheimer
        sclerose|hernie discale|lumbago|lombalgi\w+|vih|hiv|seroposi\w+|souffr\w+ d\w+|souffrante?
        (?:probleme|souci|ennui|raison|etat|motif)s? (?:de sante|medica\w+|psych\w+|de dos)
        (?:probleme|souci|ennui|raison|etat|motif)s? cardiaque\w*
        sante (?:fragile|precaire|mentale)|convalescen\w+|fracture\w*(?! numerique)
        mi-temps (?:medical|therap\w+)
        infirm\w+ (?:grave|definiti)\w*|surmen\w+
        epuise(?:e|ment)\w* (?:profession\w+|moral\w*|nerv\w+)
        s'(?:est|etait) (?:casse|fracture|foule|dechire|brule)\w* (?:la|le|une?|l') ?(?:PART)s?
        (?:PART)s? (?:casse|fracture|platre|foule)\w*
        s'est blessee?|(?:est|etait|a ete) blessee?
        au bout du rouleau|craque(?:e|r)?\b|violences? (?:conjugales?|intrafamiliales?)
        abus sexuels?
        ziek(?:te\w*|enhuis)?|zwanger\w*|bevallingsverlof|krank(?:heit\w*|geschrieben|enhaus)?
        schwanger\w*
        \w{0,6}kanker|hartaanval\w*|hartinfarct\w*|beroerte|hersen(?:bloeding|tumor|schudding)
        bevallen|bevalling|depressie\w*|overspannen|oververmoeid\w*|verslaafd\w*|alcoholist\w*
        zelfmoord\w*|arbeidsongeschikt\w*|arbeidsongeval|invaliditeit|geopereerd\w*|operatie aan
        (?:had|heeft|na) een (?:\w+ )?ongeval|miskraam|moederschapsrust|zwangerschap\w*
        medische? (?:redenen?|attest|problemen|behandeling)|in revalidatie
        gezondheids(?:redenen|problemen|toestand)|psychische? (?:problemen|klachten|probleme\w*)
        \w{0,6}krebs|krebskrank\w*|herzinfarkt\w*|schlaganfall\w*|erkrankt\w*|krankgemeldet
        krankmeldung|krankenstand|arbeitsunfahig\w*|(?:wurde|wird) operiert|operation am
        arbeitsunfall|hatte einen (?:\w+ )?unfall|fehlgeburt|mutterschaftsurlaub|suchtig\w*
        alkoholi(?:ker|sm)\w*|alkoholproblem\w*|selbstmord\w*
        gesundheitliche\w* (?:grund|problem)\w*
        medizinische\w* (?:grunde\w*|behandlung)|(?:in|auf) (?:der )?reha|in der klinik
        mutterschutz|sick(?: leave)?|illness|pregnan\w+|maternity leave|hospital|surgery
    """),
    Sensitivity.SANCTION: _any(r"""
        sanction(?!n?at|s? administrative)\w*|disciplinaires?
        suspendue? (?:de ses fonctions|preventi\w+)
        licenci(?:e|ee|es|er|ement)(?! en )\b|blame|mis(?:e)? a pied|faute (?:grave|professionnelle)
        vol(?:e|ait|ee?)? (?:de|dans) (?:la )?caisse|harcel\w+|procedure contre|revoque\w*
        demise? d'office
        ecartee? (?:de|pour)|conflit avec
        (?:son|ses|leur|des) (?:histoires?|conflits?|disputes?) avec
        ontslagen|ontslag|entlassen|kundigung|dismissed|fired|suspended
        geschorst|tuchtprocedure|tuchtstraf|gekundigt|suspendiert|disziplinar\w*|abgemahnt
    """),
    Sensitivity.JUSTICE: _any(r"""
        prison(?!niers? de guerre)\w*|condamn(?:e|ee|ation)s?|casier judiciaire|inculp\w+
        detenue?s?(?! par)
        incarcer\w+|bracelet electronique|poursuivie? (?:pour|par)|liberation conditionnelle
        place\w* (?:chez nous )?par le (?:juge|tribunal)|peine de travail|mandat d'arret|garde a vue
        gevangenis|veroordeeld|gefangnis|verurteilt|convicted|jail|strafblad|vorbestraft|enkelband
    """),
    Sensitivity.DEBT: _any(r"""
        surendett\w+|faillite personnelle|endettee?s?|saisie sur salaire|loonbeslag|lohnpfandung
        (?:heeft|met|in de) (?:\w+ )?schulden|(?:hat|mit) (?:\w+ )?schulden|(?:uber|ver)schuldet
    """),
    Sensitivity.FAMILY: _any(r"""
        (?:est|sont|etait|soit) (?:subitement |malheureusement )?decede\w*
        vient de deceder|suite au deces (?:de|du|d')
        en (?:plein )?divorce|(?:son|leur) divorce|deces de (?:son|sa|ses)|deuil
        (?:vient de|a) perd(?:re|u) s(?:on|a|es)
        enfants? (?:place|retire)s?|garde de ses enfants
        echtscheiding|ligt in scheiding|scheidung|lasst sich scheiden
    """),
    Sensitivity.PROTECTION: _any(r"""
        administration (?:provisoire|de biens)|administrateur (?:provisoire|de biens)
        sous (?:tutelle|curatelle)
        protection judiciaire|minorite prolongee
    """),
}
_WORDS_OF_SOMEBODY = _any(r"""
    (?:article|art\.?) (?:60|61)|reglement collectif(?: de dettes)?|mediation de dettes
    revenu d'integration
    minimex\w*|demandeu\w+ d'asile|refugiee?s?|sans[- ]papiers|handicap\w*|analphabet\w*
    sans[- ]abri
    aide sociale|allocations? (?:de|d')|chomage|en cure|suivie? par|tentative|ne reviendra p\w+
    absente? depuis
""")
"""What is ordinary in the work of an authority, and private where it is said of somebody named."""
_PATTERNS = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _WORDS.items()}
_OF_SOMEBODY = re.compile(rf"\b(?:{_WORDS_OF_SOMEBODY})\b")
# « TS » is only read in capitals.
_CAPITALS = re.compile(r"(?<!\w)(?:TS|HIV|VIH|AVC)(?!\w)")
# National register number: year, month, day, order, check (with or without marks).
_NATIONAL = re.compile(
    r"(?<![\d/])(?:\d{2}[./ ]\d{2}[./ ]\d{2}[- .]\s?\d{3}[. -]\d{2}"
    r"|\d{6}[- ]\d{3}[. -]?\d{2})(?!\d)"
)
_LABELLED = re.compile(
    r"\b(?:nn|niss|registre national|rn|rrn|insz|rijksregister(?:nummer)?"
    r"|nationalregister(?:nummer)?|national (?:register )?number)"
    r"\s?(?:n[°or]\.?)?\s?:?\s?(?P<number>[\d][\d .-]{9,16}\d)"
)
# « congé de maladie » as a subject of work, not of a person ("service maladie", "assurance …").
_HARMLESS = re.compile(
    r"(?:(?:assurance|materiel|lit|fauteuil|equipement|personnel|service|secretariat|visite"
    r"|controle"
    r"|registre|dossiers?|aide|regime|cabinet|maison|archive\w*|centre|conseil de|chambre|table"
    r"|unite"
    r"|transport|garde|examen|medecine|prime|jour|conge|taux|boisson|gel|test)s?(?: (?:des?|du"
    r"|d'))? ?-?"
    r"|(?:aux|des|les|pour|de) (?:\w+ )?(?=malades|handicape)|contre (?:le |la |les |l')?"
    r"|(?:personnes|gens|residents|patients|habitants) "
    r"|(?:hygiene|prevention|lutte contre|protection contre|risque|campagne|porte|rue|route|acces) "
    r"(?:\w+ ){0,2})$"
)


def find_sensitive(text: str) -> list[Passage]:
    """The passages of a text that tell something sensitive of somebody, in order."""
    plain = level(text)
    numbers = [Passage(Sensitivity.NATIONAL_NUMBER, *span) for span in _number_spans(plain)]
    facts = [
        Passage(kind, match.start(), match.end())
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(plain)
        if not _HARMLESS.search(plain[max(0, match.start() - 40) : match.start()])
    ]
    found = numbers + facts + _of_somebody(text, plain)
    named = _named_beside(text, found)
    again = _named_again(text, plain, named)
    return sorted({*found, *named, *again}, key=lambda passage: (passage.start, passage.end))


def names_in(text: str) -> list[NamedPerson]:
    """The persons named in a text, those behind « d' » or « qu' » included; places are kept."""
    return find_names(_ELIDED.sub(lambda match: f"{match[1]} ", text))


_ELIDED = re.compile(r"(?<!\w)([dlnscjDLNSCJ]|[Qq]u)['’](?=[A-ZÀ-ÖØ-Þ])")


def _of_somebody(text: str, plain: str) -> list[Passage]:
    """Facts that are private because the same sentence says of whom they are."""
    told = [(m.start(), m.end()) for m in _OF_SOMEBODY.finditer(plain)]
    told += [(m.start(), m.end()) for m in _CAPITALS.finditer(text)]
    if not told:
        return []
    names = names_in(text)
    sentences = [_sentence_around(text, name.start, name.end) for name in names]
    return [
        Passage(_kind_of(text[start:end]), start, end)
        for start, end in told
        if any(first <= start < last for first, last in sentences)
    ]


def _kind_of(words: str) -> Sensitivity:
    if words.isupper():
        return Sensitivity.HEALTH
    return Sensitivity.DEBT if _DEBTS.search(level(words)) else Sensitivity.STATUS


_DEBTS = re.compile(r"dettes|reglement collectif")


def _number_spans(plain: str) -> set[tuple[int, int]]:
    spans = {match.span() for match in _NATIONAL.finditer(plain)}
    labelled = {match.span("number") for match in _LABELLED.finditer(plain)}
    return spans | {
        span for span in labelled if not any(a < span[1] and span[0] < b for a, b in spans)
    }


def _named_beside(text: str, found: list[Passage]) -> list[Passage]:
    """The persons named in a sentence that tells something sensitive, or of whom the next one
    does: « Il s'agit de Dany Colin. Il est malade. »
    """
    if not found:
        return []
    names = []
    for name in names_in(text):
        start, end = _sentence_around(text, name.start, name.end)
        if _ANOTHER.match(level(text[end : end + 40])):
            end = _sentence_around(text, end + 2, end + 2)[1]
        if any(start <= passage.start < end for passage in found):
            names.append(Passage(Sensitivity.NAME, name.start, name.end))
    return names


_ANOTHER = re.compile(
    r"[.!?]?\s+(?:il|elle|ils|elles|celui-ci|celle-ci|ce dernier|cette derniere)\b"
)


def _named_again(text: str, plain: str, named: list[Passage]) -> list[Passage]:
    """The same persons where they are named once more, be it by one of their names."""
    words = {
        word
        for passage in named
        for word in re.findall(r"[a-z'-]{3,}", plain[passage.start : passage.end])
        if word not in NOT_A_NAME
    }
    return [
        Passage(Sensitivity.NAME, match.start(), match.end())
        for word in words
        for match in re.finditer(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-])", plain)
        if text[match.start()].isupper()
        and not any(p.start <= match.start() < p.end for p in named)
    ]


_END = re.compile(r"[.!?](?=\s+[A-ZÀ-ÖØ-Þ])|\n\s*\n")


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    before = [match.end() for match in _END.finditer(text, 0, start + 1)]
    titles = re.compile(r"\b(?:M|Mr|Mme|Mlle)\.$")
    opened = next((at for at in reversed(before) if not titles.search(text[:at])), 0)
    after = _END.search(text, end)
    return opened, after.start() if after else len(text)


_STATEMENT = re.compile(r"\s?[:;]\s|,?\s(?:car|parce qu|puisqu|vu qu|suite a)(?=[\s'e])")
_REASON = re.compile(
    r",?\s(?:suite a(?:u|ux)?|a la suite d\w*|en raison d\w*|pour (?:cause|raisons?) d\w*"
    r"|a cause d\w*|du fait d\w*|compte tenu d\w*|etant donne"
    r"|(?:pendant|durant) (?:l[ea']|son|sa|une?)"
    r"|(?:pour|afin de) (?:remplacer|pallier)|en remplacement d\w*|le temps d\w*)\b"
)
"""What begins the reason of a need that is told before it: « […] en raison d'une grossesse »."""
_NEED = re.compile(
    r",?(?=\s(?:nous|notre \w+|on|je|l[ea'] ?(?:commune|cpas|zone|service|administration)"
    r"|serait-il|pourr\w+|quelqu'un)\b[^,.;]{0,40}?"
    r"(?:cherch|demand|souhait|besoin|manqu|voudr|aimer|propos|sollicit|pouvez|pret|possible))"
)
"""What begins the need whose reason was told before it: « malade, nous cherchons […] »."""
_WHAT = re.compile(r",\s(?=(?:une?|des?|du|les?|la|deux|trois|\d+)\b)")
"""What goes on after a reason put in the middle: « […], suite à un accouchement, un agent »."""
_SEEKING = re.compile(r"(?:cherch\w+|demand\w+|souhait\w+|besoin|recherche)$")


def _statement_around(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = _sentence_around(text, start, end)
    plain = level(text)
    opened = max((m.end() for m in _STATEMENT.finditer(plain, first, start)), default=first)
    reason = _REASON.search(plain, max(opened - 12, first), start)
    opened = reason.start() if reason else opened
    if closed := _STATEMENT.search(plain, end, last):
        return opened, closed.start()
    if closed := _NEED.search(plain, end, last):
        return opened, closed.end()
    if reason and _SEEKING.search(plain, first, opened):
        closed = _WHAT.search(plain, end, last)
    return opened, closed.start() if closed else last


def redacted(text: str, passages: Sequence[Passage], mark: str = "[…]") -> str:
    """The text with the passages taken out, to be confirmed by its author."""
    pieces, position = [], 0
    for passage in sorted(passages, key=lambda passage: passage.start):
        if passage.end <= position:
            continue
        pieces += [text[position : max(position, passage.start)], mark]
        position = passage.end
    return "".join([*pieces, text[position:]])


def without_sentences(text: str, passages: Sequence[Passage], mark: str = "[…]") -> str:
    """The text without the statements in which the passages stand: what is left of a statement
    beside a fact often tells the fact. A colon, a semicolon or a reason begins a new one.
    """
    spans = [_statement_around(text, passage.start, passage.end) for passage in passages]
    whole = [Passage(passage.kind, *span) for passage, span in zip(passages, spans, strict=True)]
    left = redacted(text, whole, f" {mark} ")
    # What ended the statement goes with it, and two gaps in a row are one.
    gap = re.escape(mark)
    left = re.sub(rf"(?:(?<=\n)|[ ]{{1,3}}|^){gap}[ ]?(?:[.!?;]+(?=\s|$))?", f" {mark}", left)
    left = re.sub(rf"{gap}(?:\s?{gap})+", mark, left)
    return re.sub(rf"(?m)^ (?={gap})", "", left).strip()
