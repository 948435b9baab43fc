"""The mail channel: batches from the mailbox, deliveries over SMTP."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.channel import Batch, Delivery, Refused, Unclear
from bot.mail.access_tokens import AccessTokens
from bot.mail.addresses import OwnAddress, domain_of
from bot.mail.bodies import Limits
from bot.mail.compose import compose
from bot.mail.imap import ImapConnection, ImapError
from bot.mail.mailbox import Letter, MailboxKeeper, MailboxReader, Position, Trouble
from bot.mail.parse import Reading, is_copy
from bot.mail.parsing import ParsingError, ParsingProcess, Sheet
from bot.mail.politeness import Politeness
from bot.mail.render import MailRenderer, Signature
from bot.mail.signing import signed
from bot.mail.smtp import SmtpPool
from config.settings import Mail
from handlers.request import Kind
from handlers.tokens import return_tag

_log = structlog.get_logger(__name__)
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0


def _system_clock() -> datetime:
    return datetime.now(UTC)


def reading_for(settings: Mail, secret: str) -> Reading:
    """What the settings say about the reading of mail."""
    believed = settings.authserv_id if settings.trust == "authentication-results" else None
    return Reading(
        OwnAddress(settings.address, settings.plus_addressing),
        believed,
        secret.encode(),
        limits=Limits(bytes=settings.max_bytes),
    )


class MailChannel:
    """One mailbox and one SMTP server (see bot.channel.Channel).

    ``secret`` (platform.secret) makes the proofs in our copies: as long as it stays the same,
    copies of earlier runs are recognised. ``tls`` replaces the system's certificates. In
    ``data_dir`` a refresh token is kept that a token service replaced.
    """

    name = "mail"
    is_tied: bool | None = False

    def __init__(
        self,
        settings: Mail,
        *,
        signature: Signature,
        secret: str,
        clock: Callable[[], datetime] = _system_clock,
        tls: ssl.SSLContext | None = None,
        data_dir: Path | None = None,
    ) -> None:
        key = secret.encode()
        self._reading = reading_for(settings, secret)
        own = self._reading.own
        self._settings = settings
        self._own = own
        self._clock = clock
        self._tls = tls
        self._tokens = AccessTokens(
            settings.oauth, data_dir / "mail-refresh-token.json" if data_dir else None
        )
        self._parser = ParsingProcess(self._reading, settings.parse_seconds)
        self._unreadable: set[Position] = set()
        self._pool = SmtpPool(settings.smtp, own.domain, tls, self._tokens)
        self._secret = secret
        self._politeness = Politeness(settings.per_domain)
        self._keeper = MailboxKeeper(settings, tls, self._tokens)
        self.renderer = MailRenderer(own, signature, key)
        self.grace = timedelta(seconds=settings.unclear_after_seconds)

    async def batches(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Batches of at most 50 mails and 20 MB, in the order of their arrival, for ever.

        Without a cursor, or when the mailbox was made anew, all of it is read. Raises ValueError
        for a cursor that is none.
        """
        position = Position.parse(cursor)
        trouble = Trouble()
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                async with self._connection() as connection:
                    reader = MailboxReader(connection, self._settings, position, trouble)
                    await reader.start()
                    pause = _FIRST_PAUSE_SECONDS
                    while True:
                        letters = await reader.next()
                        batch = await self._batch(letters, reader.position)
                        position = reader.position
                        yield batch
            except ImapError as error:
                _log.warning("mail.connection_lost", reason=str(error), again_in=round(pause, 1))
            except ParsingError as error:
                _log.error("mail.not_parsed", reason=str(error), again_in=round(pause, 1))
            # With jitter, so that several processes do not come back at once.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no cryptography
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _connection(self) -> ImapConnection:
        return ImapConnection(self._settings.imap, self._tls, self._tokens)

    def working(self, batch: Batch) -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - the Protocol's
        """Nobody can be shown anything meanwhile."""
        return nullcontext()

    async def committed(self, batch: Batch) -> None:
        """Mark the mails as seen, file our own copies with the sent mail, and put what could not be
        read in quarantine.

        What fails here is done after a later batch: nothing depends on it.
        """
        position = Position.parse(batch.cursor)
        aside = {p for p in self._unreadable if p.is_before(position)}
        try:
            await self._keeper.tidy(
                position,
                lambda head: is_copy(head, self._reading),
                [p.uid for p in aside if p.uidvalidity == position.uidvalidity],
            )
        except ImapError as error:
            _log.warning("mail.not_tidied", reason=str(error))
        else:
            self._unreadable -= aside

    async def send(self, delivery: Delivery) -> str:
        """Send one mail; gives its Message-ID. Raises TryLater, Refused or Unclear."""
        message_id = delivery.external_id or str(delivery.payload["message_id"])
        if delivery.unclear and await self._was_sent(message_id):
            return message_id
        mail = await asyncio.to_thread(self._composed, delivery)
        recipient = str(delivery.payload["to"])
        async with self._politeness.turn(domain_of(recipient)):
            await self._pool.deliver(self._return_path(delivery), recipient, self._own.copy, mail)
        return message_id

    def _return_path(self, delivery: Delivery) -> str:
        """Where a server gives this very mail back; no two mails have the same."""
        if not self._settings.return_tokens:
            return self._own.address
        return self._own.with_tag(return_tag(self._secret, delivery.id))

    async def close(self) -> None:
        """Log out everywhere."""
        await self._pool.close()
        await self._keeper.close()
        await self._parser.close()

    async def _batch(self, letters: Sequence[Letter], position: Position) -> Batch:
        sheets = [self._sheet(letter, position.uidvalidity) for letter in letters]
        requests = await self._parser.read(sheets)
        self._unreadable |= {
            Position(position.uidvalidity, letter.uid)
            for letter, request in zip(letters, requests, strict=True)
            if request.kind is Kind.UNREADABLE
        }
        return Batch(requests, str(position))

    def _sheet(self, letter: Letter, uidvalidity: int) -> Sheet:
        return Sheet(
            content=letter.content or b"",
            received_at=self._clock(),
            place=f"{self._own.address} {uidvalidity}:{letter.uid}",
            whole=letter.whole and letter.content is not None,
        )

    async def _was_sent(self, message_id: str) -> bool:
        """Whether the copy of a mail arrived; Unclear for longer if nobody can say."""
        try:
            return await self._keeper.holds(message_id)
        except ImapError as error:
            raise Unclear(f"the copy could not be looked for: {error}") from error

    def _composed(self, delivery: Delivery) -> bytes:
        try:
            mail = compose(
                delivery.payload,
                delivery.files,
                address=self._own.address,
                sender_name=self._settings.sender_name,
                date=self._clock(),
            )
            return signed(mail, self._settings.dkim)
        except ValueError as error:
            # A header that may not be sent will not be better the next time.
            raise Refused(f"not a mail: {error}") from error
