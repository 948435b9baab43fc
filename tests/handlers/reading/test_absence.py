"""Out-of-office notes without headers, and letters that only look like them."""

from __future__ import annotations

import pytest

from handlers.reading.absence import is_absence
from handlers.reading.letter import open_letter


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\n\nJe suis en congé jusqu'au 12. Je vous répondrai à mon retour.\n\nBien à vous",
        "Votre message est bien arrivé. Je serai absente cette semaine.",
        "Actuellement en formation. Pour toute urgence, contactez le secrétariat au 063 00 00 00.",
        "Luc n'est pas au bureau. Vos courriels ne seront pas lus.",
        "Ik ben momenteel met verlof. Voor dringende zaken: secretariaat@gemeente.example",
        "Ich bin zurzeit im Urlaub. In dringenden Fällen wenden Sie sich an das Sekretariat.",
        "I am currently on leave. For urgent matters, please write to my colleague.",
    ],
)
def test_two_marks_make_a_note(text: str) -> None:
    assert is_absence(open_letter("Re: Annonce", text))


@pytest.mark.parametrize(
    "text",
    [
        "Je suis en congé la semaine prochaine.",
        "Je serai absente du 3 au 14. À mon retour je reprends ; Luc me remplace pour cela.",
        "Actuellement en formation, je cherche un remplaçant pour toute urgence au service.",
        "Bien reçu votre mail, merci. Nous pouvons prêter deux agents en cas d'urgence ?",
        "Pour toute urgence, contactez-nous : nous pouvons prêter une pelleteuse.",
        "Nous annulons la commande. Je suis en congé, répondez-moi à mon retour.",
    ],
)
def test_what_somebody_writes_is_none(text: str) -> None:
    assert not is_absence(open_letter("Re: Annonce", text))
