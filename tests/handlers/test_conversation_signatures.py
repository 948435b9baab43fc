"""What stands below a name in a mail is not published with what its writer answers."""

from __future__ import annotations

from storage.announcements import Contribution
from tests.handlers.conversation import MAIL, World

SIGNED = (
    "Bonjour,\n\nNous pouvons prêter une personne à mi-temps en mai.\n\nBien à vous,\n\n"
    "Hélène Lambiotte\nCommune de Musson\n063 00 07 41\nGSM 0470 00 07 41"
)


def test_the_telephone_of_a_signature_is_not_published_with_an_answer(world: World) -> None:
    bruno = world.bruno()
    helene = world.member("Hélène Lambiotte", "commune", "85026", channel=MAIL)
    bruno.replies(bruno.asks("demande un agent pour le CPAS, du 4 au 29 mai 2026"), "oui")
    announced = next(one for one in helene.got() if "agent" in one.text)
    said = helene.answers(announced, SIGNED)
    (kept,) = world.all(Contribution)
    assert "mi-temps" in kept.words
    for number in ("063 00 07 41", "0470"):
        assert number not in kept.words
        assert not [one for one in said if number in one.text]
