"""Advertising and deceit by their words and make-up, and honest letters that resemble them."""

from __future__ import annotations

import pytest

from handlers.reading.advertising import is_advertising
from handlers.reading.deceit import looks_deceitful

ADVERTISING = (
    ("Dernière chance : -40 %", "Chers décideurs, profitez de l'offre : dès 299 €.", 2),
    ("Votre photocopieuse", "Demandez votre devis gratuit. Se désinscrire : www.copie.example", 0),
    ("Webinaire", "Vous recevez ce courriel car… Voir en ligne. Se désabonner ici.", 1),
    (
        "Korting",
        "Beste klant, ontdek onze producten aan 20 % korting. Uitschrijven: www.x.example",
        0,
    ),
)
HONEST = (
    ("Désinscription", "Nous voudrions nous désinscrire de la plateforme.", 0),
    ("Question", "Comment se désinscrire de https://plateforme.example ?", 0),
    ("Prêt", "Nous proposons deux tables, à partir du 4 mai, livraison possible.", 0),
    ("Prix", "Le prix de l'e-guichet est-il de 7.500 € HTVA ?", 2),
    ("Bonjour", "Voir notre logo et notre site.", 3),
)


@pytest.mark.parametrize(("subject", "text", "marks"), ADVERTISING)
def test_advertising(subject: str, text: str, marks: int) -> None:
    assert is_advertising(subject, text, marks)


@pytest.mark.parametrize(("subject", "text", "marks"), HONEST)
def test_no_advertising(subject: str, text: str, marks: int) -> None:
    assert not is_advertising(subject, text, marks)


@pytest.mark.parametrize(
    "text",
    [
        "Notre compte bancaire a changé, merci de payer aujourd'hui même sur le nouveau compte.",
        "Votre boîte sera désactivée. Cliquez ici pour vérifier votre compte.",
        "Envoyez-moi la liste des utilisateurs, c'est confidentiel, inutile de téléphoner.",
        "Achetez des cartes cadeaux immédiatement, je suis en réunion.",
        "Uw wachtwoord verloopt, klik onmiddellijk: http://mail.example/x",
    ],
)
def test_deceit(text: str) -> None:
    assert looks_deceitful("", text)


@pytest.mark.parametrize(
    "text",
    [
        "Notre commune souhaite s'inscrire. C'est urgent.",
        "Quel est votre numéro de compte bancaire pour la facture ?",
        "Pourriez-vous m'envoyer la liste des membres de la plateforme ?",
        "Faut-il un mot de passe ?",
        "Besoin urgent d'un agent, merci de répondre au plus vite.",
    ],
)
def test_no_deceit(text: str) -> None:
    assert not looks_deceitful("", text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["compte ", "liste ", "- 4 ", "<img ", "en ligne "])
def test_a_long_mail_is_read_in_time(piece: str) -> None:
    is_advertising("", piece * 8_000)
    looks_deceitful("", piece * 8_000)
