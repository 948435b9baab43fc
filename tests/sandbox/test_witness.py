"""What the witness finds, and that it finds nothing where nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from sandbox import witness
from sandbox.clients import RoomEvent
from sandbox.witness import (
    DOUBLED,
    LOST,
    WRONG,
    Asked,
    Books,
    Evidence,
    Expected,
    Finding,
    Sighting,
)

BOT, ROOM, BOX = "@bot:supracom.example", "!salon", "commune@musson.example"
PLATFORM = "plateforme@supracom.example"


def said(identity: str, text: str = "", **more: Any) -> Sighting:
    usual: dict[str, Any] = {"place": ROOM, "ours": True, "key": f"key-{identity}"}
    return Sighting(id=identity, text=text, **usual | more)


BOOKS = Books(
    audit_break=None,
    waiting=[],
    dead=[],
    shelved=[],
    sent=["$1", "$2", "<3>"],
    orders=["SMART-2026-0001"],
)
GOOD = Evidence(
    seen=[
        said("$a", "aide", ours=False, key=""),
        said("$1", "voici", answers="$a"),
        said("$2", "Demande A-2026-0001"),
        said("<3>", "SMART-2026-0001 SMART-2026-0001.pdf", place=BOX, answers="<b>"),
    ],
    asked=[Asked("$a", ROOM, "aide"), Asked("<b>", BOX, "oui"), Asked("$c", ROOM, "merci", 0)],
    expected=[Expected("announcement", ROOM, ("Demande", "A-2026-0001"))],
    orders=["SMART-2026-0001"],
    figures="Commandes notifiées : 1 Montant total : 24.000 €",
    rooms=frozenset({ROOM}),
    known_rooms=frozenset({ROOM}),
    books=BOOKS,
)


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert witness.findings(GOOD) == []


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"seen": GOOD.seen[:2]}, {LOST}),
        ({"seen": [*GOOD.seen, said("$9", "de plus")]}, {DOUBLED}),
        ({"seen": [*GOOD.seen, replace(GOOD.seen[1], id="$9")]}, {DOUBLED}),
        ({"asked": [*GOOD.asked, Asked("$d", ROOM, "fiche")]}, {LOST}),
        ({"expected": [Expected("award", BOX, ("attribuée",))]}, {LOST}),
        ({"orders": []}, {LOST, WRONG}),
        ({"orders": ["SMART-2026-0001"] * 2}, {DOUBLED, WRONG}),
        ({"figures": "Commandes notifiées : 2"}, {WRONG}),
        ({"figures": "bonjour"}, {LOST}),
        ({"rooms": frozenset({ROOM, "!autre"})}, {DOUBLED}),
        ({"rooms": frozenset()}, {LOST}),
        ({"books": replace(BOOKS, audit_break=7)}, {WRONG}),
        ({"books": replace(BOOKS, waiting=["k to room:members"])}, {WRONG}),
        ({"books": replace(BOOKS, dead=["k to a@b.example"])}, {WRONG}),
        ({"books": replace(BOOKS, shelved=["E-2026-0001"])}, {WRONG}),
        ({"books": replace(BOOKS, sent=[*BOOKS.sent, "$lost"])}, {LOST}),
        ({"books": replace(BOOKS, orders=[*BOOKS.orders, "SMART-2026-0002"])}, {LOST}),
    ],
)
def test_everything_wrong_is_found(change: dict[str, Any], kinds: set[str]) -> None:
    assert {finding.kind for finding in witness.findings(replace(GOOD, **change))} == kinds


KEYS = [
    ([said("$1"), said("$2")], []),
    ([said("$1", key="k"), said("$2", key="k")], [DOUBLED]),
    ([said("$1", key="k"), said("<2>", key="k", place=BOX)], [DOUBLED]),
    ([said("$1", key="")], [WRONG]),
]
ANSWERS = [
    ([], [LOST]),
    ([said("$1", answers="$a")], []),
    ([said("$1", answers="$a"), said("$2", answers="$a")], [DOUBLED]),
    ([said("$1", answers="$a"), said("$2", answers="$silent")], [DOUBLED]),
]
ORDER = [
    (["$a", "$silent"], []),
    (["$silent", "$a"], [WRONG]),
    (["$unknown", "$a"], []),
]
PROMISES = [
    ([], [LOST]),
    ([said("$1", "Demande A-1 z", thread="$0")], []),
    ([said("$1", "Demande A-1 z")], [LOST]),
    ([said("$1", "Demande A-1 z", thread="$0", ours=False)], [LOST]),
    ([said("$1", "Demande A-1 z", thread="$0", place=BOX)], [LOST]),
    ([said(n, "Demande A-1 z", thread="$0") for n in ("$1", "$2")], [DOUBLED]),
]
ASKED = [Asked("$a", ROOM, "aide"), Asked("$silent", ROOM, "merci", answers=0)]
PROMISED = [Expected("announcement", ROOM, ("A-1", "z"), thread="$0")]


def kinds(found: Iterable[Finding]) -> list[str]:
    return [finding.kind for finding in found]


@pytest.mark.parametrize(("ours", "wanted"), KEYS)
def test_keys(ours: list[Sighting], wanted: list[str]) -> None:
    assert kinds(witness.keys(ours)) == wanted


@pytest.mark.parametrize(("ours", "wanted"), ANSWERS)
def test_answers(ours: list[Sighting], wanted: list[str]) -> None:
    assert kinds(witness.answers(ASKED, ours)) == wanted


@pytest.mark.parametrize(("answered", "wanted"), ORDER)
def test_order_of_answers(answered: list[str], wanted: list[str]) -> None:
    ours = [said(f"${n}", answers=one) for n, one in enumerate(answered)]
    assert kinds(witness.order_of_answers(ASKED, ours)) == wanted


@pytest.mark.parametrize(("ours", "wanted"), PROMISES)
def test_promises(ours: list[Sighting], wanted: list[str]) -> None:
    assert kinds(witness.promises(PROMISED, ours)) == wanted


@pytest.mark.parametrize(
    ("references", "wanted"),
    [
        ([], []),
        (["A-2026-0001", "A-2026-0002", "A-2027-0001"], []),
        (["A-2026-0001", "A-2026-0003"], [LOST]),
        (["A-2026-0002"], [LOST]),
        (["A-2026-0001", "A-2026-0001"], [DOUBLED]),
        (["rien"], [WRONG]),
    ],
)
def test_numbers(references: list[str], wanted: list[str]) -> None:
    assert kinds(witness.numbers(references)) == wanted


def event(sender: str, content: dict[str, Any], kind: str = "m.room.message") -> RoomEvent:
    return RoomEvent(ROOM, "$e", sender, kind, content, 0, {})


def test_an_event_is_taken_down() -> None:
    relation = {"rel_type": "m.thread", "event_id": "$root", "m.in_reply_to": {"event_id": "$a"}}
    content = {"body": "deux\nlignes", witness.KEY: "k", "m.relates_to": relation}
    assert witness.of_event(event(BOT, content), BOT) == Sighting(
        ROOM, "$e", "deux lignes", ours=True, key="k", answers="$a", thread="$root"
    )


def test_a_mail_is_taken_down() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = f"La plateforme <{PLATFORM}>", "Bon de commande"
    mail["Message-ID"], mail["In-Reply-To"] = "<m@supracom.example>", "<q@musson.example>"
    mail.set_content("Voici\nvotre commande")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="S-1.pdf")
    seen = witness.of_mail(BOX, mail, PLATFORM)
    assert (seen.place, seen.id, seen.key) == (BOX, "<m@supracom.example>", "<m@supracom.example>")
    assert (seen.ours, seen.answers) == (True, "<q@musson.example>")
    assert seen.text == "Bon de commande Voici votre commande S-1.pdf"


@pytest.mark.parametrize(
    ("alone", "body", "answers"),
    [(True, "aide", 1), (False, "aide", 0), (False, "!aide", 1)],
)
def test_who_is_answered(alone: bool, body: str, answers: int) -> None:
    rooms = frozenset({ROOM} if alone else ())
    people = [event("@helene:supracom.example", {"body": body}), event(BOT, {"body": "!moi"})]
    assert [one.answers for one in witness.asked_in_rooms(people, BOT, rooms)] == [answers]


def test_every_kind_of_finding_is_readable() -> None:
    assert str(Finding(LOST, "a mail", BOX)) == f"lost: a mail in {BOX}"
    assert str(Finding(WRONG, "the chain")) == "wrong: the chain"
