"""The rules by which what was understood is compared with what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from config.folding import fold

_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "dhr", "mevr", "me"})
_SAME = (
    ("ville de ", "commune de "),
    ("gemeente ", "commune de "),
    ("gemeinde ", "commune de "),
    ("stad ", "commune de "),
    ("ocmw ", "cpas de "),
    ("oshz ", "cpas de "),
    ("provincie ", "province de "),
)
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
    found = ["a fault of the program"] if facts.get("reason") == "fault" else []
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
        return (
            [_unlike("institutions", sorted(allowed), wrong or None)] if wrong or not named else []
        )
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
    return wrong + [
        _unlike(f"{role}.{key}", expected[key], found.get(key))
        for key in ("email", "phone_e164")
        if expected.get(key) and expected[key].lower() != str(found.get(key, "")).lower()
    ]


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


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything by which a prohibition is judged."""

    said: str
    facts: dict[str, Any]
    effects: Effects
    rows: Sequence[dict[str, Any]]


Judge = Callable[[Scene], bool]


def _broken(
    said: str, facts: dict[str, Any], effects: Effects, rows: Sequence[dict[str, Any]]
) -> bool | None:
    """Whether a prohibition was broken; None if only a person can judge."""
    judge = next((judge for words, judge in _JUDGES if words.match(said.lower())), None)
    return judge(Scene(said, facts, effects, rows)) if judge else None


def _broadcasts(scene: Scene) -> bool:
    return bool(scene.effects.published) and not scene.facts["announcement"]["audience"]


def _registers(scene: Scene) -> bool:
    """« register », or « register X or Y »: only these institutions are meant, then."""
    words = scene.said.lower().removeprefix("register").replace("the ", "")
    names = {name_key(part).strip() for part in words.split(" or ")} - {""}
    added = {name_key(name) for name in scene.effects.institutions}
    if not names:
        return bool(added)
    return any(key in names or key.removeprefix("commune ") in names for key in added)


def _changes_users(scene: Scene) -> bool:
    """« change the user », or « change the user of X »: that institution's alone, then."""
    _words, _of, whose = scene.said.lower().partition(" of ")
    told = name_key(whose.removeprefix("the ")).strip()
    changed = {name_key(user[0]).strip() for user in scene.effects.users}
    hit = any(key.startswith(told) or told.startswith(key) for key in changed)
    return hit and not scene.effects.institutions


def _designates(scene: Scene) -> bool:
    words = re.split(r" or |,", scene.said.removeprefix("designate"))
    named = {person_key(name) for name in words}
    return any(person_key(name) in named for name in scene.effects.people)


def _unregisters(scene: Scene) -> bool:
    wanted = name_key(scene.said.removeprefix("unregister").replace("the ", ""))
    return any(name_key(name) == wanted for name in scene.effects.lost)


def _judge(words: str, judge: Judge) -> tuple[re.Pattern[str], Judge]:
    return re.compile(words), judge


_JUDGES = (
    _judge(r"crash", lambda scene: scene.facts.get("reason") == "fault"),
    _judge(r"reply(?! .*number)", lambda scene: bool(scene.facts["reply"]["send"])),
    _judge(r".*u\+fffd", lambda scene: any("\ufffd" in row["text"] for row in scene.rows)),
    _judge(r"create an? (?:active|second) member", lambda scene: bool(scene.effects.institutions)),
    _judge(r"broadcast", _broadcasts),
    _judge(r"create an? (?:new )?announcement", lambda scene: bool(scene.effects.published)),
    _judge(
        r"(?:confirm another|create a second) order", lambda scene: len(scene.effects.orders) > 1
    ),
    _judge(
        r"cancel the order",
        lambda scene: any(
            order.endswith((":cancelled", ":dropped")) for order in scene.effects.orders
        ),
    ),
    _judge(
        r"(?:create|register) an? .*order|notify the supplier|start the 20-day clock|order in the",
        lambda scene: any(not order.endswith(":dropped") for order in scene.effects.orders),
    ),
    _judge(r"create a record", lambda scene: scene.effects.anything),
    _judge(r"register", _registers),
    _judge(r"change the users?", _changes_users),
    _judge(r"designate", _designates),
    _judge(r"unregister", _unregisters),
)
