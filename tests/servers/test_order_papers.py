"""An order form sent by somebody's mail program, or dropped into a chat, over real servers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from sandbox.mail_user import Attachment
from sandbox.stage import PLATFORM, stage
from sandbox.story import STEPS, administrator_arrives, join, play
from sandbox.transcript import Transcript
from tests import forms
from tests.forms import FORM

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


async def test_a_form_is_read_shown_and_sent(tmp_path: Path) -> None:
    """The PDF of a mail is read by a process of its own; a yes to what was shown sends it."""
    transcript = Transcript(Console(file=io.StringIO(), width=120))
    async with stage(tmp_path) as set_stage, play(set_stage, transcript, 30) as people:
        await administrator_arrives(people)
        await STEPS[0][1](people)
        await join(people)
        user = people.helene_mail
        since = await user.mark()
        mail = user.compose(
            PLATFORM,
            "Commande",
            "Bonjour,\n\nVeuillez trouver notre bon de commande en annexe.\n\nBien à vous",
            attachments=[Attachment("bon.pdf", forms.as_pdf(FORM))],
        )
        await user.send(mail)
        shown = await people.mail_with("Hélène", user, "Lu dans", "43.414,80", since=since)
        await people.answer("Hélène", user, shown, "oui")
        manager = people.manager_mail
        told = await people.mail_with("Dominique", manager, "SMART-", since=0)
        names = [part.get_filename() for part in told.iter_attachments()]
        assert "bon.pdf" in names
        assert any(name and name.startswith("SMART-") for name in names)
        again = people.helene.mark()
        content = forms.as_pdf(FORM.but(title="Bon de commande 2026/0144"))
        await people.helene.send_file(people.direct, content, "b2.pdf", "application/pdf")
        await people.sees("Hélène", people.helene, people.direct, "Lu dans « b2.pdf »", since=again)
