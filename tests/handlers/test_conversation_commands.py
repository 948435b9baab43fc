"""Commands as people type them: mistyped, incomplete, by strangers; and what is public."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.courtesy import is_thanks
from handlers.request import Place
from storage.announcements import Announcement, Contribution
from storage.conversations import Question
from storage.members import Institution, Standing
from tests.handlers.conversation import MAIL, MATRIX, World

# -- what is public ---------------------------------------------------------------------------


def test_a_stranger_sees_the_whole_catalogue(shop: World) -> None:
    answer = shop.stranger().asks("catalogue")
    assert "10 solutions" in answer.text
    for name in ("E-guichet", "Budget participatif", "Tournées du service hiver", "Civadis"):
        assert name in answer.text


def test_a_stranger_may_ask_for_it_in_a_letter(shop: World) -> None:
    answer = shop.stranger().asks(
        "Bonjour,\n\nPourriez-vous m'envoyer le catalogue de vos centrales d'achats ?"
        "\n\nMerci,\nDominique Visiteur",
        subject="Votre catalogue",
    )
    assert "10 solutions" in answer.text


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("catalogue repas", ("Réservation et paiement des repas",)),
        ("catalogue BetterStreet", ("incivilités", "service travaux")),
        ("fiche e-guichet", ("Civadis", "24.000 €", "36.000 €", "commander e-guichet")),
        ("centrales", ("Smart", "Énergie", "Province de Luxembourg")),
        ("centrale Smart", ("janvier 2019", "smart(at)centrale-achats.example", "IDELUX")),
        ("qui gère la centrale Smart ?", ("IDELUX Projets publics",)),
        ("à propos", ("e-plateforme", "Province de Luxembourg")),
        ("aide", ("catalogue", "inscrire")),
    ],
)
def test_what_anybody_may_ask(shop: World, words: str, facts: tuple[str, ...]) -> None:
    answer = shop.stranger().asks(words).text
    for fact in facts:
        assert fact in answer


@pytest.mark.parametrize("words", ["catalogue licornes", "fiche licornes", "centrale licornes"])
def test_what_does_not_exist_is_refused_with_a_way_on(shop: World, words: str) -> None:
    answer = shop.stranger().asks(words).text
    assert "licornes" in answer
    assert "catalogue" in answer or "Smart" in answer


# -- what is not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "annonces",
        "demande un tracteur pour demain",
        "offre un tracteur",
        "répondre A-1 oui",
        "commander e-guichet",
        "adhérer Smart, décision du Collège du 9 mars 2026, réf. 1",
        "commandes",
        "désinscrire",
        "nouveau code",
    ],
)
def test_the_members_parts_are_refused_to_strangers_with_the_way_to_register(
    shop: World, words: str
) -> None:
    helene = shop.helene()
    secret = helene.replies(helene.asks("offre une pelleteuse, du 1 au 15 juin 2026"), "oui")
    assert secret.answers
    answer = shop.stranger().asks(words).text
    assert "inscrire Commune de" in answer
    assert "pelleteuse" not in answer
    assert shop.count(Announcement) == 1


@pytest.mark.parametrize("words", ["attribuer SMART-2026-0001", "commandes reçues"])
def test_the_managers_part_is_refused_to_members(shop: World, words: str) -> None:
    assert "centrale" in shop.helene().asks(words).text


@pytest.mark.parametrize("channel", [MAIL])  # before, nobody has another address
def test_who_is_not_accepted_yet_is_told_so(world: World) -> None:
    helene = world.stranger("helene")
    helene.asks("inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte")
    answer = helene.asks("annonces").text
    assert "I-2026-0001" in answer


def test_help_shows_what_one_may_do(shop: World) -> None:
    assert "commander" not in shop.stranger().asks("aide").text.replace("aide commander", "")
    assert "demande TEXTE" in shop.helene().asks("aide").text
    assert "attribuer RÉFÉRENCE" in shop.smart.asks("aide").text
    assert "accepter RÉFÉRENCE" in shop.camille.asks("aide").text


def test_help_on_one_command_shows_an_example(world: World) -> None:
    assert "commander e-guichet" in world.stranger().asks("aide commander").text
    assert "aide" in world.stranger().asks("aide licorne").text


# -- mistyped ---------------------------------------------------------------------------------


# In a mail, what is no command is a letter for a person.
in_chat = pytest.mark.parametrize("channel", [MATRIX])
in_mail = pytest.mark.parametrize("channel", [MAIL])


@in_chat
def test_an_unknown_word_is_answered_in_one_line(shop: World) -> None:
    answer = shop.stranger().asks("xyzzy")
    assert "xyzzy" in answer.text
    assert "aide" in answer.text
    assert "\n" not in answer.row.payload["content"]["body"]


@in_chat
def test_a_mistyped_command_is_suggested_and_runs_on_yes(shop: World) -> None:
    visitor = shop.stranger()
    suggested = visitor.asks("catalogu repas")
    assert "catalogue repas" in suggested.text
    answer = visitor.replies(suggested, "oui")
    assert "Réservation et paiement des repas" in answer.text


@in_chat
def test_a_symbol_runs_it_too(shop: World) -> None:
    visitor = shop.stranger()
    (answer,) = visitor.reacts(visitor.asks("catalogu repas"), "✅")
    assert "Réservation et paiement des repas" in answer.text


@in_chat
def test_no_runs_nothing(shop: World) -> None:
    helene = shop.helene()
    suggested = helene.asks("comander e-guichet")
    assert "commander e-guichet" in suggested.text
    helene.replies(suggested, "non")
    assert all(question.answered_at for question in shop.all(Question))


@in_chat
@pytest.mark.parametrize("words", ["anonces", "acepter I-2026-0001"])
def test_nobody_is_offered_what_they_may_not_do(shop: World, words: str) -> None:
    answer = shop.stranger().asks(words).text
    assert "Je ne comprends pas" in answer
    assert "vouliez-vous" not in answer


@pytest.mark.parametrize(
    ("words", "usage"),
    [("fiche", "fiche e-guichet"), ("centrale", "centrale Smart"), ("lier", "lier ")],
)
def test_a_missing_argument_is_asked_for_with_an_example(
    shop: World, words: str, usage: str
) -> None:
    assert usage in shop.stranger().asks(words).text


def test_an_ambiguous_solution_is_asked_back(shop: World) -> None:
    answer = shop.stranger().asks("fiche Fluicity").text
    assert "Budget participatif" in answer
    assert "Consultation citoyenne en ligne" in answer


@pytest.mark.parametrize("words", ["CATALOGUE", "Catalogue.", "catalog", "katalog", "catalogus"])
def test_a_command_has_several_names(shop: World, words: str) -> None:
    assert re.search(r"\b10 \w+", shop.stranger().asks(words).text)


@in_mail
def test_a_mail_without_words_is_its_subject(shop: World) -> None:
    for subject in ("catalogue", "Re: Catalogue", "TR: re: catalogue"):
        assert "10 solutions" in shop.stranger().asks("", subject=subject).text


@in_mail
@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("catalogue repas", "Réservation et paiement des repas"),
        ("RE: fiche Daverdisse", "1.382 habitants"),
        ("fournisseur Better Street", "Signalement des incivilités"),
        ("bilan 2025", "Différence"),
    ],
)
def test_a_subject_alone_may_be_a_command_with_its_words(
    shop: World, subject: str, told: str
) -> None:
    assert told in shop.stranger().asks("", subject=subject).text.replace("\u00a0", " ")


@in_mail
@pytest.mark.parametrize(
    "subject", ["Demande d'inscription de la commune de Musson", "Offre de service"]
)
def test_a_noun_in_a_subject_is_no_command(shop: World, subject: str) -> None:
    said = shop.stranger().writes("", subject=subject)
    assert "Pour déposer" not in said[0].text
    assert "membres" not in said[0].text


@in_mail
def test_a_signature_is_no_argument(shop: World) -> None:
    answer = shop.stranger().asks("catalogue repas\n\n-- \nDominique Visiteur\nCommune d'Arlon")
    assert "Réservation et paiement des repas" in answer.text
    assert "E-guichet" not in answer.text


@in_chat
def test_what_people_type_is_never_markup(shop: World) -> None:
    answer = shop.stranger().asks("fiche **x** `y` <b>z</b>")
    html = answer.row.payload["content"]["formatted_body"]
    assert "<b>" not in html
    assert "**x**" in html


# -- few words --------------------------------------------------------------------------------


@in_mail
@pytest.mark.parametrize(
    ("subject", "text"), [("catalgue e-guichet", ""), ("Message", "catalgue e-guichet")]
)
def test_a_mistyped_command_in_a_short_mail_is_suggested(
    shop: World, subject: str, text: str
) -> None:
    visitor = shop.stranger()
    suggested = visitor.asks(text, subject=subject)
    assert "vouliez-vous dire catalogue e-guichet" in suggested.text
    assert "E-guichet" in visitor.replies(suggested, "oui").text


@in_mail
def test_a_letter_is_no_mistyped_command(shop: World) -> None:
    answer = shop.stranger().asks("Pourriez-vous me rappeler demain matin au sujet de notre projet")
    assert "vouliez-vous" not in answer.text


def test_an_empty_message_gets_one_sentence(world: World) -> None:
    assert "est vide" in world.stranger().asks("  ", subject="").text


THANKS = ["merci !", "Merci beaucoup pour votre aide.", "Thanks a lot", "Dank u wel", "👍", "🙏"]


@pytest.mark.parametrize("words", THANKS)
def test_thanks_get_a_kind_word_at_most(world: World, words: str) -> None:
    for said in world.helene().writes(words):
        assert said.text == "Avec plaisir."
        assert said.channel == MATRIX


@in_chat
@pytest.mark.parametrize("words", THANKS)
def test_thanks_in_a_room_get_nothing(world: World, words: str) -> None:
    assert world.helene().elsewhere(Place.MEMBERS).writes(words) == []


@pytest.mark.parametrize("words", ["merci de supprimer la commande", "merci ?", "top départ"])
def test_a_request_is_not_taken_for_thanks(words: str) -> None:
    assert is_thanks(words) is (words == "merci ?")


@in_chat
@pytest.mark.parametrize(
    "words",
    [
        "@supracom aide",
        "@supracom: aide",
        "supracom: aide",
        "/aide",
        "!aide",
        "/me aide",
        "AIDE",
        "aide, merci",
    ],
)
def test_a_command_is_understood_as_people_type_it_elsewhere(world: World, words: str) -> None:
    assert "e-plateforme" in world.stranger().asks(words).text


def test_help_on_a_command_ignores_what_follows(world: World) -> None:
    for words in ("aide commander e-guichet", "aide Commander !", "help order"):
        answer = world.stranger().asks(words).text
        assert re.search(r"(?:Par exemple : |For example: )\W*(?:commander|order) e-g", answer)


def test_an_example_can_be_copied(world: World) -> None:
    helene = world.helene()
    text = helene.asks("aide demande").text
    example = re.search(r"Par exemple : \W*(demande .* \d{4})", text)
    assert example
    assert "Rien n'est envoyé sans votre accord" in helene.asks(example[1]).text


@pytest.mark.parametrize("words", ["i-1", "I-1", "1", "I-2026-0001", "i-2026-0001.", "i-0001"])
def test_a_short_reference_is_enough(world: World, words: str) -> None:
    world.stranger("a").asks(
        "inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte,"
        " helene@musson.example, 063 00 07 41"
    )
    said = world.camille.asks(f"accepter {words}")
    assert "C'est fait" in said.text


def test_a_short_reference_that_may_mean_two_is_asked_back(world: World) -> None:
    for code in ("85026", "85045"):
        world.member("Anne Petit", "commune", code, channel=MAIL)

    def work(session: Session) -> None:
        for year, kept in zip((2025, 2026), session.scalars(select(Institution)), strict=True):
            kept.reference, kept.state = f"I-{year}-0007", Standing.PENDING

    world.change(work)
    told = world.camille.asks("accepter i-7")
    assert "I-2025-0007, I-2026-0007" in told.text


@in_chat
@pytest.mark.parametrize("words", ["hier soir", "danse", "test", "covid-19", "E-2026-0003"])
def test_nothing_is_suggested_for_words_that_are_like_a_short_name(
    world: World, words: str
) -> None:
    assert "Je ne comprends pas" in world.helene().asks(words).text


@pytest.mark.parametrize("words", ["catalogue svp", "catalogue, merci !", "catalogue, please"])
def test_a_polite_word_is_no_argument(shop: World, words: str) -> None:
    assert "10 solutions" in shop.stranger().asks(words).text


def test_a_wish_in_a_few_words_is_understood(shop: World) -> None:
    assert "10 solutions" in shop.stranger().asks("je voudrais le catalogue").text


def test_thanks_above_a_name_are_thanks(world: World) -> None:
    said = world.helene().writes("Merci beaucoup !\n\nHélène Lambiotte\nCommune de Musson")
    assert [one.text for one in said] in ([], ["Avec plaisir."])


@in_mail
def test_thanks_in_answer_to_a_command_do_not_run_it_again(shop: World) -> None:
    assert shop.stranger().writes("Merci !", subject="Re: Catalogue") == []


def test_an_ok_to_a_receipt_needs_no_answer(world: World) -> None:
    assert world.helene().writes("OK, merci") == []


@pytest.mark.parametrize("words", ["A-1", "a-1", "annonce A-1", "annonce 1", "A-2026-0001"])
def test_a_reference_alone_shows_its_announcement(world: World, words: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.replies(helene.asks("offre une pelleteuse, du 1 au 15 juin 2026"), "oui")
    shown = bruno.asks(words)
    assert "pelleteuse" in shown.text
    bruno.answers(shown, "Volontiers.")
    assert world.count(Contribution) == 1
    assert "pelleteuse" not in world.stranger().asks(words).text
