"""Answers to demands and offers, by their conversation, their number or a letter of their own.

What is said in the members' place and what is said elsewhere is the same conversation: each
participant reads all of it where they are (acceptance B07 to B09, B42).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from config.folding import fold
from handlers import acceptances, broadcast, texts
from handlers.announcement_checks import require_public
from handlers.announcement_naming import by_its_words, open_for, read_announcement
from handlers.announcement_words import headline, shortened
from handlers.answering import files_of, is_own, mark_answered, own_words, require_open
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.confidences import IN_PRIVATE, confide, too_late, wants_privacy
from handlers.context import Context
from handlers.courtesy import only_thanks
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.declining import declines
from handlers.reading.instructing import says_nothing, wishes_of_platform
from handlers.reply import Block, Bullets, Paragraph, Quote, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _, plain
from storage import announcements
from storage.announcement_states import Stage
from storage.announcements import Announcement, Contribution

table = Table()


@table.topic("announcement", who=Role.MEMBER)
def contribute(ctx: Context, topic: Topic) -> Reply | None:
    """An answer in the conversation of an announcement, wherever it was written."""
    kept = ctx.session.get_one(Announcement, topic.id)
    words = own_words(ctx.incoming)
    taken_up = acceptances.proposed(ctx, kept, words)
    if taken_up is not None:
        return taken_up
    if only_thanks(words, ctx.person) and not ctx.incoming.files:
        # Thanks alone need not reach everybody's mailbox.
        ctx.observe(action=Action.IGNORE)
        return None
    if fold(words) in _NOTHING_SAID:
        raise Refusal(*texts.not_asked().blocks)
    _only_for_others(ctx, kept, words)
    return _contribute(ctx, kept, words)


def _only_for_others(ctx: Context, kept: Announcement, words: str) -> None:
    """Raises Refusal for what an author says to the platform, in answer to a receipt of it: those
    who answered could do nothing with it.
    """
    if not is_own(ctx, kept) or ctx.incoming.place is not None or ctx.incoming.files:
        return
    if acceptances.answered(ctx, kept) is not None:
        return
    if says_nothing(words):
        raise Refusal(*texts.not_asked().blocks)
    if wishes_of_platform(words):
        raise Refusal(
            _(
                "Rien n'est envoyé : cela semble dit à la plateforme, pas à ceux qui ont répondu à"
                " **{reference}**. Vous pouvez écrire :",
                reference=kept.reference,
            ),
            Bullets(
                (
                    _("`maintenir {reference} jusqu'au DATE` : la laisser ouverte", **_one(kept)),
                    _("`corriger {reference} TEXTE` : changer ce qu'elle dit", **_one(kept)),
                    _("`retirer {reference}` : la retirer", **_one(kept)),
                    _("`rouvrir {reference}` : la rouvrir si elle est close", **_one(kept)),
                    _(
                        "`répondre {reference} TEXTE` : le dire à ceux qui y participent",
                        **_one(kept),
                    ),
                )
            ),
        )


def _one(kept: Announcement) -> dict[str, str]:
    return {"reference": kept.reference}


_NOTHING_SAID = frozenset(
    {"confirmer", "confirme", "annuler", "bevestigen", "annuleren", "bestatigen", "abbrechen"}
    | {"confirm", "cancel"}
)
"""What answers a question of ours; where none waits it is not for everybody to read."""


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
    private = IN_PRIVATE.match(words)
    if private:
        return confide(ctx, announcement, words[private.end() :])
    taken_up = acceptances.proposed(ctx, announcement, words)
    if taken_up is not None:
        return taken_up
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


@table.command(
    "retirer ma réponse",
    aliases={
        "fr": ["retirer notre réponse", "annuler ma réponse", "annuler notre réponse"],
        "en": ["withdraw answer"],
        "nl": ["antwoord intrekken"],
        "de": ["antwort zurückziehen"],
    },
    who=Role.MEMBER,
    usage=_("retirer ma réponse [A-NUMÉRO]"),
    summary=_("revenir sur ce que vous avez offert en réponse à une annonce"),
    example="retirer ma réponse A-1",
    listed=False,
)
def take_back(ctx: Context, words: MaybeWords) -> Reply | None:
    """Say to whoever reads an answer that it stands no more; nothing is erased (acceptance B34)."""
    kept = read_announcement(ctx, words) if words else _answered_last(ctx)
    if ctx.member not in announcements.answerers(kept):
        raise Refusal(
            _("Vous n'avez pas répondu à l'annonce {reference}.", reference=kept.reference)
        )
    said = plain(_("Finalement non : nous retirons notre réponse."), ctx.language)
    if any(one.person_id == ctx.member.id for one in kept.contributions):
        return _contribute(ctx, kept, said)
    return confide(ctx, kept, said)


def _answered_last(ctx: Context) -> Announcement:
    """The only open announcement that somebody answered and did not decline. Raises Refusal."""
    found = [
        kept
        for kept in open_for(ctx)
        if ctx.member in announcements.answerers(kept)
        and ctx.member.id not in announcements.declined(kept)
    ]
    if len(found) != 1:
        raise Refusal(*_which_answer(found))
    return found[0]


def _which_answer(found: Sequence[Announcement]) -> list[Block | Text]:
    if not found:
        return [_("Vous n'avez de réponse à retirer à aucune annonce ouverte.")]
    return [
        _("De quelle annonce retirez-vous votre réponse ? Écrivez `retirer ma réponse A-NUMÉRO`."),
        Bullets(tuple(headline(one) for one in found)),
    ]


def _contribute(ctx: Context, kept: Announcement, words: str) -> Reply | None:
    if wants_privacy(words, kept):
        return confide(ctx, kept, words)
    ctx.observe(answer={"announcement": kept.number, "text": words}, institution=ctx.institution)
    if kept.stage in _JUST_OVER and kept.is_for(ctx.institution) and not is_own(ctx, kept):
        return too_late(ctx, kept, words)
    require_open(ctx, kept)
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
            declines=declines(words),
        )
    )
    announcements.come_back(kept, author)
    if not declines(words):
        mark_answered(ctx, kept)
    topic = f"announcement:{kept.id}"
    said = _said(ctx, kept, words)
    theirs = [one for one in readers if one.id == kept.person_id]
    others = [one for one in readers if one.id != kept.person_id]
    broadcast.tell_participants(ctx, kept, others, said.about(topic))
    offered = not is_own(ctx, kept) and not declines(words)
    to_author = replace(said, blocks=(*said.blocks, _HOW_TO_ACCEPT)) if offered else said
    broadcast.tell_participants(ctx, kept, theirs, to_author.about(topic))
    broadcast.news(ctx, kept)
    if ctx.incoming.place is Place.MEMBERS:
        return None
    if not kept.audience:
        ctx.tell_place(Place.MEMBERS, shortened(said, f"{kept.reference}.txt").about(topic))
    return reply(
        _passed_on(kept, own=is_own(ctx, kept)), *_who_left(ctx, kept), title=headline(kept)
    ).about(topic)


_HOW_TO_ACCEPT = Paragraph(
    _(
        "Pour l'accepter, répondez « nous acceptons » : l'accord vous est montré d'abord. Toute"
        " autre réponse est lue par ceux qui participent."
    )
)


def _said(ctx: Context, kept: Announcement, words: str) -> Reply:
    """A contribution as the others read it; the author's own is a complement."""
    who = {"name": ctx.member.name, "institution": ctx.institution.name}
    lead = (
        _("Complément de **{name}**, {institution} :", **who)
        if is_own(ctx, kept)
        else _("**{name}**, {institution} :", **who)
    )
    return reply(Paragraph(lead), Quote(words), title=headline(kept)).with_files(*files_of(ctx))


_JUST_OVER = frozenset({Stage.EXPIRED, Stage.UNMET})
"""What ended without help: an answer that comes too late may still be of use."""


def _who_left(ctx: Context, kept: Announcement) -> list[Text]:
    """What an author is told of those who answered and do not follow the conversation any more."""
    if not is_own(ctx, kept):
        return []
    reading = {one.id for one in broadcast.taking_part(ctx, kept)}
    said = {one.person_id for one in kept.contributions}
    left = [p for p in announcements.answerers(kept) if p.id in said and p.id not in reading]
    return [
        _(
            "⚠️ {name} ({institution}) ne suit plus cette conversation : écrivez-lui par `répondre"
            " {reference} en privé à {institution} : …`.",
            name=one.name,
            institution=one.institution.name,
            reference=kept.reference,
        )
        for one in left
    ]


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


@table.intent(Intent.ANNOUNCEMENT_ANSWER, who=Role.MEMBER)
def answered(ctx: Context, understood: Understanding) -> Reply | None:
    """An answer in a letter of its own: it has to say to which announcement."""
    number = understood.announcement_number
    kept = (
        announcements.by_number(ctx.session, number, None)
        if number
        else by_its_words(ctx, understood)
    )
    if kept is None or not kept.is_for(ctx.institution):
        ctx.observe(action=Action.ASK, ask_for=["announcement"])
        raise Refusal(*_which_one(ctx))
    return answer_by_letter(ctx, kept)


def _which_one(ctx: Context) -> list[Block | Text]:
    """The question which announcement is meant, among those that can be answered."""
    others = [one for one in open_for(ctx) if not is_own(ctx, one)]
    if not others:
        return [_("Aucune annonce ouverte n'attend de réponse de votre institution.")]
    return [
        _("À quelle annonce répondez-vous ? Voici celles qui sont ouvertes :"),
        Bullets(tuple(headline(one) for one in others)),
        _("Pour répondre : `répondre A-NUMÉRO votre réponse`."),
    ]


def answer_by_letter(ctx: Context, kept: Announcement) -> Reply | None:
    """Pass on a letter that answers an announcement. Raises Refusal for what is private."""
    return _contribute(ctx, kept, own_words(ctx.letter))
