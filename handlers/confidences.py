"""What the author of an announcement and who answered it say to each other alone: each answers the
other's words where they came, and nobody else reads any of it (acceptance B30, B42).
"""

from __future__ import annotations

import re

from handlers import agreement_terms, agreements, broadcast, texts
from handlers.announcement_checks import require_discreet
from handlers.answering import files_of, is_own, mark_answered, own_words, require_open
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.accepting import takes_up
from handlers.reading.declining import declines
from handlers.reading.letters import level
from handlers.reply import Bullets, Quote, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import announcements, members
from storage.announcements import Announcement, Confidant
from storage.members import Person

table = Table()

TOPIC = "confidence"
"""The topic of what two say to each other alone."""
IN_PRIVATE = re.compile(
    r"(?:en priv[eé]|priv[eé]|privately|in private|vertrouwelijk|privat|vertraulich)\b[\s:,]*",
    re.IGNORECASE,
)


_CONFIDENTIAL = re.compile(
    r"\b(?:en|a titre) prive\b|^\W*prive\b|\b(?:reponse|message) privee?\b|\bconfidentiel\w*"
    r"|\bne pas (?:diffuser|publier|transferer|ebruiter)\b"
    r"|\b(?:n'en parlez pas|ne (?:le|la|les) (?:dites|repetez|transmettez|montrez) pas"
    r"|gardez (?:ca|cela|le|la|ceci) pour vous|que cela reste entre)\b"
    r"|\b(?:uniquement|seulement|exclusivement|juste) (?:pour|a|au|aux) (?:vous|l'auteur"
    r"|(?:la |le |l')?(?:commune|ville|cpas|zone|province|administration))"
    r"|\bpour (?:vous|l'auteur) (?:seule?s?|seulement|uniquement)\b"
    r"|\bentre nous\b|\bvertrouwelijk\b|\bniet (?:verspreiden|publiceren)\b|\bvertraulich\b"
    r"|\bnicht (?:verbreiten|veroffentlichen)\b|\bin private\b|\bprivately\b"
    r"|\bdo not (?:share|publish)\b"
)


def wants_privacy(words: str, kept: Announcement | None = None) -> bool:
    """Whether somebody asks that only the author read an answer; then nobody else does. The author
    may be meant by name: « pour Hélène seulement ».
    """
    plain = level(words)
    if _CONFIDENTIAL.search(plain):
        return True
    if kept is None:
        return False
    author = kept.person
    names = [author.name, *author.name.split(), author.institution.name]
    names += [part for part in author.institution.name.split() if part[:1].isupper()]
    named = "|".join(re.escape(level(name)) for name in names if len(name) > 3)
    only = r"(?:seule?s?|seulement|uniquement|exclusivement)"
    return bool(
        re.search(
            rf"\b{only} (?:pour|a) (?:{named})\b|\bpour (?:la |le )?(?:{named}) {only}\b", plain
        )
    )


@table.topic(TOPIC, who=Role.MEMBER)
def go_on(ctx: Context, topic: Topic) -> Reply:
    """What one of the two says to the other's words, where these came; it stays between them."""
    said = ctx.session.get(Confidant, topic.id)
    if said is None:
        raise Refusal(_("Cette réponse privée a été retirée : rien n'est transmis."))
    kept, words = said.announcement, own_words(ctx.incoming)
    if is_own(ctx, kept):
        if kept.is_live and takes_up(words):
            return agreements.propose(ctx, kept, f"{words} {said.person.institution.name}")
        return _to_answerer(ctx, said, words)
    if said.person.institution_id != ctx.institution.id:
        raise Refusal(_("Cette conversation n'est pas la vôtre : rien n'est transmis."))
    return confide(ctx, kept, words, said)


def _to_answerer(ctx: Context, said: Confidant, words: str) -> Reply:
    """Pass the author's words on to one who answered, and to nobody else."""
    if not said.person.active:
        raise Refusal(_("{name} n'est plus membre : rien n'est transmis.", name=said.person.name))
    if not words.strip() and not ctx.incoming.files:
        raise Refusal(_("Il manque votre réponse : rien n'est transmis."))
    require_discreet(ctx, words)
    told = _said(ctx, said.announcement, words, f"{TOPIC}:{said.id}")
    broadcast.tell_each(ctx, said.announcement, [said.person], told)
    return _passed_on(said.person, said)


def to_one(ctx: Context, kept: Announcement, words: str) -> Reply:
    """What an author says to one of those who answered, named first: « à Rouvroy : … »."""
    who = agreement_terms.answerer_named(ctx, kept, words.partition(":")[0])
    if who is None:
        names = [one.institution.name for one in announcements.answerers(kept)]
        if not names:
            raise Refusal(_("Personne n'a encore répondu à {reference}.", reference=kept.reference))
        raise Refusal(
            _(
                "À qui le dire en privé ? Écrivez par exemple `répondre {reference} en privé à"
                " {name} : …`. Ont répondu :",
                reference=kept.reference,
                name=names[0],
            ),
            Bullets(tuple(map(verbatim, names))),
        )
    known = [one for one in kept.confidants if one.person_id == who.id]
    said = known[-1] if known else announcements.confide(kept, who, None, declines=False)
    ctx.session.flush()
    return _to_answerer(ctx, said, words.partition(":")[2].strip())


def confide(ctx: Context, kept: Announcement, words: str, before: Confidant | None = None) -> Reply:
    """Pass an answer on to the author alone. It is no part of the conversation; the author answers
    it where it comes, and only its writer reads that. ``before`` is what it goes on from.
    """
    if not ctx.incoming.direct:
        raise Refusal(*texts.in_private(f"répondre {kept.reference} en privé …").blocks)
    if is_own(ctx, kept):
        return to_one(ctx, kept, words)
    if not words.strip():
        raise Refusal(_("Il manque votre réponse : `répondre A-NUMÉRO en privé TEXTE`."))
    if before is None:
        require_open(ctx, kept)
    require_discreet(ctx, words)
    said = announcements.confide(kept, ctx.member, ctx.entry.id, declines=declines(words))
    ctx.session.flush()
    topic = f"{TOPIC}:{(before or said).id}"
    broadcast.tell_author(ctx, kept, _said(ctx, kept, words, topic))
    if kept.is_live and not declines(words):
        mark_answered(ctx, kept)
    ctx.audit("announcement.answered-privately", Topic("announcement", kept.id))
    if before is not None:
        return _passed_on(kept.person, before)
    return reply(
        _(
            "Votre réponse à l'annonce **{reference}** est transmise {whom}, et à personne"
            " d'autre.",
            reference=kept.reference,
            whom=texts.to_the(kept.person.institution),
        )
    ).about(topic)


def too_late(ctx: Context, kept: Announcement, words: str) -> Reply:
    """An answer to what ended without help reaches its author alone, who may open it again."""
    require_discreet(ctx, words)
    said = announcements.confide(kept, ctx.member, ctx.entry.id, declines=declines(words))
    ctx.session.flush()
    topic = f"{TOPIC}:{said.id}"
    lead = _(
        "**{name}**, {institution}, répond à votre annonce **{reference}**, qui n'est plus"
        " ouverte (`rouvrir {reference}`) :",
        name=ctx.member.name,
        institution=ctx.institution.name,
        reference=kept.reference,
    )
    told = said_privately(ctx, kept, lead, words).with_files(*files_of(ctx)).about(topic)
    broadcast.tell_author(ctx, kept, told)
    return reply(
        _(
            "L'annonce **{reference}** n'est plus ouverte. Votre réponse est transmise {whom}, et à"
            " personne d'autre.",
            reference=kept.reference,
            whom=texts.to_the(kept.person.institution),
        )
    ).about(topic)


def _passed_on(to: Person, said: Confidant) -> Reply:
    return reply(
        _(
            "Votre message est transmis {whom}, et à personne d'autre.",
            whom=texts.to_the(to.institution),
        )
    ).about(f"{TOPIC}:{said.id}")


def _said(ctx: Context, kept: Announcement, words: str, topic: str) -> Reply:
    lead = _(
        "**{name}**, {institution}, vous répond en privé :",
        name=ctx.member.name,
        institution=ctx.institution.name,
    )
    return said_privately(ctx, kept, lead, words).with_files(*files_of(ctx)).about(topic)


def said_privately(ctx: Context, kept: Announcement, lead: Text, words: str) -> Reply:
    """What one says to the other alone, and how that is answered."""
    address = members.address_of(ctx.session, ctx.member, ctx.platform.record_channel)
    return reply(
        lead,
        Quote(words),
        _(
            "Votre réponse à ce message n'ira qu'à {name} ({address}).",
            name=ctx.member.name,
            address=address.address if address else ctx.incoming.sender,
        ),
        title=_("Réponse privée à l'annonce {reference}", reference=kept.reference),
    )
