"""How clerks say it: many wordings per intent, in four languages, and near misses beside them.

The wordings are properties of the language; where two readings are possible, a person answers.
"""

from __future__ import annotations

from datetime import date

import pytest

from config.territory import load_territory
from handlers.intents import Intent, understand

TERRITORY = load_territory("luxembourg_be")
N = Intent


def _meant(text: str, subject: str = "") -> Intent:
    day = date(2026, 3, 24)
    return understand(subject, text, "x@virton.example", "", day, TERRITORY).intent


SAID: dict[Intent, tuple[str, ...]] = {
    N.REGISTER: (
        "La commune souhaite être inscrite sur votre plateforme.",
        "On aimerait s'inscrire chez vous.",
        "Nous souhaiterions rejoindre votre réseau d'entraide.",
        "Merci de bien vouloir enregistrer le CPAS de Vaux-sur-Sûre comme membre.",
        "Le Bureau permanent a marqué son accord pour participer à la plateforme.",
        "nous voulons nous insrire a la platforme supracommunale",
        "Comment faire pour en être ? Nous souhaitons nous inscrire.",
        "Notre zone de police désire adhérer à votre dispositif d'échange.",
        "Pourriez-vous ajouter notre commune parmi les membres de la plateforme ? Nous souhaitons"
        " en faire partie.",
        "De gemeente wil zich inschrijven op uw platform.",
        "Unsere Gemeinde möchte sich auf Ihrer Plattform anmelden.",
        "Our municipality would like to join your platform.",
        "Tu peux écrire à la plateforme que la commune s'inscrit ?",
        "Veuillez trouver en annexe le formulaire d'inscription complété.",
        "Je vous confirme que la Ville souhaite faire partie des membres et vous prie de"
        " l'inscrire.",
    ),
    N.CHANGE_USER: (
        "À partir du 1er septembre, Mme Julie Noël remplacera M. Petit comme utilisatrice.",
        "Veuillez noter le changement de personne de contact pour notre commune.",
        "Notre nouvelle personne de référence est Mme Julie Noël.",
        "Je pars à la pension fin juin et c'est ma collègue Julie Noël qui me succédera.",
        "Jean Petit ne travaille plus chez nous ; merci de mettre Julie Noël à sa place.",
        "Mon adresse mail a changé.",
        "Merci de remplacer mon ancienne adresse par celle-ci.",
        "Veuillez ajouter Julie Noël comme deuxième utilisatrice.",
        "Dorénavant, l'utilisatrice pour le CPAS sera Mme Noël.",
        "J'ai repris les dossiers de Martine ; merci de me noter à sa place.",
        "Pouvez-vous modifier la personne de contact de notre zone de police ?",
        "Onze nieuwe contactpersoon is Jan Peeters.",
        "Unsere neue Ansprechpartnerin ist Frau Weber.",
        "Our new contact person is Jane Smith.",
    ),
    N.DEPUTY: (
        "En mon absence du 3 au 14 août, ma collègue Julie Noël assurera le suivi.",
        "Je désigne Julie Noël comme suppléante du 3 au 14 août.",
        "Pendant mon congé de maternité, Luc Hardy est habilité à confirmer pour nous.",
        "Julie Noël me remplace du 3 au 14 août.",
        "Ma collègue gérera la plateforme pendant mes vacances.",
        "Durant cette période, Luc Hardy peut agir à ma place.",
        "Luc Hardy assurera l'intérim jusqu'au 15 septembre.",
        "Tijdens mijn verlof mag Jan Peeters mij vervangen.",
        "Während meines Urlaubs vertritt mich Frau Weber.",
        "While I am on leave, Jane Smith will act in my place.",
    ),
    N.LEAVE: (
        "Nous ne souhaitons plus faire partie de la plateforme.",
        "Le Collège a décidé de ne plus participer à la plateforme.",
        "Merci de nous retirer de la liste des membres.",
        "Veuillez supprimer notre commune de la plateforme.",
        "La commune se retire du réseau au 31 décembre.",
        "Nous résilions notre affiliation à la plateforme.",
        "Le Conseil met fin à son adhésion à la plateforme.",
        "Nous avons décidé de quitter la plateforme.",
        "Le CPAS cesse de participer à la plateforme au 1er janvier.",
        "merci de nous desincrire",
        "Wij willen ons uitschrijven.",
        "Wir möchten uns von der Plattform abmelden.",
        "We would like to leave the platform.",
    ),
    N.JOIN_CENTRAL: (
        "Le Conseil communal a décidé d'adhérer à la centrale d'achats Smart.",
        "Voici la délibération d'adhésion à votre centrale.",
        "Notre CPAS souhaite rejoindre la centrale Smart.",
        "Le Conseil a approuvé la convention d'adhésion à la centrale d'achat.",
        "Nous souhaitons recourir à votre centrale d'achat et y adhérer.",
    ),
    N.ORDER: (
        "Veuillez acter la commande suivante : e-guichet.",
        "Merci d'enregistrer notre commande de deux licences.",
        "Nous vous commandons l'application mobile.",
        "Ci-joint le bon de commande signé.",
        "La Ville souhaite acquérir l'e-guichet.",
        "Par la présente, le Collège passe commande de la solution e-guichet.",
        "Pour la commune : e-guichet 7.500 € HTVA, TVA 21 %, total TVAC 9.075 €. Collège du"
        " 4 juin, article 104/742-53, notre réf. 2026/114.",
        "veuillez prendre bonne note de la comande ci-dessous",
        "Wij bestellen het e-loket.",
        "Wir bestellen das Modul.",
        "Please find our purchase order attached.",
    ),
    N.ORDER_STATUS: (
        "Où en est notre commande ?",
        "Quand notre contrat e-guichet prend-il fin ?",
        "Je n'ai toujours rien reçu concernant la commande CMD-2026-0031, avez-vous des nouvelles ?",
        "Pouvez-vous me donner la date de fin du marché repas ?",
        "J'ai besoin de savoir à quelle date se termine notre contrat.",
        "Notre marché arrive à échéance, à quelle date exactement ?",
        "Avez-vous des nouvelles de notre commande ?",
        "Quel est l'état d'avancement de la commande CMD-2026-0031 ?",
        "Pourriez-vous nous envoyer un relevé de nos commandes en cours ?",
        "Wat is de status van onze bestelling?",
        "Wann endet unser Vertrag?",
        "What is the status of our order?",
    ),
    N.CATALOGUE: (
        "Pouvez vous m'envoyer la liste à jour des solutions de la centrale ?",
        "Quels logiciels peut-on commander par la centrale ?",
        "Que propose la centrale Smart ?",
        "Serait-il possible de recevoir le catalogue ?",
        "Si vous avez un catalogue, je veux bien le recevoir.",
        "Kunt u ons de catalogus sturen?",
        "Können Sie uns den Katalog schicken?",
        "Could you send us the catalogue?",
    ),
    N.TEMPLATE_REQUEST: (
        "Auriez-vous un modèle de convention de mise à disposition ?",
        "Nous cherchons un modèle de cahier des charges pour un marché de services.",
        "Pouvez-vous me transmettre la convention-type de prêt ?",
        "Disposez-vous d'un exemple de délibération ?",
        "Auriez-vous le modèle et me dire si on reste sous le seuil ?",
        "Si vous avez un canevas de délibération, merci de me l'envoyer.",
        "Existe-t-il une délibération type pour l'adhésion ?",
        "Hebt u een sjabloon?",
        "Haben Sie eine Vorlage?",
        "Do you have a template?",
    ),
    N.STATISTICS: (
        "Combien de communes participent à la plateforme ?",
        "Pouvez-vous nous donner quelques chiffres sur la plateforme ?",
        "Hoeveel gemeenten nemen deel?",
        "How many municipalities take part?",
    ),
    N.HELP: (
        "Comment dois-je faire pour déposer une annonce ?",
        "Comment ça marche ?",
        "Je ne sais pas comment on publie. Comment faire ?",
        "Pouvez-vous m'envoyer le mode d'emploi ?",
        "Comment puis-je répondre à une annonce ?",
        "Hoe werkt het platform?",
        "Wie funktioniert die Plattform?",
        "How does it work?",
    ),
    N.SURVEY_ANSWER: (
        "Voici nos réponses à l'enquête.",
        "Veuillez trouver ci-joint le questionnaire complété.",
        "J'ai rempli l'enquête sur la formation.",
    ),
    N.ANNOUNCEMENT: (
        "Nous recherchons une nacelle du 4 au 8 mai.",
        "Quelqu'un aurait-il un radar préventif à nous prêter ?",
        "Qui pourrait nous dépanner avec une balayeuse la semaine prochaine ?",
        "Nous aurions besoin d'un renfort au service population en mai.",
        "Une commune dispose-t-elle d'un chapiteau pour le week-end du 12 juin ?",
        "Il nous manque 50 chaises pour la fête du 12 juin.",
        "Nous pouvons prêter deux groupes électrogènes en juin.",
        "À donner : 12 bureaux et 20 chaises, à venir chercher avant le 30 avril.",
        "Le CPAS met à disposition un minibus le week-end.",
        "Notre chauffeur est disponible du 1er au 15 juillet.",
        "Nous avons trois tables en trop, avis aux amateurs.",
        "Wij zoeken een veegmachine, wie heeft er een voertuig (camion) ?",
    ),
    N.ANNOUNCEMENT_ANSWER: (
        "Suite à votre annonce n° 27, nous pouvons détacher un agent.",
        "Concernant l'annonce 27 : désolé, nous n'avons personne de disponible.",
        "En réponse à votre appel, la Ville peut prêter dix tables.",
        "Nous avons vu votre annonce pour une balayeuse, la nôtre est libre en mai.",
        "Pour l'annonce 27, malheureusement nous ne pouvons pas aider.",
        "L'annonce 27 nous intéresse.",
    ),
    N.BULK: (
        "Chers clients, profitez de -20 % sur notre gamme de mobilier ! Se désinscrire :"
        " https://envoi.example/u",
        "Vous recevez cet e-mail car vous êtes abonné. Découvrez nos produits. Unsubscribe here.",
        "Beste klant, profiteer van 20 % korting. Uitschrijven: https://envoi.example/u",
        "Dear customer, last chance: 20 % discount. Unsubscribe: https://envoi.example/u",
        "Liebe Kunden, jetzt bestellen mit 20 % Rabatt. Abbestellen: https://envoi.example/u",
        "Notre société, leader du mobilier urbain, vous offre un devis gratuit. Découvrez notre"
        " gamme : remise de 15 %, livraison gratuite.",
    ),
    N.AUTO_REPLY: (
        "Je suis absente du bureau jusqu'au 4 mai. Ceci est un message automatique.",
        "I am out of office until Monday.",
    ),
}


@pytest.mark.parametrize(
    ("intent", "text"), [(intent, text) for intent, texts in SAID.items() for text in texts]
)
def test_a_wording_is_recognised(intent: Intent, text: str) -> None:
    assert _meant(text) is intent


@pytest.mark.parametrize(
    ("subject", "text", "intent"),
    [
        ("Résiliation", "Merci d'en prendre note au 31/12.", N.LEAVE),
        ("Retrait de la commune", "Nous ne participerons plus à la plateforme.", N.LEAVE),
        (
            "Commande Tellin 2026/02",
            "Application mobile : 4.800,- € HTVA. Marché de 4 ans.",
            N.ORDER,
        ),
        ("échéance e-guichet", "À quelle date exacte se termine-t-il ?", N.ORDER_STATUS),
        (
            "modèle de convention",
            "Pourriez-vous me la faire parvenir en Word ?",
            N.TEMPLATE_REQUEST,
        ),
        ("Liste solutions Smart", "C'est pour le Collège de jeudi.", N.CATALOGUE),
        ("Centrale Smart : adhésion de la commune", "Délibération ci-jointe.", N.JOIN_CENTRAL),
        ("chapiteau 6 x 12", "Week-end du 12 septembre. À diffuser à tous svp.", N.ANNOUNCEMENT),
        ("Remplacement pendant mes congés", "Luc Hardy me remplace du 3 au 14 août.", N.DEPUTY),
        ("Re: Enquête 4", "1) oui 2) non 3) 8/10", N.SURVEY_ANSWER),
        ("RE: [Annonce 27] Demande", "Chez nous ce n'est pas possible.", N.ANNOUNCEMENT_ANSWER),
        ("Accepté : enlèvement", "", N.CALENDAR_REPLY),
        ("mode d'emploi", "Bonjour, pourriez-vous me l'envoyer ? Merci.", N.HELP),
        ("changement d'adresse", "Merci d'en tenir compte.", N.CHANGE_USER),
    ],
)
def test_subject_and_text_together(subject: str, text: str, intent: Intent) -> None:
    assert _meant(text, subject) is intent


NEAR_MISSES = (
    "Nous n'avons pas l'intention de quitter la plateforme.",
    "Pourquoi ne sommes-nous plus membres ?",
    "Faut-il résilier avant la fusion ?",
    "Nous réfléchissons à un départ de la plateforme.",
    "Nous souhaitons résilier le contrat avec notre fournisseur d'électricité.",
    "Nous voudrions quitter la centrale Smart.",
    "Si jamais je devais être absent, qui pourrait agir ?",
    "Un suppléant est-il obligatoire ?",
    "Peut-on changer d'utilisateur en cours d'année ?",
    "Nous ne changeons pas d'utilisateur.",
    "Le Collège n'a pas encore décidé de commander.",
    "Nous ne passerons pas commande cette année.",
    "Pourriez-vous nous rappeler demain au sujet de la facture ?",
    "Avez-vous bien reçu mon mail de mardi ?",
    "Merci de me confirmer la bonne réception de ce message.",
    "J'ai besoin de connaître le nom de votre responsable.",
    "Nous cherchons à joindre votre service.",
    "Qui paie l'assurance pendant un prêt ?",
    "Un agent vous appellera lundi.",
    "Je vous souhaite une bonne année.",
    "Votre collègue m'a expliqué que le délai était de vingt jours.",
    "La réunion du 12 juin aura lieu dans la salle du conseil.",
    "Nous avons bien reçu votre facture de 250 € HTVA.",
    "Pour un marché de 25.000 € HTVA, faut-il consulter trois entreprises ?",
    "Nous voudrions inscrire trois collègues à la séance d'information.",
    "Notre adresse de facturation est rue du Moulin 1.",
)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_a_question(text: str) -> None:
    assert _meant(text) is Intent.QUESTION
