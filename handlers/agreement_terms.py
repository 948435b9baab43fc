"""What an author agrees to, read from one sentence: with whom, how many, when, on which terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.folding import fold
from handlers import texts
from handlers.announcement_checks import wrong_period
from handlers.announcement_words import period
from handlers.context import Context
from handlers.reading.accepting import takes_all
from handlers.reading.categories import things
from handlers.reading.dates import Period, find_period
from handlers.reading.lent_numbers import number_before, told_number
from handlers.reading.letters import level
from handlers.reading.working_time import working_time
from handlers.reply import Bullets, Fields, Refusal
from handlers.wording import Text, _, verbatim
from storage import agreements, announcements
from storage.agreements import Agreement
from storage.announcements import Announcement, Direction
from storage.members import Institution, Person


@dataclass(frozen=True, slots=True)
class Terms:
    """What would be agreed with one of those who answered; the days are both included."""

    person: Person
    number: int
    starts_on: date
    ends_on: date
    working_time: str
    conditions: str

    def as_data(self) -> dict[str, Any]:
        """What a question keeps of it."""
        return {
            "person": self.person.id,
            "number": self.number,
            "start": self.starts_on.isoformat(),
            "end": self.ends_on.isoformat(),
            "working_time": self.working_time,
            "conditions": self.conditions,
        }

    @classmethod
    def from_data(cls, ctx: Context, data: dict[str, Any]) -> Terms:
        """The same again."""
        return cls(
            person=ctx.session.get_one(Person, data["person"]),
            number=data["number"],
            starts_on=date.fromisoformat(data["start"]),
            ends_on=date.fromisoformat(data["end"]),
            working_time=data["working_time"],
            conditions=data["conditions"],
        )


def read_terms(ctx: Context, kept: Announcement, words: str) -> list[Terms]:
    """The terms for each of those whom the words name. Raises Refusal for what they do not tell."""
    said, _colon, told = _CONDITIONS.split(words, maxsplit=1) if _CONDITIONS.search(words) else (
        words, "", ""
    )  # fmt: skip
    people = _people(ctx, kept, said)
    if len(people) > 1:
        _require_one_period(ctx, kept, people, said)
    conditions = told.strip() or _condition_line(kept.words)
    numbers = _numbers(ctx, kept, people, said)
    return [
        Terms(
            person,
            numbers[person.id],
            *_days(ctx, kept, person, said),
            _working_time(kept, person, said),
            conditions,
        )
        for person in people
    ]


def _require_one_period(
    ctx: Context, kept: Announcement, people: Sequence[Person], said: str
) -> None:
    """Raises Refusal where several are named with a period each: the first would be taken for all
    of them.
    """
    parts = re.split(r"\s+et\s+|[,;\n]", said)
    told = {find_period(part, ctx.today) for part in parts} - {None}
    if len({(one.start, one.end) for one in told if one is not None}) < 2:
        return
    raise Refusal(
        _(
            "Chaque institution a sa période : retenez-les l'une après l'autre, par exemple"
            " `retenir {reference} {name} en partie, du 4 au 6 mai`. Rien n'est convenu.",
            reference=kept.reference,
            name=people[0].institution.name,
        )
    )


def _numbers(
    ctx: Context, kept: Announcement, people: Sequence[Person], said: str
) -> dict[int, int]:
    """How many of each: as the author says of them, else as they answered, else the announcement;
    one if nobody tells. Raises Refusal where several are named and nothing says how many of each.
    """
    if len(people) == 1:
        person = people[0]
        told = (_told(kept, words) for words in (said, *_answers_of(kept, person), kept.words))
        return {person.id: next((number for number in told if number), 1)}
    numbers = {person.id: _number_of(ctx, kept, person, said) for person in people}
    if all(numbers.values()) or offered(kept) == 1:
        return {id_: number or 1 for id_, number in numbers.items()}
    raise Refusal(
        _(
            "Combien de chacune ? Écrivez par exemple : `retenir {reference} {numbers}`. Rien n'est"
            " convenu.",
            reference=kept.reference,
            numbers=" et ".join(f"{numbers[one.id] or 1} {one.institution.name}" for one in people),
        )
    )


def _number_of(ctx: Context, kept: Announcement, person: Person, said: str) -> int:
    """How many of one of several, where the author or their own answer tells; else 0."""
    for one in ctx.platform.territory.mentions(said):
        named = (one.authority.type.value, one.authority.code)
        if named == (person.institution.type, person.institution.code):
            before = number_before(said, one.start)
            if before:
                return before
    return next((n for words in _answers_of(kept, person) if (n := _told(kept, words))), 0)


def _answers_of(kept: Announcement, person: Person) -> list[str]:
    """What somebody answered, the latest first."""
    return [one.words for one in reversed(kept.contributions) if one.person_id == person.id]


def _working_time(kept: Announcement, person: Person, said: str) -> str:
    """How much a person works there: as the author says it, else who answered, else what was asked
    for (acceptance B35).
    """
    if kept.category != "staff":
        return ""
    told = (working_time(words) for words in (said, *_answers_of(kept, person), kept.words))
    return next((time for time in told if time), "")


_CONDITIONS = re.compile(
    r"[\s,;(]*\b(conditions?|voorwaarden?|bedingung(?:en)?)\s*:\s*", re.IGNORECASE
)


def _condition_line(words: str) -> str:
    found = re.search(r"^\W*conditions? ?: *(.+)$", words, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""


def _people(ctx: Context, kept: Announcement, said: str) -> list[Person]:
    """Those who are named among those who answered; the only one need not be named."""
    answered = announcements.answerers(kept)
    if not answered:
        raise Refusal(_("Personne n'a encore répondu à {reference}.", reference=kept.reference))
    latest = {one.institution_id: one for one in answered}
    named = named_institutions(ctx, said)
    found = [
        one for one in latest.values() if (one.institution.type, one.institution.code) in named
    ]
    if len(found) < len(named) or not named:
        found = by_place(list(latest.values()), said) or found
    no = announcements.declined(kept)
    willing = [one for one in latest.values() if one.id not in no]
    if not found and not named and takes_all(said) in {0, len(willing)}:
        return willing
    if len(found) < len(named) or (not found and len(willing) != 1):
        raise Refusal(
            _(
                "Avec qui êtes-vous d'accord ? Ont répondu à {reference} :",
                reference=kept.reference,
            ),
            Bullets(tuple(verbatim(one.institution.name) for one in latest.values())),
            _(
                "Écrivez par exemple : `retenir {reference} {name}`.",
                reference=kept.reference,
                name=next(iter(latest.values())).institution.name,
            ),
        )
    return found or willing


def answerer_named(ctx: Context, kept: Announcement, said: str) -> Person | None:
    """The one of those who answered whom words name; None if they name none, or several."""
    latest = {one.institution_id: one for one in announcements.answerers(kept)}
    named = named_institutions(ctx, said)
    found = [x for x in latest.values() if (x.institution.type, x.institution.code) in named]
    found = found if len(found) == 1 else by_place(list(latest.values()), said)
    return found[0] if len(found) == 1 else None


_SORTS = frozenset({"commune", "ville", "cpas", "zone", "police", "secours", "province", "de", "d"})


def by_place(answered: Sequence[Person], said: str) -> list[Person]:
    """Those whose place alone is named, where nobody else of that place answered: « Rouvroy »."""
    told = set(fold(said).split())
    places: dict[frozenset[str], list[Person]] = {}
    for one in answered:
        place = frozenset(fold(one.institution.name).split()) - _SORTS
        if place and place <= told:
            places.setdefault(place, []).append(one)
    alone = all(len(there) == 1 for there in places.values())
    return [one for there in places.values() for one in there] if alone else []


def named_institutions(ctx: Context, said: str) -> set[tuple[str, str]]:
    """The institutions that a text names, one's own left out."""
    mentions = ctx.platform.territory.mentions(said)
    named = {(str(one.authority.type), one.authority.code) for one in mentions}
    return named - {(ctx.institution.type, ctx.institution.code)}


def _days(ctx: Context, kept: Announcement, person: Person, said: str) -> tuple[date, date]:
    """When: as the author says it, else who answered, if that lies within what was announced."""
    told = find_period(said, ctx.today)
    wrong = wrong_period(said, told, ctx.today)
    if wrong is not None:
        raise Refusal(wrong)
    told = told or _offered_days(ctx, kept, person)
    first = told.start if told and told.start else kept.starts_on
    last = told.end if told and told.end else kept.ends_on
    if first is None or last is None or last < first:
        raise Refusal(
            _(
                "Pour quelle période ? Écrivez par exemple : `retenir {reference} … du 4 au 29"
                " mai`.",
                reference=kept.reference,
            )
        )
    return first, last


def _offered_days(ctx: Context, kept: Announcement, person: Person) -> Period | None:
    """The whole period of the latest answer that tells one; None if it lies elsewhere."""
    for words in _answers_of(kept, person):
        told = find_period(words, ctx.today)
        if told is None:
            continue
        if told.start is None or told.end is None or wrong_period(words, told, ctx.today):
            return None
        early = kept.starts_on is not None and told.start < kept.starts_on
        late = kept.ends_on is not None and told.end > kept.ends_on
        return None if early or late else told
    return None


def offered(kept: Announcement) -> int:
    """How many an announcement offers, or wants; one if it does not tell."""
    return _told(kept, kept.words) or 1


def _told(kept: Announcement, words: str) -> int:
    return told_number(words, staff=kept.category == "staff", things=names_of(kept))


def leaves_something(kept: Announcement, terms: Sequence[Terms], made: Sequence[Agreement]) -> bool:
    """Whether all that is agreed on, with what was before, is less than what was announced, in
    number or days (acceptance B35).
    """
    parts = [(one.number, one.starts_on, one.ends_on) for one in terms]
    parts += [(one.number, one.starts_on, one.ends_on) for one in made]
    late = kept.starts_on is not None and min(first for _n, first, _last in parts) > kept.starts_on
    early = kept.ends_on is not None and max(last for _n, _first, last in parts) < kept.ends_on
    return late or early or sum(number for number, _first, _last in parts) < offered(kept)


def exceeds(kept: Announcement, terms: Sequence[Terms], made: Sequence[Agreement]) -> bool:
    """Whether more is agreed on at once than a demand asked for, in so many words."""
    asked = _told(kept, kept.words)
    if kept.direction != Direction.DEMAND or not asked:
        return False
    first = min(one.starts_on for one in terms)
    last = max(one.ends_on for one in terms)
    before = agreements.most_at_once(made, first, last)
    return before + sum(one.number for one in terms) > asked


def names_of(kept: Announcement) -> list[str]:
    """What is lent, by the words for it that can be compared."""
    return sorted(things(level(kept.words)))


_ANOTHER = re.compile(r"\b(?:autre|deuxieme|second|troisieme|tweede|ander|zweit\w*|another)\b")


def require_free(ctx: Context, kept: Announcement, terms: Terms, words: str) -> None:
    """Raises Refusal for what is lent to somebody else on those days. What an offer offers is
    counted; a lender may have another one of what another announcement was about.
    """
    lender = lender_of(kept, terms.person)
    agreements.take_turn(ctx.session, lender)
    out = agreements.lent(ctx.session, lender, terms.starts_on, terms.ends_on)
    elsewhere = _elsewhere(out, kept)
    if elsewhere and not _ANOTHER.search(level(words)):
        raise _taken(lender, elsewhere[0])
    if kept.direction == Direction.OFFER:
        _require_left(kept, terms, [one for one in out if one.announcement_id == kept.id])


def _require_left(kept: Announcement, terms: Terms, same: Sequence[Agreement]) -> None:
    taken = agreements.most_at_once(same, terms.starts_on, terms.ends_on)
    if taken + terms.number > offered(kept):
        raise Refusal(
            _(
                "L'annonce {reference} en offre {count}, dont {taken} sont déjà promis pour cette"
                " période. Choisissez une autre période, ou un nombre plus petit.",
                reference=kept.reference,
                count=offered(kept),
                taken=taken,
            )
        )


def _elsewhere(out: Sequence[Agreement], kept: Announcement) -> list[Agreement]:
    """The loans of the same thing that another announcement led to."""
    names = set(names_of(kept))
    return [
        one
        for one in out
        if one.announcement_id != kept.id
        and kept.category == "equipment"
        and names & set(one.things)
    ]


def _taken(lender: Institution, clash: Agreement) -> Refusal:
    return Refusal(
        _(
            "C'est déjà prêté : {lender} l'a promis {period} ({reference}). Choisissez une autre"
            " période ; s'il s'agit d'un autre exemplaire, dites-le : « un autre exemplaire ».",
            lender=texts.the(lender),
            period=period(clash.starts_on, clash.ends_on),
            reference=clash.announcement.reference,
        )
    )


def lender_of(kept: Announcement, answerer: Person) -> Institution:
    """Who gives, of the author and somebody who answered."""
    gives = answerer if kept.direction == Direction.DEMAND else kept.person
    return gives.institution


def shown(kept: Announcement, terms: Terms) -> Fields:
    """What would be agreed with one of them, for the eye to check."""
    lender = lender_of(kept, terms.person)
    borrower = kept.person if kept.direction == Direction.DEMAND else terms.person
    rows: list[tuple[Text, Text]] = [
        (_("Prêteur"), verbatim(lender.name)),
        (_("Emprunteur"), verbatim(borrower.institution.name)),
        (_("Période"), period(terms.starts_on, terms.ends_on)),
        (_("Nombre"), verbatim(str(terms.number))),
    ]
    if terms.working_time:
        rows.append((_("Temps de travail"), verbatim(terms.working_time)))
    if terms.conditions:
        rows.append((_("Conditions"), verbatim(terms.conditions)))
    return Fields(tuple(rows))
