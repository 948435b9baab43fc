"""One conversation about one announcement, held crosswise by mail and in Matrix under kills.

``python -m sandbox.crosstalk --messages 30 --kills 10 [--seed N]``: two people with nothing but a
mailbox and two in Matrix answer one another in turn, each only after having read what was said
before. Files go both ways, words are corrected, one answer is private, somebody says STOP in the
middle, and the bot is killed with SIGKILL at random moments. In the end both sides must hold the
same conversation, nothing doubled, nothing leaked. The exit code is 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from sandbox.clients import Attachment, MailUser, text_of
from sandbox.crash import PATIENCE, noted
from sandbox.crosstalk_look import look
from sandbox.killer import Listener
from sandbox.matrix_event import relation
from sandbox.stage import BOT, MEMBERS_ROOM, stage
from sandbox.story import (
    DEMAND,
    HELENE,
    accept,
    administrator_arrives,
    found,
    play,
    register_by_mail,
    register_mail_only,
    said,
)
from sandbox.talk import BRUNO, MARC, ODILE, SECRET, Talk
from sandbox.witness import Finding

JOINING = """\
Madame, Monsieur,

Par la présente, le CPAS de {place} demande son inscription à votre plateforme.
L'utilisateur désigné est {title} {name}, joignable au 063 00 12 31
ou par mail : {address}

Bien à vous,

{name}
CPAS de {place}
"""


@dataclass(slots=True)
class Report:
    """What was done and what was found."""

    seed: int
    messages: int = 0
    kills: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether both sides hold the same conversation, and nobody read more than is theirs."""
        return not self.findings

    def lines(self) -> Iterator[str]:
        """The report in words."""
        yield f"seed      {self.seed} ({self.seconds:.0f} s)"
        yield f"said      {self.messages} messages, crosswise"
        yield f"kills     {self.kills}"
        yield from (f"  {finding}" for finding in self.findings)
        yield f"verdict   {'the same conversation on both sides' if self.good else 'NOT GOOD'}"


# -- before it begins -------------------------------------------------------------------------


async def _more_members(talk: Talk) -> None:
    """Two more institutions: one with a mailbox only, one that comes to Matrix."""
    p = talk.play
    await _registered(talk, talk.marc_mail, "Virton", "M.", "Marc Liénard")
    welcome = await _registered(talk, talk.odile_mail, "Saint-Léger", "Mme", "Odile Frère")
    code = found(r"lier\s+([A-Z0-9]{4}(?:-[A-Z0-9]{4})+)", text_of(welcome))
    direct = await talk.odile.create_direct(BOT)
    await p.ask(ODILE, talk.odile, direct, f"lier {code}", "Saint-Léger")
    await talk.odile.wait_for_invitation(p.patience, to=p.members)
    await talk.odile.join(MEMBERS_ROOM)


async def _registered(
    talk: Talk, user: MailUser, place: str, title: str, name: str
) -> EmailMessage:
    p, since = talk.play, talk.play.camille.mark()
    letter = JOINING.format(place=place, title=title, name=name, address=user.address)
    asked = await p.write(name, user, "Demande d'inscription", letter)
    await p.receipt(name, user, asked, "sans engagement")
    mailbox = await user.mark()
    await accept(p, f"CPAS de {place}", since)
    return await p.mail_with(name, user, "Bienvenue", since=mailbox)


async def _announced(talk: Talk) -> None:
    p = talk.play
    marks = {name: await user.mark() for name, user in talk.mailboxes.items()}
    since = p.helene.mark()
    await p.ask(HELENE, p.helene, p.direct, DEMAND, "Rien n'est envoyé")
    await p.ask(HELENE, p.helene, p.direct, "oui", "est publiée")
    root = await p.sees(HELENE, p.helene, p.members, "Demande A-", since=since)
    talk.root, talk.reference = root.event_id, found(r"A-\d{4}-\d{4}", root.body)
    for name, user in talk.mailboxes.items():
        mail = await p.mail_with(name, user, "Demande A-", since=marks[name])
        talk.broadcasts[name] = mail


# -- the conversation -------------------------------------------------------------------------


async def converse(talk: Talk, messages: int) -> None:
    """So many messages, each said after what went before was read on the other side."""
    speakers = [BRUNO, HELENE, MARC, ODILE]
    special = {
        messages // 6: _mail_with_a_file,
        messages // 4: _file_in_the_thread,
        messages // 3: _private_answer,
        messages // 2: _stop,
        2 * messages // 3: _edit,
    }
    for number in range(messages):
        aside = special.get(number)
        if aside is not None:
            await aside(talk)
        name = speakers[number % len(speakers)]
        if name == MARC and talk.stopped is not None:
            name = BRUNO
        await _say(talk, name, f"mot{number:03d}z {secrets.token_hex(4)}")


async def _say(talk: Talk, name: str, words: str, *files: Attachment) -> None:
    token = words.split(maxsplit=1)[0]
    marks = await _marks(talk)
    if name in talk.mailboxes:
        user = talk.mailboxes[name]
        mail = user.reply(talk.broadcasts[name], f"Nous aidons : {words}", attachments=files)
        await user.send(mail)
        talk.play.sent.append(mail)
        talk.since.setdefault(name, len(talk.tokens))
    elif files:
        await _send_file(talk, name, words, files[0])
    else:
        await talk.chats[name].send(talk.play.members, f"Merci : {words}", thread=talk.root)
    talk.tokens.append(token)
    talk.by.append(name)
    talk.spoke()
    await _read_by_all(talk, name, token, marks)


async def _marks(talk: Talk) -> dict[str, int]:
    chats = {name: user.mark() for name, user in talk.chats.items()}
    return chats | {name: await user.mark() for name, user in talk.mailboxes.items()}


async def _read_by_all(talk: Talk, author: str, token: str, marks: dict[str, int]) -> None:
    """Everybody else who takes part has it before anybody goes on."""
    p = talk.play
    for name, user in talk.chats.items():
        if name != author:
            await user.wait_for(
                lambda event: event.room_id == p.members and token in event.body,
                p.patience,
                since=marks[name],
            )
    for name, box in talk.mailboxes.items():
        if name != author and name in talk.since and not (name == MARC and talk.stopped):
            await box.wait_for(lambda mail: token in said(mail), p.patience, since=marks[name])


async def _send_file(talk: Talk, name: str, words: str, file: Attachment) -> None:
    user = talk.chats[name]
    url = await user.upload(file.data, file.filename, "application/pdf")
    content = {
        "msgtype": "m.file",
        "body": f"Voici : {words}",
        "filename": file.filename,
        "url": url,
        "info": {"mimetype": "application/pdf", "size": len(file.data)},
        "m.relates_to": relation(talk.root, None),
    }
    await user.send_content(talk.play.members, content)


PAPER = b"%PDF-1.4 un papier de la conversation\n%%EOF\n"


async def _mail_with_a_file(talk: Talk) -> None:
    """A file goes from a mailbox into the thread."""
    await _say(talk, BRUNO, "piece-mail avec un papier", Attachment("du-mail.pdf", PAPER))
    await talk.play.helene.wait_for(
        lambda event: event.content.get("msgtype") == "m.file" and event.body == "du-mail.pdf",
        talk.play.patience,
        since=0,
    )


async def _file_in_the_thread(talk: Talk) -> None:
    """A file goes from the thread into the mailboxes."""
    mark = await talk.play.bruno_mail.mark()
    file = Attachment("du-salon.pdf", PAPER)
    await _say(talk, HELENE, "piece-salon avec un papier", file)
    mail = await talk.play.bruno_mail.wait_for(
        lambda mail: "piece-salon" in said(mail), talk.play.patience, since=mark
    )
    names = [part.get_filename() for part in mail.iter_attachments()]
    if "du-salon.pdf" not in names:
        raise AssertionError(f"the file of the thread is not in the mail: {names}")


async def _private_answer(talk: Talk) -> None:
    """An answer that only the asker may read."""
    text = f"répondre {talk.reference} en privé {SECRET}"
    asked = await talk.play.write(MARC, talk.marc_mail, "En privé", text)
    talk.spoke()
    await talk.play.receipt(MARC, talk.marc_mail, asked, "à personne d'autre")


async def _stop(talk: Talk) -> None:
    """Somebody wants no more mails."""
    asked = await talk.play.write(MARC, talk.marc_mail, "STOP", "STOP")
    talk.stopped = len(talk.tokens)
    talk.spoke()
    await talk.play.receipt(MARC, talk.marc_mail, asked)


async def _edit(talk: Talk) -> None:
    """What was said in the thread is corrected, and the mailboxes hear of it."""
    p, mark = talk.play, await talk.play.bruno_mail.mark()
    mine = [e for e in p.helene.timeline(p.members) if e.sender != BOT and e.thread == talk.root]
    last = [e for e in mine if e.sender == p.stage.accounts["helene"].user_id][-1]
    token = next(one for one in talk.tokens if one in last.body)
    await p.helene.edit(p.members, last.event_id, f"Corrigé : {token} corrige-ainsi")
    talk.spoke()
    await p.bruno_mail.wait_for(lambda mail: "corrige-ainsi" in said(mail), p.patience, since=mark)


# -- the program ------------------------------------------------------------------------------


async def crosstalk(directory: Path, *, messages: int, kills: int, seed: int) -> Report:
    """Hold the conversation under kills, then look."""
    report, chance, began = Report(seed), random.Random(seed), time.monotonic()
    killing = frozenset(chance.sample(range(1, messages + 1), min(kills, messages)))
    async with (
        stage(directory) as set_stage,
        play(set_stage, Listener(), PATIENCE) as people,
        set_stage.chat("visiteur") as odile,
        set_stage.mailbox("marc.lienard@cpas-virton.example") as marc_mail,
        set_stage.mailbox("odile.frere@cpas-saint-leger.example") as odile_mail,
    ):
        talk = Talk(people, odile, marc_mail, odile_mail, chance, killing)
        with noted(report.findings, "the conversation"):
            for step in (administrator_arrives, register_by_mail, register_mail_only):
                await step(people)
            await _more_members(talk)
            await _announced(talk)
            await converse(talk, messages)
            await asyncio.gather(*talk.killers)
            report.findings += await look(talk)
    report.messages, report.kills = len(talk.tokens), talk.kills
    report.seconds = time.monotonic() - began
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Talk, kill and look; 0 if both sides hold the same conversation."""
    parser = argparse.ArgumentParser(prog="sandbox.crosstalk", description=main.__doc__)
    parser.add_argument("--messages", type=int, default=30)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    directory = Path(tempfile.mkdtemp(prefix="supracom-crosstalk-"))
    report = asyncio.run(
        crosstalk(directory, messages=chosen.messages, kills=chosen.kills, seed=seed)
    )
    print("\n".join(report.lines()))
    if report.good:
        shutil.rmtree(directory, ignore_errors=True)
    else:
        print(f"kept      {directory}")
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
