"""Demands and offers: drafted, confirmed once, sent to all, answered in one conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.request import Place
from storage.announcements import Announcement, Contribution, Stage
from storage.files import StoredFile
from tests.handlers.conversation import MATRIX, Said, Somebody, World, in_members_room

DEMAND = "demande un agent pour le service population, du 4 au 29 mai 2026, service bloqué"


def _stages(world: World) -> list[str]:
    return [kept.stage for kept in world.all(Announcement)]


def _published(helene: Somebody) -> list[Said]:
    """Hélène's demand goes out; everything that was said then."""
    return helene.answers(helene.asks(DEMAND), "oui")


def test_a_draft_is_shown_and_nothing_is_sent(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = helene.writes(DEMAND)
    (draft,) = said
    for fact in ("service population", "4 mai 2026", "29 mai 2026", "service bloqué"):
        assert fact in draft.text
    assert bruno.got() == []
    assert _stages(world) == [Stage.DRAFT]


def test_a_confirmed_announcement_reaches_everybody_once(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    neighbour = world.member("Paul Chat", "commune", "85045", channel=MATRIX)
    said = _published(helene)
    (receipt,) = [one for one in said if one.answers]
    assert "A-2026-0001" in receipt.text
    (post,) = in_members_room(said)
    (mail,) = bruno.got(said)
    for one in (post, mail):
        assert "un agent pour le service population" in one.text
        assert "A-2026-0001" in one.text
    assert neighbour.got(said) == []  # reads it in the room
    assert "2 autres institutions" in receipt.text
    assert len(said) == 3


@pytest.mark.parametrize("answer", ["confirmer", "Oui, merci !", "OK\n\nHélène"])
def test_a_yes_may_be_said_in_several_ways(world: World, answer: str) -> None:
    helene = world.helene()
    helene.answers(helene.asks(DEMAND), answer)
    assert _stages(world) == [Stage.OPEN]


def test_a_symbol_confirms(world: World) -> None:
    helene = world.helene()
    helene.reacts(helene.asks(DEMAND), "✅")
    assert _stages(world) == [Stage.OPEN]


def test_a_symbol_cancels(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.reacts(helene.asks(DEMAND), "❌")
    assert _stages(world) == [Stage.WITHDRAWN]
    assert bruno.got() == []


def test_a_word_without_reference_answers_the_latest_question(world: World) -> None:
    helene = world.helene()
    helene.asks(DEMAND)
    helene.asks("offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026")
    helene.writes("oui")
    assert _stages(world) == [Stage.DRAFT, Stage.OPEN]


def test_a_cancelled_announcement_is_not_sent(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    draft = helene.asks(DEMAND)
    helene.answers(draft, "non")
    helene.answers(draft, "oui")
    assert _stages(world) == [Stage.WITHDRAWN]
    assert bruno.got() == []


def test_confirming_twice_sends_once(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    draft = helene.asks(DEMAND)
    for _ in range(2):
        helene.answers(draft, "oui")
    assert _stages(world) == [Stage.OPEN]
    assert len(bruno.got()) == 1


def test_a_draft_that_changed_since_is_not_sent(world: World) -> None:
    helene = world.helene()
    draft = helene.asks(DEMAND)
    (kept,) = world.all(Announcement)
    world.change(lambda s: setattr(s.get_one(Announcement, kept.id), "words", "autre chose"))
    refused = helene.replies(draft, "oui")
    assert "changé" in refused.text
    assert _stages(world) == [Stage.DRAFT]


def test_nobody_else_confirms(world: World) -> None:
    helene = world.helene()
    other = world.member("Paul Chat", "commune", "85045")
    other.answers(helene.asks(DEMAND), "oui")
    assert _stages(world) == [Stage.DRAFT]


def test_health_data_is_held_back(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    refused = helene.asks(
        "demande un remplaçant pour Mme Dupont, en congé de maladie pour dépression"
    )
    assert "n'est pas envoyé" in refused.text
    assert world.count(Announcement) == 0
    assert bruno.got() == []


# -- answering --------------------------------------------------------------------------------


def test_an_answer_by_mail_reaches_the_author_and_the_thread(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    published = _published(helene)
    (post,) = in_members_room(published)
    (broadcast,) = bruno.got(published)
    said = bruno.answers(broadcast, "Nous avons une personne trois jours par semaine.")
    (receipt,) = [one for one in said if one.destination == bruno.address]
    assert "A-2026-0001" in receipt.text
    (contribution,) = in_members_room(said)
    assert "trois jours par semaine" in contribution.text
    assert contribution.thread == post.external_id
    if helene.channel == MATRIX:
        assert helene.got(said) == []  # reads it in the thread
    else:
        (told,) = helene.got(said)
        assert "trois jours par semaine" in told.text
    assert world.count(Contribution) == 1


def test_an_answer_in_the_thread_of_the_room_reaches_the_mailboxes(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    neighbour = world.member("Paul Chat", "commune", "85045", channel=MATRIX)
    published = _published(helene)
    (post,) = in_members_room(published)
    (broadcast,) = bruno.got(published)
    bruno.answers(broadcast, "Chez nous peut-être.")
    said = neighbour.elsewhere(Place.MEMBERS).writes(
        "Nous aussi, dès lundi.", addressed=False, answers=(post.external_id,), thread="$x"
    )
    readers = [bruno] if helene.channel == MATRIX else [bruno, helene]
    for reader in readers:
        (told,) = reader.got(said)
        assert "dès lundi" in told.text
    assert in_members_room(said) == []  # it stands there already
    assert world.count(Contribution) == 2


def test_an_answer_by_its_number_from_the_other_channel(world: World) -> None:
    helene = world.helene()
    _published(helene)
    other = world.member("Paul Chat", "commune", "85045")
    receipt = other.asks("répondre A-1 nous avons quelqu'un")
    assert "A-2026-0001" in receipt.text
    (one,) = world.all(Contribution)
    assert one.words == "nous avons quelqu'un"


def test_an_answer_by_somebody_who_is_no_member_is_refused(world: World) -> None:
    _published(world.helene())
    refused = world.stranger().asks("répondre A-1 moi !")
    assert "inscrire" in refused.text
    assert world.count(Contribution) == 0


def test_a_stranger_who_learnt_the_id_of_a_mail_does_not_take_part(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    thief = Somebody(world, bruno.channel, "thief@ailleurs.example")
    refused = thief.replies(broadcast, "Moi aussi !")
    assert "membres" in refused.text
    assert world.count(Contribution) == 0


def test_an_unknown_announcement_is_refused_with_the_way_to_see_them(world: World) -> None:
    refused = world.helene().asks("répondre A-99 volontiers")
    assert "annonces" in refused.text


def test_open_announcements_are_listed_for_members(world: World) -> None:
    helene = world.helene()
    assert "A-2026-0001" not in helene.asks("annonces").text
    _published(helene)
    assert "A-2026-0001" in helene.asks("annonces").text


# -- long ones, wrong dates, what is private --------------------------------------------------

LONG = (
    "demande un agent pour le service population, du 4 au 29 mai 2026. " + "Détail utile. " * 1500
)


def test_a_long_announcement_does_not_flood_the_room(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    said = helene.answers(helene.asks(LONG), "oui")
    post, *files = in_members_room(said)
    assert "Demande A-2026-0001" in post.text
    assert len(post.text) < 2000
    assert "fichier joint" in post.text
    (file,) = files
    assert file.row.payload["name"] == "A-2026-0001.txt"
    kept = world.change(
        lambda session: session.get_one(StoredFile, file.row.payload["file"]).content
    )
    assert kept.decode().count("Détail utile.") == 1500
    (mail,) = bruno.got(said)
    assert mail.text.replace("> ", "").count("Détail utile.") == 1500


def test_a_long_answer_does_not_flood_the_room_either(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    said = bruno.answers(broadcast, "Chez nous peut-être. " * 400)
    assert [len(one.text) < 2000 for one in in_members_room(said)] == [True, True]


def test_the_room_reads_to_how_many_it_was_sent(world: World) -> None:
    helene = world.helene()
    world.bruno()
    (post,) = in_members_room(_published(helene))
    assert "Envoyée à 1 institution." in post.text


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("du 12 au 3 avril", "avant de commencer"),
        ("du 31 juin au 3 juillet", "n'existe pas"),
        ("du 31 au 32 mai 2026", "n'existe pas"),
        ("le mardi 4 mai 2026", "jour de la semaine"),
        ("du 1 au 15 juin 2025", "déjà passée"),
    ],
)
def test_a_period_that_cannot_be_is_asked_about_and_never_shown(
    world: World, period: str, told: str
) -> None:
    helene = world.helene()
    assert told in helene.asks(f"demande un agent pour l'état civil {period}").text
    letter = (
        f"Bonjour,\n\nNous cherchons un agent pour le service population {period}, à temps plein,"
        " avec une expérience de l'état civil.\n\nHélène Lambiotte"
    )
    assert told in helene.asks(letter, subject="Demande de renfort").text
    helene.writes("oui")
    assert Stage.OPEN not in _stages(world)


def test_the_author_completes_and_does_not_answer(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    published = _published(helene)
    (broadcast,) = bruno.got(published)
    bruno.answers(broadcast, "Chez nous peut-être.")
    (receipt,) = [one for one in published if one.answers]
    said = helene.answers(receipt, "Je précise : à mi-temps.")
    (told,) = bruno.got(said)
    assert "Complément de Hélène Lambiotte" in told.text
    (back,) = [one for one in said if one.answers and one.destination == helene.conversation]
    assert "complément" in back.text
    assert "Commune de Musson" not in back.text


@pytest.mark.parametrize("way", ["reply", "command"])
def test_a_private_fact_in_an_answer_goes_nowhere(world: World, way: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(_published(helene))
    words = "Notre agent Paul Dupont sort de prison, il est libre."
    if way == "reply":
        said = bruno.answers(broadcast, words)
    else:
        said = bruno.writes(f"répondre A-1 {words}")
    assert "prison" not in " ".join(one.text for one in said)
    assert world.count(Contribution) == 0


def test_an_answer_in_private_is_for_the_author_alone(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    _published(helene)
    said = bruno.writes("répondre A-1 en privé : une personne peut-être, à voir")
    assert in_members_room(said) == []
    (told,) = helene.got(said)
    assert "une personne peut-être" in told.text
    assert bruno.address.split("@")[0] in told.text
    (receipt,) = [one for one in said if one.destination == bruno.conversation]
    assert "personne d'autre" in receipt.text
    assert world.count(Contribution) == 0


@pytest.mark.parametrize(
    "letter",
    [
        (
            "Beste collega's,\n\nWij zoeken een agent voor de dienst bevolking van 4 tot 29 mei"
            " 2026,"
            " want onze medewerker is ernstig ziek en ligt in het ziekenhuis.\n\nHélène"
        ),
        (
            "Bonjour,\n\nNous cherchons un agent pour le service population du 4 au 29 mai 2026 :"
            " : notre collègue Véronique Lambert est en congé de maladie.\n\nHélène"
        ),
    ],
)
def test_a_letter_with_a_private_fact_never_leaves_by_itself(world: World, letter: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.writes(letter, subject="Renfort")
    world.move_to(world.clock.now() + timedelta(days=1))
    assert bruno.got() == []
    assert Stage.OPEN not in _stages(world)


# -- what lacks is asked for, once, and taken up from the answer ---------------------------------

WITHOUT_PERIOD = "Bonjour,\n\nLa commune de Musson cherche à emprunter une tarière.\n\nHélène"
WITHOUT_SIDE = "Bonjour,\n\nTarière sur remorque, du 4 au 8 mai. À diffuser à tous svp.\n\nHélène"


def test_a_period_that_lacks_is_asked_for_and_completes_the_draft(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    asked = helene.asks(WITHOUT_PERIOD, subject="tarière")
    assert "Pour quelle période" in asked.text
    receipt = helene.replies(asked, "Du 4 au 8 mai, merci.")
    assert "4 mai 2026" in receipt.text
    assert not bruno.got()
    said = world.move_to(world.clock.now() + timedelta(minutes=16))
    assert "8 mai 2026" in bruno.got(said)[0].text


def test_what_stops_a_draft_that_would_leave_is_heard(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    receipt = helene.asks(f"{WITHOUT_PERIOD} Du 4 au 8 mai.", subject="tarière")
    assert _stages(world) == [Stage.DRAFT]
    again = helene.replies(receipt, "Attention, c'est une tarière de 40 cm qu'il nous faut.")
    world.move_to(world.clock.now() + timedelta(hours=2))
    assert not bruno.got()
    assert "Précision : une tarière de 40 cm" in again.text
    helene.answers(again, "oui")
    assert _stages(world) == [Stage.OPEN]
    assert "40 cm" in bruno.got()[0].text


CHANGES = [
    ("mettez plutôt 4 tentes", "Précision : 4 tentes", "12 juin 2026 au dimanche 14 juin"),
    ("jusqu'au 15 juin plutôt", "jusqu'au 15 juin", "12 juin 2026 au lundi 15 juin"),
    ("du 19 au 21 juin", "du 19 au 21 juin", "19 juin 2026 au dimanche 21 juin"),
    ("Non, plutôt le 8 juin", "le 8 juin", "le lundi 8 juin"),
    ("ok mais seulement aux CPAS", "43 CPAS", "12 juin 2026 au dimanche 14 juin"),
    ("enlevez le numéro de téléphone", "Hélène", "12 juin 2026 au dimanche 14 juin"),
]


@pytest.mark.parametrize(("words", "told", "period"), CHANGES)
def test_a_few_words_change_a_draft(world: World, words: str, told: str, period: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    receipt = helene.asks(
        "Bonjour, nous cherchons 3 tentes du 12 au 14 juin. Merci, Hélène 063 00 07 41", subject="x"
    )
    shown = helene.replies(receipt, words)
    assert told in shown.text
    assert period in shown.text
    assert ("063 00" in shown.text) is ("téléphone" not in words)
    world.move_to(world.clock.now() + timedelta(hours=2))
    assert _stages(world) == [Stage.DRAFT]
    helene.answers(shown, "oui")
    assert _stages(world) == [Stage.OPEN]
    assert len(bruno.got()) == 1


def test_a_not_yet_holds_a_draft_and_a_new_message_can_stop_it(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    letter = "Bonjour, nous cherchons 3 tentes du 12 au 14 juin."
    held = helene.replies(helene.asks(letter, subject="x"), "Non, attendez")
    assert "rien ne part" in held.text
    world.move_to(world.clock.now() + timedelta(hours=2))
    assert not bruno.got()
    helene.answers(held, "c'est bon")
    assert _stages(world) == [Stage.OPEN]
    helene.asks("Bonjour, nous cherchons un camion du 15 au 16 juin.", subject="x")
    assert "annulé" in helene.asks("Ne l'envoyez pas finalement", subject="Annonce").text
    world.move_to(world.clock.now() + timedelta(hours=2))
    assert len(bruno.got()) == 1


def test_what_an_author_says_to_the_platform_is_said_to_nobody_else(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    published = helene.replies(helene.asks("demande : 3 tentes du 12 au 14 juin"), "oui")
    bruno.writes("répondre A-1 nous en avons une")
    before = len(bruno.got())
    for words in ("relancez la demande A-1", "oui", "je retire", "Pouvez-vous la prolonger ?"):
        said = helene.answers(published, words)
        assert bruno.got(said) == [], words
    assert len(bruno.got()) == before
    helene.writes("répondre A-1 à quelle heure peut-on venir ?")
    assert len(bruno.got()) == before + 1


@pytest.mark.parametrize("verb", ["corriger", "changer", "modifier"])
def test_an_author_corrects_what_is_out(world: World, verb: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.answers(helene.asks("demande : 3 tentes du 12 au 14 juin"), "oui")
    shown = helene.asks(f"{verb} A-1 : du 16 au 17 juin")
    assert "Précision : du 16 au 17 juin" in shown.text
    helene.answers(shown, "oui")
    assert "16 juin 2026" in bruno.got()[-1].text
    assert "17 juin 2026" in helene.asks("annonce 1").text
    assert [str(one.expires_on) for one in world.all(Announcement)] == ["2026-06-17"]
    bruno.asks("corriger A-1 : trois")
    assert world.all(Announcement)[0].words.count("Précision") == 1


def test_nobody_s_help_is_an_end_of_its_own(world: World) -> None:
    helene, _bruno = world.helene(), world.bruno()
    helene.answers(helene.asks("demande : une nacelle du 4 au 8 mai"), "oui")
    helene.asks("fermez notre demande de nacelle, personne n'a répondu favorablement")
    assert _stages(world) == [Stage.UNMET]
    assert "8 mai 2026" in helene.asks("rouvrir A-1").text


def test_thanks_for_the_receipt_change_nothing(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    receipt = helene.asks(
        "Bonjour, nous pouvons prêter une tarière du 4 au 8 mai 2026.", subject="x"
    )
    helene.answers(receipt, "Merci beaucoup !")
    said = world.move_to(world.clock.now() + timedelta(minutes=16))
    assert len(bruno.got(said)) == 1


@pytest.mark.parametrize(
    ("word", "headline"),
    [("Offre", "Offre"), ("c'est une demande", "Demande"), ("offre.", "Offre")],
)
def test_the_side_that_lacks_is_asked_for_in_a_word(world: World, word: str, headline: str) -> None:
    helene, bruno = world.helene(), world.bruno()
    asked = helene.asks(WITHOUT_SIDE, subject="tarière")
    assert "demande ou une offre" in asked.text
    shown = helene.replies(asked, word)
    assert headline in shown.text
    assert not bruno.got()
    assert _stages(world) == [Stage.DRAFT]


def test_dates_the_wrong_way_round_are_turned_by_a_yes(world: World) -> None:
    helene = world.helene()
    asked = helene.asks("demande une tarière du 12 au 3 avril")
    shown = helene.replies(asked, "oui")
    assert "du vendredi 3 avril 2026 au dimanche 12 avril 2026" in shown.text
    assert _stages(world) == [Stage.DRAFT]


def test_to_whom_is_asked_where_the_limit_is_vague(world: World) -> None:
    helene = world.helene()
    letter = "Bonjour, nous prêtons notre tarière aux communes voisines du 4 au 8 mai 2026."
    asked = helene.asks(letter, subject="tarière")
    assert "À qui votre annonce" in asked.text
    shown = helene.replies(asked, "Virton et Rouvroy")
    assert "Commune de Virton, Commune de Rouvroy" in shown.text.replace("\n", " ")
    (kept,) = world.all(Announcement)
    assert sorted(kept.audience) == ["commune:85045", "commune:85047"]


def test_a_private_sale_is_refused_with_the_reason(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    letter = "Bonjour, mon cousin vend sa tarière, 300 €. Vous pouvez diffuser ?"
    assert "personne privée" in helene.asks(letter, subject="tarière").text
    assert "personne privée" in helene.asks("offre : je vends ma tarière").text
    assert world.count(Announcement) == 0
    assert not bruno.got()


def test_an_announcement_written_anew_replaces_the_one_that_was_shown(world: World) -> None:
    helene = world.helene()
    asked = helene.asks(WITHOUT_PERIOD, subject="tarière")
    again = (
        "La commune de Musson cherche à emprunter deux tarières et un chauffeur breveté, du 4 au 8"
        " mai 2026, pour planter des haies."
    )
    assert "deux tarières" in helene.replies(asked, again).text
    assert _stages(world) == [Stage.WITHDRAWN, Stage.DRAFT]


def test_somebody_who_is_named_waits_for_a_yes(world: World) -> None:
    helene = world.helene()
    letter = (
        "Bonjour,\nMonsieur Denis Lambert, notre maçon, peut être mis à disposition du 4 au 8 mai."
    )
    assert "sans votre accord" in helene.asks(letter, subject="maçon").text
    contact = "Nous prêtons un maçon du 4 au 8 mai.\nContact : Denis Lambert, 063/21.26.07."
    assert "bien reçue" in helene.asks(f"Bonjour,\n{contact}", subject="maçon").text


def test_a_period_that_is_over_is_not_moved_by_a_year_in_silence(world: World) -> None:
    helene = world.helene()
    asked = helene.asks("demande : un agent du 9 au 20 mars")
    assert "déjà passée cette année" in asked.text
    shown = helene.replies(asked, "du 9 au 20 avril")
    assert "9 avril 2026" in shown.text
    again = helene.asks("demande : un agent du 9 au 20 mars")
    assert "9 mars 2027" in helene.replies(again, "oui").text
    assert "9 mars 2027" in helene.asks("demande : un agent du 9 au 20 mars 2027").text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("demande : un agent du 4 au 8 mai, car deux agents absents", "4 mai 2026"),
        ("demande : un agent du 4 au 8 mai pour remplacer Sophie Dubois", "nomme Sophie Dubois"),
        ("demande : une bétonnière du 4 au 5 mai", "matériel"),
        ("wij zoeken een tent voor 12 tot 14 juni", "12 juin 2026 au dimanche 14 juin"),
    ],
)
def test_what_a_preview_tells(world: World, words: str, told: str) -> None:
    assert told in world.helene().asks(words).text
