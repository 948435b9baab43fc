"""Questions that only a person can answer: passed to the administrators, answered through us.

Acceptance B52: a receipt at once, a word in the administrators' room, and the answer written there
reaches the asker in the same conversation.
"""

from __future__ import annotations

from handlers import articles, texts
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reply import File, Paragraph, Quote, Reply, reply
from handlers.request import Incoming, Topic
from handlers.wording import Text, _
from storage.inbox import Entry
from storage.members import Standing

table = Table()


def to_a_person(ctx: Context, lead: Text) -> Topic:
    """Show what came in to the administrators, with its files; gives the topic of the answer."""
    incoming = ctx.incoming
    topic = Topic("inbox", ctx.entry.id)
    files = tuple(File(f.name, f.media_type, f.content) for f in incoming.files)
    ctx.tell_administrators(
        reply(
            Paragraph(lead),
            Quote("\n".join(part for part in (incoming.subject, incoming.text) if part)),
            _("Répondez dans ce fil : votre réponse lui parvient."),
        )
        .with_files(*files)
        .about(str(topic))
    )
    return topic


@table.intent(Intent.QUESTION)
def ask_a_person(ctx: Context, understood: Understanding) -> Reply:
    """Pass a question on to the administrators, with a receipt."""
    del understood
    topic = to_a_person(ctx, _who(ctx))
    return reply(
        _(
            "Votre message est bien arrivé. Il est transmis à une personne {whose}, qui"
            " vous répond ici même.",
            whose=articles.of(ctx.platform.settings.platform.institution),
        ),
        _("Pour voir ce à quoi je peux répondre tout de suite : `aide`."),
    ).about(str(topic))


def _who(ctx: Context) -> Text:
    if ctx.person and ctx.person.institution.state == Standing.PENDING:
        return _(
            "💬 **{sender}** demande (inscription {whose} en attente, réf. {reference} : rien ne"
            " prouve encore que cette adresse en fait partie) :",
            sender=ctx.incoming.sender,
            whose=texts.of_the(ctx.person.institution),
            reference=ctx.person.institution.reference or "",
        )
    if ctx.person:
        return _(
            "💬 **{name}** ({institution}) demande :",
            name=ctx.person.name,
            institution=ctx.person.institution.name,
        )
    return _("💬 **{sender}** demande :", sender=ctx.incoming.sender)


@table.topic("inbox", who=Role.ANYONE)
def relay(ctx: Context, topic: Topic) -> Reply | None:
    """What is said in the conversation of a question goes to the other side."""
    entry = ctx.session.get_one(Entry, topic.id)
    words = ctx.incoming.text.strip()
    files = tuple(File(f.name, f.media_type, f.content) for f in ctx.incoming.files)
    if Role.ADMINISTRATOR in ctx.roles:
        asked = Incoming.from_record(entry.record)
        answer = reply(Quote(words), title=_("Réponse à votre question")).with_files(*files)
        ctx.put(
            asked.channel,
            asked.conversation,
            ctx.language_at(asked.channel, asked.sender, asked.conversation),
            answer.about(str(topic)),
            answering=asked,
        )
        ctx.audit("enquiry.answered", topic)
        return None
    if (ctx.incoming.channel, ctx.incoming.sender) != (entry.channel, entry.sender):
        return None
    more = reply(_more_of(ctx, entry), Quote(words)).with_files(*files)
    ctx.tell_administrators(more.about(str(topic)))
    return None


def _more_of(ctx: Context, entry: Entry) -> Text:
    """Whose message goes on, and how that began: who reads it has many of them."""
    began = " ".join(str(entry.record.get("subject") or entry.record.get("text") or "").split())
    return _(
        "💬 **{sender}** ajoute à son message « {began} » :",
        sender=ctx.incoming.sender,
        began=began if len(began) <= _BEGINNING else f"{began[:_BEGINNING].rstrip()}…",
    )


_BEGINNING = 60
"""How many characters of a message tell which one it was."""
