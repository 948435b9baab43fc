"""What tells something sensitive about somebody is found, and taken out on request."""

from __future__ import annotations

import pytest

from handlers.reading.privacy import Sensitivity, find_sensitive, redacted, without_sentences

S = Sensitivity


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Notre collègue est en burn-out.", {S.HEALTH}),
        ("Mme Julie Noël est malade depuis lundi.", {S.NAME, S.HEALTH}),
        ("Paul Servais a été hospitalisé.", {S.NAME, S.HEALTH}),
        ("Elle est enceinte et écartée pour un mois.", {S.HEALTH, S.SANCTION}),
        ("L'agent a été suspendu de ses fonctions.", {S.SANCTION}),
        ("Suite au licenciement de M. Jean Petit.", {S.SANCTION, S.NAME}),
        ("NN 78.13.45-999.00", {S.NATIONAL_NUMBER}),
        ("registre national : 78134599900", {S.NATIONAL_NUMBER}),
        ("Il sort de prison.", {S.JUSTICE}),
        ("Le dossier de Mme Lambert, en règlement collectif de dettes", {S.NAME, S.DEBT}),
        ("Son agent est en dépression.", {S.HEALTH}),
        ("Il suit une cure de sevrage.", {S.HEALTH}),
        ("Notre chef est sur la mutuelle.", {S.HEALTH}),
        ("Elle a fait une TS.", set()),
        ("Luc Henrotte a fait une TS.", {S.NAME, S.HEALTH}),
        ("Il s'agit d'Alain Dufour. Il est sous administration de biens.", {S.NAME, S.PROTECTION}),
        ("Karim Belaid (article 60) nous rejoint.", {S.NAME, S.STATUS}),
        ("Mevrouw Peeters is ziek.", {S.HEALTH, S.NAME}),
        ("Frau Weber ist schwanger.", {S.NAME, S.HEALTH}),
        ("Our clerk is on sick leave.", {S.HEALTH}),
        ("Onze collega Marie Dupont heeft kanker.", {S.HEALTH, S.NAME}),
        ("De collega is depressief en arbeidsongeschikt.", {S.HEALTH}),
        ("Mevrouw Peeters ligt in scheiding.", {S.FAMILY, S.NAME}),
        ("Rijksregisternummer: 78134599900", {S.NATIONAL_NUMBER}),
        ("Unsere Kollegin Marie Dupont hat Krebs.", {S.HEALTH, S.NAME}),
        ("Er ist erkrankt und arbeitsunfähig.", {S.HEALTH}),
        ("Der Kollege ist überschuldet.", {S.DEBT}),
        ("Sie hatte einen Herzinfarkt.", {S.HEALTH}),
        ("Wij zoeken een maatschappelijk werker voor de schuldbemiddeling.", set()),
        ("Wij lenen een ziekenwagen uit.", set()),
        ("Onze voorraad is uitgeput, in gevallen van overstroming.", set()),
        ("Un document invalide ; opgenomen in het reglement.", set()),
        ("Wir suchen eine Sozialarbeiterin für die Schuldnerberatung.", set()),
        ("Wir suchen Ersatz für eine abwesende Kollegin.", set()),
        ("Nous prêtons un ouvrier article 60.", set()),
        ("Un assistant social pour la médiation de dettes.", set()),
        ("Un minibus pour personnes handicapées.", set()),
        ("Un licencié en droit, agent sanctionnateur.", set()),
        ("Une formation contre la fracture numérique.", set()),
        ("En raison d'une absence, nous cherchons un agent.", set()),
        ("Contact : Julie Noël, 063/21 26 07.", set()),
        ("Nous prêtons du matériel médical.", set()),
        ("Un agent pour le service population du 04/05/2026 au 29/05/2026", set()),
        ("TVA BE 0999.970.129", set()),
    ],
)
def test_kinds(text: str, kinds: set[Sensitivity]) -> None:
    assert {passage.kind for passage in find_sensitive(text)} == kinds


def test_redaction_takes_every_passage_out() -> None:
    text = "Nous cherchons un agent. M. Jean Petit (NN 78.13.45-999.00) est malade. Merci."
    clean = redacted(text, find_sensitive(text))
    assert clean == "Nous cherchons un agent. […] (NN […]) est […]. Merci."


def test_a_name_beside_a_fact_is_taken_out_wherever_it_stands() -> None:
    text = "Nous prêtons un maçon. Il s'agit de Rudy Thill. Il est alcoolique. Rudy vient lundi."
    left = without_sentences(text, find_sensitive(text))
    assert left == "Nous prêtons un maçon. […]"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            (
                "Bonjour,\n\nSuite au congé de maternité de notre collègue, nous cherchons"
                " un commis du 4 janvier au 26 mars."
            ),
            "Bonjour,\n\n[…] nous cherchons un commis du 4 janvier au 26 mars.",
        ),
        (
            "Notre agent étant malade nous cherchons un ouvrier du 3 au 9 mai.",
            "[…] nous cherchons un ouvrier du 3 au 9 mai.",
        ),
        (
            "Nous cherchons, suite à l'accouchement d'une collègue, un agent à mi-temps.",
            "Nous cherchons […], un agent à mi-temps.",
        ),
        (
            "Nous cherchons un agent du 4 au 26 mars en raison d'une grossesse.",
            "Nous cherchons un agent du 4 au 26 mars […]",
        ),
        (
            (
                "Pourriez-vous nous prêter un commis : le nôtre est en dépression, suite à son"
                " divorce, une histoire pénible."
            ),
            "Pourriez-vous nous prêter un commis : […]",
        ),
    ],
)
def test_a_need_is_kept_beside_its_private_reason(text: str, left: str) -> None:
    """A clerk gives the reason in the same sentence: only the reason goes (acceptance B30)."""
    assert without_sentences(text, find_sensitive(text)) == left


@pytest.mark.parametrize(
    "text",
    [
        "Notre receveur s'est cassé la jambe.",
        "Notre collègue est décédée hier.",
        "Un agent a le poignet fracturé.",
    ],
)
def test_injury_and_death_are_private(text: str) -> None:
    assert find_sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "Un stand pour la journée mondiale contre le cancer.",
        "Des lits pour personnes malades du home.",
        "Nous cherchons un agent pour les actes de décès.",
        "La porte du hangar est cassée.",
        "Notre pompe s'est cassée hier, nous en cherchons une.",
        "La batterie du camion est morte.",
        "Une cage pour animaux blessés.",
    ],
)
def test_what_is_of_nobody_is_public(text: str) -> None:
    assert not find_sensitive(text)
