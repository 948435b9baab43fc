"""What the mail server writes on a mail, and the forgeries it must see through."""

from __future__ import annotations

import pytest

from sandbox.mail_stamp import authentication_results, author_of, split_fields, without_results_of

OURS = "mx.supracom.example"


@pytest.mark.parametrize(
    "forged",
    [
        b"Authentication-Results: mx.supracom.example; dmarc=pass",
        b"authentication-results:MX.SUPRACOM.EXAMPLE;dmarc=pass",
        b"Authentication-Results : mx.supracom.example; dmarc=pass",
        b"Authentication-Results: mx.supracom.example 1; dmarc=pass",
        b"Authentication-Results:\r\n\tmx.supracom.example;\r\n dmarc=pass",
        b"Authentication-Results: (a (nested) comment) mx.supracom.example; dmarc=pass",
        b'Authentication-Results: "mx.supracom.example"; dmarc=pass',
        b"X: y\rAuthentication-Results: mx.supracom.example; dmarc=pass",
        b"X: y\nAuthentication-Results: mx.supracom.example; dmarc=pass",
    ],
)
def test_results_that_bear_our_name_are_removed(forged: bytes) -> None:
    cleaned = without_results_of(OURS, b"A: b\r\n" + forged + b"\r\nSubject: s\r\n\r\nbody")
    assert b"dmarc" not in cleaned
    assert cleaned.startswith(b"A: b\r\n")
    assert cleaned.endswith(b"Subject: s\r\n\r\nbody")


@pytest.mark.parametrize(
    "kept",
    [
        b"Authentication-Results: mx.other.example; dmarc=pass",
        b"Authentication-Results-Of: mx.supracom.example; x",
        b"Subject: Authentication-Results: mx.supracom.example; x",
    ],
)
def test_other_fields_are_kept(kept: bytes) -> None:
    mail = kept + b"\r\n\r\nAuthentication-Results: mx.supracom.example; in the body\r\n"
    assert without_results_of(OURS, mail) == mail


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("From: Greffe <Greffe@Commune.example>", "greffe@commune.example"),
        ("From: a@x.example, b@x.example", None),
        ("From: a@x.example\r\nFrom: b@x.example", None),
        ("From: sans adresse", None),
        ("Subject: rien", None),
    ],
)
def test_the_author_is_the_only_address_of_the_only_from(header: str, author: str | None) -> None:
    assert author_of(f"{header}\r\n\r\n".encode()) == author


@pytest.mark.parametrize(
    ("account", "results"),
    [
        ("a@x.example", f"{OURS}; dmarc=pass header.from=x.example"),
        ("A@X.example", f"{OURS}; dmarc=pass header.from=x.example"),
        ("b@x.example", f"{OURS}; dmarc=fail header.from=x.example"),
        (None, f"{OURS}; dmarc=fail header.from=x.example"),
    ],
)
def test_dmarc_passes_for_the_account_of_the_author(account: str | None, results: str) -> None:
    mail = b"From: <a@x.example>\r\n\r\n"
    assert authentication_results(mail, account, OURS) == results


def test_a_from_without_usable_domain_injects_nothing() -> None:
    mail = b"From: <a@x.example;dmarc=pass>\r\n\r\n"
    assert authentication_results(mail, None, OURS) == f"{OURS}; dmarc=fail"


@pytest.mark.parametrize("mail", [b"", b"\r\n", b"no header at all", b" folded first\r\n\r\nx"])
def test_splitting_loses_no_byte(mail: bytes) -> None:
    fields, rest = split_fields(mail)
    assert b"".join(fields) + rest == mail
