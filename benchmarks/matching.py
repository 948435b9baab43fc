"""The rules by which what was understood is compared with what was expected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from config.folding import fold

_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "dhr", "mevr", "me"})
_SAME = (("ville de ", "commune de "), ("gemeente ", "commune de "), ("provincie ", "province de "))
PEOPLE = ("designated_user", "requester", "deputy")
_DONE = frozenset({"accept"})


@dataclass(frozen=True, slots=True)
class Effects:
    """What a case may change: sets of what there is. A difference is what was added or taken."""

    institutions: frozenset[str] = frozenset()
    users: frozenset[tuple[str, str, str, str]] = frozenset()
    people: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    published: frozenset[int] = frozenset()
    answers: frozenset[int] = frozenset()
    adhesions: frozenset[int] = frozenset()
    lost: frozenset[str] = frozenset()

    @property
    def anything(self) -> bool:
        """Whether anything changed."""
        return any(getattr(self, name.name) for name in fields(self))

    def since(self, before: Effects) -> Effects:
        """What was added since, and which institutions were lost."""
        added = {f.name: getattr(self, f.name) - getattr(before, f.name) for f in fields(self)}
        return Effects(**added | {"lost": before.institutions - self.institutions})


def addresses(world: dict[str, Any]) -> list[str]:
    """The platform's addresses of a world, the main one first."""
    own = (world.get("platform_address"), world.get("central_address"))
    return [address for address in own if address]


def differences(case: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    """The scored keys in which a case differs: action, intent, institution, people."""
    found = []
    if facts["action"] not in {case["action"], *case.get("accept_also", [])}:
        found.append(_unlike("action", case["action"], facts["action"]))
    if facts["intent"] != case["intent"]:
        found.append(_unlike("intent", case["intent"], facts["intent"]))
    found += _institution_differs(case, facts)
    for role in PEOPLE:
        if case.get(role) and role in facts:
            found += _person_differs(role, case[role], facts[role])
        elif role == "designated_user" and case.get(role) and facts["action"] in _DONE:
            found.append(_unlike(role, case[role].get("name"), None))
    return found


def _unlike(key: str, expected: object, found: object) -> str:
    return f"{key}: {found} instead of {expected}"


def _institution_differs(case: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    if "institutions" in case:
        allowed = {name_key(i["name"]) for i in case["institutions"]}
        named = [i for i in (*facts.get("institutions", ()), facts.get("institution")) if i]
        wrong = [i["name"] for i in named if name_key(i["name"]) not in allowed]
        return [_unlike("institutions", sorted(allowed), wrong or None)] if wrong or not named else []
    if "institution" not in case:
        return []
    expected, found = case["institution"], facts.get("institution")
    if expected is None or found is None:
        same = expected is None and found is None
        return [] if same else [_unlike("institution", _name(expected), _name(found))]
    same = name_key(expected["name"]) == name_key(found["name"])
    same = same and (expected.get("code") or None) == (found.get("code") or None)
    return [] if same else [_unlike("institution", _name(expected), _name(found))]


def _name(institution: dict[str, Any] | None) -> str | None:
    return f"{institution['name']} ({institution.get('code')})" if institution else None


def name_key(name: str) -> str:
    """The name of an institution without what does not count."""
    plain = fold(name)
    for other, usual in _SAME:
        plain = plain.replace(other, usual)
    return re.sub(r"\b(?:de la|de l|du|de|d|des|la|le|l)\b ?", "", plain).replace(
        "limburg", "limbourg"
    )


def _person_differs(role: str, expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    wrong = []
    if person_key(expected["name"]) != person_key(found.get("name", "")):
        wrong.append(_unlike(f"{role}.name", expected["name"], found.get("name")))
    for key in ("email", "phone_e164"):
        if expected.get(key) and expected[key].lower() != str(found.get(key, "")).lower():
            wrong.append(_unlike(f"{role}.{key}", expected[key], found.get(key)))
    return wrong


def person_key(name: str) -> frozenset[str]:
    """The words of a person's name, without titles, case, accents and order."""
    return frozenset(fold(name).split()) - _TITLES


# -- what must not be ------------------------------------------------------------------------


def violated(
    case: dict[str, Any],
    facts: dict[str, Any],
    effects: Effects,
    rows: Sequence[dict[str, Any]],
) -> tuple[list[str], int]:
    """The prohibitions of a case that were broken, and how many only a person can judge."""
    verdicts = [(said, _broken(said, facts, effects, rows)) for said in case.get("must_not", [])]
    return [said for said, broken in verdicts if broken], sum(b is None for _said, b in verdicts)


def _broken(  # noqa: PLR0911 - one answer per kind of prohibition
    said: str, facts: dict[str, Any], effects: Effects, rows: Sequence[dict[str, Any]]
) -> bool | None:
    """Whether a prohibition was broken; None if only a person can judge."""
    plain = said.lower()
    if plain == "crash":
        return facts.get("reason") == "fault"
    if plain.startswith("reply") and "number" not in plain:
        return bool(facts["reply"]["send"])
    if "u+fffd" in plain:
        return any("\ufffd" in row["text"] for row in rows)
    if plain.startswith(("create an active member", "create a second member")):
        return bool(effects.institutions)
    if plain.startswith("broadcast"):
        return bool(effects.published) and not facts.get("announcement", {}).get("audience")
    if plain.startswith(("create an announcement", "create a new announcement")):
        return bool(effects.published)
    if "order" in plain and plain.startswith(("create", "register", "confirm", "cancel")):
        return _orders_broken(plain, effects)
    if plain.startswith(("notify the supplier", "start the 20-day clock")):
        return bool(effects.orders)
    if plain.startswith("create a record"):
        return effects.anything
    if plain.startswith("register"):
        return _registers(said.removeprefix("register"), effects)
    if plain.startswith("change the user"):
        return bool(effects.users) and not effects.institutions
    if plain.startswith("designate"):
        named = {person_key(name) for name in re.split(r" or |,", said.removeprefix("designate"))}
        return any(person_key(name) in named for name in effects.people)
    if plain.startswith("unregister"):
        return any(name_key(said[10:].replace("the ", "")) == name_key(n) for n in effects.lost)
    return None


def _orders_broken(plain: str, effects: Effects) -> bool:
    if plain.startswith(("confirm another", "create a second")):
        return len(effects.orders) > 1
    if plain.startswith("cancel"):
        return any(order.endswith(":cancelled") for order in effects.orders)
    return bool(effects.orders)


def _registers(words: str, effects: Effects) -> bool | None:
    names = [name_key(part.replace("the ", "")).strip() for part in re.split(r" or ", words)]
    if not any(names):
        return bool(effects.institutions)
    return any(
        name and name == name_key(one).replace("commune", "").strip()
        or name == name_key(one)
        for name in names
        for one in effects.institutions
    )
