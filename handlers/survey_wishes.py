"""What a survey in free words comes to: wishes in groups, which those who asked name and
rearrange (acceptance A39).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.folding import fold
from handlers import survey_rights, texts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reading.wishes import grouped
from handlers.reply import Refusal, Reply, reply
from handlers.reply import Table as Grid
from handlers.request import Place
from handlers.statistics import TYPES
from handlers.survey_words import topic_of
from handlers.wording import Text, _, n_, verbatim
from storage import purchasing, surveys
from storage.members import Institution
from storage.surveys import Ballot, Survey

table = Table()

LONGEST_NAME = 100
"""How many characters the name of a group may have."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Wishes that belong together, as they were said, each of which institution."""

    name: str
    wishes: tuple[tuple[str, Institution], ...]

    @property
    def institutions(self) -> list[Institution]:
        """Who wishes it, each once, in the order of the answers."""
        return list(dict.fromkeys(who for _wish, who in self.wishes))


def wanted(desk: Desk, kept: Survey, ballots: Sequence[Ballot]) -> list[Wanted]:
    """The groups of a survey in free words, the one that most institutions wish for first."""
    said = [(wish, ballot.institution) for ballot in ballots for wish in ballot.choices]
    names = _names_of_solutions(desk)

    def known(wish: str) -> str | None:
        told = f" {fold(wish)} "
        return next((name for alias, name in names if f" {alias} " in told), None)

    groups = grouped([wish for wish, _who in said], kept.names, known)
    found = [Wanted(one.name, tuple(said[at] for at in one.members)) for one in groups]
    return sorted(found, key=lambda one: -len(one.institutions))


def _names_of_solutions(desk: Desk) -> list[tuple[str, str]]:
    """Every name of a solution of the catalogue, folded, with its name; the longest first."""
    names = [
        (fold(alias), solution.name)
        for solution in purchasing.current_solutions(desk.session, desk.today)
        for alias in (solution.name, *solution.aliases)
    ]
    return sorted(names, key=lambda pair: -len(pair[0]))


def ranked(groups: Sequence[Wanted]) -> Grid:
    """The groups with how many of each kind of institution wish for them."""
    kinds = [kind for kind in TYPES if any(_count(one, kind) for one in groups)]
    rows = tuple(
        (
            verbatim(f"{number}. {one.name}"),
            verbatim(str(len(one.institutions))),
            *(verbatim(str(_count(one, kind))) for kind in kinds),
        )
        for number, one in enumerate(groups, 1)
    )
    header = (_("Souhait"), _("Institutions"), *map(texts.type_name, kinds))
    return Grid(header, rows, frozenset(range(1, len(header))))


def _count(one: Wanted, kind: str) -> int:
    return sum(who.type == kind for who in one.institutions)


def how_to_arrange(kept: Survey) -> Text:
    """How the groups are changed."""
    return _(
        "Réunir des souhaits ou renommer un groupe : `regrouper {reference} 1, 3 : NOM` ; défaire"
        " un groupe : `séparer {reference} 2`.",
        reference=kept.reference,
    )


# -- arranging --------------------------------------------------------------------------------

_NUMBERS_AND_NAME = re.compile(r"(?P<numbers>[\d\s,;+&et]{1,60})[:=](?P<name>.+)", re.DOTALL)


@table.command(
    "regrouper",
    aliases={"en": ["group"], "nl": ["groeperen"], "de": ["gruppieren"]},
    who=Role.ASKER,
    usage=_("regrouper S-NUMÉRO NUMÉROS : NOM"),
    summary=_("réunir des souhaits d'une enquête sous un nom, ou renommer un groupe"),
    example="regrouper S-1 1, 3 : Prise de rendez-vous",
    listed=False,
)
def group(ctx: Context, survey: Survey, words: Words) -> Reply:
    """Put groups, by their numbers in the results, under one name."""
    read = _NUMBERS_AND_NAME.fullmatch(words.strip())
    if read is None:
        raise Refusal(how_to_arrange(survey))
    name = " ".join(read["name"].split())[:LONGEST_NAME]
    for one in _numbered(ctx, survey, read["numbers"]):
        _call(survey, [wish for wish, _who in one.wishes], name)
    ctx.session.flush()
    return _arranged(ctx, survey)


@table.command(
    "séparer",
    aliases={"en": ["ungroup"], "nl": ["splitsen"], "de": ["trennen"]},
    who=Role.ASKER,
    usage=_("séparer S-NUMÉRO NUMÉRO"),
    summary=_("défaire un groupe de souhaits d'une enquête"),
    example="séparer S-1 2",
    listed=False,
)
def ungroup(ctx: Context, survey: Survey, words: Words) -> Reply:
    """Let each wish of a group stand for itself again."""
    for one in _numbered(ctx, survey, words):
        for wish, _who in one.wishes:
            _call(survey, [wish], wish)
    ctx.session.flush()
    return _arranged(ctx, survey)


def _numbered(ctx: Context, kept: Survey, words: str) -> list[Wanted]:
    """The groups of these numbers. Raises Refusal where there are none."""
    survey_rights.require(ctx, kept)
    if ctx.incoming.place is Place.MEMBERS:
        raise Refusal(*texts.in_private("résultats").blocks)
    groups = _of(ctx, kept)
    numbers = [int(number) for number in re.findall(r"\d{1,6}", words)]
    if not numbers or not all(1 <= number <= len(groups) for number in numbers):
        raise Refusal(
            n_(
                "Il y a {count} souhait : son numéro est dans `résultats {reference}`.",
                "Il y a {count} souhaits : leurs numéros sont dans `résultats {reference}`.",
                len(groups),
                reference=kept.reference,
            )
        )
    return [groups[number - 1] for number in numbers]


def _of(ctx: Context, kept: Survey) -> list[Wanted]:
    if not kept.is_free:
        raise Refusal(
            _(
                "Le sondage {reference} a des réponses à choisir : rien n'y est à regrouper.",
                reference=kept.reference,
            )
        )
    return wanted(ctx, kept, surveys.counted(ctx.session, kept))


def _call(kept: Survey, wishes: Sequence[str], name: str) -> None:
    # A new object: what is changed inside a JSON column is not noticed.
    kept.names = kept.names | {fold(wish): name for wish in wishes}


def _arranged(ctx: Context, kept: Survey) -> Reply:
    ctx.audit("survey.arranged", topic_of(kept))
    return reply(
        ranked(_of(ctx, kept)),
        how_to_arrange(kept),
        title=_("Résultats du sondage {reference}", reference=kept.reference),
    )
