"""The words behind « commander »: which solution, how many, on whose decision.

Nothing that was written is passed over: a number or a decision that is not understood is refused
with the sentence that would work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.catalogue import is_name, read_solution, search
from handlers.context import Context
from handlers.reading.amounts import find_amounts
from handlers.reading.decision import Decision, find_decision
from handlers.reading.letters import level
from handlers.reading.order_details import LABELS
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


_QUALIFIED = re.compile(
    r"\s*(?:(?:tres )?(?:urgente?s?|officielle|ferme|definitive)\b ?[:,]? ?|: ?)*"
    r"(?:de |d'|pour |: )*"
)
"""What stands between « commande » and the thing: « commande urgente : 2 … », « commande de … »."""


def apart(words: str) -> tuple[str, str]:
    """What is ordered, and what is said about it: the decision, the budget, the addresses."""
    plain = level(words)
    found = (pattern.search(plain) for pattern in (_DECISION, LABELS))
    begins = min((match.start() for match in found if match), default=len(words))
    what = words[:begins].rstrip(" .!?")
    return what[_QUALIFIED.match(level(what)).end() :], words[begins:]  # type: ignore[union-attr] # it matches nothing, too


def decision_in(ctx: Context, told: str) -> Decision | None:
    """The decision among what is told behind a command, if one is told at all. Raises Refusal."""
    return decision_told(ctx, told) if _DECISION.search(level(told)) else None


_BETWEEN = re.compile(r"\s*[+;\n]\s*")
_BETWEEN_WORDS = re.compile(r"\s*,\s*(?:et\s+)?|\s+(?:et|en|und|and)\s+", re.IGNORECASE)


def pieces(ctx: Context, words: str) -> list[str]:
    """The words for each line; « et » and commas part them only where they are in no name."""
    parts = [part for part in _BETWEEN.split(words.strip(" .,;")) if part]
    whole: list[str] = []
    for part in parts:
        inner = [one for one in _BETWEEN_WORDS.split(part) if one]
        whole += inner if _are_several(ctx, part, inner) else [part]
    return whole or [words]


def _are_several(ctx: Context, part: str, inner: Sequence[str]) -> bool:
    """Whether words name several things, one of them perhaps unknown, rather than one."""
    if is_name(ctx, read_wanted(part).name):
        return False
    known = [_known(ctx, one) for one in inner]
    return all(known) or (any(known) and not _known(ctx, part))


def _known(ctx: Context, words: str) -> bool:
    """Whether words name exactly one thing of the catalogue."""
    current = purchasing.current_solutions(ctx.session, ctx.today)
    return len(search(current, read_wanted(words).name)) == 1


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
