"""One person's data: given out whole, and forgotten everywhere but where the law keeps the act."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.request import IncomingFile
from storage import audit
from storage.base import Base
from storage.files import StoredFile
from storage.members import Person
from storage.orders import Order
from storage.personal import Subject
from tests.handlers.conversation import Said, Somebody, World, to_administrators

ADHESION = "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114"
ORDER = "commander e-guichet, décision du Collège du 9 mars 2026, réf. 2026/115"
NAME, PHONE = "Hélène Lambiotte", "+3263000741"
SECRETS = ("Lambiotte", "helene@", "@helene", "063 00 07 41", "3263000741", "rendez-vous médical")


@pytest.fixture
def helene(shop: World) -> Somebody:
    """Who joined, ordered, announced, voted, chose a digest and wrote about others and herself."""
    helene, bruno = shop.helene(), shop.bruno()

    def known(session: Session) -> None:
        person = session.get_one(Person, helene.person_id)
        person.phone, person.function = PHONE, "Directrice financière"

    shop.change(known)
    helene.asks(ADHESION)
    helene.reacts(helene.asks(ORDER), "✅")
    shop.camille.reacts(shop.camille.asks("sondage On continue ?"), "✅")
    helene.writes("voter S-1 oui")
    helene.writes("rythme quotidien")
    helene.writes("Quand ouvre la centrale ? J'ai un rendez-vous médical mardi, 063 00 07 41.")
    note = IncomingFile("note.txt", "text/plain", b"Note de Lambiotte")
    helene.writes("Voici une note pour vous, que dois-je en faire ?", files=(note,))
    named = IncomingFile("Hélène_Lambiotte.txt", "text/plain", b"Rien")
    bruno.writes("Une note pour les administrateurs, qu'en dites-vous ?", files=(named,))
    bruno.writes(f"Qui remplace {NAME.upper()}, helene@commune-85026.example ? Merci d'avance.")
    return helene


def _leaves(shop: World, who: Somebody) -> None:
    def leave(session: Session) -> None:
        session.get_one(Person, who.person_id).active = False

    shop.change(leave)


def _alone(shop: World) -> Somebody:
    return shop.camille.elsewhere(None)


def _archive(shop: World, said: list[Said]) -> tuple[dict[str, Any], zipfile.ZipFile]:
    assert sum(one.files for one in said) == 1

    def content(session: Session) -> bytes:
        query = select(StoredFile).where(StoredFile.name.like("personne-%.zip"))
        return session.scalars(query.order_by(StoredFile.id.desc())).first().content  # type: ignore[union-attr] # it is there

    archive = zipfile.ZipFile(io.BytesIO(shop.change(content)))
    return json.loads(archive.read("personne.json")), archive


def _everything(session: Session) -> str:
    """All that the database holds, as one text."""
    rows = (
        {name: _shown(value) for name, value in row.items()}
        for table in Base.metadata.sorted_tables
        for row in session.execute(select(table)).mappings()
    )
    return "\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows)


def _shown(value: object) -> object:
    if not isinstance(value, bytes):
        return value
    if value.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(value)).pages)
    return value.decode("utf-8", errors="replace")


@pytest.mark.usefixtures("helene")
def test_everything_about_a_person_is_given_out(shop: World) -> None:
    facts, archive = _archive(shop, _alone(shop).writes(f"données personnelles {NAME}"))
    held = facts["held"]
    assert held["persons"][0]["phone"] == PHONE
    for table in (
        "addresses",
        "inbox",
        "outbox",
        "orders",
        "ballots",
        "adhesion_requests",
        "rhythms",
    ):
        assert held[table], table
    assert any("rendez-vous médical" in row["record"]["text"] for row in held["inbox"])
    assert any(archive.read(one["as"]) == b"Note de Lambiotte" for one in facts["files"])
    assert any(archive.read(one["as"]).startswith(b"%PDF") for one in facts["files"])
    # What somebody else wrote of her is theirs, too: only where it stands is told.
    assert facts["named_elsewhere"]["inbox"]
    assert "Qui remplace" not in archive.read("personne.json").decode()


def test_every_table_that_points_at_a_person_is_given_out(shop: World, helene: Somebody) -> None:
    facts, _files = _archive(shop, _alone(shop).writes(f"données personnelles {NAME}"))

    def counted(session: Session) -> dict[str, int]:
        found = {}
        for table in Base.metadata.sorted_tables:
            keys = [key.parent for key in table.foreign_keys if key.target_fullname == "persons.id"]
            rows = session.execute(select(table)).mappings().all() if keys else []
            mine = [row for row in rows if helene.person_id in [row[one.name] for one in keys]]
            if mine:
                found[table.name] = len(mine)
        return found

    told = {name: len(rows) for name, rows in facts["held"].items()}
    expected = shop.change(counted)
    assert expected
    assert {name: told[name] for name in expected} == expected


def test_who_still_acts_is_not_erased(shop: World, helene: Somebody) -> None:
    assert "agit encore" in _alone(shop).asks(f"effacer personne {NAME}").text
    assert "agit encore" in _alone(shop).asks("effacer personne smart@centrale-achats.example").text
    assert shop.change(lambda s: s.get_one(Person, helene.person_id).name) == NAME


def test_a_person_is_forgotten_and_their_acts_are_kept(shop: World, helene: Somebody) -> None:
    _leaves(shop, helene)
    shop.post()
    before = shop.change(_everything)
    assert all(one.lower() in before.lower() for one in SECRETS if one != "@helene")
    shown = _alone(shop).asks(f"effacer personne {NAME}")
    assert "sans retour" in shown.text
    assert "Directrice financière" in shown.text
    _alone(shop).reacts(shown, "✅")
    shop.tick()
    after = shop.change(_everything)
    for secret in SECRETS:
        found = [line for line in after.splitlines() if secret.lower() in line.lower()]
        assert found == []
    assert "Directrice financière" in after

    def kept(session: Session) -> tuple[str, int, int | None]:
        order = session.scalars(select(Order)).one()
        return (
            order.reference,
            session.get_one(StoredFile, order.form_id).size,
            audit.first_break(session),
        )

    reference, size, broken = shop.change(kept)
    assert reference == "SMART-2026-0001"
    assert size > 1000
    assert broken is None
    # The others go on as before.
    assert "1 institution a répondu" in shop.camille.asks("résultats S-1").text
    assert (
        "Directrice financière" in _alone(shop).asks("effacer personne Directrice financière").text
    )


def test_nothing_is_erased_without_a_yes(shop: World, helene: Somebody) -> None:
    _leaves(shop, helene)
    _alone(shop).reacts(_alone(shop).asks(f"effacer personne {NAME}"), "❌")
    assert shop.change(lambda s: s.get_one(Person, helene.person_id).name) == NAME


def test_a_former_address_is_erased_if_it_is_nobody_else_s(shop: World, helene: Somebody) -> None:
    _leaves(shop, helene)
    shown = _alone(shop).asks(
        f"effacer personne {NAME}, ancienne@musson.example, bruno@cpas-85047.example"
    )
    # Two persons at addresses: who is meant has to be said.
    assert "laquelle" in shown.text
    shown = _alone(shop).asks(f"effacer personne {NAME}, ancienne@musson.example")
    assert "ancienne@musson.example" in shown.text


@pytest.mark.parametrize("command", ["données personnelles", "effacer personne"])
def test_only_administrators_and_only_in_private(
    shop: World, helene: Somebody, command: str
) -> None:
    assert "réservé aux administrateurs" in helene.asks(f"{command} {NAME}").text
    assert "privé" in shop.camille.asks(f"{command} {NAME}").text
    assert "Je ne connais personne" in _alone(shop).asks(f"{command} Girafe").text


def test_two_of_the_same_name_are_told_apart(shop: World, helene: Somebody) -> None:
    shop.member(NAME, "commune", "81003")
    asked = _alone(shop).asks(f"données personnelles {NAME}")
    assert "laquelle" in asked.text
    _archive(shop, _alone(shop).writes(f"données personnelles n° {helene.person_id}"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("anne@x.example écrit", True),
        ("marianne@x.example écrit", False),
        ("anne@x.example.org écrit", False),
        ("DUPONT Anne", True),
        ("anne   dupont", True),
        ("anne_dupont.pdf", True),
        ("Anne Dupontel", False),
        ("Annette", False),
        ("au 063 00 07 41", True),
        ("au 063/00.07.41", True),
        ("au +32 (0)63 00 07 41", True),
        ("au 0063 00 07 412", False),
    ],
)
def test_how_a_person_is_named(text: str, named: bool) -> None:
    person = Person(id=1, name="Anne Dupont", phone=PHONE)
    about = Subject(person, frozenset({"anne@x.example"}), frozenset())
    assert any(sign.taken_out(text, "…") != text for sign in about.signs()) == named


@pytest.mark.parametrize(
    "words", ["mes données personnelles", "Quelles données avez-vous sur moi ?"]
)
def test_who_asks_for_their_own_data_is_passed_on_with_what_to_do(world: World, words: str) -> None:
    helene = world.helene()
    said = helene.writes(words)
    (told,) = to_administrators(said)
    assert f"données personnelles {helene.address}" in told.text
    assert "dans le mois" in helene.got(said)[-1].text
