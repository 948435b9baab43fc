"""The registration form, on both databases: what it becomes and what it refuses (B21)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.web import registering, registration_letter
from bot.web.registering import MOST_BYTES
from storage.engine import Database
from storage.inbox import Entry
from storage.members import Institution, Person, Standing
from storage.outbox import Row
from tests.bot.web.conftest import Site
from tests.conftest import ADMINISTRATOR
from tests.handlers.conversation import MAIL, Said, Somebody

TYPED = {
    "institution": "Commune de Virton",
    "user": "Madame Anne Dubois",
    "email": "anne.dubois@virton.example",
    "phone": "063 00 07 41",
    "role": "directrice générale",
    "deputy": "Luc Thill, luc.thill@virton.example",
}
LETTER = """Bonjour,

Nous souhaitons inscrire notre institution.

Institution : Commune de Virton
Personne désignée : Madame Anne Dubois
Adresse mail : anne.dubois@virton.example
Téléphone : 063 00 07 41
Fonction : directrice générale
Remplaçant : Luc Thill, luc.thill@virton.example
"""


async def ticket_of(site: Site) -> str:
    """The ticket of a form that is shown now."""
    found = re.search(r'name="ticket" value="([^"]+)"', await site.page("/inscription"))
    assert found is not None
    return found[1]


async def send(site: Site, **typed: str) -> tuple[int, str]:
    """Somebody fills the form in and sends it; the status and the words of what comes back."""
    data = {"ticket": await ticket_of(site)} | TYPED | typed
    response = await site.sends("/inscription", data)
    return response.status, await response.text()


async def arrived(site: Site) -> list[Said]:
    return await asyncio.to_thread(site.world.post)


async def institutions(site: Site) -> dict[str, str]:
    every = await asyncio.to_thread(site.world.all, Institution)
    return {one.name: one.state for one in every}


def facts(session: Session) -> list[tuple[Any, ...]]:
    """What is kept of the registration: its house, its people and where they are written to."""
    return [
        (p.institution.name, p.institution.state, p.institution.reference, p.name, p.gender,
         p.phone, p.function, p.language, p.acts_from, p.active,
         [(a.channel, a.address) for a in p.addresses])
        for p in session.scalars(select(Person).order_by(Person.id))
        if p.institution.name == "Commune de Virton"
    ]  # fmt: skip


def told(session: Session) -> list[tuple[Any, ...]]:
    """What is said because of it, to whom, as it will be read."""
    rows = session.scalars(select(Row).where(Row.state == "due").order_by(Row.id))
    return [
        (row.channel, row.destination, row.payload.get("subject"), row.payload.get("text"))
        for row in rows
    ]


async def test_the_form_gives_what_the_mail_gives(site: Site) -> None:
    """The same data give the same pending record and the same receipt, word for word."""
    anne = Somebody(site.world, MAIL, TYPED["email"], name=TYPED["user"])
    mail = anne.message(LETTER, subject="", authenticated=False)

    def by_mail(session: Session) -> tuple[list[Any], list[Any]]:
        site.world.dispatcher.take_one(session, mail, site.world.clock.now())
        session.flush()
        return facts(session), told(session)

    expected = await asyncio.to_thread(site.world.database.rehearse, by_mail)
    status, page = await send(site)
    assert status == 200
    assert "anne.dubois(at)virton.example" in page
    assert len(site.woken) == 1
    by_form = await asyncio.to_thread(site.world.change, lambda s: (facts(s), told(s)))
    assert by_form == expected
    kept, said = by_form
    assert {one[1] for one in kept} == {Standing.PENDING}
    assert [one[1] for one in said] == ["room:admins", TYPED["email"]]


async def test_what_is_sent_lies_in_the_inbox_as_an_unproved_mail(site: Site) -> None:
    before = await asyncio.to_thread(site.world.count, Entry)
    await send(site)
    entry = max(await asyncio.to_thread(site.world.entries), key=lambda one: one.id)
    assert await asyncio.to_thread(site.world.count, Entry) == before + 1
    assert entry.channel == MAIL
    assert entry.sender == TYPED["email"]
    assert entry.record["authenticated"] is False
    (receipt,) = [one for one in await arrived(site) if one.destination == TYPED["email"]]
    assert receipt.answers is None, "no program knows an id of ours that was never sent"


async def test_a_form_sent_twice_is_one_letter(site: Site) -> None:
    data = {"ticket": await ticket_of(site)} | TYPED
    for _ in range(2):
        assert (await site.sends("/inscription", data)).status == 200
    receipts = [one for one in await arrived(site) if one.destination == TYPED["email"]]
    assert len(receipts) == 1


async def test_who_registers_for_somebody_else_gets_the_receipt(site: Site) -> None:
    await send(site, own="dominique.exemple@arlon.example")
    told = {one.destination: one.text for one in await arrived(site)}
    assert "est bien reçue" in told["dominique.exemple@arlon.example"]
    assert "Est-ce exact" in told[TYPED["email"]]


async def test_the_receipt_is_in_the_language_of_the_page(site: Site) -> None:
    data = {"ticket": await ticket_of(site)} | TYPED
    response = await site.sends("/inscription?lang=nl", data)
    assert '<html lang="nl">' in await response.text()
    (receipt,) = [one for one in await arrived(site) if one.destination == TYPED["email"]]
    assert receipt.row.payload["headers"]["Content-Language"] == "nl"
    kept = await asyncio.to_thread(site.world.change, facts)
    assert {one[7] for one in kept} == {"nl"}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("institution", "", "Ce champ est nécessaire."),
        ("institution", "Commune de Namur", "n&#39;est pas un pouvoir local"),
        ("institution", "Musson", "Est-ce Commune de Musson"),
        ("user", "", "Ce champ est nécessaire."),
        ("user", "?", "À préciser"),
        ("email", "", "Ce champ est nécessaire."),
        ("email", "anne.dubois", "adresse mail complète"),
        ("email", "a@virton.example b@virton.example", "adresse mail complète"),
        ("phone", "demain", "À préciser"),
        ("deputy", "Luc Thill", "Son adresse mail aussi"),
        ("own", "moi", "adresse mail complète"),
    ],
)
async def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    site: Site, field: str, typed: str, said: str
) -> None:
    status, page = await send(site, **{field: typed})
    assert status == 422
    at = page.partition(f'id="{field}"')[2].partition('class="field"')[0]
    assert said in at
    assert f'<a href="#{field}">' in page
    for name, value in (TYPED | {field: typed}).items():
        assert re.search(rf'name="{name}" value="{re.escape(value)}"', page), name
    assert "Commune de Virton" not in await institutions(site)
    assert site.woken == []


async def test_nobody_learns_from_the_form_whose_address_is_known(site: Site) -> None:
    status, page = await send(site, email=site.helene.mail or site.helene.address)
    assert status == 200
    assert "Musson" not in page
    assert "Commune de Virton" not in await institutions(site)
    told = [one for one in await arrived(site) if one.destination == site.helene.address]
    assert told, "its holder is told"


async def test_an_administrators_address_gives_no_right(site: Site) -> None:
    status, _page = await send(site, email="camille@supracom.example", institution="CPAS de Virton")
    assert status == 200
    assert ADMINISTRATOR not in {one.destination for one in await arrived(site)}
    assert (await institutions(site))["CPAS de Virton"] == Standing.PENDING


async def test_what_programs_fill_in_is_not_taken(site: Site) -> None:
    status, page = await send(site, site_web="https://pub.example")
    assert (status, "Votre demande est arrivée" in page) == (200, True)
    assert "Commune de Virton" not in await institutions(site)


@pytest.mark.parametrize("ticket", ["", "x", "1.2.3"])
async def test_a_form_that_was_not_shown_here_is_not_taken(site: Site, ticket: str) -> None:
    status, page = await send(site, ticket=ticket)
    assert status == 409
    assert 'value="Commune de Virton"' in page
    assert "Commune de Virton" not in await institutions(site)


async def test_a_form_on_another_site_is_not_taken(site: Site) -> None:
    data = {"ticket": await ticket_of(site)} | TYPED
    response = await site.sends("/inscription", data, **{"Sec-Fetch-Site": "cross-site"})
    assert response.status == 403
    assert "Commune de Virton" not in await institutions(site)


async def test_too_many_forms_from_one_address_wait_without_being_lost(site: Site) -> None:
    for _ in range(registering._MOST_AN_HOUR):
        assert (await send(site, phone="demain"))[0] == 422
    status, page = await send(site)
    assert status == 429
    assert 'value="Commune de Virton"' in page
    other = await site.sends(
        "/inscription",
        {"ticket": await ticket_of(site)} | TYPED,
        **{"X-Forwarded-For": "192.0.2.9"},
    )
    assert other.status == 200, "another address is not concerned"


async def test_a_form_that_is_too_long_is_refused_unread(site: Site) -> None:
    response = await site.sends("/inscription", {"user": "x" * (MOST_BYTES + 1)})
    assert response.status == 413
    assert "mail" in await response.text()


async def test_a_store_that_is_away_loses_nothing_typed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await ticket_of(site)

    def away(*_about: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(Database, "run", away)
    response = await site.sends("/inscription", {"ticket": ticket} | TYPED)
    assert response.status == 503
    assert 'value="Commune de Virton"' in await response.text()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"user=\xff\xfe"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"user=x"),
        ("multipart/form-data; boundary=x", b"garbage"),
    ],
)
async def test_what_no_browser_sends_is_refused_in_plain_words(
    site: Site, kind: str, body: bytes
) -> None:
    headers = {"Content-Type": kind}
    async with site.asks.post("/inscription", data=body, headers=headers) as response:
        assert response.status == 400
        assert "par mail" in await response.text()


async def test_an_address_for_machines_not_to_read_is_read(site: Site) -> None:
    """« nom(at)domaine » is an address on the form, too (acceptance A41)."""
    await send(site, email="anne.dubois(at)virton.example")
    assert TYPED["email"] in {one.destination for one in await arrived(site)}
    kept = await asyncio.to_thread(site.world.change, facts)
    assert (MAIL, TYPED["email"]) in kept[0][-1]


async def test_hostile_words_stay_words(site: Site) -> None:
    hostile = '"><script>alert(1)</script>'
    _status, page = await send(site, institution=hostile, role=f"x\r\nInstitution : {hostile}")
    assert "<script" not in page


def test_what_is_typed_is_one_line_each() -> None:
    typed = registration_letter.typed({"role": "a\r\nb\u2028c\x00", "user": "x" * 1_000})
    assert typed["role"] == "a b c"
    assert len(typed["user"]) == registration_letter.LONGEST
