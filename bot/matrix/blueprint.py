"""What the platform's rooms shall be like, worked out from the settings: pure, and asks nobody.

Rights in a room follow from the settings alone: the bot and the administrators have all of them,
nobody else may invite, rename, or change who may do what.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import pack

from bot.matrix.sealed import ENCRYPTION_STATE
from bot.matrix.transport import Json
from config.settings import Matrix
from config.values import server_of
from handlers.request import Place, central_place
from handlers.wording import Text, _, plain, verbatim

ADMINISTRATOR = 100
MODERATOR = 50
_CREATORS_RULE_FROM = 12
"""From this room version on (MSC4289) a room's creators have all power, and are not listed."""
LEVELS = "m.room.power_levels"
AVATAR = "m.room.avatar"
DIGEST = "be.supracom.digest"
"""Where an avatar of ours holds the hash of its picture: another one is somebody's choice."""


@dataclass(frozen=True, slots=True)
class CentralRoom:
    """A purchasing central, as far as its room needs it."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One room as it shall be; ``place`` is the name under which the platform knows it."""

    place: str
    alias: str
    name: str
    topic: str
    encrypted: bool = False

    @property
    def is_space(self) -> bool:
        """Whether it holds rooms instead of words."""
        return self.place == Place.SPACE

    def state(self) -> Iterator[tuple[str, Json]]:
        """The kinds of state that are repaired, with their content."""
        yield "m.room.name", {"name": self.name}
        yield "m.room.topic", {"topic": self.topic}
        yield "m.room.join_rules", {"join_rule": "invite"}
        yield "m.room.history_visibility", {"history_visibility": "shared"}
        yield "m.room.guest_access", {"guest_access": "forbidden"}
        if self.encrypted:
            yield ENCRYPTION_STATE["type"], ENCRYPTION_STATE["content"]


def wanted_rooms(
    settings: Matrix, platform: str, language: str, centrals: Sequence[CentralRoom]
) -> list[Wanted]:
    """Every room that the settings ask for, the space first."""

    def room(place: str, kind: Place, alias: str, name: Text, topic: Text) -> Wanted:
        encrypted = settings.encryption and kind.value in settings.encrypted_rooms
        return Wanted(place, alias, plain(name, language), plain(topic, language), encrypted)

    rooms = [
        room(
            Place.SPACE,
            Place.SPACE,
            settings.space or f"#{settings.user[1:]}",
            verbatim(platform),
            _("Les salons de la plateforme."),
        ),
        room(
            Place.MEMBERS,
            Place.MEMBERS,
            settings.members_room,
            _("{platform} · membres", platform=platform),
            _("Demandes, annonces et réponses entre les institutions membres."),
        ),
        room(
            Place.ADMINS,
            Place.ADMINS,
            settings.admins_room,
            _("{platform} · administration", platform=platform),
            _("Inscriptions à valider, incidents et tâches de la plateforme."),
        ),
    ]
    if not settings.central_rooms:
        return rooms
    return rooms + [
        room(
            central_place(central.slug),
            Place.CENTRAL,
            f"#{settings.central_alias}{central.slug}:{server_of(settings.user)}",
            _("{platform} · centrale {central}", platform=platform, central=central.name),
            _("Les institutions qui ont adhéré à cette centrale, et ceux qui la gèrent."),
        )
        for central in centrals
    ]


# -- power ------------------------------------------------------------------------------------

_ACTS = ("invite", "kick", "ban", "redact", "state_default")


def initial_levels(*, is_space: bool) -> Json:
    """What a new room's power levels differ in from the homeserver's own; whoever creates it and
    the administrators are added once it is there.
    """
    floor = MODERATOR if is_space else 0
    return {**dict.fromkeys(_ACTS, MODERATOR), "users_default": 0, "events_default": floor}


def mended_levels(
    levels: Json, creation: Json, us: str, administrators: Sequence[str], *, is_space: bool
) -> Json:
    """Power levels in which the bot and the administrators have all rights, nobody else has them,
    and nobody without a level may invite or change the room; what is stricter already stays.

    Who has a level below that, such as a moderator whom an administrator named, keeps it.
    """
    creators = creators_of(creation)
    lasting = [user for user in (us, *administrators) if user not in creators]
    listed = levels.get("users", {})
    users = {u: n for u, n in listed.items() if u in lasting or n < ADMINISTRATOR}
    users |= {user: max(ADMINISTRATOR, listed.get(user, 0)) for user in lasting}
    floor = MODERATOR if is_space else 0
    acts = {act: max(MODERATOR, levels.get(act, MODERATOR)) for act in _ACTS}
    events = {
        kind: max(MODERATOR, level) if _is_state(kind) else level
        for kind, level in levels.get("events", {}).items()
    }
    plain_words = {"users_default": 0, "events_default": floor}
    return {**levels, **acts, **plain_words, "users": users, "events": events}


def _is_state(kind: str) -> bool:
    spoken = {"m.room.message", "m.room.encrypted", "m.room.redaction"}
    return kind.startswith(("m.room.", "m.space.")) and kind not in spoken


def creators_of(creation: Json) -> set[str]:
    """Whom a room's version gives all power because they made it; nobody before version 12."""
    content = creation.get("content", {})
    version = str(content.get("room_version", "1"))
    if version.isdecimal() and int(version) < _CREATORS_RULE_FROM:
        return set()
    return {str(creation.get("sender")), *content.get("additional_creators", ())}


# -- pictures -----------------------------------------------------------------------------------

_CELLS = 5
_CELL = 32


def picture(place: str) -> bytes:
    """A picture (PNG, 160 × 160) made from the name of a place: always the same for the same name,
    and so unlike the others that rooms are told apart at a glance.
    """
    digest = sha256(place.encode()).digest()
    colour = bytes(64 + part // 2 for part in digest[:3])
    half = [[digest[3 + row * 3 + column] & 1 for column in range(3)] for row in range(_CELLS)]
    rows = [[*cells, *cells[1::-1]] for cells in half]
    lines = []
    for cells in rows:
        line = b"".join((colour if cell else b"\xf4\xf4\xf4") * _CELL for cell in cells)
        lines += [b"\0" + line] * _CELL
    side = _CELLS * _CELL
    head = pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 9)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))


def differs(found: Mapping[str, object] | None, wanted: Json) -> bool:
    """Whether a piece of state is not as it shall be; what it holds besides does not matter."""
    return found is None or any(found.get(key) != value for key, value in wanted.items())
