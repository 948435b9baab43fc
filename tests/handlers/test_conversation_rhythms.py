"""At once, once a day, or never: what is said to everybody reaches each as they chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from handlers.request import Failure, Kind, Severity
from handlers.tokens import leave_tag, return_tag
from storage import rhythms
from storage.announcements import Contribution
from storage.outbox import Row
from storage.rhythms import Rhythm, Waiting
from tests.conftest import SECRET
from tests.handlers.conversation import MAIL, MATRIX, Said, Somebody, World, to_administrators

DEMAND = "demande un agent pour le service population, du 4 au 29 mai 2026"
OFFER = "offre une pelleteuse de 8 tonnes, du 1 au 15 juin 2026"
AT_EIGHT = datetime(2026, 3, 25, 7, 0, tzinfo=UTC)
"""Wednesday 25 March 2026, eight in the morning in Brussels."""


def published(author: Somebody, words: str = DEMAND) -> list[Said]:
    return author.answers(author.asks(words), "oui")


def rhythm_of(world: World, somebody: Somebody) -> Rhythm:
    return world.change(lambda session: rhythms.of(session, somebody.person_id))


# -- choosing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "rhythm"),
    [
        ("rythme quotidien", Rhythm.DAILY),
        ("rythme résumé quotidien", Rhythm.DAILY),
        ("ritme dagelijks", Rhythm.DAILY),
        ("Rhythmus täglich", Rhythm.DAILY),
        ("rhythm daily", Rhythm.DAILY),
        ("rythme seulement ce qui me concerne", Rhythm.OWN),
        ("STOP", Rhythm.OWN),
        ("Stop, merci", Rhythm.OWN),
        ("ne plus recevoir", Rhythm.OWN),
        ("niet meer ontvangen", Rhythm.OWN),
        ("abbestellen", Rhythm.OWN),
        ("unsubscribe", Rhythm.OWN),
    ],
)
def test_a_rhythm_is_chosen_in_four_languages(world: World, words: str, rhythm: Rhythm) -> None:
    helene = world.helene()
    helene.asks(words)
    assert rhythm_of(world, helene) is rhythm
    helene.asks("reprendre")
    assert rhythm_of(world, helene) is Rhythm.IMMEDIATE


def test_an_unknown_rhythm_is_refused_with_those_there_are(world: World) -> None:
    refused = world.helene().asks("rythme endiablé")
    for name in ("immédiat", "quotidien", "personnel"):
        assert f"rythme {name}" in refused.text


def test_the_present_rhythm_is_told(world: World) -> None:
    helene = world.helene()
    assert "dès sa publication" in helene.asks("rythme").text
    helene.asks("rythme quotidien")
    assert "un résumé par jour" in helene.asks("rythme").text


def test_an_administrator_sees_it_in_the_record(world: World) -> None:
    world.helene().asks("rythme quotidien")
    assert "résumé quotidien" in world.camille.asks("membre Commune de Musson").text


# -- STOP -------------------------------------------------------------------------------------


def test_who_said_stop_gets_no_announcement_but_their_own_matters(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    confirmation = bruno.asks("STOP")
    assert "plus d'annonces" in confirmation.text
    assert "reprendre" in confirmation.text
    assert bruno.got(published(helene)) == []
    told = bruno.asks("annonces")
    assert "A-2026-0001" in told.text
    own = published(bruno, OFFER)
    answered = helene.writes("répondre A-2 nous la prenons")
    assert "nous la prenons" in bruno.got(answered)[0].text
    assert own


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("STOP", ""),
        ("Stop", "Je vous remercie de ne plus m'écrire à ce sujet.\n\nBien à vous\nBruno Wéry"),
        ("Re: Demande A-2026-0001", "STOP\n\nBruno Wéry"),
    ],
)
def test_stop_may_be_the_subject_or_the_body(world: World, subject: str, text: str) -> None:
    bruno = world.bruno()
    bruno.asks(text, subject=subject)
    assert rhythm_of(world, bruno) is Rhythm.OWN


@pytest.mark.parametrize(
    "words",
    [
        "Bonjour,\n\nMerci de ne plus m'envoyer de mails.\n\nHélène Lambiotte",
        "Ne m'écrivez plus svp",
        "Gelieve mij geen mails meer te sturen.",
    ],
)
def test_stop_may_be_said_in_ones_own_words(world: World, words: str) -> None:
    helene = world.helene()
    assert "vous ne recevrez plus d'annonces" in helene.asks(words).text
    assert rhythm_of(world, helene) is Rhythm.OWN


def test_stop_in_own_words_below_an_announcement_is_told_to_nobody_else(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    helene.answers(helene.asks("demande une camionnette du 4 au 8 mai 2026 à tous"), "oui")
    (told,) = [one for one in bruno.got() if "camionnette" in one.text]
    said = bruno.answers(told, "Je ne souhaite plus recevoir vos mails.")
    assert [one.destination for one in said] == [bruno.address]
    assert rhythm_of(world, bruno) is Rhythm.OWN
    assert world.all(Contribution) == []


@pytest.mark.parametrize("words", ["STOP", "Merci de ne plus m'envoyer de mails."])
def test_stop_before_the_registration_is_accepted_holds_afterwards(
    world: World, words: str
) -> None:
    anne = replace(world.stranger("anne").at_mail(), address="anne.legrand@virton.example")
    anne.asks("inscrire Commune de Virton, utilisatrice désignée : Anne Legrand, 063 00 07 41")
    assert "vous ne recevrez plus d'annonces" in anne.asks(words).text
    world.camille.asks("accepter I-2026-0001")
    helene = world.helene()
    said = helene.answers(helene.asks("demande un agent, du 4 au 29 mai 2026"), "oui")
    assert anne.got(said) == []


def test_a_stranger_who_wants_silence_reaches_a_person(world: World) -> None:
    said = world.stranger().writes("Bonjour, merci de ne plus m'envoyer de mails, cordialement")
    assert any("demande" in one.text for one in to_administrators(said))


def test_the_answer_to_the_confirmation_of_stop_may_resume(world: World) -> None:
    bruno = world.bruno()
    confirmation = bruno.asks("", subject="STOP")
    bruno.asks("reprendre", subject=f"Re: {confirmation.subject}")
    assert rhythm_of(world, bruno) is Rhythm.IMMEDIATE


def test_a_sentence_that_begins_with_stop_is_an_answer(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(published(helene))
    bruno.answers(broadcast, "Stop ! Nous avons quelqu'un pour vous.")
    assert rhythm_of(world, bruno) is Rhythm.IMMEDIATE


def test_somebody_unproved_stops_nothing_before_they_confirm(world: World) -> None:
    bruno = world.bruno()
    bruno.asks("STOP", authenticated=False)
    assert rhythm_of(world, bruno) is Rhythm.IMMEDIATE


def tag(somebody: Somebody) -> str:
    return leave_tag(SECRET, somebody.person_id)


def test_the_empty_mail_of_a_mail_program_stops_whoever_sends_it(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    server = replace(bruno, address="noreply@ailleurs.example")
    said = server.writes("", subject="", tag=tag(bruno), authenticated=False, automatic=True)
    assert rhythm_of(world, bruno) is Rhythm.OWN
    (confirmation,) = said
    assert confirmation.destination == bruno.address
    assert "reprendre" in confirmation.text
    assert server.writes("", subject="unsubscribe", tag=tag(bruno), automatic=True) == []
    assert bruno.got(published(helene)) == []


def test_a_forged_token_stops_nobody(world: World) -> None:
    bruno = world.bruno()
    forged = f"l{bruno.person_id}-{'a' * 16}"
    bruno.writes("", subject="", tag=forged, authenticated=False, automatic=True)
    assert rhythm_of(world, bruno) is Rhythm.IMMEDIATE


# -- the digest -------------------------------------------------------------------------------


def test_the_digest_tells_everything_once_in_the_morning(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    assert bruno.got(published(helene)) == []
    assert bruno.got(published(helene, OFFER)) == []
    neighbour = world.member("Paul Chat", "commune", "85045")
    neighbour.writes("répondre A-1 nous avons une personne trois jours par semaine")
    assert bruno.got(world.move_to(AT_EIGHT - timedelta(seconds=1))) == []
    (digest,) = bruno.got(world.move_to(AT_EIGHT))
    assert "2 annonces" in digest.subject
    for words in ("service population", "pelleteuse de 8 tonnes", "trois jours par semaine"):
        assert words in digest.text
    assert digest.text.index("trois jours") < digest.text.index("un agent pour le service")
    assert bruno.got(world.tick()) == []
    assert world.count(Waiting) == 0


def test_nothing_leaves_on_an_empty_day(world: World) -> None:
    bruno = world.bruno()
    bruno.asks("rythme quotidien")
    assert bruno.got(world.move_to(AT_EIGHT)) == []
    assert bruno.got(world.move_to(AT_EIGHT + timedelta(days=1))) == []


def test_one_digest_a_day_even_after_a_long_silence(world: World) -> None:
    """The platform was off at eight: the digest leaves late, and the next one a day later."""
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    published(helene)
    assert len(bruno.got(world.move_to(AT_EIGHT - timedelta(hours=1) + timedelta(days=3)))) == 1
    published(helene, OFFER)
    assert bruno.got(world.move_to(AT_EIGHT + timedelta(days=3))) == []
    (late,) = bruno.got(world.move_to(AT_EIGHT + timedelta(days=4)))
    assert "pelleteuse" in late.text


def test_a_digest_whose_transaction_is_undone_leaves_later_and_once(world: World) -> None:
    from handlers.reminding import carry_out_next

    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    published(helene)
    world.clock.move(AT_EIGHT - world.clock.now())

    def killed(session: Session) -> None:
        while carry_out_next(session, world.platform, world.table, world.clock.now()):
            pass
        session.flush()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.change(killed)
    assert len(bruno.got(world.tick())) == 1
    assert bruno.got(world.tick()) == []


def test_what_waited_is_dropped_with_stop(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    published(helene)
    bruno.asks("STOP")
    assert bruno.got(world.move_to(AT_EIGHT)) == []


def test_the_answer_to_a_digest_of_one_announcement_takes_part(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    bruno.asks("rythme quotidien")
    published(helene)
    (digest,) = bruno.got(world.move_to(AT_EIGHT))
    assert "A-2026-0001" in bruno.replies(digest, "Nous avons quelqu'un.").text


# -- what became of it ------------------------------------------------------------------------


def test_the_author_sees_whom_it_reached(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    stopped = world.member("Paul Chat", "commune", "85045", channel=MAIL)
    daily = world.member("Alice Noël", "commune", "85046", channel=MAIL)
    reader = world.member("Jean Petit", "commune", "84029", channel=MATRIX)
    stopped.asks("STOP")
    daily.asks("rythme quotidien")
    published(helene)
    told = helene.asks("diffusion A-1")
    assert "reçue par 2 sur 4" in told.text
    for words in ("prochain résumé", "Ne souhaitent pas"):
        assert words in told.text
    assert stopped.address not in told.text
    world.move_to(AT_EIGHT)
    assert "reçue par 3 sur 4" in helene.asks("diffusion A-1").text
    assert "montrée" in bruno.asks("diffusion A-1").text
    assert reader.person_id


def test_what_comes_back_shows_by_the_address_to_which_it_came(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(published(helene))
    before = helene.asks("diffusion A-1").text
    assert "reçue par 1 sur 1" in before
    # « The author can ask who has received it. » (B09)
    assert "Rouvroy" in before.partition("Reçue à leur adresse")[2]
    server = replace(bruno, address="mailer-daemon@elsewhere.example")
    said = server.writes(
        "",
        kind=Kind.BOUNCE,
        automatic=True,
        authenticated=False,
        tag=return_tag(SECRET, broadcast.row.id),
        failure=Failure("somebody.else@hidden.example", Severity.HARD, "5.1.1"),
    )
    assert bruno.address in to_administrators(said)[0].text
    told = helene.asks("diffusion A-1")
    assert "reçue par 0 sur 1" in told.text
    assert "Revenue" in told.text
    (warned,) = helene.got(world.move_to(world.clock.now() + timedelta(hours=2)))
    assert "n'est pas arrivée dans 1 institution" in warned.text
    assert "CPAS de Rouvroy" in warned.text
    assert helene.got(world.move_to(world.clock.now() + timedelta(days=2))) == []
    seen = world.camille.asks("diffusion A-1")
    assert "5.1.1" in seen.text
    assert "Bruno Wéry" in seen.text
    (row,) = [row for row in world.all(Row) if row.id == broadcast.row.id]
    assert row.state == "returned"


def test_who_says_stop_leaves_the_conversation_until_they_speak_again(world: World) -> None:
    helene, bruno = world.helene(), world.bruno()
    (broadcast,) = bruno.got(helene.answers(helene.asks(DEMAND), "oui"))
    bruno.answers(broadcast, "Nous avons une personne.")
    world.clock.move(timedelta(minutes=5))
    bruno.writes("STOP")
    assert bruno.got(helene.writes("répondre A-1 Quels jours ?")) == []
    world.clock.move(timedelta(minutes=5))
    bruno.answers(broadcast, "Le lundi, finalement.")
    (told,) = bruno.got(helene.writes("répondre A-1 Parfait, merci."))
    assert "Parfait" in told.text
