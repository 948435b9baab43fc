"""Demands and offers: posted by one member, seen by all, answered in one conversation.

What is said in the members' place and what is said elsewhere is the same conversation: each
participant reads all of it where they are (acceptance B07 to B09, B42).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from config.authorities import Authority
from handlers import texts
from handlers.arguments import MaybeWords, Words, reads
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading import announcement as reading
from handlers.reading.audience import find_audience
from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.letter import Letter, open_letter
from handlers.reading.letters import level
from handlers.reading.people import find_names
from handlers.reading.privacy import find_sensitive, without_sentences
from handlers.reply import (
    Block,
    Bullets,
    Choice,
    Choices,
    Fields,
    File,
    Paragraph,
    Quote,
    Refusal,
    Reply,
    reply,
)
from handlers.request import Place, Topic
from handlers.wording import Text, _, n_, verbatim
from storage import announcements, conversations, counters, members
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


def draft(ctx: Context, direction: Direction, words: str, *, letter: bool = False) -> Reply:
    """Keep a draft and ask its author, once, whether it may be sent to those whom it is for.

    A ``letter`` in which nothing is in doubt leaves by itself after a pause, unless its author
    holds it back.
    """
    laid_out = open_letter(ctx.letter.subject, words)
    read = reading.read_announcement(laid_out, ctx.today)
    audience = find_audience(words, _authority(ctx), ctx.platform.territory)
    if audience.unclear:
        raise Refusal(
            _("À qui votre annonce s'adresse-t-elle ? Nommez les institutions, ou « à tous »."),
        )
    kept = _kept(ctx, direction, _publishable(ctx, words), read)
    kept.audience = [f"{one.type}:{one.code}" for one in audience.institutions or ()]
    ctx.session.add(kept)
    ctx.session.flush()
    topic = Topic("announcement", kept.id)
    question = ctx.ask("announcement", topic, _digest(kept))
    _observe(ctx, kept)
    if kept.words != words.strip():
        ctx.observe(action=Action.HOLD, ask_for=["confirm_redacted_text"])
        return _shown(ctx, kept, _REDACTED).about(f"question:{question.id}")
    if letter and _certain(ctx, read, laid_out):
        return _leaving(ctx, kept, topic).about(f"question:{question.id}")
    return _shown(ctx, kept).about(f"question:{question.id}")


def _authority(ctx: Context) -> Authority:
    own = ctx.institution
    return ctx.platform.territory.authority(own.type, own.code)


def _publishable(ctx: Context, words: str) -> str:
    """The words without the statements that tell something of a third person (acceptance B30)."""
    kept = words.strip()
    sensitive = find_sensitive(kept)
    if not sensitive:
        return kept
    ctx.observe(action=Action.HOLD)
    left = without_sentences(kept, sensitive)
    body = open_letter("", left)
    if find_sensitive(left) or reading.read_announcement(body, ctx.today).side is None:
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé qui ne peut pas être"
                " diffusé. Il n'est pas envoyé : renvoyez-le sans ce passage."
            )
        )
    return left


def _kept(
    ctx: Context, direction: Direction, words: str, read: reading.Announcement
) -> Announcement:
    return Announcement(
        person=ctx.member,
        direction=direction,
        category=(read.category or reading.Category.OTHER).name.lower(),
        words=words,
        service=read.service,
        severity=read.severity.name.lower() if read.severity else "",
        starts_on=read.period.start if read.period else None,
        ends_on=read.period.end if read.period else None,
        drafted_at=ctx.now,
    )


def _observe(ctx: Context, kept: Announcement) -> None:
    categories = {"staff": "personnel", "equipment": "materiel", "knowledge": "savoir"}
    ctx.observe(
        institution=ctx.institution,
        announcement={
            "kind": "demande" if kept.direction == Direction.DEMAND else "offre",
            "category": categories.get(kept.category, "autre"),
            "service": kept.service,
            "start": kept.starts_on,
            "end": kept.ends_on,
            "audience": list(kept.audience),
        },
    )


_SHOWN = _("Voici ce que tous les membres verront. Rien n'est envoyé sans votre accord.")
_SHOWN_TO_SOME = _(
    "Voici ce que verront les institutions choisies. Rien n'est envoyé sans votre accord."
)
_REDACTED = _(
    "Votre message contient un élément personnel qui ne peut pas être diffusé ; il en est retiré."
    " Voici ce qui serait vu. Rien n'est envoyé sans votre accord."
)


def _shown(ctx: Context, kept: Announcement, lead: Text | None = None) -> Reply:
    return reply(
        lead or (_SHOWN_TO_SOME if kept.audience else _SHOWN),
        *_preview(ctx, kept),
        texts.confirm_or_cancel(_("l'annonce part à tous les membres"), _("rien n'est envoyé"))
        if not kept.audience
        else texts.confirm_or_cancel(_("l'annonce part"), _("rien n'est envoyé")),
        title=_("Votre annonce attend votre accord"),
    )


def _preview(ctx: Context, kept: Announcement) -> list[Block]:
    return [Paragraph(_headline(kept)), Quote(kept.words), *_facts(kept), *_readers(ctx, kept)]


def _readers(ctx: Context, kept: Announcement) -> list[Paragraph]:
    """Who will see it, where not everybody will."""
    if not kept.audience:
        return []
    territory = ctx.platform.territory
    names = [territory.authority(*key.split(":", 1)).name for key in kept.audience]
    return [Paragraph(_("Seules la verront : {names}.", names=", ".join(names)))]


def _certain(ctx: Context, read: reading.Announcement, letter: Letter) -> bool:
    """Whether nothing in a letter is in doubt: what, when, from whom, and no third person."""
    clear = read.side is not None and read.category is not None and not read.lacking
    told = read.period is None or read.period.complete
    contacts = {name.name for name in find_names(letter.signature)}
    named = {name.name for name in find_names(letter.body)} - contacts
    strangers = [name for name in named if not _is_contact(name, letter)]
    return ctx.believed and clear and told and not strangers


def _is_contact(name: str, letter: Letter) -> bool:
    """Whether somebody is named as the one to write to or to call, on a line of their own."""
    return any(
        name_.name == name and (find_phones(line) or find_addresses(line))
        for line in letter.body.split("\n")
        for name_ in find_names(line)
    )


def _leaving(ctx: Context, kept: Announcement, topic: Topic) -> Reply:
    """Say what leaves, when, and how to hold it back."""
    minutes = ctx.platform.settings.rules.announcement_pause_minutes
    leaves_at = ctx.now + timedelta(minutes=minutes)
    ctx.remind("publication", topic, leaves_at)
    ctx.observe(action=Action.ACCEPT, awaits=f"{minutes} minutes")
    return reply(
        _(
            "Votre annonce est bien reçue. Elle part le **{instant}**, telle que la voici ; pour la"
            " retenir, répondez « non » d'ici là.",
            instant=leaves_at,
        ),
        *_preview(ctx, kept),
        Choices(
            (
                Choice("✅", _("oui"), _("l'annonce part tout de suite")),
                Choice("❌", _("non"), _("rien n'est envoyé")),
            )
        ),
        title=_("Votre annonce : bien reçue"),
    )


@table.reminder("publication")
def publish_after_pause(desk: Desk, topic: Topic) -> None:
    """The pause is over: what its author did not hold back leaves."""
    kept = desk.session.get_one(Announcement, topic.id)
    if kept.stage != Stage.DRAFT or not kept.person.active:
        return
    receipt = publish(desk, kept)
    conversations.withdraw(desk.session, "announcement", str(topic), desk.now)
    desk.tell(kept.person, receipt)


@table.question("announcement")
def confirmed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Publish what was shown, or forget it."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if not said:
        kept.stage = Stage.WITHDRAWN
        return reply(_("C'est annulé : rien n'a été envoyé."))
    if kept.stage != Stage.DRAFT or question.digest != _digest(kept):
        raise Refusal(_("Cette annonce a changé depuis : renvoyez-la pour la confirmer."))
    ctx.observe(action=Action.ACCEPT)
    return publish(ctx, kept)


def publish(desk: Desk, kept: Announcement) -> Reply:
    """Send an announcement once to everybody whom it is for: in the members' place if it is for
    all, and to those outside it.
    """
    year = desk.today.year
    kept.year, kept.number = year, counters.following(desk.session, f"A-{year}")
    kept.stage, kept.published_at = Stage.OPEN, desk.now
    topic = Topic("announcement", kept.id)
    post = _post(kept).about(str(topic))
    everybody = members.active_persons(desk.session)
    others = [p for p in everybody if p.id != kept.person_id and kept.is_for(p.institution)]
    if kept.audience:
        tell_all(desk, others, post)
    else:
        desk.tell_place(Place.MEMBERS, post)
        tell_all(desk, [person for person in others if not desk.is_in_places(person)], post)
    desk.record(_author(kept), "announcement.published", topic, direction=kept.direction)
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


def _author(kept: Announcement) -> str:
    return next((address.address for address in kept.person.addresses), "")


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
    if not kept.is_for(ctx.institution):
        raise Refusal(_("Cette annonce ne s'adresse pas à votre institution."))
    ctx.observe(answer={"announcement": kept.number, "text": words}, institution=ctx.institution)
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
    if not kept.audience:
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
    found = _open_for(ctx)
    if not found:
        return reply(_("Aucune annonce ouverte. Pour en déposer une : `demande …` ou `offre …`."))
    return reply(
        Bullets(tuple(_headline(kept) for kept in found)),
        _("Pour répondre : `répondre A-NUMÉRO votre réponse`."),
        title=_("Les annonces ouvertes"),
    )


@table.intent(Intent.ANNOUNCEMENT, who=Role.MEMBER)
def announced(ctx: Context, understood: Understanding) -> Reply | None:
    """A demand or an offer written as a letter."""
    read = understood.announcement
    if read is None or read.side is None:
        ctx.observe(action=Action.ASK, ask_for=["kind"])
        raise Refusal(
            _(
                "Est-ce une demande ou une offre ? Écrivez `demande …` ou `offre …`, suivi de votre"
                " texte."
            )
        )
    asked = _offered_to(ctx) if read.side is reading.Side.OFFER else []
    if len(asked) == 1:
        ctx.observe(intent=Intent.ANNOUNCEMENT_ANSWER)
        return _answer_by_letter(ctx, asked[0])
    sure = not asked and not _ANSWERING.search(level(ctx.letter.text))
    return draft(ctx, _DIRECTIONS[read.side], ctx.letter.text, letter=sure)


_ANSWERING = re.compile(
    r"\b(?:en reponse|suite a|repond(?:s|ons)|votre (?:annonce|demande|appel|besoin)"
    r"|leur demande|demandee?s?|cherchee?s?|ta demande|pour (?:votre|ta|leur) )\b"
)


def _offered_to(ctx: Context) -> list[Announcement]:
    """The open demands of those whom an offer names and answers: « on peut aider X »."""
    text = ctx.letter.text
    if not _ANSWERING.search(level(text)):
        return []
    named = {(m.authority.type, m.authority.code) for m in ctx.platform.territory.mentions(text)}
    return [
        kept
        for kept in _open_for(ctx)
        if kept.direction == Direction.DEMAND
        and kept.person.institution_id != ctx.institution.id
        and (kept.person.institution.type, kept.person.institution.code) in named
    ]


@table.intent(Intent.ANNOUNCEMENT_ANSWER, who=Role.MEMBER)
def answered(ctx: Context, understood: Understanding) -> Reply | None:
    """An answer in a letter of its own: it has to say to which announcement."""
    number = understood.announcement_number
    kept = announcements.by_number(ctx.session, number, None) if number else None
    if kept is None or not kept.is_for(ctx.institution):
        ctx.observe(action=Action.ASK, ask_for=["announcement"])
        raise Refusal(
            _("À quelle annonce répondez-vous ? Voici celles qui sont ouvertes :"),
            Bullets(tuple(_headline(one) for one in _open_for(ctx))),
            _("Pour répondre : `répondre A-NUMÉRO votre réponse`."),
        )
    return _answer_by_letter(ctx, kept)


def _answer_by_letter(ctx: Context, kept: Announcement) -> Reply | None:
    words = ctx.letter.text.strip()
    if find_sensitive(words):
        ctx.observe(action=Action.HOLD)
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé qui ne peut pas être"
                " diffusé. Il n'est pas envoyé : renvoyez-le sans ce passage."
            )
        )
    return _contribute(ctx, kept, words)


def _open_for(ctx: Context) -> list[Announcement]:
    own = ctx.institution
    return [kept for kept in announcements.published(ctx.session) if kept.is_for(own)]


def person_label(person: Person) -> Text:
    """A person with their institution."""
    return _("{name} ({institution})", name=person.name, institution=person.institution.name)
