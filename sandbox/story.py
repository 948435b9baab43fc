"""The story that the demo plays, over real protocols, with clients that are not the bot.

Each step is a function of the play. A step says what a person does and waits for what they must
see; what does not come within the patience of the play is a failure of its step.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from sandbox.clients import MailUser, MatrixUser, RoomEvent, text_of
from sandbox.stage import ADMINS_ROOM, BOT, MEMBERS_ROOM, PLATFORM, ZONE, Stage
from sandbox.transcript import MAIL, MATRIX, Transcript

HELENE = "Hélène (Musson)"
BRUNO = "Bruno (CPAS Rouvroy)"
CAMILLE = "Camille (admin)"
MANAGER = "Centrale Smart"
VISITOR = "Visiteur"

FIRST_MAIL = """\
Bonjour,

La commune de Musson souhaite rejoindre l'e-plateforme. Notre Collège a désigné Madame Hélène
Lambiotte comme utilisatrice ; c'est elle qui vous écrit.

Merci d'avance pour la suite que vous y donnerez,

Hélène Lambiotte
Employée d'administration
Administration communale de Musson
063 00 07 41
helene.lambiotte@musson.example
"""

SECOND_MAIL = """\
Madame, Monsieur,

Par la présente, le CPAS de Rouvroy demande son inscription à votre plateforme.
L'utilisateur désigné est M. Bruno Wéry, directeur général f.f., joignable au 063 00 12 30
ou par mail : bruno.wery@cpas-rouvroy.example

Bien à vous,

Bruno Wéry
CPAS de Rouvroy
"""

CATALOGUE_MAIL = """\
Bonjour,

Pourriez-vous m'envoyer le catalogue de vos centrales d'achats ? Je ne suis pas encore inscrit.

Merci,
Dominique Visiteur
"""

DEMAND = "demande un agent pour le service population, du 4 au 29 mai, service bloqué"
OFFER_OF_HELP = """\
Bonjour,

Nous pouvons mettre une personne à disposition trois jours par semaine.

Bruno Wéry
"""


@dataclass(slots=True)
class Play:
    """The people, where they are, and what they learnt so far."""

    stage: Stage
    transcript: Transcript
    helene_mail: MailUser
    bruno_mail: MailUser
    manager_mail: MailUser
    visitor_mail: MailUser
    helene: MatrixUser
    camille: MatrixUser
    patience: float = 15.0
    direct: str = ""
    members: str = ""
    admins: str = ""
    order: str = ""
    sent: list[EmailMessage] = field(default_factory=list)

    # -- mail ---------------------------------------------------------------------------------

    async def write(self, who: str, user: MailUser, subject: str, text: str) -> EmailMessage:
        """A person writes a new mail to the platform."""
        mail = user.compose(PLATFORM, subject, text)
        self.transcript.says(MAIL, who, f"« {subject} » {text}")
        await user.send(mail)
        self.sent.append(mail)
        return mail

    async def answer(self, who: str, user: MailUser, to: EmailMessage, text: str) -> EmailMessage:
        """A person answers a mail of the platform, quoting it as mail programs do."""
        mail = user.reply(to, text)
        self.transcript.says(MAIL, who, text)
        await user.send(mail)
        self.sent.append(mail)
        return mail

    async def receipt(
        self, who: str, user: MailUser, to: EmailMessage, *words: str
    ) -> EmailMessage:
        """The answer to a mail arrives, and says certain words."""
        got = await user.wait_for(
            lambda mail: mail["In-Reply-To"] == to["Message-ID"], self.patience
        )
        self._heard(MAIL, who, text_of(got), words)
        return got

    async def mail_with(self, who: str, user: MailUser, *words: str, since: int) -> EmailMessage:
        """A mail that says certain words arrives."""
        got = await user.wait_for(
            lambda mail: all(word in said(mail) for word in words), self.patience, since=since
        )
        self._heard(MAIL, who, f"« {got['Subject']} » {text_of(got)}", ())
        return got

    # -- Matrix -------------------------------------------------------------------------------

    async def ask(self, who: str, user: MatrixUser, room: str, text: str, *words: str) -> RoomEvent:
        """A person writes in a room; the bot's answer to it says certain words."""
        since = user.mark()
        self.transcript.says(MATRIX, who, text)
        asked = await user.send(room, text)
        got = await user.wait_for(
            lambda event: event.sender == BOT and event.reply_to == asked and is_words(event),
            self.patience,
            since=since,
        )
        self._heard(MATRIX, who, got.body, words)
        return got

    async def sees(
        self, who: str, user: MatrixUser, room: str, *words: str, since: int
    ) -> RoomEvent:
        """Words of the bot appear in a room."""
        got = await user.wait_for(
            lambda event: (
                event.room_id == room
                and event.sender == BOT
                and all(word in event.body for word in words)
            ),
            self.patience,
            since=since,
        )
        self._heard(MATRIX, who, got.body, ())
        return got

    async def sees_file(
        self, who: str, user: MatrixUser, room: str, *, since: int, kind: str = "m.file"
    ) -> bytes:
        """A file of the bot appears in a room, as an image if that is its ``kind``; gives its
        content.
        """
        got = await user.wait_for(
            lambda event: event.room_id == room and event.content.get("msgtype") == kind,
            self.patience,
            since=since,
        )
        content = await user.download(got.content["url"])
        self._heard(MATRIX, who, f"📎 {got.body} ({len(content)} octets)", ())
        return content

    def _heard(self, channel: str, who: str, text: str, words: tuple[str, ...]) -> None:
        self.transcript.hears(channel, who, text)
        missing = [word for word in words if word not in " ".join(text.split())]
        if missing:
            raise AssertionError(f"the answer does not say {missing}: {text[:400]}")


def said(mail: EmailMessage) -> str:
    """Subject and text of a mail, in one line."""
    return " ".join(f"{mail['Subject']} {text_of(mail)}".split())


def is_words(event: RoomEvent) -> bool:
    """Whether an event is words, not a file."""
    return event.content.get("msgtype") == "m.notice"


def pdf_of(mail: EmailMessage) -> bytes:
    """The PDF of a mail. AssertionError if it has none."""
    for part in mail.iter_attachments():
        if part.get_content_type() == "application/pdf":
            content = part.get_content()
            assert isinstance(content, bytes)  # noqa: S101 - so says the media type
            return content
    raise AssertionError(f"no PDF in « {mail['Subject']} »")


def picture_of(mail: EmailMessage) -> bytes:
    """The picture that the page of a mail shows. AssertionError if it has none."""
    for part in mail.walk():
        if part.get_content_type() == "image/png" and f"cid:{part['Content-ID'][1:-1]}" in str(
            html_of(mail)
        ):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)  # noqa: S101 - so says the media type
            return content
    raise AssertionError(f"no picture in « {mail['Subject']} »")


def html_of(mail: EmailMessage) -> str:
    """The page of a mail, as it stands."""
    page = mail.get_body(("html",))
    return str(page.get_content()) if page is not None else ""


@asynccontextmanager
async def play(set_stage: Stage, transcript: Transcript, patience: float) -> AsyncIterator[Play]:
    """The people come on stage, each with their own program."""
    async with AsyncExitStack() as stack:
        mailbox, chat = set_stage.mailbox, set_stage.chat
        yield Play(
            set_stage,
            transcript,
            helene_mail=await stack.enter_async_context(mailbox("helene.lambiotte@musson.example")),
            bruno_mail=await stack.enter_async_context(mailbox("bruno.wery@cpas-rouvroy.example")),
            manager_mail=await stack.enter_async_context(mailbox("smart@centrale-achats.example")),
            visitor_mail=await stack.enter_async_context(mailbox("visiteur@ailleurs.example")),
            helene=await stack.enter_async_context(chat("helene")),
            camille=await stack.enter_async_context(chat("camille")),
            patience=patience,
        )


# -- the steps --------------------------------------------------------------------------------


async def administrator_arrives(p: Play) -> None:
    """The administrator is invited to the rooms that were made for the platform."""
    p.admins = await p.camille.join(ADMINS_ROOM)
    p.members = await p.camille.join(MEMBERS_ROOM)
    p.transcript.notes("the administrator has joined the rooms that `supracom setup` made")


async def accept(p: Play, name: str, since: int) -> None:
    """The administrators' room is told of a registration, and an administrator accepts it."""
    told = await p.sees(CAMILLE, p.camille, p.admins, name, "I-", since=since)
    reference = found(r"I-\d{4}-\d{4}", told.body)
    await p.ask(CAMILLE, p.camille, p.admins, f"!accepter {reference}", "est membre")


async def register_by_mail(p: Play) -> None:
    """A commune registers by a free-form mail; its user comes to Matrix and is linked."""
    since = p.camille.mark()
    asked = await p.write(HELENE, p.helene_mail, "Inscription de notre commune", FIRST_MAIL)
    await p.receipt(
        HELENE, p.helene_mail, asked, "sans engagement", "commune de Musson", "Hélène Lambiotte"
    )
    mailbox = await p.helene_mail.mark()
    await accept(p, "Commune de Musson", since)
    welcome = await p.mail_with(HELENE, p.helene_mail, "Bienvenue", "lier", since=mailbox)
    code = found(r"lier\s+([A-Z0-9]{4}(?:-[A-Z0-9]{4})+)", text_of(welcome))
    p.direct = await p.helene.create_direct(BOT)
    await p.ask(HELENE, p.helene, p.direct, f"lier {code}", "commune de Musson")
    await p.helene.wait_for_invitation(p.patience, to=p.members)
    await p.helene.join(MEMBERS_ROOM)
    p.transcript.hears(MATRIX, HELENE, "entre dans le salon des membres")


async def register_mail_only(p: Play) -> None:
    """A second institution registers, and stays with its mailbox."""
    since = p.camille.mark()
    asked = await p.write(BRUNO, p.bruno_mail, "Demande d'inscription", SECOND_MAIL)
    await p.receipt(BRUNO, p.bruno_mail, asked, "sans engagement", "du CPAS de Rouvroy")
    mailbox = await p.bruno_mail.mark()
    await accept(p, "CPAS de Rouvroy", since)
    await p.mail_with(BRUNO, p.bruno_mail, "Bienvenue", since=mailbox)


async def ask_for_help(p: Play) -> None:
    """A demand from Matrix reaches the room and the mailboxes; the answer comes back by mail."""
    mailbox = await p.bruno_mail.mark()
    since = p.camille.mark()
    await p.ask(HELENE, p.helene, p.direct, DEMAND, "Rien n'est envoyé", "population")
    await p.ask(HELENE, p.helene, p.direct, "oui", "est publiée")
    root = await p.sees(CAMILLE, p.camille, p.members, "Demande A-", since=since)
    broadcast = await p.mail_with(BRUNO, p.bruno_mail, "Demande A-", "population", since=mailbox)
    thread = p.helene.mark()
    answered = await p.answer(BRUNO, p.bruno_mail, broadcast, OFFER_OF_HELP)
    await p.receipt(BRUNO, p.bruno_mail, answered, "transmise")
    contribution = await p.sees(
        HELENE, p.helene, p.members, "trois jours par semaine", since=thread
    )
    if contribution.thread != root.event_id:
        raise AssertionError("the answer does not stand in the thread of the demand")


async def look_at_the_catalogue(p: Play) -> None:
    """A stranger gets the public catalogue by mail; a member the sheet of one solution."""
    asked = await p.write(VISITOR, p.visitor_mail, "Votre catalogue", CATALOGUE_MAIL)
    await p.receipt(VISITOR, p.visitor_mail, asked, "10 solutions", "E-guichet")
    await p.ask(HELENE, p.helene, p.direct, "fiche e-guichet", "E-guichet", "24.000")


async def order_and_award(p: Play) -> None:
    """Ordering, the order form, the reminders, the award, the contract."""
    mailbox, manager = await p.helene_mail.mark(), await p.manager_mail.mark()
    await p.ask(HELENE, p.helene, p.direct, "commander e-guichet", "24.000,00", "confirm")
    chat = p.helene.mark()
    receipt = await p.ask(HELENE, p.helene, p.direct, "confirmer", "est envoyée")
    p.order = found(r"SMART-\d{4}-\d{4}", receipt.body)
    form = await p.sees_file(HELENE, p.helene, p.direct, since=chat)
    copy = await p.mail_with(HELENE, p.helene_mail, p.order, since=mailbox)
    told = await p.mail_with(MANAGER, p.manager_mail, p.order, since=manager)
    if not form.startswith(b"%PDF") or pdf_of(copy) != form or pdf_of(told) != form:
        raise AssertionError("the order form is not the same everywhere")
    await reminders(p)
    await award(p, told)


async def join(p: Play) -> None:
    """The decision to join a central, and its manager, who accepts by mail."""
    manager, chat = await p.manager_mail.mark(), p.helene.mark()
    await p.ask(
        HELENE,
        p.helene,
        p.direct,
        "adhérer Smart, décision du Collège du 9 mars 2026, réf. 2026/114",
        "transmise",
    )
    told = await p.mail_with(MANAGER, p.manager_mail, "demande à adhérer", since=manager)
    answered = await p.answer(MANAGER, p.manager_mail, told, "oui")
    await p.receipt(MANAGER, p.manager_mail, answered, "a adhéré")
    await p.sees(HELENE, p.helene, p.direct, "est acceptée", since=chat)
    await look_at_the_map(p)


async def look_at_the_map(p: Play) -> None:
    """The commune that joined is in colour on the map, in the chat and in a mail."""
    chat = p.helene.mark()
    await p.ask(HELENE, p.helene, p.direct, "carte Smart", "1 commune")
    shown = await p.sees_file(HELENE, p.helene, p.direct, since=chat, kind="m.image")
    asked = await p.write(VISITOR, p.visitor_mail, "Carte", "carte Smart")
    mail = await p.receipt(VISITOR, p.visitor_mail, asked, "En couleur", "Musson")
    if not shown.startswith(b"\x89PNG") or picture_of(mail) != shown:
        raise AssertionError("the map is not the same everywhere")


async def reminders(p: Play) -> None:
    """The clock moves on: a reminder before day 20, another one on the day."""
    due = datetime.now(ZONE).date() + timedelta(days=20)
    chat = p.helene.mark()
    for day in (due - timedelta(days=5), due):
        manager = await p.manager_mail.mark()
        chat = p.helene.mark()
        p.transcript.notes(f"the clock moves on to {day.isoformat()}")
        p.stage.move_clock_to(day)
        await p.mail_with(MANAGER, p.manager_mail, p.order, "doit être attribuée", since=manager)
    await p.sees(HELENE, p.helene, p.direct, "s'achève aujourd'hui", since=chat)


async def award(p: Play, told: EmailMessage) -> None:
    """The manager records the award by mail; the buyer is told on both channels."""
    mailbox, chat = await p.helene_mail.mark(), p.helene.mark()
    asked = await p.answer(MANAGER, p.manager_mail, told, f"attribuer {p.order} à Civadis")
    await p.receipt(MANAGER, p.manager_mail, asked, "enregistrée")
    await p.sees(HELENE, p.helene, p.direct, "est attribuée", since=chat)
    await p.mail_with(HELENE, p.helene_mail, p.order, "est attribuée", since=mailbox)
    awarded = datetime.now(ZONE).date() + timedelta(days=20)
    end = date(awarded.year + 4, awarded.month, awarded.day) - timedelta(days=1)
    await p.ask(HELENE, p.helene, p.direct, "commandes", p.order, str(end.year), "contrat")


async def look_at_the_figures(p: Play) -> None:
    """The platform in figures."""
    await p.ask(HELENE, p.helene, p.direct, "statistiques", "2 institutions", "24.000")


def found(pattern: str, text: str) -> str:
    """What a pattern finds in a text: its group if it has one. AssertionError if nothing."""
    match = re.search(pattern, text)
    if match is None:
        raise AssertionError(f"no {pattern} in: {text[:400]}")
    return match[1] if match.groups() else match[0]


STEPS: list[tuple[str, Callable[[Play], Awaitable[None]]]] = [
    ("A commune registers by a free-form mail and comes to Matrix", register_by_mail),
    ("A CPAS registers and stays on mail", register_mail_only),
    ("A request for staff: from Matrix to mail and back", ask_for_help),
    ("The catalogue, for a stranger and for a member", look_at_the_catalogue),
    ("Joining the central, whose manager accepts; the map", join),
    ("Ordering, reminders, award, contract", order_and_award),
    ("The figures", look_at_the_figures),
]
