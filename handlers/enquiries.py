"""Questions that only a person can answer: passed to the administrators, answered through us.

Acceptance B52: a receipt at once, a word in the administrators' room, and the answer written there
reaches the asker in the same conversation.
"""

from __future__ import annotations

from handlers import articles, faq, texts
from handlers.calls import own_words
from handlers.command import Followed, Table
from handlers.context import Context, Revision
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reading.privacy import find_sensitive, redacted
from handlers.reply import Block, File, Paragraph, Quote, Reply, reply
from handlers.request import Incoming, Topic
from handlers.revisions import take_back
from handlers.wording import Text, _
from storage.inbox import Entry
from storage.members import Standing

table = Table()


def to_a_person(ctx: Context, lead: Text) -> Topic:
    """Show what came in to the administrators, with its files; gives the topic of the answer."""
    incoming = ctx.incoming
    topic = Topic("inbox", ctx.entry.id)
    files = tuple(File(f.name, f.media_type, f.content) for f in incoming.files)
    words = _whole(incoming)
    ctx.tell_administrators(
        reply(
            Paragraph(lead),
            Quote(veiled(words)),
            *_veil_told(words, _VEILED),
            _("Répondez dans ce fil : votre réponse lui parvient."),
        )
        .with_files(*files)
        .about(str(topic))
    )
    return topic


def _whole(incoming: Incoming) -> str:
    return "\n".join(part for part in (incoming.subject, incoming.text) if part)


def veiled(words: str) -> str:
    """Words as several people may read them: without what is private about anybody, its writer
    included (GDPR art. 5.1 c, 9 and 87); the whole stays in the record.
    """
    return redacted(words, find_sensitive(words))


def _veil_told(words: str, note: Text) -> list[Paragraph]:
    return [Paragraph(note)] if veiled(words) != words else []


_VEILED = _("[…] : un élément de vie privée (santé, numéro national…) n'est pas montré ici.")
_KEPT_BACK = _(
    "Ce qui y touche à la vie privée (santé, numéro national…) ne lui est pas montré : cette"
    " personne vous le demandera s'il le faut."
)


@table.intent(Intent.QUESTION)
def ask_a_person(ctx: Context, understood: Understanding) -> Reply:
    """Pass a question on to the administrators, with a receipt."""
    del understood
    known = faq.answer_to(ctx, own_words(ctx))
    if known is not None:
        return known.about(str(Topic("inbox", ctx.entry.id)))
    topic = to_a_person(ctx, _who(ctx))
    return reply(
        _(
            "Votre message est bien arrivé. Il est transmis à une personne {whose}, qui"
            " vous répond ici même.",
            whose=articles.of(ctx.platform.settings.platform.institution),
        ),
        *_veil_told(_whole(ctx.incoming), _KEPT_BACK),
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
    if _pass_on(ctx, topic, ctx.incoming.text.strip(), more=_more_of(ctx, entry)):
        ctx.audit("enquiry.answered", topic)
    return None


def _pass_on(
    ctx: Context, topic: Topic, words: str, *, lead: Text | None = None, more: Text | None = None
) -> bool:
    """Bring words to the other side of a question; whether they were an administrator's.

    ``lead`` introduces them on either side, ``more`` those of the asker.
    """
    entry = ctx.session.get_one(Entry, topic.id)
    files = tuple(File(f.name, f.media_type, f.content) for f in ctx.incoming.files)
    if Role.ADMINISTRATOR in ctx.roles:
        answer = reply(*_said(lead, words), title=_("Réponse à votre question"))
        _to_asker(ctx, entry, answer.with_files(*files).about(str(topic)))
        return True
    if _is_asker(ctx, entry):
        told = reply(*_said(lead or more, veiled(words))).with_files(*files)
        ctx.tell_administrators(told.about(str(topic)))
    return False


def _said(lead: Text | None, words: str) -> list[Block]:
    return [*([Paragraph(lead)] if lead else []), *([Quote(words)] if words else [])]


def _to_asker(ctx: Context, entry: Entry, words: Reply) -> None:
    asked = Incoming.from_record(entry.record)
    language = ctx.language_at(asked.channel, asked.sender, asked.conversation)
    ctx.put(asked.channel, asked.conversation, language, words, answering=asked)


def _is_asker(ctx: Context, entry: Entry) -> bool:
    return (ctx.incoming.channel, ctx.incoming.sender) == (entry.channel, entry.sender)


@table.edited
def message_edited(ctx: Context, revision: Revision) -> Followed | None:
    """The other side reads the correction; a question that becomes a command is none any more."""
    topic = revision.topic
    if topic is None or topic.kind != "inbox":
        return None
    if revision.is_command and Role.ADMINISTRATOR not in ctx.roles:
        take_back(ctx, revision)
        return None
    _pass_on(ctx, topic, revision.words, lead=_("✏️ Correction :"))
    if ctx.incoming.place is not None:
        return Followed()
    return Followed(reply(_("Votre correction est transmise.")).about(str(topic)))


@table.withdrawn
def message_deleted(ctx: Context, revision: Revision) -> Followed | None:
    """What was passed on is taken back, or its reader told not to count on it."""
    topic = revision.topic
    if topic is None or topic.kind != "inbox":
        return None
    kept_by = take_back(ctx, revision)
    entry = ctx.session.get_one(Entry, topic.id)
    if _is_asker(ctx, entry):
        sender = _named(ctx)
        told = reply(_("🗑️ **{sender}** a supprimé son message.", sender=sender))
        ctx.tell_administrators(told.about(str(topic)))
        return Followed(reply(_("Votre message est retiré ; qui devait y répondre le sait.")))
    if not kept_by:
        return Followed()
    gone = reply(_("La réponse que vous avez reçue est retirée : n'en tenez plus compte."))
    _to_asker(ctx, entry, gone.about(str(topic)))
    return Followed(
        reply(_("Votre réponse était déjà arrivée : la personne qui l'a reçue est prévenue."))
    )


def _more_of(ctx: Context, entry: Entry) -> Text:
    """Whose message goes on, and how that began: who reads it has many of them."""
    said = str(entry.record.get("subject") or entry.record.get("text") or "")
    began = " ".join(veiled(said).split())
    return _(
        "💬 **{sender}** ajoute à son message « {began} » :",
        sender=_named(ctx),
        began=began if len(began) <= _BEGINNING else f"{began[:_BEGINNING].rstrip()}…",
    )


def _named(ctx: Context) -> str:
    """The name of a member, with the institution; else the address."""
    person = ctx.person
    if person is None or person.institution.state == Standing.PENDING:
        return ctx.incoming.sender
    return f"{person.name}, {person.institution.name}"


_BEGINNING = 60
"""How many characters of a message tell which one it was."""
