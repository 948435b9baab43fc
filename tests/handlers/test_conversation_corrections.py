"""A registration that waits is put right by those whose it is, and by nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.audit import AuditEntry
from storage.members import Address, Institution, Person, Standing
from tests.handlers.conversation import MAIL, Said, Somebody, World, to_administrators

HELENE = "helene.lambiotte@musson.example"
JULIE = "julie.renard@musson.example"
COMPLETE = f"""\
Bonjour,

La commune de Musson souhaite rejoindre la plateforme. Je serai l'utilisatrice désignée.

Hélène Lambiotte
063 00 07 41
{HELENE}
"""


@pytest.fixture
def helene(world: World) -> Somebody:
    return Somebody(world, MAIL, HELENE)


@pytest.fixture
def receipt(helene: Somebody) -> Said:
    return helene.asks(COMPLETE, subject="Inscription")


def _user(world: World) -> tuple[str, str, list[str]]:
    (person,) = world.all(Person)
    return person.name, person.phone, [one.address for one in world.all(Address)]


AS_ENTERED = ("Hélène Lambiotte", "+3263000741", [HELENE])


@pytest.mark.parametrize(
    "words",
    [
        "en fait le numéro est 063 00 07 42",
        "Oups, erreur dans mon tél : ce n'est pas 063 00 07 41 mais 063 00 07 42. Merci !",
        "Pourriez-vous corriger mon numéro ? C'est le 063 00 07 42\n\nHélène Lambiotte",
        "Sorry, mijn nummer is eigenlijk 063 00 07 42",
        "Entschuldigung, die richtige Nummer ist 063 00 07 42",
    ],
)
def test_a_number_is_put_right(world: World, helene: Somebody, receipt: Said, words: str) -> None:
    said = helene.answers(receipt, words)
    assert _user(world) == ("Hélène Lambiotte", "+3263000742", [HELENE])
    (back,) = helene.got(said)
    for fact in ("I-2026-0001", "063 00 07 41", "063 00 07 42"):
        assert fact in back.text
    (told,) = to_administrators(said)
    for fact in ("I-2026-0001", HELENE, "063 00 07 41", "063 00 07 42"):
        assert fact in told.text
    assert "registration.corrected" in {entry.action for entry in world.all(AuditEntry)}


@pytest.mark.parametrize(
    "words",
    [
        f"L'utilisateur sera plutôt Mme Julie Renard, {JULIE}, 063 00 07 55.\n\nHélène Lambiotte",
        f"Finalement, c'est Julie Renard ({JULIE}, 063 00 07 55) qui sera l'utilisatrice, pas moi",
    ],
)
def test_another_user_takes_the_first_ones_place(
    world: World, helene: Somebody, receipt: Said, words: str
) -> None:
    said = helene.answers(receipt, words)
    assert _user(world) == ("Julie Renard", "+3263000755", [JULIE])
    assert "Julie Renard" in helene.got(said)[0].text
    (told,) = to_administrators(said)
    assert "Hélène Lambiotte" in told.text
    assert JULIE in told.text
    welcomed = world.camille.writes("accepter I-2026-0001")
    assert [one.destination for one in welcomed if one.channel == MAIL] == [JULIE]


def test_another_user_needs_an_address_and_only_that(
    world: World, helene: Somebody, receipt: Said
) -> None:
    said = helene.answers(receipt, "L'utilisateur sera plutôt Mme Julie Renard")
    (asked,) = helene.got(said)
    assert "adresse" in asked.text
    assert "Julie Renard" in asked.text
    assert len(to_administrators(said)) == 1
    assert _user(world) == AS_ENTERED
    helene.answers(asked, JULIE)
    assert _user(world)[0] == "Julie Renard"
    assert _user(world)[2] == [JULIE]


def test_a_letter_of_its_own_puts_it_right_as_well(world: World, helene: Somebody) -> None:
    helene.asks(COMPLETE, subject="Inscription")
    helene.writes("Petite correction : mon adresse est h.lambiotte@musson.example")
    assert _user(world) == ("Hélène Lambiotte", "+3263000741", ["h.lambiotte@musson.example"])


def test_whoever_asked_for_it_from_the_same_house_may_put_it_right(world: World) -> None:
    office = Somebody(world, MAIL, "secretariat@musson.example")
    receipt = office.asks(
        f"inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41,"
        f" {HELENE}"
    )
    office.answers(receipt, "en fait le numéro de Mme Lambiotte est 063 00 07 42")
    assert _user(world)[1] == "+3263000742"
    office.answers(receipt, "Erreur de ma part, mon numéro est 063 00 07 43")
    assert _user(world)[1] == "+3263000742"


@pytest.mark.parametrize(
    "words",
    [
        "en fait le numéro est 063 00 07 42",
        f"L'utilisateur sera plutôt Mme Julie Renard, {JULIE}",
        "erreur, l'adresse est plutôt h.lambiotte@musson.example",
    ],
)
@pytest.mark.parametrize(
    ("address", "authenticated", "answers"),
    [
        ("paul.autre@musson.example", True, True),
        ("bureau@conseil.example", True, True),
        ("bureau@conseil.example", True, False),
        (HELENE, False, False),
        (HELENE, False, True),
    ],
)
def test_nobody_else_puts_it_right(
    world: World, receipt: Said, words: str, address: str, *, authenticated: bool, answers: bool
) -> None:
    other = Somebody(world, MAIL, address)
    # Whoever forges an address may know the id of the receipt, and never its reply token.
    how: dict[str, object] = {"authenticated": authenticated} | (
        {} if authenticated else {"tag": None}
    )
    said = other.answers(receipt, words, **how) if answers else other.writes(words, **how)
    assert _user(world) == AS_ENTERED
    assert said, "nothing is dropped silently"


def test_a_third_party_that_asked_for_it_changes_nothing_afterwards(world: World) -> None:
    office = Somebody(world, MAIL, "bureau@conseil.example")
    receipt = office.writes(
        f"inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41,"
        f" {HELENE}"
    )
    mine = next(one for one in receipt if one.destination == office.address)
    said = office.answers(mine, f"L'utilisateur sera plutôt Mme Julie Renard, {JULIE}")
    assert _user(world) == AS_ENTERED
    assert to_administrators(said)


@pytest.mark.parametrize(
    "words",
    [
        "Merci ! En fait, quel est votre numéro ? Moi c'est le 063 00 07 42 ou 063 00 07 43",
        "En fait le numéro de l'accueil est 063 00 07 42",
        "En fait l'utilisatrice sera peut-être Mme Julie Renard, julie.renard@musson.example",
        "L'utilisatrice sera plutôt Julie Renard, julie.renard@gmail.com",
        "L'utilisatrice sera plutôt Julie Renard, julie.renard@arlon.example",
        "En fait je suis absente jusqu'au 3 avril, appelez le 063 00 07 42",
        "Votre numéro est-il bien le 063 00 07 42 ?",
    ],
)
def test_what_is_not_plain_is_for_a_person(
    world: World, helene: Somebody, receipt: Said, words: str
) -> None:
    said = helene.answers(receipt, words)
    assert _user(world) == AS_ENTERED
    assert len(helene.got(said)) == 1
    assert to_administrators(said)


def test_an_address_that_is_taken_moves_to_nobody(
    world: World, helene: Somebody, receipt: Said
) -> None:
    bruno = world.bruno()
    helene.answers(receipt, f"L'utilisateur sera plutôt M. Bruno Wéry, {bruno.address}")
    taken = [one for one in world.all(Person) if one.name == "Hélène Lambiotte"]
    assert len(taken) == 1


def test_once_decided_it_is_not_put_right_any_more(
    world: World, helene: Somebody, receipt: Said
) -> None:
    world.camille.writes("accepter I-2026-0001")
    helene.answers(receipt, "en fait le numéro est 063 00 07 42")
    assert world.all(Institution)[0].state == Standing.ACTIVE
    assert _user(world)[1] == "+3263000741"


def test_in_a_private_conversation_it_is_the_same(world: World) -> None:
    somebody = world.stranger("helene")
    receipt = somebody.asks(
        f"inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41,"
        f" {HELENE}"
    )
    stands = somebody.channel != MAIL
    other = replace(somebody, address=somebody.address.replace("helene", "autre"))
    other.answers(receipt, "en fait le numéro est 063 00 07 43")
    assert _user(world) == AS_ENTERED
    somebody.answers(receipt, "en fait le numéro de Mme Lambiotte est 063 00 07 42")
    assert (_user(world)[1] == "+3263000742") is stands
