"""A yes or a no in a clerk's own words; anything less plain is neither."""

from __future__ import annotations

import pytest

from handlers.reading.consent import calls_off, plain_consent

YES = (
    "Oui, c'est bon pour nous.",
    "Bonjour,\n\nC'est parfait, vous pouvez lancer.\n\nBien à vous,\nJulie Noël",
    "Bon pour accord.",
    "Nous confirmons la commande. Merci !",
    "Pas de souci, tout est correct, allez-y.",
    "Je valide.\nBonne journée",
    "ok pour nous",
    "Le Collège marque son accord, c'est conforme.",
    "Commande confirmée, merci pour votre suivi.",
    "Oui, je vous confirme. Le bon de commande signé suit par courrier.",
    "Akkoord, dank u.",
    "Einverstanden.",
    "Yes, go ahead.",
)
NO = (
    "Non, merci.",
    "Bonjour,\nNous annulons, le budget n'est pas voté.",
    "Merci d'annuler, le Collège a changé d'avis.",
    "NON. Désolée pour le dérangement.",
    "Ne donnez pas suite : nous renonçons à cette commande.",
    "Nee, annuleren a.u.b.",
    "Nein, bitte stornieren.",
)
NEITHER = (
    "Oui, mais pas pour l'e-guichet.",
    "Oui, sauf la deuxième ligne.",
    "C'est bon pour nous, si le Collège marque son accord lundi.",
    "Oui, le Collège doit encore se prononcer.",
    "Oui, dès que la délibération est signée.",
    "Oui ! Pouvez-vous changer la quantité ?",
    "D'accord. Merci de remplacer l'adresse de facturation.",
    "En principe c'est bon.",
    "Oui uniquement pour le budget participatif.",
    "Nous ne confirmons pas encore.",
    "Est-ce bien la bonne durée ?",
    "Oui, annulez la précédente.",
    "Non, plutôt deux licences.",
    "Merci pour votre message.",
    "Le montant n'est pas correct.",
    "",
    "Je reviens vers vous demain.",
    "Oui, nous confirmons après le Conseil du 4 juin.",
)


@pytest.mark.parametrize(
    ("text", "said"),
    [*((t, True) for t in YES), *((t, False) for t in NO), *((t, None) for t in NEITHER)],
)
def test_what_an_answer_says(text: str, said: bool | None) -> None:
    assert plain_consent(text) is said


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["oui ", "non ", "je vous la le l'", "\n", "pas de "])
def test_a_long_answer_is_read_in_time(piece: str) -> None:
    plain_consent(piece * 20_000)


OFF = (
    "Finalement non, notre Collège doit d'abord se prononcer. Annulez svp",
    "laissez tomber, on verra l'année prochaine",
    "Bonjour,\n\nfinalement nous ne commandons pas, désolé.\n\nBien à vous,\nAnne Hardy",
    "plus besoin, nous avons trouvé, merci !",
    "Oubliez, la commune voisine nous dépanne.",
    "Nous abandonnons ce projet.",
    "Laat maar, niet meer nodig.",
    "Never mind, please cancel.",
)
ON = (
    "Finalement non, le 9 mai.",
    "Annulez la ligne 2.",
    "Annulez et remplacez par deux licences.",
    "E-guichet, 24.000 € HTVA, nous n'oublions pas la décision.",
    "Faut-il annuler ?",
    "Non, c'est Anne Hardy qui sera désignée.",
    "Vous pouvez valider ; notre ancien contrat est annulé fin décembre.",
    "Allez-y, on annule l'autre.",
    "La personne désignée est Anne Hardy.",
)


@pytest.mark.parametrize(("text", "off"), [*((t, True) for t in OFF), *((t, False) for t in ON)])
def test_all_of_it_may_be_called_off(text: str, off: bool) -> None:
    assert calls_off(text) is off
