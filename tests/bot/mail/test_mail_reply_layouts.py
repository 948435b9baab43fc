"""A short answer survives whatever program sends it, and nothing of the quotation does."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from bot.mail.parse import parse
from bot.mail.quoting import cut
from handlers.request import consent
from tests.bot.mail.reply_layouts import Layout, html, marked, unmarked
from tests.bot.mail.test_mail_parse import NOW, READING

PLAIN = {layout.name: layout for layout in (*marked(), *unmarked())}
HTML = {layout.name: layout for layout in html()}


@pytest.mark.parametrize("name", PLAIN)
def test_the_answer_and_nothing_else(name: str) -> None:
    layout = PLAIN[name]
    parts = cut(layout.body)
    assert (parts.text, parts.written) == (layout.expected, layout.expected)


@pytest.mark.parametrize("name", PLAIN)
def test_what_was_cut_stays_in_the_record(name: str) -> None:
    parts = cut(PLAIN[name].body)
    kept = [line for line in (*parts.text.split("\n"), *parts.quoted.split("\n")) if line.strip()]
    assert sorted(kept) == sorted(_filled(PLAIN[name].body))


def _filled(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("name", PLAIN)
def test_a_quotation_with_nothing_said_says_nothing(name: str) -> None:
    """An answer sent by mistake before anything was typed confirms nothing."""
    layout = PLAIN[name]
    rest = "\n".join(line for line in layout.body.split("\n") if line not in _said(layout))
    assert cut(rest).text == ""


def _said(layout: Layout) -> set[str]:
    return {line for line in layout.expected.split("\n") if line}


def _mail(body: str, subtype: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Anne Dupont <anne@commune.example>"
    mail["To"] = "plateforme@supracom.example"
    mail["Subject"] = "RE: Votre commande"
    mail["Message-ID"] = "<2@commune.example>"
    mail.set_content(body, subtype=subtype, cte="quoted-printable")
    return mail.as_bytes()


@pytest.mark.parametrize("name", HTML)
def test_html_alone(name: str) -> None:
    layout = HTML[name]
    read = parse(_mail(layout.body, "html"), READING, NOW, "place")
    assert read.text == layout.expected
    assert "3" in read.quoted


@pytest.mark.parametrize("name", PLAIN)
def test_a_yes_is_a_yes(name: str) -> None:
    """The first word that is said decides, so an answer between quotations is not one."""
    layout = PLAIN[name]
    read = parse(_mail(layout.body, "plain"), READING, NOW, "place")
    said = layout.expected.split("\n")[0]
    assert consent(read.text) is (True if said in {"oui", "confirmer", "D'accord."} else None)
