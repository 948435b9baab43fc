"""Demands and offers: posted by one member, seen by all, answered in one conversation.

What is said in the members' place and what is said elsewhere is the same conversation: each
participant reads all of it where they are (acceptance B07 to B09, B42).
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from handlers import texts
from handlers.arguments import MaybeWords, Words, reads
from handlers.command import Table
from handlers.context import Context
from handlers.desk import tell_all
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reading import announcement as reading
from handlers.reading.letter import open_letter
from handlers.reply import Bullets, Fields, File, Paragraph, Quote, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _, n_, verbatim
from storage import announcements, counters, members
from storage.announcements import Announcement, Contribution, Direction, Stage
from storage.conversations import Question
from storage.members import Person

table = Table()

_DIRECTIONS = {
    reading.Side.DEMAND: Direction.DEMAND,
    reading.Side.OFFER: Direction.OFFER,
}
REFERENCE = re.compile(r"\s*A-?(?:(\d{4})-)?0*(\d{1,6})\b[\s:,]*", re.IGNORECASE)


@reads(Announcement)
def read_announcement(ctx: Context, words: str) -> Announcement:
    """The announcement of a reference such as A-31 or A-2026-0031. Raises Refusal."""
    match = REFERENCE.match(words if words[:1] in "aA" else f"A{words}")
    found = None
    if match:
        year = int(match[1]) if match[1] else None
        found = announcements.by_number(ctx.session, int(match[2]), year)
    if found is None:
        raise Refusal(
            _(
                "Je ne trouve pas l'annonce « {words} » : écrivez `annonces` pour voir celles qui"
                " sont ouvertes.",
                words=words[:40],
            )
        )
    return found


# -- posting --------------------------------------------------------------------------------


@table.command(
    "demande",
    aliases={"fr": ["demander"], "en": ["request"], "nl": ["vraag"], "de": ["anfrage"]},
    who=Role.MEMBER,
    usage=_("demande TEXTE"),
    summary=_("demander un coup de main à tous les membres"),
    example="demande un agent pour le service population, du 4 au 29 mai 2026",
)
def demand(ctx: Context, words: Words) -> Reply:
    """Draft a demand and show what others will see."""
    return draft(ctx, Direction.DEMAND, words)


@table.command(
    "offre",
    aliases={"fr": ["proposer"], "en": ["offer"], "nl": ["aanbod"], "de": ["angebot"]},
    who=Role.MEMBER,
    usage=_("offre TEXTE"),
    summary=_("proposer du matériel ou du personnel à tous les membres"),
    example="offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026",
)
def offer(ctx: Context, words: Words) -> Reply:
    """Draft an offer and show what others will see."""
    return draft(ctx, Direction.OFFER, words)


def draft(ctx: Context, direction: Direction, words: str) -> Reply:
    """Keep a draft and ask its author, once, whether it may be sent to all members."""
    letter = open_letter(ctx.incoming.subject, words)
    read = reading.read_announcement(letter, ctx.today)
    if read.sensitive:
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé qui ne peut pas être"
                " diffusé. Il n'est pas envoyé : renvoyez-le sans ce passage."
            ),
            Quote("\n".join(read.text[p.start : p.end] for p in read.sensitive)),
        )
    kept = Announcement(
        person=ctx.member,
        direction=direction,
        category=(read.category or reading.Category.OTHER).name.lower(),
        words=words.strip(),
        service=read.service,
        severity=read.severity.name.lower() if read.severity else "",
        starts_on=read.period.start if read.period else None,
        ends_on=read.period.end if read.period else None,
        drafted_at=ctx.now,
    )
    ctx.session.add(kept)
    ctx.session.flush()
    question = ctx.ask("announcement", Topic("announcement", kept.id), _digest(kept))
    return reply(
        _("Voici ce que tous les membres verront. Rien n'est envoyé sans votre accord."),
        Paragraph(_headline(kept)),
        Quote(kept.words),
        *_facts(kept),
        texts.confirm_or_cancel(_("l'annonce part à tous les membres"), _("rien n'est envoyé")),
        title=_("Votre annonce attend votre accord"),
    ).about(f"question:{question.id}")


@table.question("announcement")
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Publish what was shown, or forget it."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if not said:
        kept.stage = Stage.WITHDRAWN
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if kept.stage != Stage.DRAFT or question.digest != _digest(kept):
        raise Refusal(_("Cette annonce a changé depuis : renvoyez-la pour la confirmer."))
    return publish(ctx, kept)


def publish(ctx: Context, kept: Announcement) -> Reply:
    """Send an announcement to every member once: in the members' place, or to those outside it."""
    year = ctx.today.year
    kept.year, kept.number = year, counters.following(ctx.session, f"A-{year}")
    kept.stage, kept.published_at = Stage.OPEN, ctx.now
    topic = Topic("announcement", kept.id)
    post = _post(kept).about(str(topic))
    ctx.tell_place(Place.MEMBERS, post)
    others = [p for p in members.active_persons(ctx.session) if p.id != kept.person_id]
    tell_all(ctx, [person for person in others if not ctx.is_in_places(person)], post)
    ctx.audit("announcement.published", topic, direction=kept.direction)
    return reply(
        n_(
            "Votre annonce **{reference}** est publiée : {count} autre institution la reçoit.",
            "Votre annonce **{reference}** est publiée : {count} autres institutions la reçoivent.",
            len({person.institution_id for person in others}),
            reference=kept.reference,
        ),
        _("Les réponses vous parviendront ici."),
        title=_headline(kept),
    ).about(str(topic))


def _digest(kept: Announcement) -> str:
    content = f"{kept.direction}\n{kept.category}\n{kept.words}"
    return sha256(content.encode()).hexdigest()


def _post(kept: Announcement) -> Reply:
    return reply(
        Paragraph(_headline(kept)),
        Quote(kept.words),
        *_facts(kept),
        _(
            "Répondez à ce message : votre réponse part {whom}, et tous les membres peuvent la"
            " lire. Chacun aide dans la mesure du possible.",
            whom=texts.to_the(kept.person.institution),
        ),
        title=_headline(kept),
    )


def _headline(kept: Announcement) -> Text:
    demand_, offer_ = _("🔎 Demande"), _("🤝 Offre")
    what = demand_ if kept.direction == Direction.DEMAND else offer_
    return _(
        "**{what} · {category}** · {institution}",
        what=_("{what} {reference}", what=what, reference=kept.reference) if kept.number else what,
        category=category_name(kept.category),
        institution=texts.bare(kept.person.institution),
    )


def category_name(category: str) -> Text:
    """What an announcement is about, in words."""
    names = {
        "staff": _("personnel"),
        "equipment": _("matériel"),
        "knowledge": _("savoir-faire"),
        "other": _("autre"),
    }
    return names[category]


def _facts(kept: Announcement) -> list[Fields]:
    rows: list[tuple[Text, Text]] = []
    if kept.service:
        rows.append((_("Service"), verbatim(kept.service)))
    if kept.starts_on:
        rows.append((_("Période"), _period(kept.starts_on, kept.ends_on)))
    severities = {"overwhelmed": _("service débordé"), "blocked": _("service bloqué")}
    if kept.severity in severities:
        rows.append((_("Gravité"), severities[kept.severity]))
    return [Fields(tuple(rows))] if rows else []


def _period(start: date, end: date | None) -> Text:
    if end is None or end == start:
        return _("le {start}", start=start) if end else _("dès le {start}", start=start)
    return _("du {start} au {end}", start=start, end=end)


# -- answering ------------------------------------------------------------------------------


@table.topic("announcement", who=Role.MEMBER)
def contribute(ctx: Context, topic: Topic) -> Reply | None:
    """An answer in the conversation of an announcement, wherever it was written."""
    kept = ctx.session.get_one(Announcement, topic.id)
    return _contribute(ctx, kept, ctx.incoming.text.strip())


@table.command(
    "répondre",
    aliases={"en": ["answer", "reply"], "nl": ["antwoorden"], "de": ["antworten"]},
    who=Role.MEMBER,
    usage=_("répondre A-NUMÉRO TEXTE"),
    summary=_("répondre à une annonce"),
    example="répondre A-1 nous pouvons prêter une personne à mi-temps",
)
def answer(ctx: Context, announcement: Announcement, words: Words) -> Reply | None:
    """An answer to an announcement named by its reference."""
    return _contribute(ctx, announcement, words)


def _contribute(ctx: Context, kept: Announcement, words: str) -> Reply | None:
    if kept.stage != Stage.OPEN:
        raise Refusal(_("L'annonce {reference} n'est plus ouverte.", reference=kept.reference))
    author = ctx.member
    readers = [p for p in announcements.participants(kept) if p.id != author.id]
    kept.contributions.append(
        Contribution(announcement=kept, person=author, words=words, written_at=ctx.now)
    )
    topic = f"announcement:{kept.id}"
    files = tuple(File(f.name, f.media_type, f.content) for f in ctx.incoming.files)
    said = reply(
        Paragraph(
            _("**{name}**, {institution} :", name=author.name, institution=author.institution.name)
        ),
        Quote(words),
        title=_headline(kept),
    ).with_files(*files)
    tell_all(ctx, [p for p in readers if not ctx.is_in_places(p)], said.about(topic))
    if ctx.incoming.place is Place.MEMBERS:
        return None
    ctx.tell_place(Place.MEMBERS, said.about(topic))
    return reply(
        _(
            "Votre réponse à l'annonce **{reference}** est transmise {whom}.",
            reference=kept.reference,
            whom=texts.to_the(kept.person.institution),
        ),
        title=_headline(kept),
    ).about(topic)


@table.command(
    "annonces",
    aliases={"en": ["announcements"], "nl": ["aankondigingen"], "de": ["inserate"]},
    who=Role.MEMBER,
    usage=_("annonces"),
    summary=_("les demandes et les offres ouvertes"),
)
def list_open(ctx: Context, words: MaybeWords) -> Reply:
    """Open announcements, the newest first."""
    del words
    found = announcements.published(ctx.session)
    if not found:
        return reply(_("Aucune annonce ouverte. Pour en déposer une : `demande …` ou `offre …`."))
    return reply(
        Bullets(tuple(_headline(kept) for kept in found)),
        _("Pour répondre : `répondre A-NUMÉRO votre réponse`."),
        title=_("Les annonces ouvertes"),
    )


@table.intent(Intent.ANNOUNCEMENT, who=Role.MEMBER)
def announced(ctx: Context, understood: Understanding) -> Reply:
    """A demand or an offer written as a letter."""
    read = understood.announcement
    if read is None or read.side is None:
        raise Refusal(
            _(
                "Est-ce une demande ou une offre ? Écrivez `demande …` ou `offre …`, suivi de votre"
                " texte."
            )
        )
    return draft(ctx, _DIRECTIONS[read.side], ctx.letter.text)


def person_label(person: Person) -> Text:
    """A person with their institution."""
    return _("{name} ({institution})", name=person.name, institution=person.institution.name)
