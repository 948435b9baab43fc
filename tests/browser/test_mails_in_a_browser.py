"""The product's own mails in a real browser: phone and desktop, light and dark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from handlers.platform import Platform
from storage.engine import Database
from storage.outbox import Row
from tests.browser.chromium import Page, browser
from tests.conftest import MovableClock
from tests.handlers.conversation import MAIL, World

# One browser for all of them, so they stay on one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
PHONE, DESKTOP = 360, 1280
SCREENS = [(width, dark) for width in (PHONE, DESKTOP) for dark in (False, True)]
FEWEST = 12
"""How many mails the story has to give, so that the test does not pass on none."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """A browser's tab for all the tests of this file."""
    async with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def mails(sqlite_database: Database, platform: Platform, clock: MovableClock) -> list[Row]:
    """Every mail that a few days on the platform bring to a member and a manager."""
    world = World(sqlite_database, platform, clock, MAIL)
    world.load_catalogue()
    helene, bruno = world.helene(), world.bruno()
    helene.asks("aide")
    helene.asks("catalogue")
    helene.asks("statistiques")
    helene.asks("nouveau code")
    bruno.asks("rythme quotidien")
    demand = helene.asks("demande un agent pour le service population, du 4 au 29 mai 2026")
    helene.answers(demand, "oui")
    helene.answers(helene.asks("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"), "oui")
    bruno.asks("répondre A-1 nous avons une personne trois jours par semaine")
    helene.asks("diffusion A-1")
    world.move_to(datetime(2026, 3, 25, 7, tzinfo=UTC))
    bruno.asks("rythme immédiat")
    bruno.answers(bruno.asks("demande une salle de réunion, le 12 mai 2026"), "oui")
    bruno.asks("stop")
    world.stranger().asks("Bonjour, je voudrais inscrire ma commune.")
    helene.asks("adhérer Smart, décision du Conseil du 3 mars 2026, réf. 2026/12")
    helene.asks("carte Smart")
    helene.answers(helene.asks("commander e-guichet"), "confirmer")
    world.smart.asks("attribuer SMART-2026-0001 à Civadis le 25 mars 2026 pour 24.000 €")
    return [one.row for one in world.said if one.channel == MAIL]


def words(text: str) -> Counter[str]:
    """The words of a text; the numbers of a list are drawn by the browser and no text there."""
    return Counter(re.findall(r"\w+", re.sub(r"(?m)^\d+\. ", "", text)))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("width", "dark"), SCREENS)
async def test_mails_are_whole_and_readable(
    page: Page, mails: list[Row], width: int, dark: bool
) -> None:
    assert len(mails) >= FEWEST
    for mail in mails:
        subject = mail.payload["subject"]
        await page.show(mail.payload["html"], width=width, dark=dark)
        seen = await page.run(LOOK)
        assert seen["beyond"] == [], subject
        assert seen["width"] <= seen["screen"] == width, subject
        assert seen["faint"] == [], subject
        assert seen["language"] == "fr"
        assert seen["silent"] == seen["touch"] == 0, subject
        assert seen["headings"][:1] == [1], subject
        assert max(seen["headings"]) <= 2, subject
        said, shown = words(mail.payload["text"]), words(seen["text"])
        missing = said - shown if width == PHONE else said.keys() - shown.keys()
        assert not missing, subject


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_looked_for_would_be_seen(page: Page) -> None:
    """The look itself can fail: what is too wide, too pale or without words is found."""
    await page.show(
        '<html lang="fr"><meta name="viewport" content="width=device-width">'
        '<p style="color:#999;background:#fff">pâle</p>'
        '<p style="width:900px;text-align:right">loin</p><img src="data:,">',
        width=PHONE,
        dark=False,
    )
    seen = await page.run(LOOK)
    assert [found.partition(":")[0] for found in seen["faint"]] == ["pâle"]
    assert seen["beyond"] == ["loin"]
    assert seen["width"] > PHONE
    assert seen["silent"] == 1
