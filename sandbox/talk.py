"""Who holds a conversation crosswise by mail and in Matrix, and what each must have read of it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from email.message import EmailMessage

from sandbox.clients import MailUser, MatrixUser
from sandbox.story import HELENE, Play

BRUNO, MARC, ODILE = "Bruno (CPAS Rouvroy)", "Marc (CPAS Virton)", "Odile (CPAS Saint-Léger)"
SECRET = "confidence-qui-reste-entre-nous"
"""What is said in private."""
_LATEST_KILL = 1.2
"""How many seconds after somebody spoke the bot is killed, at most."""


@dataclass(slots=True)
class Talk:
    """The conversation: who takes part, and what each must have read."""

    play: Play
    odile: MatrixUser
    marc_mail: MailUser
    odile_mail: MailUser
    chance: random.Random
    killing: frozenset[int]
    root: str = ""
    reference: str = ""
    broadcasts: dict[str, EmailMessage] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    """From which message on somebody takes part by mail."""
    by: list[str] = field(default_factory=list)
    stopped: int | None = None
    """At which message Marc said STOP."""
    killers: list[asyncio.Task[None]] = field(default_factory=list)
    kills: int = 0

    @property
    def mailboxes(self) -> dict[str, MailUser]:
        """Those who read in their mailbox only."""
        return {BRUNO: self.play.bruno_mail, MARC: self.marc_mail}

    @property
    def chats(self) -> dict[str, MatrixUser]:
        """Those who read in the members' room."""
        return {HELENE: self.play.helene, ODILE: self.odile}

    def spoke(self) -> None:
        """Somebody just spoke; perhaps the bot is killed a moment later."""
        if len(self.tokens) in self.killing:
            self.killing -= {len(self.tokens)}
            self.killers.append(asyncio.create_task(self._kill()))

    async def _kill(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, _LATEST_KILL))
        # A moment between two lives is none: there is nothing to kill.
        while not self.play.stage.bot.kill():  # noqa: ASYNC110 - a process has no event for it
            await asyncio.sleep(0.02)
        self.kills += 1
