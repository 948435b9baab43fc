"""What an institution leaves behind: open orders, running contracts, open announcements.

They are shown before it confirms that it leaves, and told to those who go on with them. Contracts
and what was awarded stay as they are (acceptance B19).
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers import conventions, loans, order_acts, texts, withdrawal
from handlers.announcement_words import period
from handlers.desk import Desk, tell_all
from handlers.reply import Block, Bullets, Paragraph, reply
from handlers.wording import Text, _
from storage import agreements, announcements, orders, purchasing
from storage.agreements import Agreement
from storage.announcements import Announcement
from storage.members import Institution
from storage.orders import Order


def shown(desk: Desk, institution: Institution) -> list[Block]:
    """What is still open, for whoever is asked whether they really leave."""
    left = _orders(desk, institution)
    posted = announcements.open_of(desk.session, institution)
    lent = agreements.running(desk.session, institution)
    if not left and not posted and not lent:
        return []
    promised = [_loan(one, institution) for one in lent]
    return [
        Paragraph(_("Il reste en cours :")),
        Bullets((*map(_order, left), *map(_announcement, posted), *promised)),
        Paragraph(
            _(
                "Si vous partez, les commandes et les contrats restent valables et leur centrale"
                " est avertie ; les annonces sont retirées."
            )
        ),
        *([Paragraph(_PROMISED)] if lent else []),
    ]


_PROMISED = _(
    "Ce qui est convenu avec d'autres n'est pas annulé : ils sont avertis de votre départ. Pour y"
    " renoncer, faites-le avant : `annuler l'accord A-NUMÉRO`."
)


def part(desk: Desk, institution: Institution) -> None:
    """Close what ends with the membership, and tell the administrators and the centrals."""
    left = _orders(desk, institution)
    posted = announcements.open_of(desk.session, institution)
    lent = agreements.running(desk.session, institution)
    for made in lent:
        _tell_partner(desk, institution, made)
    for one in posted:
        withdrawal.close_of_who_leaves(desk, one)
    for draft in orders.drafts_of(desk.session, institution):
        order_acts.drop(desk, draft)
    promised = [_loan(one, institution) for one in lent]
    lines = (*map(_order, left), *map(_announcement, posted), *promised)
    blocks: list[Block] = [
        Paragraph(_("📤 Désinscription **{whose}**.", whose=texts.of_the(institution)))
    ]
    if lines:
        blocks += [Paragraph(_("En cours à ce moment :")), Bullets(lines)]
    desk.tell_administrators(reply(*blocks))
    _tell_centrals(desk, institution, left)


def _orders(desk: Desk, institution: Institution) -> list[Order]:
    """Orders whose clock runs and contracts that have not ended, oldest first."""
    return [
        order
        for order in reversed(orders.of_institution(desk.session, institution))
        if order.contract is None or order.contract.ends_on >= desk.today
    ]


def _tell_centrals(desk: Desk, institution: Institution, left: Sequence[Order]) -> None:
    for central in purchasing.centrals(desk.session):
        mine = [order for order in left if order.central_id == central.id]
        if not mine and purchasing.adhesion(desk.session, central, institution) is None:
            continue
        said: list[Block] = [
            Paragraph(
                _(
                    "{who} quitte la plateforme : son adhésion à la centrale **{central}** n'est"
                    " plus comptée à partir du {day}.",
                    who=texts.the_first(institution),
                    central=central.name,
                    day=desk.today,
                )
            )
        ]
        if mine:
            said += [Paragraph(_("Ses commandes en cours chez vous :")), Bullets(_all(mine))]
        title = _("Désinscription {whose}", whose=texts.of_the(institution))
        tell_all(desk, central.managers, reply(*said, title=title))


def _all(left: Sequence[Order]) -> tuple[Text, ...]:
    return tuple(map(_order, left))


def _order(order: Order) -> Text:
    if order.contract is not None:
        return _(
            "commande **{reference}** : contrat jusqu'au {end}",
            reference=order.reference,
            end=order.contract.ends_on,
        )
    return _(
        "commande **{reference}** : attribution attendue pour le {due}",
        reference=order.reference,
        due=order.due_on or "",
    )


def _loan(made: Agreement, institution: Institution) -> Text:
    return _(
        "accord **{reference}** avec {who}, {period}",
        reference=made.announcement.reference,
        who=texts.the(made.other_than(institution).institution),
        period=period(made.starts_on, made.ends_on),
    )


def _tell_partner(desk: Desk, institution: Institution, made: Agreement) -> None:
    """Whoever counts on an agreement hears that the other side will not read here any more."""
    other = made.other_than(institution)
    if not other.active:
        return
    gone = next(one for one in made.parties if one.institution_id == institution.id)
    words = reply(
        _(
            "{who} quitte la plateforme. Ce qui est convenu avec vous pour **{reference}**"
            " ({period}) n'est pas annulé, mais vos messages d'ici ne lui parviennent plus : voyez"
            " directement avec {name}{address}. Pour y renoncer : `annuler l'accord {reference}`.",
            who=texts.the_first(institution),
            reference=made.announcement.reference,
            period=period(made.starts_on, made.ends_on),
            name=gone.name,
            address=f", {mail}" if (mail := conventions.mail_of(desk, gone)) else "",
        ),
        title=_("Accord pour {reference}", reference=made.announcement.reference),
    )
    desk.tell(other, words.about(str(loans.topic_of(made))))


def _announcement(one: Announcement) -> Text:
    return _("annonce **{reference}**", reference=one.reference)
