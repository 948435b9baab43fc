"""« Ne m'écrivez plus », in many people's words, and what only resembles it."""

from __future__ import annotations

import pytest

from handlers.reading.silence import asks_for_silence

ASKED = """
Bonjour, ne m'écrivez plus svp. Merci
Merci de ne plus m'envoyer de mails.
Je ne souhaite plus recevoir vos mails.
nous ne voulons plus recevoir d'annonces
Veuillez ne plus nous contacter.
Arrêtez de m'écrire !
Arretez vos mails
cessez l'envoi de ces messages
Merci de me retirer de votre liste de diffusion.
Désabonnez-moi de vos envois
Pourriez-vous me retirer de la mailing liste, merci
Je ne désire plus être contacté.
je ne veut plus recevoir ces message
Plus de mails s'il vous plaît
Pouvez-vous ne plus m'envoyer ces annonces ?
Serait-il possible de ne plus recevoir vos mails svp ?
stop aux annonces
Nous souhaitons ne plus recevoir ces annonces.
Gelieve mij geen mails meer te sturen.
Stuur me aub geen berichten meer
Ik wil geen aankondigingen meer ontvangen.
Schrijf mij uit van de mailinglijst
Bitte schicken Sie mir keine Mails mehr.
Ich möchte keine Nachrichten mehr erhalten.
Please stop emailing me.
Please take me off your mailing list
I no longer wish to receive these messages.
No more emails please
"""
NOT_ASKED = """
Bonjour, je ne reçois plus vos mails depuis lundi.
Pourquoi ne m'écrivez-vous plus ?
Ne m'écrivez plus à cette adresse, utilisez plutôt accueil@musson.example.
Ne m'envoyez plus de mails avant le 5 mai, je suis en congé.
Je ne souhaite plus recevoir les annonces de matériel, seulement celles de personnel.
Je ne veux plus recevoir vos mails en double.
Nous ne voulons plus faire partie de la plateforme ni recevoir vos mails.
Nous n'avons plus de mails depuis la panne, pouvez-vous aider ?
Notre collègue ne travaille plus ici.
Je vous écris à propos de la pelleteuse.
Merci de nous envoyer vos mails en français.
Ne nous écrivez plus, écrivez à ma collègue Anne Martin qui me remplace.
La commune n'envoie plus de courriers papier depuis janvier.
"""


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("words", _lines(ASKED))
def test_who_asks_for_silence_is_heard(words: str) -> None:
    assert asks_for_silence("Re: Annonce", words)
    assert asks_for_silence("", f"Bonjour,\n\n{words}\n\nBien à vous,\nHélène Lambiotte")


@pytest.mark.parametrize("words", _lines(NOT_ASKED))
def test_what_has_a_limit_or_says_something_else_is_not_taken_for_it(words: str) -> None:
    assert not asks_for_silence("Re: Annonce", words)


def test_the_subject_alone_is_enough() -> None:
    assert asks_for_silence("Merci de ne plus m'envoyer de mails", "")
