"""The order form: a solution, how many, on whose decision, and what else the order shall bear,
asked for one after the other.

What it gathers is ordered as a command would order it: the draft is shown and confirmed there.
"""

from __future__ import annotations

import re
from datetime import date

from babel.dates import format_date

from handlers.arguments import MaybeWords
from handlers.catalogue import read_solution
from handlers.context import Context
from handlers.form import Field, Form, Option, Values
from handlers.order_words import checked
from handlers.orders import order
from handlers.reading.decision import Decision, find_decision
from handlers.reading.order_details import read_details
from handlers.reading.quantity import read_changed
from handlers.reply import Refusal, Reply, reply
from handlers.wording import _, verbatim
from storage import purchasing
from storage.purchasing import Solution

SOLUTION, QUANTITY, DECISION = "solution", "quantity", "decision"
ENTERPRISE, DETAILS = "enterprise", "details"
_MOST_OFFERED = 9


def _solutions(ctx: Context, _values: Values) -> list[Option]:
    """The solutions of the centrals that the institution joined, if they are few enough to show."""
    found = [
        Option(solution.slug, verbatim(solution.name))
        for solution in purchasing.current_solutions(ctx.session, ctx.today)
        if purchasing.adhesion(ctx.session, solution.central, ctx.institution) is not None
    ]
    return found if len(found) <= _MOST_OFFERED else []


def _solution(ctx: Context, text: str) -> str | None:
    found: Solution = read_solution(ctx, text)
    return found.slug


def _not_joined(ctx: Context, slug: str) -> Reply | None:
    """Who has not joined the central is told so before anything else is asked."""
    solution = read_solution(ctx, slug)
    if purchasing.adhesion(ctx.session, solution.central, ctx.institution) is not None:
        return None
    return reply(
        _(
            "« {name} » se commande auprès de la centrale **{central}**, à laquelle votre"
            " institution n'a pas encore adhéré : écrivez `adhérer {central}`.",
            name=solution.name,
            central=solution.central.name,
        )
    )


def _quantity(_ctx: Context, text: str) -> str | None:
    count = read_changed(f"quantité {text.strip()}")
    return None if count is None else str(checked(count))


def _decision(ctx: Context, text: str) -> str | None:
    found = find_decision(f"décision : {text}", ctx.today)
    if found is None or found.day is None:
        return None
    if found.future:
        raise Refusal(_("La décision porte une date à venir ({day}) : vérifiez-la.", day=found.day))
    return _told(found, found.day)


def _told(decision: Decision, day: date) -> str:
    """A decision as it is written behind a command."""
    by = f" du {decision.body}" if decision.body else ""
    reference = f", réf. {decision.reference}" if decision.reference else ""
    return f"décision{by} du {format_date(day, 'd MMMM y', 'fr_BE')}{reference}"


def _enterprise(_ctx: Context, text: str) -> str | None:
    """An enterprise number with right check digits, as it is written behind a command."""
    found = read_details(f"BCE {re.sub(r'(?i)^.*?(?=[01][0-9]{3})', '', text.strip())}").enterprise
    if found is None:
        return None
    if not found.valid:
        raise Refusal(
            _(
                "Le numéro d'entreprise « {number} » n'existe pas (chiffres de contrôle).",
                number=found.number,
            )
        )
    return f"BCE {found.number}"


def _details(_ctx: Context, text: str) -> str | None:
    """Budget article, contact, addresses: kept as written, if anything of it is read."""
    told = " ; ".join(line.strip() for line in text.splitlines() if line.strip())
    return told if read_details(told).told else None


def _ordered(ctx: Context, values: Values) -> Reply:
    told = "".join(
        f", {values[name]}" for name in (DECISION, ENTERPRISE, DETAILS) if name in values
    )
    return order(ctx, MaybeWords(f"{values[SOLUTION]} x{values[QUANTITY]}{told}"))


FORM = Form(
    "order",
    _("Commande"),
    _("Pour préparer votre commande"),
    (
        Field(
            SOLUTION,
            _("Quelle solution ? Son nom au catalogue (`catalogue` pour la liste)."),
            _("la solution, par son nom au catalogue"),
            _solution,
            options=_solutions,
            ends=_not_joined,
        ),
        Field(QUANTITY, _("Combien ?"), _("la quantité"), _quantity),
        Field(
            DECISION,
            _("Sur quelle décision ? Par exemple « Collège du 9 mars 2026, réf. 2026/114 »."),
            _("la décision : organe, date et référence"),
            _decision,
            optional=True,
        ),
        Field(
            ENTERPRISE,
            _("Votre numéro d'entreprise (BCE) ? Par exemple « 0123.456.749 »."),
            _("le numéro d'entreprise (BCE)"),
            _enterprise,
            optional=True,
        ),
        Field(
            DETAILS,
            _(
                "Autre chose à porter au bon de commande ? Par exemple « article 104/742-53 ;"
                " livraison : Rue Haute 1, 6750 Musson ; facturation : … ; contact : … »."
            ),
            _("l'article budgétaire, le contact, les adresses de livraison et de facturation"),
            _details,
            optional=True,
        ),
    ),
    _ordered,
)
