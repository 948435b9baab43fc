"""Only our own server's verdict on the mail's own domain is believed."""

from __future__ import annotations

import pytest

from bot.mail.authentication import MalformedError, disowned, parse, vouched_for

US = "mx.supracom.example"


@pytest.mark.parametrize(
    "field",
    [
        "mx.supracom.example; dmarc=pass header.from=commune.example",
        "MX.Supracom.example 1; spf=fail; DMARC=Pass header.From=Commune.EXAMPLE",
        "mx.supracom.example (our (own) server); dmarc=pass (p=reject) header.from=commune.example",
        'mx.supracom.example; dmarc=pass reason="a; b=c (d" header.from="commune.example"',
        "mx.supracom.example;\r\n dkim=pass header.d=x;\r\n dmarc=pass header.from=commune.example",
        "mx.supracom.example; dmarc/1=pass header.from=commune.example;",
    ],
)
def test_pass_for_the_from_domain_is_believed(field: str) -> None:
    assert vouched_for([field], US, "commune.example")


@pytest.mark.parametrize(
    "field",
    [
        "mx.supracom.example; dmarc=fail header.from=commune.example",
        "mx.supracom.example; dmarc=pass header.from=other.example",
        "mx.supracom.example; dmarc=pass header.from=sub.commune.example",
        "mx.supracom.example; dmarc=pass header.from=commune.example.evil.example",
        "mx.supracom.example; dmarc=pass",
        "mx.supracom.example; spf=pass smtp.mailfrom=commune.example",
        "mx.supracom.example; dkim=pass header.d=commune.example",
        "mx.supracom.example.evil.example; dmarc=pass header.from=commune.example",
        "evil.example (mx.supracom.example); dmarc=pass header.from=commune.example",
        "evil.example; x=(mx.supracom.example; dmarc=pass header.from=commune.example",
        "mx.supracom.example; none",
        "mx.supracom.example 2; dmarc=pass header.from=commune.example",
        "mx.supracom.example; dmarc=pass header.from=commune.example header.from=evil.example",
        "mx.supracom.example; dmarc=pass header.from=commune.example; dmarc=fail",
        "mx.supracom.example; reason=(dmarc=pass header.from=commune.example)",
        'mx.supracom.example; spf=fail reason="; dmarc=pass header.from=commune.example"',
        "mx.supracom.example; dmarc = pass = header.from=commune.example",
        "; dmarc=pass header.from=commune.example",
        "",
        "(" * 5000,
        "mx.supracom.example;" + " " * 9000 + "dmarc=pass header.from=commune.example",
    ],
)
def test_anything_else_is_not(field: str) -> None:
    assert not vouched_for([field], US, "commune.example")


def test_only_the_topmost_field_counts() -> None:
    passing = f"{US}; dmarc=pass header.from=commune.example"
    failing = f"{US}; dmarc=fail header.from=commune.example"
    foreign = "relay.example; dmarc=pass header.from=commune.example"
    assert vouched_for([passing, failing], US, "commune.example")
    assert not vouched_for([failing, passing], US, "commune.example")
    assert not vouched_for([foreign, passing], US, "commune.example")
    assert not vouched_for([], US, "commune.example")


def test_nobody_is_believed_without_a_server_or_domain() -> None:
    assert not vouched_for(["; dmarc=pass header.from="], "", "")


def test_properties_and_comments_are_read() -> None:
    found = parse('a.example; spf=pass (ip "x" \\) y) smtp.mailfrom="b\\"c"; none')
    assert found.authserv_id == "a.example"
    assert [(r.method, r.result, r.properties) for r in found.results] == [
        ("spf", "pass", {"smtp.mailfrom": 'b"c'})
    ]


@pytest.mark.parametrize("field", ["a b c; none", "a; b", "a; b=", "a; (b", "a) ; b=c", 'a; b="c'])
def test_malformed_fields_are_refused(field: str) -> None:
    with pytest.raises(MalformedError):
        parse(field)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("mx.supracom.example; dmarc=fail header.from=commune.example", True),
        ("mx.supracom.example; spf=fail smtp.mailfrom=x.example; dkim=none", True),
        ("mx.supracom.example; spf=fail; dkim=pass header.d=commune.example", False),
        ("mx.supracom.example; spf=fail; dmarc=pass header.from=commune.example", False),
        ("mx.supracom.example; spf=softfail", False),
        ("mx.elsewhere.example; dmarc=fail header.from=commune.example", False),
        ("mx.supracom.example; dmarc=fail (", False),
        ("mx.supracom.example; none", False),
    ],
)
def test_only_our_server_says_that_a_domain_disowns_a_mail(field: str, said: bool) -> None:
    assert disowned([field], US, "commune.example") is said


def test_without_a_verdict_nothing_is_disowned() -> None:
    assert not disowned([], US, "commune.example")
