"""Answers to demands and offers, by their conversation, their number or a letter of their own.

What is said in the members' place and what is said elsewhere is the same conversation: each
participant reads all of it where they are (acceptance B07 to B09, B42).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import agreements, announcement_acts, broadcast, texts
from handlers.announcement_words import headline, shortened
from handlers.arguments import Words, reads
from handlers.command import Table
from handlers.context import Context
from handlers.courtesy import only_thanks
from handlers.desk import tell_all
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.categories import things
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.privacy import find_sensitive
from handlers.reply import Bullets, File, Paragraph, Quote, Refusal, Reply, reply
from handlers.request import Incoming, Place, Topic
from handlers.wording import Text, _
from storage import announcements, members
from storage.announcement_states import Stage, Step
from storage.announcements import Announcement, Contribution, Direction

table = Table()

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


@table.topic("announcement", who=Role.MEMBER)
def contribute(ctx: Context, topic: Topic) -> Reply | None:
    """An answer in the conversation of an announcement, wherever it was written."""
    kept = ctx.session.get_one(Announcement, topic.id)
    words = _without_signature(ctx.incoming)
    if only_thanks(words, ctx.person) and not ctx.incoming.files:
        # Thanks alone need not reach everybody's mailbox.
        ctx.observe(action=Action.IGNORE)
        return None
    if _is_own(ctx, kept) and kept.is_live and agreements.accepts(words):
        return agreements.propose(ctx, kept, words)
    return _contribute(ctx, kept, words)


@table.command(
    "répondre",
    aliases={"en": ["answer", "reply"], "nl": ["antwoorden"], "de": ["antworten"]},
    who=Role.MEMBER,
    usage=_("répondre A-NUMÉRO TEXTE"),
    summary=_("répondre à une annonce"),
    example="répondre A-1 nous pouvons prêter une personne à mi-temps",
)
def answer(ctx: Context, announcement: Announcement, words: Words) -> Reply | None:
    """An answer to an announcement named by its reference; « en privé … » is for its author."""
    private = _IN_PRIVATE.match(words)
    if private:
        return _answer_privately(ctx, announcement, words[private.end() :])
    return _contribute(ctx, announcement, words)


@table.command(
    "quitter la conversation",
    aliases={
        "fr": ["quitter le fil", "ne plus suivre"],
        "en": ["leave conversation"],
        "nl": ["gesprek verlaten"],
        "de": ["gespräch verlassen"],
    },
    who=Role.MEMBER,
    usage=_("quitter la conversation A-NUMÉRO"),
    summary=_("ne plus recevoir la suite d'une conversation"),
    example="quitter la conversation A-1",
    listed=False,
)
def leave(ctx: Context, announcement: Announcement) -> Reply:
    """Tell somebody who answered nothing more of a conversation, until they say something again."""
    if announcement.person_id == ctx.member.id:
        raise Refusal(
            _(
                "C'est votre annonce : retirez-la par `retirer {reference}` pour ne plus rien"
                " recevoir.",
                reference=announcement.reference,
            )
        )
    if ctx.member not in announcements.participants(announcement):
        raise Refusal(
            _(
                "Vous ne recevez pas la conversation de {reference} : il n'y a rien à quitter.",
                reference=announcement.reference,
            )
        )
    announcements.leave(announcement, ctx.member)
    return reply(
        _(
            "Vous ne recevez plus la suite de **{reference}**. Pour y revenir, écrivez : `répondre"
            " {reference} …`.",
            reference=announcement.reference,
        )
    )


_IN_PRIVATE = re.compile(
    r"(?:en priv[eé]|priv[eé]|privately|in private|vertrouwelijk|privat|vertraulich)\b[\s:,]*",
    re.IGNORECASE,
)


_CONFIDENTIAL = re.compile(
    r"\b(?:en|a titre) prive\b|^\W*prive\b|\bconfidentiel\w*"
    r"|\bne pas (?:diffuser|publier|transferer)\b"
    r"|\b(?:uniquement|seulement|exclusivement|juste) (?:pour|a|au|aux) (?:vous|l'auteur"
    r"|(?:la |le |l')?(?:commune|ville|cpas|zone|province|administration))"
    r"|\bentre nous\b|\bvertrouwelijk\b|\bniet (?:verspreiden|publiceren)\b|\bvertraulich\b"
    r"|\bnicht (?:verbreiten|veroffentlichen)\b|\bin private\b|\bprivately\b"
    r"|\bdo not (?:share|publish)\b"
)


def wants_privacy(words: str) -> bool:
    """Whether somebody asks that only the author read an answer; then nobody else does."""
    return _CONFIDENTIAL.search(level(words)) is not None


def _answer_privately(ctx: Context, kept: Announcement, words: str) -> Reply:
    """Pass an answer on to the author alone. It is no part of the conversation: an answer to it
    would be read by all, so the author is told where to write.
    """
    if not ctx.incoming.direct:
        raise Refusal(*texts.in_private(f"répondre {kept.reference} en privé …").blocks)
    if not words.strip():
        raise Refusal(_("Il manque votre réponse : `répondre A-NUMÉRO en privé TEXTE`."))
    _require_open(ctx, kept)
    if _is_own(ctx, kept):
        raise Refusal(_("C'est l'annonce de votre propre institution."))
    address = members.address_of(ctx.session, ctx.member, ctx.platform.record_channel)
    ctx.tell(kept.person, _said_privately(ctx, kept, words, address.address if address else ""))
    announcements.confide(kept, ctx.member)
    ctx.audit("announcement.answered-privately", Topic("announcement", kept.id))
    _mark_answered(ctx, kept)
    return reply(
        _(
            "Votre réponse à l'annonce **{reference}** est transmise {whom}, et à personne"
            " d'autre.",
            reference=kept.reference,
            whom=texts.to_the(kept.person.institution),
        )
    )


def _said_privately(ctx: Context, kept: Announcement, words: str, address: str) -> Reply:
    return reply(
        _(
            "**{name}**, {institution}, vous répond en privé :",
            name=ctx.member.name,
            institution=ctx.institution.name,
        ),
        Quote(words),
        _("Pour lui répondre, écrivez à {address}.", address=address or ctx.incoming.sender),
        title=_("Réponse privée à l'annonce {reference}", reference=kept.reference),
    ).with_files(*_files(ctx))


def _contribute(ctx: Context, kept: Announcement, words: str) -> Reply | None:
    if wants_privacy(words):
        return _answer_privately(ctx, kept, words)
    ctx.observe(answer={"announcement": kept.number, "text": words}, institution=ctx.institution)
    _require_open(ctx, kept)
    require_public(ctx, words)
    author = ctx.member
    readers = [p for p in broadcast.taking_part(ctx, kept) if p.id != author.id]
    kept.contributions.append(
        Contribution(
            announcement=kept,
            person=author,
            words=words,
            written_at=ctx.now,
            entry_id=ctx.entry.id,
        )
    )
    announcements.come_back(kept, author)
    _mark_answered(ctx, kept)
    topic = f"announcement:{kept.id}"
    said = _said(ctx, kept, words)
    tell_all(ctx, [p for p in readers if not ctx.is_in_places(p)], said.about(topic))
    broadcast.news(ctx, kept)
    if ctx.incoming.place is Place.MEMBERS:
        return None
    if not kept.audience:
        ctx.tell_place(Place.MEMBERS, shortened(said, f"{kept.reference}.txt").about(topic))
    return reply(_passed_on(kept, own=_is_own(ctx, kept)), title=headline(kept)).about(topic)


def _mark_answered(ctx: Context, kept: Announcement) -> None:
    """The first answer of another institution, be it private, is a step in its life."""
    if kept.stage == Stage.OPEN and not _is_own(ctx, kept):
        announcement_acts.take(ctx, kept, Step.ANSWER)


def _require_open(ctx: Context, kept: Announcement) -> None:
    """Raises Refusal for who may not answer it, or not any more."""
    if not kept.is_for(ctx.institution):
        raise Refusal(_("Cette annonce ne s'adresse pas à votre institution."))
    if not kept.is_live:
        raise Refusal(_("L'annonce {reference} n'est plus ouverte.", reference=kept.reference))


def _is_own(ctx: Context, kept: Announcement) -> bool:
    """Whether the announcement is of the sender's own institution: it answers nobody then."""
    return kept.person.institution_id == ctx.institution.id


def _said(ctx: Context, kept: Announcement, words: str) -> Reply:
    """A contribution as the others read it; the author's own is a complement."""
    who = {"name": ctx.member.name, "institution": ctx.institution.name}
    lead = (
        _("Complément de **{name}**, {institution} :", **who)
        if _is_own(ctx, kept)
        else _("**{name}**, {institution} :", **who)
    )
    return reply(Paragraph(lead), Quote(words), title=headline(kept)).with_files(*_files(ctx))


def _files(ctx: Context) -> tuple[File, ...]:
    return tuple(File(f.name, f.media_type, f.content) for f in ctx.incoming.files)


def _passed_on(kept: Announcement, *, own: bool) -> Text:
    if own:
        return _(
            "Votre complément à votre annonce **{reference}** est joint à la conversation ; ceux"
            " qui y ont répondu le reçoivent.",
            reference=kept.reference,
        )
    return _(
        "Votre réponse à l'annonce **{reference}** est transmise {whom}.",
        reference=kept.reference,
        whom=texts.to_the(kept.person.institution),
    )


def require_public(ctx: Context, words: str) -> None:
    """Raises Refusal for what tells something of a third person: all members would read it."""
    if find_sensitive(words):
        ctx.observe(action=Action.HOLD)
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé qui ne peut pas être"
                " diffusé. Il n'est pas envoyé : renvoyez-le sans ce passage."
            )
        )


_ANSWERING = re.compile(
    r"\b(?:en reponse|suite a (?:votre|vos|ton|ta|leur|l'annonce|l'appel|l'offre|la demande)"
    r"|repond(?:s|ons)\b|(?:votre|vos|ton|ta|leur) (?:\w+ )?(?:annonce|demande|appel|besoin"
    r"|recherche"
    r"|offre|proposition)|pour (?:votre|ta|ton|leur) )"
)
_WANTED = re.compile(
    r"\b(?:(?<!est )(?<!sera )(?<!sont )demandee?s?|(?:re)?cherchee?s?|aider|depanner)\b"
)
"""What somebody else wants, said of whoever is named beside it."""


def may_answer(ctx: Context, *, offered: bool) -> bool:
    """Whether a letter may be meant for one author rather than for everybody."""
    plain = level(f"{ctx.letter.subject}\n{ctx.letter.text}")
    if _ANSWERING.search(plain):
        return True
    return offered and _WANTED.search(plain) is not None and bool(_others_named(ctx))


def _others_named(ctx: Context) -> set[tuple[str, str]]:
    """The institutions that a letter names, one's own left out."""
    told = f"{ctx.letter.subject}\n{ctx.letter.text}"
    mentions = ctx.platform.territory.mentions(told)
    named = {(str(one.authority.type), one.authority.code) for one in mentions}
    return named - {(ctx.institution.type, ctx.institution.code)}


def offered_to(ctx: Context) -> list[Announcement]:
    """The open demands of those whom an offer names and answers: « on peut aider X »."""
    if not may_answer(ctx, offered=True):
        return []
    named = _others_named(ctx)
    return [
        kept
        for kept in open_for(ctx)
        if kept.direction == Direction.DEMAND
        and kept.person.institution_id != ctx.institution.id
        and (kept.person.institution.type, kept.person.institution.code) in named
    ]


@table.intent(Intent.ANNOUNCEMENT_ANSWER, who=Role.MEMBER)
def answered(ctx: Context, understood: Understanding) -> Reply | None:
    """An answer in a letter of its own: it has to say to which announcement."""
    number = understood.announcement_number
    kept = (
        announcements.by_number(ctx.session, number, None)
        if number
        else _by_its_words(ctx, understood)
    )
    if kept is None or not kept.is_for(ctx.institution):
        ctx.observe(action=Action.ASK, ask_for=["announcement"])
        raise Refusal(
            _("À quelle annonce répondez-vous ? Voici celles qui sont ouvertes :"),
            Bullets(tuple(headline(one) for one in open_for(ctx))),
            _("Pour répondre : `répondre A-NUMÉRO votre réponse`."),
        )
    return answer_by_letter(ctx, kept)


def _by_its_words(ctx: Context, understood: Understanding) -> Announcement | None:
    """The only open announcement that an answer without a number can mean: by the institution that
    it names, by the person whom it greets, by the thing that it speaks of. None if several fit.
    """
    told = level(f"{ctx.letter.subject}\n{ctx.letter.text}")
    open_ = [one for one in open_for(ctx) if not _is_own(ctx, one)]
    named = _others_named(ctx)
    of_named = [one for one in open_ if _key(one) in named]
    found = of_named or [one for one in open_ if _greets(told, one)]
    if found:
        return _only([one for one in found if _same_sort(understood, one)])
    about = [one for one in open_ if _right_side(told, one) and _same_thing(told, one)]
    return _only(about)


def _only(found: Sequence[Announcement]) -> Announcement | None:
    return found[0] if len(found) == 1 else None


def _key(kept: Announcement) -> tuple[str, str]:
    return kept.person.institution.type, kept.person.institution.code


def _greets(told: str, kept: Announcement) -> bool:
    """Whether the author is named in the greeting, by the last name."""
    name = re.escape(level(kept.person.name.split()[-1]))
    greeting = rf"(?:bonjour|cher|chere|madame|monsieur|salut)\b[^.!?\n]{{0,30}}\b{name}\b"
    return len(name) > 2 and re.search(greeting, told) is not None


def _same_sort(understood: Understanding, kept: Announcement) -> bool:
    category = understood.announcement.category if understood.announcement else None
    return category is None or kept.category in {category.name.lower(), "other"}


_TO_A_DEMAND = re.compile(
    r"\b(?:votre|vos|ta|ton|leur|l'|la) ?(?:demande|recherche|besoin|appel)\b"
)
_TO_AN_OFFER = re.compile(r"\b(?:votre|vos|ta|ton|leur|l'|la) ?(?:offre|proposition|pret)\b")


def _right_side(told: str, kept: Announcement) -> bool:
    if _TO_A_DEMAND.search(told):
        return kept.direction == Direction.DEMAND
    return _TO_AN_OFFER.search(told) is None or kept.direction == Direction.OFFER


def _same_thing(told: str, kept: Announcement) -> bool:
    """Whether something that an announcement names is spoken of, be it in the plural."""
    return bool(things(told) & things(level(kept.words)))


def answer_by_letter(ctx: Context, kept: Announcement) -> Reply | None:
    """Pass on a letter that answers an announcement. Raises Refusal for what is private."""
    return _contribute(ctx, kept, _without_signature(ctx.letter))


def _without_signature(letter: Incoming) -> str:
    """What somebody says, without the telephone numbers and addresses that stand below their name:
    all members read it, and it bears their name already.
    """
    return open_letter(letter.subject, letter.text).body.strip() or letter.text.strip()


def open_for(ctx: Context) -> list[Announcement]:
    """The announcements that await answers of those who ask, the newest first."""
    own = ctx.institution
    return [kept for kept in announcements.published(ctx.session) if kept.is_for(own)]
