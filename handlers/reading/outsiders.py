"""Who writes for something that may not register: an authority of elsewhere, or another body.

A body that bears the name of a commune (its school, its library, a church council, an association)
is not that commune (acceptance row B05). A place of the territory has namesakes elsewhere: a
postal code, a country or a foreign telephone number tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from config.territory import Authority, Mention, Territory
from handlers.reading.contacts import find_phones
from handlers.reading.form import Label, read_form
from handlers.reading.letter import Letter
from handlers.reading.letters import level

_NAMED = re.compile(
    r"\b(?:communes?|ville|administration communale|(?:conseil|college) communal|mairie"
    r"|cpas|centre public d'action sociale|conseil de l'action sociale"
    r"|zone de police|zone de secours|province|provincie|provinz|gemeente(?:bestuur)?|stadsbestuur"
    r"|(?:verbands)?gemeinde(?:verwaltung)?|stadt(?:verwaltung)?|stad|ocmw|oshz|politiezone"
    r"|polizeizone|administration de la (?:ville|commune)"
    r"|parc naturel)"
    r"(?: (?:de la|de|du|des|d'|l'|la|le|van|der))? ?\(?"
)
# Where a commune is, and not which one: « notre commune (Hainaut) ».
_WIDER = re.compile(
    r"(?:hainaut|henegouwen|namur|liege|luttich|brabant|belgi|walloni|france|flandre)\w*$"
)
_PROPER = re.compile(
    # Small words are part of a name only between two others: « Namur de toute urgence » is Namur.
    r"[A-ZÀ-ÖØ-Þ][\w’'-]+(?:(?:[ -](?:sur|lez|la|le|de|en)){0,2}[ -][A-ZÀ-ÖØ-Þ][\w’'-]+)*"
)
_TYPES = (
    (r"commune|ville|administration (?:communale|de la)", "commune", "Commune de {}"),
    (r"(?:conseil|college) communal|mairie", "commune", "Commune de {}"),
    (r"gemeente", "commune", "Gemeente {}"),
    (r"(?:verbands)?gemeinde", "commune", "Gemeinde {}"),
    (r"stadt", "commune", "Stadt {}"),
    (r"stad", "commune", "Stad {}"),
    (r"politiezone", "zone_police", "Politiezone {}"),
    (r"polizeizone", "zone_police", "Polizeizone {}"),
    (r"ocmw", "cpas", "OCMW {}"),
    (r"oshz", "cpas", "ÖSHZ {}"),
    (r"provincie", "province", "Provincie {}"),
    (r"provinz", "province", "Provinz {}"),
    (r"cpas|centre public|conseil de l'action sociale", "cpas", "CPAS de {}"),
    (r"zone de police", "zone_police", "Zone de police {}"),
    (r"zone de secours", "zone_secours", "Zone de secours {}"),
    (r"province", "province", "Province de {}"),
)


@dataclass(frozen=True, slots=True)
class Outsider:
    """An authority, or an organisation, that is not of the territory."""

    name: str
    type: str


def outsider(named: str) -> Outsider:
    """What was named, in the usual form: « administration communale de X » is a commune."""
    kind = _NAMED.match(level(named))
    if kind is not None:
        for words, type_, usual in _TYPES:
            if re.match(words, kind.group()):
                return Outsider(usual.format(named[kind.end() :].strip()), type_)
    return Outsider(named, "autre")


# -- authorities that the territory does not know ---------------------------------------------

_FOREIGN = re.compile(r"\bgrand[- ]duche\b")
_PRIVATE = re.compile(r"\b(?:consultante? independante?|srl|sprl|s\.a\.|bureau d'etudes)\b")


def unknown(letter: Letter, territory: Territory) -> str:
    """An authority named by its type that the territory does not know, or a private firm."""
    for part in (letter.text, letter.subject, letter.sender_name):
        named = _unknown_name(part, territory)
        if named:
            return named
    official = _OFFICIAL.search(letter.text)
    if official is not None:
        return official.group().strip()
    plain = level(letter.text)
    foreign = _FOREIGN.search(plain) or _PRIVATE.search(plain)
    return letter.text[foreign.start() : foreign.end()] if foreign else ""


_OFFICIAL = re.compile(
    r"\bMinist(?:ère|erium|erie)"
    r"(?: (?:[Dd]e(?: la| l['’])?|d['’]|des|du|der|van(?: de)?|für|voor) ?| )"
    rf"{_PROPER.pattern}"
)
"""A ministry, as its own letters call it."""


def is_official(named: str) -> bool:
    """Whether a name is that of a ministry: an authority, though none that may register."""
    return _OFFICIAL.fullmatch(named) is not None


def village_authority(named: str, territory: Territory) -> Authority | None:
    """The authority of the commune in which a village is: « CPAS de <village> » is none itself."""
    kind = _NAMED.match(level(named))
    commune = territory.commune_of(named[kind.end() :]) if kind else None
    if commune is None:
        return None
    type_ = outsider(named).type
    fitting = [one for one in territory.authorities if one.type == type_]
    return next((one for one in fitting if one.code == commune.nis), None)


def _unknown_name(text: str, territory: Territory) -> str:
    known = [(one.start, one.end) for one in territory.mentions(text) if one.named]
    known += [(body.start, body.end) for body in territory.bodies(text)]
    for match in _NAMED.finditer(level(text)):
        proper = _PROPER.match(text, match.end())
        if not proper or level(proper.group()).startswith("luxembourg"):
            continue
        shouted = text[match.start() : proper.end()].isupper()
        if shouted and not _LINKED.search(match.group()):
            # In a text of capitals only what stands behind « de » is surely a name.
            continue
        if match.group().endswith("(") and _WIDER.match(level(proper.group())):
            continue
        if not any(start < proper.end() and match.start() < end for start, end in known):
            return text[match.start() : proper.end()].replace("(", "").strip()
    return ""


_LINKED = re.compile(r"(?:\b(?:de|du|des|de la|la|van|der)|\b[dl]') ?$")


# -- bodies that are no authority -------------------------------------------------------------


class Claim(IntEnum):
    """How clearly a letter is written for a body that is no authority."""

    NONE = 0
    SHOWN = 1
    """In the signature, the subject or the sender's name."""
    BELONGS = 2
    """The writer works there."""
    APPLIES = 3
    """It is the body that shall be registered."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body for which a letter is written, in its own words."""

    name: str
    claim: Claim


_REGISTERING = (
    r"(?:(?:souhait|desir|voudr|veu[tl]|aimer|demand|sollicit|entend|tien[td])\w*[^.;:?!]{0,60}"
    r"(?:inscri|adher|rejoin|rejoign|affili|particip|membre|acces|faire partie|integrer|utilis)"
    r"|s'inscri|(?:nous |m')inscri|adher|rejoin|s'affili|(?:comme|devenir) membre"
    r"|a (?:decide|marque)[^.;:?!]{0,60}(?:inscri|adher|rejoin|particip)"
    r"|(?:peut-elle|peut-il|pourrait)(?:-elle|-il)?[^.;:?!]{0,60}"
    r"(?:inscri|adher|rejoin|affili|particip|membre|acces|faire partie|integrer|utilis))"
)
_APPLYING_AFTER = re.compile(rf"^[^.;:?!]{{0,120}}?\b{_REGISTERING}")
_APPLYING_BEFORE = re.compile(
    r"\b(?:inscri\w+|enregistr\w+|adhesion|participation|affili\w+|candidature|au nom|pour"
    r" le compte)(?! (?:a|sur) (?:la|votre) (?:plateforme|reunion|formation))"
    r"(?:(?!plate-?forme|\bpar\b|\bavec\b|\bdont\b)[^.;:?!]){0,45}$"
)
_BELONGING = re.compile(
    r"\b(?:je (?:travaille|represente|suis|gere|dirige)|nous sommes|ici|notre|nos"
    r"|(?:vice-?)?president\w*|secretaire|tresori\w+|responsable|directeur|directrice|gerante?"
    r"|coordinat\w+|bibliothecaire|cheffe?|administrat\w+|membre|employee?|animat\w+|benevole)"
    r"[^.;:?!]{0,45}$"
)


def applying_body(letter: Letter, territory: Territory) -> Body | None:
    """The body that is no authority and for which the letter speaks most clearly, if any does."""
    own = _of_an_authority(letter, territory)
    claims = [
        Body(name, claim)
        for name, claim in _claims(letter, territory)
        if claim is not Claim.NONE and level(name) not in own
    ]
    return max(claims, key=lambda body: body.claim, default=None)


_DEPENDS = re.compile(
    r",? ?\(?(?:qui |et )?(?:depend(?:ant)?e?s?|releve|relevant|geree? par|organisee? par"
    r"|rattachee?) (?:\w+ )?(?:de |du |d'|a |au |par )?(?:la |l'|le )?"
    r"(?:cpas|commune|ville|administration|zone|province)\b"
)


def _of_an_authority(letter: Letter, territory: Territory) -> set[str]:
    """The bodies that are said to belong to an authority: « la crèche, qui dépend du CPAS de X »
    speaks as that authority's service.
    """
    named = _named_bodies(letter.body, territory)
    return {
        level(name)
        for name, _before, after in named
        if _DEPENDS.match(after) or (level(name) in _WORKPLACES and _COMMUNAL.match(after))
    }


_WORKPLACES = frozenset({"magasin", "garage", "imprimerie"})
_COMMUNAL = re.compile(
    r" (?:communale?|municipale?|provinciale?|de la (?:commune|ville)|du cpas)\b"
)
"""« le magasin communal » is where somebody of the commune works."""


def wants_in(letter: Letter, territory: Territory) -> bool:
    """Whether somebody asks, for a body of their own that is no authority, to take part."""
    body = applying_body(letter, territory)
    if body is None or body.claim is not Claim.APPLIES:
        return False
    signs = any(territory.bodies(part) for part in (letter.signature, letter.sender_name))
    return signs or _OF_OURS.search(level(letter.body)) is not None


_OF_OURS = re.compile(
    r"\b(?:notre|nos|nous sommes|je (?:dirige|represente|preside|gere|travaille))\b"
)


def _claims(letter: Letter, territory: Territory) -> Iterator[tuple[str, Claim]]:
    filled_in = read_form(letter.text).get(Label.INSTITUTION, "")
    for name, _, _ in _named_bodies(filled_in, territory):
        yield name, Claim.APPLIES
    typed = [mention for mention in territory.mentions(letter.body) if mention.explicit_type]
    for name, before, after in _named_bodies(letter.body, territory, typed):
        yield name, _claimed(before, after)
    for line in letter.body.split("\n"):
        for name, before, after in _named_bodies(line, territory):
            if not before.strip(_MARKS) and not after.strip(_MARKS):
                yield name, Claim.SHOWN
    for name, before, _ in _named_bodies(letter.subject, territory):
        applies = _APPLYING_BEFORE.search(before) is not None
        yield name, Claim.APPLIES if applies else Claim.SHOWN
    for part in (letter.signature, letter.sender_name):
        for name, _, _ in _named_bodies(part, territory):
            yield name, Claim.SHOWN


_MARKS = " -–*,.>"


def _claimed(before: str, after: str) -> Claim:
    if _APPLYING_AFTER.match(after) or _APPLYING_BEFORE.search(before):
        return Claim.APPLIES
    return Claim.BELONGS if _BELONGING.search(before) else Claim.NONE


_AROUND = 160
"""Letters before and behind a body in which its part in the sentence is looked for."""


def _named_bodies(
    text: str, territory: Territory, typed: list[Mention] | None = None
) -> Iterator[tuple[str, str, str]]:
    """Each body with what stands before and behind it, up to another one who may be meant."""
    plain = level(text).replace("\n", " ")
    for body in territory.bodies(text):
        end = body.end + _AROUND
        for mention in typed or ():
            if body.end <= mention.start < end and not subordinate(plain, mention):
                end = mention.start
        before = plain[max(0, body.start - _AROUND) : body.start]
        yield text[body.start : body.end].strip(), before, plain[body.end : end]


_SUBORDINATE = re.compile(
    r"(?:\b(?:de|du|d'|des|par|pour|a|sur|dans|entre|et|au|aux|avec)(?: (?:la|les?))?(?: l')?|l'"
    r"|[(,–-]) *$"
)


def subordinate(plain: str, mention: Mention) -> bool:
    """Whether a mention only determines what stands before it: « créée par la commune de X »."""
    return _SUBORDINATE.search(plain[max(0, mention.start - 14) : mention.start]) is not None


def determines_body(plain: str, mention: Mention, bodies: list[tuple[int, int]]) -> bool:
    """Whether a mention determines a body named before it in the same sentence."""
    for _, end in bodies:
        between = plain[end : mention.start]
        if end <= mention.start and len(between) < _AROUND and not re.search(r"[.;?!]", between):
            return subordinate(plain, mention) and _BESIDE_ITS_OWN.search(between) is None
    return False


_BESIDE_ITS_OWN = re.compile(
    r"(?:\bet|,|&|\bainsi que|\bavec) (?:le |la |les |l'|notre |nos )(?:service|administration"
    r"|college|departement|cellule|bureau|echevin|direction|secretariat)"
)
"""« le centre culturel et le service jeunesse de la Ville de X »: the service is the town's."""


_ADJECTIVES = r"(?: [a-zà-ÿ]{3,20}(?:ale|al|aire|ique|elle|ome|anne|libre)\b){0,2}"
_LINKS = r"(?:(?:de la|de l['’]|de|du|des|d['’]|la|le|les|l['’]|van|der) ?)?"
_NAMES = rf"(?: {_LINKS}[A-ZÀ-ÖØ-Þ][\w’'.-]{{1,30}}){{1,5}}"
_FULLER = re.compile(rf"{_ADJECTIVES}(?:{_NAMES})?")
_OWN_NAME_BEFORE = re.compile(
    r"(?P<name>[A-ZÀ-ÖØ-Þ][\w’'-]{1,30}(?: [A-ZÀ-ÖØ-Þ][\w’'-]{1,30}){0,3})\s{0,3}[,(–-]\s{0,3}"
    r"(?:(?:l['’]|une? |la |le |notre )?(?:association )?)$"
)


def own_name(body: str, letter: Letter) -> str:
    """What a body is called, as fully as the letter says it: « fabrique d'église Saint-X de Y ».

    A word of kind alone (« notre intercommunale ») is given the name that stands beside it, or the
    word of the letter after which the sender's domain is named.
    """
    told = [body, *_told(body, letter.text), *_told(body, letter.subject)]
    longest = _LEGAL_FORM.sub("", max(told, key=len))
    if longest.split()[-1][:1].isupper() and len(longest.split()) > 1:
        return longest
    return _beside(body, letter.text) or _as_domain(letter) or longest


_LEGAL_FORM = re.compile(r"(?<=\w),? (?:SCRL|SRL|SPRL|SC|SA|ASBL|VZW|BV|NV|CVBA)(?: FS)?\W*$")
"""Behind a name, what a body is by law and not how it is called."""


def _told(body: str, text: str) -> Iterator[str]:
    for start in _places(body, text):
        end = start + len(body)
        fuller = _FULLER.match(text, end)
        yield text[start : fuller.end() if fuller else end].strip(" .,")


def _beside(body: str, text: str) -> str:
    before = (text[max(0, start - 120) : start] for start in _places(body, text))
    found = (_OWN_NAME_BEFORE.search(lead) for lead in before)
    return next((match["name"] for match in found if match), "")


def _places(body: str, text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(re.escape(level(body)), level(text)))


_SHORTEST_DOMAIN = 4


def _as_domain(letter: Letter) -> str:
    label = letter.sender_address.rpartition("@")[2].partition(".")[0]
    if len(label) < _SHORTEST_DOMAIN:
        return ""
    words = re.findall(r"[\w-]+", f"{letter.text} {letter.subject} {letter.sender_name}")
    return next((word for word in words if level(word) == label and word[0].isupper()), "")


# -- namesakes ----------------------------------------------------------------------------------


class Doubt(IntEnum):
    """Whether a place is the territory's, or a namesake elsewhere."""

    NONE = 0
    SOME = 1
    CERTAIN = 2


_COUNTRY = re.compile(
    r"\s*[-–,(/]*\s*(?:vosges|france|moselle|meuse|meurthe|marne|aisne|lorraine|grand[- ]est"
    r"|suisse|allemagne|deutschland|nederland|pays-bas|grand[- ]duche|gdl|g\.d\.l"
    r"|departement|\d{2}(?:\d{3})?\s*\)|hainaut|namur\b|liege\b|brabant|estaimpuis|tournai|dalhem)"
)
_FRENCH_OFFICE = re.compile(
    r"\b(?:mairie|(?:le|monsieur le|madame la|m\. le|mme la|adjointe? au|du) maire"
    r"|collectivites territoriales|prefecture|conseil departemental|conseil municipal"
    r"|communaute de communes|siret|siren)\b"
)
_FOREIGN_DOMAIN = re.compile(r"\.(?:fr|lu|de|nl|ch)$|\b(?:mairie|prefecture)\b")
_BELGIAN_CODES = range(1000, 10000)


def namesake(authority: Authority, letter: Letter, territory: Territory) -> Doubt:
    """Whether the place that a letter names is another of the same name."""
    signs = [*_located_signs(authority, letter, territory), *_foreign_signs(letter)]
    if Doubt.CERTAIN in signs or len(signs) >= _ENOUGH:
        return Doubt.CERTAIN
    own = any(
        spot.fits and spot.nis in authority.communes_nis for spot in territory.located(letter.text)
    )
    return Doubt.SOME if signs and not own else Doubt.NONE


_ENOUGH = 2
"""Signs that together leave no doubt."""


def _located_signs(authority: Authority, letter: Letter, territory: Territory) -> Iterator[Doubt]:
    for spot in territory.located(letter.text):
        if spot.nis not in authority.communes_nis or spot.fits:
            continue
        belgian = spot.country in {"", "B", "BE"} and int(spot.code) in _BELGIAN_CODES
        if not (belgian and len(spot.code) == 4):
            yield Doubt.CERTAIN
        elif not territory.communes_at(spot.code):
            yield Doubt.SOME
    plain = level(letter.text)
    for mention in territory.mentions(letter.text):
        if mention.authority.code == authority.code and _COUNTRY.match(plain[mention.end :][:40]):
            yield Doubt.CERTAIN


def _foreign_signs(letter: Letter) -> Iterator[Doubt]:
    plain = level(f"{letter.subject}\n{letter.sender_name}\n{letter.text}")
    if _FRENCH_OFFICE.search(plain):
        yield Doubt.SOME
    if _FOREIGN_DOMAIN.search(letter.sender_address):
        yield Doubt.SOME
    phones = {phone.e164[:3] for phone in find_phones(letter.text)}
    if phones and "+32" not in phones:
        yield Doubt.SOME
