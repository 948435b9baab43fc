"""Whose a survey is: the administrators', or that of a central and of who manages it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.folding import fold
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role
from handlers.reply import Ambiguous, Refusal, Reply
from handlers.wording import _, verbatim
from storage import purchasing
from storage.purchasing import Central
from storage.surveys import Survey

_NAMED = re.compile(r"\s*(?P<name>[^:?\n]{1,80}?)\s*:\s*(?P<rest>\S.*)", re.DOTALL)


def asked_for(ctx: Context, words: str) -> tuple[Central | None, str]:
    """For which central a survey is asked, and its words without that name: « Smart : Que
    manque-t-il ? ». None for the platform itself. Raises Ambiguous where only the sender knows.
    """
    mine = _managed(ctx)
    named = _NAMED.match(words)
    for central in mine if named else ():
        if named and fold(named["name"]) in {fold(central.name), fold(central.slug)}:
            return central, named["rest"]
    if Role.ADMINISTRATOR in ctx.roles:
        return None, words
    if len(mine) > 1:
        raise Ambiguous(
            _("Pour laquelle de vos centrales posez-vous cette question ?"),
            words,
            [(f"{one.slug} : {words}", verbatim(one.name)) for one in mine],
        )
    return mine[0], words


def _managed(ctx: Context) -> Sequence[Central]:
    return purchasing.manages(ctx.session, ctx.person) if ctx.person else ()


def is_theirs(ctx: Context, kept: Survey) -> bool:
    """Whether the sender may close a survey, arrange its wishes and see what it has come to."""
    return Role.ADMINISTRATOR in ctx.roles or kept.central in _managed(ctx)


def require(ctx: Context, kept: Survey) -> None:
    """Raises Refusal for a survey that somebody else asks."""
    if is_theirs(ctx, kept):
        return
    if kept.central is None:
        raise Refusal(
            _(
                "Le sondage {reference} est posé par les administrateurs : eux seuls en disposent.",
                reference=kept.reference,
            )
        )
    raise Refusal(
        _(
            "Le sondage {reference} est posé par la centrale **{central}** : qui la gère en"
            " dispose, et les administrateurs.",
            reference=kept.reference,
            central=kept.central.name,
        )
    )


def tell_askers(desk: Desk, kept: Survey, words: Reply) -> None:
    """Tell those who asked: the managers of its central, else the administrators."""
    managers = [one for one in kept.central.managers if one.active] if kept.central else []
    if managers:
        tell_all(desk, managers, words)
    else:
        desk.tell_administrators(words)
