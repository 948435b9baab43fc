"""Questions of one sentence, as the command that answers them."""

from __future__ import annotations

import pytest

from handlers.reading.asking import as_commands


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ("Pourriez-vous me dire qui gère la centrale Énergie ?", "centrale Énergie"),
        ("qui dirige la centrale d'achats Sel de déneigement", "centrale Sel de déneigement"),
        ("C'est quoi la centrale Énergie ?", "centrale Énergie"),
        ("Savez-vous si la centrale Énergie est encore ouverte ?", "centrale Énergie"),
        ("La centrale Énergie est-elle toujours ouverte aux adhésions ?", "centrale Énergie"),
        ("À qui faut-il s'adresser pour la centrale Énergie ?", "interlocuteur Énergie"),
        ("Quelles sont les centrales de la Province ?", "centrales"),
        ("Que propose Flag2000 ?", "fournisseur Flag2000"),
        ("qui fait appel à Flag2000 ?", "fournisseur Flag2000"),
        ("qui a deja l'app mobile ?", "qui utilise app mobile"),
        ("Quelles communes ont déjà pris l'e-guichet ?", "qui utilise e-guichet"),
        ("Qui dispose de l'application mobile ?", "qui utilise application mobile"),
        ("Quelles autres villes se servent du guichet ?", "qui utilise guichet"),
        ("Savez-vous si Arlon utilise le guichet ?", "qui utilise guichet"),
        ("Combien coûte la réservation des salles ?", "fiche réservation des salles"),
        ("Je voudrais savoir combien coûte l'e-guichet", "fiche e-guichet"),
        ("quel est le prix du budget participatif ?", "fiche budget participatif"),
        ("Tarif de la prise de rendez-vous", "fiche prise de rendez-vous"),
        ("prix de l'app mobile pour 12.000 habitants", "fiche app mobile"),
        ("Combien coûte un guichet pour une commune de 8000 habitants ?", "fiche guichet"),
        ("quels documents pour la centrale Énergie ?", "documents Énergie"),
        ("Avez-vous les documents concernant la centrale Énergie", "documents Énergie"),
        (
            "quelles sont les conditions pour adhérer à la centrale Énergie ?",
            "règlement de la centrale Énergie",
        ),
        ("Qui n'a pas encore adhéré à Énergie ?", "communes non adhérentes Énergie"),
        (
            "quelles communes n'ont pas rejoint la centrale Énergie",
            "communes non adhérentes Énergie",
        ),
        ("Quelles solutions utilise la commune de Tellin ?", "fiche Tellin"),
        ("Que possède Tellin ?", "fiche Tellin"),
        ("Pouvez-vous nous transmettre la carte des communes membres ?", "carte"),
        ("Comment passer commande ?", "aide commander"),
        ("comment peut-on adhérer à une centrale ?", "aide adhérer"),
        ("Comment nous inscrire ?", "aide inscrire"),
        ("Quelles sont les dernières actualités ?", "actualités"),
        ("Qui peut adhérer ?", "à propos"),
        ("L'inscription est-elle gratuite ?", "règlement"),
        (
            "Quelle est la différence entre le budget participatif et l'e-guichet ?",
            "comparer budget participatif et e-guichet",
        ),
        ("Merci de nous envoyer le règlement", "règlement"),
        ("Est-il possible d'avoir la liste des communes ?", "liste des communes"),
        ("wie beheert de aankoopcentrale Energie?", "centrale Energie"),
        ("Was kostet das E-Guichet?", "fiche E-Guichet"),
        ("Could you tell me who runs the central Energy?", "centrale Energy"),
    ],
)
def test_a_question_is_its_command(asked: str, command: str) -> None:
    assert command in list(as_commands(asked))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Nous cherchons un jardinier pour le mois de mai",
        "La centrale Énergie nous a écrit hier.",
        "Merci pour la carte",
        "Qui gère la centrale Énergie ? Par ailleurs, notre comptable est malade depuis lundi.",
        "mot " * 26,
        "Que propose" + "x" * 1000,
    ],
)
def test_what_is_no_question_of_one_sentence_is_no_command(said: str) -> None:
    assert list(as_commands(said)) == []
