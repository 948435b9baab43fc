"""To whom a demand or an offer goes that names them first (acceptance B09, B27)."""

from __future__ import annotations

import pytest

from handlers.reading.audience import without_addressee
from tests.handlers.conversation import World, in_members_room


@pytest.mark.parametrize(
    ("words", "reader", "other"),
    [
        ("demande à la Province : un juriste, du 4 au 8 mai", "Province", "CPAS de"),
        ("Demande à la province un juriste du 4 au 8 mai", "Province", "CPAS de"),
        ("demande aux CPAS : une camionnette, du 4 au 8 mai", "43 CPAS", "Commune de V"),
        ("offre au CPAS de Rouvroy 40 chaises du 4 au 8 mai", "CPAS de Rouvroy", "Province,"),
        ("demande à la commune de Virton : une nacelle, du 4 au 8 mai", "Virton", "Rouvroy"),
        (
            "demande aux communes dans un rayon de 10 km : une nacelle, du 4 au 8 mai",
            "Commune de",
            "Province,",
        ),
    ],
)
def test_those_named_first_alone_see_it(world: World, words: str, reader: str, other: str) -> None:
    helene = world.helene()
    world.bruno()
    shown = helene.asks(words)
    assert "les institutions choisies" in shown.text
    seen = shown.text.partition("Seules")[2]
    assert reader in seen
    assert other not in seen
    assert in_members_room(helene.answers(shown, "oui")) == []


@pytest.mark.parametrize(
    "words",
    [
        "demande à tous les membres : une nacelle, du 4 au 8 mai",
        "demande à louer une nacelle du 4 au 8 mai",
        "demande un agent pour la commune de Virton, du 4 au 8 mai",
        "offre au plus vite une nacelle du 4 au 8 mai",
    ],
)
def test_what_names_nobody_first_is_for_all(world: World, words: str) -> None:
    assert "tous les membres verront" in world.helene().asks(words).text


@pytest.mark.parametrize(
    ("words", "limited"),
    [
        ("Aux CPAS : nous cherchons une camionnette, du 4 au 8 mai", True),
        ("À la commune nous cherchons une camionnette du 4 au 8 mai", False),
        ("Au service travaux : nous cherchons une camionnette du 4 au 8 mai", False),
    ],
)
def test_a_letter_may_begin_with_those_to_whom_it_goes(
    world: World, words: str, limited: bool
) -> None:
    shown = world.helene().asks(words).text
    assert "Elle part" in shown
    assert ("Seules la verront : 43 CPAS" in shown) is limited


@pytest.mark.parametrize(
    ("words", "shared"),
    [
        ("aux CPAS : une camionnette", "une camionnette"),
        ("à la Province: un juriste, conditions : aucune", "un juriste, conditions : aucune"),
        ("une nacelle : du 4 au 8 mai", "une nacelle : du 4 au 8 mai"),
        ("au CPAS de Rouvroy 40 chaises", "au CPAS de Rouvroy 40 chaises"),
    ],
)
def test_what_is_shared_stands_without_its_addressee(words: str, shared: str) -> None:
    assert without_addressee(words) == shared


def test_what_is_offered_for_some_goes_to_them(world: World) -> None:
    """The verb of a command counts as if it stood in a sentence."""
    helene = world.helene()
    seen = helene.asks("offre 40 chaises pour les CPAS, du 4 au 8 mai").text
    assert "43 CPAS" in seen.partition("Seules")[2]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("arrondissement de Virton", True),
        ("chaises de l'arrondissement de Virton", True),
        ("tables arrondissement de Virton", False),
        ("arrondissement de Bastogne", False),
        ("dans un rayon de 30 km", True),
        ("à moins de 1 km", False),
    ],
)
def test_announcements_are_sought_by_where_they_come_from(
    world: World, where: str, found: bool
) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.answers(helene.asks("offre 40 chaises du 4 au 8 mai"), "oui")
    assert ("40 chaises" in bruno.asks(f"annonces {where}").text) is found
