"""How often people wish to be told what is said to everybody, and what only resembles it."""

from __future__ import annotations

import pytest

from handlers.reading.frequency import Frequency, find_frequency

DAILY = """
Je reçois trop de mails, serait-il possible de n'en recevoir qu'un par jour svp ?
est-ce possible de regrouper les annonces en un seul mail quotidien ? Merci
Je préfère recevoir un résumé une fois par jour plutôt que chaque annonce
Un seul mail par jour me suffit.
Pourrais-je ne recevoir qu'un mail par jour ?
Pourriez-vous m'envoyer un récapitulatif quotidien à la place de chaque annonce ?
Kan ik één mail per dag krijgen?
Graag een dagelijks overzicht sturen in plaats van alle berichten
Bitte schicken Sie mir nur eine Mail pro Tag
Could you send me a daily summary instead?
"""
AT_ONCE = """
je souhaite à nouveau recevoir les annonces tout de suite
Merci de m'envoyer de nouveau toutes les annonces
Nous voudrions recevoir les annonces dès leur publication
Ik wil de aankondigingen opnieuw ontvangen
Ich möchte die Anzeigen wieder erhalten
"""
OWN = """
Pouvez-vous ne plus m'envoyer les annonces des autres communes ? Seulement ce qui me concerne
Je souhaite ne recevoir des messages que pour ce qui me concerne, uniquement ce qui me concerne
Merci de m'envoyer uniquement ce qui concerne ma commune, pas tous les messages
"""
NOT_ASKED = """
Nous cherchons un agent deux heures par jour.
Je reçois un mail par jour de vous, est-ce normal ?
Nous souhaitons recevoir 20 repas par jour, pouvez-vous nous envoyer un message ?
Le résumé quotidien n'est pas arrivé, merci de me l'envoyer.
Je ne reçois plus les annonces, pouvez-vous me les envoyer à nouveau ?
Pouvez-vous m'envoyer à nouveau le mail de confirmation ?
Pouvez-vous m'envoyer à nouveau l'annonce 12 ?
Merci de nous envoyer le modèle de convention tout de suite.
Nous voudrions un agent tout de suite.
"""


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize(
    ("words", "wished"),
    [
        *((line, Frequency.DAILY) for line in _lines(DAILY)),
        *((line, Frequency.AT_ONCE) for line in _lines(AT_ONCE)),
        *((line, Frequency.OWN) for line in _lines(OWN)),
        *((line, None) for line in _lines(NOT_ASKED)),
    ],
)
def test_a_wish_is_read(words: str, wished: Frequency | None) -> None:
    assert find_frequency("Re: Annonce", words) is wished
    signed = f"Bonjour,\n\n{words}\n\nBien à vous,\nHélène Lambiotte"
    assert find_frequency("", signed) is wished


def test_a_long_letter_says_more_than_that() -> None:
    words = "Merci de m'envoyer un seul mail par jour. "
    assert find_frequency("", words + "Nous avons encore ceci à vous dire. " * 6) is None
