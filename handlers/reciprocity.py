"""Who helps whom: help given and received by each institution, by category, from what was agreed
(acceptance B31, B44). An answer alone is no help yet; an agreement that was called off is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handlers import kinds, texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reply import Block, Fields, File, Heading, Paragraph, Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.sizes import inhabitants, source
from handlers.tabular import CSV, as_csv
from handlers.wording import Text, _, plain, verbatim
from storage import agreements, announcements
from storage.agreements import Agreement
from storage.announcements import Announcement, Direction
from storage.members import Institution

table = Table()

MOST_INSTITUTIONS = 60
"""Up to how many institutions are shown; the file holds them all."""


@dataclass(slots=True)
class Balance:
    """What an institution asked and offered, how many announcements of others it ``answered``, and
    the help that it gave and received, in agreements: by category, and by the other side's name.
    """

    institution: Institution
    asked: int = 0
    offered: int = 0
    answered: int = 0
    given: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    given_to: Counter[str] = field(default_factory=Counter)
    taken_from: Counter[str] = field(default_factory=Counter)


def balances(made: Iterable[Announcement], agreed: Iterable[Agreement]) -> list[Balance]:
    """The balance of each institution that took part, by name. Who left and came again is one."""
    found: dict[tuple[str, str, str], Balance] = {}

    def of(institution: Institution) -> Balance:
        # Who is no authority of the territory has no code.
        key = (institution.type, institution.code, "" if institution.code else institution.name)
        return found.setdefault(key, Balance(institution))

    for kept in made:
        author = of(kept.person.institution)
        author.asked += kept.direction == Direction.DEMAND
        author.offered += kept.direction == Direction.OFFER
        for institution in _who_answered(kept):
            of(institution).answered += 1
    for one in agreed:
        lender, borrower = one.lender.institution, one.borrower.institution
        category = kinds.key_of(one.announcement)
        of(lender).given[category] += 1
        of(lender).given_to[borrower.name] += 1
        of(borrower).taken[category] += 1
        of(borrower).taken_from[lender.name] += 1
    return sorted(found.values(), key=lambda one: one.institution.name)


def _who_answered(kept: Announcement) -> list[Institution]:
    """The other institutions that answered, each once; a no is not counted."""
    yes = [said.person.institution for said in kept.contributions if not said.declines]
    own_id = kept.person.institution_id
    return list({one.id: one for one in yes if one.id != own_id}.values())


def own(every: Sequence[Balance], institution: Institution) -> Balance | None:
    """An institution's own balance; None if it took no part."""
    key = institution.type, institution.code
    return next((o for o in every if (o.institution.type, o.institution.code) == key), None)


# -- on request -------------------------------------------------------------------------------


@table.command(
    "bilan d'entraide",
    aliases={
        "fr": ["mon bilan", "notre bilan", "mon entraide", "aide donnée et reçue", "réciprocité"],
        "en": ["help given and received"],
        "nl": ["gegeven en gekregen hulp"],
        "de": ["geleistete hilfe"],
    },
    who=Role.ANYONE,
    helps=(Role.MEMBER, Role.ADMINISTRATOR),
    usage=_("bilan d'entraide [ANNÉE]"),
    summary=_("l'aide que vous avez donnée et reçue, par catégorie"),
    example="bilan d'entraide",
    listed=False,
)
def balance(ctx: Context, words: MaybeWords) -> Reply:
    """One's own balance; for administrators that of everybody, with a file."""
    told = re.search(r"\b20\d{2}\b", words)
    year = int(told[0]) if told else None
    every = balances(announcements.published_in(ctx.session, year), agreed_in(ctx, year))
    title = _("Bilan d'entraide {year}", year=str(year)) if year else _("Bilan d'entraide")
    if Role.ADMINISTRATOR in ctx.roles:
        if not every:
            raise Refusal(_("Rien n'a encore été demandé, offert ni convenu."))
        return reply(*of_everybody(ctx, every), title=title).with_files(export(ctx, every, year))
    if Role.MEMBER not in ctx.roles:
        raise Refusal(_("Le bilan d'entraide est montré aux membres, chacun le sien."))
    mine = own(every, ctx.institution)
    if mine is None:
        raise Refusal(
            _(
                "Votre institution n'a encore rien demandé, offert ni convenu. Pour commencer :"
                " `demande …` ou `offre …`."
            )
        )
    return reply(*of_one(ctx, mine), title=title)


def agreed_in(desk: Desk, year: int | None) -> list[Agreement]:
    """What was agreed in a year, or ever, and not called off."""
    zone = desk.platform.zone
    every = agreements.held(desk.session)
    return [o for o in every if year is None or o.agreed_at.astimezone(zone).year == year]


# -- what is shown ----------------------------------------------------------------------------


def of_one(desk: Desk, mine: Balance) -> list[Block]:
    """One's own balance: in all, by category, and with whom."""
    rows = (
        (_("Demandes"), _count(mine.asked)),
        (_("Offres"), _count(mine.offered)),
        (_("Réponses à d'autres"), _count(mine.answered)),
        (_("Aide donnée"), _count(mine.given.total())),
        (_("Aide reçue"), _count(mine.taken.total())),
    )
    blocks: list[Block] = [Fields(rows)]
    if mine.given or mine.taken:
        names = sorted({*mine.given_to, *mine.taken_from})
        blocks += [
            Heading(_("Par catégorie")),
            _grid(_("Catégorie"), _categories(desk, mine)),
            Heading(_("Avec qui")),
            _grid(
                _("Institution"),
                [(verbatim(n), mine.given_to[n], mine.taken_from[n]) for n in names],
            ),
        ]
    return [*blocks, _COUNTED]


_COUNTED = Paragraph(
    _("L'aide est comptée par accord conclu, sans ceux auxquels une partie a renoncé.")
)


def _categories(desk: Desk, mine: Balance) -> list[tuple[Text, int, int]]:
    known = kinds.in_order({*mine.given, *mine.taken})
    return [(kinds.name(desk, one), mine.given[one], mine.taken[one]) for one in known]


def _grid(first: Text, rows: Sequence[tuple[Text, int, int]]) -> Grid:
    header = (first, _("Aide donnée"), _("Aide reçue"))
    lines = tuple((name, _count(given), _count(taken)) for name, given, taken in rows)
    return Grid(header, lines, amounts=frozenset({1, 2}))


def _count(count: int) -> Text:
    return _("{count}", count=count)


def of_everybody(desk: Desk, every: Sequence[Balance]) -> list[Block]:
    """Every institution's balance beside its size, so that no small one is left aside."""
    header = (
        _("Institution"),
        _("Habitants"),
        _("Demandes"),
        _("Offres"),
        _("Réponses à d'autres"),
        _("Aide donnée"),
        _("Aide reçue"),
    )
    rows = tuple(_line(desk, one) for one in every[:MOST_INSTITUTIONS])
    grid = Grid(header, rows, amounts=frozenset({1, 2, 3, 4, 5, 6}))
    return [Heading(_("Par institution")), grid, _COUNTED, Paragraph(source(desk))]


def _line(desk: Desk, one: Balance) -> tuple[Text, ...]:
    people = inhabitants(desk, one.institution)
    numbers = (one.asked, one.offered, one.answered, one.given.total(), one.taken.total())
    shown = _count(people) if people else verbatim("")
    return (texts.bare(one.institution), shown, *map(_count, numbers))


# -- the file ---------------------------------------------------------------------------------


def export(ctx: Context, every: Sequence[Balance], year: int | None) -> File:
    """Every institution's balance by category, for administrators."""
    name = f"entraide-{year}.csv" if year else "entraide.csv"
    return File(name, CSV, as_csv(_rows(ctx, every)))


def _rows(ctx: Context, every: Sequence[Balance]) -> Iterator[list[str]]:
    categories = kinds.in_order(key for one in every for key in (*one.given, *one.taken))
    labels = [plain(kinds.name(ctx, one), ctx.language) for one in categories]
    sides = [f"{side} : {label}" for label in labels for side in ("Donnée", "Reçue")]
    counts = ("Demandes", "Offres", "Réponses", "Donnée", "Reçue")
    yield ["Institution", "Type", "Habitants", *counts, *sides]
    for one in every:
        numbers = [one.asked, one.offered, one.answered, one.given.total(), one.taken.total()]
        for category in categories:
            numbers += [one.given[category], one.taken[category]]
        people = inhabitants(ctx, one.institution)
        yield [
            one.institution.name,
            one.institution.type,
            str(people or ""),
            *map(str, numbers),
        ]
