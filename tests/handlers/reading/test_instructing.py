"""What an author says to the platform, and what to those who answered."""

from __future__ import annotations

import pytest

from handlers.reading.instructing import says_nothing, wishes_of_platform


@pytest.mark.parametrize(
    "words",
    [
        "relancez la demande A-1",
        "Pouvez-vous renvoyer la convention A-1 ?",
        "oui prolongez jusqu'au 30 avril",
        "Bonjour, merci de clôturer notre annonce",
        "je retire",
        "Nous souhaitons modifier le texte : 4 tentes",
        "finalement annulez",
        "mettez plutôt 4 tentes",
    ],
)
def test_said_to_the_platform(words: str) -> None:
    assert wishes_of_platform(words)


@pytest.mark.parametrize(
    "words",
    [
        "Nous venons la retirer lundi à 8 h",
        "Il faudrait des tentes blanches si possible",
        "Merci à tous, il nous manque encore deux tentes",
        "Pouvez-vous nous la livrer ?",
        "Le prêt se prolonge-t-il au besoin ?",
    ],
)
def test_said_to_the_others(words: str) -> None:
    assert not wishes_of_platform(words)
    assert not says_nothing(words)


@pytest.mark.parametrize("words", ["oui", "Non.", "ok", "c'est bon", "Je confirme"])
def test_answers_to_nothing(words: str) -> None:
    assert says_nothing(words)
