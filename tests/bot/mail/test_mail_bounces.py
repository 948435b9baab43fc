"""Reports of failure, as the standard has them and as they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.mail.addresses import OwnAddress
from bot.mail.bounces import severity_of, status_in
from bot.mail.parse import Reading, parse
from handlers.request import Failure, Incoming, Kind, Severity

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
READING = Reading(OwnAddress("plateforme@supracom.example"), None, b"k" * 32)
HARD, SOFT, DELAY = Severity.HARD, Severity.SOFT, Severity.DELAY
ANNE = "anne@commune.example"
OUR_ID = "<k1@supracom.example>"


def read(raw: str) -> Incoming:
    mail = parse(raw.replace("\n", "\r\n").encode(), READING, NOW, "place")
    assert Incoming.from_record(mail.as_record(), mail.files) == mail
    return mail


def report(
    *blocks: str,
    sender: str = "MAILER-DAEMON@mx.example",
    kind: str = "delivery-status",
    part: str = "message/delivery-status",
) -> str:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *blocks))
    return f"""\
Return-Path: <>
From: {sender}
To: plateforme@supracom.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.example>
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: {part}

{status}

--b
Content-Type: text/rfc822-headers

From: plateforme@supracom.example
Message-ID: {OUR_ID}
Subject: oui, je confirme

--b--
"""


def block(action: str = "failed", status: str = "5.1.1", more: str = "") -> str:
    return f"Final-Recipient: rfc822; {ANNE}\nAction: {action}\nStatus: {status}" + (
        f"\n{more}" if more else ""
    )


def test_a_report_names_the_recipient_and_the_mail() -> None:
    mail = read(report(block()))
    assert mail.kind is Kind.BOUNCE
    assert mail.failure == Failure(ANNE, HARD, "5.1.1")
    assert mail.answers == (OUR_ID,)
    assert mail.automatic
    assert not mail.authenticated
    assert mail.files == ()
    assert "je confirme" not in mail.text


@pytest.mark.parametrize(
    ("blocks", "failure"),
    [
        ([block(status="5.0.0")], Failure(ANNE, HARD, "5.0.0")),
        (
            [block(status="5.0.0", more="Diagnostic-Code: smtp; 550 5.1.1 <x> unknown")],
            Failure(ANNE, HARD, "5.1.1"),
        ),
        ([block(status="", more="Diagnostic-Code: smtp; 550 No such user")], (HARD, "550")),
        ([block(status="", more="Diagnostic-Code: smtp; 552 Quota")], (SOFT, "552")),
        ([block(status="5.2.2")], (SOFT, "5.2.2")),
        ([block(status="5.2.1 (disabled)")], (HARD, "5.2.1")),
        ([block(status="5.7.1")], (SOFT, "5.7.1")),
        ([block(status="4.4.7")], (SOFT, "4.4.7")),
        ([block(action="Failed (expired)")], (HARD, "5.1.1")),
        ([block(action="error")], (HARD, "5.1.1")),
        ([block(action="delayed", status="4.4.1")], (DELAY, "4.4.1")),
        ([block(action="delayed", status="4.4.1"), block()], (HARD, "5.1.1")),
        (["Original-Recipient: rfc822;Anne@Commune.example\n" + block()], (HARD, "5.1.1")),
        (
            ["Final-Recipient: <anne@commune.example>\nAction: failed\nStatus: 5.1.1"],
            (HARD, "5.1.1"),
        ),
    ],
)
def test_statuses(blocks: list[str], failure: Failure | tuple[Severity, str]) -> None:
    expected = failure if isinstance(failure, Failure) else Failure(ANNE, *failure)
    assert read(report(*blocks)).failure == expected


def test_where_mail_is_forwarded_the_first_address_counts() -> None:
    forwarded = (
        f"Original-Recipient: rfc822;{ANNE}\nFinal-Recipient: rfc822; a@prive.example\n"
        "Action: failed\nStatus: 5.2.1"
    )
    assert read(report(forwarded)).failure == Failure(ANNE, HARD, "5.2.1")


@pytest.mark.parametrize(
    "raw",
    [
        report(block(action="delivered", status="2.0.0")),
        report(block(action="relayed", status="2.1.9")),
        report(block().replace(ANNE, "plateforme+copie@supracom.example")),
        report(block().replace(ANNE, "no address")),
        report(
            "Disposition: automatic-action/MDN-sent-automatically; deleted\n" + block(),
            kind="disposition-notification",
            part="message/disposition-notification",
        ),
        report("Feedback-Type: abuse\n" + block(), kind="feedback-report"),
    ],
)
def test_other_reports_are_only_automatic(raw: str) -> None:
    mail = read(raw)
    assert (mail.kind, mail.automatic, mail.failure) == (Kind.MESSAGE, True, None)


@pytest.mark.parametrize("sender", ["<>", "MAILER-DAEMON", "", "Mail System", '"a" <b> <c>'])
def test_a_report_without_an_author_is_one(sender: str) -> None:
    mail = read(report(block(), sender=sender))
    assert (mail.kind, mail.sender) == (Kind.BOUNCE, "")


def plain(text: str, sender: str = "MAILER-DAEMON@mx.example", headers: str = "") -> str:
    return (
        f"From: {sender}\nTo: plateforme@supracom.example\nSubject: failure notice\n{headers}"
        f"Message-ID: <n@mx.example>\n\n{text}"
    )


QMAIL = f"""\
Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{ANNE}>:
This address no longer accepts mail. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <plateforme@supracom.example>
Message-ID: {OUR_ID}
Subject: x

oui
"""
GOOGLE = f"""\
Delivery to the following recipient failed permanently:

     {ANNE}

Technical details of permanent failure: 550 5.2.2 The mailbox is over quota.

----- Original message -----

Message-ID: {OUR_ID}
"""
EXCHANGE = f"""\
Your message

  To:      {ANNE}
  Subject: x

did not reach the following recipient(s):

{ANNE} on Tue, 24 Mar 2026 10:00:00 +0100
    The recipient name is not recognized
    MSEXCH:IMS:MX:SERVER 0 (000C05A6) 5.1.1 Unknown Recipient
"""


@pytest.mark.parametrize(
    ("raw", "failure"),
    [
        (plain(QMAIL), Failure(ANNE, HARD, "5.1.1")),
        (plain(GOOGLE), Failure(ANNE, SOFT, "5.2.2")),
        (plain(EXCHANGE, sender="postmaster@mx.example"), Failure(ANNE, HARD, "5.1.1")),
        (
            plain("A message could not be delivered.", headers=f"X-Failed-Recipients: {ANNE}\n"),
            Failure(ANNE, HARD, ""),
        ),
    ],
)
def test_reports_that_keep_to_no_standard(raw: str, failure: Failure) -> None:
    mail = read(raw)
    assert (mail.kind, mail.failure) == (Kind.BOUNCE, failure)
    assert mail.answers == ((OUR_ID,) if OUR_ID in raw else ())


@pytest.mark.parametrize("text", [QMAIL, GOOGLE, EXCHANGE])
def test_what_a_person_forwards_is_no_report(text: str) -> None:
    mail = read(plain(text, sender="Bruno <bruno@cpas.example>"))
    assert (mail.kind, mail.failure) == (Kind.MESSAGE, None)


def test_what_the_library_cannot_read_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_mail: object) -> None:
        raise ValueError("an odd From")

    monkeypatch.setattr("bot.mail.bounces.all_failures", broken)
    mail = read(plain(QMAIL))
    assert (mail.kind, mail.automatic) == (Kind.MESSAGE, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("550 5.1.1 <anne@commune.example>: unknown", "5.1.1"),
        ("5.0.0 smtp; 550-5.7.1 blocked", "5.7.1"),
        ("554 rejected", "554"),
        ("smtp; 250 2.0.0 ok", ""),
        ("mx 10.5.4.1 said no", ""),
        ("", ""),
    ],
)
def test_codes_are_kept_without_words(text: str, code: str) -> None:
    assert status_in(text) == code


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("5.1.10", HARD),
        ("5.4.4", HARD),
        ("5.3.4", SOFT),
        ("4.1.1", SOFT),
        ("", HARD),
        ("450", SOFT),
    ],
)
def test_severities(code: str, severity: Severity) -> None:
    assert severity_of(code) is severity
