"""What a campaign asks for, and what members offer to it, read from their words."""

from __future__ import annotations

import pytest

from handlers.reading.needs import Wanted, read_call
from handlers.reading.offers import Act, Lacking, Place, numbers, read_offer

PLACES = (
    Place(1, "Rochefort", "personnes"),
    Place(2, "Marche-en-Famenne", "personnes"),
    Place(3, "Hotton", "pompes"),
    Place(4, "Hotton", "personnes"),
)


@pytest.mark.parametrize(
    ("text", "words", "needs", "until"),
    [
        (
            "Inondations : 40 bottes à Rochefort, 25 à Marche",
            "Inondations",
            [(40, "bottes", "Rochefort"), (25, "bottes", "Marche")],
            "",
        ),
        (
            "Crue : 4 agents à Durbuy et 10 camions à La Roche-en-Ardenne, jusqu'au 5/12",
            "Crue",
            [(4, "agents", "Durbuy"), (10, "camions", "La Roche-en-Ardenne")],
            "5/12",
        ),
        (
            "Crue : 20 ouvriers, Rochefort 12, Marche 8, jusqu'au 30 mars",
            "Crue",
            [(12, "ouvriers", "Rochefort"), (8, "ouvriers", "Marche")],
            "30 mars",
        ),
        (
            "Neige, 5 camions : Saint-Hubert 3, Bastogne 2",
            "Neige, 5 camions",
            [(3, "camions", "Saint-Hubert"), (2, "camions", "Bastogne")],
            "",
        ),
        (
            "Crue\nRochefort : 40 personnes\nHotton : 12 pompes",
            "Crue",
            [(40, "personnes", "Rochefort"), (12, "pompes", "Hotton")],
            "",
        ),
        (
            "crue 1.200 sacs de sable à hotton pour les quais",
            "crue",
            [(1200, "sacs de sable", "hotton")],
            "",
        ),
        ("inondations", "inondations", [], ""),
        ("40 à Rochefort", "", [(40, "", "Rochefort")], ""),
    ],
)
def test_a_call(text: str, words: str, needs: list[tuple[int, str, str]], until: str) -> None:
    read = read_call(text)
    assert (read.words, read.until) == (words, until)
    assert read.needs == tuple(Wanted(*need) for need in needs)


def test_a_number_without_a_place_is_not_passed_over() -> None:
    assert read_call("crue : 40 à Rochefort, 30 quelque part").unclear == ("30 quelque part",)


@pytest.mark.parametrize(
    ("text", "act", "given"),
    [
        ("nous envoyons 3 ouvriers à Rochefort de lundi à mercredi", Act.GIVE, {1: 3}),
        ("3 ouvriers à Rochefort et 2 à Marche, du 3 au 5 décembre", Act.GIVE, {1: 3, 2: 2}),
        ("5 agents à Marche du 4 au 8 mai 2026", Act.GIVE, {2: 5}),
        ("trois ouvriers à rochefor, le 4/5", Act.GIVE, {1: 3}),
        ("2 personnes à Hotton", Act.GIVE, {4: 2}),
        ("2 pompes à Hotton dès 8h", Act.GIVE, {3: 2}),
        ("5 au lieu de 3 à Rochefort", Act.GIVE, {1: 5}),
        ("2 de plus à Rochefort", Act.ADD, {1: 2}),
        ("plutôt à Marche : 3", Act.MOVE, {2: 3}),
        ("nous ne pouvons plus envoyer que 2 ouvriers à Rochefort", Act.GIVE, {1: 2}),
        ("Rochefort : 12", Act.GIVE, {1: 12}),
        ("le 12 décembre nous envoyons 4 hommes à Marche", Act.GIVE, {2: 4}),
        ("une équipe de 4 ouvriers à Rochefort", Act.GIVE, {1: 4}),
    ],
)
def test_an_offer(text: str, act: Act, given: dict[int, int]) -> None:
    read = read_offer(text, PLACES)
    assert read is not None
    assert (read.act, dict(read.given), read.lacking) == (act, given, None)


@pytest.mark.parametrize(
    ("text", "act", "given"),
    [
        ("We are sending 3 workers to Rochefort", Act.GIVE, {1: 3}),
        ("we can send five people to Marche from Monday to Wednesday", Act.GIVE, {2: 5}),
        ("we can send three workers to Rochefort on 4 May", Act.GIVE, {1: 3}),
        ("three workers to Rochefort from May 4 to May 8", Act.GIVE, {1: 3}),
        ("in May 3 workers to Rochefort", Act.GIVE, {1: 3}),
        ("3 workers to Rochefort and 2 to Marche, 3 to 5 December", Act.GIVE, {1: 3, 2: 2}),
        ("5 instead of 3 at Rochefort", Act.GIVE, {1: 5}),
        ("we can only send 2 workers to Rochefort now", Act.GIVE, {1: 2}),
        ("we cannot send more than 2 workers to Rochefort", Act.GIVE, {1: 2}),
        ("a team of four workers to Rochefort for 2 days", Act.GIVE, {1: 4}),
        ("twenty-five people to Rochefort", Act.GIVE, {1: 25}),
        ("2 more to Rochefort", Act.ADD, {1: 2}),
        ("rather 3 to Marche", Act.MOVE, {2: 3}),
        ("wij sturen 3 arbeiders naar Rochefort", Act.GIVE, {1: 3}),
        ("we kunnen vijf mensen naar Marche sturen van maandag tot woensdag", Act.GIVE, {2: 5}),
        ("op 4 mei sturen wij drie arbeiders naar Rochefort", Act.GIVE, {1: 3}),
        ("3 naar Rochefort en 2 naar Marche, van 3 tot 5 december", Act.GIVE, {1: 3, 2: 2}),
        ("5 in plaats van 3 in Rochefort", Act.GIVE, {1: 5}),
        ("we kunnen nog maar 2 arbeiders naar Rochefort sturen", Act.GIVE, {1: 2}),
        ("een ploeg van vier arbeiders naar Rochefort", Act.GIVE, {1: 4}),
        ("vijfentwintig mensen naar Rochefort", Act.GIVE, {1: 25}),
        ("nog 2 extra voor Rochefort", Act.ADD, {1: 2}),
        ("liever 3 in Marche", Act.MOVE, {2: 3}),
        ("Wir schicken 3 Arbeiter nach Rochefort", Act.GIVE, {1: 3}),
        ("wir können fünf Leute nach Marche schicken, von Montag bis Mittwoch", Act.GIVE, {2: 5}),
        ("am 4. Mai schicken wir drei Arbeiter nach Rochefort", Act.GIVE, {1: 3}),
        ("3 nach Rochefort und 2 nach Marche, vom 3. bis 5. Dezember", Act.GIVE, {1: 3, 2: 2}),
        ("5 statt 3 in Rochefort", Act.GIVE, {1: 5}),
        ("wir können nur noch 2 Arbeiter nach Rochefort schicken", Act.GIVE, {1: 2}),
        ("eine Gruppe von vier Arbeitern nach Rochefort", Act.GIVE, {1: 4}),
        ("fünfundzwanzig Leute nach Rochefort", Act.GIVE, {1: 25}),
        ("noch 2 zusätzlich für Rochefort", Act.ADD, {1: 2}),
        ("lieber 3 in Marche", Act.MOVE, {2: 3}),
        ("vingt-cinq ouvriers à Rochefort", Act.GIVE, {1: 25}),
        ("une équipe de quatre ouvriers à Rochefort", Act.GIVE, {1: 4}),
        ("un ouvrier à Marche et deux à Rochefort", Act.GIVE, {2: 1, 1: 2}),
    ],
)
def test_an_offer_in_any_language(text: str, act: Act, given: dict[int, int]) -> None:
    test_an_offer(text, act, given)


@pytest.mark.parametrize(
    ("text", "lacking", "places", "count"),
    [
        ("5 à Hotton", Lacking.THING, (3, 4), 5),
        ("nous envoyons 4 agents", Lacking.PLACE, (), 4),
        ("quelques agents pour Rochefort", Lacking.COUNT, (1,), None),
        ("2 ou 3 ouvriers à Rochefort", Lacking.COUNT, (1,), None),
        ("3 ouvriers à Rochefort et à Marche", Lacking.PLACE, (1, 2), 3),
        ("nous retirons 2 ouvriers de Rochefort", Lacking.COUNT, (1,), None),
        ("nous pouvons envoyer une équipe à Rochefort", Lacking.COUNT, (1,), None),
        ("2 or 3 workers for Rochefort", Lacking.COUNT, (1,), None),
        ("a few workers for Rochefort", Lacking.COUNT, (1,), None),
        ("we are sending 4 people", Lacking.PLACE, (), 4),
        ("2 of 3 arbeiders voor Rochefort", Lacking.COUNT, (1,), None),
        ("enkele arbeiders voor Rochefort", Lacking.COUNT, (1,), None),
        ("een ploeg naar Rochefort", Lacking.COUNT, (1,), None),
        ("2 oder 3 Arbeiter für Rochefort", Lacking.COUNT, (1,), None),
        ("einige Arbeiter für Rochefort", Lacking.COUNT, (1,), None),
        ("ein Team nach Rochefort", Lacking.COUNT, (1,), None),
    ],
)
def test_what_lacks(
    text: str, lacking: Lacking, places: tuple[int, ...], count: int | None
) -> None:
    read = read_offer(text, PLACES)
    assert read is not None
    assert (read.lacking, read.places, read.count) == (lacking, places, count)
    assert read.given == ()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("nous retirons notre offre pour Rochefort", (1,)),
        ("finalement nous ne pouvons plus venir", ()),
        ("Annulez notre aide à Marche", (2,)),
        ("We withdraw our offer for Rochefort", (1,)),
        ("We can't come any more", ()),
        ("wij trekken ons aanbod voor Rochefort in", (1,)),
        ("wij kunnen niet meer komen", ()),
        ("Wir ziehen unser Angebot für Rochefort zurück", (1,)),
        ("Wir können nicht mehr kommen", ()),
    ],
)
def test_what_is_taken_back(text: str, places: tuple[int, ...]) -> None:
    read = read_offer(text, PLACES)
    assert read is not None
    assert (read.act, read.places) == (Act.WITHDRAW, places)


@pytest.mark.parametrize(
    "text",
    [
        "Avez-vous encore besoin de 3 personnes à Rochefort ?",
        "Nous ne pouvons malheureusement pas envoyer 3 ouvriers à Rochefort",
        "Bon courage à tous !",
        "rendez-vous à 8h devant la gare de Rochefort",
        "Nous sommes 3 communes touchées à Rochefort",
        "Unfortunately we cannot send 3 workers to Rochefort",
        "Do you still need 3 people in Rochefort?",
        "there are 3 houses flooded in Rochefort",
        "please send us 3 workers in Rochefort",
        "Helaas kunnen we geen 3 arbeiders naar Rochefort sturen",
        "Sorry, maar we kunnen geen 3 arbeiders naar Rochefort sturen",
        "Er zijn 3 huizen overstroomd in Rochefort",
        "Leider können wir keine 3 Arbeiter nach Rochefort schicken",
        "Wir sind 3 Gemeinden, die in Rochefort betroffen sind",
        "Braucht ihr noch 3 Leute in Rochefort",
        "",
    ],
)
def test_what_is_no_offer(text: str) -> None:
    assert read_offer(text, PLACES) is None


def test_the_numbers_of_a_short_answer() -> None:
    assert numbers("disons 3, du 4 au 8 mai 2026") == [3]
    assert numbers("six") == [6]
    assert numbers("laten we zeggen vier, van 4 tot 8 mei") == [4]
    assert numbers("sagen wir zwölf") == [12]
    assert numbers("let's say seven") == [7]
