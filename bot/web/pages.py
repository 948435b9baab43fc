"""The table of the public pages: under which path stands the answer to which command.

A page says nothing of its own. What a stranger may know is decided where commands are answered;
here it only gets an address, a place in the menu and a look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from config.folding import fold
from handlers.command import Table
from handlers.wording import Text, _, plain

LONGEST_WORDS = 80
"""How many characters of a name or of a search are read; no name in the catalogues is longer."""


class Section(StrEnum):
    """The parts of the site, in the order of the menu."""

    CATALOGUE = "catalogue"
    CENTRALS = "centrales"
    COMMUNES = "communes"
    FIGURES = "chiffres"
    HELP = "entraide"
    NEWS = "actualites"
    ABOUT = "a-propos"


SECTIONS: dict[Section, Text] = {
    Section.CATALOGUE: _("Catalogue"),
    Section.CENTRALS: _("Centrales"),
    Section.COMMUNES: _("Communes"),
    Section.FIGURES: _("Chiffres"),
    Section.HELP: _("Entraide"),
    Section.NEWS: _("Actualités"),
    Section.ABOUT: _("La plateforme"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One path, or with ``takes`` all paths below it, and the command that answers there.

    ``label`` names it among the pages of its section; ``searches`` if words can be looked for;
    ``tiles`` if its figures are shown large.
    """

    path: str
    command: str
    section: Section
    label: Text | None = field(default=None, hash=False)
    takes: bool = False
    searches: bool = False
    tiles: bool = False

    def at(self, words: str = "") -> str:
        """The path with these words, which are looked for or follow it."""
        if not words:
            return self.path
        return f"{self.path}?q={quote(words)}" if self.searches else f"{self.path}/{quote(words)}"


SOLUTION = Page("catalogue", "fiche", Section.CATALOGUE, takes=True)
"""A solution has its sheet within the catalogue; that of an institution stands elsewhere."""
PAGES = (
    Page("catalogue", "catalogue", Section.CATALOGUE, _("Le catalogue"), searches=True),
    SOLUTION,
    Page("utilisateurs", "qui utilise", Section.CATALOGUE, takes=True),
    Page("fournisseur", "fournisseur", Section.CATALOGUE, takes=True),
    Page("comparer", "comparer", Section.CATALOGUE, takes=True),
    Page("centrales", "centrales", Section.CENTRALS, _("Les centrales")),
    Page("centrale", "centrale", Section.CENTRALS, takes=True),
    Page("documents", "documents", Section.CENTRALS, _("Documents")),
    Page("documents", "documents", Section.CENTRALS, takes=True),
    Page("adhesions", "adhésions", Section.COMMUNES, _("Qui a adhéré")),
    Page("adhesions", "adhésions", Section.COMMUNES, takes=True),
    Page("carte", "carte", Section.COMMUNES, _("La carte")),
    Page("carte", "carte", Section.COMMUNES, takes=True),
    Page("fiche", "fiche", Section.COMMUNES, takes=True),
    Page("population", "population", Section.COMMUNES, takes=True),
    Page("chiffres", "statistiques", Section.FIGURES, _("Aujourd'hui"), tiles=True),
    Page("bilan", "bilan", Section.FIGURES, _("Le bilan de l'année")),
    Page("bilan", "bilan", Section.FIGURES, takes=True),
    Page("evolution", "évolution", Section.FIGURES, _("D'année en année")),
    Page("par-solution", "chiffres par solution", Section.FIGURES, _("Par solution")),
    Page("indicateurs", "indicateurs", Section.FIGURES, _("Indicateurs")),
    Page("demandes-et-offres", "demandes et offres", Section.HELP, _("Cette année")),
    Page("demandes-et-offres", "demandes et offres", Section.HELP, takes=True),
    Page("par-annee", "demandes et offres par année", Section.HELP, _("D'année en année")),
    Page("actualites", "actualités", Section.NEWS, _("Les actualités")),
    Page("actualites", "actualités", Section.NEWS, takes=True),
    Page("a-propos", "à propos", Section.ABOUT, _("À propos")),
    Page("reglement", "règlement", Section.ABOUT, _("Le règlement")),
    Page("contact", "contact", Section.ABOUT, _("Contact")),
    Page("faq", "faq", Section.ABOUT, _("Questions fréquentes")),
    Page("faq", "faq", Section.ABOUT, takes=True),
    Page("aide", "aide", Section.ABOUT, _("Ce que l'on peut demander")),
    Page("aide", "aide", Section.ABOUT, takes=True),
)

FORMS = {"inscrire": "inscription"}
"""Commands for which there is a form, and its path."""

MOVED = {"communes": "adhesions", "historique": "a-propos"}
"""Other words under which people look for a page."""


def of_section(section: Section) -> list[Page]:
    """The pages of a section that have a name of their own."""
    return [page for page in PAGES if page.section is section and page.label is not None]


_PLACEHOLDER = re.compile(r"\b[A-ZÀ-Ü]{3,}\b")


@dataclass(frozen=True, slots=True)
class Paths:
    """From a command, or from what has a name of its own, to the path where it is told.

    ``names`` holds the paths of what has a name, by that name folded.
    """

    table: Table
    names: dict[str, str]
    language: str

    def of_name(self, name: str) -> str | None:
        """The path of what has exactly this name."""
        return self.names.get(fold(name))

    def of_command(self, text: str) -> str | None:
        """The path of a command as it would be typed; None if no page answers it."""
        call = self.table.find(text)
        if call is None:
            return None
        if call.command.name in FORMS:
            return FORMS[call.command.name]
        usage = plain(call.command.usage, self.language)
        if any(word in usage for word in _PLACEHOLDER.findall(call.words)) or "[" in call.words:
            return None
        own = self.of_name(call.words) if call.command.name == SOLUTION.command else None
        return own or path_of(call.command.name, call.words)


def path_of(command: str, words: str = "") -> str | None:
    """The path on which a command with these words is answered; None if there is none. Of several
    the last one counts: what it tells of is not known to be one thing.
    """
    for page in reversed(PAGES):
        takes = page.takes or page.searches if words else not page.takes
        if page.command == command and takes:
            return page.at(words)
    return None
