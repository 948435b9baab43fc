"""Making the platform's rooms, finding them again, and mending what somebody changed in them.

Which room is which is kept in the account data of the bot's own account: nobody else can write
there, it outlives a lost database, and a running bot is told of a change by its /sync. The alias is
how a room is found where that is missing; a room found so counts only if the bot or an
administrator made it, because anybody may have taken the alias before.

Everything may be cut short at any point and done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from http import HTTPStatus

from bot.matrix.blueprint import (
    ADMINISTRATOR,
    AVATAR,
    DIGEST,
    LEVELS,
    Wanted,
    creators_of,
    differs,
    initial_levels,
    mended_levels,
    picture,
)
from bot.matrix.rooms import Rooms
from bot.matrix.sealed import ENCRYPTION_STATE
from bot.matrix.transport import Json, MatrixError
from config.values import server_of
from handlers.request import Place
from handlers.wording import Text, _

ACCOUNT_DATA = "be.supracom.places"
"""Under which the account keeps the ids of the platform's rooms."""

Told = Callable[[Text], None]
Rescue = Callable[[str], Awaitable[bool]]
"""Gives us back our rights in a room that we lost, and lets us in; False if that was refused."""


class Builder:
    """Brings rooms to what is wanted of them.

    ``done`` is told what was made or mended (with ``dry``: what would be), ``missing`` what only a
    person can mend.
    """

    def __init__(
        self,
        rooms: Rooms,
        administrators: Sequence[str],
        *,
        done: Told,
        missing: Told,
        dry: bool = False,
        foreign: bool = False,
        rescue: Rescue | None = None,
    ) -> None:
        self._rooms = rooms
        self._administrators = tuple(a for a in administrators if a != rooms.user)
        self._done = done
        self._missing = missing
        self._dry = dry
        self._foreign = foreign
        self._rescue = rescue
        self.ids: dict[str, str] = {}
        """What was found or made so far, by the name of the place."""
        self.entered: set[str] = set()
        """Rooms just entered without an invitation."""
        self._new: set[str] = set()
        self._known: dict[str, str] | None = None

    async def build(self, one: Wanted) -> None:
        """Find a room or make it, and mend it; the space comes first. Raises MatrixError."""
        room = await self._found(one) or await self._made(one)
        if room is None:
            return
        await self._keep(one, room)
        await self._mend(one, room)
        await self._hang(one, room, self.ids.get(Place.SPACE))
        await self._admit_administrators(one, room)

    async def knows(self, one: Wanted) -> bool:
        """Whether the account knows a room, and we are in it; nothing is mended."""
        room = (await self._remembered()).get(one.place)
        if room is None or not await self._rooms.is_in(room):
            return False
        self.ids[one.place] = room
        return True

    async def find(self, one: Wanted) -> None:
        """Find a room that is there, and see that the administrators have their rights in it."""
        room = await self._found(one)
        if room is None:
            return
        await self._keep(one, room)
        await self._mend_levels(one, room)
        await self._admit_administrators(one, room)

    async def _keep(self, one: Wanted, room: str) -> None:
        self.ids[one.place] = room
        known = await self._remembered()
        if known.get(one.place) != room and not self._dry:
            # At once: whoever comes after us, or runs now, shall find the same room.
            known[one.place] = room
            await remember(self._rooms, known)

    async def _remembered(self) -> dict[str, str]:
        if self._known is None:
            self._known = await remembered(self._rooms)
        return self._known

    # -- finding and making -------------------------------------------------------------------

    async def _found(self, one: Wanted) -> str | None:
        """The room that is there already; None if there is none that may be used."""
        known = (await self._remembered()).get(one.place)
        if known is not None and await self._rooms.is_in(known):
            return known
        room = await self._rooms.resolve(one.alias)
        if room is None:
            return None
        if await self._rooms.is_in(room):
            return room if await self._is_trusted(one, room) else None
        return await self._entered(one, room)

    async def _entered(self, one: Wanted, room: str) -> str | None:
        """A room of ours that we are not in any more, entered again."""
        if self._dry:
            self._done(_("À faire : entrer dans {alias}.", alias=one.alias))
            return None
        try:
            await self._rooms.join(room)
        except MatrixError as error:
            if not error.is_final:
                raise
            if self._rescue is None or not await self._rescue(room):
                self._missing(
                    _(
                        "Je ne suis plus dans le salon {alias} : invitez-y {user}, ou donnez son"
                        " alias à un autre salon.",
                        alias=one.alias,
                        user=self._rooms.user,
                    )
                )
                return None
            await self._rooms.join(room)
        if not await self._is_trusted(one, room):
            await self._rooms.leave(room)
            return None
        self.entered.add(room)
        return room

    async def _is_trusted(self, one: Wanted, room: str) -> bool:
        """Whether a room that is known by its alias only is one of the platform's."""
        maker = str((await self._rooms.creation(room)).get("sender"))
        if self._foreign or maker in {self._rooms.user, *self._administrators}:
            return True
        self._missing(
            _(
                "L'alias {alias} désigne un salon que {user} a créé, qui n'administre pas la"
                " plateforme : je n'y dis rien. Libérez cet alias, ou donnez-en un autre dans la"
                " configuration.",
                alias=one.alias,
                user=maker,
            )
        )
        return False

    async def _made(self, one: Wanted) -> str | None:
        if await self._rooms.resolve(one.alias) is not None:
            return None
        if self._dry:
            self._done(_("À faire : créer « {name} » ({alias}).", name=one.name, alias=one.alias))
            return None
        room = await self._rooms.create(
            one.alias,
            name=one.name,
            topic=one.topic,
            space=one.is_space,
            initial_state=[
                {"type": kind, "state_key": "", "content": content}
                for kind, content in one.state()
                if kind not in {"m.room.name", "m.room.topic"}
            ],
            power_level_override=initial_levels(is_space=one.is_space),
        )
        if room is None:
            # Taken at this very moment by another process of ours: then it resolves.
            room = await self._rooms.resolve(one.alias)
        else:
            self._new.add(room)
            self._done(_("Créé : « {name} » ({alias}).", name=one.name, alias=one.alias))
        return room

    # -- mending --------------------------------------------------------------------------------

    async def _mend(self, one: Wanted, room: str) -> None:
        await self._mend_levels(one, room)
        await self._mend_alias(one, room)
        wanted = list(one.state())
        # Asked at once, since a bot that starts waits for it; changed one after the other, since
        # the homeserver would have to choose between changes that do not know of each other.
        found = await asyncio.gather(
            *(self._rooms.state_or_none(room, kind) for kind, _content in wanted)
        )
        for (kind, content), now in zip(wanted, found, strict=True):
            # An encrypted room stays encrypted in the way in which it began.
            if differs(now, content) and not (now and kind == ENCRYPTION_STATE["type"]):
                await self._put(one, room, kind, content)
        await self._mend_picture(one, room)

    async def _mend_state(
        self, one: Wanted, room: str, kind: str, content: Json, key: str = ""
    ) -> None:
        found = await self._rooms.state_or_none(room, kind, key)
        if differs(found, content):
            await self._put(one, room, kind, content, key)

    async def _put(self, one: Wanted, room: str, kind: str, content: Json, key: str = "") -> None:
        what = _WHAT.get(kind, _("réglages"))
        if self._dry:
            self._done(_("À rétablir dans « {name} » : {what}.", what=what, name=one.name))
            return
        try:
            await self._rooms.put_state(room, kind, content, key)
        except MatrixError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            self._missing(
                _(
                    "Je ne peux pas rétablir ceci dans « {name} » : {what}. Un administrateur du"
                    " salon doit rendre à {user} le niveau 100.",
                    name=one.name,
                    what=what,
                    user=self._rooms.user,
                )
            )
        else:
            # What a room gets on the day of its making is part of that.
            if room not in self._new:
                self._done(_("Rétabli dans « {name} » : {what}.", name=one.name, what=what))

    async def _mend_levels(self, one: Wanted, room: str) -> None:
        creation = await self._rooms.creation(room)
        us, lasting = self._rooms.user, self._administrators
        levels = await self._levels(room, creation)
        mended = mended_levels(levels, creation, us, lasting, is_space=one.is_space)
        # Nobody can take the rights of somebody who has as many.
        equals = _equals(levels, creation, us, mended)
        mended["users"] |= equals
        if mended != levels:
            await self._put(one, room, LEVELS, mended)
        for user in sorted({*equals, *creators_of(creation)} - {us, *lasting}):
            self._overreaches(one, user)

    async def _levels(self, room: str, creation: Json) -> Json:
        """A room's power levels, ours given back first where that is possible."""
        levels = await self._rooms.state_or_none(room, LEVELS) or {}
        us = self._rooms.user
        weak = levels.get("users", {}).get(us, 0) < ADMINISTRATOR
        if us in creators_of(creation) or not weak or self._dry or self._rescue is None:
            return levels
        await self._rescue(room)
        return await self._rooms.state_or_none(room, LEVELS) or {}

    def _overreaches(self, one: Wanted, user: str) -> None:
        self._missing(
            _(
                "{user} a tous les droits dans « {name} » sans administrer la plateforme : cette"
                " personne seule peut y renoncer.",
                user=user,
                name=one.name,
            )
        )

    async def _mend_alias(self, one: Wanted, room: str) -> None:
        behind = await self._rooms.resolve(one.alias)
        if behind is None:
            if self._dry:
                self._done(_("À rétablir dans « {name} » : {what}.", what=_ALIAS, name=one.name))
            elif server_of(one.alias) == server_of(self._rooms.user):
                await self._rooms.name(room, one.alias)
                self._done(_("Rétabli dans « {name} » : {what}.", name=one.name, what=_ALIAS))
        elif behind != room:
            self._missing(
                _(
                    "L'alias {alias} désigne un autre salon que « {name} » : libérez-le.",
                    alias=one.alias,
                    name=one.name,
                )
            )
            return
        await self._mend_state(one, room, "m.room.canonical_alias", {"alias": one.alias})

    async def _mend_picture(self, one: Wanted, room: str) -> None:
        content = picture(one.place)
        digest = sha256(content).hexdigest()
        found = await self._rooms.state_or_none(room, AVATAR) or {}
        if found.get("url") and found.get(DIGEST) in {None, digest}:
            # Ours, or one that somebody chose.
            return
        if self._dry:
            await self._put(one, room, AVATAR, {})
            return
        url = await self._rooms.connection.upload("room.png", "image/png", content)
        info = {"mimetype": "image/png", "size": len(content)}
        await self._put(one, room, AVATAR, {"url": url, "info": info, DIGEST: digest})

    async def _hang(self, one: Wanted, room: str, space: str | None) -> None:
        """Put a room in the space, and say in the room that it is there."""
        if space is None or one.is_space:
            return
        via = {"via": [server_of(self._rooms.user)]}
        await self._mend_state(one, space, "m.space.child", via, room)
        await self._mend_state(one, room, "m.space.parent", {**via, "canonical": True}, space)

    async def _admit_administrators(self, one: Wanted, room: str) -> None:
        if self._dry:
            return
        for user in self._administrators:
            # Who left, or was put out, is not called back at every start.
            if await self._rooms.membership(room, user) != "":
                continue
            try:
                await self._rooms.invite(room, user)
            except MatrixError as error:
                if not error.is_final:
                    raise
                self._missing(
                    _("Je ne peux pas inviter {user} dans « {name} ».", user=user, name=one.name)
                )


def _equals(levels: Json, creation: Json, us: str, mended: Json) -> dict[str, int]:
    """Who loses rights in what is mended, but has as many as we: they stay as they are."""
    if us in creators_of(creation):
        return {}
    listed = levels.get("users", {})
    mine = listed.get(us, 0)
    return {u: n for u, n in listed.items() if u not in mended["users"] and n >= mine}


_ALIAS = _("l'alias")
_WHAT = {
    "m.room.name": _("le nom"),
    "m.room.topic": _("le sujet"),
    "m.room.join_rules": _("l'entrée sur invitation seulement"),
    "m.room.history_visibility": _("qui peut lire ce qui a été dit"),
    "m.room.guest_access": _("pas de visiteurs anonymes"),
    "m.room.canonical_alias": _("l'alias affiché"),
    ENCRYPTION_STATE["type"]: _("le chiffrement"),
    LEVELS: _("les droits"),
    AVATAR: _("l'image"),
    "m.space.child": _("sa place dans l'espace"),
    "m.space.parent": _("le lien vers l'espace"),
}


async def remembered(rooms: Rooms) -> dict[str, str]:
    """The platform's rooms by the names of their places, as the account keeps them."""
    return places_in(await rooms.account_data(ACCOUNT_DATA))


async def remember(rooms: Rooms, ids: dict[str, str]) -> None:
    """Keep the platform's rooms in the account."""
    await rooms.put_account_data(ACCOUNT_DATA, {"rooms": ids})


def places_in(content: Json) -> dict[str, str]:
    """The rooms in such account data, whatever it holds."""
    kept = content.get("rooms")
    pairs = kept.items() if isinstance(kept, dict) else ()
    return {str(place): room for place, room in pairs if isinstance(room, str)}
