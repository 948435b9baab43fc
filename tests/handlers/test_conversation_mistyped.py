"""Every command written wrong on purpose: an answer comes, and it says how to go on."""

from __future__ import annotations

import re

import pytest

from handlers.command import Command
from handlers.commands import everything
from handlers.policy import Role
from handlers.request import Place
from tests.handlers.conversation import MATRIX, Somebody, World, in_members_room

NOT_FOUND = re.compile(r"Je ne (?:trouve|connais|comprends) pas")
WAY_ON = re.compile(
    r"aide|écrivez|montre|par exemple|Les centrales :|Au catalogue :|vouliez-vous|interlocuteur"
    r"|[?]"
)
LONGEST_REFUSAL = 300
WRONG = ("xyzzy 999", "bla " * 1000)
COMMANDS = everything().commands


@pytest.fixture
def channel() -> str:
    """Where people mistype: a mail of such words is a letter."""
    return MATRIX


def somebody(shop: World, role: Role) -> Somebody:
    """Somebody who may do it."""
    if role is Role.ADMINISTRATOR:
        return shop.camille
    return shop.smart if role is Role.MANAGER else shop.helene()


def swapped(name: str) -> str:
    """A name with two letters of its first word the wrong way round."""
    first, *rest = name.split(" ")
    at = next(at for at in range(2, len(first)) if first[at] != first[at - 1])
    return " ".join([first[: at - 1] + first[at] + first[at - 1] + first[at + 1 :], *rest])


def said_to(somebody: Somebody, text: str) -> str:
    """What comes back, in one line; something must."""
    said = [one.text for one in somebody.writes(text) if one.destination == somebody.conversation]
    assert said, f"{text[:40]!r} is met with silence"
    assert not any("E-2026-" in one for one in said), said
    return " ".join(said)


@pytest.mark.parametrize("words", WRONG, ids=["wrong", "long"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_no_refusal_is_a_dead_end(shop: World, command: Command, words: str) -> None:
    text = said_to(somebody(shop, command.who), f"{command.name} {words}")
    if NOT_FOUND.search(text):
        assert WAY_ON.search(text), text
        assert len(text) < LONGEST_REFUSAL, text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_what_is_others_says_how_to_reach_them(shop: World, role: Role) -> None:
    reserved = next(command for command in COMMANDS if command.who is role)
    text = said_to(shop.helene(), reserved.name)
    assert "réservé" in text
    assert "interlocuteur" in text or "Écrivez-la en une phrase" in text


@pytest.mark.parametrize(
    "command",
    [
        c
        for c in COMMANDS
        if c.who in {Role.ANYONE, Role.MEMBER} and len(c.name.split()[0]) > 3 and not c.alone
    ],
    ids=lambda command: command.name,
)
def test_two_letters_the_wrong_way_round_name_the_nearest_command(
    shop: World, command: Command
) -> None:
    text = said_to(shop.helene(), swapped(command.name))
    if "Si vous confirmez" in text:
        # « déisnscrire » is understood as what it is; it asks before it does anything.
        assert command.name == "désinscrire"
        return
    assert "vouliez-vous dire" in text
    assert command.name in text


@pytest.mark.parametrize("words", ["stop xyzzy 999", "continuer xyzzy", "reprendre xyzzy"])
def test_what_stands_alone_is_offered_without_the_words_behind_it(shop: World, words: str) -> None:
    text = said_to(shop.helene(), words)
    assert f"vouliez-vous dire {words.partition(' ')[0]} ?" in text


def test_of_two_names_one_letter_off_the_more_alike_is_offered(shop: World) -> None:
    assert "vouliez-vous dire reprendre ?" in said_to(shop.helene(), "reprndre")


@pytest.mark.parametrize("words", ["désinscrire", "désincrire", "je veux me désinscrire"])
def test_what_is_private_is_not_answered_where_others_read_however_it_is_said(
    shop: World, words: str
) -> None:
    room = shop.helene().elsewhere(Place.MEMBERS)
    said = room.writes(words, addressed=True)
    assert "en privé" in said[0].text
    assert len(said) == 1


def test_in_the_members_room_a_slip_is_answered_in_one_line(shop: World) -> None:
    text = said_to(shop.helene().elsewhere(Place.MEMBERS), "catalogeu e-guichet")
    assert "catalogue e-guichet" in text
    assert len(text) < 160


# -- within more words ------------------------------------------------------------------------


OWN = "demande un agent pour le service population, du 4 au 29 mai, service bloqué"


@pytest.fixture
def helene(shop: World) -> Somebody:
    """A member whose demand A-1 is published."""
    helene = shop.helene()
    helene.asks(OWN)
    helene.asks("oui")
    return helene


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mainenir A-1", "maintenir A-1"),
        ("retrer A-2026-0001", "retirer A-2026-0001"),
        ("sans sute A-1", "sans suite A-1"),
        ("répodre A-1 nous pouvons en prêter une", "répondre A-1 nous pouvons en prêter une"),
        ("retnir A-1 CPAS de Rouvroy, du 4 au 8 mai", "retenir A-1 CPAS de Rouvroy, du 4 au 8 mai"),
    ],
)
def test_a_slip_before_a_reference_is_said_to_nobody(
    shop: World, helene: Somebody, typed: str, meant: str
) -> None:
    shop.bruno()
    said = helene.writes(typed)
    assert [one.destination for one in said] == [helene.conversation]
    assert f"vouliez-vous dire {meant} ?" in said[0].text


def test_a_slip_before_a_reference_is_said_to_nobody_by_mail(shop: World) -> None:
    helene = shop.helene().at_mail()
    helene.asks(OWN)
    helene.asks("oui")
    said = helene.writes("mainenir A-1")
    assert "vouliez-vous dire maintenir A-1 ?" in said[0].text
    assert [one.destination for one in said] == [helene.address]


def test_a_slip_after_the_prefix_is_no_contribution(shop: World) -> None:
    helene = shop.helene()
    helene.asks(OWN)
    (root,) = in_members_room(helene.writes("oui"))
    room = helene.elsewhere(Place.MEMBERS)
    talk = room.answers(root, "mainenir la demande", thread=root.external_id, addressed=False)
    assert not any("vouliez-vous" in one.text for one in talk)
    (said,) = room.answers(root, "mainenir A-1", thread=root.external_id, addressed=True)
    assert "vouliez-vous dire maintenir A-1 ?" in said.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("demnde un agent pour le service population, du 4 au 8 mai", "demande un agent"),
        ("ofre une pelleteuse de 8 tonnes, du 4 au 29 mai", "offre une pelleteuse"),
        ("quitter la centale Smart, décision du Conseil du 9 mars 2026", "quitter la centrale"),
        ("exporter cataogue Smart en XLSX", "exporter catalogue Smart"),
        ("nomer application mobile « Musson en poche »", "nommer application"),
        ("conslté 1 Civadis, offre 7.500 € HTVA", "consulté 1 Civadis"),
        ("bilan d'entaide", "bilan d'entraide"),
        ("mise en concurence tablettes pour l'école, 8.000 € HTVA", "mise en concurrence"),
    ],
)
def test_a_slip_before_many_words_is_offered_in_a_chat(shop: World, typed: str, meant: str) -> None:
    text = said_to(shop.helene(), typed)
    assert f"vouliez-vous dire {meant}" in text


def test_a_long_text_is_not_said_back_whole(shop: World) -> None:
    helene = shop.helene()
    offered = helene.asks("demnde un agent pour le service population " + "au plus vite " * 400)
    assert len(offered.text) < LONGEST_REFUSAL
    assert "service population" in helene.asks("oui").text


@pytest.mark.parametrize(
    "sentence",
    [
        "Commandez-vous aussi des vélos pour les agents du service travaux ?",
        "Votre service peut-il nous aider pour le déménagement de la maison communale ?",
        "Proposez-vous une formation pour les nouveaux agents de l'état civil ?",
        "Fournissez-vous du sel de déneigement en sacs de vingt-cinq kilos ?",
        "Contactez-moi demain matin au sujet de notre dernière facture de papier",
    ],
)
def test_a_sentence_is_no_slip(shop: World, sentence: str) -> None:
    assert "vouliez-vous dire" not in said_to(shop.helene(), sentence)


def test_what_somebody_may_not_do_is_not_mistaken_for_something_else(shop: World) -> None:
    helene = shop.helene()
    for typed in ("valder M-12", "regitre Smart"):
        assert said_to(helene, typed).startswith(f"Je ne comprends pas {typed}")
    # Neither « répondre la commande … » nor « reprendre », which is about mails.
    assert "vouliez-vous" not in said_to(helene, "reprndre la commande SMART-2026-0001")


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("à proos", "à proos : vouliez-vous dire à propos ?"),
        ("qui utiise e-guichet", "qui utiise : vouliez-vous dire qui utilise e-guichet ?"),
        ("annuler l'acord A-1", "annuler l'acord : vouliez-vous dire annuler l'accord A-1 ?"),
        (
            "convetion d'adhésion Smart",
            "convetion : vouliez-vous dire convention d'adhésion Smart ?",
        ),
    ],
)
def test_the_words_that_were_mistyped_are_said_back(shop: World, typed: str, quoted: str) -> None:
    assert quoted in said_to(shop.helene(), typed)


def test_who_is_not_concerned_by_an_order_learns_who_is(shop: World) -> None:
    said = said_to(shop.camille, "historique commande SMART-2026-0001")
    assert "Je ne trouve pas la commande" in said


def test_who_holds_nothing_yet_learns_when_a_name_can_be_given(shop: World) -> None:
    said = said_to(shop.helene(), "nommer application mobile « Musson en poche »")
    assert "après une commande attribuée" in said
