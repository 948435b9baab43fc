"""Who wrote a mail, and which address of ours it was sent to."""

from __future__ import annotations

import pytest

from bot.mail.addresses import Author, OwnAddress, author, proof

OWN = OwnAddress("plateforme@supracom.example")


@pytest.mark.parametrize(
    ("field", "address", "name", "strict"),
    [
        ("a.b@commune.example", "a.b@commune.example", "", True),
        ("<A.B@Commune.example>", "a.b@commune.example", "", True),
        ("Anne Dupont <a@b.example>", "a@b.example", "Anne Dupont", True),
        ('"Dupont, Anne" <a@b.example>', "a@b.example", "Dupont, Anne", True),
        ('"evil@x.example" <a@b.example>', "a@b.example", "evil@x.example", True),
        ("=?utf-8?q?=C3=89lise?= <a@b.example>", "a@b.example", "Élise", True),
        ("=?utf-8?b?PHhAeT4=?= <a@b.example>", "a@b.example", "<x@y>", True),
        ("Dupont, Anne <a@b.example>", "a@b.example", "Dupont, Anne", False),
        ("a@b.example <a@b.example>", "a@b.example", "a@b.example", False),
        ("a@b.example (Anne)", "a@b.example", "Anne", False),
        ("Anne\u202egpj.exe <a@b.example>", "a@b.example", "Annegpj.exe", True),
    ],
)
def test_one_author(field: str, address: str, name: str, strict: bool) -> None:
    assert author([field]) == Author(address, name, strict)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        ["a@b.example", "c@d.example"],
        ["a@b.example, c@d.example"],
        ["a@x.example]<b@y.example>"],
        ["a@x.example <b@y.example>"],
        ["<a@x.example> <b@y.example>"],
        ["<a@x.example><b@y.example>"],
        ["Anne <a@b.example> c@d.example"],
        ["Anne <a@b.example>, c@d.example"],
        ["Anne <@x.example:a@b.example>"],
        ["group: a@b.example;"],
        ["Anne"],
        ["Anne <>"],
        ["Anne <a@b.example"],
        ["Anne <a b@c.example>"],
        ['"a b"@c.example'],
        ["a@[192.0.2.1]"],
        ["a@b.example\x00"],
        ["é@b.example"],
        ["x" * 3000 + " <a@b.example>"],
    ],
)
def test_no_author(fields: list[str]) -> None:
    assert author(fields) is None


@pytest.mark.parametrize(
    ("fields", "tag"),
    [
        (["plateforme+abc-1@supracom.example"], "abc-1"),
        (["x@y.example", "Nous <Plateforme+AbC@SUPRACOM.example>, z@y.example"], "AbC"),
        (["plateforme@supracom.example", "plateforme+t@supracom.example"], "t"),
        (["plateforme+copie@supracom.example"], None),
        (["plateforme+copie@supracom.example", "plateforme+t@supracom.example"], "t"),
        (["autre+t@supracom.example"], None),
        (["plateforme+t@other.example"], None),
        (["xplateforme+t@supracom.example"], None),
        ([], None),
    ],
)
def test_tag(fields: list[str], tag: str | None) -> None:
    assert OWN.tag_among(fields) == tag


def test_without_plus_addressing_there_are_no_tags() -> None:
    own = OwnAddress("a+b@c.example", plus=False)
    assert own.with_tag("t") == own.copy == "a+b@c.example"
    assert own.is_ours("A+B@C.example")
    assert not own.is_ours("a@c.example")
    assert own.tag_among(["a+b@c.example"]) is None


def test_addresses_made() -> None:
    assert OWN.with_tag("t") == "plateforme+t@supracom.example"
    assert OWN.with_tag(None) == "plateforme@supracom.example"
    assert OWN.copy == "plateforme+copie@supracom.example"


def test_proofs_differ_by_secret_and_id() -> None:
    proofs = {proof(b"a", "<1>"), proof(b"b", "<1>"), proof(b"a", "<2>")}
    assert len(proofs) == 3


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "field", ["a" * 90 + "( <a@b.example>", '"' + "\\a" * 90 + " <a@b.example>"]
)
def test_no_name_takes_time_without_end(field: str) -> None:
    found = author([field])
    assert found is None or not found.strict
