"""Announcements before they leave: what is understood is shown, what lacks is asked, once.

What an author answers in their own words completes the draft; whatever is said to a draft that
would leave by itself holds it back, unless it is a yes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from config.authorities import Authority
from handlers import amendments, kinds, moderating, texts
from handlers.announcement_checks import (
    certain,
    publishable,
    require_official,
    strangers,
    wrong_period,
)
from handlers.announcement_told import URGENT, Told, severity_kept
from handlers.announcement_words import preview
from handlers.context import Context
from handlers.observation import Action
from handlers.reading.announcement import Announcement as Read
from handlers.reading.announcement import Lacking, read_announcement
from handlers.reading.audience import Audience, addressee, find_audience
from handlers.reading.categories import Category
from handlers.reading.dates import Period, find_period
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.sides import Side, side_of
from handlers.reply import Choice, Choices, Paragraph, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _
from storage import inbox, reminders
from storage.announcements import Announcement, Direction
from storage.conversations import Question
from storage.inbox import Entry

FACTS = "announcement-facts"
"""The question for what an announcement does not tell, before there is a draft."""
DIRECTIONS = {Side.DEMAND: Direction.DEMAND, Side.OFFER: Direction.OFFER}


def draft(ctx: Context, told: Told) -> Reply:
    """Keep a draft and ask its author, once, whether it may be sent to those whom it is for."""
    letter = told.laid_out
    require_official(ctx, letter)
    read = read_announcement(letter, ctx.today)
    if told.period is not None:
        read = replace(read, period=told.period, lacking=())
    elif read.period is None and not told.letter:
        # What is typed is all of what is shared: « un agent du 4 au 8 mai, deux agents absents ».
        read = replace(read, period=find_period(told.words, ctx.today))
    direction = told.direction or (DIRECTIONS[read.side] if read.side else None)
    if direction is None:
        return _ask(ctx, told, "kind", _("Est-ce une demande ou une offre ? Un mot suffit."))
    told = replace(told, direction=direction)
    wrong = wrong_period("" if told.period else told.words, read.period, ctx.today)
    if wrong is not None:
        return _ask_period(ctx, told, read, wrong)
    if told.period is None and (far := _next_year(told.words, read.period, ctx.today)):
        first, last = far
        days = [first.isoformat(), last.isoformat()]
        return _ask(ctx, told, "period", _far_away(first, last), suggested=days)
    audience = _audience(ctx, told)
    if audience.unclear:
        return _ask(ctx, told, "audience", *_WHOSE)
    return _show(ctx, told, read, audience)


_FAR = 270
"""From how many days ahead a period without a year is asked about: it may be one that is over."""


def _next_year(words: str, period: Period | None, today: date) -> tuple[date, date] | None:
    """A period that is read as next year's only because this year's is over; None otherwise."""
    if period is None or period.start is None or period.end is None or _YEAR.search(words):
        return None
    far = (period.start - today).days > _FAR
    return (period.start, period.end) if far else None


_YEAR = re.compile(
    r"\b20\d\d\b|\b(?:prochain|suivant)e?\b|\d/\d\d?/\d\d\b|volgend|nachst|next", re.IGNORECASE
)


def _far_away(first: date, last: date) -> Text:
    return _(
        "Cette période est déjà passée cette année. Voulez-vous dire du **{first}** au **{last}** ?"
        " Répondez « oui », ou par d'autres dates.",
        first=first,
        last=last,
    )


_WHOSE = (
    _(
        "À qui votre annonce s'adresse-t-elle ? Je n'ai pas su lire à qui vous la limitez : nommez"
        " les institutions ou leur sorte (« toutes les communes », « les CPAS », « les communes"
        " d'Arlon et de Virton »), ou répondez « à tous »."
    ),
    _("Seuls les membres de la plateforme la reçoivent, jamais le public ni des associations."),
)


def _ask(ctx: Context, told: Told, missing: str, *words: Text, **more: Any) -> Reply:
    """Ask for the one thing without which there is no draft; the answer picks it up."""
    topic = Topic("inbox", told.entry)
    question = ctx.ask(FACTS, topic, missing=missing, **told.as_data(), **more)
    ctx.observe(ask_for=[missing], institution=ctx.institution)
    waits = _("Votre annonce est gardée ; rien n'est envoyé d'ici là.")
    title = _("Votre annonce : une question")
    return reply(*words, waits, title=title).about(f"question:{question.id}")


def _ask_period(ctx: Context, told: Told, read: Read, wrong: Text) -> Reply:
    start, end = (read.period.start, read.period.end) if read.period else (None, None)
    turned = start is not None and end is not None and end < start
    suggested = [day.isoformat() for day in (end, start) if day] if turned else None
    return _ask(ctx, told, "period", wrong, suggested=suggested)


def _authority(ctx: Context) -> Authority:
    own = ctx.institution
    return ctx.platform.territory.authority(own.type, own.code)


def _audience(ctx: Context, told: Told) -> Audience:
    if told.to_all:
        return Audience()
    offered = told.direction == Direction.OFFER
    words = f"Uniquement pour {told.to}" if told.to else _as_said(told)
    addressed = "" if told.to else addressee(told.words, parted=told.letter)
    if addressed and not to_all(addressed):
        to = addressed[_SORT_FIRST.match(addressed).end() :]  # type: ignore[union-attr] # it matches nothing, too
        named = find_audience(f"Uniquement {to}", _authority(ctx), ctx.platform.territory)
        if named != Audience():
            return named
        if not told.letter and addressee(told.words, parted=True):
            # Somebody was named before the colon, and nobody knows who.
            return Audience(unclear=True)
    return find_audience(words, _authority(ctx), ctx.platform.territory, offered=offered)


_SORT_FIRST = re.compile(r"(?:d(?:e |['’])\w+ )?", re.IGNORECASE)
"""« demande de matériel aux CPAS » : what is asked for stands before those who are asked."""


def _as_said(told: Told) -> str:
    """The words with the verb that stood before them as a command: « offre … pour les CPAS »."""
    offered = told.direction == Direction.OFFER and not told.letter
    return f"offre {told.words}" if offered else told.words


def audience_of(ctx: Context, words: str) -> Audience:
    """Those whom words name as the only readers of an announcement."""
    return find_audience(f"Uniquement pour {words}", _authority(ctx), ctx.platform.territory)


def to_all(words: str) -> bool:
    """Whether words mean every member."""
    return level(words).strip(" .!") in _TO_ALL


def _show(ctx: Context, told: Told, read: Read, audience: Audience) -> Reply:
    """Show what others would see, and say what happens next."""
    words = _with_thing(told, read)
    kept = _kept(ctx, told, publishable(ctx, words), read)
    kept.audience = [f"{one.type}:{one.code}" for one in audience.institutions or ()]
    ctx.session.add(kept)
    ctx.session.flush()
    _observe(ctx, kept)
    read = replace(read, side=read.side or Side.OFFER)
    if kept.words != words.strip():
        question = _question(ctx, kept)
        ctx.observe(action=Action.HOLD, ask_for=["confirm_redacted_text"])
        return shown(ctx, kept, _REDACTED).about(f"question:{question.id}")
    lacking = read.lacking_period if kept.direction == Direction.DEMAND else ()
    if told.letter and lacking:
        return _without_period(ctx, kept, lacking)
    if told.letter and certain(ctx, read, told.laid_out):
        return leaving(ctx, kept)
    return shown(ctx, kept).about(f"question:{_question(ctx, kept).id}")


def _with_thing(told: Told, read: Read) -> str:
    """The words, under their title where that alone names what is shared."""
    words = told.words.strip()
    if not told.letter or not told.subject.strip():
        return words
    untitled = read_announcement(open_letter("", words), date.min.replace(year=2000))
    if read.category is None or untitled.category is not None:
        return words
    title = told.laid_out.subject
    return words if level(title) in level(words) else f"{title}\n\n{words}"


def _kept(ctx: Context, told: Told, words: str, read: Read) -> Announcement:
    return Announcement(
        person=ctx.member,
        direction=told.direction,
        category=(read.category or Category.OTHER).name.lower(),
        kind=kinds.as_kept(kinds.own_kind(ctx.platform.settings.announcements.kinds, words)),
        words=words,
        service=told.service or read.service,
        severity=told.severity or severity_kept(read.severity),
        urgent=told.urgency == URGENT or read.urgent,
        starts_on=read.period.start if read.period else None,
        ends_on=read.period.end if read.period else None,
        drafted_at=ctx.now,
        entry_id=told.entry,
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


def digest(kept: Announcement) -> str:
    """What an agreement is bound to."""
    content = f"{kept.direction}\n{kept.category}\n{kept.words}"
    return sha256(content.encode()).hexdigest()


def _question(ctx: Context, kept: Announcement, *, lacking: bool = False) -> Question:
    topic = Topic("announcement", kept.id)
    return ctx.ask("announcement", topic, digest(kept), lacking=lacking)


_SHOWN = _("Voici ce que tous les membres verront. Rien n'est envoyé sans votre accord.")
_SHOWN_TO_SOME = _(
    "Voici ce que verront les institutions choisies. Rien n'est envoyé sans votre accord."
)
_REDACTED = _(
    "Votre message contient un élément personnel qui ne peut pas être diffusé ; il en est retiré."
    " Voici ce qui serait vu. Rien n'est envoyé sans votre accord."
)


_READ_FIRST = _(
    "Avec votre accord, un administrateur la relit d'abord ; elle ne part que s'il l'accepte."
)


def shown(ctx: Context, kept: Announcement, lead: Text | None = None) -> Reply:
    """What others would see, for a yes or a no."""
    return reply(
        lead or (_SHOWN_TO_SOME if kept.audience else _SHOWN),
        *([_READ_FIRST] if moderating.is_required(ctx, kept) else ()),
        *preview(ctx, kept),
        *_named(ctx, kept),
        texts.confirm_or_cancel(_what_a_yes_does(ctx, kept), _("rien n'est envoyé")),
        title=_("Votre annonce attend votre accord"),
    )


def _named(ctx: Context, kept: Announcement) -> list[Text]:
    """A word about the persons whom a text names: everybody it is for will read their names."""
    names = strangers(ctx, open_letter("", kept.words))
    if not names:
        return []
    return [
        _(
            "👤 Votre texte nomme {names} : si ce n'est pas nécessaire, répondez avec un texte sans"
            " ce nom.",
            names=", ".join(names),
        )
    ]


def _what_a_yes_does(ctx: Context, kept: Announcement) -> Text:
    if moderating.is_required(ctx, kept):
        return _("l'annonce est remise à un administrateur, qui la relit avant qu'elle parte")
    return _("l'annonce part") if kept.audience else _("l'annonce part à tous les membres")


def _without_period(ctx: Context, kept: Announcement, lacking: tuple[Lacking, ...]) -> Reply:
    """Ask from when until when, and show the rest."""
    leads = {
        Lacking.PERIOD: _("**Pour quelle période ?** Répondez par les dates : « du … au … »."),
        Lacking.START: _("**À partir de quand ?** Répondez par la date."),
        Lacking.END: _("**Jusqu'à quand ?** Répondez par la date."),
    }
    question = _question(ctx, kept, lacking=True)
    asked = {Lacking.PERIOD: "period", Lacking.START: "start", Lacking.END: "end"}
    ctx.observe(ask_for=[asked[one] for one in lacking])
    return reply(
        leads[lacking[0]],
        _("Voici ce qui sera vu alors ; rien n'est envoyé d'ici là."),
        *preview(ctx, kept),
        texts.confirm_or_cancel(_("l'annonce part telle quelle"), _("rien n'est envoyé")),
        title=_("Votre annonce : pour quelle période ?"),
    ).about(f"question:{question.id}")


def leaving(ctx: Context, kept: Announcement) -> Reply:
    """Say what leaves, when, and how to hold it back."""
    topic = Topic("announcement", kept.id)
    question = _question(ctx, kept)
    minutes = ctx.platform.settings.rules.announcement_pause_minutes
    leaves_at = ctx.now + timedelta(minutes=minutes)
    reminders.cancel(ctx.session, str(topic), ("publication",), ctx.now)
    ctx.remind("publication", topic, leaves_at)
    ctx.observe(action=Action.ACCEPT, awaits=f"{minutes} minutes")
    read_first = moderating.is_required(ctx, kept)
    at_once = (
        _("l'annonce est remise tout de suite à un administrateur")
        if read_first
        else _("l'annonce part tout de suite")
    )
    return reply(
        _read_first(leaves_at) if read_first else _leaves(kept, leaves_at),
        *preview(ctx, kept),
        Choices(
            (
                Choice("✅", _("oui"), at_once),
                Choice("❌", _("non"), _("rien n'est envoyé")),
            )
        ),
        title=_("Votre annonce : bien reçue"),
    ).about(f"question:{question.id}")


def _leaves(kept: Announcement, instant: datetime) -> Text:
    if kept.audience:
        return _(
            "Votre annonce est bien reçue. Elle part aux institutions choisies le **{instant}**,"
            " telle que la voici ; pour la retenir, répondez « non » d'ici là.",
            instant=instant,
        )
    return _(
        "Votre annonce est bien reçue. Elle part à **tous les membres** le **{instant}**, telle que"
        " la voici ; pour la retenir, répondez « non » d'ici là.",
        instant=instant,
    )


def _read_first(instant: datetime) -> Text:
    return _(
        "Votre annonce est bien reçue. Un administrateur la relit d'abord : elle lui est remise le"
        " **{instant}**, telle que la voici, et ne part que s'il l'accepte. Pour la retenir,"
        " répondez « non » d'ici là.",
        instant=instant,
    )


# -- what its author says to it in their own words ------------------------------------------------


def completed(ctx: Context, kept: Announcement, question: Question) -> Reply:
    """A draft with the dates that it lacked. Anything else is asked back, and the draft held:
    what was written to stop it must not come too late.
    """
    said = open_letter("", ctx.incoming.text).body.strip()
    period = find_period(said, ctx.today)
    if not question.data.get("lacking") or not _tells_dates(said, period):
        change = amendments.read(ctx, kept, said)
        return _amended(ctx, kept, change) if change else _held_back(ctx, kept, question)
    wrong = wrong_period(said, period, ctx.today)
    if period is None or wrong is not None:
        return _held_back(ctx, kept, question, *([wrong] if wrong else []))
    kept.starts_on = period.start or kept.starts_on
    kept.ends_on = period.end or kept.ends_on
    _observe(ctx, kept)
    letter = open_letter("", kept.words)
    read = replace(read_announcement(letter, ctx.today), period=period, lacking=())
    if certain(ctx, read, letter):
        return leaving(ctx, kept)
    return shown(ctx, kept).about(f"question:{_question(ctx, kept).id}")


_BRIEF = 14
"""An answer of more words says more than the dates."""
_NOT_ALONE = re.compile(
    r"^\W*(?:oui|non|ja|nee|nein|yes|no)\b|\?|\b(?:mais|sauf|annul\w+|attend\w+)\b"
)


def _tells_dates(said: str, period: Period | None) -> bool:
    brief = len(said.split()) <= _BRIEF
    return period is not None and brief and _NOT_ALONE.search(level(said)) is None


def _amended(ctx: Context, kept: Announcement, change: amendments.Amendment) -> Reply:
    """A draft as a few words change it, shown again; it waits for a yes."""
    if change.words is not None:
        kept.words = publishable(ctx, change.words)
    if change.period is not None:
        kept.starts_on = change.period.start or kept.starts_on
        kept.ends_on = change.period.end or kept.ends_on
    if change.audience is not None:
        meant = change.audience.institutions or ()
        kept.audience = [f"{one.type}:{one.code}" for one in meant]
    _stay(ctx, kept)
    _observe(ctx, kept)
    ctx.observe(action=Action.ASK)
    return shown(ctx, kept).about(f"question:{_question(ctx, kept).id}")


def _stay(ctx: Context, kept: Announcement) -> None:
    """It does not leave by itself any more."""
    topic = str(Topic("announcement", kept.id))
    reminders.cancel(ctx.session, topic, ("publication",), ctx.now)


def hold(ctx: Context, kept: Announcement, question: Question) -> Reply:
    """It waits for as long as its author wants: nothing leaves, nothing is forgotten."""
    _stay(ctx, kept)
    question.answered_at = None
    ctx.observe(action=Action.ASK)
    return reply(
        _(
            "D'accord, rien ne part. Répondez « oui » pour l'envoyer, « non » pour l'oublier, ou"
            " dites ce qui change : « du 4 au 8 mai », « aux CPAS seulement », « plutôt 4 tentes »."
        )
    ).about(f"question:{question.id}")


def _held_back(ctx: Context, kept: Announcement, question: Question, *why: Text) -> Reply:
    """The question stays open, and the draft waits for its answer."""
    _stay(ctx, kept)
    question.answered_at = None
    ctx.observe(action=Action.ASK)
    return reply(*(Paragraph(words) for words in why), *texts.yes_or_no().blocks).about(
        f"question:{question.id}"
    )


def enclose(ctx: Context, kept: Announcement) -> None:
    """The files of this message go with a draft, as those of its first message do."""
    if kept.entry_id is not None and ctx.incoming.files:
        inbox.share_files(ctx.session, ctx.entry, ctx.session.get_one(Entry, kept.entry_id))


def with_files(ctx: Context, kept: Announcement) -> Reply:
    """A draft with the files that its author sends after it, shown again; it waits for a yes."""
    enclose(ctx, kept)
    _stay(ctx, kept)
    ctx.observe(action=Action.ASK)
    return shown(ctx, kept).about(f"question:{_question(ctx, kept).id}")


def with_facts(ctx: Context, question: Question, said: bool | None) -> Reply:
    """An announcement with the fact that its author was asked for."""
    told, missing = Told.from_data(question.data), question.data["missing"]
    if said is False:
        return reply(_("C'est annulé : rien n'a été envoyé."))
    words = open_letter("", ctx.incoming.text).body.strip() or ctx.incoming.text.strip()
    if missing == "kind":
        return draft(ctx, replace(told, direction=_direction(words)))
    if missing == "audience" and said:
        return _ask(ctx, told, "audience", *_WHOSE)
    if missing == "audience":
        everybody = to_all(words)
        return draft(ctx, replace(told, to_all=everybody, to="" if everybody else words))
    suggested = question.data.get("suggested")
    if said and suggested:
        first, last = (date.fromisoformat(day) for day in suggested)
        return draft(ctx, replace(told, period=Period(first, last)))
    return draft(ctx, replace(told, period=find_period(words, ctx.today)))


_TO_ALL = frozenset(
    {
        "a tous",
        "aux membres",
        "tous",
        "tout le monde",
        "a tous les membres",
        "tous les membres",
        "a toutes",
    }
    | {"allen", "alle", "all", "everybody"}
)


def _direction(words: str) -> Direction | None:
    plain = level(words)
    asked, given = "demande" in plain, "offre" in plain
    if asked != given:
        return Direction.DEMAND if asked else Direction.OFFER
    side = side_of(open_letter("", words))
    return DIRECTIONS[side] if side else None
