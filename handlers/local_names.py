"""What authorities call the solutions that they have: « Bertrix en poche » (acceptance A30)."""

from __future__ import annotations

import re

from config.folding import fold
from handlers import catalogue, texts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.finding import alike
from handlers.policy import Role
from handlers.reply import Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import orders, purchasing
from storage.purchasing import LocalName, Solution

table = Table()

LONGEST = 100


@table.command(
    "nommer",
    aliases={"en": ["call it"], "nl": ["noemen"], "de": ["nennen"]},
    who=Role.MEMBER,
    usage=_("nommer SOLUTION « NOM »"),
    summary=_("le nom que votre institution donne à une solution"),
    example="nommer application mobile « Musson en poche »",
    listed=False,
)
def name(ctx: Context, words: Words) -> Reply:
    """Say what one's own institution calls a solution that it has; an empty name takes it back."""
    quoted = _QUOTED.search(words)
    if quoted is None:
        raise Refusal(
            _(
                "Écrivez le nom entre guillemets : `nommer application mobile « {place} en poche"
                " »`.",
                place=texts.bare(ctx.institution),
            )
        )
    solution = _held(ctx, words[: quoted.start()].strip(" :,"))
    said = quoted["name"].strip()[:LONGEST]
    type_, code = ctx.institution.type, ctx.institution.code
    known = purchasing.local_name(ctx.session, type_, code, solution)
    if not said:
        if known is not None:
            ctx.session.delete(known)
        return reply(_("« {solution} » n'a plus de nom à vous.", solution=solution.name))
    if known is None:
        known = LocalName(type=type_, code=code, solution=solution)
        ctx.session.add(known)
    known.name = said
    ctx.audit("solution.named", Topic("solution", solution.id), institution=code)
    return reply(
        _(
            "C'est noté : **{name}** est le nom de « {solution} » {whose} ; il figure sur sa"
            " fiche.",
            name=said,
            solution=solution.name,
            whose=texts.of_the(ctx.institution),
        )
    )


_QUOTED = re.compile(r"[«“\"]\s*(?P<name>[^«»“”\"]*?)\s*[»”\"]")


def _held(ctx: Context, words: str) -> Solution:
    """The one of an institution's solutions that words mean. Raises Refusal."""
    institution = ctx.institution
    held = orders.held_by(ctx.session, institution.type, institution.code, ctx.today)
    mine = list({line.solution.id: line.solution for _contract, line in held}.values())
    if not mine:
        raise Refusal(
            _(
                "Votre institution n'a encore reçu aucune solution à laquelle donner un nom : cela"
                " vient après une commande attribuée. Les vôtres : `commandes`."
            )
        )
    found = catalogue.named_solutions(mine, words)
    if len(found) != 1:
        raise Refusal(
            _(
                "Je ne trouve pas « {words} » parmi vos solutions : {names}.",
                words=words[:60],
                names=", ".join(one.name for one in mine),
            )
        )
    return found[0]


def found_by(ctx: Context, words: str) -> list[LocalName]:
    """Who calls a solution so, be it with a wrong letter."""
    wanted = fold(words)
    every = purchasing.local_names(ctx.session)
    exact = [one for one in every if fold(one.name) == wanted]
    return exact or [one for one in every if alike(wanted, [fold(one.name)])]


def told(ctx: Context, found: list[LocalName]) -> Reply:
    """What is called so, and by whom."""
    lines = [
        _(
            "**{name}** est le nom de « {solution} » ({supplier}) pour : {who}.",
            name=one.name,
            solution=one.solution.name,
            supplier=one.solution.supplier,
            who=ctx.platform.territory.authority(one.type, one.code).name,
        )
        for one in found
    ]
    return reply(
        *lines,
        _("La fiche : `fiche {slug}`.", slug=found[0].solution.slug),
        title=_("Solution : {name}", name=found[0].name),
    )
