"""One request, one transaction: what came in, what it changed, what is answered, how far was read.

This is the only place where a request meets the database, and the only one that catches what a
handler did not foresee.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from handlers import (
    admission,
    flood,
    identity,
    notices,
    pending,
    recognition,
    revisions,
    rhythms,
    shelf,
    texts,
)
from handlers.command import Table
from handlers.context import Context
from handlers.desk import PLACE, Desk
from handlers.observation import Action, Observation
from handlers.paper import Paper
from handlers.platform import Platform
from handlers.policy import Role
from handlers.reply import Forbidden, Refusal, Reply
from handlers.request import MOVES, Incoming, IncomingFile, Kind, Topic
from handlers.routing import Router
from handlers.tokens import read_tag
from storage import attendance, cursors, files, inbox, members, outbox
from storage.engine import is_contention
from storage.inbox import Entry, State

log = structlog.get_logger()


class Dispatcher:
    """Turns incoming messages into committed effects and answers."""

    def __init__(
        self, platform: Platform, table: Table, observation: Observation | None = None
    ) -> None:
        self.platform = platform
        self.observation = observation
        self.router = Router(table)

    def take(
        self,
        session: Session,
        channel: str,
        requests: Sequence[Incoming],
        cursor: str,
        epoch: int,
        now: datetime,
    ) -> None:
        """The unit of work of one batch: all its messages, each in a savepoint, and the cursor.

        Raises Fenced when another process reads this channel now: then nothing is changed.
        """
        cursors.advance(session, channel, cursor, epoch)
        for incoming in requests:
            self.take_one(session, incoming, now)

    def take_one(self, session: Session, incoming: Incoming, now: datetime) -> None:
        """Enter one message and answer it; a message that was entered before changes nothing."""
        if incoming.kind is Kind.COPY:
            outbox.confirm(session, incoming.channel, incoming.external_id, incoming.tag, now)
            return
        if incoming.kind in MOVES:
            self._moved(session, incoming, now)
            return
        origin = revisions.origin_of(session, incoming)
        administrators = self.platform.settings.platform.administrators
        change = revisions.as_change(incoming, origin, administrators)
        if change is None:
            return
        incoming = change
        topic = self._topic(session, incoming, now)
        if not _is_ours(incoming, topic):
            return
        entry = self._enter(session, incoming, topic, now, origin)
        if entry is None:
            if self.observation is not None:
                self.observation.note(intent="duplicate", action=Action.IGNORE)
            return
        # A person is told of what could not be read and of what came back, even if nobody can be
        # answered.
        if rhythms.is_stop(self.platform, incoming):
            # Sent by a mail program or its server, for its owner.
            self.handle(session, entry, incoming, now)
        elif incoming.automatic and incoming.kind not in {Kind.UNREADABLE, Kind.BOUNCE}:
            entry.state = State.AUTOMATIC
        elif not self._has_to_wait(session, entry, incoming, now):
            self.handle(session, entry, incoming, now)

    def _moved(self, session: Session, incoming: Incoming, now: datetime) -> None:
        """Somebody came or went: it is known where they read, and nothing else happens."""
        where, here = incoming.conversation, incoming.kind is Kind.ARRIVAL
        if not where.startswith(PLACE):
            members.note_presence(session, incoming.channel, incoming.sender, where, here=here)
            return
        place = where.removeprefix(PLACE)
        if incoming.kind is not Kind.ROLL:
            state = attendance.JOINED if here else attendance.GONE
            attendance.note(session, place, incoming.sender, state, now)
            return
        attendance.call(session, place, dict(incoming.roll), now)
        admission.arrange(Desk(session, self.platform, now))

    def _has_to_wait(
        self, session: Session, entry: Entry, incoming: Incoming, now: datetime
    ) -> bool:
        """Whether its sender wrote too often of late; then it lies on the shelf now."""
        if not flood.is_bounded(self.platform, incoming):
            return False
        ctx = self._context(session, entry, incoming, now, confirmed=False)
        if not flood.is_over(ctx):
            return False
        words = flood.set_aside(ctx)
        if words is not None:
            self._reply(ctx, words)
        return True

    def handle(
        self,
        session: Session,
        entry: Entry,
        incoming: Incoming,
        now: datetime,
        *,
        confirmed: bool = False,
    ) -> None:
        """Answer a message that is entered; ``confirmed`` if its sender proved to be its sender."""
        fault: Exception = RuntimeError("not tried")
        for attempt in range(1, self.platform.settings.receiver.attempts + 1):
            try:
                self._answer(session, entry, incoming, now, confirmed=confirmed)
                return
            except DBAPIError as error:
                if is_contention(error):
                    raise
                fault = error
            except Exception as error:  # noqa: BLE001 - whatever a handler did not foresee
                fault = error
            log.error("handler failed", entry=entry.id, attempt=attempt, error=type(fault).__name__)
        self._shelve(session, entry, incoming, fault, now)

    # -- understanding who and what ---------------------------------------------------------

    def _topic(self, session: Session, incoming: Incoming, now: datetime) -> Topic | None:
        """What a message is about: by its reply token, by the message that it answers, or as far
        as it can be recognised.
        """
        if incoming.tag:
            tagged = read_tag(self.platform.secret, incoming.tag, incoming.sender)
            if tagged is not None:
                return tagged
        for answered in (*incoming.answers, *((incoming.thread,) if incoming.thread else ())):
            known = outbox.topic_of(session, incoming.channel, answered) or inbox.topic_of(
                session, incoming.channel, answered
            )
            if known:
                return Topic.parse(known)
        return recognition.topic_of(session, incoming, now)

    def _enter(
        self,
        session: Session,
        incoming: Incoming,
        topic: Topic | None,
        now: datetime,
        origin: Entry | None = None,
    ) -> Entry | None:
        entry = inbox.accept(
            session,
            incoming.channel,
            incoming.external_id,
            incoming.sender,
            incoming.as_record(),
            now,
            str(topic) if topic else None,
        ) or self._read_at_last(session, incoming)
        if entry is None:
            return None
        if topic is not None:
            entry.topic = str(topic)
        if incoming.revises and origin is not None:
            entry.origin_id = origin.id
        for file in incoming.files:
            paper = file.paper.as_record() if file.paper else None
            kept = files.keep(session, file.name, file.media_type, file.content, now, paper)
            inbox.attach(session, entry, kept.id)
        return entry

    def _read_at_last(self, session: Session, incoming: Incoming) -> Entry | None:
        """What lies on the shelf because it could not be read, and now can: somebody put it back
        where it came in.
        """
        key = (incoming.channel, incoming.external_id, incoming.sender)
        entry = inbox.shelved_at(session, *key)
        if entry is None or incoming.kind is Kind.UNREADABLE:
            return None
        if entry.record["kind"] != Kind.UNREADABLE:
            return None
        entry.record, entry.state = incoming.as_record(), State.HANDLED
        return entry

    def _context(
        self, session: Session, entry: Entry, incoming: Incoming, now: datetime, *, confirmed: bool
    ) -> Context:
        tag = incoming.tag
        proved = bool(tag and read_tag(self.platform.secret, tag, incoming.sender))
        return Context(
            session,
            self.platform,
            now,
            incoming,
            entry=entry,
            person=members.person_at(session, incoming.channel, incoming.sender),
            topic=Topic.parse(entry.topic) if entry.topic else None,
            believed=incoming.authenticated or proved or confirmed,
            observation=self.observation,
        )

    # -- answering --------------------------------------------------------------------------

    def _answer(
        self, session: Session, entry: Entry, incoming: Incoming, now: datetime, *, confirmed: bool
    ) -> None:
        """Answer in a savepoint: what a handler did before it refused is undone, and only that."""
        with session.begin_nested() as tried:
            ctx = self._context(session, entry, incoming, now, confirmed=confirmed)
            try:
                words = self.router.answer(ctx)
            except (Refusal, identity.Unproved) as reason:
                tried.rollback()
                refused = reason
            else:
                self._say(ctx, words)
                return
        with session.begin_nested():
            self._say(ctx, self._refused(ctx, refused))

    def _refused(self, ctx: Context, reason: Refusal | identity.Unproved) -> Reply:
        """What is said where a message was understood and is not done."""
        if isinstance(reason, identity.Unproved):
            words = identity.hold(ctx, reason.act)
            ctx.observe(action=Action.HOLD, reason="sender_not_proved")
            return words
        if isinstance(reason, Forbidden) and reason.needed in {Role.ADMINISTRATOR, Role.ASKER}:
            log.warning("refused, an administrator's command", entry=ctx.entry.id, act=reason.act)
            ctx.audit("command.refused", Topic("entry", ctx.entry.id), act=reason.act)
        ctx.observe_default(action=Action.REFUSE)
        asked = pending.named(ctx)
        if asked is None or reason.reply.topic:
            return reason.reply
        # The question waits on: an answer to this refusal is one to the question.
        return reason.reply.about(f"question:{asked.id}")

    def _say(self, ctx: Context, words: Reply | None) -> None:
        if words is not None:
            self._reply(ctx, words)
        self._retake(ctx)

    def _reply(self, ctx: Context, words: Reply) -> None:
        incoming = ctx.incoming
        if incoming.automatic:
            return
        if words.topic:
            ctx.entry.topic = words.topic
        ctx.observe(language=ctx.language)
        ctx.put(incoming.channel, incoming.conversation, ctx.language, words, answering=incoming)

    def _retake(self, ctx: Context) -> None:
        """Do what a message asked that was held until its sender confirmed it."""
        if ctx.released is None:
            return
        held = ctx.session.get_one(Entry, ctx.released)
        held.state = State.HANDLED
        self.handle(ctx.session, held, recall(ctx.session, held), ctx.now, confirmed=True)

    def _shelve(
        self,
        session: Session,
        entry: Entry,
        incoming: Incoming,
        fault: BaseException,
        now: datetime,
    ) -> None:
        desk = Desk(session, self.platform, now)
        reference = shelf.put(desk, entry, "".join(traceback.format_exception(fault)))
        words = texts.fault_to_administrators(reference, fault)
        notices.tell(desk, notices.Sort.FAULT, words, name=reference)
        if not incoming.automatic:
            desk.put(
                incoming.channel,
                incoming.conversation,
                desk.language_at(incoming.channel, incoming.sender, incoming.conversation),
                texts.fault(reference),
                answering=incoming,
            )

    def retry(self, session: Session, reference: str, now: datetime) -> bool:
        """Handle a shelved message again; False if none that can be lies under this reference."""
        entry = inbox.by_reference(session, reference)
        if entry is None or entry.state != State.SHELVED:
            return False
        if entry.record["kind"] == Kind.UNREADABLE:
            return False
        entry.state, entry.traceback = State.HANDLED, None
        self.handle(session, entry, recall(session, entry), now)
        return True


def recall(session: Session, entry: Entry) -> Incoming:
    """A message as it came in, from the inbox."""
    kept = (session.get_one(files.StoredFile, id_) for id_ in inbox.files_of(session, entry))
    return Incoming.from_record(entry.record, tuple(map(_as_it_came, kept)))


def _as_it_came(kept: files.StoredFile) -> IncomingFile:
    paper = Paper.from_record(kept.paper) if kept.paper else None
    return IncomingFile(kept.name, kept.media_type, kept.content, paper)


def _is_ours(incoming: Incoming, topic: Topic | None) -> bool:
    """Whether a message is meant for the platform: what members say among themselves is not even
    kept (acceptance B30, data protection by design).
    """
    if incoming.kind in {Kind.REACTION, Kind.VOTE}:
        return topic is not None
    return bool(incoming.revises) or incoming.direct or incoming.addressed or topic is not None
