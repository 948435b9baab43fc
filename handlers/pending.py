"""Which open question a word answers: the one it names, or the last one asked where it is said.

An answer to our message (a reply, a reaction, the reply address of a mail) is exact. A bare « oui »
is taken for the last question of the same conversation and thread only, and only while that is
fresh; elsewhere, or later, its author is told which question is open and how to answer it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from config.folding import fold
from handlers import texts
from handlers.context import Context
from handlers.observation import Action
from handlers.reading.consent import calls_off
from handlers.reading.letters import level
from handlers.reply import Reply, reply
from handlers.request import NO, YES, Kind
from handlers.tokens import named_by, read_tag
from handlers.wording import Text, _
from storage import conversations, members, reminders
from storage.conversations import FORM, Question

FRESH = timedelta(hours=1)
"""How long after a question a bare yes or no, in the same conversation, is its answer."""

SUGGESTION = "suggestion"
"""The question « vouliez-vous dire … ? », which lapses with the next message."""


def named(ctx: Context) -> Question | None:
    """The open question that a message answers by naming it; only the person asked can."""
    if ctx.topic is None or ctx.topic.kind != "question":
        return None
    asked = ctx.session.get(Question, ctx.topic.id)
    if asked is None or not asked.waits(ctx.now):
        return None
    theirs = (ctx.incoming.channel, ctx.incoming.sender.lower())
    return asked if theirs == (asked.channel, asked.address) else None


def asked_here(ctx: Context) -> Question | None:
    """The fresh question that a bare yes or no answers where it is said.

    A thread has a topic of its own; a question asked in it comes before that.
    """
    incoming = ctx.incoming
    direct = [one for one in incoming.answers if one != incoming.thread]
    elsewhere = ctx.topic is not None and (direct or incoming.thread is None)
    if incoming.kind is not Kind.MESSAGE or elsewhere:
        return None
    return conversations.asked_here(
        ctx.session,
        incoming.channel,
        incoming.sender,
        incoming.conversation,
        incoming.thread,
        ctx.now - FRESH,
        ctx.now,
    )


def leaned_to(ctx: Context) -> Question | None:
    """The fresh question to which words begin with a yes or a no without being one: « oui mais… »
    is no letter of its own, and is answered as what it is about.
    """
    first = fold(ctx.incoming.text).partition(" ")[0]
    if not ctx.incoming.interactive or first not in YES | NO:
        return None
    asked = asked_here(ctx)
    return asked if asked is not None and asked.kind != FORM else None


def about_to_leave(ctx: Context) -> Question | None:
    """The draft that would leave by itself, called off in a new message: « ne l'envoyez pas »."""
    incoming = ctx.incoming
    alone = incoming.direct and ctx.topic is None and not incoming.files
    if not alone or len(incoming.text.split()) > _BRIEF or not calls_off(incoming.text):
        return None
    place = incoming.channel, incoming.sender, ctx.now
    asked = conversations.waiting(ctx.session, "announcement", *place)
    if asked is None or asked.asked_at < ctx.now - FRESH:
        return None
    return asked if reminders.is_planned(ctx.session, "publication", asked.topic) else None


_BRIEF = 25
_CHANGES_ORDER = re.compile(
    r"^\W*(?:(?:bonjour|finalement|svp|pardon|desole\w*)\b[\s,.!]*)*(?:non,? )?"
    r"(?:mett(?:ez|re)|chang(?:ez|er)|modifi(?:ez|er)|remplac(?:ez|er)|ajout(?:ez|er)"
    r"|enlev(?:ez|er)|plutot|quantite|finalement)\b"
)


def order_changed(ctx: Context) -> Question | None:
    """The draft of an order just shown, which a new message changes: « mettez 4 e-guichets »."""
    incoming = ctx.incoming
    alone = incoming.direct and ctx.topic is None and not incoming.files
    if not alone or len(incoming.text.split()) > _BRIEF:
        return None
    if not _CHANGES_ORDER.match(level(incoming.text)):
        return None
    place = incoming.channel, incoming.sender, ctx.now
    asked = conversations.waiting(ctx.session, "order", *place)
    return asked if asked is not None and asked.asked_at > ctx.now - FRESH else None


def file_for(ctx: Context) -> Question | None:
    """The fresh question about a draft, with which a file that is sent on its own goes."""
    if not ctx.incoming.files or ctx.incoming.text.strip() or ctx.topic is not None:
        return None
    asked = asked_here(ctx)
    if asked is None and ctx.incoming.direct and ctx.incoming.thread is None:
        return _asked_in_a_thread(ctx)
    return asked if asked is not None and asked.kind == "announcement" else None


def _asked_in_a_thread(ctx: Context) -> Question | None:
    """The fresh draft or form in a thread of this conversation: programs send a file beside the
    thread that one writes in.
    """
    incoming = ctx.incoming
    place = incoming.channel, incoming.sender, ctx.now
    found = (conversations.waiting(ctx.session, kind, *place) for kind in ("announcement", FORM))
    there = [
        one
        for one in found
        if one is not None
        and one.thread
        and one.conversation == incoming.conversation
        and one.asked_at > ctx.now - FRESH
    ]
    return max(there, key=lambda one: one.id, default=None)


def is_others(ctx: Context) -> bool:
    """Whether words in a room belong to what another person was asked, and are not said to us."""
    if ctx.incoming.addressed or ctx.topic is None or ctx.topic.kind != "question":
        return False
    asked = ctx.session.get(Question, ctx.topic.id)
    return asked is not None and asked.address != ctx.incoming.sender.lower()


def lapse_suggestions(ctx: Context, answered: Question | None) -> None:
    """A suggestion holds until its author says anything else."""
    if answered is None or answered.kind != SUGGESTION:
        conversations.lapse(
            ctx.session, SUGGESTION, ctx.incoming.channel, ctx.incoming.sender, ctx.now
        )


_AGREED = frozenset({"ok", "d accord", "ok merci", "d accord merci", "merci d accord"})
"""What people say to a receipt, without answering any question."""


def to_name(ctx: Context) -> Reply | None:
    """The answer to a bare yes or no that names no question: which one is open, and how to answer.

    What is asked of one person is nothing for those who read the same room.
    """
    asked = conversations.open_anywhere(
        ctx.session, ctx.incoming.channel, ctx.incoming.sender, ctx.now
    )
    if asked is None and (others := _of_another(ctx)) is not None:
        ctx.observe(question=others.kind, action=Action.HOLD, reason="asked_of_another")
        return reply(
            _(
                "Cette question a été posée à une autre personne : elle seule peut y répondre, de"
                " sa propre adresse. Rien n'a changé."
            )
        )
    if asked is None:
        return None if fold(ctx.incoming.text) in _AGREED else texts.nothing_asked()
    if not ctx.incoming.direct or not ctx.believed:
        return reply(
            _(
                "À quoi répondez-vous ? Répondez au message même qui pose la question ; rien n'est"
                " fait."
            )
        )
    return reply(
        _(
            "À quoi répondez-vous ? Une question vous attend depuis le {instant}, {about} :"
            " répondez « oui » ou « non » au message même qui la pose. Rien n'est fait d'ici là.",
            instant=asked.asked_at,
            about=_ABOUT.get(asked.kind, _("posée par la plateforme")),
        )
    )


def _of_another(ctx: Context) -> Question | None:
    """The open question of somebody else that a passed-on message of ours asks."""
    tag = ctx.incoming.tag or ""
    topic = named_by(tag)
    if topic is None or topic.kind != "question":
        return None
    asked = ctx.session.get(Question, topic.id)
    if asked is None or not asked.waits(ctx.now):
        return None
    ours = read_tag(ctx.platform.secret, tag, asked.address) is not None
    if ours:
        person = members.person_at(ctx.session, asked.channel, asked.address)
        ctx.observe(institution=person.institution if person else None)
    return asked if ours else None


_ABOUT: dict[str, Text] = {
    "adhesion": _("à propos d'une adhésion à votre centrale"),
    "announcement": _("à propos de votre annonce"),
    "announcement-facts": _("à propos de votre annonce"),
    "order": _("à propos de votre commande"),
    "leave": _("à propos de votre désinscription"),
    "identity": _("pour savoir si un message est bien de vous"),
    "registration": _("à propos de votre inscription"),
}
