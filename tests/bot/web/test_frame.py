"""What stands around the words of a page, and what an address goes on saying; pure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.app import signature
from bot.web.frame import Address, Frame, base_of
from bot.web.pages import SECTIONS, Section
from config.settings import Settings, parse
from handlers.wording import LOCALES, _, plain
from tests.conftest import SETTINGS


def settings_with(tmp_path: Path, **sections: dict[str, Any]) -> Settings:
    """The tests' settings with some of their sections changed."""
    known: dict[str, Any] = dict(SETTINGS)
    changed = {name: {**known.get(name, {}), **more} for name, more in sections.items()}
    return parse(known | changed, tmp_path, {})


def page(settings: Settings, language: str = "fr", address: Address | None = None) -> str:
    return (
        Frame(settings)
        .page(
            "plain.html",
            language=language,
            address=address or Address(),
            path="chiffres",
            title=_("Chiffres"),
            section=Section.FIGURES,
            blocks="",
        )
        .decode()
    )


def test_the_slogan_is_shown_and_emptied_it_is_gone(tmp_path: Path) -> None:
    """Acceptance B24."""
    assert "L&#39;ardeur d&#39;avance" in page(
        settings_with(tmp_path, platform={"slogan": "L'ardeur d'avance"})
    )
    assert "slogan" not in page(settings_with(tmp_path, platform={"slogan": ""}))


def test_names_of_the_platform_are_only_words(tmp_path: Path) -> None:
    shown = page(settings_with(tmp_path, platform={"name": "<b>x</b>", "institution": "<i>y</i>"}))
    assert "<b>" not in shown
    assert "<i>" not in shown


@pytest.mark.parametrize("language", LOCALES)
def test_the_menu_names_every_part_and_says_where_one_is(tmp_path: Path, language: str) -> None:
    shown = page(settings_with(tmp_path), language)
    for name in SECTIONS.values():
        assert plain(name, language).replace("'", "&#39;") in shown
    assert '<a href="/chiffres" aria-current="page">' in shown
    assert 'href="/inscription"' in shown
    assert "plateforme(at)supracom.example" in shown


def test_pages_below_a_path_of_another_site_link_there(tmp_path: Path) -> None:
    base = base_of("https://www.supracom.example/entraide/")
    shown = page(settings_with(tmp_path), address=Address(base))
    assert 'href="/entraide/catalogue"' in shown
    assert 'href="/entraide/style.css?v=' in shown
    assert 'href="/catalogue"' not in shown


@pytest.mark.parametrize(
    ("path", "language", "link"),
    [
        ("", None, "/"),
        ("carte/Smart", None, "/carte/Smart"),
        ("carte/Smart", "nl", "/carte/Smart?lang=nl"),
        ("catalogue?q=repas", "nl", "/catalogue?q=repas&lang=nl"),
        ("catalogue?q=repas", None, "/catalogue?q=repas"),
    ],
)
def test_a_link_goes_on_naming_the_language_that_was_chosen(
    path: str, language: str | None, link: str
) -> None:
    assert Address("", language).link(path) == link


def test_mails_bear_the_link_of_the_pages(tmp_path: Path) -> None:
    """Acceptance B56: the configured site, else the public pages themselves."""
    web = {"pages": True, "url": "https://pages.supracom.example"}
    assert signature(settings_with(tmp_path, web=web)).site == web["url"]
    own = settings_with(tmp_path, web=web, platform={"site": "https://site.supracom.example"})
    assert signature(own).site == "https://site.supracom.example"
    assert signature(settings_with(tmp_path, web=web | {"pages": False})).site == ""
