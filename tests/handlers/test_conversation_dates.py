"""Dates for calendars: an announcement's period, an order's deadline, a contract's end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.request import IncomingFile
from storage.reminders import Reminder
from tests.handlers.conversation import MAIL, Said, Somebody, World, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"


def calendar(said: Said) -> dict[str, str]:
    """The properties of the event that a mail carries; nothing if it carries none."""
    found = said.row.payload.get("calendar") or {"content": ""}
    text = found["content"].replace("\r\n ", "")
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.partition(";")[0]: value for name, _colon, value in pairs}


def answer(event: dict[str, str], somebody: Somebody, state: str = "ACCEPTED") -> IncomingFile:
    """What a calendar program sends when its owner accepts."""
    lines = (
        "BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{event['UID']}",
        f"ATTENDEE;PARTSTAT={state}:mailto:{somebody.address}", f"SUMMARY:{event['SUMMARY']}",
        "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    return IncomingFile("invite.ics", "text/calendar", "\r\n".join(lines).encode())


def test_the_period_of_an_announcement_is_an_invitation_and_its_author_hears_who_comes(
    world: World,
) -> None:
    helene, bruno = world.helene(), world.bruno()
    draft = helene.asks("demande un agent pour le service population, du 4 au 29 mai 2026")
    (post,) = bruno.got(helene.answers(draft, "oui"))
    event = calendar(post)
    assert (event["METHOD"], event["DTSTART"], event["DTEND"]) == (
        "REQUEST",
        "20260504",
        "20260530",
    )
    assert "A-2026-0001" in event["SUMMARY"]
    accepted = bruno.answers(post, "", files=(answer(event, bruno),))
    (told,) = helene.got(accepted)
    assert "accepte le rendez-vous : A-2026-0001" in told.text
    if told.subject:
        assert "A-2026-0001" in told.subject
    assert bruno.got(accepted) == []


def test_what_is_withdrawn_leaves_the_calendars(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    stopped = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    draft = helene.asks("demande un agent pour le service population, du 4 au 29 mai 2026")
    (post,) = bruno.got(helene.answers(draft, "oui"))
    stopped.asks("STOP")
    assert "Seule" in bruno.asks("retirer A-1").text
    world.clock.move(timedelta(hours=1))
    said = helene.writes("retirer A-1")
    (off,) = bruno.got(said)
    assert stopped.got(said) == []
    assert calendar(off)["METHOD"] == "CANCEL"
    assert calendar(off)["UID"] == calendar(post)["UID"]
    assert int(calendar(off)["SEQUENCE"]) > int(calendar(post)["SEQUENCE"])
    assert "rien n'a changé" in helene.asks("retirer A-1").text
    assert "n'est plus ouverte" in bruno.replies(post, "Nous avons quelqu'un.").text


def test_a_digest_tells_what_it_told_before_and_is_no_longer_open(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    words = "demande un agent pour le service population"
    helene.answers(helene.asks(words), "oui")
    (first,) = bruno.got(world.move_to(world.clock.now() + timedelta(days=1)))
    assert "A-2026-0001" in first.text
    helene.answers(helene.asks(words), "oui")
    helene.writes("retirer A-2")
    helene.writes("retirer A-1")
    (second,) = bruno.got(world.move_to(world.clock.now() + timedelta(days=1)))
    assert "n'est plus ouverte" in second.text
    assert "A-2026-0001" in second.text
    assert "A-2026-0002" not in second.text


def test_without_a_whole_period_there_is_nothing_for_a_calendar(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    draft = helene.asks("demande un agent pour le service population")
    (post,) = bruno.got(helene.answers(draft, "oui"))
    assert calendar(post) == {}


def _ordered(shop: World) -> tuple[Somebody, dict[str, str], dict[str, str]]:
    helene = shop.helene().at_mail()
    helene.asks(ADHESION)
    said = helene.answers(helene.asks("commander e-guichet"), "confirmer")
    (receipt,) = [one for one in helene.got(said) if one.channel == MAIL]
    (form,) = shop.smart.got(said)
    return helene, calendar(receipt), calendar(form)


def test_the_award_of_an_order_is_expected_on_a_day_and_called_off_once_it_came(
    shop: World,
) -> None:
    helene, for_buyer, for_manager = _ordered(shop)
    assert for_buyer["UID"] == for_manager["UID"]
    assert (for_buyer["METHOD"], for_buyer["DTSTART"]) == ("REQUEST", "20260413")
    shop.clock.move(timedelta(days=3))
    said = shop.smart.writes("attribuer SMART-2026-0001 à Civadis pour 24.000 €")
    for reader in (helene, shop.smart):
        off = next(calendar(one) for one in reader.got(said))
        assert (off["METHOD"], off["STATUS"]) == ("CANCEL", "CANCELLED")
        assert off["UID"] == for_buyer["UID"]
        assert int(off["SEQUENCE"]) > int(for_buyer["SEQUENCE"])


def test_nobody_is_bothered_by_the_answer_to_a_deadline(shop: World) -> None:
    helene, event, _ = _ordered(shop)
    said = helene.writes("", files=(answer(event, helene),))
    assert to_administrators(said) == []
    assert helene.got(said) == []


def test_the_end_of_a_contract_comes_with_its_date(shop: World) -> None:
    _ordered(shop)
    shop.smart.writes("attribuer SMART-2026-0001 à Civadis pour 24.000 €")
    first = min(r.due_at for r in shop.all(Reminder) if r.kind == "contract-end")
    said = shop.move_to(max(first, datetime(2026, 4, 1, tzinfo=UTC)))
    end = next(calendar(one) for one in shop.smart.got(said) if "fin de contrat" in one.subject)
    assert (end["METHOD"], end["DTSTART"]) == ("REQUEST", "20300323")
    assert end["UID"].startswith("order-")
