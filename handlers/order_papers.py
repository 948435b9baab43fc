"""The order form that came with a message: which of its files it is, why one could not be read, and
what a reply settles of the differences (acceptance A16).

What stands on paper is never ordered as such: it becomes a draft at the catalogue's prices, shown
with everything that differs, and a human confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.paper import Legibility, Paper
from handlers.reading.letters import level
from handlers.reading.order_paper import OrderPaper, read_paper
from handlers.wording import Text, _
from storage import inbox
from storage.files import StoredFile
from storage.inbox import Entry


@dataclass(frozen=True, slots=True)
class Attached:
    """A document that came with a message, and what stands in it."""

    file: StoredFile
    paper: Paper


@dataclass(frozen=True, slots=True)
class Form:
    """The order form among them, read; ``illegible`` are the documents that could not be."""

    file: StoredFile | None
    read: OrderPaper | None
    illegible: tuple[Attached, ...]
    several: tuple[str, ...] = ()
    """The names of the forms, where there are several."""


def attached(ctx: Context, entry: Entry) -> list[Attached]:
    """The documents that came with an earlier or this message, as they were read then."""
    kept = [ctx.session.get_one(StoredFile, id_) for id_ in inbox.files_of(ctx.session, entry)]
    return [Attached(file, Paper.from_record(file.paper)) for file in kept if file.paper]


def form_among(documents: Sequence[Attached], names: Mapping[str, int]) -> Form:
    """Which of the documents is the order form."""
    read, illegible = _read(documents, names)
    forms = [(one, paper) for one, paper in read if paper.is_form]
    # A decision may quote the table of what it orders: the document with the title is the form.
    forms = [pair for pair in forms if pair[1].titled] or forms
    if len(forms) > 1:
        return Form(None, None, illegible, tuple(one.file.name for one, _paper in forms))
    if not forms:
        return Form(None, None, illegible)
    [(one, paper)] = forms
    return Form(one.file, paper, illegible)


def decision_among(documents: Sequence[Attached], names: Mapping[str, int]) -> Form | None:
    """The one decision to order among the documents: where nothing else says what is ordered, its
    words do. None if there is none, or more than one.
    """
    read, illegible = _read(documents, names)
    decisions = [(one, paper) for one, paper in read if paper.decides]
    if len(decisions) != 1:
        return None
    [(one, paper)] = decisions
    return Form(one.file, paper, illegible)


def _read(
    documents: Sequence[Attached], names: Mapping[str, int]
) -> tuple[list[tuple[Attached, OrderPaper]], tuple[Attached, ...]]:
    """The documents that could be read, with what they say, and the others."""
    legible = [one for one in documents if one.paper.legibility is Legibility.READ]
    illegible = tuple(one for one in documents if one.paper.legibility is not Legibility.READ)
    return [(one, read_paper(one.paper.rows, names)) for one in legible], illegible


def brings_form(ctx: Context) -> bool:
    """Whether a document that calls itself an order form came with this message."""
    read = (
        read_paper(one.paper.rows, {})
        for one in attached(ctx, ctx.entry)
        if one.paper.legibility is Legibility.READ
    )
    return any(paper.titled for paper in read)


_WHY = {
    Legibility.NO_TEXT: _(
        "« {name} » est une image de page (un scan), sans texte : je ne peux pas la lire"
    ),
    Legibility.LOCKED: _("« {name} » est protégé par un mot de passe : je ne peux pas l'ouvrir"),
    Legibility.MACROS: _("« {name} » contient des macros : un tel fichier n'est pas ouvert"),
    Legibility.NOT_COMPUTED: _(
        "« {name} » contient des formules que votre tableur n'a pas encore calculées :"
        " enregistrez-le dans le tableur, ou envoyez-le en PDF"
    ),
    Legibility.TOO_LARGE: _("« {name} » est trop grand, ou trop long à lire, pour un bon"),
    Legibility.OLD: _(
        "« {name} » est d'un ancien format (.doc, .xls) : enregistrez-le en PDF, DOCX ou XLSX"
    ),
    Legibility.ENTITIES: _(
        "« {name} » définit des entités XML, ce qu'aucun document normal ne fait : un tel fichier"
        " n'est pas ouvert"
    ),
    Legibility.BROKEN: _("« {name} » est abîmé : je ne peux pas le lire"),
}


def illegible(documents: Sequence[Attached]) -> list[Text]:
    """Why documents were not read, each in a few words."""
    return [
        replace(_WHY[one.paper.legibility], values={"name": one.file.name}) for one in documents
    ]


# -- what a reply settles ---------------------------------------------------------------------

_AT_CATALOGUE = re.compile(
    r"\b(?:prix|tarifs?|montants?)\b[^.\n]{0,30}\bcatalogue\b|\ble catalogue\b"
    r"|\bcatalogusprij\w+|\bkatalogpreis\w*|\bcatalogue prices?\b"
)
_WITHOUT = re.compile(
    r"\b(?:sans|ignore[rz]?|oublie[rz]?|retire[rz]?|supprime[rz]?|enleve[rz]?|zonder|ohne|without)"
    r"\s+(?:la |les |de |die |zeile )?(?:lignes?|regels?|zeilen?|lines?)\s*(?P<numbers>\d[\d, et]*)"
)
_YEARS = re.compile(r"\b(\d{1,2}) ?(?:ans?|annees?|jaar|jahre?|years?)\b")


@dataclass(frozen=True, slots=True)
class Settled:
    """What a reply says of the differences: the catalogue's prices hold, lines are left out."""

    catalogue: bool
    without: frozenset[int]
    years: frozenset[int]
    """For how many years the contract may run after all."""

    @property
    def sums_changed(self) -> bool:
        """Whether the sums on the form hold no more."""
        return self.catalogue or bool(self.without)


def settled(said: str) -> Settled:
    """What a reply says of the differences that it was shown."""
    plain = level(said)
    numbers = [n for m in _WITHOUT.finditer(plain) for n in re.findall(r"\d+", m["numbers"])]
    years = map(int, _YEARS.findall(plain))
    return Settled(
        _AT_CATALOGUE.search(plain) is not None, frozenset(map(int, numbers)), frozenset(years)
    )
