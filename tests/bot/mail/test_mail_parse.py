"""A mail's bytes to a request: whatever the bytes, there is an answer."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.addresses import OwnAddress, proof
from bot.mail.bodies import Limits, safe_name
from bot.mail.parse import Reading, is_copy, parse, unreadable
from handlers.request import Incoming, Kind

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
SECRET = b"k" * 32
READING = Reading(OwnAddress("plateforme@supracom.example"), "mx.supracom.example", SECRET)
BASE = (
    "From: Anne Dupont <anne@commune.example>\r\n"
    "To: plateforme@supracom.example\r\n"
    "Subject: Bonjour\r\n"
    "Message-ID: <1@commune.example>\r\n"
    "Date: Mon, 23 Mar 2026 10:00:00 +0100\r\n"
)


def read(headers: str = "", body: str | bytes = "Bonjour", base: str = BASE) -> Incoming:
    content = body if isinstance(body, bytes) else body.encode()
    raw = (base + headers).encode() + b"\r\n" + content.replace(b"\n", b"\r\n")
    return parse(raw, READING, NOW, "place")


def without(name: str) -> str:
    return "".join(line for line in BASE.splitlines(True) if not line.startswith(f"{name}:"))


def test_a_plain_mail() -> None:
    mail = read()
    assert mail == Incoming(
        channel="mail",
        external_id="<1@commune.example>",
        conversation="anne@commune.example",
        sender="anne@commune.example",
        sent_at=datetime(2026, 3, 23, 9, tzinfo=UTC),
        text="Bonjour",
        subject="Bonjour",
        display_name="Anne Dupont",
        authenticated=False,
    )


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"\xe9t\xe9 \x80\x92", "été €’"),
        ("text/plain; charset=iso-8859-15", b"\xa4 \xbd", "€ œ"),
        ("text/plain; charset=utf-8", "été".encode(), "été"),
        ("text/plain; charset=utf-8", b"\xe9t\xe9", "été"),
        ("text/plain; charset=us-ascii", "été".encode(), "été"),
        ("text/plain; charset=x-unknown", "été".encode(), "été"),
        ("text/plain; charset=punycode", b"abc-", "abc-"),
        ("text/plain; charset=zlib", b"abc", "abc"),
        ('text/plain; charset="a\0b"', b"abc", "abc"),
        ("text/plain", "été".encode(), "été"),
        ("text/plain; charset=utf-8", b"a\x00b\xe2\x80\xaec\rd", "abc\nd"),
        ("text/html; charset=utf-8", b"<p>a</p><p hidden>b</p>", "a"),
        ("text/plain; format=flowed", b"un \ndeux\ntrois \n-- \nAnne", "un deux\ntrois\n--\nAnne"),
        ("text/plain; format=flowed; delsp=yes", b"in \nscrip \ntion", "inscription"),
        ("text/plain; format=flowed", b"> a \n> b\n>> c\n d", "d"),
    ],
)
def test_text(content_type: str, body: bytes, text: str) -> None:
    assert read(f"Content-Type: {content_type}\r\n", body).text == text


def test_broken_base64_gives_what_can_be_read() -> None:
    whole = base64.b64encode(b"Une demande d'inscription" * 4)
    mail = read("Content-Transfer-Encoding: base64\r\n", whole[:-7])
    assert mail.text.startswith("Une demande d'inscription")


def multipart(kind: str, *parts: str) -> Incoming:
    body = "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"
    return read(f'Content-Type: multipart/{kind}; boundary="b"\r\n', body)


PLAIN = "Content-Type: text/plain\n\nclair"
HTML = "Content-Type: text/html\n\n<b>riche</b>"
EMPTY = "Content-Type: text/plain\n\n  \n"
PDF = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx"
NOTE = "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnote"
LOGO = "Content-Type: image/png; name=l.png\nContent-ID: <l>\n\nx"


@pytest.mark.parametrize(
    ("kind", "parts", "text", "files"),
    [
        ("alternative", (PLAIN, HTML), "clair", []),
        ("alternative", (HTML, PLAIN), "clair", []),
        ("alternative", (EMPTY, HTML), "riche", []),
        ("mixed", (PLAIN, PDF, NOTE), "clair", ["a.pdf", "a.txt"]),
        ("mixed", (PLAIN, HTML), "clair\n\nriche", []),
        ("related", (HTML, LOGO), "riche", []),
        ("mixed", (PDF, LOGO), "", ["a.pdf", "l.png"]),
        ("unknown", (PLAIN,), "clair", []),
    ],
)
def test_parts(kind: str, parts: tuple[str, ...], text: str, files: list[str]) -> None:
    mail = multipart(kind, *parts)
    assert mail.text == text
    assert [file.name for file in mail.files] == files


@pytest.mark.parametrize(("cut", "damaged"), [(0, False), (1, True), (3, True)])
def test_a_file_that_breaks_off_is_told_as_damaged(cut: int, damaged: bool) -> None:
    encoded = base64.b64encode(b"%PDF-1.7 un document entier.").decode().rstrip("=")
    whole = encoded + "=" * (-len(encoded) % 4)
    sent = whole[: len(encoded) - cut] if cut else whole
    head = (
        'Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\n'
        "Content-Disposition: attachment; filename=a.pdf\n\n"
    )
    (file,) = multipart("mixed", "Content-Type: text/plain\n\nBonjour", head + sent).files
    assert file.name == "a.pdf"
    assert file.damaged is damaged
    assert file.content.startswith(b"%PDF-1.7")


def test_an_attached_mail_is_a_file() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: =?utf-8?q?D=C3=A9cision?=\n\nx"
    (file,) = multipart("mixed", PLAIN, inner).files
    assert (file.name, file.media_type) == ("Décision.eml", "message/rfc822")
    assert b"Subject: =?utf-8?q?D=C3=A9cision?=" in file.content


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("fac\u202efdp.exe", "facfdp.exe"),
        ("a\r\nb\x00.pdf", "a_b.pdf"),
        (".htaccess", "htaccess"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("..", ""),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_file_names_are_only_names(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


@pytest.mark.parametrize(
    "header",
    [
        "filename*=utf-8''d%C3%A9cision.pdf",
        'filename="=?utf-8?q?d=C3=A9cision.pdf?="',
        "filename*0*=utf-8''d%C3%A9;\n filename*1=cision.pdf",
    ],
)
def test_file_names_are_decoded(header: str) -> None:
    part = f"Content-Type: application/pdf\nContent-Disposition: attachment; {header}\n\nx"
    assert [file.name for file in multipart("mixed", part).files] == ["décision.pdf"]


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("=?iso-8859-1?q?d=E9sire?=", "désire"),
        ("=?utf-8?b?w6k=?= =?utf-8?b?w6k=?=", "éé"),
        ("=?x-unknown?q?=C3=A9?=", "é"),
        ("=?utf-8?b?w?= suite", "=?utf-8?b?w?= suite"),
        ("a\r\n b\tc", "a b c"),
        ("été brut", "été brut"),
        ("=?utf-8?q?a=0D=0AX-Evil:_b?=", "a X-Evil: b"),
    ],
)
def test_subjects(subject: str, shown: str) -> None:
    mail = read(f"Subject: {subject}\r\n", base=without("Subject"))
    assert mail.subject == shown


@pytest.mark.parametrize(
    ("date", "sent_at"),
    [
        ("Tue, 24 Mar 2026 10:00:00 +0100", datetime(2026, 3, 24, 9, tzinfo=UTC)),
        ("Tue, 24 Mar 2026 10:00:00 -0000", datetime(2026, 3, 24, 10, tzinfo=UTC)),
        ("Tue, 24 Mar 2026 10:00:00", datetime(2026, 3, 24, 10, tzinfo=UTC)),
        ("Thu, 26 Mar 2026 10:00:00 +0100", NOW),
        ("1 Jan 1970 00:00:00 +0000", NOW),
        ("Mon, 1 Jan 1000 00:00:00 +1400", NOW),
        ("hier", NOW),
        ("32 Mar 2026 25:61:00 +9999", NOW),
        ("", NOW),
    ],
)
def test_dates(date: str, sent_at: datetime) -> None:
    assert read(f"Date: {date}\r\n", base=without("Date")).sent_at == sent_at


def test_ids() -> None:
    assert read().external_id == "<1@commune.example>"
    base = without("Message-ID")
    missing = read(base=base)
    assert missing.external_id.endswith("@missing.invalid>")
    assert missing.external_id == read(base=base).external_id
    assert missing.external_id != read(base=base, body="autre").external_id
    doubled = read("Message-ID: <2@commune.example>\r\n")
    malformed = read("Message-ID: sans crochets\r\n", base=base)
    assert doubled.external_id.endswith("@missing.invalid>")
    assert malformed.external_id.endswith("@missing.invalid>")


def test_what_it_answers_is_given_nearest_first() -> None:
    mail = read("In-Reply-To: <b@x>\r\nReferences: <r@x>\r\n <a@x> <b@x>\r\n")
    assert mail.answers == ("<b@x>", "<a@x>", "<r@x>")
    assert read().answers == ()


def test_the_tag_is_taken_from_where_it_was_delivered() -> None:
    mail = read(
        "Delivered-To: plateforme+un@supracom.example\r\nCc: plateforme+deux@supracom.example\r\n"
    )
    assert mail.tag == "un"
    assert read("Cc: x@y.example, <plateforme+deux@supracom.example>\r\n").tag == "deux"


PASS = "mx.supracom.example; dmarc=pass header.from=commune.example"
FAIL = "mx.supracom.example; dmarc=fail header.from=commune.example"


@pytest.mark.parametrize(
    ("fields", "sender", "authenticated"),
    [
        ([PASS], "Anne <anne@commune.example>", True),
        ([PASS, FAIL], "Anne <anne@commune.example>", True),
        ([FAIL, PASS], "Anne <anne@commune.example>", False),
        ([PASS], "anne@sub.commune.example", False),
        # Programs differ on what such a field says, so that our server's verdict may be on another.
        ([PASS], "Dupont, Anne <anne@commune.example>", False),
        ([], "anne@commune.example", False),
    ],
)
def test_authentication(fields: list[str], sender: str, authenticated: bool) -> None:
    results = "".join(f"Authentication-Results: {field}\r\n" for field in fields)
    mail = read(f"From: {sender}\r\n", base=results + without("From"))
    assert mail.authenticated is authenticated


def test_with_tokens_only_nobody_is_believed() -> None:
    reading = Reading(READING.own, None, SECRET)
    raw = f"Authentication-Results: {PASS}\r\n{BASE}\r\nx".encode()
    assert parse(raw, READING, NOW, "").authenticated
    assert not parse(raw, reading, NOW, "").authenticated


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: auto-replied\r\n", True),
        ("Auto-Submitted: auto-generated; x=y\r\n", True),
        ("Auto-Submitted: no\r\n", False),
        ("Precedence: bulk\r\n", True),
        ("Precedence: normal\r\n", False),
        ("List-Id: <l.example>\r\n", True),
        ("List-Unsubscribe: <mailto:x@y.example>\r\n", True),
        ("Return-Path: <>\r\n", True),
        ("Return-Path: < >\r\n", True),
        ("Return-Path: <anne@commune.example>\r\n", False),
        ("X-Autoreply: yes\r\n", True),
        ("Content-Type: multipart/report; boundary=b\r\n", True),
        ("X-Priority: 1\r\n", False),
    ],
)
def test_automatic_by_header(header: str, automatic: bool) -> None:
    assert read(header).automatic is automatic


@pytest.mark.parametrize(
    ("sender", "automatic"),
    [
        ("MAILER-DAEMON@mx.example", True),
        ("postmaster@mx.example", True),
        ("no-reply@mx.example", True),
        ("noreply+123@mx.example", True),
        ("ne-pas-repondre@mx.example", True),
        ("plateforme@supracom.example", True),
        ("plateforme+x@supracom.example", True),
        ("noreen@mx.example", False),
        ("info@mx.example", False),
    ],
)
def test_automatic_by_sender(sender: str, automatic: bool) -> None:
    assert read(f"From: {sender}\r\n", base=without("From")).automatic is automatic


@pytest.mark.parametrize(
    ("subject", "automatic"),
    [
        ("Réponse automatique : Re: x", True),
        ("Absente du bureau", True),
        ("Automatic reply: x", True),
        ("Automatisch antwoord: x", True),
        ("Abwesenheitsnotiz", True),
        ("Absence de réponse à ma demande", False),
        ("Re: automatic", False),
    ],
)
def test_automatic_by_subject(subject: str, automatic: bool) -> None:
    mail = read(f"Subject: {subject}\r\n", base=without("Subject"))
    assert mail.automatic is automatic


def test_a_report_answers_the_mail_that_it_is_about() -> None:
    status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n"
    original = (
        "Content-Type: text/rfc822-headers\n\nMessage-ID: <k1@supracom.example>\nSubject: x\n"
    )
    mail = multipart("report; report-type=delivery-status", PLAIN, status, original)
    assert mail.answers == ("<k1@supracom.example>",)
    assert mail.automatic
    assert any(b"Action: failed" in file.content for file in mail.files)


OWN_ID = "<k1@supracom.example>"


def own_copy(secret: bytes = SECRET, sender: str = "plateforme@supracom.example") -> bytes:
    return (
        f"From: Supracom <{sender}>\r\nTo: anne@commune.example\r\nMessage-ID: {OWN_ID}\r\n"
        f"X-Supracom-Proof: {proof(secret, OWN_ID)}\r\nSubject: x\r\n\r\nconfirmer"
    ).encode()


def test_our_copy_is_recognised_by_its_proof() -> None:
    mail = parse(own_copy(), READING, NOW, "")
    assert (mail.kind, mail.external_id, mail.text) == (Kind.COPY, OWN_ID, "")
    assert is_copy(own_copy().partition(b"\r\n\r\n")[0], READING)


@pytest.mark.parametrize(
    "raw",
    [
        own_copy(secret=b"guessed"),
        own_copy(sender="evil@supracom.example"),
        own_copy().replace(b"k1@", b"k2@"),
        own_copy().replace(b"X-Supracom-Proof", b"X-Other"),
    ],
)
def test_a_forged_copy_is_no_copy(raw: bytes) -> None:
    assert parse(raw, READING, NOW, "").kind is Kind.MESSAGE
    assert not is_copy(raw, READING)


def test_two_authors_cannot_be_read() -> None:
    mail = read("From: b@c.example\r\n")
    assert (mail.kind, mail.sender, mail.conversation) == (Kind.UNREADABLE, "", "")
    assert mail.automatic
    assert mail.external_id == "<1@commune.example>"


LIMITS = Limits(bytes=10_000, header_bytes=2_000, parts=20, depth=5, work=10_000)


def nested(depth: int) -> bytes:
    mail = EmailMessage()
    mail.set_content("x")
    for _ in range(depth):
        outer = EmailMessage()
        outer["Content-Type"] = "multipart/mixed"
        outer.attach(mail)
        mail = outer
    return BASE.encode() + mail.as_bytes()


TOO_MUCH = {
    "bytes": (BASE + "\r\n" + "x" * 10_000).encode(),
    "header": (BASE + "X: " + "y" * 3_000 + "\r\n").encode(),
    "parts": (
        BASE + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\n\nx\n" * 30
    ).encode(),
    "many parts": (
        BASE + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\n\n" * 60
    ).encode(),
    "work": (BASE + "X: boundary boundary\r\n\r\n" + "\n" * 4_000).encode(),
    "depth": nested(8),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_beyond_the_limits_only_the_sender_is_read(name: str) -> None:
    reading = Reading(READING.own, None, SECRET, limits=LIMITS)
    mail = parse(TOO_MUCH[name], reading, NOW, "")
    assert (mail.kind, mail.sender) == (Kind.UNREADABLE, "anne@commune.example")
    assert (mail.text, mail.files) == ("", ())


def test_within_the_limits_it_is_read() -> None:
    reading = Reading(READING.own, None, SECRET, limits=LIMITS)
    assert parse(nested(4), reading, NOW, "").text == "x"


def test_nothing_at_all_is_still_an_answer() -> None:
    first, second = (unreadable(b"", READING, NOW, place) for place in ("1:1", "1:2"))
    assert first.kind is Kind.UNREADABLE
    assert first.external_id != second.external_id
    assert first == unreadable(b"", READING, NOW, "1:1")


SEEDS = [
    own_copy(),
    nested(3),
    (
        BASE + 'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n--b\r\n'
        "Content-Type: message/rfc822\r\n\r\nMessage-ID: <a@b>\r\n\r\nx\r\n--b--"
    ).encode(),
    (
        BASE
        + "Content-Type: text/html; charset=x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(b"<p>a<blockquote>b</table>&#x110000;").decode()
    ).encode(),
    (
        BASE + "Content-Type: text/plain; format=flowed; charset*0*=u''%\r\n\r\n> De : a\r\n"
        "Le 1 a a \xc3\xa9crit :\r\n> x\r\n-- \r\n"
    ).encode(),
    f"Authentication-Results: {PASS} (x\r\nReferences: <a> <b@c>\r\n{BASE}\r\n".encode(),
]
PIECES = [b"\r\n", b"\n\n", b'"', b"(", b"<", b">", b"=?utf-8?b?", b"?=", b"\xff", b"\x00", b"--b"]
PIECES += [b"boundary=", b"Content-Type: message/rfc822\r\n\r\n", b";", b"@", b"\xe2\x80\xae", b"%"]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_mails_never_raise(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        until = data.draw(st.integers(at, min(len(raw), at + 8)))
        raw[at:until] = data.draw(st.sampled_from(PIECES) | st.binary(max_size=6))
    mail = parse(bytes(raw), READING, NOW, "place")
    assert mail.sent_at.tzinfo is UTC
    assert Incoming.from_record(mail.as_record(), mail.files) == mail
    assert not {"\x00", "\r", "\u202e"} & set(mail.text + mail.subject + mail.display_name)
