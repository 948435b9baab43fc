"""Templates of documents: what a budget allows is said at once, the document by a person."""

from __future__ import annotations

import re

from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.intents import Intent, Understanding
from handlers.policy import Role, below_threshold
from handlers.reading.amounts import Amount, Vat
from handlers.reading.letters import level
from handlers.reply import Block, Paragraph, Reply, reply
from handlers.wording import Money, Text, _

table = Table()

USUAL_RATE = 2_100
"""The VAT rate, in basis points, where a letter names none."""
_RATE = re.compile(r"\b(6|12|21)\s?%")
_EACH_YEAR = re.compile(r"\b(?:par an|l'an|annuel\w*|chaque annee|/an|par mois|mensuel\w*)\b")


@table.intent(Intent.TEMPLATE_REQUEST, who=Role.MEMBER)
def template_asked(ctx: Context, understood: Understanding) -> Reply:
    """Say on which side of the threshold a budget lies, and hand the request to a person."""
    topic = to_a_person(
        ctx,
        _(
            "📄 **{name}** ({institution}) demande un modèle :",
            name=ctx.member.name,
            institution=ctx.institution.name,
        ),
    )
    blocks: list[Block | Text] = [*_threshold(ctx, understood)]
    return reply(
        *blocks,
        _(
            "Les modèles ne s'envoient pas encore d'ici : votre demande est transmise à une"
            " personne, qui vous répond ici même."
        ),
        title=_("Votre demande de modèle"),
    ).about(str(topic))


def net_of(amount: Amount, basis_points: int) -> int:
    """The amount excluding VAT, in cents, rounded to the nearest cent."""
    if amount.vat is not Vat.INCLUDED:
        return amount.cents
    return (amount.cents * 10_000 + (10_000 + basis_points) // 2) // (10_000 + basis_points)


def _threshold(ctx: Context, understood: Understanding) -> list[Paragraph]:
    """The comparison with the low-value threshold (acceptance B11), if one amount is told."""
    plain = level(ctx.letter.text)
    read = [found.reading for found in understood.amounts if isinstance(found.reading, Amount)]
    # An amount per year says nothing yet about the whole contract.
    if len(read) != 1 or _EACH_YEAR.search(plain):
        return []
    rate = _RATE.search(plain)
    net = net_of(read[0], int(rate[1]) * 100 if rate else USUAL_RATE)
    threshold = ctx.platform.settings.rules.low_value_threshold_cents
    ctx.observe(computed={"estimate_excl_vat_cents": net, "threshold_excl_vat_cents": threshold})
    amounts = {"amount": Money(net, exact=True), "threshold": Money(threshold)}
    if below_threshold(net, threshold):
        return [
            Paragraph(
                _(
                    "**{amount} HTVA** : c'est sous le seuil des marchés de faible montant"
                    " ({threshold} HTVA), qui vaut pour toute la durée du marché.",
                    **amounts,
                )
            )
        ]
    return [
        Paragraph(
            _(
                "**{amount} HTVA** : le seuil des marchés de faible montant ({threshold} HTVA, pour"
                " toute la durée du marché) est atteint ; le modèle « faible montant » ne convient"
                " pas.",
                **amounts,
            )
        )
    ]
