"""What goes out: complete in plain text and in HTML, and harmless when it comes back quoted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.channel import Attachment
from bot.mail.addresses import OwnAddress
from bot.mail.compose import compose
from bot.mail.html_text import html_to_text
from bot.mail.parse import Reading, is_copy
from bot.mail.quoting import cut
from bot.mail.render import MailRenderer, Signature, message_id_of
from handlers.reply import (
    Appointment,
    Block,
    Bullets,
    Choice,
    Choices,
    Fields,
    Heading,
    Message,
    Option,
    Poll,
    Quote,
    Steps,
    StoredFile,
    Table,
    reply,
)
from handlers.request import Place, consent
from handlers.wording import Money, Text, _, n_, verbatim

OWN = OwnAddress("plateforme@supracom.example")
SIGNATURE = Signature("Supracom", "Province", "", "https://supracom.example")
RENDERER = MailRenderer(OWN, SIGNATURE, b"s" * 32)
CHOICES = Choices(
    (
        Choice("✅", _("confirmer"), _("la commande part")),
        Choice("❌", _("annuler"), _("rien ne part")),
    )
)


DAYS = Poll(
    verbatim("Quel jour ?"),
    (Option("1", verbatim("mardi")), Option("2", verbatim("jeudi"))),
)


def message(*content: Block | Text, **changes: Any) -> Message:
    words = reply(*content, title=_("Votre demande {number}", number="A-1"))
    return replace(Message("reply:1", "anne@commune.example", "fr", words), **changes)


def payload(*content: Block | Text, **changes: Any) -> dict[str, Any]:
    (rendered,) = RENDERER.render(message(*content, **changes))
    return rendered.payload


def text(*content: Block | Text) -> str:
    body = str(payload(*content)["text"])
    return body.partition("\n\n-- \n")[0]


def html(*content: Block | Text) -> str:
    body = str(payload(*content)["html"])
    return body.partition('class="words" style="padding:24px">\n')[2].partition(
        '\n<div class="sig'
    )[0]


@pytest.mark.parametrize(
    ("block", "spoken"),
    [
        (_("Bonjour **{name}**.", name="Anne"), "Bonjour Anne."),
        (_("Écrivez `commander {what}`.", what="x"), "Écrivez «\u00a0commander x\u00a0»."),
        (Heading(_("Suite")), "Suite\n-----"),
        (Bullets((_("un"), _("deux"))), "- un\n- deux"),
        (Steps((_("un"), _("deux"))), "1. un\n2. deux"),
        (Fields(((_("Nom"), verbatim("Anne")),)), "Nom\u00a0: Anne"),
        (Quote("a\n\nb"), "> a\n>\n> b"),
        (
            Table((_("Quoi"), _("Prix")), ((_("a"), _("{m}", m=Money(100))), (_("b"), _("c")))),
            "Quoi\u00a0: a\nPrix\u00a0: 1\u00a0€\n\nQuoi\u00a0: b\nPrix\u00a0: c",
        ),
        (Table((verbatim(""),), ((_("a"), _("b")),)), "a\nb"),
        (
            CHOICES,
            (
                "Vous pouvez répondre à ce mail par\u00a0:\n"
                "- «\u00a0confirmer\u00a0»\u00a0: la commande part\n"
                "- «\u00a0annuler\u00a0»\u00a0: rien ne part"
            ),
        ),
    ],
)
def test_blocks_as_text(block: Block | Text, spoken: str) -> None:
    assert text(block) == spoken


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (_("**{name}** & co", name="<b>"), "<p><strong>&lt;b&gt;</strong> &amp; co</p>"),
        (_("{words}", words='"><script>'), "<p>&quot;&gt;&lt;script&gt;</p>"),
        (_("`aide`"), "<p><strong>«\u00a0aide\u00a0»</strong></p>"),
        (Heading(_("Suite")), "<h2>Suite</h2>"),
        (Bullets((_("un"),)), "<ul><li>un</li></ul>"),
        (Steps((_("un"),)), "<ol><li>un</li></ol>"),
        (
            Fields(((_("Nom"), verbatim("A")),)),
            '<table><tbody><tr><th scope="row">Nom</th><td>A</td></tr></tbody></table>',
        ),
        (
            Table((_("a"),), ((_("b"),),)),
            (
                '<table><thead><tr><th scope="col">a</th></tr></thead>'
                "<tbody><tr><td>b</td></tr></tbody></table>"
            ),
        ),
        (
            Table((_("a"), _("b"), verbatim("")), ((_("c"), _("d"), _("e")),)),
            (
                '<table><thead><tr><th scope="col">a</th><th scope="col">b</th>'
                '<th scope="col"></th></tr></thead><tbody><tr>'
                "<td><span>a&nbsp;: </span>c</td><td><span>b&nbsp;: </span>d</td><td>e</td>"
                "</tr></tbody></table>"
            ),
        ),
        (Quote("a\n<b"), "<blockquote>a<br>&lt;b</blockquote>"),
        (verbatim("a\u202eb\x00"), "<p>ab</p>"),
    ],
)
def test_blocks_as_html(block: Block | Text, written: str) -> None:
    assert re.sub(r' (style|class)="[^"]*"', "", html(block)) == written


def test_amounts_stand_right() -> None:
    table = Table((_("a"), _("b")), ((_("c"), _("d")),), frozenset({1}))
    assert re.findall(r"text-align:(\w+)", html(table)) == ["left", "right", "left", "right"]


def test_plurals_and_languages() -> None:
    def counted(count: int) -> Text:
        return n_("{count} réponse", "{count} réponses", count)

    assert text(counted(1), counted(2)) == "1 réponse\n\n2 réponses"


EVERYTHING = (
    _(
        "Bonjour **{name}**, écrivez `commander e-guichet` " + "et encore quelques mots " * 9,
        name="A",
    ),
    Heading(_("Suite")),
    Bullets((_("un"), _("une longue ligne " * 12))),
    Steps((_("une longue ligne " * 12),)),
    Fields(((_("Institution"), verbatim("Commune de Musson " * 8)),)),
    Table((_("Quoi"),), ((_("a"),),)),
    Quote("confirmer\noui"),
    CHOICES,
)


@pytest.mark.parametrize("length", range(60, 80))
def test_what_one_may_type_is_never_broken_over_two_lines(length: int) -> None:
    spoken = text(_("x" * length + " `commander un guichet` suite"))
    assert "«\u00a0commander un guichet\u00a0»" in spoken


def test_lines_are_short() -> None:
    assert max(map(len, str(payload(*EVERYTHING)["text"]).splitlines())) <= 78


@pytest.mark.parametrize("part", ["text", "html"])
def test_no_line_reads_as_a_command_when_it_comes_back(part: str) -> None:
    body = str(payload(*EVERYTHING)[part])
    lines = (body if part == "text" else html_to_text(body)).splitlines()
    said = [line.removeprefix("- ") for line in lines if not line.startswith(">")]
    assert not [line for line in said if consent(line) is not None]
    assert not [line for line in said if re.match(r"(commander|confirmer|annuler)\b", line)]


@pytest.mark.parametrize("part", ["text", "html"])
def test_only_the_answer_above_is_read(part: str) -> None:
    body = str(payload(*EVERYTHING)[part])
    sent = body if part == "text" else html_to_text(body)
    quoted = "\n".join(f"> {line}" for line in sent.splitlines())
    answer = f"Merci beaucoup\n\nLe 3 mars 2026 à 10:02, Supracom <p@s.example> a écrit :\n{quoted}"
    assert cut(answer).text == "Merci beaucoup"


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_self_contained() -> None:
    page = str(payload(*EVERYTHING)["html"])
    balance = _Balance()
    balance.feed(page)
    assert balance.open == []
    assert '<html lang="fr">' in page
    assert "max-width:600px" in page
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"<img|<script|src=|url\(", page)
    assert re.findall(r'href="([^"]*)"', page) == ["https://supracom.example"]


def test_the_signature_stands_below() -> None:
    assert str(payload(_("x"))["text"]).endswith(
        "\n\n-- \nSupracom\nProvince\nhttps://supracom.example\n"
    )


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "Votre demande A-1"),
        ({"answers": "<a@b>", "subject": "Bonjour"}, "Re: Bonjour"),
        ({"answers": "<a@b>", "subject": "RE : Re: AW: Bonjour"}, "Re: Bonjour"),
        ({"answers": "<a@b>", "subject": "Re[2]: Bonjour"}, "Re: Bonjour"),
        ({"answers": "<a@b>", "subject": "Rénovation"}, "Re: Rénovation"),
        ({"answers": "<a@b>", "subject": "Offre : tondeuse"}, "Re: Offre : tondeuse"),
        ({"answers": "<a@b>", "subject": "a\r\nBcc: x@y.example"}, "Re: a Bcc: x@y.example"),
        ({"answers": "<a@b>"}, "Votre demande A-1"),
        ({"subject": "Bonjour"}, "Votre demande A-1"),
        ({"reply": reply(_("x"))}, "Message de Supracom"),
    ],
)
def test_subjects(changes: dict[str, Any], subject: str) -> None:
    assert payload(**changes)["subject"] == subject


def test_a_touch_begins_the_answer() -> None:
    page = str(payload(CHOICES, tag="jeton")["html"])
    first, *_others = re.findall(r'href="(mailto:[^"]*)"', page)
    link = unescape(first)
    assert link.startswith("mailto:plateforme+jeton@supracom.example?subject=Re%3A%20Votre")
    assert link.endswith("&body=confirmer")


def test_what_repeats_the_title_is_its_heading() -> None:
    page = html(_("Votre demande {number}", number="A-1"), _("Merci."))
    assert re.sub(r' style="[^"]*"', "", page) == "<h2>Votre demande A-1</h2>\n<p>Merci.</p>"


def test_what_is_said_to_everybody_can_be_stopped() -> None:
    sent = payload(_("x"), leave="l7-abc")
    assert sent["headers"]["List-Id"] == "Supracom <annonces.supracom.example>"
    assert sent["headers"]["List-Unsubscribe"] == (
        "<mailto:plateforme+l7-abc@supracom.example?subject=stop>"
    )
    assert "List-Unsubscribe-Post" not in sent["headers"]
    for part in ("text", "html"):
        assert "«\u00a0stop\u00a0»" in sent[part]
    alone = payload(_("x"))
    assert not {"List-Id", "List-Unsubscribe", "Precedence"} & set(alone["headers"])
    assert "stop" not in alone["text"]


def test_one_click_stops_where_there_is_a_page_for_it() -> None:
    renderer = MailRenderer(OWN, SIGNATURE, b"s", "https://plateforme.example")
    headers = renderer.render(message(leave="l7-abc"))[0].payload["headers"]
    assert isinstance(headers, dict)
    assert headers["List-Unsubscribe"].startswith("<https://plateforme.example/stop/l7-abc>, <mai")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_headers_of_a_thread() -> None:
    sent = payload(answers="<b@x>", references=("<a@x>", "<b@x>", "no id"), tag="jeton")
    assert sent["in_reply_to"] == "<b@x>"
    assert sent["references"] == ["<a@x>", "<b@x>"]
    assert sent["reply_to"] == "plateforme+jeton@supracom.example"
    assert sent["headers"]["Auto-Submitted"] == "auto-replied"
    made_up = payload(answers="<abc@missing.invalid>")
    assert (made_up["in_reply_to"], made_up["references"]) == (None, [])
    alone = payload()
    assert (alone["in_reply_to"], alone["references"], alone["reply_to"]) == (None, [], None)
    assert alone["headers"]["Auto-Submitted"] == "auto-generated"


def test_without_plus_addressing_answers_go_to_the_plain_address() -> None:
    renderer = MailRenderer(OwnAddress(OWN.address, plus=False), SIGNATURE, b"s")
    assert renderer.render(message(tag="jeton"))[0].payload["reply_to"] is None


def test_ids_are_the_keys_own() -> None:
    keys = ["a:b", "a=3a=b", "a.b", "a/b", "A:b", "é", "a b", "a@b", "a>b"]
    ids = [message_id_of(key, "supracom.example") for key in keys]
    assert len(set(ids)) == len(keys)
    assert all(re.fullmatch(r"<[A-Za-z0-9=_-]+@supracom\.example>", found) for found in ids)
    (rendered,) = RENDERER.render(message(_("x")))
    assert rendered.external_id == rendered.payload["message_id"]


def test_places_are_not_for_mail() -> None:
    assert RENDERER.admit(Place.MEMBERS, "a@b.example") == []
    assert RENDERER.accept("x") == []


AT = datetime(2026, 3, 24, 10, tzinfo=UTC)


def composed(sent: dict[str, Any], *files: Attachment) -> bytes:
    return compose(sent, files, address=OWN.address, sender_name="Supracom, la Province", date=AT)


def test_the_mail_holds_everything() -> None:
    sent = payload(_("été **€**"), files=(StoredFile(7, "é.pdf", "application/pdf", 3),), tag="t")
    assert sent["files"] == [7]
    raw = composed(
        sent,
        Attachment("déc.pdf", "application/pdf", b"%PDF"),
        Attachment("odd", "not a type", b"x"),
        Attachment("m.eml", "message/rfc822", b"Subject: x"),
    )
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    mail = message_from_bytes(raw, policy=policy.default)
    assert str(mail["From"]) == '"Supracom, la Province" <plateforme@supracom.example>'
    assert mail["Date"].datetime == AT
    assert mail["Reply-To"] == "plateforme+t@supracom.example"
    assert mail["Message-ID"] == sent["message_id"]
    assert mail["Content-Language"] == "fr"
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().replace("\r\n", "\n") == sent["text"]
    assert rich.get_content().replace("\r\n", "\n") == sent["html"]
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("déc.pdf", b"%PDF"),
        ("odd", b"x"),
        ("m.eml", b"Subject: x"),
    ]


LONG_ID = "<AM0PR04MB6451" + "0123456789ABCDEF" * 4 + "@AM0PR04MB6451.eurprd04.prod.outlook.com>"


def test_long_ids_and_links_are_written_as_they_are() -> None:
    """Encoded words are no ids: the thread would be torn where Exchange is used."""
    page = "https://eplateforme.une-institution-au-nom-bien-long.example/une/voie"
    renderer = MailRenderer(OWN, Signature("É-plateforme"), b"s", page)
    made = message(answers=LONG_ID, references=(LONG_ID.replace("AM0", "BM0"),), leave="l7-abc")
    raw = composed(renderer.render(made)[0].payload)
    assert f"In-Reply-To: {LONG_ID}\r\n".encode() in raw
    mail = message_from_bytes(raw)
    assert mail["References"].split() == [LONG_ID.replace("AM0", "BM0"), LONG_ID]
    assert f"<{page}/stop/l7-abc>,".encode() in raw
    assert mail["List-Id"].endswith(" <annonces.supracom.example>")
    assert str(make_header(decode_header(mail["List-Id"]))).startswith("É-plateforme")


APPOINTMENT = Appointment(
    uid="announcement-7",
    title=_("Annonce A-7 ; un agent, **vite** " + "é" * 60),
    first=date(2026, 5, 4),
    last=date(2026, 5, 29),
    stamped_at=AT,
    asks=True,
)


def calendar_of(appointment: Appointment) -> tuple[str, list[str]]:
    words = reply(_("x"), title=_("t")).on(appointment)
    raw = composed(payload(reply=words, tag="jeton"))
    parts = message_from_bytes(raw, policy=policy.default)
    assert parts.get_content_type() == "multipart/alternative"
    (found,) = [p for p in parts.walk() if p.get_content_type() == "text/calendar"]
    written = found.get_content().replace("\r\n", "\n")
    assert max(len(line.encode()) for line in written.split("\n")) <= 75
    return str(found.get_param("method")), written.replace("\n ", "").splitlines()


def test_a_date_comes_as_an_invitation() -> None:
    method, lines = calendar_of(APPOINTMENT)
    assert method == "REQUEST"
    for line in (
        "METHOD:REQUEST",
        "UID:announcement-7@supracom.example",
        "SEQUENCE:0",
        "DTSTAMP:20260324T100000Z",
        "DTSTART;VALUE=DATE:20260504",
        "DTEND;VALUE=DATE:20260530",
        "SUMMARY;LANGUAGE=fr:Annonce A-7 \\; un agent\\, vite " + "é" * 60,
        'ORGANIZER;CN="Supracom":mailto:plateforme+jeton@supracom.example',
        "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:anne@commune.example",
        "STATUS:CONFIRMED",
    ):
        assert line in lines


def test_a_date_that_is_off_has_the_same_id_and_a_higher_number() -> None:
    method, lines = calendar_of(replace(APPOINTMENT, cancelled=True, asks=False, sequence=3))
    assert method == "CANCEL"
    for line in ("METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3"):
        assert line in lines
    assert "UID:announcement-7@supracom.example" in lines


def test_what_is_composed_is_recognised_as_ours() -> None:
    raw = composed(payload(_("x")))
    assert is_copy(raw, Reading(OWN, None, b"s" * 32))
    assert not is_copy(raw, Reading(OWN, None, b"t" * 32))


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "a@b.example, c@d.example"},
        {"to": "a@b.example\r\nBcc: c@d.example"},
        {"to": ""},
        {"headers": {"X-A": "b\r\nBcc: c@d.example"}},
        {"subject": "a\nBcc: c@d.example"},
    ],
)
def test_headers_cannot_be_injected(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"address|header|linefeed|newline|CR"):
        composed(payload(_("x")) | changes)


def test_a_poll_is_a_list_of_what_to_answer() -> None:
    assert text(DAYS) == (
        "Quel jour\u00a0?\n\nVous pouvez répondre à ce mail par\u00a0:\n"
        "- «\u00a01\u00a0»\u00a0: mardi\n- «\u00a02\u00a0»\u00a0: jeudi"
    )
    assert "Plusieurs réponses" in text(replace(DAYS, several=True))
    page = str(payload(DAYS, tag="jeton")["html"])
    assert "<strong>Quel jour\u00a0?</strong>" in page
    assert "body=2" in page
    assert "Plusieurs réponses" in str(payload(replace(DAYS, several=True))["html"])


def test_what_was_sent_stays_sent() -> None:
    sent = payload(DAYS)
    assert RENDERER.retract(sent) == []
    assert RENDERER.close(sent, _("Clos."), "fr") == []


def test_the_greeting_stands_first_in_both_forms() -> None:
    written = payload(_("Voici."), greeting=_("Bonjour Madame {name},", name="Lambiotte"))
    assert str(written["text"]).startswith("Bonjour Madame Lambiotte,\n\nVoici.")
    assert re.search(r"<p[^>]*>Bonjour Madame Lambiotte,</p>\s*<p[^>]*>Voici", str(written["html"]))


def test_no_line_breaks_before_a_mark_nor_within_a_reference() -> None:
    written = payload(_("Est-ce « oui » ? Voyez {reference} : merci.", reference="A-2026-0031"))
    assert "«\u00a0oui\u00a0»\u00a0? Voyez A-2026-0031\u00a0: merci." in str(written["text"])
    assert 'nowrap">A-2026-0031</span>' in str(written["html"])


def test_a_picture_stands_within_the_page_and_in_words() -> None:
    alt = _("Carte : {names} & « autres ».", names="Arlon, Attert")
    files = (
        StoredFile(7, "carte.png", "image/png", 4, alt),
        StoredFile(8, "liste.csv", "text/csv", 4),
    )
    rendered = payload(_("Voici."), files=files)
    assert rendered["files"] == [7, 8]
    ((index, cid),) = rendered["pictures"]
    assert index == 0
    assert f'<img src="cid:{cid}" alt="Carte' in rendered["html"]
    assert "Arlon, Attert &amp; « autres »." in rendered["html"].replace("\u00a0", " ")
    assert "Arlon, Attert & « autres »." in rendered["text"].replace("\u00a0", " ")
    mail = _composed(rendered)
    page, picture = mail.get_body(("related",)).iter_parts()  # type: ignore[union-attr] # it has one
    assert page.get_content_type() == "text/html"
    assert picture["Content-ID"] == f"<{cid}>"
    assert picture.get_content() == b"\x89PNG"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["liste.csv"]


def _composed(rendered: dict[str, Any]) -> EmailMessage:
    sent = [
        Attachment("carte.png", "image/png", b"\x89PNG"),
        Attachment("liste.csv", "text/csv", b"a;b"),
    ]
    content = compose(
        rendered, sent, address="x@supracom.example", sender_name="X", date=datetime.now(UTC)
    )
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed
