"""Answers of calendar programs to our invitations: passed to who waits for them, never answered."""

from __future__ import annotations

import re

from handlers import broadcast, loans
from handlers.announcement_words import headline
from handlers.command import Table
from handlers.context import Context
from handlers.deadlines import is_deadline
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.invitation import Answer, read_answer
from handlers.reading.letters import level
from handlers.reply import Paragraph, Quote, Reply, reply
from handlers.wording import Text, _
from storage import announcements
from storage.announcements import Announcement

table = Table()

CALENDAR = "text/calendar"
_OURS = re.compile(r"announcement-(\d{1,18})@")
_NUMBER = re.compile(r"\b(?:annonce|A)[ -]*(?:n[°o]\s*)?(?:20\d\d-)?0*(\d{1,5})\b", re.IGNORECASE)


def answer_in(ctx: Context) -> Answer | None:
    """The calendar answer that a message carries, if it does."""
    for file in ctx.incoming.files:
        if file.media_type == CALENDAR:
            found = read_answer(file.content.decode("utf-8", "replace"))
            if found is not None:
                return found
    return None


def received(ctx: Context, answer: Answer) -> None:
    """Let those who wait for it know; a program that answers expects no answer."""
    ctx.observe(
        intent=Intent.CALENDAR_REPLY,
        action=Action.ACCEPT,
        calendar={"uid": answer.uid, "attendee": answer.attendee, "partstat": answer.state},
    )
    if ctx.person is None or Role.MEMBER not in ctx.roles:
        ctx.observe(action=Action.IGNORE)
        return
    if is_deadline(answer.uid):
        return
    if loans.is_loan(answer.uid):
        _about_loan(ctx, answer)
        return
    kept = _announcement(ctx, answer)
    if kept is None:
        ctx.tell_administrators(reply(Paragraph(_said(ctx, answer)), *_comment(answer)))
        return
    told = Paragraph(_said(ctx, answer, kept.reference))
    words = reply(told, *_comment(answer), title=headline(kept))
    broadcast.tell_author(ctx, kept, words.about(f"announcement:{kept.id}"))


def _about_loan(ctx: Context, answer: Answer) -> None:
    """The other side of a loan hears of it; nobody does if the sender has no part in it."""
    made = loans.named(ctx, answer.uid)
    if made is None:
        ctx.observe(action=Action.IGNORE)
        return
    words = reply(Paragraph(_said(ctx, answer)), *_comment(answer))
    ctx.tell(made.other_than(ctx.institution), words.about(str(loans.topic_of(made))))


def _announcement(ctx: Context, answer: Answer) -> Announcement | None:
    ours = _OURS.match(answer.uid)
    if ours:
        invited = ctx.session.get(Announcement, int(ours[1]))
        # Anybody can write an id: only what they may see can be answered.
        if invited is not None and invited.is_live and invited.is_for(ctx.institution):
            return invited
    number = _NUMBER.search(answer.summary) or _NUMBER.search(ctx.incoming.subject)
    kept = announcements.by_number(ctx.session, int(number[1]), None) if number else None
    return kept if kept is not None and kept.is_live else None


_STATE_BEFORE = re.compile(
    r"^(?:\s*(?:(?:invitation|[ée]v[ée]nement|[ée]v[èe]nement|rendez-vous|r[ée]union) )?"
    r"(?:re|r[ée]p(?:onse)?|accept[ée]e?|acceptation(?: provisoire)?|refus[ée]e?|d[ée]clin[ée]e?"
    r"|provisoire|peut-[êe]tre|tentative|accepted|declined|tentatively accepted|geaccepteerd"
    r"|afgewezen|geweigerd|voorlopig(?: geaccepteerd)?|zugesagt|abgesagt|abgelehnt"
    r"|mit vorbehalt)(?: provisoirement)?\s?:)+\s*",
    re.IGNORECASE,
)
"""What calendar programs put before the title of what they answer."""


def _said(ctx: Context, answer: Answer, reference: str = "") -> Text:
    """Who comes: to what bears a reference of ours, else to what the program calls it."""
    who = ctx.member.name
    what = reference or _STATE_BEFORE.sub("", answer.summary or ctx.incoming.subject).strip()
    match answer.state:
        case "ACCEPTED":
            return _("📅 **{who}** accepte le rendez-vous : {what}", who=who, what=what)
        case "DECLINED":
            return _("📅 **{who}** refuse le rendez-vous : {what}", who=who, what=what)
    return _("📅 **{who}** n'est pas encore certain du rendez-vous : {what}", who=who, what=what)


def _comment(answer: Answer) -> list[Quote]:
    return [Quote(answer.comment)] if answer.comment else []


@table.intent(Intent.CALENDAR_REPLY)
def without_calendar(ctx: Context, understood: Understanding) -> Reply | None:
    """A calendar answer whose calendar part was lost on the way: its words go on."""
    del understood
    state = _state_in(level(ctx.incoming.subject))
    summary = ctx.incoming.subject.partition(":")[2].strip()
    received(ctx, Answer("", ctx.incoming.sender, state, summary, "", ctx.incoming.text))
    return None


_UNSURE = re.compile(r"\b(?:provisoire\w*|peut-etre|tentative\w*|voorlopig|vorbehalt)\b")
_DECLINED = re.compile(r"\b(?:refus\w*|declin\w*|afgewezen|geweigerd|abgesagt|abgelehnt)\b")
_ACCEPTED = re.compile(r"\b(?:accept\w*|geaccepteerd|zugesagt|angenommen)\b")


def _state_in(subject: str) -> str:
    """What the levelled subject of a calendar's answer says before its colon."""
    told = subject.partition(":")[0]
    if _UNSURE.search(told):
        return "TENTATIVE"
    if _DECLINED.search(told):
        return "DECLINED"
    return "ACCEPTED" if _ACCEPTED.search(told) else "TENTATIVE"
