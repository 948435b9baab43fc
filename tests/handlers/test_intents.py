"""What a message wants; in doubt it is a question, which a person answers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.territory import load_territory
from handlers.intents import Intent, Understanding, understand
from handlers.reading.amounts import Amount, Vat

TERRITORY = load_territory("luxembourg_be")
TODAY = date(2026, 3, 24)


def _understand(text: str, subject: str = "", address: str = "x@virton.example") -> Understanding:
    return understand(subject, text, address, "", TODAY, TERRITORY)


N = Intent
MEANT = {
    # register
    "La commune de Virton souhaite s'inscrire à la plateforme.": N.REGISTER,
    "Veuillez nous inscrire à votre plateforme.": N.REGISTER,
    "Pourriez-vous nous inscrire à la plateforme ?": N.REGISTER,
    "Nous aimerions faire partie de votre réseau d'entraide.": N.REGISTER,
    "Le Collège a décidé d'adhérer à la plateforme supracommunale.": N.REGISTER,
    "LE CPAS DE VIRTON DESIRE DEVENIR MEMBRE DE LA PLATEFORME": N.REGISTER,
    "Nous ne sommes pas encore inscrits, merci de nous inscrire.": N.REGISTER,
    "Nous souhaitons participer à la plateforme. Quelle est la marche à suivre ?": N.REGISTER,
    "Par la présente, la zone de police Gaume introduit sa demande d'affiliation.": N.REGISTER,
    # a colleague who is away, and no note of absence
    "Een collega is afwezig tot juni. Wij zoeken een vervanger voor onze dienst.": N.QUESTION,
    # not an act: denied, supposed, asked
    "Nous ne souhaitons pas nous inscrire.": N.QUESTION,
    "La commune ne désire pas participer à la plateforme.": N.QUESTION,
    "Non merci, pas d'inscription pour nous.": N.QUESTION,
    "Si nous devions nous inscrire, serait-ce payant ?": N.QUESTION,
    "Nous envisageons de nous inscrire l'an prochain.": N.QUESTION,
    "Si nous devions commander l'e-guichet, quel serait le délai ?": N.QUESTION,
    "Au cas où nous voudrions commander, faut-il une décision ?": N.QUESTION,
    "Nous ne commandons pas cette année.": N.QUESTION,
    "Le Collège doit encore se prononcer avant de nous inscrire.": N.QUESTION,
    "Bonjour, merci pour votre accueil.": N.QUESTION,
    "Faut-il quitter la plateforme si la commune fusionne ?": N.QUESTION,
    "": N.QUESTION,
    "Le Collège a décidé de ne pas donner suite à l'inscription.": N.QUESTION,
    "L'inscription de la commune de Virton est-elle effective ?": N.QUESTION,
    "Nous souhaitons inscrire deux agents à la formation du 21 avril.": N.QUESTION,
    "Je voudrais inscrire mon fils à la plaine de vacances.": N.QUESTION,
    "Merci d'annuler notre commande CMD-2026-0004.": N.QUESTION,
    # help
    "Comment s'inscrire ?": N.HELP,
    "Comment faire pour publier une annonce ?": N.HELP,
    "aide": N.HELP,
    "Aide !": N.HELP,
    "Comment devenir membre de la plateforme ?": N.HELP,
    "Pouvez-vous me dire comment commander ?": N.HELP,
    # purchasing
    "La commune de Virton adhère à la centrale Smart.": N.JOIN_CENTRAL,
    "Veuillez trouver la décision d'adhésion à la centrale d'achat Smart.": N.JOIN_CENTRAL,
    "Nous souhaitons adhérer à votre centrale, délibération du 9 mars, réf. 2026/114.":
        N.JOIN_CENTRAL,
    "Nous passons commande de l'e-guichet.": N.ORDER,
    "Veuillez trouver ci-joint notre bon de commande.": N.ORDER,
    "La commune souhaite commander la solution e-guichet à 24.000 € HTVA.": N.ORDER,
    "Comme la commune a déjà adhéré à la centrale, nous commandons le budget participatif.":
        N.ORDER,
    "Où en est notre commande CMD-2026-0031 ?": N.ORDER_STATUS,
    "Quand le marché sera-t-il attribué ?": N.ORDER_STATUS,
    "Quelle est l'échéance de notre contrat CMD-2022-0005 ?": N.ORDER_STATUS,
    "Pourriez-vous m'envoyer le catalogue ?": N.CATALOGUE,
    "Quelles solutions sont proposées par la centrale ?": N.CATALOGUE,
    "Pouvez-vous m'envoyer la fiche de l'e-guichet ?": N.SHEET,
    "Auriez-vous un descriptif de la solution budget participatif ?": N.SHEET,
    "Combien de communes ont commandé l'e-guichet ?": N.STATISTICS,
    "Je souhaiterais recevoir les statistiques de la plateforme.": N.STATISTICS,
    # leaving, people
    "Nous souhaitons nous désinscrire au 30 juin.": N.LEAVE,
    "Le Conseil a décidé de mettre fin à notre participation à la plateforme.": N.LEAVE,
    "Veuillez nous désinscrire de la plateforme.": N.LEAVE,
    "Nous ne voulons pas nous désinscrire.": N.QUESTION,
    "Notre utilisateur Jean Petit a quitté la commune, il est remplacé par Julie Noël.":
        N.CHANGE_USER,
    "Pendant mes congés, ma collègue Julie Noël peut répondre à ma place.": N.DEPUTY,
    # sharing
    "Nous cherchons un agent pour le service population du 4 au 29 mai.": N.ANNOUNCEMENT,
    "Quelqu'un pourrait-il nous prêter une balayeuse ?": N.ANNOUNCEMENT,
    "Nous mettons à disposition un podium et des barrières.": N.ANNOUNCEMENT,
    "Le CPAS de Virton a besoin d'une puéricultrice dès lundi.": N.ANNOUNCEMENT,
    "Pour votre annonce n° 27, nous pouvons détacher un agent dès lundi.": N.ANNOUNCEMENT_ANSWER,
    "Pourriez-vous nous envoyer le modèle de convention de prêt ?": N.TEMPLATE_REQUEST,
    # machines
    "Je suis absente du bureau. Ceci est une réponse automatique.": N.AUTO_REPLY,
    "Nos offres de matériel ! Se désabonner : https://envoi.example/u": N.BULK,
}  # fmt: skip


@pytest.mark.parametrize(("text", "intent"), MEANT.items())
def test_what_a_sentence_wants(text: str, intent: Intent) -> None:
    assert _understand(text).intent is intent


@pytest.mark.parametrize(
    ("subject", "intent"),
    [
        ("Inscription de la commune de Virton", N.REGISTER),
        ("aide", N.HELP),
        ("catalogue", N.CATALOGUE),
        ("statistiques", N.STATISTICS),
        ("Demande d'inscription", N.REGISTER),
        ("Désinscription", N.LEAVE),
        ("Recherche agent population du 4 au 29 mai", N.ANNOUNCEMENT),
        ("bonjour", N.QUESTION),
    ],
)
def test_the_subject_alone(subject: str, intent: Intent) -> None:
    assert _understand("", subject).intent is intent


@pytest.mark.parametrize(
    ("text", "subject", "intent"),
    [
        ("oui", "Re: Votre commande CMD-2026-0031", N.ORDER_CONFIRM),
        ("Oui, je confirme.", "Re: commande CMD-2026-0031", N.ORDER_CONFIRM),
        ("je confirme la commande CMD-2026-0031", "", N.ORDER_CONFIRM),
        ("oui", "Re: bonjour", N.QUESTION),
        ("non", "Re: Votre commande CMD-2026-0031", N.QUESTION),
        ("oui mais pas pour l'e-guichet ?", "Re: Votre commande CMD-2026-0031", N.QUESTION),
    ],
)
def test_consent_to_an_order(text: str, subject: str, intent: Intent) -> None:
    assert _understand(text, subject).intent is intent


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Inscription", "Nous ne souhaitons pas nous inscrire."),
        ("Inscription", "L'inscription de la commune est-elle effective ?"),
        ("Commande", "Si nous devions commander, quel serait le délai ?"),
        ("Désinscription", "Nous ne voulons pas nous désinscrire."),
    ],
)
def test_a_subject_does_not_say_what_the_body_takes_back(subject: str, text: str) -> None:
    assert _understand(text, subject).intent is Intent.QUESTION


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece", ["le 4 ", "\n", "M. ", "Aa Bb ", "0 6 ", "a", "(", "Nom : ", "ne ", "du 4 au ", "> "]
)
def test_a_long_monotonous_mail_is_read_in_time(piece: str) -> None:
    _understand(piece * (60_000 // len(piece)))


def test_two_equal_wishes_are_a_question_that_names_both() -> None:
    read = _understand(
        "Nous passons commande de l'e-guichet. Nous souhaitons adhérer à la centrale."
    )
    assert read.intent is Intent.QUESTION
    assert set(read.also) == {Intent.ORDER, Intent.JOIN_CENTRAL}


def test_fields_of_joining() -> None:
    read = _understand(
        "La commune de Virton adhère à la centrale Smart (délibération du Collège du 9 mars 2026, "
        "réf. 2026/114)."
    )
    assert read.central == "Smart"
    assert read.decision is not None
    assert (read.decision.day, read.decision.reference) == (date(2026, 3, 9), "2026/114")
    assert read.registration.institution is not None
    assert read.registration.institution.name == "Commune de Virton"


def test_fields_of_an_order() -> None:
    read = _understand("Nous passons commande : e-guichet 24.000 € HTVA (CMD-2026-0031).")
    assert [found.reading for found in read.amounts] == [Amount(2_400_000, Vat.EXCLUDED)]
    assert read.references == ("CMD-2026-0031",)


def test_fields_of_an_announcement() -> None:
    read = _understand("Nous cherchons un agent population du 4 au 29 mai. Le service est bloqué.")
    assert read.announcement is not None
    assert read.announcement.period is not None
    assert read.announcement.period.start == date(2026, 5, 4)


def test_a_mail_server_speaks() -> None:
    read = _understand("Delivery failed", address="MAILER-DAEMON@mx.example")
    assert read.intent is Intent.BOUNCE


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_message_has_an_answer(text: str, subject: str) -> None:
    assert isinstance(_understand(text, subject), Understanding)
