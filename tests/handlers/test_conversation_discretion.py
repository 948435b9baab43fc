"""What is for one person only, what needs nobody's eyes, and what must not get lost on the way."""

from __future__ import annotations

import pytest

from handlers.request import IncomingFile, Place
from storage.orders import Order
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World, to_administrators


@pytest.fixture
def people(world: World) -> tuple[Somebody, Somebody]:
    return world.helene(), world.bruno()


def to_others(said: list[Said], *mine: Somebody) -> list[Said]:
    """What others got to read; that an announcement was answered is no secret, who said what is."""
    others = [one for one in said if one.destination not in {m.conversation for m in mine}]
    return [one for one in others if one.action != "edit" or "Bruno" in one.text]


def published(author: Somebody) -> list[Said]:
    draft = author.asks("demande un agent pour le service population, service bloqué")
    return author.answers(draft, "oui")


def received(said: list[Said], reader: Somebody) -> Said:
    return next(one for one in said if one.destination == reader.conversation)


@pytest.mark.parametrize(
    "words",
    [
        "En privé, svp : nous pouvons aider, mais le Collège ne le sait pas encore.",
        "Nous pouvons aider. Merci de ne pas diffuser ce message.",
        "Uniquement pour la commune de Musson : oui, trois jours.",
        "[Privé] oui, trois jours par semaine",
    ],
)
def test_a_private_answer_reaches_the_author_alone(
    people: tuple[Somebody, Somebody], words: str
) -> None:
    helene, bruno = people
    said = bruno.answers(received(published(helene), bruno), words)
    assert to_others(said, helene, bruno) == []
    assert "personne d'autre" in received(said, bruno).text
    assert "vous répond en privé" in received(said, helene).text


@pytest.mark.parametrize(
    "words",
    [
        "répondre A-1 oui, mais à ne pas diffuser svp",
        (
            "Bonjour,\n\nEn réponse à l'annonce A-2026-0001 : nous pouvons prêter un agent.\n"
            "C'est confidentiel, merci de ne pas diffuser.\n\nBruno Wéry"
        ),
    ],
)
def test_however_it_is_sent_a_private_answer_stays_so(
    people: tuple[Somebody, Somebody], words: str
) -> None:
    helene, bruno = people
    published(helene)
    said = bruno.writes(words, subject="Votre annonce A-2026-0001")
    assert to_others(said, helene, bruno) == []
    assert "vous répond en privé" in received(said, helene).text


def test_a_private_answer_keeps_its_files(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    planning = IncomingFile("planning.pdf", "application/pdf", b"%PDF-1.7")
    said = bruno.answers(
        received(published(helene), bruno), "En privé : voici notre planning.", files=(planning,)
    )
    assert sum(one.files for one in helene.got(said)) == 1


def test_what_an_author_says_in_private_needs_a_reader(
    people: tuple[Somebody, Somebody],
) -> None:
    helene, bruno = people
    published(helene)
    said = helene.writes("répondre A-1 à ne pas diffuser : notre agent revient le 12")
    assert to_others(said, helene, bruno) == []
    assert "Personne n'a encore répondu" in received(said, helene).text
    bruno.writes("répondre A-1 nous pouvons aider")
    again = helene.writes("répondre A-1 en privé : notre agent revient le 12")
    assert to_others(again, helene, bruno) == []
    assert "CPAS de Rouvroy" in received(again, helene).text


def test_a_private_answer_and_what_is_said_to_it_stay_between_two(
    people: tuple[Somebody, Somebody],
) -> None:
    """The author answers where it came, by mail or in chat; so does who wrote it."""
    helene, bruno = people
    luc = helene.world.member("Luc Petit", "commune", "85009", channel=MAIL)
    first = published(helene)
    luc.answers(received(first, luc), "Peut-être une tente.")
    his = bruno.answers(received(first, bruno), "En privé : notre président hésite.")
    hers = helene.answers(received(his, helene), "Je comprends, on n'en dira rien à Etalle.")
    assert {one.destination for one in hers} == {bruno.conversation, helene.conversation}
    assert "on n'en dira rien" in received(hers, bruno).text
    again = bruno.answers(received(hers, bruno), "Merci, à bientôt.")
    assert {one.destination for one in again} == {bruno.conversation, helene.conversation}
    begun = helene.writes("répondre A-1 en privé à Etalle : vous confirmez ?")
    assert "vous confirmez" in received(begun, luc).text
    assert bruno.got(begun) == []
    luc.answers(received(begun, luc), "Oui, deux.")
    assert "hésite" not in helene.asks("annonce 1").text
    assert "Etalle" not in bruno.asks("annonce 1").text.partition("Peut-être")[2]


def test_what_was_private_and_is_accepted_is_agreed(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    his = bruno.answers(received(published(helene), bruno), "En privé : nous pouvons vous aider.")
    shown = helene.replies(received(his, helene), "Nous acceptons votre offre, du 4 au 8 mai.")
    assert "CPAS de Rouvroy" in shown.text
    assert "convenu" in shown.text


def test_a_private_conversation_is_nobody_else_s(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    luc = helene.world.member("Luc Petit", "commune", "85009", channel=MAIL)
    his = bruno.answers(received(published(helene), bruno), "En privé : nous pouvons vous aider.")
    said = luc.answers(received(his, helene), "Que se disent-ils ?", tag=None)
    assert bruno.got(said) == []
    assert all("en privé" not in one.text for one in helene.got(said))


@pytest.mark.parametrize(
    "words",
    [
        "Réponse privée : oui, une tente",
        "oui, mais ne le dites pas à Rouvroy",
        "pour Hélène seulement : une tente",
        "Uniquement pour Musson : une tente",
        "gardez cela pour vous, mais nous en avons une",
    ],
)
def test_who_asks_for_privacy_gets_it(people: tuple[Somebody, Somebody], words: str) -> None:
    helene, bruno = people
    said = bruno.answers(received(published(helene), bruno), words)
    assert to_others(said, helene, bruno) == []
    assert "vous répond en privé" in received(said, helene).text


def test_an_ordinary_answer_is_not_private(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    said = bruno.answers(received(published(helene), bruno), "Seulement une tente, pour Musson.")
    assert any(one.destination == "room:members" for one in said)


def test_an_ordinary_answer_reaches_the_room(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    said = bruno.answers(received(published(helene), bruno), "Nous pouvons aider trois jours.")
    assert any(one.destination == "room:members" for one in said)


def test_thanks_alone_reach_nobody(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    assert bruno.answers(received(published(helene), bruno), "Merci !\n\nBruno Wéry") == []


def test_files_of_an_announcement_go_with_it(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    photo = IncomingFile("chaises.jpg", "image/jpeg", b"\xff\xd8\xff")
    (draft,) = helene.got(helene.writes("offre 40 chaises de réunion, voir photo", files=(photo,)))
    assert "chaises.jpg" in draft.text
    said = helene.answers(draft, "oui")
    assert received(said, bruno).files == 1
    in_room = [one for one in said if one.destination == "room:members"]
    assert sum(one.files for one in in_room) == 1


def test_a_correction_reaches_who_decides(world: World) -> None:
    somebody = world.stranger("helene")
    receipt = somebody.asks(
        "Bonjour, la commune de Tellin souhaite s'inscrire. L'utilisatrice désignée est Julie"
        " Lambert, julie@tellin.example, 084 00 00 00."
    )
    said = somebody.answers(
        receipt, "Erreur : l'utilisatrice est Claire Simon, claire@tellin.example"
    )
    told = next(one for one in said if one.destination == "room:admins")
    assert "Claire Simon" in told.text
    assert "I-2026-0001" in told.text
    # By mail a stranger's address is no address of the house: a person decides.
    settled = "avant de décider" if world.channel == MAIL else "C'est corrigé"
    assert settled in received(said, somebody).text


def test_to_undo_an_order_is_no_order(world: World) -> None:
    world.load_catalogue()
    helene = world.helene()
    said = helene.writes(
        "Bonjour, nous souhaitons annuler la commande SMART-2026-0001, c'est une erreur.\n\n"
        "Hélène Lambiotte",
        subject="Commande SMART-2026-0001",
    )
    assert any(one.destination == "room:admins" for one in said)
    assert world.count(Order) == 0


@pytest.mark.parametrize("sign", ["👍", "merci", "🎉🎉"])
def test_a_thumb_is_no_yes_and_is_said_to_be_none(world: World, sign: str) -> None:
    helene = world.helene()
    helene.asks("demande un agent pour le service population")
    said = helene.writes(sign)
    if helene.channel == MATRIX:
        assert "oui ou" in said[0].text
    assert not any(one.destination == f"room:{Place.MEMBERS}" for one in said)


@pytest.mark.parametrize("what", ["prêt de matériel", "soutien humain"])
def test_the_guides_own_sentence_gets_the_template(world: World, what: str) -> None:
    world.load_catalogue()
    helene = world.helene()
    said = helene.writes(f"Pourriez-vous m'envoyer la convention de {what} ?", subject="Convention")
    assert sum(one.files for one in said) == 1


def test_who_wants_no_announcements_is_not_counted(people: tuple[Somebody, Somebody]) -> None:
    helene, bruno = people
    bruno.writes("stop", subject="STOP")
    said = published(helene)
    assert not any(one.destination == bruno.conversation for one in said)
    receipt = next(one for one in helene.got(said) if "publiée" in one.text)
    assert "personne ne la reçoit encore" in receipt.text


def test_what_is_private_in_a_question_is_not_copied_to_all_administrators(world: World) -> None:
    helene = world.helene()
    said = helene.writes(
        "Bonjour, je suis en incapacité de travail, mon numéro national est 85.07.30-033.28 ;"
        " qui peut commander à ma place ?",
        subject="Question",
    )
    (shown,) = to_administrators(said)
    assert "qui peut commander à ma place ?" in shown.text
    assert "incapacité" not in shown.text
    assert "85.07" not in shown.text
    assert "vie privée" in shown.text
    (receipt,) = helene.got(said)
    assert "vie privée" in receipt.text
    (more,) = to_administrators(helene.answers(receipt, "Le certificat médical suit."))
    assert "Le [" in more.text


def test_an_ordinary_question_is_shown_whole(world: World) -> None:
    said = world.helene().writes("Qui commande les bancs de la rue du Soleil ?", subject="Question")
    assert not any("vie privée" in one.text for one in said)
