"""``supracom setup``: the Matrix rooms made, found again and mended; said one thing a line.

The exit code is 0 if all is as the settings want it, 1 if something waits for a person, 3 if
nothing was to be changed (``--dry-run``) and something would be.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.app import central_rooms, open_database, open_platform
from bot.clock import Clock
from bot.matrix.blueprint import Wanted, wanted_rooms
from bot.matrix.building import Builder
from bot.matrix.door import Door
from bot.matrix.events import CHANNEL, Ourselves, read_invitation
from bot.matrix.keystore import STORE
from bot.matrix.rooms import Rooms
from bot.matrix.session import FILE, log_in
from bot.matrix.synapse_admin import SynapseAdmin
from bot.matrix.sync import sync_filter
from bot.matrix.transport import Connection, Json, MatrixError
from config.settings import Settings
from handlers.admission import Changes, arrange, belonging
from handlers.commands import everything
from handlers.desk import Desk
from handlers.dispatch import Dispatcher
from handlers.platform import Platform
from handlers.request import Incoming, Place
from handlers.wording import Text, _, n_, plain
from storage import attendance, cursors
from storage.engine import Database

_T = TypeVar("_T")
Say = Callable[[str], object]
Rolls = Mapping[str, Mapping[str, str]]
"""How everybody stands in each place."""

FINE, WAITS, WOULD_CHANGE = 0, 1, 3
_ATTEMPTS, _MOST_SECONDS = 6, 8
"""How often what fails is tried again, and how long that waits at most."""
_PRESENT = frozenset({attendance.JOINED, attendance.CALLED})
_MESSAGES_AT_ONCE = 10
_SECONDS_EACH = 5
"""Synapse's own limits: `rc_message` with a burst of 10, then 0.2 a second."""


class Report:
    """What was said, counted: what was done or would be, and what waits for a person."""

    def __init__(self, say: Say, language: str) -> None:
        self._say = say
        self.language = language
        self.changes = 0
        self.waiting = 0

    def note(self, what: Text) -> None:
        """Say something that changes nothing."""
        self._say(plain(what, self.language))

    def done(self, what: Text) -> None:
        """Say what was done, or would be."""
        self.changes += 1
        self.note(what)

    def missing(self, what: Text) -> None:
        """Say what only a person can do."""
        self.waiting += 1
        self.note(what)

    async def patiently(self, act: Callable[[], Awaitable[_T]]) -> _T:
        """Do what may be repeated: as often as the homeserver says « not yet », and a few times
        where it fails in a way that may pass. Raises MatrixError.
        """
        failures = 0
        while True:
            try:
                return await act()
            except MatrixError as error:
                failures += error.after is None
                if error.after is None and (failures > _ATTEMPTS or not error.is_passing):
                    raise
                seconds = _seconds_after(error, failures)
                self.note(_again(error, seconds))
                await asyncio.sleep(seconds)


def _seconds_after(error: MatrixError, failures: int) -> int:
    if error.after is not None:
        return max(1, round(error.after.total_seconds()))
    return min(1 << (failures - 1), _MOST_SECONDS)


def _again(error: MatrixError, seconds: int) -> Text:
    if error.after is not None:
        return n_(
            "Le serveur demande d'attendre {count} seconde.",
            "Le serveur demande d'attendre {count} secondes.",
            seconds,
        )
    return n_(
        "Le serveur ne répond pas comme il le devrait ({error}) : nouvel essai dans {count}"
        " seconde.",
        "Le serveur ne répond pas comme il le devrait ({error}) : nouvel essai dans {count}"
        " secondes.",
        seconds,
        error=str(error),
    )


async def set_up(settings: Settings, say: Say, *, dry: bool, lift: bool) -> int:
    """Do it all, whether or not the bot runs; gives the exit code."""
    report = Report(say, settings.platform.language)
    database = await asyncio.to_thread(open_database, settings)
    connection = Connection(settings.matrix.homeserver, settings.matrix.user)
    token = settings.matrix.admin_token.get_secret_value()
    admin = SynapseAdmin(settings.matrix.homeserver, token) if token else None
    try:
        session = settings.platform.data_dir / FILE
        await report.patiently(partial(log_in, connection, settings.matrix, session))
        await Setup(settings, database, connection, admin, report, dry=dry).run(lift=lift)
    except MatrixError as error:
        report.missing(_no_answer(settings.matrix.homeserver, error))
    finally:
        await connection.close()
        if admin is not None:
            await admin.close()
        database.close()
    if report.waiting:
        return WAITS
    return WOULD_CHANGE if dry and report.changes else FINE


def _no_answer(homeserver: str, error: MatrixError) -> Text:
    if error.status == HTTPStatus.UNAUTHORIZED:
        return _(
            "Le serveur {homeserver} refuse ce compte : vérifiez le mot de passe ou le jeton"
            " d'accès.",
            homeserver=homeserver,
        )
    return _(
        "Le serveur {homeserver} ne fait pas ce qui lui est demandé ({error}). Rien n'est perdu :"
        " relancez cette commande.",
        homeserver=homeserver,
        error=str(error),
    )


class Setup:
    """One run of the command."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        connection: Connection,
        admin: SynapseAdmin | None,
        report: Report,
        *,
        dry: bool,
    ) -> None:
        self._settings = settings
        self._database = database
        self._rooms = Rooms(connection, settings.matrix.user)
        self._admin = admin
        self._report = report
        self._dry = dry
        self._platform: Platform = open_platform(settings)
        self._now = Clock(settings.clock.offset_file).now

    async def run(self, *, lift: bool) -> None:
        """The limits first, since they slow down what follows; then rooms; then people."""
        people = await self._readers()
        await self._limits(people, lift=lift)
        if not self._dry:
            await self._begin()
        wanted = await self._wanted()
        ids = await self._build(wanted)
        await self._people(wanted, ids)
        if not (self._report.changes or self._report.waiting):
            self._report.note(_("Tout est en ordre : il n'y a rien à faire."))

    async def _begin(self) -> None:
        """Note where reading begins, before the rooms are made: whatever is said in them, even
        before the bot runs for the first time, comes after it.
        """
        matrix, data_dir = self._settings.matrix, self._settings.platform.data_dir
        cursor = await asyncio.to_thread(self._database.run, cursors.read, CHANNEL)
        # Who has keys has read before: what comes with the next answer is for them.
        if cursor is not None or (data_dir / STORE).exists():
            return
        query = {"timeout": "0", "filter": json.dumps(sync_filter(matrix.user))}
        answer = await self._rooms.connection.get(["sync"], **query)
        door = Door(
            matrix.invites_from, self._settings.platform.administrators, self._report.language
        )
        invitations = await self._invitations(answer, door)
        take = Dispatcher(self._platform, everything()).take
        first = str(answer["next_batch"])
        await asyncio.to_thread(
            self._database.run, take, CHANNEL, invitations, first, 0, self._now()
        )

    async def _invitations(self, answer: Json, door: Door) -> list[Incoming]:
        """The invitations that wait for us; those that are not accepted are turned down."""
        us, found = Ourselves(self._rooms.user), []
        for room, update in answer.get("rooms", {}).get("invite", {}).items():
            invitation = read_invitation(room, update, us, "first", self._now())
            if invitation is None:
                continue
            if door.opens_to(invitation):
                found.append(invitation)
            else:
                await self._rooms.leave(room, door.refusal)
        return found

    async def _wanted(self) -> list[Wanted]:
        centrals = await asyncio.to_thread(self._database.run, central_rooms)
        platform = self._settings.platform
        return wanted_rooms(self._settings.matrix, platform.name, platform.language, centrals)

    async def _build(self, wanted: Sequence[Wanted]) -> dict[str, str]:
        builder = Builder(
            self._rooms,
            self._settings.platform.administrators,
            done=self._report.done,
            missing=self._report.missing,
            dry=self._dry,
            rescue=self._rescue if self._admin else None,
        )
        for one in wanted:
            await self._report.patiently(partial(builder.build, one))
        return builder.ids

    async def _rescue(self, room: str) -> bool:
        return self._admin is not None and await self._admin.empower(room, self._rooms.user)

    # -- people ---------------------------------------------------------------------------------

    async def _readers(self) -> int:
        """How many people are reached on Matrix."""

        def count(session: Session) -> int:
            return len(belonging(self._desk(session))[Place.SPACE])

        return await asyncio.to_thread(self._database.run, count)

    def _desk(self, session: Session) -> Desk:
        return Desk(session, self._platform, self._now())

    async def _people(self, wanted: Sequence[Wanted], ids: Mapping[str, str]) -> None:
        """See who is where, and ask for the invitations and removals that follow."""
        rolls = {place: await self._rooms.memberships(room) for place, room in ids.items()}
        work = self._planned if self._dry else self._arranged
        changes, guests = await asyncio.to_thread(self._database.run, work, rolls)
        if changes.called:
            self._report.done(
                n_(
                    "{count} invitation à envoyer : le programme s'en charge dès qu'il tourne.",
                    "{count} invitations à envoyer : le programme s'en charge dès qu'il tourne.",
                    changes.called,
                )
            )
        if changes.dismissed:
            self._report.done(
                n_(
                    "{count} personne à retirer d'un salon : le programme s'en charge dès qu'il"
                    " tourne.",
                    "{count} personnes à retirer d'un salon : le programme s'en charge dès qu'il"
                    " tourne.",
                    changes.dismissed,
                )
            )
        names = {one.place: one.name for one in wanted}
        for place, user in guests:
            self._report.note(
                _(
                    "{user} est dans « {name} » sans que les inscriptions l'y appellent.",
                    user=user,
                    name=names[place],
                )
            )

    def _arranged(self, session: Session, rolls: Rolls) -> tuple[Changes, list[tuple[str, str]]]:
        desk = self._desk(session)
        for place, states in rolls.items():
            attendance.call(session, place, states, desk.now)
        guests = self._guests(desk, rolls)
        return arrange(desk, most=None), guests

    def _planned(self, session: Session, rolls: Rolls) -> tuple[Changes, list[tuple[str, str]]]:
        """The same, undone."""
        with session.begin_nested() as savepoint:
            found = self._arranged(session, rolls)
            savepoint.rollback()
        return found

    def _guests(self, desk: Desk, rolls: Rolls) -> list[tuple[str, str]]:
        """Who is in a room although nothing calls them there."""
        belong = belonging(desk)
        own = {self._rooms.user, *self._settings.platform.administrators}
        return [
            (place, user)
            for place, states in rolls.items()
            for user, state in sorted(states.items())
            if state in _PRESENT and user not in own
            if user.lower() not in belong.get(place, set())
        ]

    # -- rate limits ----------------------------------------------------------------------------

    async def _limits(self, people: int, *, lift: bool) -> None:
        if self._admin is None:
            self._report.note(_slow(people))
            self._report.note(_how_to_lift(self._rooms.user))
            return
        try:
            await self._limits_with(self._admin, people, lift=lift)
        except MatrixError as error:
            if not (error.is_final or error.status == HTTPStatus.UNAUTHORIZED):
                raise
            self._report.missing(
                _(
                    "Les limites du serveur ne peuvent être ni lues ni levées ({error}) : il faut"
                    " un Synapse, et dans `matrix.admin_token` le jeton d'un administrateur du"
                    " serveur.",
                    error=str(error),
                )
            )

    async def _limits_with(self, admin: SynapseAdmin, people: int, *, lift: bool) -> None:
        user = self._rooms.user
        if await admin.is_unlimited(user):
            self._report.note(_("Limites du serveur : levées pour {user}.", user=user))
        elif not lift:
            self._report.note(_slow(people))
            self._report.note(_("Pour les lever, relancez avec `--lift-rate-limits`."))
        elif self._dry:
            self._report.done(_("À faire : lever les limites du serveur pour {user}.", user=user))
        else:
            await admin.lift(user)
            self._report.done(_("Limites du serveur : levées à l'instant pour {user}.", user=user))


def _slow(people: int) -> Text:
    waited = max(0, people - _MESSAGES_AT_ONCE) * _SECONDS_EACH
    if not waited:
        return _(
            "Limites du serveur : d'origine, Synapse laisse un compte envoyer {burst} messages d'un"
            " coup, puis un toutes les {each} secondes. Dès que vous avez plus de membres, écrire à"
            " tous prend ce temps-là ; rien n'est perdu, mais tout attend.",
            burst=_MESSAGES_AT_ONCE,
            each=_SECONDS_EACH,
        )
    return n_(
        "Limites du serveur : d'origine, Synapse laisse un compte envoyer {burst} messages d'un"
        " coup, puis un toutes les {each} secondes. Écrire à {people} personnes prend alors environ"
        " {count} minute ; rien n'est perdu, mais tout attend.",
        "Limites du serveur : d'origine, Synapse laisse un compte envoyer {burst} messages d'un"
        " coup, puis un toutes les {each} secondes. Écrire à {people} personnes prend alors environ"
        " {count} minutes ; rien n'est perdu, mais tout attend.",
        -(-waited // 60),
        burst=_MESSAGES_AT_ONCE,
        each=_SECONDS_EACH,
        people=people,
    )


def _how_to_lift(user: str) -> Text:
    return _(
        "Pour les lever : donnez dans `matrix.admin_token` le jeton d'un administrateur du serveur"
        " et relancez avec `--lift-rate-limits`, ou demandez à qui gère le serveur de mettre à 0"
        " `messages_per_second` et `burst_count` dans"
        " `/_synapse/admin/v1/users/{user}/override_ratelimit`.",
        user=user,
    )
