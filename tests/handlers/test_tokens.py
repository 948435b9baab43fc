"""Reply tags and codes: unforgeable, for one address, copied by hand without mistakes."""

from __future__ import annotations

import re

import pytest

from handlers.request import Topic
from handlers.tokens import _LETTERS, code_hash, new_code, read_tag, reply_tag

SECRET = "s" * 32
ADDRESS = "helene@musson.example"
TOPIC = Topic("order", 12)


@pytest.mark.parametrize("kind", sorted(_LETTERS))
def test_a_tag_comes_back_as_its_topic(kind: str) -> None:
    topic = Topic(kind, 987_654_321)
    tag = reply_tag(SECRET, topic, ADDRESS)
    assert read_tag(SECRET, tag, ADDRESS) == topic


def test_no_two_kinds_share_a_letter() -> None:
    assert len(set(_LETTERS.values())) == len(_LETTERS)


def test_case_does_not_matter_as_mail_programs_change_it() -> None:
    tag = reply_tag(SECRET, TOPIC, ADDRESS)
    assert read_tag(SECRET, tag.upper(), ADDRESS.upper()) == TOPIC


def test_a_tag_fits_in_the_local_part_of_an_address() -> None:
    tag = reply_tag(SECRET, Topic("announcement", 10**18 - 1), ADDRESS)
    assert len(f"plateforme+{tag}") <= 64  # RFC 5321, section 4.5.3.1.1
    assert re.fullmatch(r"[a-z0-9-]+", tag)


def _other_last_letter(tag: str) -> str:
    return tag[:-1] + ("a" if tag[-1] != "a" else "b")


@pytest.mark.parametrize(
    ("secret", "address", "change"),
    [
        (SECRET, "thief@ailleurs.example", lambda tag: tag),
        ("t" * 32, ADDRESS, lambda tag: tag),
        (SECRET, ADDRESS, lambda tag: tag.replace("o12", "o13")),
        (SECRET, ADDRESS, lambda tag: tag.replace("o12", "a12")),
        (SECRET, ADDRESS, lambda tag: tag.replace("o12", "o012")),
        (SECRET, ADDRESS, lambda tag: tag.replace("o12", "z12")),
        (SECRET, ADDRESS, _other_last_letter),
        (SECRET, ADDRESS, lambda tag: tag[:-1]),
        (SECRET, ADDRESS, lambda tag: tag + "a"),
        (SECRET, ADDRESS, lambda _tag: ""),
        (SECRET, ADDRESS, lambda _tag: "copie"),
        (SECRET, ADDRESS, lambda _tag: "é" * 20),
    ],
)
def test_any_other_tag_is_worth_nothing(secret: str, address: str, change: object) -> None:
    tag = reply_tag(SECRET, TOPIC, ADDRESS)
    assert callable(change)
    changed = change(tag)
    assert read_tag(secret, changed, address) is None


def test_a_code_has_no_letter_that_is_taken_for_another() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert re.fullmatch(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}", code)
    used = set("".join(codes))
    for pair in ("0O", "1I", "1L", "IL", "5S", "8B", "2Z"):
        assert len(used & set(pair)) < 2, pair


@pytest.mark.parametrize("typed", ["7F3K-9QTM-4XAC", "7f3k9qtm4xac", " 7F3K 9QTM  4xac "])
def test_a_code_may_be_typed_in_several_ways(typed: str) -> None:
    assert code_hash(SECRET, typed) == code_hash(SECRET, "7F3K-9QTM-4XAC")


def test_a_code_is_kept_as_a_hash_that_depends_on_the_secret() -> None:
    assert code_hash(SECRET, "AAAA") != code_hash("other", "AAAA")
    assert "AAAA" not in code_hash(SECRET, "AAAA")
