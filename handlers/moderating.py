"""Announcements that wait for an administrator: handed in, shown whole, shown again when their
author changes them.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import kinds
from handlers.announcement_words import enclosed, headline, preview
from handlers.desk import PLACE, Desk
from handlers.reply import Choice, Choices, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _
from storage import announcement_steps, moderation, outbox
from storage.announcement_states import Step
from storage.announcements import Announcement
from storage.outbox import Row

REMINDED_AFTER = timedelta(days=1)
"""When the administrators are reminded of one that still waits."""


def topic_of(kept: Announcement) -> Topic:
    """What is said about its moderation, apart from the conversation that it will have."""
    return Topic("moderation", kept.id)


def is_required(desk: Desk, kept: Announcement) -> bool:
    """Whether an announcement waits for an administrator before it leaves."""
    return moderation.is_required(desk.session, kinds.key_of(kept))


def submit(desk: Desk, kept: Announcement) -> Reply:
    """Hand a confirmed announcement to the administrators; gives what its author is told."""
    announcement_steps.take(desk.session, kept, Step.SUBMIT, at=desk.now, by=kept.person)
    show(desk, kept)
    desk.remind("moderation", topic_of(kept), desk.now + REMINDED_AFTER)
    author = next((one.address for one in kept.person.addresses), "")
    desk.record(author, "announcement.submitted", topic_of(kept), direction=kept.direction)
    return waits(kept)


def waits(kept: Announcement) -> Reply:
    """What the author of an announcement that waits is told."""
    return reply(
        _(
            "Votre annonce attend la relecture d'un administrateur ; elle part dès qu'elle est"
            " acceptée, et vous en êtes prévenu."
        ),
        _("D'ici là, répondez à ce message : « annuler » la retire, un nouveau texte la remplace."),
        title=headline(kept),
    ).about(str(topic_of(kept)))


def show(desk: Desk, kept: Announcement, lead: Text | None = None) -> None:
    """Show the whole announcement to the administrators, for a yes or a no."""
    number = kept.id
    said_by = _(
        "**{name}**, {institution} :",
        name=kept.person.name,
        institution=kept.person.institution.name,
    )
    words = reply(
        lead or _("🔎 Une annonce attend votre relecture (M-{number}).", number=number),
        said_by,
        *preview(desk, kept),
        Choices(
            (
                Choice("✅", _("valider"), _("l'annonce part")),
                Choice("❌", _("rejeter"), _("elle ne part pas, avec un motif")),
            )
        ),
        _("Ou bien : `valider M-{number}`, `rejeter M-{number} MOTIF`.", number=number),
        title=_("Annonce à relire (M-{number})", number=number),
    )
    desk.tell_place(
        Place.ADMINS, words.with_files(*enclosed(desk, kept)).about(str(topic_of(kept)))
    )


def last_shown(desk: Desk, kept: Announcement) -> Row | None:
    """The message in which the administrators were shown the announcement as it is now."""
    where = f"{PLACE}{Place.ADMINS}"
    rows = outbox.about(desk.session, str(topic_of(kept)))
    return next(
        (
            row
            for row in reversed(rows)
            if row.destination == where and row.payload.get("action") == "message"
        ),
        None,
    )
