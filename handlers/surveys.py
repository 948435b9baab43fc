"""Answers to a survey, kept word for word and handed to the person who evaluates it."""

from __future__ import annotations

from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reply import Reply, reply
from handlers.wording import _

table = Table()


@table.intent(Intent.SURVEY_ANSWER, who=Role.MEMBER)
def survey_answered(ctx: Context, understood: Understanding) -> Reply:
    """Keep the answers; nothing of them is published."""
    del understood
    ctx.observe(survey={"answers": ctx.letter.text, "publish": False})
    topic = to_a_person(
        ctx,
        _(
            "📋 **{name}** ({institution}) répond à une enquête :",
            name=ctx.member.name,
            institution=ctx.institution.name,
        ),
    )
    return reply(
        _("Vos réponses sont bien arrivées, merci. Rien n'en est publié sans votre accord."),
        title=_("Vos réponses à l'enquête"),
    ).about(str(topic))
