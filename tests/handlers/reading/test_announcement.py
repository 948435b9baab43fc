"""Demands and offers in free sentences, written on Tuesday 24 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.reading.announcement import Announcement, Lacking, Severity, read_announcement
from handlers.reading.categories import Category
from handlers.reading.letter import open_letter
from handlers.reading.sides import Side

TODAY = date(2026, 3, 24)
D, OFFER = Side.DEMAND, Side.OFFER
STAFF, GEAR, KNOW = Category.STAFF, Category.EQUIPMENT, Category.KNOWLEDGE

SENTENCES: dict[str, tuple[Side | None, Category | None]] = {
    "Nous cherchons un agent pour le service population du 4 au 29 mai.": (D, STAFF),
    "Nous recherchons d'urgence une puéricultrice pour notre crèche.": (D, STAFF),
    "Qui pourrait nous prêter un employé pendant trois semaines dès lundi ?": (D, STAFF),
    "Le CPAS a besoin d'un assistant social à mi-temps.": (D, STAFF),
    "Notre service travaux manque de bras : il nous faudrait deux ouvriers en avril.": (D, STAFF),
    "La commune est à court d'agents à l'état civil.": (D, STAFF),
    "Quelqu'un aurait-il un comptable disponible la semaine prochaine ?": (D, STAFF),
    "URGENT : BESOIN D UN CHAUFFEUR DEMAIN": (D, STAFF),
    "Demande de renfort pour le guichet population": (D, STAFF),
    "Pourriez-vous nous dépanner avec un agent de secrétariat ?": (D, STAFF),
    "Nous souhaiterions emprunter un podium et 40 barrières Nadar.": (D, GEAR),
    "Une commune pourrait-elle nous prêter sa balayeuse ?": (D, GEAR),
    "Recherche chapiteau 6x12 pour la fête du 21 juillet": (D, GEAR),
    "Nous sommes preneurs d'une lame à neige.": (D, GEAR),
    "Qui a un broyeur à louer ou à prêter ?": (D, GEAR),
    "Nous cherchons des isoloirs et des urnes.": (D, GEAR),
    "Nous cherchons un modèle de règlement-taxe sur les secondes résidences.": (D, KNOW),
    "Quelqu'un a-t-il l'expérience d'un budget participatif ?": (D, KNOW),
    "Nous avons besoin d'un avis sur un cahier des charges.": (D, KNOW),
    "La commune de Gouvy met à disposition un tracteur avec remorque.": (OFFER, GEAR),
    "Nous proposons notre nacelle, disponible en mai.": (OFFER, GEAR),
    "Nous pouvons prêter 200 chaises et 30 tables.": (OFFER, GEAR),
    "Offre : podium et sono à prêter": (OFFER, GEAR),
    "Notre zone peut prêter deux afficheurs de vitesse du 1er juin au 30 septembre.": (OFFER, GEAR),
    "Nous avons des gobelets et de la vaisselle en surplus, à céder gratuitement.": (OFFER, GEAR),
    "Nous pouvons détacher un agent du service finances en avril.": (OFFER, STAFF),
    "Un ouvrier communal est disponible pour une autre commune du 7 au 30 avril.": (OFFER, STAFF),
    "Nous mettons volontiers à disposition notre juriste un jour par semaine.": (OFFER, STAFF),
    "Nous proposons une formation sur les marchés publics.": (OFFER, KNOW),
    "Nous partageons volontiers notre expérience du guichet électronique.": (OFFER, KNOW),
    "Wellin cherche à emprunter une pelle. Nous avons deux chauffeurs brevetés.": (D, GEAR),
    "Nous mettons volontiers le motoculteur à disposition de qui le souhaite.": (OFFER, GEAR),
    "Voici 25 barrières que la zone peut prêter à deux communes, faute de mieux.": (OFFER, GEAR),
    "Le CPAS met sa chambre froide (2 x 3 m) à la disposition des CPAS.": (OFFER, GEAR),
    "La Province peut proposer l'accompagnement d'un conseiller en énergie.": (OFFER, KNOW),
    "La Province peut mettre un géomètre à disposition, tous les jeudis.": (OFFER, STAFF),
    "Plaque vibrante 90 kg, semaines 30 à 32. Intéressés ?": (None, GEAR),
    "Qqn peut nous dépanner ? Notre saleuse est cassée.": (D, GEAR),
    "Nous cherchons un repreneur pour 9 armoires, à venir chercher.": (OFFER, GEAR),
    "Notre camion-citerne ne nous sert plus. Avis aux amateurs.": (OFFER, GEAR),
    "Qui veut nos vieux bancs ? Nous les donnons.": (OFFER, GEAR),
    "Qui peut mettre un podium à notre disposition du 3 au 5 mai ?": (D, GEAR),
    "Si une commune pouvait nous prêter sa nacelle, ce serait formidable.": (D, GEAR),
    "Si une commune a besoin d'une nacelle, la nôtre est libre en décembre.": (OFFER, GEAR),
    "Un de nos maçons est disponible en mai pour qui en a besoin.": (OFFER, STAFF),
    "La ville vend son ancienne balayeuse (2011).": (OFFER, GEAR),
    "Nous souhaitons louer une grue le 4 mai.": (D, GEAR),
    "La crèche accueillerait volontiers une puéricultrice du 1er au 31 mai.": (D, STAFF),
    "Deux éducateurs peuvent aller renforcer une autre commune le samedi.": (OFFER, STAFF),
    "Gezocht: 100 stoelen voor 12 juni.": (D, GEAR),
    "De gemeente stelt haar veegmachine ter beschikking.": (OFFER, GEAR),
    "Das OSHZ sucht einen Fahrer.": (D, STAFF),
    "Wir verleihen unsere Hebebühne kostenlos.": (OFFER, GEAR),
    "We are looking for 20 tables. Could anyone lend us some?": (D, GEAR),
    "We can lend 60 barriers in June.": (OFFER, GEAR),
    "Notre pelle ne sert pas en mai. On la met à disposition avec chauffeur.": (OFFER, GEAR),
    "Qui a une grue avec grutier à nous prêter ?": (D, GEAR),
    "Le tracteur est vert.": (None, GEAR),
    "Bonjour à tous, bonne semaine.": (None, None),
}  # fmt: skip


def _read(text: str, subject: str = "") -> Announcement:
    return read_announcement(open_letter(subject, text), TODAY)


@pytest.mark.parametrize(("text", "meant"), SENTENCES.items())
def test_side_and_category(text: str, meant: tuple[Side | None, Category | None]) -> None:
    read = _read(text)
    assert (read.side, read.category) == meant


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("Un agent pour le service population.", "population"),
        ("Nous cherchons un renfort à l'état civil.", "etat civil"),
        ("Besoin d'un comptable.", "finances"),
        ("Besoin d'aide au service des travaux", "travaux"),
        ("Besoin d'un agent au service urbanisme, bâtiment de la population", "urbanisme"),
        ("Nous cherchons un assistant social.", "service social"),
        ("Il nous faudrait une institutrice.", "enseignement"),
        ("Nous cherchons une personne.", ""),
    ],
)
def test_service(text: str, service: str) -> None:
    assert _read(text).service == service


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Le service est complètement bloqué.", Severity.BLOCKED),
        ("Notre seul agent est absent.", Severity.BLOCKED),
        ("Le guichet ne peut plus fonctionner.", Severity.BLOCKED),
        ("Le service est débordé.", Severity.OVERWHELMED),
        ("Nous sommes submergés de demandes.", Severity.OVERWHELMED),
        ("Débordés puis bloqués depuis hier.", Severity.BLOCKED),
        ("Tout va bien.", None),
    ],
)
def test_severity(text: str, severity: Severity | None) -> None:
    assert _read(text).severity is severity


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("C'est urgent.", True),
        ("Au plus vite svp", True),
        ("URGENT", True),
        ("Dès que possible", True),
        ("Rien d'urgent.", False),
        ("Ce n'est pas urgent.", False),
        ("Un agent en mai", False),
    ],
)
def test_urgency(text: str, urgent: bool) -> None:
    assert _read(text).urgent is urgent


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("Nous cherchons un agent du 4 au 29 mai.", ()),
        ("Nous cherchons un agent.", (Lacking.PERIOD,)),
        ("Nous cherchons un agent pour trois semaines.", (Lacking.PERIOD,)),
        ("Nous cherchons un agent du 29 au 4 mai 2026.", (Lacking.PERIOD,)),
        ("Nous cherchons un agent dès lundi.", (Lacking.END,)),
        ("Nous cherchons un agent jusqu'au 30 avril.", (Lacking.START,)),
        ("Nous pouvons prêter notre tracteur.", ()),
        ("Nous cherchons une grue.", (Lacking.PERIOD,)),
        ("Nous cherchons une grue. Le 20/04 nous sommes fermés.", (Lacking.PERIOD,)),
        ("Nous cherchons une grue. Répondez avant le 3 avril.", (Lacking.PERIOD,)),
        ("Nous cherchons une grue dès que possible.", ()),
        ("Nous cherchons un exemple de règlement.", ()),
        ("Le tracteur, l'agent.", (Lacking.SIDE,)),
    ],
)
def test_what_is_asked_about(text: str, lacking: tuple[Lacking, ...]) -> None:
    assert _read(text).lacking == lacking


def test_period_is_read_from_the_day_of_the_mail() -> None:
    period = _read("Un agent pour trois semaines dès lundi, nous cherchons.").period
    assert period is not None
    assert (period.start, period.end) == (date(2026, 3, 30), date(2026, 4, 19))


def test_the_subject_helps() -> None:
    read = _read("Du 4 au 29 mai, merci de votre aide.", "Recherche agent population")
    assert (read.side, read.category, read.service) == (D, STAFF, "population")
