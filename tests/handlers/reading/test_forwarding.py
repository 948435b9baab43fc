"""Whose words count in a letter that recalls or passes on another one."""

from __future__ import annotations

import pytest

from handlers.reading.forwarding import sent_again

OWN = "Avez-vous bien reçu ceci ? Toujours rien de notre côté."
LETTER = "La commune d'Habay souhaite s'inscrire."
MARKED = f"> Bonjour,\n>\n> {LETTER}"
QUOTED = [
    (f"Le 07/09/2026 à 08:14, Luce Simon a écrit :\n{MARKED}", True),
    (f"Le lun. 7 sept. 2026 à 8:14, Luce Simon <l.simon@habay.example> a écrit :\n{MARKED}", True),
    (f"Am Mo., 7. Sept. 2026 um 08:14 Uhr, Luce Simon schrieb:\n{MARKED}", True),
    (f"On Mon, 7 Sep 2026 at 08:14, Luce Simon <L.Simon@habay.example> wrote:\n{MARKED}", True),
    (f"Le 07/09/2026 à 08:14, Luc Gillet a écrit :\n{MARKED}", False),
    (f"Le 07/09/2026 à 08:14, Luce Simon <l.simon@elsewhere.example> a écrit :\n{MARKED}", False),
    (f"Le 07/09/2026 à 08:14, Luce Simon a écrit :\n{LETTER}", False),
    (f"-----Message d'origine-----\nDe : Luce Simon\nEnvoyé : lundi\n\n{LETTER}", True),
    (f"-----Message d'origine-----\nDe : Luc Gillet\nEnvoyé : lundi\n\n{LETTER}", False),
    ("", False),
]


@pytest.mark.parametrize(("quoted", "own"), QUOTED)
def test_ones_own_letter_is_sent_again_and_nobody_elses(quoted: str, own: bool) -> None:
    again = sent_again(OWN, quoted, "l.simon@habay.example", "Luce Simon")
    assert (LETTER in again.text if again else again) is (True if own else None)


def test_words_that_recall_nothing_leave_the_quotation_alone() -> None:
    assert (
        sent_again("Merci beaucoup.", QUOTED[0][0], "l.simon@habay.example", "Luce Simon") is None
    )
