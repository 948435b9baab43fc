"""The rooms that the platform keeps, as the running bot knows them.

They are made and mended by `bot.matrix.building`; here is which room is which place. Another
process (``supracom setup``) may make a room anew while we run: /sync tells of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

import structlog

from bot.matrix.blueprint import CentralRoom, Wanted, wanted_rooms
from bot.matrix.building import ACCOUNT_DATA, Builder, places_in
from bot.matrix.events import CHANNEL
from bot.matrix.rooms import Rooms
from bot.matrix.transport import Json, MatrixError
from config.settings import Matrix
from handlers.desk import PLACE
from handlers.request import Incoming, Kind, Place, place_named
from handlers.wording import Text, plain

log = structlog.get_logger()

Centrals = Callable[[], Awaitable[Sequence[CentralRoom]]]
_NEEDED = frozenset({Place.MEMBERS.value, Place.ADMINS.value})


async def no_centrals() -> Sequence[CentralRoom]:
    """No central has a room."""
    return ()


class Places:
    """The room ids of the platform's places, by name, once `prepare` has found or made them."""

    def __init__(
        self,
        rooms: Rooms,
        settings: Matrix,
        administrators: Sequence[str],
        platform: str,
        language: str,
        centrals: Centrals = no_centrals,
    ) -> None:
        self._rooms = rooms
        self._settings = settings
        self._administrators = tuple(administrators)
        self._platform = platform
        self._language = language
        self._centrals = centrals
        self._ids: dict[str, str] = {}
        self._uncalled: set[str] = set()
        self.entered: set[str] = set()
        """Rooms just entered without an invitation: what was said there before is not for us."""

    def find(self, place: str) -> str | None:
        """The room id of a place, if it has a room."""
        return self._ids.get(place)

    def place(self, room: str) -> str:
        """The name of the place that a room is; nothing if it is none."""
        return next((place for place, known in self._ids.items() if known == room), "")

    async def prepare(self) -> None:
        """Find or make the rooms without which nothing works; raises MatrixError.

        May be cut short at any point and done again. What is known already is not looked at now.
        """
        builder = self._builder()
        for one in await self._wanted():
            if one.place in _NEEDED and not await builder.knows(one):
                await self._see_to(builder, one)
        self.entered |= builder.entered
        self._take(builder.ids)
        for place in _NEEDED - self._ids.keys():
            raise MatrixError(HTTPStatus.NOT_FOUND, "M_NOT_FOUND", f"there is no room for {place}")

    async def finish(self) -> None:
        """Make the other rooms, and mend what was changed in all of them; the bot works meanwhile.

        What fails now is left to the next start, or to ``supracom setup``.
        """
        builder = self._builder()
        try:
            for one in await self._wanted():
                await self._see_to(builder, one)
        except MatrixError as error:
            log.warning("matrix: the rooms could not all be mended", status=error.status)
        self._take(builder.ids)

    def _builder(self) -> Builder:
        return Builder(
            self._rooms,
            self._administrators,
            done=_tell_done,
            missing=_tell_missing,
            foreign=not self._settings.create_rooms,
        )

    async def _see_to(self, builder: Builder, one: Wanted) -> None:
        await (builder.build if self._settings.create_rooms else builder.find)(one)

    async def _wanted(self) -> list[Wanted]:
        centrals = await self._centrals()
        return wanted_rooms(self._settings, self._platform, self._language, centrals)

    def learn(self, events: Sequence[Json]) -> None:
        """Take over what the account's data say of the rooms, if they changed."""
        for event in events:
            content = event.get("content")
            if event.get("type") == ACCOUNT_DATA and isinstance(content, dict):
                self._take(places_in(content))

    def _take(self, ids: dict[str, str]) -> None:
        changed = {place for place, room in ids.items() if self._ids.get(place) != room}
        self._ids |= ids
        self._uncalled |= changed

    async def rolls(self) -> list[Incoming]:
        """Who is in each place whose room is new to us; raises MatrixError."""
        found = []
        for place in sorted(self._uncalled):
            found += await self._roll(place)
            self._uncalled.discard(place)
        return found

    async def _roll(self, place: str) -> list[Incoming]:
        try:
            states = await self._rooms.memberships(self._ids[place])
        except MatrixError as error:
            if not error.is_final:
                raise
            log.warning("matrix: a place cannot be looked into", place=place, status=error.status)
            return []
        return [roll_of(place, states, datetime.now(UTC))]


def roll_of(place: str, states: dict[str, str], now: datetime) -> Incoming:
    """The roll of a place, as the platform takes it in."""
    return Incoming(
        channel=CHANNEL,
        external_id=f"roll:{place}",
        conversation=f"{PLACE}{place}",
        sender="",
        sent_at=now,
        kind=Kind.ROLL,
        place=place_named(place),
        direct=False,
        roll=tuple(sorted(states.items())),
    )


def _tell_done(what: Text) -> None:
    log.info("matrix: rooms", done=plain(what, "en"))


def _tell_missing(what: Text) -> None:
    log.warning("matrix: rooms", missing=plain(what, "en"))
