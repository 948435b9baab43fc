"""What a name on its own asks for: a solution, a supplier, what a commune calls its solution
(acceptance A20, A30, A36). Whoever writes nothing but a name wants to read about it.
"""

from __future__ import annotations

from config.folding import fold
from handlers import catalogue, catalogue_uses, local_names
from handlers.arguments import MaybeWords
from handlers.context import Context
from handlers.reply import Reply
from storage import purchasing

MOST_WORDS = 8
"""More words are a sentence."""


def answer(ctx: Context, words: str) -> Reply | None:
    """The sheet of what words name and nothing else; None if they name nothing."""
    said = words.strip(' \t.!?«»"')
    if not said or "\n" in said or len(said.split()) > MOST_WORDS:
        return None
    current = purchasing.current_solutions(ctx.session, ctx.today)
    named = [one for one in current if fold(said) in _names(one)]
    if len(named) == 1:
        return catalogue_uses.sheet_with_users(ctx, named[0])
    if named:
        return catalogue.catalogue(ctx, MaybeWords(said))
    own = local_names.found_by(ctx, said)
    if own:
        return local_names.told(ctx, own)
    if catalogue_uses.is_supplier(ctx, said):
        return catalogue_uses.supplier(ctx, MaybeWords(said))
    return None


def _names(solution: purchasing.Solution) -> list[str]:
    return [fold(name) for name in (solution.name, solution.slug, *solution.aliases)]
