"""Two candidates are no user yet; brackets explain; dashes left over are nothing."""

from __future__ import annotations

import pytest

from config.territory import load_territory
from handlers.reading.institutions import find_speaker
from handlers.reading.letter import open_letter
from handlers.reading.users import find_designation


@pytest.mark.parametrize(
    "text",
    [
        "L'utilisateur sera soit Luc Martin, soit Anne Petit.",
        "Utilisatrice : Anne Petit ou bien Luc Martin, à voir.",
        "Pour l'utilisateur, ce sera Luc Martin ou moi, ça dépendra du Collège.",
        "Nous hésitons entre Luc Martin et Anne Petit comme utilisateurs.",
        "De gebruiker is ofwel Luc Martin ofwel Anne Petit, wij melden het, contact volgt.",
    ],
)
def test_between_two_nobody_is_designated(text: str) -> None:
    found = find_designation(open_letter("Inscription", text, "anne.petit@x.example", "Anne Petit"))
    assert found.user is None
    assert found.pending


def test_one_who_is_named_is_designated() -> None:
    found = find_designation(open_letter("", "L'utilisatrice désignée est Anne Petit."))
    assert found.user is not None
    assert found.user.name == "Anne Petit"


def test_the_communes_of_a_zone_are_not_those_who_write() -> None:
    territory = load_territory("luxembourg_be")
    letter = open_letter(
        "Inscription",
        "La zone de police Gaume (communes de Chiny, Étalle, Florenville, Habay et Virton)"
        " souhaite s'inscrire.",
    )
    found = find_speaker(letter, territory)
    assert found.institution is not None
    assert found.institution.name == "Zone de police Gaume"


@pytest.mark.parametrize("text", ["menu\n--", "menu\n-- ", "menu\n\n--\n", "menu\n____"])
def test_dashes_left_over_are_not_read(text: str) -> None:
    assert open_letter("", text).body == "menu"
