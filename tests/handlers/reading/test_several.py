"""Several institutions in one registration: entered together where each is clear, else not."""

from __future__ import annotations

import pytest

from handlers.platform import Platform
from handlers.reading.letter import open_letter
from handlers.reading.several import read_several

SENDER = "anne.collard@cpas-tintigny.example"
CLEAR = """Bonjour,

Merci d'inscrire nos deux CPAS :
- CPAS de Tintigny : Anne Collard, anne.collard@cpas-tintigny.example, 063 00 11 22
- CPAS de Habay : M. Luc Hanin, luc.hanin@cpas-habay.example, 063 00 11 33

Bien à vous"""


def _read(platform: Platform, text: str, sender: str = SENDER) -> list[tuple[str, str, str]]:
    letter = open_letter("Inscription", text, sender)
    found = read_several(letter, platform.territory)
    return [(authority.name, user.name, user.phone) for authority, user in found]


def test_each_has_its_own_user_and_number(platform: Platform) -> None:
    assert _read(platform, CLEAR) == [
        ("CPAS de Tintigny", "Anne Collard", "+3263001122"),
        ("CPAS de Habay", "Luc Hanin", "+3263001133"),
    ]


def test_one_person_may_serve_two_with_one_number(platform: Platform) -> None:
    text = """Je travaille pour le CPAS de Tintigny et le CPAS de Habay. Merci d'inscrire les deux :
pour Tintigny anne.collard@cpas-tintigny.example, pour Habay anne.collard@cpas-habay.example.

Anne Collard
0470 00 11 22"""
    assert _read(platform, text) == [
        ("CPAS de Tintigny", "Anne Collard", "+32470001122"),
        ("CPAS de Habay", "Anne Collard", "+32470001122"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("luc.hanin@cpas-habay.example", ""),
        ("luc.hanin@cpas-habay.example", "luc.hanin@courrier.example"),
        ("luc.hanin@cpas-habay.example", "info@cpas-habay.example"),
        ("Bien à vous", "Le CPAS de Virton suivra."),
        ("Bien à vous", "Le second est déjà membre."),
        ("nos deux CPAS", "notre CPAS"),
        ("inscrire", "saluer"),
        ("luc.hanin@cpas-habay.example", "luc.hanin@cpas-tintigny.example"),
    ],
)
def test_what_is_not_clear_for_each_is_not_entered(
    platform: Platform, before: str, after: str
) -> None:
    text = CLEAR.replace(before, after)
    sender = "" if before == "inscrire" else SENDER
    subject_free = open_letter("", text, sender)
    assert read_several(subject_free, platform.territory) == ()


def test_whoever_is_of_neither_registers_neither(platform: Platform) -> None:
    assert _read(platform, CLEAR, "paul@ailleurs.example") == []
