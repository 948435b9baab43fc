"""Rounds of ordinary work, as often as wanted, after the story: each says what must come of it.

Every round makes words that are said nowhere else, so that a witness can count them afterwards.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from sandbox.clients import RoomEvent
from sandbox.stage import BOT, ZONE
from sandbox.story import (
    BRUNO,
    CAMILLE,
    CATALOGUE_MAIL,
    HELENE,
    MANAGER,
    VISITOR,
    Play,
    found,
    is_words,
    pdf_of,
    said,
)
from sandbox.transcript import MATRIX
from sandbox.witness import Expected

COMMANDS, MAILS = 10, 5
"""How many commands and mails a burst has."""
AWARD_DAYS, WARNING_DAYS = 20, 5
ORDER = r"SMART-\d{4}-\d{4}"
ANNOUNCEMENT = r"A-\d{4}-\d{4}"


@dataclass(slots=True)
class Rounds:
    """The rounds of one play, with what they must leave behind."""

    play: Play
    day: date = field(default_factory=lambda: datetime.now(ZONE).date())
    number: int = 0
    expected: list[Expected] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def token(self, letter: str) -> str:
        """A word that is said nowhere else."""
        return f"{letter}{self.number:03d}z"

    def promise(self, what: str, place: str, *words: str, times: int = 1) -> None:
        """Something must stand in a place so many times, whatever happens to the bot."""
        self.expected.append(Expected(what, place, words, times))

    def thread(self, what: str, root: RoomEvent, *words: str) -> None:
        """A contribution must stand in a thread, once, and nowhere else in its room."""
        self.promise(what, root.room_id, *words)
        self.expected.append(
            Expected(f"{what}, in its thread", root.room_id, words, 1, root.event_id)
        )

    def after_the_story(self) -> None:
        """What the story itself must have left behind."""
        p = self.play
        self.day += timedelta(days=AWARD_DAYS)
        for place in (p.members, p.bruno_mail.address):
            self.promise("the story's demand", place, "du 4 au 29 mai, service bloqué")
        self.promise("the story's answer", p.members, "trois jours par semaine")
        self.ordered(p.order)

    def ordered(self, reference: str) -> None:
        """What one order must leave behind, from its confirmation to its award."""
        p = self.play
        buyer, manager = p.helene_mail.address, p.manager_mail.address
        self.orders.append(reference)
        for place in (p.direct, buyer):
            self.promise("confirmation", place, f"Votre commande {reference} est envoyée")
            self.promise("award", place, f"Votre commande {reference} est attribuée")
        for place in (p.direct, buyer, manager):
            self.promise("order form", place, f"{reference}.pdf")
        self.promise("reminder", manager, reference, "doit être attribuée", times=2)
        self.promise("reminder", p.direct, reference, "s'achève aujourd'hui")

    async def play_one(self) -> None:
        """One round: demands both ways, a catalogue, a sheet, an order, a burst."""
        self.number += 1
        reference, broadcast = await demand_in_matrix(self)
        await demand_by_mail(self)
        await catalogue_and_sheet(self)
        await order(self)
        await burst(self, reference, broadcast)


# -- asking -----------------------------------------------------------------------------------


async def agree(r: Rounds, draft: RoomEvent, *words: str) -> RoomEvent:
    """A person confirms what was just shown: by a word, by a reply, or by a reaction."""
    p = r.play
    since = p.helene.mark()
    p.transcript.says(MATRIX, HELENE, "oui")
    match r.number % 3:
        case 0:
            asked = await p.helene.send(p.direct, "oui")
        case 1:
            asked = await p.helene.send(p.direct, "oui", reply_to=draft.event_id)
        case _:
            # Nobody can read a reaction by itself: the answer is to what it was put to.
            await p.helene.react(p.direct, draft.event_id, "✅")
            asked = draft.event_id
    return await answered(p, asked, *words, since=since)


async def answered(p: Play, asked: str, *words: str, since: int) -> RoomEvent:
    """The answer to an event, which says certain words."""
    got = await p.helene.wait_for(
        lambda event: event.sender == BOT and event.reply_to == asked and is_words(event),
        p.patience,
        since=since,
    )
    missing = [word for word in words if word not in got.body]
    if missing:
        raise AssertionError(f"the answer does not say {missing}: {got.body[:400]}")
    return got


# -- parts of a round -------------------------------------------------------------------------


async def demand_in_matrix(r: Rounds) -> tuple[str, EmailMessage]:
    """Hélène asks in Matrix, Bruno answers by mail, Hélène thanks in the thread.

    Gives the announcement's reference, and the mail by which Bruno got it.
    """
    p, demand, answer, thanks = r.play, r.token("demande"), r.token("aide"), r.token("merci")
    since, mailbox = p.helene.mark(), await p.bruno_mail.mark()
    text = f"demande un agent pour le service population, dossier {demand}"
    draft = await p.ask(HELENE, p.helene, p.direct, text, "Rien n'est envoyé")
    await agree(r, draft, "est publiée")
    root = await p.sees(HELENE, p.helene, p.members, demand, since=since)
    broadcast = await p.mail_with(BRUNO, p.bruno_mail, demand, since=mailbox)
    for place in (p.members, p.bruno_mail.address):
        r.promise("announcement", place, demand)
    since = p.helene.mark()
    mail = await p.answer(BRUNO, p.bruno_mail, broadcast, f"Nous pouvons aider : {answer}.")
    contribution = await p.sees(HELENE, p.helene, p.members, answer, since=since)
    r.thread("contribution by mail", root, answer)
    mailbox = await p.bruno_mail.mark()
    p.transcript.says(MATRIX, HELENE, thanks)
    # At once: the contribution may not even be noted as sent.
    await p.helene.send(
        p.members, f"Un grand {thanks} !", thread=root.event_id, reply_to=contribution.event_id
    )
    r.promise("contribution in the thread", p.bruno_mail.address, thanks)
    await p.mail_with(BRUNO, p.bruno_mail, thanks, since=mailbox)
    await _receipt(p, mail, since=0)
    return found(ANNOUNCEMENT, root.body), broadcast


async def demand_by_mail(r: Rounds) -> None:
    """Bruno asks by mail, Hélène answers in the thread as soon as she sees it."""
    p, demand, answer = r.play, r.token("besoin"), r.token("renfort")
    since = p.helene.mark()
    text = f"demande une camionnette pour le service voirie, dossier {demand}"
    asked = await p.write(BRUNO, p.bruno_mail, "Une camionnette", text)
    draft = await p.receipt(BRUNO, p.bruno_mail, asked, "Rien n'est envoyé")
    asked = await p.answer(BRUNO, p.bruno_mail, draft, "oui")
    root = await p.sees(HELENE, p.helene, p.members, demand, since=since)
    r.promise("announcement", p.members, demand)
    p.transcript.says(MATRIX, HELENE, answer)
    # At once: the announcement may not even be noted as sent.
    await p.helene.send(p.members, f"La nôtre est libre : {answer}.", thread=root.event_id)
    r.promise("contribution in the thread", p.bruno_mail.address, answer)
    await p.bruno_mail.wait_for(lambda mail: answer in said(mail), p.patience, since=0)
    await _receipt(p, asked, since=0)


async def catalogue_and_sheet(r: Rounds) -> None:
    """A stranger gets the catalogue by mail while a member reads one sheet of it."""
    p = r.play
    asked = await p.write(VISITOR, p.visitor_mail, f"Catalogue {r.number}", CATALOGUE_MAIL)
    await p.ask(HELENE, p.helene, p.direct, "fiche e-guichet", "E-guichet", "24.000")
    await p.receipt(VISITOR, p.visitor_mail, asked, "10 solutions", "E-guichet")


async def order(r: Rounds) -> None:
    """An order, its form in both channels, its reminders, its award."""
    p = r.play
    mailbox, manager = await p.helene_mail.mark(), await p.manager_mail.mark()
    since = p.helene.mark()
    draft = await p.ask(HELENE, p.helene, p.direct, "commander e-guichet", "24.000,00", "confirm")
    receipt = await agree(r, draft, "est envoyée")
    reference = found(ORDER, receipt.body)
    r.ordered(reference)
    form = await p.sees_file(HELENE, p.helene, p.direct, since=since)
    copy = await p.mail_with(HELENE, p.helene_mail, reference, since=mailbox)
    told = await p.mail_with(MANAGER, p.manager_mail, reference, since=manager)
    if not form.startswith(b"%PDF") or pdf_of(copy) != form or pdf_of(told) != form:
        raise AssertionError("the order form is not the same everywhere")
    await reminders(r, reference)
    await award(r, reference, told)


async def reminders(r: Rounds, reference: str) -> None:
    """The clock moves on to the warning, then to the last day."""
    p = r.play
    due = r.day + timedelta(days=AWARD_DAYS)
    since = p.helene.mark()
    for day in (due - timedelta(days=WARNING_DAYS), due):
        mailbox = await p.manager_mail.mark()
        p.stage.move_clock_to(day)
        await p.mail_with(MANAGER, p.manager_mail, reference, "doit être attribuée", since=mailbox)
    r.day = due
    await p.sees(HELENE, p.helene, p.direct, reference, "s'achève aujourd'hui", since=since)


async def award(r: Rounds, reference: str, told: EmailMessage) -> None:
    """The manager awards by mail; the buyer is told on both channels."""
    p = r.play
    since, mailbox = p.helene.mark(), await p.helene_mail.mark()
    asked = await p.answer(MANAGER, p.manager_mail, told, f"attribuer {reference} à Civadis")
    await p.receipt(MANAGER, p.manager_mail, asked, "enregistrée")
    await p.sees(HELENE, p.helene, p.direct, reference, "est attribuée", since=since)
    await p.mail_with(HELENE, p.helene_mail, reference, "est attribuée", since=mailbox)


async def burst(r: Rounds, reference: str, broadcast: EmailMessage) -> None:
    """Ten numbered commands in one room and five mails, at once; all are answered."""
    p = r.play
    since, mailbox = p.helene.mark(), await p.bruno_mail.mark()
    words = [f"{r.token('salve')}{index}" for index in range(COMMANDS)]
    letters = [f"{r.token('pli')}{index}" for index in range(MAILS)]
    p.transcript.says(MATRIX, HELENE, f"{COMMANDS} commands at once")
    mails = asyncio.gather(*(_letter(r, broadcast, word) for word in letters))
    asked = [
        await p.helene.send(p.direct, f"répondre {reference} nous aidons aussi : {word}")
        for word in words
    ]
    for event in asked:
        # She adds to her own announcement: that answers nobody.
        await answered(p, event, "complément", since=since)
    for mail in await mails:
        await _receipt(p, mail, since=mailbox)
    for word in words:
        r.promise("contribution by command", p.members, word)
        r.promise("contribution by command", p.bruno_mail.address, word)
    for word in letters:
        r.promise("contribution by mail", p.members, word)


async def _receipt(p: Play, asked: EmailMessage, *, since: int) -> None:
    """Bruno's mail is answered, perhaps long ago."""
    await p.bruno_mail.wait_for(
        lambda mail: mail["In-Reply-To"] == asked["Message-ID"], p.patience, since=since
    )


async def _letter(r: Rounds, broadcast: EmailMessage, word: str) -> EmailMessage:
    return await r.play.answer(
        BRUNO, r.play.bruno_mail, broadcast, f"Nous pouvons aider aussi : {word}."
    )


# -- the end ----------------------------------------------------------------------------------


async def last_words(r: Rounds) -> str:
    """One more question and answer in every room and mailbox; gives the platform's figures.

    What goes to one place leaves in order: behind the last answer, nothing is still on its way.
    """
    p = r.play
    for user, address in (
        (p.helene_mail, HELENE),
        (p.bruno_mail, BRUNO),
        (p.manager_mail, MANAGER),
        (p.visitor_mail, VISITOR),
    ):
        asked = await p.write(address, user, "aide", "aide")
        await p.receipt(address, user, asked)
    for room in (p.members, p.admins):
        await p.ask(CAMILLE, p.camille, room, "!aide")
    told = await p.ask(HELENE, p.helene, p.direct, "statistiques")
    return " ".join(told.body.split())
