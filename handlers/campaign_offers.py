"""What members offer to a campaign: read from their words, counted at each place, followed when
they change it or take it back.

Of each institution the last word about a place counts; « de plus » adds to it, « plutôt » moves it.
What may mean two things is asked about and counts nothing until it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers import campaign_words, texts
from handlers.arguments import MaybeWords, Words
from handlers.calls import check, own_words
from handlers.campaign_words import given, needed, title, topic_of
from handlers.command import Followed, Table
from handlers.context import Context, Revision
from handlers.courtesy import only_thanks
from handlers.enquiries import to_a_person
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.consent import plain_consent
from handlers.reading.dates import Period, find_period
from handlers.reading.declining import declines
from handlers.reading.letters import level
from handlers.reading.offers import Act, Lacking, Read, numbers, read_offer
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.request import Kind, Place, Topic, consent
from handlers.wording import Text, _
from storage import campaigns
from storage.campaigns import Campaign, CampaignOffer, Need, Stage
from storage.conversations import Question

table = Table()

ASKED = "campaign-offer"
"""The question for what an offer does not tell."""
LONGEST = 80
"""Up to how many words a message of its own is taken for an offer."""


@table.command(
    "aider",
    aliases={"en": ["help out"], "nl": ["meehelpen"], "de": ["mithelfen"]},
    who=Role.MEMBER,
    usage=_("aider C-NUMÉRO NOMBRE à LIEU"),
    summary=_("promettre des personnes ou du matériel à un appel de crise"),
    example="aider C-1 3 à Rochefort",
    listed=False,
)
def help_out(ctx: Context, campaign: Campaign, words: Words) -> Reply:
    """An offer to a campaign named by its reference."""
    campaign_words.require_open(campaign)
    read = read_offer(words, needed(campaign))
    if read is None and _says_no(ctx, campaign, words):
        return _noted_no(campaign)
    return _answered(ctx, campaign, read, words) if read else _unclear(ctx, campaign)


@table.command(
    "retirer aide",
    aliases={"en": ["withdraw help"], "nl": ["hulp intrekken"], "de": ["hilfe zurückziehen"]},
    who=Role.MEMBER,
    usage=_("retirer aide C-NUMÉRO [LIEU]"),
    summary=_("reprendre ce que l'on a promis à un appel de crise"),
    example="retirer aide C-1 Rochefort",
    listed=False,
)
def take_back(ctx: Context, campaign: Campaign, words: MaybeWords) -> Reply:
    """Take back what an institution promised, everywhere or at one place."""
    read = read_offer(f"retirer {words}", needed(campaign))
    if words.strip() and not (read and read.places):
        return _unclear(ctx, campaign)
    return _withdrawn(ctx, campaign, read.places if read else ())


@table.topic("campaign", who=Role.ANYONE)
def answer(ctx: Context, topic: Topic) -> Reply | None:
    """An answer to a campaign; what people say among themselves below it is theirs."""
    kept = ctx.session.get_one(Campaign, topic.id)
    if ctx.incoming.kind is not Kind.MESSAGE:
        return None
    words = own_words(ctx).strip()
    read = read_offer(words, needed(kept))
    talk = not ctx.incoming.addressed or ctx.incoming.place is Place.ADMINS
    if (read is None and talk) or only_thanks(words, ctx.claimed):
        return None
    check(ctx, Role.MEMBER)
    if read is None:
        return _said_otherwise(ctx, kept, words)
    campaign_words.require_open(kept)
    return _answered(ctx, kept, read, words)


def _says_no(ctx: Context, kept: Campaign, words: str) -> bool:
    """Whether somebody who promised nothing says that they cannot help: a normal answer (B34)."""
    no = consent(words) is False or plain_consent(words) is False or declines(words)
    return no and not campaigns.standing(ctx.session, kept, ctx.institution)


def _noted_no(kept: Campaign) -> Reply:
    return reply(
        _("C'est noté, merci de l'avoir dit : l'aide se donne dans la mesure du possible."),
        title=title(kept),
    ).about(str(topic_of(kept)))


def _said_otherwise(ctx: Context, kept: Campaign, words: str) -> Reply:
    """What offers nothing: a no is a no, and anything else is read by a person."""
    if _says_no(ctx, kept, words):
        return _noted_no(kept)
    if ctx.incoming.place is None:
        lead = _(
            "🚨 **{name}** ({institution}) écrit au sujet de l'appel {reference} :",
            name=ctx.member.name,
            institution=ctx.institution.name,
            reference=kept.reference,
        )
        to_a_person(ctx, lead)
    return _unclear(ctx, kept, passed_on=ctx.incoming.place is None)


def heard(ctx: Context) -> Reply | None:
    """A message of its own that gives something to a place which an open campaign names."""
    words = own_words(ctx)
    if ctx.topic is not None or ctx.claimed is None or len(words.split()) > LONGEST:
        return None
    found = [
        (kept, read)
        for kept in campaigns.running(ctx.session)
        if (read := read_offer(words, needed(kept))) and read.offers and read.placed
    ]
    if not found:
        return None
    check(ctx, Role.MEMBER)
    if len(found) > 1:
        return _which(found)
    kept, read = found[0]
    ctx.observe(action=Action.ACCEPT)
    return _answered(ctx, kept, read, words)


def _which(found: Sequence[tuple[Campaign, Read]]) -> Reply:
    """Several campaigns name the place: nothing is guessed."""
    ways = [
        _("`aider {reference} …` : {words}", reference=k.reference, words=k.words)
        for k, _r in found
    ]
    return reply(_("À quel appel répondez-vous ? Écrivez :"), Bullets(tuple(ways)))


# -- what is not clear ------------------------------------------------------------------------


def _unclear(ctx: Context, kept: Campaign, *, passed_on: bool = False) -> Reply:
    need = kept.needs[0]
    lead = (
        _("Vos mots sont transmis, mais je n'y lis aucune offre : rien n'est compté.")
        if passed_on
        else _("Je n'y lis aucune offre : rien n'est compté.")
    )
    how = _(
        "Écrivez combien et où, par exemple « 3 {thing} à {place} ».",
        thing=need.thing,
        place=need.place,
    )
    return reply(lead, how, campaign_words.total(ctx, kept), title=title(kept)).about(
        str(topic_of(kept))
    )


def _ask(ctx: Context, kept: Campaign, read: Read, words: str) -> Reply:
    """Ask for the one thing that lacks, and keep the rest."""
    question = ctx.ask(
        ASKED,
        topic_of(kept),
        words=words,
        act=read.act,
        places=list(read.places),
        count=read.count,
        lacking=read.lacking,
    )
    meant = [one for one in kept.needs if one.id in read.places] or list(kept.needs)
    lead = {
        Lacking.COUNT: _("**Combien, exactement ?** Répondez par le nombre sur lequel compter."),
        Lacking.PLACE: _("**À quel endroit ?** Répondez par le lieu, avec le nombre pour chacun."),
        Lacking.THING: _("**Que proposez-vous là-bas ?** Répondez par l'un de ces mots."),
    }[read.lacking or Lacking.COUNT]
    choices = Bullets(tuple(_("{place} : {thing}", place=n.place, thing=n.thing) for n in meant))
    return reply(
        lead,
        *([choices] if len(meant) > 1 else []),
        _("Rien n'est compté d'ici là."),
        title=_("Votre aide : une question"),
    ).about(f"question:{question.id}")


@table.question(ASKED, free_text=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """An offer with what it lacked."""
    kept = ctx.session.get_one(Campaign, Topic.parse(question.topic).id)
    campaign_words.require_open(kept)
    if said is False:
        return reply(_("D'accord : rien n'est compté."))
    told = own_words(ctx).strip()
    words = f"{question.data['words']}\n{told}"
    read = _merged(question, kept, told)
    return _answered(ctx, kept, read, words)


def _merged(question: Question, kept: Campaign, told: str) -> Read:
    """What was known, and what is told now: a whole offer counts as it is."""
    known, asked = question.data, needed(kept)
    read = read_offer(told, asked)
    if read is not None and read.given:
        return replace(read, act=Act(known["act"]))
    among = [one for one in asked if one.id in known["places"]] or asked
    counts = numbers(told)
    count = counts[0] if len(counts) == 1 else known["count"]
    named = read_offer(f"{count or 1} {told}", among)
    places = [one for one, _n in named.given] if named else []
    if not places and len(among) == 1:
        places = [among[0].id]
    if count is None or len(places) != 1:
        lacking = Lacking.COUNT if count is None else Lacking(known["lacking"])
        ids = tuple(places or known["places"])
        return Read(Act(known["act"]), lacking=lacking, places=ids, count=count)
    return Read(Act(known["act"]), given=((places[0], count),))


# -- counting ---------------------------------------------------------------------------------


def _answered(ctx: Context, kept: Campaign, read: Read, words: str) -> Reply:
    if read.act is Act.WITHDRAW:
        return _withdrawn(ctx, kept, read.places)
    only = _only_place(kept, read, words)
    if only is not None:
        read = only
    if read.lacking is not None:
        return _ask(ctx, kept, read, words)
    return _counted(ctx, kept, read, words)


def _only_place(kept: Campaign, read: Read, words: str) -> Read | None:
    """The same offer at the only place that needs what is offered: « nous envoyons 4 pompes »."""
    if read.lacking is not Lacking.PLACE:
        return None
    plain = level(words)
    meant = [
        one
        for one in kept.needs
        if re.search(rf"\b{re.escape(level(one.thing).rstrip('sx'))}[sx]?\b", plain)
    ]
    if len(meant) != 1:
        return None
    again = read_offer(f"{words} à {meant[0].place}", needed(kept))
    return again if again is not None and again.lacking is None else None


def _counted(ctx: Context, kept: Campaign, read: Read, words: str) -> Reply:
    """Count what is given, and say how it stands with these places now."""
    _hold(ctx, kept)
    wanted = {need.id: need for need in kept.needs}
    before = _ended(ctx, kept, read)
    period = find_period(words, ctx.today)
    offers = [
        _offer(ctx, wanted[need_id], count, words, period)
        for need_id, count in read.given
        if count > 0
    ]
    ctx.session.add_all(offers)
    ctx.session.flush()
    campaign_words.show(ctx, kept)
    ctx.audit("campaign.offered", topic_of(kept), count=sum(one.count for one in offers))
    if not offers:
        return _told_withdrawn(kept)
    return reply(
        _("C'est noté pour {institution}, merci :", institution=texts.the(ctx.institution)),
        Bullets(tuple(given(one) for one in offers)),
        *campaign_words.about_dates(period),
        *campaign_words.replaced(before),
        *campaign_words.full(ctx, kept, [one.need for one in offers]),
        _(
            "Pour changer : répondez par le nouveau nombre et le lieu. Pour reprendre :"
            " `retirer aide {reference}`.",
            reference=kept.reference,
        ),
        title=title(kept),
    ).about(str(topic_of(kept)))


def _hold(ctx: Context, kept: Campaign) -> None:
    """Count alone, so that nobody's offer is lost. Raises Refusal if nothing counts any more."""
    if not campaigns.hold(ctx.session, kept):
        campaign_words.require_open(kept)


def _ended(ctx: Context, kept: Campaign, read: Read) -> list[CampaignOffer]:
    """End what the institution offered before, as far as the new offer takes its place."""
    standing = campaigns.standing(ctx.session, kept, ctx.institution)
    places = {need_id for need_id, _count in read.given}
    ends = [
        one
        for one in standing
        if read.act is Act.MOVE or (read.act is Act.GIVE and one.need_id in places)
    ]
    campaigns.end(ends, ctx.now, ctx.entry.id)
    return ends


def _offer(
    ctx: Context, need: Need, count: int, words: str, period: Period | None
) -> CampaignOffer:
    clear = period if period is not None and not period.faults else None
    return CampaignOffer(
        need=need,
        institution=ctx.institution,
        person=ctx.member,
        entry_id=ctx.entry.id,
        count=count,
        starts_on=clear.start if clear else None,
        ends_on=clear.end if clear else None,
        words=words,
        given_at=ctx.now,
    )


# -- taking back ------------------------------------------------------------------------------


def _withdrawn(ctx: Context, kept: Campaign, places: Sequence[int]) -> Reply:
    _hold(ctx, kept)
    standing = campaigns.standing(ctx.session, kept, ctx.institution)
    ends = [one for one in standing if not places or one.need_id in places]
    if not ends:
        raise Refusal(
            _(
                "Votre institution ne promet rien là-bas pour l'appel {reference} : rien n'a"
                " changé.",
                reference=kept.reference,
            )
        )
    campaigns.end(ends, ctx.now, ctx.entry.id)
    campaign_words.show(ctx, kept)
    ctx.audit("campaign.withdrawn", topic_of(kept), count=sum(one.count for one in ends))
    return _told_withdrawn(kept, *(given(one) for one in ends))


def _told_withdrawn(kept: Campaign, *what: Text) -> Reply:
    listed = [Bullets(what)] if what else []
    return reply(
        _("C'est retiré, et n'est plus compté. Merci d'avoir prévenu."), *listed, title=title(kept)
    ).about(str(topic_of(kept)))


@table.edited
def offer_edited(ctx: Context, revision: Revision) -> Followed | None:
    """The corrected offer counts, as if it had been the first."""
    kept = campaigns.touched_in(ctx.session, revision.ids)
    if kept is None:
        return None
    _hold(ctx, kept)
    campaigns.undo(ctx.session, revision.ids, ctx.now, ctx.entry.id)
    named = campaign_words.REFERENCE.match(revision.words) if revision.is_command else None
    words = revision.words[named.end() :] if named else revision.words
    read = read_offer(words, needed(kept))
    if read is None:
        campaign_words.show(ctx, kept)
        return Followed(_unclear(ctx, kept))
    return Followed(_answered(ctx, kept, read, words))


@table.withdrawn
def offer_deleted(ctx: Context, revision: Revision) -> Followed | None:
    """What a message that is taken back did is undone: what it had replaced counts again."""
    kept = campaigns.touched_in(ctx.session, revision.ids)
    if kept is None or kept.stage != Stage.OPEN:
        return None
    _hold(ctx, kept)
    campaigns.undo(ctx.session, revision.ids, ctx.now, ctx.entry.id)
    ctx.session.flush()
    campaign_words.show(ctx, kept)
    return Followed(_told_withdrawn(kept))
