"""The public pages in a real browser, over HTTP: phone and desktop, light and dark."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from bot.web.serving import WebServer
from config.settings import Web
from handlers.platform import Platform
from storage.engine import Database
from storage.members import Institution, Standing
from tests.bot.web.conftest import peopled
from tests.browser.chromium import Page, browser
from tests.conftest import MovableClock

# One browser for all of them, so they stay on one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
PHONE, TABLET, DESKTOP = 360, 820, 1280
SCREENS = [(width, dark) for width in (PHONE, TABLET, DESKTOP) for dark in (False, True)]
PATHS = (
    *("/", "/catalogue", "/catalogue?q=repas", "/catalogue/e-guichet", "/fournisseur/Civadis"),
    *("/centrales", "/centrale/Smart", "/adhesions", "/carte", "/fiche/Musson", "/chiffres"),
    *("/bilan", "/evolution", "/indicateurs", "/demandes-et-offres", "/par-annee", "/actualites"),
    *("/actualites/lancement-smart", "/a-propos", "/reglement", "/contact", "/aide"),
    *("/inscription", "/nulle-part", "/utilisateurs/repas", "/documents/Smart"),
)
FILLED = {
    "institution": "Commune de Virton",
    "user": "Madame Anne Dubois",
    "email": "anne.dubois@virton.example",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """A browser's tab for all the tests of this file."""
    async with browser(tmp_path_factory.mktemp("profile")) as opened:
        await opened.ask("Network.enable")
        await opened.ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": "fr"})
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    sqlite_database: Database, platform: Platform, clock: MovableClock
) -> AsyncIterator[SimpleNamespace]:
    """The pages of a platform with a catalogue and a member, at an address."""
    world, _helene = await asyncio.to_thread(peopled, sqlite_database, platform, clock)
    served = WebServer(Web(pages=True), sqlite_database, world.dispatcher, clock.now, lambda: None)
    async with TestServer(served.application()) as server:
        yield SimpleNamespace(world=world, url=str(server.make_url("/")).rstrip("/"))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("width", "dark"), SCREENS)
async def test_pages_are_whole_and_readable(
    page: Page, site: SimpleNamespace, width: int, dark: bool
) -> None:
    for path in PATHS:
        await page.open(site.url + path, width=width, dark=dark)
        seen = await page.run(LOOK)
        assert seen["beyond"] == [], path
        assert seen["width"] <= seen["screen"] == width, path
        assert seen["faint"] == [], path
        assert seen["language"] == "fr"
        assert seen["silent"] == 0, path
        assert seen["headings"].count(1) == 1, path
        steps = zip(seen["headings"], seen["headings"][1:], strict=False)
        assert all(after - before <= 1 for before, after in steps), path


@pytest.mark.asyncio(loop_scope="module")
async def test_everything_can_be_named_and_reached(page: Page, site: SimpleNamespace) -> None:
    """Fields have labels, links and buttons have words, landmarks are there (WCAG 1.3.1, 2.4.4)."""
    for path in PATHS:
        await page.open(site.url + path, width=PHONE, dark=False)
        assert await page.run(_UNNAMED) == [], path
        assert await page.run("document.querySelectorAll('main').length") == 1, path
        small = await page.run(_SMALL)
        assert small == [], path


_UNNAMED = """
[...document.querySelectorAll("a, button, summary, nav, input:not([type=hidden])")].filter(one =>
  one.checkVisibility() && !(one.labels?.length || one.textContent.trim()
    || one.querySelector("img[alt]:not([alt=''])"))).map(one => one.outerHTML)
"""
_SMALL = """
[...document.querySelectorAll("nav a, button, summary, .door")].filter(one => {
  const box = one.getBoundingClientRect();
  return one.checkVisibility() && box.height && (box.height < 24 || box.width < 24);
}).map(one => one.outerHTML)
"""
"""What is touched is at least 24 pixels wide and high (WCAG 2.2, 2.5.8)."""


@pytest.mark.asyncio(loop_scope="module")
async def test_the_browser_takes_the_style_and_nothing_else(
    page: Page, site: SimpleNamespace
) -> None:
    """What the policy forbids would leave the page bare: the style is applied, no script runs."""
    await page.open(f"{site.url}/carte", width=DESKTOP, dark=False)
    assert await page.run("document.styleSheets[0].cssRules.length > 50")
    assert await page.run("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert await page.run("document.scripts.length") == 0
    names = await page.run("performance.getEntriesByType('resource').map(one => one.name)")
    assert names
    assert all(name.startswith(site.url) for name in names)


@pytest.mark.asyncio(loop_scope="module")
async def test_an_institution_registers_from_a_phone(page: Page, site: SimpleNamespace) -> None:
    """Filled in and sent as a person does it; first with a fault, which loses nothing."""
    await page.open(f"{site.url}/inscription", width=PHONE, dark=False)
    await _fill(page, FILLED | {"email": "anne.dubois"})
    assert await page.run("document.querySelector('[aria-invalid]').id") == "email"
    assert await page.run("document.getElementById('user').value") == FILLED["user"]
    seen = await page.run(LOOK)
    assert seen["faint"] == seen["beyond"] == []
    await _fill(page, FILLED)
    assert "anne.dubois(at)virton.example" in await page.run("document.body.innerText")
    every = await asyncio.to_thread(site.world.all, Institution)
    assert Standing.PENDING in {one.state for one in every if one.name == FILLED["institution"]}


async def _fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        await page.run(f"document.getElementById({name!r}).value = {value!r}")
    await page.follow("document.querySelector('form[method=post] button').click()")
