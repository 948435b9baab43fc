"""What a campaign asks for: « 40 personnes à Rochefort, 25 à Marche »; pure.

Places are any places, also those of other provinces: a flood keeps to no border.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.letters import level

MOST = 99_999
"""The largest number that is taken as meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of what are wanted where; ``thing`` is empty where nothing is said of it."""

    count: int
    thing: str
    place: str


@dataclass(frozen=True, slots=True)
class Call:
    """A campaign as it was written: its words, what it needs, its last day in words, and the parts
    with a number in which no place was understood.
    """

    words: str
    needs: tuple[Wanted, ...]
    until: str = ""
    unclear: tuple[str, ...] = ()


_END = re.compile(
    r"[\s,;(]*jusqu'(?:au|a la|a|en)\s+(?P<day>[^;,\n()]{3,40}?)\)?(?=\s*(?:[.;,\n]|$))"
)
_PARTS = re.compile(r"\s*(?:[;\n]|,|\bet\s+(?=\d)|\.(?=\s+\S|$))\s*")
_AT = re.compile(
    r"(?<![\d.,/])(?P<count>\d{1,3}(?:[ .]\d{3})+|\d{1,6})\s+(?P<thing>[^\d:]{0,40}?)\s*"
    r"\b(?:a|au|aux|pour|sur|dans|te|in|for|at|nach)\s+(?P<place>[^\d:(]{2,60})"
)
_PLACE_FIRST = re.compile(
    r"^\W*(?:a |au |pour )?(?P<place>[^\d:=]{2,50}?)\s*[:=]\s*(?P<count>\d{1,6})"
    r"(?:\s+(?P<thing>[^\d:]{1,40}?))?$"
)
_PLACE_THEN = re.compile(
    r"^\W*(?:a |au |pour )?(?P<place>[^\d:=]{2,50}?)\s+(?P<count>\d{1,6})"
    r"(?:\s+(?P<thing>[^\d:]{1,40}?))?$"
)
_TOTAL = re.compile(r"(?:^|[:\s])\d{1,6}\s+(?P<thing>[^\d:]{2,40})$")
_CAPITALS = re.compile(
    r"(?:l[ae]s? |l['’])?[^\W\d_a-zà-ÿ][\w'’]*"
    r"(?:(?:[ -]|['’])(?:(?:en|de|d|la|le|les|lez|du|des|sur|sous|l)(?:[ -]|['’]))*"
    r"[^\W\d_a-zà-ÿ][\w'’]*|-[\w'’]+)*"
)
_AFTER_PLACE = re.compile(r"\s(?:pour|afin|du|de|des|avec|entre|dans|car|qui|ou|et|a|en)\s.*$")
_OF = re.compile(r"^(?:de |d'|des |du )")


def read_call(text: str) -> Call:
    """The parts of a call to all members. A thing that is not said again is the one before, or the
    one of the total: « 20 ouvriers : Rochefort 12, Marche 8 ».
    """
    end = _END.search(level(text))
    until = text[slice(*end.span("day"))].strip() if end else ""
    if end:
        text = f"{text[: end.start()]}{text[end.end() :]}"
    said: list[str] = []
    needs: list[Wanted] = []
    unclear: list[str] = []
    total = ""
    for part in _parts(text):
        lead, found = _read(part)
        total = _total(lead) or total
        if found is not None:
            thing = found.thing or (needs[-1].thing if needs else total)
            needs.append(Wanted(found.count, thing, found.place))
        elif needs and re.search(r"\d", part):
            unclear.append(part)
        said += [lead] if lead else []
    if len(needs) > 2 and needs[0].count == sum(one.count for one in needs[1:]):
        # « Crue : 20 ouvriers, Rochefort 12, Marche 8 » : the first is the sum of the others.
        said.insert(0, needs.pop(0).place)
    return Call(_joined(said), tuple(needs), until, tuple(unclear))


def _parts(text: str) -> list[str]:
    """The text between commas, and « et » before a number, cut where the original has them."""
    plain, parts, start = level(text), [], 0
    for cut in _PARTS.finditer(plain):
        parts.append(text[start : cut.start()])
        start = cut.end()
    return [part for part in (*parts, text[start:]) if part.strip()]


def _read(part: str) -> tuple[str, Wanted | None]:
    """What stands before the number, and the need; all of it as words where there is none."""
    at = _AT.search(level(part))
    if at is not None:
        place = _place(part[slice(*at.span("place"))])
        lead = part[: at.start()].strip(" :-–—•*")
        return lead, Wanted(_count(at), _thing(part, at), place)
    first = _PLACE_FIRST.search(level(part.rstrip(" .")))
    if first is None:
        return _read_behind(part)
    place = part[slice(*first.span("place"))].strip(" -•*")
    lead, _colon, place = place.rpartition(":")
    return lead.strip(), Wanted(_count(first), _thing(part, first), place.strip())


def _read_behind(part: str) -> tuple[str, Wanted | None]:
    """A number behind a name with a capital: « Rochefort 12 »."""
    lead, _colon, last = part.rpartition(":")
    behind = _PLACE_THEN.search(level(last.rstrip(" .")))
    place = last[slice(*behind.span("place"))].strip(" -•*") if behind else ""
    if behind is None or not _CAPITALS.fullmatch(place):
        return part.strip(), None
    return lead.strip(), Wanted(_count(behind), _thing(last, behind), place)


def _total(lead: str) -> str:
    """Of what there is a number without a place; empty if there is none."""
    found = _TOTAL.search(lead.rstrip(" ."))
    return found["thing"].strip() if found else ""


def _count(match: re.Match[str]) -> int:
    return int(re.sub(r"\D", "", match["count"]))


def _thing(part: str, match: re.Match[str]) -> str:
    said = part[slice(*match.span("thing"))] if match["thing"] else ""
    return said[_end_of(_OF.match(level(said))) :].strip(" ,.")


def _end_of(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def _place(words: str) -> str:
    """A place without what is said after it: its words with a capital, or up to a small word."""
    named = _CAPITALS.match(words)
    if named is not None:
        return named[0].strip()
    rest = _AFTER_PLACE.search(level(words))
    return (words[: rest.start()] if rest else words).strip(" .!)")


def _joined(said: list[str]) -> str:
    return ", ".join(part.strip(" .") for part in said if part.strip(" ."))
