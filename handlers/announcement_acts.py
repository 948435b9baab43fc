"""What is done to an announcement: the step, its entry in the audit chain, and its sight in the
members' place, whose first message always shows how the announcement stands.
"""

from __future__ import annotations

from dataclasses import replace

from handlers import broadcast
from handlers.announcement_words import post_in_place
from handlers.context import Context
from handlers.desk import PLACE, Desk
from handlers.reply import Paragraph, Refusal
from handlers.request import Place, Topic
from handlers.wording import Text, _
from storage import announcement_steps, outbox
from storage.announcement_states import Stage, Step, may
from storage.announcement_steps import StepRefusedError
from storage.announcements import Announcement

PLATFORM = "platform"
"""Who acts in the audit chain where nobody asked for it."""


def topic_of(kept: Announcement) -> Topic:
    """What the conversation about an announcement is about."""
    return Topic("announcement", kept.id)


def take(ctx: Context, kept: Announcement, step: Step, why: str = "") -> None:
    """Take a step for whoever asks, enter it in the chain, and show it. Raises Refusal."""
    try:
        announcement_steps.take(ctx.session, kept, step, at=ctx.now, by=ctx.person, why=why)
    except StepRefusedError:
        raise Refusal(not_now(kept)) from None
    ctx.audit(f"announcement.{step}", topic_of(kept), stage=kept.stage)
    show(ctx, kept)


def require(kept: Announcement, step: Step) -> None:
    """Raises Refusal where a step could not be taken now, before it is asked about."""
    if not may(kept.stage, step):
        raise Refusal(not_now(kept))


def take_unasked(desk: Desk, kept: Announcement, step: Step) -> bool:
    """Take a step that the platform takes by itself; False if it can no longer be taken."""
    try:
        announcement_steps.take(desk.session, kept, step, at=desk.now, by=None)
    except StepRefusedError:
        return False
    desk.record(PLATFORM, f"announcement.{step}", topic_of(kept), stage=kept.stage)
    show(desk, kept)
    return True


def drop(ctx: Context, draft: Announcement) -> None:
    """Forget a draft; nothing if it is none any more."""
    if draft.stage == Stage.DRAFT:
        announcement_steps.take(ctx.session, draft, Step.DROP, at=ctx.now, by=ctx.person)


def show(desk: Desk, kept: Announcement) -> None:
    """Edit the first message about an announcement in the members' place, if it stands there, so
    that it tells how the announcement stands now.
    """
    channel, place = desk.platform.place_channel, f"{PLACE}{Place.MEMBERS}"
    root = outbox.first_about(desk.session, str(topic_of(kept)), channel, place)
    if root is None or kept.audience or not kept.words:
        return
    words = post_in_place(kept, broadcast.institutions_told(desk, kept))
    state = Paragraph(_("**{state}**", state=state_words(kept)))
    desk.amend(root, replace(words, blocks=(state, *words.blocks)))


_STATES = {
    Stage.DRAFT: _("Brouillon"),
    Stage.PENDING: _("⏳ En attente de relecture"),
    Stage.REFUSED: _("Non diffusée"),
    Stage.OPEN: _("🟢 Ouverte"),
    Stage.ANSWERED: _("💬 Répondue"),
    Stage.AGREED: _("🤝 Accord trouvé"),
    Stage.RUNNING: _("▶️ En cours"),
    Stage.DONE: _("✅ Terminée"),
    Stage.UNMET: _("Sans suite"),
    Stage.WITHDRAWN: _("Retirée"),
    Stage.EXPIRED: _("⌛ Expirée"),
}


def state_words(kept: Announcement) -> Text:
    """How an announcement stands, in a word or two."""
    return _STATES[Stage(kept.stage)]


def not_now(kept: Announcement) -> Text:
    """Why a step cannot be taken, and where to see what happened."""
    return _(
        "L'annonce {reference} est dans l'état « {state} » : rien n'a changé. Pour la voir :"
        " `annonce {reference}`.",
        reference=kept.reference,
        state=state_words(kept),
    )


def only_own(ctx: Context, kept: Announcement) -> None:
    """Raises Refusal unless the announcement is of the sender's own institution."""
    if kept.person.institution_id != ctx.institution.id:
        raise Refusal(_("Seule l'institution qui a fait une annonce peut en décider."))
