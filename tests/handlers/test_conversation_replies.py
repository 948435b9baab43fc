"""A conversation goes on from a reply, whatever the mail program did to it: real mails, read."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from bot.mail.addresses import OwnAddress
from bot.mail.parse import Reading, parse
from handlers.platform import Platform
from handlers.recognition import bare_subject, topic_of
from storage.announcements import Announcement, Contribution
from storage.engine import Database
from storage.members import Institution, Standing
from storage.order_states import OrderState
from storage.orders import Order
from tests.conftest import SERVER, MovableClock
from tests.handlers.conversation import MAIL, Said, Somebody, World

PLATFORM = f"plateforme@{SERVER}"
VERDICT = f"mx.{SERVER}"
READING = Reading(OwnAddress(PLATFORM), VERDICT, b"k" * 32)
OFFER = "Bonjour, nous pouvons prêter un broyeur de branches du 18 au 22 mai 2026."


@pytest.fixture
def mailbox(database: Database, platform: Platform, clock: MovableClock) -> World:
    """A platform with its catalogue, whose people have nothing but mailboxes."""
    world = World(database, platform, clock, MAIL)
    world.load_catalogue()
    return world


@dataclass(frozen=True)
class Way:
    """What is left in a reply of what says to which mail it belongs."""

    in_reply_to: bool = False
    references: bool = False
    subject: str = ""
    """What stands before our subject; empty for a subject that says nothing."""
    quotes: str = ""


WAYS = {
    "reply address lost": Way(in_reply_to=True, references=True, subject="RE: ", quotes="marks"),
    "In-Reply-To only": Way(in_reply_to=True),
    "References only": Way(references=True, subject="AW: "),
    "subject, re": Way(subject="RE: "),
    "subject, tr": Way(subject="TR : RE : "),
    "subject, aw": Way(subject="AW: AW: "),
    "subject, antw": Way(subject="Antw: "),
    "subject, rép": Way(subject="RÉP : Re: "),
    "subject, wg": Way(subject="WG: AW: Re[2]: "),
    "subject, fw": Way(subject="FW: ", quotes="outlook"),
    "quotation, marked": Way(quotes="marks"),
    "quotation, outlook": Way(quotes="outlook"),
    "quotation, html": Way(quotes="html"),
}


def _mail(who: Somebody, said: Said, text: str, way: Way, *, vouched: bool = True) -> bytes:
    world = who.world
    mail = EmailMessage()
    verdict = "pass" if vouched else "none"
    domain = who.address.rpartition("@")[2]
    mail["Authentication-Results"] = f"{VERDICT}; dmarc={verdict} header.from={domain}"
    mail["From"], mail["To"] = who.address, PLATFORM
    mail["Message-ID"] = world.new_id(MAIL)
    mail["Date"] = format_datetime(world.clock.now())
    mail["Subject"] = f"{way.subject}{bare_subject(said.subject)}" if way.subject else "Bonjour"
    if way.in_reply_to:
        mail["In-Reply-To"] = said.external_id
    if way.references:
        mail["References"] = f"<older@elsewhere.example> {said.external_id}"
    if way.quotes == "html":
        mail.set_content(_html(said, text), subtype="html")
    else:
        mail.set_content(f"{text}\n\n{_quotation(said, way.quotes)}", cte="quoted-printable")
    return mail.as_bytes()


def _quotation(said: Said, kind: str) -> str:
    ours = str(said.row.payload["text"])
    if kind == "marks":
        wrapped = [part for line in ours.split("\n") for part in textwrap.wrap(line, 60) or [""]]
        quoted = "\n".join(f"> {line}".rstrip() for line in wrapped)
        return f"Le mar. 24 mars 2026 à 10:02, Plateforme <\n{PLATFORM}> a écrit\u00a0:\n\n{quoted}"
    if kind == "outlook":
        head = f"De : Plateforme <{PLATFORM}>\nEnvoyé : mardi 24 mars 2026 10:02\nÀ : moi"
        return f"{head}\nObjet : {said.subject}\n\n{ours}"
    return ""


def _html(said: Said, text: str) -> str:
    ours = str(said.row.payload["html"])
    return (
        f'<div dir="ltr">{text}</div><div class="gmail_quote"><div class="gmail_attr">Le mar. 24'
        f" mars 2026 à 10:02, Plateforme &lt;{PLATFORM}&gt; a écrit :<br></div><blockquote"
        f' class="gmail_quote">{ours}</blockquote></div>'
    )


def _reply(who: Somebody, said: Said, text: str, way: Way, *, vouched: bool = True) -> list[Said]:
    """Minutes later, a reply comes in; what is said because of it."""
    world = who.world
    world.move_to(world.clock.now() + timedelta(hours=2))
    raw = _mail(who, said, text, way, vouched=vouched)
    return world.take(parse(raw, READING, world.clock.now(), "place"))


def _asked(world: World) -> tuple[Somebody, Said]:
    """Musson wants to register, and is asked for its designated user."""
    somebody = world.stranger("helene")
    subject = "Inscription de la commune de Musson"
    return somebody, somebody.asks("inscrire Commune de Musson", subject=subject)


FACTS = "Hélène Lambiotte, 063 00 07 41, helene.lambiotte@musson.example"


@pytest.mark.parametrize("way", WAYS)
def test_facts_of_a_registration(mailbox: World, way: str) -> None:
    somebody, asked = _asked(mailbox)
    said = _reply(somebody, asked, FACTS, WAYS[way])
    assert any("I-2026-0001" in one.text for one in somebody.got(said))
    assert "85026" in [institution.code for institution in mailbox.all(Institution)]


def _drafted(world: World) -> tuple[Somebody, Said]:
    """A draft of an order, shown to whoever may confirm it."""
    helene = world.helene()
    helene.asks("adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114")
    draft = helene.asks("commander e-guichet", subject="Commande pour la population")
    # Another question is asked since: a bare yes would be its answer.
    helene.asks("désinscrire", subject="Notre départ")
    return helene, draft


@pytest.mark.parametrize("way", WAYS)
def test_confirmation_of_an_order(mailbox: World, way: str) -> None:
    helene, draft = _drafted(mailbox)
    _reply(helene, draft, "confirmer", WAYS[way])
    assert [order.state for order in mailbox.all(Order)] == [OrderState.SENT]
    musson = [one.state for one in mailbox.all(Institution) if one.code == "85026"]
    assert musson == [Standing.ACTIVE]


def _announced(world: World) -> tuple[Somebody, Said]:
    """An offer of Musson, as the CPAS of Rouvroy has it."""
    helene, bruno = world.helene(), world.bruno()
    helene.replies(helene.asks(OFFER), "oui")
    (told,) = bruno.got()
    return bruno, told


@pytest.mark.parametrize("way", WAYS)
def test_answer_to_an_announcement(mailbox: World, way: str) -> None:
    bruno, told = _announced(mailbox)
    _reply(bruno, told, "Nous le prenons volontiers.", WAYS[way])
    (kept,) = mailbox.all(Contribution)
    assert kept.words == "Nous le prenons volontiers."
    assert kept.announcement_id == mailbox.all(Announcement)[0].id


GUESSES = [name for name, way in WAYS.items() if not (way.in_reply_to or way.references)]


@pytest.mark.parametrize("way", GUESSES)
def test_who_is_not_believed_names_no_conversation(mailbox: World, way: str) -> None:
    """Whoever writes in another's name can know a subject, and words of ours."""
    helene, draft = _drafted(mailbox)
    _reply(helene, draft, "confirmer", WAYS[way], vouched=False)
    assert [order.state for order in mailbox.all(Order)] == [OrderState.DRAFT]


@pytest.mark.parametrize("way", GUESSES)
def test_another_persons_mail_is_not_recognised(mailbox: World, way: str) -> None:
    """What was asked of one person is no question to another who quotes it."""
    _helene, draft = _drafted(mailbox)
    _reply(mailbox.bruno(), draft, "confirmer", WAYS[way])
    assert [order.state for order in mailbox.all(Order)] == [OrderState.DRAFT]


def test_a_new_mail_with_the_same_words_in_its_subject_is_a_new_mail(mailbox: World) -> None:
    somebody, asked = _asked(mailbox)
    somebody.writes(FACTS, subject=bare_subject(asked.subject))
    assert "85026" not in [institution.code for institution in mailbox.all(Institution)]


@pytest.mark.parametrize(("days", "known"), [(119, True), (121, False)])
def test_how_long_a_reply_without_ids_is_recognised(mailbox: World, days: int, known: bool) -> None:
    bruno, told = _announced(mailbox)
    later = mailbox.clock.now() + timedelta(days=days)
    reply = bruno.message("Nous le prenons.", subject=f"RE: {told.subject}")
    found = mailbox.change(lambda session: topic_of(session, reply, later))
    assert (found is not None) is known
    assert found is None or found.kind == "announcement"


@pytest.mark.parametrize("quotes", ["marks", "outlook", "html"])
def test_a_reply_with_nothing_but_a_quotation_does_nothing(mailbox: World, quotes: str) -> None:
    bruno, told = _announced(mailbox)
    said = _reply(bruno, told, "", Way(in_reply_to=True, subject="RE: ", quotes=quotes))
    assert ["texte cité" in one.text for one in bruno.got(said)] == [True]
    assert mailbox.count(Contribution) == 0
    kept = max(mailbox.entries(), key=lambda entry: entry.id).record
    assert "broyeur" in kept["quoted"]


@pytest.mark.parametrize("quotes", ["outlook", "html"])
def test_facts_typed_between_our_lines_are_read(mailbox: World, quotes: str) -> None:
    somebody, asked = _asked(mailbox)
    payload = asked.row.payload
    asked.row.payload = payload | {
        "text": payload["text"].replace("professionnelle\n", f"professionnelle\n{FACTS}\n"),
        "html": payload["html"].replace("</ol>", f"</ol><div>{FACTS}</div>"),
    }
    said = _reply(somebody, asked, "", Way(in_reply_to=True, subject="RE: ", quotes=quotes))
    assert any("I-2026-0001" in one.text for one in somebody.got(said))
    assert "85026" in [institution.code for institution in mailbox.all(Institution)]


@pytest.mark.parametrize("head", ["outlook", "attribution"])
def test_facts_typed_below_our_message_are_read(mailbox: World, head: str) -> None:
    somebody, asked = _asked(mailbox)
    given_back = _quotation(asked, "outlook")
    if head == "attribution":
        ours = str(asked.row.payload["text"])
        given_back = f"Le 24 mars 2026 à 10:02, Plateforme <{PLATFORM}> a écrit :\n\n{ours}"
    said = _reply(somebody, asked, f"{given_back}\n\n{FACTS}", Way(in_reply_to=True))
    assert any("I-2026-0001" in one.text for one in somebody.got(said))


def test_an_older_message_of_ones_own_below_ours_is_not_said_again(mailbox: World) -> None:
    """A program that leaves no line between ours and theirs gives back what was done already."""
    helene, draft = _drafted(mailbox)
    old = "Nous prêtons un broyeur de branches du 18 au 22 mai 2026."
    helene.writes(old)
    before = mailbox.count(Announcement)
    said = _reply(helene, draft, f"{_quotation(draft, 'outlook')}\n\n{old}", Way(in_reply_to=True))
    assert any("texte cité" in one.text for one in helene.got(said))
    assert mailbox.count(Announcement) == before


def test_a_yes_that_is_only_quoted_confirms_nothing(mailbox: World) -> None:
    helene, draft = _drafted(mailbox)
    below = "Le 24 mars 2026 à 10:02, Plateforme <p@s.example> a écrit :\n\nconfirmer"
    said = _reply(helene, draft, below, Way(in_reply_to=True))
    assert any("texte cité" in one.text for one in helene.got(said))
    assert [order.state for order in mailbox.all(Order)] == [OrderState.DRAFT]


def test_a_command_in_the_subject_above_the_line_of_a_device_is_a_command(mailbox: World) -> None:
    helene = mailbox.helene()
    said = helene.writes("", subject="aide", quoted="Envoyé de mon iPad")
    assert "texte cité" not in said[0].text


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("RE: x", "x"),
        ("Re : TR: FW: x", "x"),
        ("RÉP : Rép: x", "x"),
        ("AW: WG: Antw: Ant: x", "x"),
        ("Re[3]: SV: Doorst: x", "x"),
        ("Re(2): x", "x"),
        ("Travaux : x", "Travaux : x"),
        ("Réponse : x", "Réponse : x"),
        ("x RE: y", "x RE: y"),
        ("", ""),
    ],
)
def test_marks_before_a_subject(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
