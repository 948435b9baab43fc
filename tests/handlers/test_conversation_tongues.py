"""Letters in Dutch and German: read, or for a person; nothing private goes out, nothing is lost."""

from __future__ import annotations

import pytest

from storage.announcements import Announcement
from tests.handlers.conversation import MAIL, Somebody, World, to_administrators

DUTCH = """\
Goeiedag,

Onze collega Marie Dupont heeft kanker en is afwezig tot juni. Wij zoeken een vervanger voor de
sociale dienst van 4 mei tot 29 mei 2026.

Hélène
"""
GERMAN = """\
Guten Tag,

unsere Kollegin Marie Dupont hat Krebs und fällt bis Juni aus. Wir suchen Ersatz für den
Sozialdienst vom 4. Mai bis 29. Mai 2026.

Hélène
"""


@pytest.mark.parametrize("letter", [DUTCH, GERMAN], ids=["nl", "de"])
def test_what_is_private_is_shown_to_nobody(world: World, letter: str) -> None:
    helene = world.helene()
    said = helene.writes(letter, subject="Collega / Kollegin")
    assert helene.got(said), "who writes is answered"
    assert not [one for one in said if any(w in one.text for w in ("kanker", "Krebs", "Dupont"))]
    sent = helene.answers(helene.got(said)[0], "confirmer")
    assert not [one for one in sent if any(w in one.text for w in ("kanker", "Krebs", "Dupont"))]
    kept = [one.words for one in world.all(Announcement)]
    assert not [one for one in kept if any(w in one for w in ("kanker", "Krebs", "Dupont"))]


DUTCH_REGISTRATION = """\
Goeiedag,

Wij zijn het OCMW van Bastenaken en willen ons graag inschrijven op het platform. Onze gebruiker
wordt mevrouw Katrien Peeters, katrien.peeters@bastogne-cpas.example, tel 061 00 12 34.

Katrien Peeters
"""
GERMAN_REGISTRATION = """\
Guten Tag,

das ÖSHZ Bastogne möchte sich bei der Plattform anmelden. Benutzerin wird Frau Katrien Peeters,
katrien.peeters@bastogne-cpas.example.

Mit freundlichen Grüßen
Katrien Peeters
"""


@pytest.mark.parametrize("letter", [DUTCH_REGISTRATION, GERMAN_REGISTRATION], ids=["nl", "de"])
def test_a_registration_is_read_and_answered_in_its_language(world: World, letter: str) -> None:
    clerk = Somebody(world, MAIL, "katrien.peeters@bastogne-cpas.example")
    said = clerk.writes(letter, subject="Platform")
    (told,) = to_administrators(said)
    assert "CPAS de Bastogne" in told.text
    assert "Katrien Peeters" in told.text
    (receipt,) = clerk.got(said)
    assert "Bonjour" not in receipt.text


def test_a_house_outside_is_not_accepted_and_told_so_in_german(world: World) -> None:
    clerk = Somebody(world, MAIL, "ursula.krings@oeshz-eupen.example")
    said = clerk.writes(
        "Guten Tag,\n\ndas ÖSHZ Eupen möchte sich auf der Plattform registrieren. Ansprechpartnerin"
        " ist Frau Ursula Krings, ursula.krings@oeshz-eupen.example.\n\nUrsula Krings",
        subject="Anmeldung",
    )
    (answer,) = clerk.got(said)
    assert "Guten Tag" in answer.text
    assert "Eupen" in answer.text
    assert to_administrators(said)
