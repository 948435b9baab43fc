"""Blocks as HTML: what is escaped, what becomes a link, what never shows; pure."""

from __future__ import annotations

import pytest

from bot.web.blocks import Writer, without_address
from bot.web.pages import PAGES, Paths, Section, of_section, path_of
from config.folding import fold
from handlers.commands import everything
from handlers.policy import Role
from handlers.reply import Bullets, Choice, Choices, Fields, Heading, Paragraph, Quote, Table
from handlers.visit import named
from handlers.wording import Text, _, verbatim

TABLE = everything()
NAMES = {fold("E-guichet"): "catalogue/e-guichet", fold("Commune de Musson"): "fiche/Musson"}


def written(*blocks: object, language: str = "fr", title: Text | None = None) -> str:
    writer = Writer(language, Paths(TABLE, NAMES, language), lambda path: f"/{path}")
    return str(writer.blocks(blocks, title))  # type: ignore[arg-type] # blocks of any kind


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(verbatim("<script>alert(1)</script>")),
        Heading(_("{x}", x="<script>")),
        Bullets((verbatim("<script>"),)),
        Fields(((verbatim("<script>"), verbatim("<script>")),)),
        Table((verbatim("<script>"),), ((verbatim("<script>"),),)),
        Quote("<script>"),
        Choices((Choice("x", verbatim("<script>"), verbatim("<script>")),)),
        Paragraph(_("écrivez `{x}`", x='"><script>')),
        Paragraph(_("**{x}**", x='"><script>')),
    ],
)
def test_whatever_people_wrote_is_only_words(block: object) -> None:
    assert "<script>" not in written(block)
    assert "&lt;script&gt;" in written(block)


@pytest.mark.parametrize(
    ("said", "leads_to"),
    [
        ("catalogue", "/catalogue"),
        ("catalogue repas", "/catalogue?q=repas"),
        ("fiche e-guichet", "/catalogue/e-guichet"),
        ("fiche Bertrix", "/fiche/Bertrix"),
        ("centrale Sel de déneigement", "/centrale/Sel%20de%20d%C3%A9neigement"),
        ("carte Smart", "/carte/Smart"),
        ("inscrire INSTITUTION, utilisatrice désignée : NOM", "/inscription"),
        ("qui utilise a/b?c#d", "/utilisateurs/a/b%3Fc%23d"),
    ],
)
def test_a_command_that_has_a_page_leads_there(said: str, leads_to: str) -> None:
    assert f'<a href="{leads_to}">' in written(Paragraph(_("Écrivez `{said}`.", said=said)))


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("fiche SOLUTION", "fr"),
        ("sheet SOLUTION", "en"),
        ("news TITLE", "en"),
        ("catalogue [MOTS, CENTRALE ou LETTRE]", "fr"),
        ("commander e-guichet", "fr"),
        ("répondre A-31", "fr"),
    ],
)
def test_a_placeholder_or_a_command_without_page_is_only_words(said: str, language: str) -> None:
    shown = written(Paragraph(_("Écrivez `{said}`.", said=said)), language=language)
    assert "<a " not in shown
    assert '<strong class="typed' in shown


def test_what_has_a_name_leads_to_its_page() -> None:
    assert 'href="/catalogue/e-guichet"' in written(
        Paragraph(_("**{n}** (Civadis)", n="E-guichet"))
    )
    assert 'href="/fiche/Musson"' in written(Bullets((verbatim("Commune de Musson"),)))
    assert 'href="/fiche/Musson"' in written(
        Fields(((verbatim("Qui"), verbatim("Commune de Musson")),))
    )
    assert "<a " not in written(Paragraph(_("**{n}**", n="Autre chose")))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("smart@centrale-achats.example", "smart(at)centrale-achats.example"),
        ("à helene.lambiotte+x@musson.example.", "à helene.lambiotte+x(at)musson.example."),
        ("@camille et 3 @ 2 €", "@camille et 3 @ 2 €"),
    ],
)
def test_addresses_are_not_for_machines(words: str, told: str) -> None:
    assert without_address(words) == told
    for block in (Paragraph(verbatim(words)), Quote(words), Bullets((verbatim(words),))):
        assert told in written(block)


def test_a_first_block_that_repeats_the_title_is_not_said_twice() -> None:
    title = _("Les centrales")
    assert written(Paragraph(title), Paragraph(verbatim("Smart")), title=title) == "<p>Smart</p>"
    assert "Les centrales" in written(Paragraph(verbatim("Smart")), Paragraph(title), title=title)


def test_lists_look_like_what_they_hold() -> None:
    assert 'class="entries"' in written(Bullets((_("**{n}** : bien", n="X"),)))
    assert 'class="columns"' in written(Bullets(tuple(verbatim(f"Arlon {n}") for n in range(9))))
    assert 'class="points"' in written(Bullets((verbatim("Arlon"),)))


def test_wide_tables_carry_their_labels_for_narrow_screens() -> None:
    head = tuple(map(verbatim, ("Mois", "Demandes", "Offres")))
    shown = written(Table(head, (tuple(map(verbatim, ("mars", "1", "0"))),), frozenset({1, 2})))
    assert 'class="wide"' in shown
    assert '<th scope="col" class="amount">Demandes</th>' in shown
    assert '<span class="label">Demandes</span><span class="value">1</span>' in shown


# -- the table of pages ---------------------------------------------------------------------------


def test_every_page_asks_a_command_that_anybody_may_ask() -> None:
    for page in PAGES:
        command = named(TABLE, page.command)
        assert command.who is Role.ANYONE, page.command
        assert not command.private, page.command


def test_no_two_pages_have_one_address() -> None:
    addresses = [(page.path, page.takes) for page in PAGES]
    assert len(addresses) == len(set(addresses))


def test_every_section_begins_with_a_page() -> None:
    for section in Section:
        assert not of_section(section)[0].takes


def test_a_command_without_page_has_no_path() -> None:
    assert path_of("commander", "e-guichet") is None
    assert path_of("à propos", "autre chose") is None
    assert path_of("centrale") is None
