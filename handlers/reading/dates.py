"""Periods in French sentences, read relative to the day of the message (acceptance row B28)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from handlers.reading.days import NUMBERS, Lean, Mention, find_mentions, settle
from handlers.reading.letters import level


class Fault(StrEnum):
    """Why a period must be asked about."""

    REVERSED = "reversed"
    """It ends before it starts."""
    NO_SUCH_DAY = "no such day"
    WEEKDAY = "weekday"
    """The day of the week does not fit the date."""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; None where the text does not say."""

    start: date | None
    end: date | None
    faults: frozenset[Fault] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether both ends are known and nothing is wrong with them."""
        return self.start is not None and self.end is not None and not self.faults


ROLLOVER_DAYS = 184
"""A period that crosses the new year without saying the years is at most this long."""

_TO = re.compile(
    r"\.?\s*(?:\(?inclus\)?)?,?\s*(?P<to>tot(?: en met)?|t/m|bis(?: zum)?|to|until|through|and"
    r"|(?:et )?jusqu(?:e|'a|'au|'en)(?: a| en| la| le)?|au|a|-"
    r"|et(?: le| en)?)"
    r"(?: la| l')?\s*"
)
_FROM = re.compile(
    r"(?P<from>\bdu|\bvan|\bvom|\bvon|\bfrom|\bbetween|\btussen|\bde|\bd'|\bentre(?: le| les)?"
    r"|\bdes(?: le)?|\ba (?:partir|dater"
    r"|compter) (?:du|de|d')"
    r"|\bvoor|\bfur(?: den)?|\bles|\bde la|\bcompris entre le) ?$"
)
_SINCE = re.compile(
    r"\b(?:des(?: le| la| l'| ce)?|(?:a|au) (?:partir|dater|compter) (?:du|de|d'|de la|de ce)"
    r"|debutant le"
    r"|vanaf|ab|starting|(?<!letter )(?<!mail )(?<!message )(?<!decision )from"
    r"|commencant le|a commencer (?:le|du)|prenant cours le"
    r"|(?:debut|depart|date d'entree|entree en service|van|von|from)\s?:\s?(?:le)?) ?$"
)
_UNTIL = re.compile(
    r"\b(?:jusqu(?:e|'a|'au|'en)(?: a| en| au| la)?(?: le)?|au plus tard le"
    r"|(?:fin|retour|restitution|tot|bis|until)\s?:\s?(?:le)?) ?$"
)
_NOT_MEANT = re.compile(
    r"\b(?:avant(?: le| la| ce| fin)?|depuis(?: le| la)?|"
    r"(?:decision|deliberation|seance|courrier|courriel|mail|lettre|annonce|demande|arrete|reunion"
    r"|convention|loi|circulaire|message|appel|entretien|conversation|commande|contrat|marche|offre"
    r"|college|conseil|date|bureau)(?: \w+){0,3} (?:du|de ce|d'|en date du)) ?$"
)
_WEEKLY = re.compile(r"\bdu ?$")
_DURATION = re.compile(
    r"(?P<lead>\b(?:pour|pendant|pdt|pdnt|durant|sur|duree(?: totale)?(?: estimee)?(?: de| d'| :)?"
    r"|periode (?:de|d')|:)"
    r"(?: une?)?(?: duree de| periode de| duree d'| periode d')?(?: environ| minimum| encore)? ?)?"
    r"(?<![\w.,/])(?:(?P<least>\d{1,2}|[a-z]+) (?:a|ou) )?(?P<count>\d{1,3}|[a-z]+) "
    r"(?P<unit>jours?|semaines?|mois|quinzaine)\b(?! par| /)"
)
_NOT_A_DURATION = re.compile(r"\b(?:dans|sous|depuis|d'ici|il y a|voici|endeans|les|des|chaque) ?$")


def find_periods(text: str, day: date, lean: Lean = Lean.NEXT) -> list[Period]:
    """Every period, date or open end of a text, in order, as seen from ``day``."""
    return [period for _rank, period in _ranked(level(text), day, lean)]


def find_period(text: str, day: date, lean: Lean = Lean.NEXT) -> Period | None:
    """The period that a text is about: a range before a beginning, before a single day."""
    ranked = list(_ranked(level(text), day, lean))
    if not ranked:
        return None
    best_rank = min(rank for rank, _period in ranked)
    best = next(period for rank, period in ranked if rank == best_rank)
    return _joined(best, [period for _rank, period in ranked])


def _joined(best: Period, others: list[Period]) -> Period:
    """A beginning and an end that stand apart in the text belong together."""
    if best.start is not None and best.end is not None:
        return best
    start = best.start or next((other.start for other in others if other.end is None), None)
    end = best.end or next((other.end for other in others if other.start is None), None)
    return _period(start, end, best.faults)


_RANGE, _OPEN, _SINGLE = range(3)


def _ranked(plain: str, day: date, lean: Lean) -> Iterator[tuple[int, Period]]:
    mentions = find_mentions(plain, day)
    index = 0
    while index < len(mentions):
        mention = mentions[index]
        following = mentions[index + 1] if index + 1 < len(mentions) else None
        if following is not None and _linked(plain, mention, following):
            index += 1
            if not _weekly(plain, mention, following):
                yield _RANGE, _range(mention, following, day, lean)
        elif not _NOT_MEANT.search(_before(plain, mention)):
            yield _alone(plain, mention, day, lean)
        index += 1
    if not mentions:
        yield from _lone_duration(plain)


def _before(plain: str, mention: Mention) -> str:
    return plain[max(0, mention.start - 48) : mention.start].replace("\n", " ")


def _linked(plain: str, first: Mention, second: Mention) -> bool:
    between = _TO.fullmatch(plain[first.end : second.start].replace("\n", " "))
    if not between:
        return False
    if between["to"] == "-" or "jusqu" in between["to"]:
        return True
    next_day = first.month is None and first.day and second.day == first.day + 1
    if between["to"].startswith("et") and next_day:
        return True
    if between["to"] == "et le" and re.search(r"\ble ?$", _before(plain, first)):
        return True
    return _FROM.search(_before(plain, first)) is not None or _months(plain, first, second)


def _months(plain: str, first: Mention, second: Mention) -> bool:
    """« en mai et juin »: two whole months."""
    whole = all(m.month is not None and m.day is None for m in (first, second))
    following = (first.month or 0) % 12 + 1 == second.month
    announced = re.search(r"\b(?:en|mois de) ?$", _before(plain, first)) is not None
    return whole and (announced or following)


def _weekly(plain: str, first: Mention, second: Mention) -> bool:
    """« du lundi au vendredi » is a habit, not a period."""
    named = all(re.fullmatch(r"[a-z]+di", plain[m.start : m.end]) for m in (first, second))
    return named and _WEEKLY.search(_before(plain, first)) is not None


def _range(first: Mention, second: Mention, day: date, lean: Lean) -> Period:
    first, second = _shared(first, second)
    try:
        if first.year is not None and second.year is None and second.fixed is None:
            start, end = _from_start(first, second, day, lean)
        else:
            start, end = _from_end(first, second, day, lean)
    except ValueError:
        return Period(None, None, frozenset({Fault.NO_SUCH_DAY}))
    if first.fixed and second.fixed and end < start <= end + timedelta(days=7):
        end += timedelta(days=7)  # « de lundi à vendredi » said on a Wednesday
    return _period(start, end, _weekday_faults((first, start), (second, end)))


def _shared(first: Mention, second: Mention) -> tuple[Mention, Mention]:
    """« du 4 au 29 mai 2026 »: what one end leaves out, the other says."""
    if not first.dated and second.month is not None:
        first = replace(first, month=second.month, year=second.year)
    elif not second.dated and first.month is not None:
        later = first.month % 12 + 1 if (second.day or 0) < (first.day or 0) else first.month
        year = first.year + 1 if first.year and later < first.month else first.year
        second = replace(second, month=later, year=year)
    return first, second


def _from_end(first: Mention, second: Mention, day: date, lean: Lean) -> tuple[date, date]:
    end = settle(second, day, lean)[1]
    if first.fixed is not None or first.year is not None:
        return settle(first, day, lean)[0], end
    if first.month is None:
        return settle(first, end, Lean.LAST)[0], end
    start = settle(replace(first, year=end.year), day, lean)[0]
    earlier = replace(first, year=end.year - 1)
    if start > end and (end - settle(earlier, day, lean)[0]).days < ROLLOVER_DAYS:
        start = settle(earlier, day, lean)[0]
    return start, end


def _from_start(first: Mention, second: Mention, day: date, lean: Lean) -> tuple[date, date]:
    start = settle(first, day, lean)[0]
    end = settle(replace(second, year=start.year), day, lean)[1]
    later = replace(second, year=start.year + 1)
    if end < start and (settle(later, day, lean)[1] - start).days < ROLLOVER_DAYS:
        end = settle(later, day, lean)[1]
    return start, end


def _alone(plain: str, mention: Mention, day: date, lean: Lean) -> tuple[int, Period]:
    try:
        first, last = settle(mention, day, lean)
    except ValueError:
        return _SINGLE, Period(None, None, frozenset({Fault.NO_SUCH_DAY}))
    faults = _weekday_faults((mention, first))
    before = _before(plain, mention)
    if _UNTIL.search(before):
        return _OPEN, _period(None, last, faults)
    length = _duration_near(plain, mention)
    if length is not None:
        return _RANGE, _period(first, length.last(first), faults)
    immediate = re.match(r"des |immediatement|tout de suite|sans delai", plain[mention.start :])
    if immediate or _SINCE.search(before):
        return _OPEN, _period(first, None, faults)
    return _SINGLE, _period(first, last, faults)


def _period(start: date | None, end: date | None, faults: frozenset[Fault]) -> Period:
    if start is not None and end is not None and end < start:
        faults |= {Fault.REVERSED}
    return Period(start, end, faults)


def _weekday_faults(*pairs: tuple[Mention, date]) -> frozenset[Fault]:
    wrong = any(m.weekday is not None and d.weekday() != m.weekday for m, d in pairs)
    return frozenset({Fault.WEEKDAY}) if wrong else frozenset()


NEAR = 150
"""A duration further from a date than so many letters does not belong to it."""
_SENTENCE_END = re.compile(r"[.?!](?=\s)|\n\n")


@dataclass(frozen=True, slots=True)
class _Length:
    """How long something lasts: « trois mois » end the day before the same day."""

    months: int
    days: int

    def last(self, first: date) -> date:
        year, month = divmod(first.year * 12 + first.month - 1 + self.months, 12)
        day = min(first.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days - 1)


def _duration_near(plain: str, mention: Mention) -> _Length | None:
    """The duration said in the sentence of a mention."""
    first, last = max(0, mention.start - NEAR), mention.end + NEAR
    stops = (". ", "? ", "! ", "\n\n")
    start = max([first, *(plain.rfind(stop, first, mention.start) + 1 for stop in stops)])
    stop = _SENTENCE_END.search(plain, mention.end, last)
    end = stop.start() if stop else min(len(plain), last)
    for match in _DURATION.finditer(plain, start, end):
        beside = 0 <= match.start() - mention.end <= 3 or _begun(plain, match, mention)
        if (match["lead"] or beside) and not _overlaps(match, mention):
            length = _length(match, plain)
            if length is not None:
                return length
    return None


_BEGINS = re.compile(
    r",?\s?(?:a (?:partir|dater|compter) (?:de la|de|du|d')|des(?: le| la)?|prenant cours le"
    r"|debutant le|commencant le)\s?"
)


def _begun(plain: str, match: re.Match[str], mention: Mention) -> bool:
    """« quinze jours à dater du 15 juin »."""
    return _BEGINS.fullmatch(plain, match.end(), max(match.end(), mention.start)) is not None


def _overlaps(match: re.Match[str], mention: Mention) -> bool:
    return match.start() < mention.end and mention.start < match.end()


def _length(match: re.Match[str], plain: str) -> _Length | None:
    if _NOT_A_DURATION.search(plain[max(0, match.start() - 12) : match.start()]):
        return None
    count = _number(match["count"])
    if count is None:
        return None
    unit = match["unit"].rstrip("s")
    if unit == "moi":
        return _Length(count, 0)
    return _Length(0, count * {"jour": 1, "semaine": 7, "quinzaine": 15}[unit])


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else NUMBERS.get(word)


def _lone_duration(plain: str) -> Iterator[tuple[int, Period]]:
    """« pour trois semaines » without a date: there is a period, both ends to ask."""
    for match in _DURATION.finditer(plain):
        if match["lead"] and _length(match, plain) is not None:
            yield _SINGLE, Period(None, None)
            return
