"""Who has found, and says so of an announcement of their own; and what only resembles it."""

from __future__ import annotations

import pytest

from handlers.reading.closing import asks_to_close

SAID = """
Nous avons trouvé, vous pouvez clôturer notre demande de nacelle. Merci à tous
Bonjour, on a trouvé, merci de retirer notre annonce.
Veuillez supprimer notre demande, nous n'en avons plus besoin.
Notre demande du 3 mars est pourvue, merci à tous !
Nous n'avons plus besoin d'un agent, notre demande peut être clôturée.
Notre offre n'est plus disponible.
La nacelle est réparée : notre annonce n'est plus d'actualité.
Onze aanvraag mag afgesloten worden.
Sluit onze aankondiging a.u.b.
Unsere Anzeige kann geschlossen werden.
Please withdraw our request, we found somebody.
"""
NOT_SAID = """
Nous avons trouvé une nacelle pour votre demande.
Faut-il clôturer notre demande ?
Notre demande n'est pas encore pourvue.
Ne retirez pas notre annonce, nous cherchons toujours.
Nous cherchons une nacelle du 4 au 8 mai.
Vous pouvez retirer notre réponse.
Vous pouvez annuler notre commande.
Nous n'avons plus de nacelle et en cherchons une.
Nous avons trouvé un agent, mais notre demande de machine reste ouverte.
Si nous trouvons, nous retirerons notre demande.
"""


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize(
    ("words", "said"), [*((t, True) for t in _lines(SAID)), *((t, False) for t in _lines(NOT_SAID))]
)
def test_what_is_said_of_an_own_announcement(words: str, said: bool) -> None:
    assert asks_to_close(words) is said
    assert asks_to_close(f"Bonjour,\n\n{words}\n\nBien à vous,\nHélène Lambiotte") is said
