"""The words behind « commander »: which solution, how many, on whose decision.

Nothing that was written is passed over: a number or a decision that is not understood is refused
with the sentence that would work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.catalogue import is_name, read_solution
from handlers.context import Context
from handlers.reading.amounts import find_amounts
from handlers.reading.decision import Decision, find_decision
from handlers.reading.letters import level
from handlers.reading.quantity import MOST, Wanted, read_wanted, stray_number
from handlers.reply import Refusal
from handlers.wording import _
from storage import purchasing
from storage.purchasing import Solution

_DECISION = re.compile(
    r"[\s,;:(]+(?:(?:suivant|selon|sur|par|vu|d'apres|conformement a) )?(?:la |notre |une )?"
    r"(?:decisions?|deliberation|resolution|approuve|college (?:communal )?du|conseil [\w' ]*du"
    r"|bureau permanent)\b"
)
"""Where the words behind a command go on with the decision to order."""


def apart(words: str) -> tuple[str, str]:
    """What is ordered, and what is said about the decision to order it."""
    begins = _DECISION.search(level(words))
    return (words[: begins.start()], words[begins.start() :]) if begins else (words, "")


def wanted(ctx: Context, words: str) -> tuple[Solution, int]:
    """The solution that words mean and how many. Raises Refusal: no number is passed over."""
    # A name may have a number of its own, as in « Smart 2.0 ».
    if find_amounts(words):
        raise Refusal(
            _(
                "Le prix est celui du catalogue : écrivez votre commande sans montant, par exemple"
                " `commander e-guichet x3` ; la commande montrée dira ce qu'elle coûte."
            )
        )
    wanted = Wanted(words) if is_name(ctx, words) else read_wanted(words)
    _refuse_stray(wanted.name, purchasing.current_solutions(ctx.session, ctx.today))
    solution = read_solution(ctx, wanted.name)
    _refuse_stray(wanted.name, [solution])
    return solution, checked(1 if wanted.quantity is None else wanted.quantity)


def _refuse_stray(words: str, named: Sequence[Solution]) -> None:
    """Raises Refusal for a number that belongs to none of the names."""
    names = " ".join(name for one in named for name in (one.name, one.slug, *one.aliases))
    number = stray_number(words, names)
    if number:
        raise Refusal(
            _(
                "Je ne comprends pas le nombre « {number} » : écrivez la quantité derrière le nom,"
                " par exemple `commander e-guichet x3`.",
                number=number,
            )
        )


def checked(quantity: int) -> int:
    if 1 <= quantity <= MOST:
        return quantity
    raise Refusal(_("La quantité doit être un nombre entier de 1 à {most}.", most=MOST))


def decision_told(ctx: Context, told: str) -> Decision:
    """The decision that is told behind a command. Raises Refusal if it has no day, or a coming
    one.
    """
    decision = find_decision(told.strip(" ,;:("), ctx.today)
    if decision is None or decision.day is None:
        raise Refusal(
            _(
                "Je ne lis pas la date de la décision : écrivez par exemple `commander e-guichet,"
                " décision du Collège du {day}, réf. 114`.",
                day=ctx.today,
            )
        )
    if decision.future:
        raise Refusal(
            _("La décision porte une date à venir ({day}) : vérifiez-la.", day=decision.day)
        )
    return decision
