"""How an answer changes a draft: its lines, its decision, its addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import drafting, order_words, ordering
from handlers.catalogue import search
from handlers.context import Context
from handlers.observation import Action
from handlers.reading.consent import has_conditions
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.order import Line, counted, read_order, things_named
from handlers.reading.order_details import read_details
from handlers.reading.quantity import read_changed, says_number
from handlers.reply import Bullets, Refusal, Reply
from handlers.wording import Text, _, verbatim
from storage import purchasing
from storage.order_states import OrderState
from storage.orders import Order, OrderLine


def changed(ctx: Context, draft: Order) -> Reply:
    """What an answer to a draft changes: its lines, its decision, its addresses. Raises Refusal if
    nothing.
    """
    named, told = order_words.apart(f" {ctx.incoming.text}")
    ctx.observe(action=Action.ASK, institution=draft.institution)
    if draft.state != OrderState.DRAFT:
        raise Refusal(_how_to_change())
    details = read_details(f"{named}{told}", answer=True)
    decision = order_words.decision_in(ctx, told)
    changed = _change_lines(ctx, draft, named)
    if not changed and decision is None and not details.told:
        raise Refusal(_how_to_change())
    drafting.note_decision(draft, decision)
    drafting.note_details(draft, details)
    return drafting.ask(ctx, draft)


def names_otherwise(ctx: Context, draft: Order) -> bool:
    """Whether a yes names other things, or other quantities, than those of the draft: « oui pour 5
    e-guichets » is no yes to three.
    """
    known = ordering.things(ctx)
    letter = open_letter("", ctx.incoming.text)
    named = read_order(letter, ordering.named(known), ctx.today).lines
    if not named:
        counted = read_changed(letter.body)
        return counted is not None and {counted} != {line.quantity for line in draft.lines}
    said = {(known[line.key].solution.id, line.quantity) for line in named}
    return said != {(line.solution.id, line.quantity) for line in draft.lines}


def changed_or_shown(ctx: Context, draft: Order) -> Reply:
    """A yes that names something else: the draft with it, or else as it was; shown once more."""
    try:
        return changed(ctx, draft)
    except Refusal:
        return drafting.ask(ctx, draft)


def wants_a_change(ctx: Context) -> bool:
    """Whether words that were not understood wanted something of the draft: then a bare yes that
    follows may go by them.
    """
    return has_conditions(ctx.incoming.text) or says_number(ctx.incoming.text)


def _how_to_change() -> Text:
    return _(
        "Rien n'est envoyé. Pour confirmer votre commande, répondez « oui » au message qui la"
        " montre, pour y renoncer « non » ; pour la changer, par exemple « quantité 3 », « ajouter"
        " rendez-vous », « décision du Collège du …, réf. … », « article 104/742-53 » ou"
        " « livraison : … »."
    )


_ADDED = re.compile(
    r"^\s*(?:et )?(?:ajoute[rz]?(?: aussi| egalement)?|mettez (?:aussi|egalement)|aussi|egalement"
    r"|en plus|plus|\+|toevoegen|add|hinzufugen)\s+(?=\S)"
)
_REMOVED = re.compile(
    r"(?:^\s*|\bmais |, |\bet )(?:enleve[rz]?|supprime[rz]?|retire[rz]?|sans|remove)\s+(?=\S)"
)
_REPLACED = re.compile(
    r"\b(?:remplace[rz]?|replace|vervang|ersetze)\s+(?P<old>\S.*?)\s+"
    r"(?:par|with|by|door|durch)\s+(?P<new>\S.*)"
)
_INSTEAD = re.compile(
    r"(?P<new>\S.*?),? (?:au lieu d(?:u |e (?:la |l')?|es |')|plutot que (?:le |la |l'|les )?"
    r"|a la place d(?:u |e (?:la |l')?|es |'))(?P<old>\S.*)"
)


def _change_lines(ctx: Context, draft: Order, named: str) -> bool:
    """Add, remove, replace, or change the quantity of lines, as words say; whether they do."""
    plain = level(named)
    added, removed = _ADDED.match(plain), _REMOVED.search(plain)
    if added:
        _add(draft, drafting.lines_named(ctx, named[added.end() :]))
        return True
    if _replace(ctx, draft, named):
        return True
    if removed:
        draft.lines.remove(_line_named(draft, named[removed.end() :]))
        if not draft.lines:
            raise Refusal(
                _("Il ne resterait rien : pour renoncer à la commande, répondez « non ».")
            )
        return True
    return _set_quantities(ctx, draft, named)


def _add(draft: Order, lines: Sequence[OrderLine]) -> None:
    draft.lines = drafting.joined([*draft.lines, *lines])
    drafting.one_central(draft.lines)


def _replace(ctx: Context, draft: Order, named: str) -> bool:
    """One thing for another: « remplacez l'e-guichet par … », « … au lieu du budget »."""
    plain = level(named)
    told = _REPLACED.search(plain) or _INSTEAD.search(plain)
    if told is None:
        return False
    old, new = (named[slice(*told.span(which))] for which in ("old", "new"))
    known = ordering.named(ordering.things(ctx))
    if not things_named(old, known) or not things_named(new, known):
        return False
    out = _line_named(draft, old)
    said = counted(new, known)
    lines = [
        ordering.line_of(ctx, Line(key, count or out.quantity), ordering.things(ctx)[key])
        for key, count in said.items()
    ]
    draft.lines.remove(out)
    _add(draft, lines)
    return True


def _set_quantities(ctx: Context, draft: Order, named: str) -> bool:
    """The quantities that words say, of what they name or of the only line. A thing that was not
    in the draft joins it: it is shown once more anyway.
    """
    things = ordering.things(ctx)
    said = counted(named, ordering.named(things))
    drafted = {(line.solution.id, line.label): line for line in draft.lines}
    if any(count is not None for count in said.values()):
        for key, count in said.items():
            line = ordering.line_of(ctx, Line(key, order_words.checked(count or 1)), things[key])
            kept = drafted.get((line.solution.id, line.label))
            if kept is None:
                _add(draft, [line])
            elif count is not None:
                kept.quantity = count
        return True
    quantity = read_changed(named)
    if quantity is None:
        return False
    of_draft = {line.solution.id for line in draft.lines}
    meant = {things[key].solution.id for key in said} or {
        one.id for one in search(purchasing.current_solutions(ctx.session, ctx.today), named)
    }
    if meant and not meant & of_draft:
        return False
    _line_named(draft, named).quantity = order_words.checked(quantity)
    return True


def _line_named(draft: Order, words: str) -> OrderLine:
    """The line that words mean: the only one, or the one they name. Raises Refusal."""
    if len(draft.lines) == 1:
        return draft.lines[0]
    names = {
        level(name): at
        for at, line in enumerate(draft.lines)
        for name in (line.label, line.solution.name, line.solution.slug, *line.solution.aliases)
    }
    found = [draft.lines[at] for at in things_named(words, names)]
    if not found:
        meant = search([line.solution for line in draft.lines], words)
        found = [line for line in draft.lines if line.solution in meant]
    if len(found) != 1:
        raise Refusal(
            _(
                "De quelle ligne s'agit-il ? Écrivez par exemple « quantité 3 {name} ».",
                name=draft.lines[0].solution.name,
            ),
            Bullets(tuple(verbatim(line.label) for line in draft.lines)),
        )
    return found[0]
