"""Agreeing with those who answered: the author accepts one or several, partly too; both sides get
each other's contact, a draft convention and the dates (acceptance B34, B35, B40 to B43).
"""

from __future__ import annotations

import json
import re
from hashlib import sha256

from handlers import (
    agreement_terms,
    announcement_acts,
    announcement_life,
    broadcast,
    conventions,
    loans,
    texts,
)
from handlers.agreement_terms import Terms
from handlers.announcement_checks import require_discreet
from handlers.announcement_words import headline
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.contacts import belgian
from handlers.reading.letters import level
from handlers.reply import Block, Bullets, Fields, Heading, Paragraph, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _, verbatim
from storage import agreements, announcements, conversations
from storage.agreements import Agreement, State
from storage.announcement_states import Stage, Step
from storage.announcements import Announcement
from storage.conversations import Question
from storage.members import Person

table = Table()

AGREE = "agreement"


@table.command(
    "retenir",
    aliases={
        "fr": ["convenir", "accepter l'offre", "accepter l'aide", "accepter la réponse"],
        "en": ["agree"],
        "nl": ["akkoord"],
        "de": ["vereinbaren"],
    },
    who=Role.MEMBER,
    usage=_("retenir A-NUMÉRO INSTITUTION"),
    summary=_("accepter une réponse à votre annonce : contacts, convention, agenda"),
    example="retenir A-1 CPAS de Rouvroy, du {soon} au {later}",
)
def accept(ctx: Context, announcement: Announcement, words: MaybeWords) -> Reply:
    """Show what would be agreed with one or several of those who answered."""
    return propose(ctx, announcement, words)


def propose(ctx: Context, kept: Announcement, words: str) -> Reply:
    """Read the terms, look whether they can be kept, and ask for a yes. Raises Refusal."""
    announcement_acts.only_own(ctx, kept)
    announcement_acts.require(kept, Step.AGREE)
    require_discreet(ctx, words)
    terms = agreement_terms.read_terms(ctx, kept, words)
    for one in terms:
        agreement_terms.require_free(ctx, kept, one, words)
    partly = _PARTLY.search(level(words)) is not None
    data = [one.as_data() for one in terms]
    topic = Topic("announcement", kept.id)
    replaced = _replaced(ctx, kept, terms)
    question = ctx.ask(AGREE, topic, _digest(data), terms=data, partly=partly, words=words)
    ends = (
        _("L'annonce reste ouverte pour le reste.")
        if partly
        else _("L'annonce est alors pourvue ; les autres qui ont répondu en sont prévenus.")
    )
    left_over = not partly and agreement_terms.leaves_something(
        kept, terms, agreements.of(ctx.session, kept)
    )
    return reply(
        *replaced,
        _("Voici ce qui serait convenu pour **{reference}** :", reference=kept.reference),
        *(agreement_terms.shown(kept, one) for one in terms),
        _(
            "Chaque partie reçoit le contact de l'autre, un projet de convention et les dates pour"
            " son agenda. {ends}",
            ends=ends,
        ),
        *([_in_part(kept, terms)] if left_over else []),
        *(
            [_MORE]
            if agreement_terms.exceeds(kept, terms, agreements.of(ctx.session, kept))
            else []
        ),
        texts.confirm_or_cancel(_("c'est convenu"), _("rien n'est convenu")),
        title=_("Accord pour {reference} ?", reference=kept.reference),
    ).about(f"question:{question.id}")


_MORE = _("⚠️ C'est plus que ce que votre demande annonçait : vérifiez le nombre.")


def _in_part(kept: Announcement, terms: list[Terms]) -> Text:
    """How to keep an announcement open for what the agreement does not cover."""
    return _(
        "C'est moins que ce qui est annoncé. Pour que le reste demeure ouvert : `retenir"
        " {reference} {names} en partie`.",
        reference=kept.reference,
        names=" et ".join(one.person.institution.name for one in terms),
    )


def _replaced(ctx: Context, kept: Announcement, terms: list[Terms]) -> list[Text]:
    """What is said where an agreement with somebody else still waits for a yes: the new question
    takes its place, and nobody shall believe that both are asked.
    """
    waits = conversations.waiting_about(
        ctx.session, AGREE, str(Topic("announcement", kept.id)), ctx.now
    )
    before = [Terms.from_data(ctx, data) for data in waits.data["terms"]] if waits else []
    now = {one.person.institution_id for one in terms}
    left = [one.person for one in before if one.person.institution_id not in now]
    if not left:
        return []
    together = [*left, *(one.person for one in terms)]
    names = " et ".join(one.institution.name for one in together)
    return [
        _(
            "Ceci remplace ce qui attendait votre « oui » avec {who} : rien n'y est convenu. Pour"
            " les retenir ensemble : `retenir {reference} {names}`.",
            who=texts.the(left[0].institution),
            reference=kept.reference,
            names=names,
        )
    ]


_PARTLY = re.compile(r"\b(?:en partie|partiellement|gedeeltelijk|deels|teilweise|partly|in part)\b")


def _digest(data: list[dict[str, object]]) -> str:
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


@table.question(AGREE)
def agreed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Conclude what was shown; looked at again, as others may have been quicker."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if not said:
        return reply(_("Rien n'est convenu : l'annonce reste ouverte."))
    if question.digest != _digest(question.data["terms"]):
        raise Refusal(_("Cette annonce a changé depuis : renvoyez-la pour la confirmer."))
    announcement_acts.require(kept, Step.AGREE)
    made = []
    for data in question.data["terms"]:
        terms = Terms.from_data(ctx, data)
        agreement_terms.require_free(ctx, kept, terms, question.data["words"])
        made.append(_concluded(ctx, kept, terms))
    ctx.observe(action=Action.ACCEPT)
    if not question.data["partly"]:
        announcement_acts.take(ctx, kept, Step.AGREE)
        every = agreements.of(ctx.session, kept)
        _tell_the_others(ctx, kept, {one.person.institution_id for one in every})
    return _told_to_both(ctx, made)


def _concluded(ctx: Context, kept: Announcement, terms: Terms) -> Agreement:
    made = Agreement(
        announcement=kept,
        person=terms.person,
        agreed_by=ctx.member,
        lender_id=agreement_terms.lender_of(kept, terms.person).id,
        things=agreement_terms.names_of(kept),
        number=terms.number,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        working_time=terms.working_time,
        conditions=terms.conditions,
        agreed_at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    loans.plan(ctx, made)
    ctx.audit("agreement.made", loans.topic_of(made), number=made.number)
    return made


def _told_to_both(ctx: Context, made: list[Agreement]) -> Reply:
    """Tell the others, each with the very documents that the author gets. What was agreed first
    stands in the author's receipt, each further one in a word of its own: it is a conversation.
    """
    receipts = []
    for one in made:
        files = conventions.convention(ctx, one)
        ctx.tell(one.person, contract(ctx, one, one.agreed_by, _accepted(one)).with_files(*files))
        receipts.append(contract(ctx, one, one.person, _agreed_with(one)).with_files(*files))
    for words in receipts[1:]:
        ctx.tell(ctx.member, words)
    return receipts[0]


def _accepted(made: Agreement) -> Text:
    return _(
        "**C'est convenu.** {who} accepte votre réponse à **{reference}**.",
        who=texts.the_first(made.agreed_by.institution),
        reference=made.announcement.reference,
    )


def _agreed_with(made: Agreement) -> Text:
    return _(
        "**C'est convenu** avec {who}, pour **{reference}**.",
        who=texts.the(made.person.institution),
        reference=made.announcement.reference,
    )


def contract(desk: Desk, made: Agreement, other: Person, lead: Text) -> Reply:
    """What one side gets beside the documents: the terms, the other's contact, the dates."""
    blocks: list[Block] = [
        Paragraph(lead),
        loans.terms(made),
        Heading(_("Votre contact")),
        _contact(desk, other),
    ]
    published = conventions.published_for(desk, made.announcement.category)
    if published is not None and published.legal_basis:
        law = verbatim(published.legal_basis)
        blocks.append(Paragraph(_("Base légale : {law}.", law=law)))
    blocks.append(
        Paragraph(
            _(
                "Le projet de convention est joint, à compléter (DOCX) et à lire (PDF). Répondez à"
                " ce message pour écrire à {name} : personne d'autre ne le lit. Pour y renoncer :"
                " `annuler l'accord {reference}`.",
                name=other.name,
                reference=made.announcement.reference,
            )
        )
    )
    words = reply(
        *blocks, title=_("Accord pour {reference}", reference=made.announcement.reference)
    )
    return words.about(str(loans.topic_of(made))).on(loans.appointment(desk, made))


def _contact(desk: Desk, person: Person) -> Fields:
    rows: list[tuple[Text, str]] = [
        (_("Nom"), person.name),
        (_("Institution"), person.institution.name),
        (_("Fonction"), person.function),
        (_("Mail"), conventions.mail_of(desk, person)),
        (_("Téléphone"), belgian(person.phone) if person.phone else ""),
    ]
    return Fields(tuple((label, verbatim(value)) for label, value in rows if value))


def _tell_the_others(ctx: Context, kept: Announcement, agreed_with: set[int]) -> None:
    """Who answered and was not taken up is thanked; where everybody reads, they read it there."""
    words = reply(
        _(
            "L'annonce **{reference}** {whose} est pourvue. Merci à tous ceux qui ont répondu.",
            reference=kept.reference,
            whose=texts.of_the(kept.person.institution),
        ),
        title=headline(kept),
    ).about(f"announcement:{kept.id}")
    if not kept.audience:
        ctx.tell_place(Place.MEMBERS, words)
    known = {ctx.institution.id, *agreed_with}
    answered = {
        p.id: p for p in [*announcements.participants(kept), *announcements.answerers(kept)]
    }
    left = {one.person_id for one in kept.absentees}
    others = [p for p in answered.values() if p.institution_id not in known and p.id not in left]
    broadcast.tell_participants(ctx, kept, others, words)


def made_of(ctx: Context, kept: Announcement, words: str) -> list[Agreement]:
    """The agreements of an announcement in which the sender's institution has a part, of those
    whom the words name if they name any. Raises Refusal if there is none.
    """
    own = ctx.institution.id
    mine = [
        one
        for one in agreements.of(ctx.session, kept)
        if own in {party.institution_id for party in one.parties}
    ]
    named = agreement_terms.named_institutions(ctx, words)
    found = [
        one
        for one in mine
        if not named
        or (
            one.other_than(ctx.institution).institution.type,
            one.other_than(ctx.institution).institution.code,
        )
        in named
    ]
    if not found:
        others = {one.other_than(ctx.institution).id: one for one in mine}
        people = [one.other_than(ctx.institution) for one in mine]
        found = [others[person.id] for person in agreement_terms.by_place(people, words)]
    if not found:
        raise Refusal(_("Rien n'est convenu avec vous pour {reference}.", reference=kept.reference))
    return found


@table.command(
    "rendu",
    aliases={
        "fr": ["rendue", "restitué"],
        "en": ["returned"],
        "nl": ["teruggegeven"],
        "de": ["zurückgegeben"],
    },
    who=Role.MEMBER,
    usage=_("rendu A-NUMÉRO [INSTITUTION]"),
    summary=_("signaler que ce qui était prêté est rendu"),
    example="rendu A-1",
    listed=False,
)
def returned(ctx: Context, announcement: Announcement, words: MaybeWords) -> Reply:
    """What was lent is back with its lender."""
    found = [o for o in made_of(ctx, announcement, words) if o.state == State.AGREED]
    several = len({o.other_than(ctx.institution).institution_id for o in found}) > 1
    if several and not agreement_terms.named_institutions(ctx, words) and not _EVERY.search(words):
        raise Refusal(
            _(
                "Rendu à qui ? Écrivez `rendu {reference} INSTITUTION`, ou"
                " `rendu {reference} tout`.",
                reference=announcement.reference,
            ),
            Bullets(tuple(verbatim(o.other_than(ctx.institution).institution.name) for o in found)),
        )
    if not found:
        raise Refusal(_("C'est déjà noté : {reference}.", reference=announcement.reference))
    for one in found:
        loans.finish(ctx, one)
    return reply(
        _(
            "C'est noté : ce qui était prêté pour **{reference}** est rendu, l'autre partie en est"
            " prévenue.",
            reference=announcement.reference,
        )
    )


_EVERY = re.compile(r"\b(?:tout|tous|toutes|les deux|alles|alle|all)\b", re.IGNORECASE)
_WHY = re.compile(r"(?:\bmotif\s*:?|\b(?:car|parce qu[e'’]|puisque|suite [àa])\b|:)", re.IGNORECASE)


def _reason(words: str) -> str:
    """Why somebody gives something up, if they say it."""
    found = _WHY.search(words)
    if found is None:
        return ""
    keyword = found[0].rstrip(" :").lower() in {"motif", ""}
    return words[found.end() if keyword else found.start() :].strip(" .,")


@table.command(
    "annuler l'accord",
    aliases={
        "fr": ["annuler accord", "rompre l'accord"],
        "en": ["call off"],
        "nl": ["afzien"],
        "de": ["verzichten"],
    },
    who=Role.MEMBER,
    usage=_("annuler l'accord A-NUMÉRO [INSTITUTION]"),
    summary=_("renoncer à ce qui était convenu"),
    example="annuler l'accord A-1",
    listed=False,
)
def give_up(ctx: Context, announcement: Announcement, words: MaybeWords) -> Reply:
    """Either side gives up what was agreed; without any agreement left, the announcement is open
    again.
    """
    found = [o for o in made_of(ctx, announcement, words) if o.state == State.AGREED]
    if not found or len(found) > 1:
        raise Refusal(
            _(
                "À quel accord renoncez-vous ? Nommez l'institution : `annuler l'accord {reference}"
                " INSTITUTION`.",
                reference=announcement.reference,
            )
        )
    loans.give_up(ctx, found[0], _reason(words))
    if announcement.stage == Stage.AGREED and not agreements.of(ctx.session, announcement):
        announcement_life.await_again(ctx, announcement, found[0].parties)
    else:
        loans.close_if_over(ctx, announcement)
    words_ = reply(
        _(
            "C'est noté : vous renoncez à l'accord avec {who}, qui le sait, et l'agenda est libéré."
            " L'annonce **{reference}** est de nouveau ouverte si rien d'autre n'est convenu.",
            who=texts.the(found[0].other_than(ctx.institution).institution),
            reference=announcement.reference,
        )
    )
    return words_.on(loans.appointment(ctx, found[0], cancelled=True))
