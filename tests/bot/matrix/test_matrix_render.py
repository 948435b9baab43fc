"""Replies as Matrix messages: both forms, escaped, and never too large."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.matrix.render import MOST_BYTES, MatrixRenderer
from handlers.reply import (
    Block,
    Bullets,
    Choice,
    Choices,
    Fields,
    Heading,
    Message,
    Paragraph,
    Quote,
    Reply,
    Steps,
    StoredFile,
    Table,
)
from handlers.request import Place
from handlers.wording import Money, Text, _, verbatim

ATTACK = "<script>alert('x')</script> & **gras** `code`"
ESCAPED = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; **gras** `code`"


def message(*blocks: Block, **more: Any) -> Message:
    words = {"key": "k", "destination": "!r", "language": "fr"}
    return Message(**words | more, reply=Reply(blocks, title=_("Un titre")))


def content(*blocks: Block) -> dict[str, Any]:
    (unit,) = MatrixRenderer().render(message(*blocks))
    found = unit.payload["content"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("block", "body", "html"),
    [
        (
            Paragraph(_("La **commune** tape `aide`, voici {words}.", words=ATTACK)),
            f"La commune tape aide, voici {ATTACK}.",
            f"<p>La <strong>commune</strong> tape <code>aide</code>, voici {ESCAPED}.</p>",
        ),
        (Paragraph(verbatim("un\ndeux")), "un\ndeux", "<p>un<br>deux</p>"),
        (Heading(_("Titre")), "Titre", "<h4>Titre</h4>"),
        (Bullets((_("un"), _("deux"))), "- un\n- deux", "<ul><li>un</li><li>deux</li></ul>"),
        (Steps((_("un"), _("deux"))), "1. un\n2. deux", "<ol><li>un</li><li>deux</li></ol>"),
        (
            Fields(((_("Nom"), verbatim(ATTACK)), (_("Lieu"), _("Musson")))),
            f"Nom\xa0: {ATTACK}\nLieu\xa0: Musson",
            f"<p><strong>Nom</strong>\xa0: {ESCAPED}<br><strong>Lieu</strong>\xa0: Musson</p>",
        ),
        (
            Table(
                (_("Solution"), _("Prix")),
                (
                    (verbatim("<b>"), _("{prix}", prix=Money(2_400_000))),
                    (_("Autre"), _("{prix}", prix=Money(500))),
                ),
                amounts=frozenset({1}),
            ),
            "Solution |     Prix\n<b>      | 24.000\xa0€\nAutre    |      5\xa0€",
            (
                "<table><thead><tr><th>Solution</th><th>Prix</th></tr></thead><tbody>"
                "<tr><td>&lt;b&gt;</td><td>24.000\xa0€</td></tr>"
                "<tr><td>Autre</td><td>5\xa0€</td></tr></tbody></table>"
            ),
        ),
        (
            Quote(f"a\n{ATTACK}"),
            f"> a\n> {ATTACK}",
            f"<blockquote>a<br>{ESCAPED}</blockquote>",
        ),
        (
            Choices(
                (
                    Choice("✅", _("confirmer"), _("envoyée")),
                    Choice("❌", _("annuler"), _("oubliée")),
                )
            ),
            "✅ confirmer · ❌ annuler",
            "<p>✅ <strong>confirmer</strong> · ❌ <strong>annuler</strong></p>",
        ),
    ],
)
def test_a_block(block: Block, body: str, html: str) -> None:
    got = content(block)
    assert got["body"] == body
    assert got["formatted_body"] == html


def test_a_whole_message() -> None:
    got = content(Paragraph(_("Un.")), Paragraph(_("Deux.")))
    assert got == {
        "msgtype": "m.notice",
        "body": "Un.\n\nDeux.",
        "format": "org.matrix.custom.html",
        "formatted_body": "<p>Un.</p><p>Deux.</p>",
        "m.mentions": {},
    }


def test_the_language_is_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.wording.translations", lambda _: NullTranslations())
    fields = Fields(((_("Nom"), verbatim("x")),))
    (unit,) = MatrixRenderer().render(message(fields, language="en"))
    assert "Nom: x" in json.dumps(unit.payload)


def test_files_follow_the_words_and_only_the_first_unit_answers() -> None:
    files = (StoredFile(7, "a.pdf", "application/pdf", 12),)
    sent = message(Paragraph(_("Voici.")), files=files, answers="$q", thread="$r")
    words, file = MatrixRenderer().render(sent)
    assert (words.payload["answers"], words.payload["thread"]) == ("$q", "$r")
    assert file.payload == {
        "action": "file",
        "file": 7,
        "name": "a.pdf",
        "media_type": "application/pdf",
        "size": 12,
        "thread": "$r",
    }
    assert words.external_id is None


def test_nothing_to_say_is_not_sent() -> None:
    assert MatrixRenderer().render(message()) == []
    assert MatrixRenderer().render(message(Paragraph(verbatim("")))) == []


def test_ways_in() -> None:
    renderer = MatrixRenderer()
    (invite,) = renderer.admit(Place.MEMBERS, "@a:x.example")
    (join,) = renderer.accept("!room")
    assert invite.payload == {"action": "invite", "place": "members", "user": "@a:x.example"}
    assert join.payload == {"action": "join", "room": "!room"}
    assert renderer.admit(Place.MEMBERS, "a@x.example") == []


def line(n: int) -> Text:
    return verbatim(f"ligne {n} " + '"é' * 200)


ROWS = tuple(line(n) for n in range(300))


@pytest.mark.parametrize(
    "blocks",
    [
        tuple(Paragraph(text) for text in ROWS),
        (Bullets(ROWS),),
        (Steps(ROWS),),
        (Fields(tuple((_("n"), text) for text in ROWS)),),
        (Table((_("n"),), tuple((text,) for text in ROWS)),),
        (Quote("\n".join(f"ligne {n} " + "<é" * 200 for n in range(300))),),
    ],
    ids=["paragraphs", "bullets", "steps", "fields", "table", "quote"],
)
def test_long_words_are_split_and_nothing_is_lost(blocks: tuple[Block, ...]) -> None:
    units = MatrixRenderer().render(message(*blocks))
    assert len(units) > 3
    bodies = ""
    for unit in units:
        size = len(json.dumps(unit.payload, ensure_ascii=False).encode())
        assert size < MOST_BYTES + 1_000
        found = unit.payload["content"]
        assert isinstance(found, dict)
        assert_well_formed(found["formatted_body"])
        bodies += found["body"]
    assert re.findall(r"ligne (\d+) ", bodies) == [str(n) for n in range(300)]


ALLOWED = {"p", "h4", "ul", "ol", "li", "strong", "code", "br", "blockquote"} | {
    *("table", "thead", "tbody", "tr", "th", "td")
}


def assert_well_formed(html: str) -> None:
    """Every tag is one that Matrix allows, and is closed in its order."""
    opened: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in ALLOWED
            assert not attrs
            if tag != "br":
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Parser().feed(html)
    assert opened == []


@pytest.mark.parametrize(
    ("destination", "shown"),
    [("room:admins", "!accepter I-1"), ("!direct:x.example", "accepter I-1")],
)
def test_a_command_is_shown_as_it_is_typed_there(destination: str, shown: str) -> None:
    text = _("`accepter {reference}`", reference="I-1")
    (unit,) = MatrixRenderer("!").render(replace(message(Paragraph(text)), destination=destination))
    content = unit.payload["content"]
    assert isinstance(content, dict)
    assert content["body"] == shown
    assert f"<code>{shown}</code>" in content["formatted_body"]


def test_in_any_room_of_several_a_command_is_shown_with_its_prefix() -> None:
    words = replace(message(Paragraph(_("`aide`"))), destination="!others:x.example", shared=True)
    (unit,) = MatrixRenderer("!").render(words)
    assert "<code>!aide</code>" in str(unit.payload)


def test_a_reference_is_no_command() -> None:
    words = message(Paragraph(_("par exemple `S-1`")))
    (unit,) = MatrixRenderer("!").render(replace(words, destination="room:admins"))
    assert "<code>S-1</code>" in str(unit.payload)


def test_what_is_typed_at_the_machine_has_no_prefix() -> None:
    words = message(Paragraph(_("`supracom shelf list`")))
    (unit,) = MatrixRenderer("!").render(replace(words, destination="room:admins"))
    assert "<code>supracom" in str(unit.payload)
