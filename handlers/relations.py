"""Who is said to have what: one sentence that names communes and a solution is a relation for each
of them (acceptance A36). What is said is compared with what is known; nothing is entered from it.
"""

from __future__ import annotations

import re

from config.folding import fold
from handlers.catalogue_uses import all_solutions
from handlers.context import Context
from handlers.reading.letters import level
from handlers.reply import Bullets, Reply, reply
from handlers.wording import Text, _
from storage import orders
from storage.purchasing import Solution

_SAYS = re.compile(
    r"\b(?:(?:ont|a) (?:deja )?(?:command|chois|achet|pris)\w*|utilise(?:nt)?|possede(?:nt)?)\b"
)
_OURS = re.compile(r"\b(?:nous|notre|nos|je|on|votre|vos|vous)\b")
LONGEST = 40
"""Up to how many words such a sentence has."""


def answer(ctx: Context, words: str) -> Reply | None:
    """What is known of each relation that a sentence tells; None if it tells none."""
    plain = level(words)
    if len(words.split()) > LONGEST or _OURS.search(plain) or not _SAYS.search(plain):
        return None
    solutions = solutions_in(ctx, words)
    codes = dict.fromkeys(
        one.authority.code
        for one in ctx.platform.territory.mentions(words)
        if one.authority.type == "commune"
    )
    own = ctx.claimed.institution.code if ctx.claimed else ""
    # What somebody says of their own commune alone may be an order.
    if not solutions or own in codes or len(codes) + ("?" in words) < 2:
        return None
    lines = tuple(_known(ctx, code, solution) for code in codes for solution in solutions)
    return reply(
        _("Voici ce qui est enregistré au {day} :", day=ctx.today),
        Bullets(lines),
        title=_("Qui utilise quoi"),
    )


def solutions_in(ctx: Context, words: str) -> list[Solution]:
    """The solutions that a sentence names, the longest names before those within them."""
    said = f" {fold(words)} "
    found: list[Solution] = []
    for name, solution in sorted(_names(ctx), key=lambda pair: -len(pair[0])):
        if f" {name} " in said:
            said = said.replace(f" {name} ", " , ")
            if solution not in found:
                found.append(solution)
    return found


def _names(ctx: Context) -> list[tuple[str, Solution]]:
    return [
        (fold(name), solution)
        for solution in all_solutions(ctx)
        for name in (solution.name, solution.slug, *solution.aliases)
    ]


def _known(ctx: Context, code: str, solution: Solution) -> Text:
    name = ctx.platform.territory.commune(code).name_fr
    held = orders.held_by(ctx.session, "commune", code, ctx.today)
    ends = [c.ends_on for c, line in held if line.solution_id == solution.id]
    if not ends:
        return _(
            "**{name}** et « {solution} » : rien d'enregistré", name=name, solution=solution.name
        )
    return _(
        "**{name}** et « {solution} » : oui, contrat jusqu'au {day}",
        name=name,
        solution=solution.name,
        day=max(ends),
    )
