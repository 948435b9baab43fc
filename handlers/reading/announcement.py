"""A demand or an offer of help, read from free text (acceptance rows B07, B28 to B32)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.reading.categories import Category, category_of, names_thing, service_of
from handlers.reading.dates import Period, find_period
from handlers.reading.dealing import deals_privately
from handlers.reading.letter import Letter
from handlers.reading.letters import level
from handlers.reading.modality import Clause
from handlers.reading.privacy import Passage, find_sensitive
from handlers.reading.sides import DEMAND, OFFER, Side, side_of


class Severity(StrEnum):
    """How bad it is for the service (B32); a blocked one goes first."""

    OVERWHELMED = "débordé"
    BLOCKED = "bloqué"


class Lacking(StrEnum):
    """What an announcement does not say, and the reply asks for."""

    SIDE = "side"
    CATEGORY = "category"
    PERIOD = "period"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a text says about a demand or an offer; None or empty where it does not say.

    ``service`` is one of the keys of ``SERVICES``. ``sensitive`` are places in ``text`` that are
    never broadcast.
    """

    text: str
    side: Side | None
    category: Category | None
    service: str
    period: Period | None
    severity: Severity | None
    urgent: bool
    sensitive: tuple[Passage, ...]
    lacking: tuple[Lacking, ...]

    @property
    def lacking_period(self) -> tuple[Lacking, ...]:
        """What is not said of the time for which something is wanted; what is offered may be
        taken until it is withdrawn.
        """
        return tuple(one for one in self.lacking if one in _OF_TIME)


_OF_TIME = frozenset({Lacking.PERIOD, Lacking.START, Lacking.END})


_BLOCKED = re.compile(
    r"\bbloque\w*|\ba l'arret\b|\bparalys\w+|\bferme(?:e|r)? (?:le|notre|son) (?:service|guichet)"
    r"|\bplus (?:personne|aucun agent|un seul agent)\b|\bne (?:peut|pouvons|sait"
    r"|savons) plus (?:fonctionner|assurer|ouvrir|servir|delivrer)"
    r"|\bseule? (?:agente?|personne) (?:du service )?(?:est |sera )?absente?"
)
_OVERWHELMED = re.compile(
    r"\bdebord\w+|\bsurcharg\w+|\bsubmerg\w+|\bau ralenti\b|\bretard (?:important|considerable"
    r"|accumule)"
    r"|\bcroul\w+|\bn'en (?:peut|pouvons) plus|\bplus a suivre|\bsous l'eau"
)
_URGENT = re.compile(
    r"\burgen\w+|\bau plus vite\b|\bau plus tot\b|\bdes que possible|\bimmediat\w*|\basap\b"
    r"|\bsans delai|\bdes demain"
    r"|\ble plus rapidement possible|\ben catastrophe|\bsos\b"
)
_NOT_URGENT = re.compile(
    r"\b(?:pas|non|rien d'|rien d|sans|aucune|ni) ?(?:d'|tres |particulierement "
    r"|vraiment )?urgen\w+"
)


def read_announcement(letter: Letter, day: date) -> Announcement:
    """Kind, category, service, period, severity and urgency, and what must not be passed on."""
    text = letter.body or letter.subject
    told = f"{letter.subject}\n\n{letter.body}".strip()
    plain = level(told)
    side = side_of(letter)
    category = category_of(letter)
    period = _period(letter, day)
    return Announcement(
        text=text,
        side=side,
        category=category,
        service=_service(plain, category),
        period=period,
        severity=severity_in(plain),
        urgent=urgent_in(plain),
        sensitive=tuple(find_sensitive(text)),
        lacking=tuple(_lacking(side, category, period)),
    )


_OTHER_DAYS = re.compile(
    r"\b(?:ferme(?:s|e|es|ture)?|absente?s?|(?:en|mon|mes) conges?|vacances annuelles|kermesse"
    r"|gesloten|geschlossen|closed|afwezig|abwesend)\b"
)
_DEADLINE = re.compile(
    r"\b(?:repond\w*|reponses?|faites[- ](?:le|nous|moi|vous)|(?:faire|laissez|tenez)[- ](?:nous "
    r"|moi )?"
    r"(?:savoir|connaitre)|signal\w+|manifest\w+|se (?:faire )?connaitre|inscri\w+|candidat\w+"
    r"|reserv(?:ez|er|ations?)|offres? (?:pour|avant|a (?:remettre|faire))|au plus tard|avant le"
    r"|antwoord\w*|antwort\w*|reply|respond)\b"
)


def _period(letter: Letter, day: date) -> Period | None:
    """The period of what is shared: not the days on which its author is away, nor the last day
    for answers.
    """
    told = [sentence for sentence in letter.sentences if _tells_period(level(sentence))]
    return find_period("\n\n".join(told), day) or find_period(letter.subject, day)


def _tells_period(plain: str) -> bool:
    if DEMAND.search(plain) or OFFER.search(plain):
        return True
    return not (_OTHER_DAYS.search(plain) or _DEADLINE.search(plain))


def announces(clause: Clause) -> float:
    """How much a clause sounds like a demand or an offer: with something to share, or without."""
    if not clause.counts or states_rule(clause.text) or tells_past(clause.text):
        return 0.0
    if deals_privately(clause.text):
        return 2.0
    if _JOB.search(clause.text) or not (DEMAND.search(clause.text) or OFFER.search(clause.text)):
        return 0.0
    if names_thing(clause.text):
        return 2.0
    if _BORROWS.search(clause.text):
        return 1.5
    return 1.5 if _OURS.search(clause.text) and _DATED.search(clause.text) else 0.75


_BORROWS = re.compile(
    r"\b(?:cherch\w+|souhait\w+|aimer\w+|voudr\w+|desir\w+|besoin|possible) .{0,30}\bemprunt(?:er"
    r"|ions)\b"
)
"""To borrow is to demand, whatever the thing."""


def states_rule(text: str) -> bool:
    """Whether levelled words ask what is allowed, or who answers for it: nothing is shared."""
    return _RULE.match(text) is not None or asks_for_duty(text)


def tells_past(text: str) -> bool:
    """Whether levelled words thank for, or report, what was given: nothing is shared by them."""
    return _PAST.search(text) is not None


_PAST = re.compile(
    r"\b(?:merci|remerci\w+|bedankt|dank\w*|thanks?|thank you)"
    r" (?:\w+ )?(?:a|aux?|pour|encore|voor|fur|for)\b(?! (?:votre|vos) (?:annonce|offre"
    r"|proposition))"
    r"|\b(?:a|ont|avez|avons|avions|avait|aviez|ete) (?:bien |deja )?(?:prete|fourni|detache|libere"
    r"|mise?(?= a )|vole|derobe|disparu)e?s?\b"
)
"""What was given is neither wanted nor offered."""


def asks_for_duty(text: str) -> bool:
    """Whether levelled words ask who has to do something, or wish to be told."""
    return _DUTY.search(text) is not None


def shares(letter: Letter) -> bool:
    """Whether a letter as a whole names a thing, a day and the act of sharing, be it in pieces."""
    plain = level(f"{letter.subject}\n{letter.body}")
    return (
        _SHARING.search(plain) is not None
        and _DATED.search(plain) is not None
        and names_thing(plain) is not None
    )


_SHARING = re.compile(
    r"\b(?:depann|preter|pretons|emprunt|recherch|cherch|renfort|ceder|detach|louer|disposition"
    r"|a donner|se separ)\w*"
    r"|\binteress(?:e|ee|es|ees)\s?\?|\bavis aux amateurs\b"
    r"|^\W*disponibles? (?:du|des|le|en|pour)\b",
    re.MULTILINE,
)
_JOB = re.compile(
    r"\b(?:un|d'|l'|offres? d')\s?emplois?\b|\bpostul\w+|\bcandidature\b|\bmon cv\b|\bmemoire sur\b"
    r"|\betudiante? (?:et|en)\b"
)
"""Who looks for work, or writes a thesis, is no authority in need."""
_RULE = re.compile(
    r"\W*(?:quelle? (?:tva|est|sont|serait|regle|loi|base)\b|(?:notre|la|une|le|un) (?:commune"
    r"|cpas|zone"
    r"|ville|administration)(?: \w+)? (?:peut|doit|pourrait)[- ](?:elle|il)|peut[- ]on"
    r"|pouvons[- ]nous|puis[- ]je|faut[- ]il|doit[- ]on|a-t-on"
    r"|avons[- ]nous besoin|est-ce que (?:nous|on"
    r"|je)|dans quels cas|qui (?:paie|peut|doit) (?:etre|signer|decider|s'inscrire))\b"
    r"(?!.{0,60}\b(?:emprunt|louer|disposer|avoir|compter))"
)
"""Who asks what is allowed neither wants nor gives anything."""
_DUTY = re.compile(
    r"\b(?:expliquer|dire|savoir|preciser|demande) (?:si|qui|quelle?s?|comment|ce que)\b"
    r"|\bqui doit\b"
    r"|\bqui (?:assure|couvre|paie|indemnise|rembourse|repond|est (?:assure|responsable|tenu))\b"
    r"|\bque (?:je|nous|l'on|on) (?:pourr\w+|puiss\w+|peux|peut|pouvons) (?:appeler|contacter"
    r"|joindre|consulter)"
    r"|\b(?:doit|doivent|devrait)[- ](?:il|elle|on|ils|elles)\b[^?]*\?"
)
_OURS = re.compile(
    r"\b(?:nous|je|on|commune|ville|cpas|zone)\b.{0,40}\b(?:(?:re)?cherch\w+|propos\w+|offr\w+"
    r"|pret(?:ons|er)\b|avons besoin|emprunt\w+)"
)
_DATED = re.compile(
    r"\b(?:du|au|le|des|jusqu'au) \d{1,2}\b|\b\d{1,2}[/.]\d{1,2}\b|\bsemaines?\b|\bpendant\b"
)


def _service(plain: str, category: Category | None) -> str:
    """For which service staff is shared; what is lent is for whoever needs it."""
    return "" if category in {Category.EQUIPMENT, Category.KNOWLEDGE} else service_of(plain)


def severity_in(plain: str) -> Severity | None:
    """How bad levelled words say that it is for a service; None if they do not."""
    if _BLOCKED.search(plain):
        return Severity.BLOCKED
    return Severity.OVERWHELMED if _OVERWHELMED.search(plain) else None


def urgent_in(plain: str) -> bool:
    """Whether levelled words say that it is urgent, and not that it is not."""
    return _URGENT.search(_NOT_URGENT.sub("", plain)) is not None


def _lacking(side: Side | None, category: Category | None, period: Period | None) -> list[Lacking]:
    lacking = [] if side else [Lacking.SIDE]
    if category is None:
        lacking.append(Lacking.CATEGORY)
    if side is Side.DEMAND and category is not Category.KNOWLEDGE:
        lacking += _open_ends(category, period)
    return lacking


def _open_ends(category: Category | None, period: Period | None) -> list[Lacking]:
    if period is None or period.faults or (period.start is None and period.end is None):
        return [Lacking.PERIOD]
    if category is not Category.STAFF:
        # « pour le 12 juin », « dès que possible » are enough for a thing.
        return []
    if period.start is None:
        return [Lacking.START]
    return [Lacking.END] if period.end is None else []
