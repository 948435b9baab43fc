"""Which price of a solution holds for whom: many are by the inhabitants of a commune."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import articles, sizes, texts
from handlers.context import Context
from handlers.policy import Role
from handlers.reading.letters import level
from handlers.wording import Money, Text, _, n_
from storage.purchasing import Price, Solution

_INHABITANTS = re.compile(
    r"(?<![\d.,])(?P<count>\d{1,3}(?:[. \u00a0\u202f']?\d{3})?)\s*"
    r"(?:habitants?|hab\b|inwoners?|einwohner\w*|inhabitants?)"
)


def for_population(solution: Solution, population: int) -> Price | None:
    """The price, options aside, for so many inhabitants; None if the catalogue has none."""
    for price in (one for one in solution.prices if not one.option):
        low, high = price.from_population or 0, price.below_population
        if low <= population and (high is None or population < high):
            return price
    return None


def asked(ctx: Context, solution: Solution) -> Sequence[Text]:
    """What a solution costs those who are asked about, by their number of inhabitants or by name,
    or else the member who asks. Nothing where all pay the same.
    """
    if sum(not price.option for price in solution.prices) < 2:
        return ()
    words = f"{ctx.incoming.subject} {ctx.incoming.text}"
    count = _INHABITANTS.search(level(words))
    if count is not None:
        people = int(re.sub(r"\D", "", count["count"]))
        return _costs(solution, people, n_("{count} habitant", "{count} habitants", people))
    territory = ctx.platform.territory
    mentions = [one.authority for one in territory.mentions(words)]
    named = {(one.type, one.code): one for one in mentions}
    if len(named) == 1:
        (authority,) = named.values()
        people = sum(territory.commune(nis).population for nis in authority.communes_nis)
        return _costs(solution, people, articles.the(authority.name)) if people else ()
    if Role.MEMBER not in ctx.roles:
        return ()
    own = sizes.inhabitants(ctx, ctx.institution)
    return _costs(solution, own, texts.the(ctx.institution)) if own else ()


def _costs(solution: Solution, population: int, whom: Text) -> Sequence[Text]:
    price = for_population(solution, population)
    if price is None:
        return ()
    return (_("Pour {whom} : **{amount} HTVA**.", whom=whom, amount=Money(price.unit_cents)),)
