"""How a campaign goes on: shown on request, its needs changed, and closed with a report."""

from __future__ import annotations

from datetime import UTC

from config.folding import fold
from handlers import campaign_words, campaigns
from handlers.arguments import MaybeWords, Words
from handlers.calls import check
from handlers.campaign_words import ALONE, is_administrator, read_reference, title, topic_of
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role
from handlers.reading.needs import MOST, read_call
from handlers.reply import Bullets, File, Paragraph, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.tabular import CSV, as_csv
from handlers.wording import Text, _, n_
from storage import campaigns as store
from storage.campaigns import Campaign, CampaignOffer, Need, Stage
from storage.members import Person

table = Table()


# -- on request -------------------------------------------------------------------------------


@table.command(
    "campagne",
    aliases={
        "fr": ["campagnes", "appels de crise"],
        "en": ["campaign", "campaigns"],
        "nl": ["noodoproep"],
        "de": ["kampagne"],
    },
    usage=_("campagne [C-NUMÉRO]"),
    summary=_("où en est un appel de crise : ce qui est promis et ce qui manque à chaque endroit"),
    example="campagne C-1",
    helps=(Role.MEMBER, Role.ADMINISTRATOR),
)
def campaign(ctx: Context, words: MaybeWords) -> Reply:
    """How a campaign stands, or which there are; an administrator opens one with other words."""
    if not is_administrator(ctx):
        check(ctx, Role.MEMBER)
    if not words.strip():
        return _listed(ctx)
    if ALONE.fullmatch(words.strip()):
        return _shown(ctx, read_reference(ctx, words.strip()))
    check(ctx, Role.ADMINISTRATOR)
    return campaigns.open_campaign(ctx, words)


def _listed(ctx: Context) -> Reply:
    sent = store.sent(ctx.session)
    if not sent:
        return reply(_("Aucun appel de crise jusqu'ici."))
    return reply(Bullets(tuple(_line(kept) for kept in sent)), title=_("Les appels de crise"))


def _line(kept: Campaign) -> Text:
    state = _("ouvert") if kept.stage == Stage.OPEN else _("clos")
    return _(
        "**{reference}** ({state}) : {words}",
        reference=kept.reference,
        state=state,
        words=kept.words,
    )


def _shown(ctx: Context, kept: Campaign) -> Reply:
    """To administrators with who gives what, where nobody else reads it."""
    if is_administrator(ctx) and ctx.incoming.place is not Place.MEMBERS:
        return campaign_words.report(ctx, kept).with_files(_export(ctx, kept))
    return campaign_words.post(ctx, kept)


# -- what is needed -----------------------------------------------------------------------------


@table.command(
    "besoin campagne",
    aliases={"en": ["campaign need"], "nl": ["behoefte campagne"], "de": ["bedarf kampagne"]},
    who=Role.ADMINISTRATOR,
    usage=_("besoin campagne C-NUMÉRO NOMBRE à LIEU"),
    summary=_("changer ce qu'il faut à un endroit d'un appel de crise, ou en ajouter un"),
    example="besoin campagne C-1 60 à Rochefort",
    listed=False,
)
def need(ctx: Context, campaign: Campaign, words: Words) -> Reply:
    """Change the numbers of an open campaign: every running total follows."""
    told = read_call(words)
    if not told.needs or told.unclear or any(one.count > MOST for one in told.needs):
        raise Refusal(_("Écrivez combien et où : `besoin campagne C-1 60 à Rochefort`."))
    if not store.hold(ctx.session, campaign):
        campaign_words.require_open(campaign)
    for one in told.needs:
        _set(campaign, one.place, one.thing, one.count)
    ctx.session.flush()
    campaign_words.show(ctx, campaign)
    ctx.audit("campaign.changed", topic_of(campaign), places=len(campaign.needs))
    return campaign_words.report(ctx, campaign)


def _set(kept: Campaign, place: str, thing: str, count: int) -> None:
    same = [one for one in kept.needs if fold(one.place) == fold(place)]
    same = [one for one in same if not thing or fold(one.thing) == fold(thing)]
    if len(same) > 1:
        raise Refusal(_("Plusieurs choses sont demandées à {place} : dites laquelle.", place=place))
    if same:
        same[0].wanted = count
    else:
        kept.needs.append(Need(place=place, thing=thing or kept.needs[0].thing, wanted=count))


# -- the end ----------------------------------------------------------------------------------


@table.command(
    "clore campagne",
    aliases={
        "fr": ["fermer campagne", "clôturer campagne", "clore l'appel"],
        "en": ["close campaign"],
        "nl": ["campagne sluiten"],
        "de": ["kampagne schließen"],
    },
    who=Role.ADMINISTRATOR,
    usage=_("clore campagne C-NUMÉRO"),
    summary=_("clore un appel de crise : plus aucune offre n'est comptée"),
    example="clore campagne C-1",
    listed=False,
)
def close(ctx: Context, campaign: Campaign) -> Reply:
    """End a campaign, tell who helped, and show what it came to."""
    if not _ended(ctx, campaign):
        raise Refusal(_("L'appel {reference} n'est plus ouvert.", reference=campaign.reference))
    ctx.audit("campaign.closed", topic_of(campaign))
    if ctx.incoming.place is Place.MEMBERS:
        ctx.tell_administrators(_final(ctx, campaign))
        return reply(_("L'appel {reference} est clos.", reference=campaign.reference))
    return _final(ctx, campaign)


@table.reminder("campaign-end")
def close_by_itself(desk: Desk, topic: Topic) -> None:
    """The last day of a campaign is over."""
    kept = desk.session.get_one(Campaign, topic.id)
    if _ended(desk, kept):
        desk.tell_administrators(_final(desk, kept))


def _ended(desk: Desk, kept: Campaign) -> bool:
    """Close a campaign and say so where it was called; False if it is closed already."""
    if not store.move(desk.session, kept, Stage.OPEN, Stage.CLOSED):
        return False
    kept.closed_at = desk.now
    desk.session.flush()
    campaign_words.show(desk, kept)
    campaign_words.pin(desk, kept, on=False)
    words = _thanks(desk, kept)
    desk.tell_place(Place.MEMBERS, words)
    helpers = {one.person_id: one.person for one in _standing(desk, kept)}
    tell_all(desk, [one for one in helpers.values() if _reads_elsewhere(desk, one)], words)
    return True


def _reads_elsewhere(desk: Desk, person: Person) -> bool:
    return person.active and not desk.is_in_places(person)


def _standing(desk: Desk, kept: Campaign) -> list[CampaignOffer]:
    return [one for one in store.offers(desk.session, kept) if one.ended_at is None]


def _thanks(desk: Desk, kept: Campaign) -> Reply:
    count = len({one.institution_id for one in _standing(desk, kept)})
    return reply(
        n_(
            "L'appel **{reference}** est clos : {count} institution a aidé. Merci.",
            "L'appel **{reference}** est clos : {count} institutions ont aidé. Merci à toutes.",
            count,
            reference=kept.reference,
        ),
        campaign_words.total(desk, kept),
        title=title(kept),
    ).about(str(topic_of(kept)))


def _final(desk: Desk, kept: Campaign) -> Reply:
    """What a campaign came to: the report, how quickly the first help came, and the file."""
    words = campaign_words.report(desk, kept)
    offers = store.offers(desk.session, kept)
    first = [
        Paragraph(_("La première offre est venue le {instant}.", instant=one.given_at))
        for one in offers[:1]
    ]
    closed = Paragraph(_("**L'appel {reference} est clos.**", reference=kept.reference))
    whole = reply(closed, *words.blocks, *first, title=title(kept))
    return whole.with_files(_export(desk, kept))


_COLUMNS = ("appel", "institution", "personne", "lieu", "quoi", "nombre", "du", "au")
_MORE_COLUMNS = ("promis le (UTC)", "retiré ou changé le (UTC)", "mots")


def _export(desk: Desk, kept: Campaign) -> File:
    """Who gave what when, what was changed or taken back included, for a spreadsheet."""
    offers = store.offers(desk.session, kept)
    rows = [[*_COLUMNS, *_MORE_COLUMNS], *(_row(kept, one) for one in offers)]
    return File(f"{kept.reference}.csv", CSV, as_csv(rows))


def _row(kept: Campaign, one: CampaignOffer) -> list[str]:
    period = [day.isoformat() if day else "" for day in (one.starts_on, one.ends_on)]
    instants = [
        at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
        for at in (one.given_at, one.ended_at)
    ]
    what = [one.need.place, one.need.thing, str(one.count)]
    words = " ".join(one.words.split())
    return [
        kept.reference,
        one.institution.name,
        one.person.name,
        *what,
        *period,
        *instants,
        words,
    ]
