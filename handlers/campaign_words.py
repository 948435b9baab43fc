"""Campaigns in words: what they are called, and how far each place is from what it needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.arguments import reads
from handlers.context import Context
from handlers.desk import PLACE, Desk
from handlers.policy import Role, allowed
from handlers.reading.dates import Period
from handlers.reading.offers import Place as Needed
from handlers.reply import Block, Fields, Paragraph, Refusal, Reply, Table, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _, n_, verbatim
from storage import campaigns, outbox
from storage.campaigns import Campaign, CampaignOffer, Need, Stage

REFERENCE = re.compile(
    r"\s*(?:C\s?-?\s?(?:(\d{4})-)?|n[°o]?\s*)?0*(\d{1,6})\b[\s:,]*", re.IGNORECASE
)
ALONE = re.compile(rf"{REFERENCE.pattern}$", re.IGNORECASE)


@reads(Campaign)
def read_reference(ctx: Context, words: str) -> Campaign:
    """The campaign of a reference such as C-3, C-2026-0003 or 3. Raises Refusal."""
    match = REFERENCE.match(words)
    year = int(match[1]) if match and match[1] else None
    found = campaigns.by_number(ctx.session, int(match[2]), year) if match else None
    if found is None:
        raise Refusal(
            _(
                "Je ne trouve pas l'appel « {words} » : son numéro est dans le message qui le"
                " lance, par exemple `C-1`. Tous les appels : `campagne`.",
                words=words[:40],
            )
        )
    return found


def topic_of(kept: Campaign) -> Topic:
    """What the conversation about a campaign is about."""
    return Topic("campaign", kept.id)


def title(kept: Campaign) -> Text:
    """« Appel C-2026-0003 · inondations »."""
    return _("🚨 **Appel {reference}** · {words}", reference=kept.reference, words=kept.words)


def needed(kept: Campaign) -> list[Needed]:
    """What is needed where, as it is looked for in what people write."""
    return [Needed(need.id, need.place, need.thing) for need in kept.needs]


def how_many(count: int, need: Need) -> Text:
    """« 3 personnes à Rochefort »."""
    return _("{count} {thing} à {place}", count=count, thing=need.thing, place=need.place)


# -- how it stands ----------------------------------------------------------------------------


def total(desk: Desk, kept: Campaign) -> Table:
    """For each place what it needs, what is promised, and what lacks, or is too much."""
    promised = campaigns.promised(desk.session, kept)
    rows = tuple(
        (
            verbatim(need.place),
            verbatim(need.thing),
            verbatim(f"{promised[need.id]}/{need.wanted}"),
            _lacks(need.wanted - promised[need.id]),
        )
        for need in kept.needs
    )
    header = (_("Lieu"), _("Quoi"), _("Promis"), _("Il manque"))
    return Table(header, rows, frozenset({2}))


def _lacks(count: int) -> Text:
    if count > 0:
        return verbatim(str(count))
    if count == 0:
        return _("✅ complet")
    return _("✅ {count} de trop", count=-count)


def short(desk: Desk, kept: Campaign) -> list[tuple[Need, int]]:
    """The places that lack something, the emptiest first, and how many."""
    promised = campaigns.promised(desk.session, kept)
    lacking = [(need, need.wanted - promised[need.id]) for need in kept.needs]
    return sorted((one for one in lacking if one[1] > 0), key=lambda one: -one[1])


def still_short(lacking: Sequence[tuple[Need, int]]) -> Text:
    """« 12 personnes à Marche, 3 pompes à Hotton »; only the first ones of many."""
    named = ", ".join(f"{n} {need.thing} à {need.place}" for need, n in lacking[:MOST_NAMED])
    return verbatim(named + (", …" if len(lacking) > MOST_NAMED else ""))


MOST_NAMED = 5


def post(desk: Desk, kept: Campaign) -> Reply:
    """What every member gets, and what the first message in the room says from then on."""
    return reply(
        Paragraph(title(kept)),
        total(desk, kept),
        *_how_to_answer(kept),
        title=title(kept),
    ).about(str(topic_of(kept)))


def _how_to_answer(kept: Campaign) -> list[Block]:
    if kept.stage == Stage.CLOSED:
        return [Paragraph(_("**Cet appel est clos.** Merci à toutes et à tous."))]
    need = kept.needs[0]
    return [
        Paragraph(
            _(
                "Pour aider, répondez à ce message en une phrase : « nous envoyons 3 {thing} à"
                " {place} de lundi à mercredi ». Ou bien : `aider {reference} 3 à {place}`.",
                thing=need.thing,
                place=need.place,
                reference=kept.reference,
            )
        ),
        Paragraph(_("L'appel court jusqu'au **{day}** inclus.", day=kept.closes_on)),
    ]


def given(offer: CampaignOffer) -> Text:
    """« 3 personnes à Rochefort, du lundi 4 au mercredi 6 mai »."""
    what = how_many(offer.count, offer.need)
    if offer.starts_on and offer.ends_on and offer.starts_on != offer.ends_on:
        return _(
            "{what}, du {first} au {last}", what=what, first=offer.starts_on, last=offer.ends_on
        )
    if offer.starts_on and offer.ends_on:
        return _("{what}, le {day}", what=what, day=offer.starts_on)
    if offer.starts_on:
        return _("{what}, à partir du {day}", what=what, day=offer.starts_on)
    if offer.ends_on:
        return _("{what}, jusqu'au {day}", what=what, day=offer.ends_on)
    return what


def report(desk: Desk, kept: Campaign) -> Reply:
    """How a campaign stands, for the administrators: who brings what as well."""
    offers = [one for one in campaigns.offers(desk.session, kept) if one.ended_at is None]
    rows = tuple((verbatim(one.institution.name), given(one)) for one in offers)
    return reply(
        Paragraph(title(kept)),
        total(desk, kept),
        n_(
            "{count} institution aide, au {instant}.",
            "{count} institutions aident, au {instant}.",
            len({one.institution_id for one in offers}),
            instant=desk.now,
        ),
        *([Fields(rows)] if rows else []),
        title=title(kept),
    ).about(str(topic_of(kept)))


def show(desk: Desk, kept: Campaign) -> None:
    """Edit the running totals, in the members' place and in the administrators', so that they tell
    how the campaign stands now.
    """
    channel, topic = desk.platform.place_channel, str(topic_of(kept))
    for place, words in ((Place.MEMBERS, post), (Place.ADMINS, report)):
        root = outbox.first_about(desk.session, topic, channel, f"{PLACE}{place}")
        if root is not None:
            desk.amend(root, words(desk, kept))


def pin(desk: Desk, kept: Campaign, *, on: bool) -> None:
    """Keep the running total in sight of the members, or no longer."""
    channel, where = desk.platform.place_channel, f"{PLACE}{Place.MEMBERS}"
    root = outbox.first_about(desk.session, str(topic_of(kept)), channel, where)
    if root is not None:
        desk.pin(root, on=on)


# -- refusing ---------------------------------------------------------------------------------


def require_open(kept: Campaign) -> None:
    """Raises Refusal where no offer counts any more."""
    if kept.stage != Stage.OPEN:
        raise Refusal(
            _(
                "L'appel {reference} n'est plus ouvert : rien n'a changé. Merci de votre aide.",
                reference=kept.reference,
            )
        )


def is_administrator(ctx: Context) -> bool:
    """Whether somebody may open and close campaigns, and see who gives what."""
    return allowed(ctx.roles, Role.ADMINISTRATOR)


def about_dates(period: Period | None) -> list[Text]:
    """That dates were not understood, if that is so."""
    if period is None or not period.faults:
        return []
    return [_("Je n'ai pas compris les dates : redites-les avec votre offre.")]


def replaced(before: Sequence[CampaignOffer]) -> list[Paragraph]:
    """What an offer takes the place of, and how it would not have."""
    if not before:
        return []
    former = [how_many(one.count, one.need) for one in before]
    lead = _("Cela remplace ce qui était promis : {former}.", former=former[0])
    more = [_("Cela remplace aussi : {former}.", former=one) for one in former[1:]]
    hint = _("Pour ajouter sans remplacer, écrivez « 2 de plus ».")
    return [Paragraph(words) for words in (lead, *more, hint)]


def full(desk: Desk, kept: Campaign, touched: Sequence[Need]) -> list[Text]:
    """For each place whether it has too much; then where it still lacks."""
    promised = campaigns.promised(desk.session, kept)
    over = [need for need in touched if promised[need.id] > need.wanted]
    said = [
        _(
            "{place} a maintenant plus qu'il ne faut : {promised} pour {wanted}.",
            place=need.place,
            promised=promised[need.id],
            wanted=need.wanted,
        )
        for need in over
    ]
    lacking = short(desk, kept)
    if over and lacking:
        where = still_short(lacking)
        place = lacking[0][0].place
        said.append(
            _(
                "Il manque encore {where}. Si vous pouvez y aller, répondez « plutôt à {place} »"
                " avec le nombre.",
                where=where,
                place=place,
            )
        )
    if not over:
        said += [
            _(
                "{place} : {promised} sur {wanted}.",
                place=need.place,
                promised=promised[need.id],
                wanted=need.wanted,
            )
            for need in touched
        ]
    return said
