"""Demands and offers: written by one member, shown to them, then seen by all (B07 to B09)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from config.authorities import Authority
from handlers import broadcast, forms, texts
from handlers.announcement_answers import ANSWERING, answer_by_letter, offered_to
from handlers.announcement_words import enclosed, headline, post, post_in_place, preview
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading import announcement as reading
from handlers.reading.audience import find_audience
from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.dates import Fault, Period
from handlers.reading.days import MONTHS
from handlers.reading.language import language_of
from handlers.reading.letter import Letter, open_letter
from handlers.reading.letters import level
from handlers.reading.people import find_names
from handlers.reading.privacy import find_sensitive, without_sentences
from handlers.reply import Choice, Choices, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, n_
from storage import conversations, counters
from storage.announcements import Announcement, Direction, Stage
from storage.conversations import Question

table = Table()

_DIRECTIONS = {
    reading.Side.DEMAND: Direction.DEMAND,
    reading.Side.OFFER: Direction.OFFER,
}


@table.command(
    "demande",
    aliases={"fr": ["demander"], "en": ["request"], "nl": ["vraag"], "de": ["anfrage"]},
    who=Role.MEMBER,
    usage=_("demande TEXTE"),
    summary=_("demander un coup de main à tous les membres"),
    example="demande un agent pour le service population, du {soon} au {later}",
)
def demand(ctx: Context, words: MaybeWords) -> Reply:
    """Draft a demand and show what others will see."""
    return _drafted(ctx, Direction.DEMAND, words)


@table.command(
    "offre",
    aliases={"fr": ["proposer"], "en": ["offer"], "nl": ["aanbod"], "de": ["angebot"]},
    who=Role.MEMBER,
    usage=_("offre TEXTE"),
    summary=_("proposer du matériel ou du personnel à tous les membres"),
    example="offre une pelleteuse de 8 tonnes, du {soon} au {later}",
)
def offer(ctx: Context, words: MaybeWords) -> Reply:
    """Draft an offer and show what others will see."""
    return _drafted(ctx, Direction.OFFER, words)


def _drafted(ctx: Context, direction: Direction, words: str) -> Reply:
    if not words:
        return forms.begin(ctx, "announcement", {"side": direction.value})
    return draft(ctx, direction, words)


def draft(ctx: Context, direction: Direction, words: str, *, letter: bool = False) -> Reply:
    """Keep a draft and ask its author, once, whether it may be sent to those whom it is for.

    A ``letter`` in which nothing is in doubt leaves by itself after a pause, unless its author
    holds it back.
    """
    laid_out = open_letter(ctx.letter.subject, words)
    read = reading.read_announcement(laid_out, ctx.today)
    require_possible(ctx, words, read.period)
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


def require_possible(ctx: Context, words: str, period: Period | None) -> None:
    """Raises Refusal for a period that cannot be meant (acceptance B28): nothing is drafted."""
    if _NO_DAY.search(level(words)):
        period = Period(None, None, frozenset({Fault.NO_SUCH_DAY}))
    wrong = _what_is_wrong(period, ctx.today) if period else None
    if wrong is not None:
        ctx.observe(action=Action.ASK, ask_for=["period"])
        raise Refusal(wrong, _("Rien n'est envoyé : renvoyez votre annonce avec les bonnes dates."))


_NO_DAY = re.compile(rf"\b(?:0|00|3[2-9]|[4-9]\d) (?:{'|'.join(sorted(MONTHS, key=len)[::-1])})\b")
"""« le 32 mai »: no month has such a day."""


def _what_is_wrong(period: Period, today: date) -> Text | None:
    if Fault.NO_SUCH_DAY in period.faults:
        return _("Une des dates n'existe pas dans le calendrier. Quelle est la période ?")
    if period.start and period.end and Fault.REVERSED in period.faults:
        return _(
            "La période finit le {end}, avant de commencer le {start}. Vouliez-vous dire du {end}"
            " au {start} ?",
            start=period.start,
            end=period.end,
        )
    if Fault.WEEKDAY in period.faults and period.start:
        return _(
            "Le jour de la semaine ne va pas avec la date : j'ai lu le {start}. Quel jour est-ce ?",
            start=period.start,
        )
    if period.end and period.end < today:
        return _("La période est déjà passée, elle finissait le {end}.", end=period.end)
    return None


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
        entry_id=ctx.entry.id,
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
        *preview(ctx, kept),
        texts.confirm_or_cancel(_("l'annonce part à tous les membres"), _("rien n'est envoyé"))
        if not kept.audience
        else texts.confirm_or_cancel(_("l'annonce part"), _("rien n'est envoyé")),
        title=_("Votre annonce attend votre accord"),
    )


def _certain(ctx: Context, read: reading.Announcement, letter: Letter) -> bool:
    """Whether nothing in a letter is in doubt: what, when, from whom, and no third person.

    What is private is recognised in French only: letters in other languages wait for their yes.
    """
    if language_of(letter.body) != "fr":
        return False
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
        *preview(ctx, kept),
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


@table.too_late("announcement")
def gone(ctx: Context, question: Question) -> Reply | None:
    """What is said to a draft that has left already."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if kept.stage != Stage.OPEN:
        return None
    return reply(
        _(
            "Votre annonce **{reference}** est déjà partie, le {instant}. Pour y ajouter quelque"
            " chose : `répondre {reference} …`.",
            reference=kept.reference,
            instant=kept.published_at or ctx.now,
        )
    )


def publish(desk: Desk, kept: Announcement) -> Reply:
    """Send an announcement once to everybody whom it is for: in the members' place if it is for
    all, and to those outside it.
    """
    year = desk.today.year
    kept.year, kept.number = year, counters.following(desk.session, f"A-{year}")
    kept.stage, kept.published_at = Stage.OPEN, desk.now
    topic = Topic("announcement", kept.id)
    count = broadcast.institutions_told(desk, kept)
    files = enclosed(desk, kept)
    broadcast.send_out(
        desk,
        kept,
        to_place=post_in_place(kept, count).with_files(*files).about(str(topic)),
        to_each=post(kept).with_files(*files).about(str(topic)),
    )
    desk.record(_author(kept), "announcement.published", topic, direction=kept.direction)
    return reply(
        n_(
            "Votre annonce **{reference}** est publiée : {count} autre institution la reçoit.",
            "Votre annonce **{reference}** est publiée : {count} autres institutions la reçoivent.",
            count,
            reference=kept.reference,
        ),
        _("Les réponses vous parviendront ici."),
        title=headline(kept),
    ).about(str(topic))


def _author(kept: Announcement) -> str:
    return next((address.address for address in kept.person.addresses), "")


def _digest(kept: Announcement) -> str:
    content = f"{kept.direction}\n{kept.category}\n{kept.words}"
    return sha256(content.encode()).hexdigest()


@table.intent(Intent.ANNOUNCEMENT, who=Role.MEMBER)
def announced(ctx: Context, understood: Understanding) -> Reply | None:
    """A demand or an offer written as a letter."""
    read = understood.announcement
    if read is None or read.side is None:
        ctx.observe(action=Action.ASK, ask_for=["kind"])
        if ctx.incoming.interactive:
            return forms.begin(ctx, "announcement", {"what": ctx.letter.text.strip()})
        raise Refusal(
            _(
                "Est-ce une demande ou une offre ? Écrivez `demande …` ou `offre …`, suivi de votre"
                " texte."
            )
        )
    asked = offered_to(ctx) if read.side is reading.Side.OFFER else []
    if len(asked) == 1:
        ctx.observe(intent=Intent.ANNOUNCEMENT_ANSWER)
        return answer_by_letter(ctx, asked[0])
    sure = not asked and not ANSWERING.search(level(ctx.letter.text))
    return draft(ctx, _DIRECTIONS[read.side], ctx.letter.text, letter=sure)
