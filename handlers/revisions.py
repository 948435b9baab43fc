"""Messages that their authors change or take back after they were sent.

What was only pending goes: an open question is answered « no » by whoever changes what made us ask
it. What did something is followed by the capability that did it, or else its author is told that it
stays done. What was taken back is forgotten, word for word, wherever the record needs no words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import pending
from handlers.command import Call, Followed, Table
from handlers.context import Context, Revision
from handlers.desk import PLACE, Desk
from handlers.reply import Refusal, Reply, reply
from handlers.request import Incoming, Kind, Topic
from handlers.wording import _
from storage import conversations, files, inbox, outbox
from storage.conversations import Answer, Question
from storage.inbox import Entry

table = Table()

REVISING = frozenset({Kind.EDIT, Kind.WITHDRAWAL})
FORGET_AFTER = timedelta(hours=1)
"""When what was on its way at the moment of its withdrawal is looked at again, to be forgotten."""


# -- which message is changed, and by whom ----------------------------------------------------


def origin_of(session: Session, incoming: Incoming) -> Entry | None:
    """The earlier message that a change names, if we ever took it in."""
    if incoming.kind not in REVISING:
        return None
    return inbox.first_of(session, incoming.channel, incoming.revises)


def as_change(
    incoming: Incoming, origin: Entry | None, administrators: Collection[str]
) -> Incoming | None:
    """A change as the request that it makes: where and to whom the first version was said, with the
    new words. None for what nobody has to follow, or what this sender may not change.
    """
    if incoming.kind not in REVISING:
        return incoming
    if origin is None or (incoming.kind is Kind.EDIT and not _was_read(origin)):
        # What was not meant for us, or not readable, may be so now.
        return replace(incoming, kind=Kind.MESSAGE, revises="") if _is_edit(incoming) else None
    if origin.state == inbox.State.WITHDRAWN or not _may(incoming, origin, administrators):
        return None
    return replace(
        Incoming.from_record(origin.record),
        kind=incoming.kind,
        external_id=incoming.external_id,
        revises=origin.external_id,
        sender=incoming.sender,
        sent_at=incoming.sent_at,
        text=incoming.text,
        addressed=incoming.addressed,
        files=incoming.files,
    )


def _is_edit(incoming: Incoming) -> bool:
    return incoming.kind is Kind.EDIT


def _was_read(origin: Entry) -> bool:
    """Whether the first version was a message with words; a symbol cannot be edited."""
    return origin.record["kind"] in {Kind.MESSAGE, Kind.REACTION, Kind.VOTE}


def _may(incoming: Incoming, origin: Entry, administrators: Collection[str]) -> bool:
    """Whether a sender may change a message: its author may, where it was said; whoever looks after
    the platform may take it away, and nobody else, whatever a room lets them do.
    """
    if incoming.conversation != origin.record["conversation"]:
        return False
    if incoming.sender == origin.sender:
        return incoming.kind is Kind.WITHDRAWAL or origin.record["kind"] == Kind.MESSAGE
    return incoming.kind is Kind.WITHDRAWAL and incoming.sender in administrators


# -- following it -----------------------------------------------------------------------------


def followed(ctx: Context, whole: Table, call: Call | None) -> Followed | None:
    """What comes of an edit; None if nothing came of the message so far: it is read anew. ``call``
    is the command that it is now, if it is one.

    Raises Refusal where what was done stays done.
    """
    revision = _revision(ctx, call)
    before = revision.versions[-2].record["text"] if len(revision.versions) > 1 else None
    if ctx.incoming.text.strip() == str(before).strip():
        return Followed()
    for follow in whole.edits:
        done = follow(ctx, revision)
        if done is not None:
            ctx.audit("message.changed", Topic("inbox", revision.origin.id))
            return done
    if _has_acted(ctx.session, revision):
        raise Refusal(
            _(
                "Votre message d'origine a déjà été exécuté : sa modification ne change rien."
                " Envoyez un nouveau message pour corriger."
            )
        )
    _drop_pending(ctx, whole, revision)
    conversations.reopen(ctx.session, revision.ids)
    meant = ctx.incoming.direct or ctx.incoming.addressed or ctx.topic is not None
    return None if meant else Followed()


def withdrawn(ctx: Context, whole: Table) -> Reply | None:
    """Drop what waits for a message that was taken back, take back what it did, forget its words,
    and say what could not be undone.
    """
    revision = _revision(ctx)
    if revision.origin.origin_id is not None:
        # Only one version of it: the words that were said first stand again, and were answered.
        inbox.erase(ctx.session, revision.origin)
        return None
    done = next((d for follow in whole.withdrawals if (d := follow(ctx, revision))), None)
    acted = _has_acted(ctx.session, revision)
    dropped = _drop_pending(ctx, whole, revision)
    _forget(ctx, revision)
    ctx.audit("message.withdrawn", Topic("inbox", revision.origin.id))
    if done is not None:
        return done.words
    if acted:
        return reply(
            _(
                "Ce que vous venez de supprimer avait déjà été exécuté : ses mots sont effacés de"
                " mes dossiers, mais ce qui a été fait reste fait. Pour revenir dessus : `aide`."
            )
        )
    take_back(ctx, revision)
    return dropped


def take_back(ctx: Context, revision: Revision) -> int:
    """Take back what was said because of a message; gives how many others keep it all the same."""
    rows = outbox.caused_by(ctx.session, revision.ids)
    kept = {row.destination for row in rows if not ctx.retract(row)}
    # How things stand is shown in the places; nobody keeps that.
    readers = {one for one in kept if not one.startswith(PLACE)}
    return len(readers - {ctx.incoming.conversation})


def _revision(ctx: Context, call: Call | None = None) -> Revision:
    origin = ctx.session.get_one(Entry, ctx.entry.origin_id)
    words = call.words if call else ctx.incoming.text
    return Revision(origin, _said(ctx.session, origin), words.strip(), is_command=call is not None)


def _said(session: Session, origin: Entry) -> tuple[Entry, ...]:
    """The versions of a message; that it was taken back is none."""
    known = inbox.versions(session, origin)
    return tuple(entry for entry in known if entry.record["kind"] != Kind.WITHDRAWAL)


def _has_acted(session: Session, revision: Revision) -> bool:
    """Whether anything came of a message, at once or by the answer to what was asked then."""
    asked = conversations.asked_because_of(session, revision.ids)
    answers = {question.answer for question in asked if question.answered_at is not None}
    return any(v.acted for v in revision.versions) or bool(answers & {Answer.YES, Answer.WORDS})


def _drop_pending(ctx: Context, whole: Table, revision: Revision) -> Reply | None:
    """Answer « no » to what a message made us ask; gives what is said to that."""
    words = None
    for question in conversations.asked_because_of(ctx.session, revision.ids):
        if question.waits(ctx.now):
            conversations.answer(ctx.session, question.id, ctx.now, said=False)
            words = _said_no(ctx, whole, question) or words
    return words


def _said_no(ctx: Context, whole: Table, question: Question) -> Reply | None:
    handler = whole.questions[question.kind]
    # Whose message it is was proved otherwise; and a mere offer needs no word.
    if handler.proves_address or question.kind == pending.SUGGESTION:
        return None
    try:
        return handler.run(ctx, question, False)
    except Refusal:
        # Whoever takes it away may not be whom we asked.
        return None


# -- forgetting -------------------------------------------------------------------------------


def _forget(ctx: Context, revision: Revision) -> None:
    for version in revision.versions:
        inbox.erase(ctx.session, version)
    for question in conversations.asked_because_of(ctx.session, revision.ids):
        question.data = {}
    _forget_rows(ctx, Topic("inbox", revision.origin.id))


@table.reminder("forget")
def _forget_rows(desk: Desk, topic: Topic) -> None:
    """Forget what was said because of a message; what is still on its way, once it has arrived."""
    origin = desk.session.get_one(Entry, topic.id)
    rows = outbox.caused_by(desk.session, [version.id for version in _said(desk.session, origin)])
    for row in rows:
        if row.state not in outbox.WAITING:
            outbox.erase(row)
    if any(row.state in outbox.WAITING for row in rows):
        desk.remind("forget", topic, desk.now + FORGET_AFTER)


@table.reminder("forget-file")
def _forget_file(desk: Desk, topic: Topic) -> None:
    """Forget a file that was taken back, once nothing carries it any more."""
    if outbox.carries(desk.session, topic.id):
        desk.remind("forget-file", topic, desk.now + FORGET_AFTER)
    else:
        files.forget(desk.session, topic.id)
