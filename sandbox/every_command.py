"""Types every command of the platform, right and wrong, in rooms, and judges each answer.

``python -m sandbox.every_command [--every N] [--transcript FILE]`` sets the stage and lets four
people (somebody unknown, a member, who manages a central, an administrator) type each command as
its example has it, misspelt by one letter, without its arguments and with absurd ones: in an
encrypted conversation with the platform, through a client with its own keys, and in a plain room
of several, with the prefix. Every message has exactly one answer, in its thread; none is an
internal error; a misspelt name is put right for whoever may use it. The exit code is 1 if one
answer was not so. What only a person can judge stands in the transcript.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from statistics import median

from config.folding import fold
from handlers.command import Command
from handlers.commands import everything
from handlers.policy import Role, allowed
from sandbox.clients import MatrixUser, RoomEvent
from sandbox.encrypted_user import EncryptedUser
from sandbox.homeserver import Account
from sandbox.killer import Listener
from sandbox.stage import BOT, CONTENT, PASSWORD, Stage, stage
from sandbox.story import (
    CAMILLE,
    HELENE,
    Play,
    administrator_arrives,
    ask_for_help,
    join,
    play,
    register_by_mail,
    register_mail_only,
)

PATIENCE = 30.0
"""How many seconds an answer may take, on a machine with other work, before it is missing."""
MANAGER = "smart"
"""The account of the person who manages the central Smart."""
OF_OURS = "ce n'est pas de votre faute"
"""What is said of a fault of the program's."""
_ASKS = re.compile(r"\b\d/\d\W{1,3}:|❌")
"""What an answer shows that waits for something: a form, or a question."""

_BARE = re.compile(r"(?:écrivez|par exemple) (?:annonces|aide|catalogue|centrale|fiche)\b")
"""Commands as they are shown where no prefix is needed."""


class Way(Enum):
    """How a command is typed."""

    RIGHT = "right"
    MISSPELT = "misspelt"
    BARE = "bare"
    ABSURD = "absurd"


_ABSURD = (
    "🦆🦆🦆",
    "-999999999999999999999",
    "' OR 1=1; DROP TABLE institutions --",
    "du 31 février 2026 au 0 janvier 99999",
    "Centrale-Qui-N-Existe-Pas",
    "A-99999999 S-0 I-9999-9999 SMART-0000-0000",
    "\u202eesrever ne stom sed \u202c",
    "{sender} %s <script>alert(1)</script> `**`",
    "blabla " * 300,
)
"""Words that no command can make anything of."""


@dataclass(slots=True)
class Typed:
    """One message of a person, and what the platform said to it."""

    who: str
    where: str
    command: Command
    way: Way
    text: str
    thread: str | None
    may: bool
    event_id: str = ""
    answers: list[RoomEvent] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def answer(self) -> str:
        """The words of the answer."""
        return "\n".join(event.body for event in self.answers)


@dataclass(slots=True)
class Report:
    """All that was typed, and what was wrong with the answers."""

    typed: list[Typed] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether every message has its one answer."""
        return not self.findings

    def lines(self) -> Iterator[str]:
        """The report in words."""
        times = sorted(one.seconds for one in self.typed)
        yield f"typed     {len(self.typed)} messages"
        if times:
            told = median(times), times[int(len(times) * 0.95)], times[-1]
            yield "answered  median {:.2f} s, 95 % {:.2f} s, max {:.2f} s".format(*told)
        yield from (f"  {finding}" for finding in self.findings)
        yield f"verdict   {'one answer each' if self.good else 'NOT GOOD'}"

    def transcript(self) -> Iterator[str]:
        """What was typed and answered, to be read by a person."""
        for one in self.typed:
            yield f"[{one.who}, {one.where}, {one.way.value}] > {one.text[:120]}"
            yield from (f"    {line}" for line in one.answer.splitlines())
            yield ""


# -- people -----------------------------------------------------------------------------------


class Line:
    """One person in one room: says something and waits for what is said to it."""

    def __init__(
        self,
        who: str,
        where: str,
        user: MatrixUser | EncryptedUser,
        roles: frozenset[Role],
        *,
        today: Callable[[], date],
        prefix: str = "",
    ) -> None:
        self.who, self.where, self.roles, self._today = who, where, roles, today
        self.room = ""
        self._user, self._prefix = user, prefix

    async def enter(self, make: Callable[[], Awaitable[str]]) -> None:
        """Make the room and wait until the platform is in it."""
        self.room = await make()
        await self._user.wait_for(self._is_arrival, PATIENCE)

    def _is_arrival(self, event: RoomEvent) -> bool:
        joins = event.type == "m.room.member" and event.content.get("membership") == "join"
        return event.room_id == self.room and joins and event.raw.get("state_key") == BOT

    async def types(self, report: Report, command: Command, way: Way, thread: str | None) -> Typed:
        """Type a command in some way and wait for the answer."""
        may = allowed(self.roles, command.who) if self.roles else command.serves(self.roles)
        text = self._prefix + written(command, way, self._today(), len(report.typed))
        one = Typed(self.who, self.where, command, way, text, thread, may)
        report.typed.append(one)
        await self._said(one)
        if _ASKS.search(one.answer):
            # What waits is given up, so that the next words are no answer to it.
            await self.says(report, command, "annuler", thread)
        return one

    async def says(self, report: Report, command: Command, text: str, thread: str | None) -> None:
        """Say something that is right, because of a command, and wait for the answer."""
        one = Typed(self.who, self.where, command, Way.RIGHT, self._prefix + text, thread, may=True)
        report.typed.append(one)
        await self._said(one)

    async def _said(self, one: Typed) -> None:
        began = time.monotonic()
        if isinstance(self._user, EncryptedUser):
            one.event_id = await self._user.say(self.room, one.text, thread=one.thread)
        else:
            one.event_id = await self._user.send(self.room, one.text, thread=one.thread)
        with suppress(TimeoutError):
            answer = await self._user.wait_for(
                lambda event: is_answer(event) and event.reply_to == one.event_id, PATIENCE
            )
            one.answers = [answer]
        one.seconds = time.monotonic() - began

    def collect(self, typed: Sequence[Typed]) -> None:
        """Give each message all that was said to it in the end."""
        events = [event for event in self._user.events if is_answer(event)]
        for one in typed:
            one.answers = [event for event in events if event.reply_to == one.event_id]


def is_answer(event: RoomEvent) -> bool:
    """Whether an event is words of the platform."""
    return event.sender == BOT and event.content.get("msgtype") == "m.notice"


# -- what is typed ----------------------------------------------------------------------------


def written(command: Command, way: Way, today: date, turn: int) -> str:
    """A command as somebody types it; ``turn`` chooses among the absurd words."""
    if way is Way.BARE:
        return command.name
    if way is Way.ABSURD:
        return f"{command.name} {_ABSURD[turn % len(_ABSURD)]}".strip()
    example = command.example_at(today) or command.name
    wrong = example.replace(command.name, misspelt(command.name), 1)
    return wrong if way is Way.MISSPELT else example


def misspelt(name: str) -> str:
    """A name that lacks a letter in the middle of its longest word."""
    word = max(name.split(), key=len)
    middle = len(word) // 2
    return name.replace(word, word[:middle] + word[middle + 1 :], 1)


# -- judging ----------------------------------------------------------------------------------


def findings(one: Typed, right: str) -> Iterator[str]:
    """What is wrong with what was said to a message; ``right`` is what the command's example got
    from the platform in the same room.
    """
    said = f"{one.who}, {one.where}: « {one.text[:60]} »"
    if len(one.answers) != 1:
        yield f"{len(one.answers)} answers to {said}"
    for answer in one.answers:
        if answer.thread != one.thread:
            yield f"answered in thread {answer.thread}, not {one.thread}: {said}"
    if one.text.startswith("!") and _BARE.search(one.answer):
        yield f"shows a command that is none here: {said}: {one.answer[:120]!r}"
    if OF_OURS in one.answer:
        yield f"a fault of ours: {said}"
    if one.way is Way.MISSPELT and one.may and not (puts_right(one) or one.answer == right):
        yield f"not put right: {said}: {one.answer[:80]!r}"


def judged(typed: Sequence[Typed]) -> Iterator[str]:
    """What is wrong with all that was said."""
    right: dict[tuple[str, str, str], str] = {}
    for one in typed:
        # Each example comes before what is wrong, which is compared with it.
        said = right.setdefault((one.who, one.where, one.command.name), one.answer)
        yield from findings(one, said)


def puts_right(one: Typed) -> bool:
    """Whether an answer names the command that was meant."""
    heard = fold(one.answer)
    return any(fold(name) in heard for name in one.command.names)


# -- the tour ---------------------------------------------------------------------------------


async def run(directory: Path, *, every: int = 1, first: int = 0) -> Report:
    """Set the stage, and let everybody type every ``every``-th command from the ``first`` on."""
    commands = everything().commands[first::every]
    report = Report()
    async with (
        stage(directory) as set_stage,
        play(set_stage, Listener(), PATIENCE) as people,
        AsyncExitStack() as stack,
    ):
        await _prepare(people)
        lines = await _lines(stack, set_stage, people)
        await asyncio.gather(*(_tour(report, line, commands) for line in lines))
        for line in lines:
            mine = (line.who, line.where)
            line.collect([one for one in report.typed if (one.who, one.where) == mine])
        log = set_stage.bot.log.read_text("utf-8")
    report.findings += judged(report.typed)
    report.findings += [line[:300] for line in log.splitlines() if _FAULT.search(line)]
    return report


_FAULT = re.compile(r"Traceback|\berror\b")


async def _tour(report: Report, line: Line, commands: Sequence[Command]) -> None:
    """Every command: right where everybody reads, and then wrong in the thread of that."""
    for command in commands:
        root = await line.types(report, command, Way.RIGHT, None)
        for way in (Way.MISSPELT, Way.BARE, Way.ABSURD):
            await line.types(report, command, way, root.event_id)
        if command.name == "langue":
            await line.says(report, command, "langue français", root.event_id)


async def _prepare(p: Play) -> None:
    """Members, an announcement, an order, a survey and a campaign, so that examples find them."""
    await administrator_arrives(p)
    await register_by_mail(p)
    await register_mail_only(p)
    await ask_for_help(p)
    await join(p)
    await p.ask(HELENE, p.helene, p.direct, "commander e-guichet", "confirm")
    await p.ask(HELENE, p.helene, p.direct, "confirmer", "est envoyée")
    for command in ("sondage", "ouvrir campagne"):
        example = everything().find(command)
        assert example is not None  # noqa: S101 - both are in the table
        text = example.command.example_at(p.stage.today)
        await p.ask(CAMILLE, p.camille, p.admins, f"!{text}")
        await p.ask(CAMILLE, p.camille, p.admins, "!oui")


async def _manager(set_stage: Stage) -> Account:
    """Give the manager of the first central a Matrix account, as her content file says it."""
    account = await set_stage.homeserver.register(MANAGER, PASSWORD)
    copied = set_stage.directory / "content"
    shutil.copytree(CONTENT, copied)
    told = (copied / "centrals.toml").read_text("utf-8")
    known = told.replace(
        "manager_matrix_ids = []", f'manager_matrix_ids = ["{account.user_id}"]', 1
    )
    (copied / "centrals.toml").write_text(known, "utf-8")
    if await set_stage.bot.once("load", str(copied)):
        raise RuntimeError(f"the content was not loaded: see {set_stage.bot.log}")
    return account


async def _lines(stack: AsyncExitStack, set_stage: Stage, p: Play) -> list[Line]:
    """Each person in an encrypted conversation, and in a plain room that others may enter."""
    stranger = await stack.enter_async_context(set_stage.chat("visiteur"))
    set_stage.accounts[MANAGER] = await _manager(set_stage)
    manager = await stack.enter_async_context(set_stage.chat(MANAGER))
    cast = {
        "stranger": (stranger, "visiteur", frozenset[Role]()),
        "member": (p.helene, "helene", frozenset({Role.MEMBER})),
        "manager": (manager, MANAGER, frozenset({Role.MANAGER})),
        "administrator": (p.camille, "camille", frozenset({Role.ADMINISTRATOR})),
    }
    lines = []
    for who, (user, name, roles) in cast.items():
        sealed = await EncryptedUser.with_new_device(
            set_stage.homeserver.url, set_stage.accounts[name], set_stage.directory / f"keys-{name}"
        )
        stack.push_async_callback(sealed.close)
        direct = Line(who, "encrypted", sealed, roles, today=lambda: set_stage.today)
        await direct.enter(partial(sealed.room_with, BOT))
        room = Line(who, "plain", user, roles, today=lambda: set_stage.today, prefix="!")
        await room.enter(partial(user.create_room, invite=[BOT], public=True))
        lines += [direct, room]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tour and print what it found."""
    parser = argparse.ArgumentParser(prog="sandbox.every_command", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every Nth command only")
    parser.add_argument("--first", type=int, default=0, help="begin with this one")
    parser.add_argument("--transcript", type=Path, help="where to write what was said")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="supracom-every-") as folder:
        report = asyncio.run(run(Path(folder), every=chosen.every, first=chosen.first))
    print(*report.lines(), sep="\n")
    if chosen.transcript:
        chosen.transcript.write_text("\n".join(report.transcript()), "utf-8")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
