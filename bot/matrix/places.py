"""The rooms that the platform keeps: found by their alias, or created; administrators let in."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

import structlog

from bot.matrix.rooms import Rooms
from bot.matrix.transport import Json, MatrixError
from config.settings import Matrix
from handlers.request import Place
from handlers.wording import Text, _, plain

log = structlog.get_logger()

PREFIX = "room:"
"""How an outgoing row names a place: ``room:members``."""
_ADMINISTRATOR = 100
_CREATORS_RULE_FROM = 12

_NAMES = {
    Place.MEMBERS: _("{platform} · membres"),
    Place.ADMINS: _("{platform} · administration"),
}
_TOPICS = {
    Place.MEMBERS: _("Demandes, annonces et réponses entre les institutions membres."),
    Place.ADMINS: _("Inscriptions à valider, incidents et tâches de la plateforme."),
}


class Places:
    """The room ids of the platform's places, once `prepare` has found or made them."""

    def __init__(
        self,
        rooms: Rooms,
        settings: Matrix,
        administrators: Sequence[str],
        platform: str,
        language: str,
    ) -> None:
        self._rooms = rooms
        self._settings = settings
        self._administrators = tuple(a for a in administrators if a != rooms.user)
        self._platform = platform
        self._language = language
        self._ids: dict[Place, str] = {}
        self.entered: set[str] = set()
        """Rooms just entered without an invitation: what was said there before is not for us."""

    def room(self, place: Place) -> str:
        """The room id of a place."""
        return self._ids[place]

    def place(self, room: str) -> Place | None:
        """The place that a room is, if it is one."""
        return next((place for place, known in self._ids.items() if known == room), None)

    async def prepare(self) -> None:
        """Find or create the rooms, and let the administrators in; raises MatrixError.

        May be cut short at any point and done again.
        """
        aliases = {
            Place.MEMBERS: self._settings.members_room,
            Place.ADMINS: self._settings.admins_room,
        }
        for place, alias in aliases.items():
            room = await self._found(place, alias)
            await self._admit_administrators(room)
            self._ids[place] = room

    async def _found(self, place: Place, alias: str) -> str:
        room = await self._rooms.resolve(alias)
        if room is None and self._settings.create_rooms:
            # Taken at this very moment by an earlier attempt: then it resolves.
            room = await self._created(place, alias) or await self._rooms.resolve(alias)
        if room is None:
            raise MatrixError(HTTPStatus.NOT_FOUND, "M_NOT_FOUND", f"there is no room {alias}")
        if not await self._is_in(room):
            await self._rooms.join(room)
            self.entered.add(room)
        return room

    async def _is_in(self, room: str) -> bool:
        try:
            return await self._rooms.membership(room, self._rooms.user) == "join"
        except MatrixError as error:
            if error.status == HTTPStatus.FORBIDDEN:
                return False
            raise

    async def _created(self, place: Place, alias: str) -> str | None:
        return await self._rooms.create(
            alias,
            name=self._spoken(_NAMES[place]),
            topic=self._spoken(_TOPICS[place]),
            initial_state=[
                {"type": "m.room.history_visibility", "content": {"history_visibility": "shared"}},
                {"type": "m.room.join_rules", "content": {"join_rule": "invite"}},
                {"type": "m.room.guest_access", "content": {"guest_access": "forbidden"}},
            ],
        )

    def _spoken(self, text: Text) -> str:
        named = Text(text.template, {"platform": self._platform})
        return plain(named, self._language)

    async def _admit_administrators(self, room: str) -> None:
        for user in self._administrators:
            # Who left, or was put out, is not called back at every start.
            if await self._rooms.membership(room, user) == "":
                await self._rooms.invite(room, user)
        try:
            await self._empower(room)
        except MatrixError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            log.warning("matrix: the administrators' rights cannot be set in a room", room=room)

    async def _empower(self, room: str) -> None:
        levels = await self._rooms.state(room, "m.room.power_levels")
        creation = await self._rooms.creation(room)
        wanted = empowered(levels, creation, self._administrators)
        if wanted != levels:
            path = ["rooms", room, "state", "m.room.power_levels", ""]
            await self._rooms.connection.request("PUT", path, body=wanted)


def empowered(levels: Json, creation: Json, users: Sequence[str]) -> Json:
    """Power levels in which some users are administrators, the rest unchanged.

    From room version 12 on (MSC4289) a room's creators have all power, and must not be listed.
    """
    listed = levels.get("users", {})
    creators = _creators(creation)
    raised = {
        user: _ADMINISTRATOR
        for user in users
        if user not in creators and listed.get(user, 0) < _ADMINISTRATOR
    }
    return levels | {"users": listed | raised} if raised else levels


def _creators(creation: Json) -> set[str]:
    content = creation.get("content", {})
    version = str(content.get("room_version", "1"))
    if version.isdecimal() and int(version) < _CREATORS_RULE_FROM:
        return set()
    return {str(creation.get("sender")), *content.get("additional_creators", ())}
