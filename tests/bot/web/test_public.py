"""The public pages over real HTTP, on both databases: what they tell, and what they never do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.web.pages import MOVED, PAGES
from storage.announcements import Announcement
from storage.engine import Database
from storage.schema import metadata
from tests.bot.web.conftest import Site

WORDS = {
    "faq": "inscription-payante",
    "catalogue": "e-guichet",
    "utilisateurs": "repas",
    "fournisseur": "Civadis",
    "comparer": "e-guichet et rendez-vous",
    "centrale": "Smart",
    "documents": "Smart",
    "adhesions": "Smart",
    "carte": "Smart",
    "fiche": "Musson",
    "population": "Musson",
    "bilan": "2026",
    "demandes-et-offres": "2026",
    "actualites": "lancement-smart",
    "aide": "catalogue",
}
PATHS = ["", *(f"{p.path}/{WORDS[p.path]}" if p.takes else p.path for p in PAGES)]


def rows(session: Session) -> Sequence[Any]:
    """Everything that the store holds."""
    return [session.execute(table.select()).all() for table in metadata.sorted_tables]


async def test_every_page_opens_and_leaves_no_trace(site: Site) -> None:
    before = await asyncio.to_thread(site.world.change, rows)
    for path in PATHS:
        for language in ("fr", "nl", "de", "en"):
            text = await site.page(f"/{path}?lang={language}")
            assert f'<html lang="{language}">' in text
            assert text.count("<h1>") == 1, path
    assert await asyncio.to_thread(site.world.change, rows) == before
    assert site.woken == []


async def test_no_page_shows_what_is_the_members_own(site: Site) -> None:
    (told,) = await asyncio.to_thread(site.world.all, Announcement)
    secrets = [
        site.helene.mail or site.helene.address,
        "Lambiotte",
        told.words,
        "service population",
    ]
    everything = "".join(
        [await site.page(f"/{path}") for path in [*PATHS, "catalogue?q=population"]]
    )
    for secret in secrets:
        assert secret.lower() not in everything.lower().replace('value="population"', ""), secret
    assert not re.findall(r"[\w.+-]+@[\w-]+\.\w+", everything)
    assert "smart(at)centrale-achats.example" in everything
    assert "plateforme(at)supracom.example" in everything


async def test_a_page_says_what_the_bot_says(site: Site) -> None:
    """The words of the mail that answers the same command are the words of the page."""
    stranger = await asyncio.to_thread(site.world.stranger)
    for path, command in (("centrale/Smart", "centrale Smart"), ("adhesions", "adhésions")):
        said = await asyncio.to_thread(stranger.asks, command)
        page = re.sub(r"<[^>]+>", " ", await site.page(f"/{path}"))
        own = said.row.payload["text"].partition("\n\n-- \n")[0].removeprefix("Bonjour,")
        missing = set(re.findall(r"\w+", own)) - set(re.findall(r"\w+", page))
        assert not missing, path


async def test_who_uses_a_solution_is_told_alike(site: Site) -> None:
    """« qui utilise la réservation des repas ? » on the web (acceptance A35)."""
    text = await site.page("/utilisateurs/la réservation des repas")
    assert "Réservation et paiement des repas" in text


async def test_a_search_finds_by_the_words_of_the_catalogue(site: Site) -> None:
    text = await site.page("/catalogue?q=repas")
    assert 'value="repas"' in text
    assert "extra-scolaire" in text
    assert "E-guichet" not in text
    assert "Rien dans le catalogue" in await site.page("/catalogue?q=zzzz")
    hostile = await site.page('/catalogue?q="><script>alert(1)</script>')
    assert "<script" not in hostile


async def test_what_words_may_mean_is_offered_as_links(site: Site) -> None:
    text = await site.page("/catalogue/Guichet et citoyens")
    assert 'href="/catalogue/e-guichet"' in text
    assert text.count("<li><strong><a") >= 2


async def test_the_map_is_a_picture_with_words(site: Site) -> None:
    text = await site.page("/carte")
    assert re.search(r'<img src="[^"]+" alt="Carte : [^"]*Musson', text)
    assert re.search(r"<details>.*En couleur : Musson", text)
    assert "Statbel" in text
    picture = re.search(r'<img src="(/carte\?fichier=[^"]+)" alt="Carte', text)
    assert picture is not None
    async with site.asks.get(picture[1]) as response:
        assert response.headers["Content-Type"] == "image/png"
        assert (await response.read()).startswith(b"\x89PNG")


async def test_the_series_of_demands_and_offers_has_a_chart_and_its_values(site: Site) -> None:
    text = await site.page("/demandes-et-offres")
    assert re.search(r'<img src="[^"]+" alt="Demandes et offres de 2026', text)
    assert re.search(r'class="label">Demandes</span><span class="value">1</span>', text)
    assert ".csv" not in text, "the file names institutions: it is the members'"


async def test_documents_are_saved_under_a_plain_name(site: Site) -> None:
    text = await site.page("/documents/Smart")
    link = re.search(r'href="(/documents/Smart\?fichier=0-[^"]+)"', text)
    assert link is not None
    async with site.asks.get(link[1]) as response:
        assert re.fullmatch(
            r'attachment; filename="[A-Za-z0-9._-]+"', response.headers["Content-Disposition"]
        )


# -- HTTP ---------------------------------------------------------------------------------------


async def test_nothing_comes_from_elsewhere_and_nothing_runs(site: Site) -> None:
    async with site.asks.get("/") as response:
        text, headers = await response.text(), response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    assert "aiohttp" not in headers["Server"]
    assert "<script" not in text
    assert " style=" not in text
    assert all(one.startswith("/") for one in re.findall(r'(?:href|src|action)="([^#"]*)"', text))


async def test_what_a_browser_has_is_not_sent_again(site: Site) -> None:
    for path in ("/centrales", "/style.css", "/icone.svg"):
        async with site.asks.get(path) as first:
            tag = first.headers["ETag"]
            assert "max-age" in first.headers["Cache-Control"]
        async with site.asks.get(path, headers={"If-None-Match": tag}) as second:
            assert second.status == 304
            assert await second.read() == b""
        async with site.asks.head(path) as head:
            assert head.status == 200
            assert head.headers["ETag"] == tag
            assert int(head.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "path", ["/nulle-part", "/centrale/Zzzz", "/carte?fichier=9", "/centrale/%00"]
)
async def test_what_is_not_there_is_said_in_plain_words(site: Site, path: str) -> None:
    text = await site.page(path, 404)
    assert '<html lang="fr">' in text
    assert 'href="/catalogue"' in text


async def test_pages_are_read_and_nothing_is_sent_to_them(site: Site) -> None:
    for path in ("/catalogue", "/"):
        async with site.asks.post(path, data={"q": "x"}) as response:
            assert response.status == 405
            assert "GET" in response.headers["Allow"]
            assert "un mail suffit" in await response.text()


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("nl-BE,nl;q=0.9,fr;q=0.8", "nl"),
        ("pt, de;q=0.5, en;q=0.4", "de"),
        ("pt", "fr"),
        ("en;q=0, fr", "fr"),
        (";;;,q=,en;q=x", "fr"),
    ],
)
async def test_pages_speak_the_language_of_the_reader(
    site: Site, asked: str, language: str
) -> None:
    text = await site.page("/centrales", language=asked)
    assert f'<html lang="{language}">' in text
    assert "lang=" not in str(re.findall(r'class="brand" href="([^"]*)"', text))


async def test_a_language_that_was_chosen_is_kept_by_the_links(site: Site) -> None:
    text = await site.page("/centrales?lang=nl", language="fr")
    assert '<html lang="nl">' in text
    assert 'href="/centrale/Smart?lang=nl"' in text
    assert 'href="/catalogue?lang=nl"' in text
    assert '<html lang="fr">' in await site.page("/centrales?lang=xx")


async def test_other_words_for_a_page_lead_there(site: Site) -> None:
    for old, new in MOVED.items():
        async with site.asks.get(f"/{old}?lang=nl", allow_redirects=False) as response:
            assert response.status == 308
            assert response.headers["Location"] == f"/{new}?lang=nl"


async def test_many_visitors_are_one_look_at_the_store(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    read = Database.read

    def counted(database: Database, *about: Any) -> Any:
        looks.append(about)
        return read(database, *about)

    monkeypatch.setattr(Database, "read", counted)
    await asyncio.gather(*(site.page("/centrales") for _ in range(50)))
    assert len(looks) == 1


async def test_a_store_that_is_away_is_said_without_a_word_of_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_about: Any) -> Any:
        raise OperationalError("SELECT secrets", {}, Exception("password"))

    monkeypatch.setattr(Database, "read", away)
    text = await site.page("/centrales", 503)
    assert "secrets" not in text
    assert "password" not in text
    assert "Réessayez" in text


async def test_a_fault_of_ours_shows_nothing_of_itself(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_about: Any) -> Any:
        raise RuntimeError("inner workings")

    monkeypatch.setattr(Database, "read", fails)
    assert "inner workings" not in await site.page("/centrales", 500)
