"""Mail addresses and Belgian telephone numbers in their usual spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.contacts import (
    ImpossiblePhone,
    Line,
    Phone,
    find_addresses,
    find_impossible_phones,
    find_phones,
    read_phone,
)


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("jean.dupont@virton.example", ["jean.dupont@virton.example"]),
        ("jean.dupont(at)virton.example", ["jean.dupont@virton.example"]),
        ("jean.dupont [at] virton.example", ["jean.dupont@virton.example"]),
        ("jean.dupont (at) virton.example", ["jean.dupont@virton.example"]),
        ("jean.dupont[@]virton.example", ["jean.dupont@virton.example"]),
        ("JEAN.DUPONT@VIRTON.EXAMPLE", ["jean.dupont@virton.example"]),
        ("<mailto:j.dupont@virton.example>", ["j.dupont@virton.example"]),
        ("Mail : j-p.o'brien+pf@cpas-virton.example.", ["j-p.o'brien+pf@cpas-virton.example"]),
        (
            "a@x.example, b@y.example ; c(at)z.example",
            ["a@x.example", "b@y.example", "c@z.example"],
        ),
        ("j.dupont at virton.example", ["j.dupont@virton.example"]),
        ("une réunion à 10h @ Arlon", []),
        ("rendez-vous at the office", []),
        ("voir www.virton.example", []),
        ("@virton", []),
    ],
)
def test_addresses(text: str, emails: list[str]) -> None:
    assert [address.email for address in find_addresses(text)] == emails


SPELLINGS = {
    "063/21 26 07": "063 21 26 07",
    "063 21.26.07": "063 21 26 07",
    "063/21.26.07": "063 21 26 07",
    "063-21-26-07": "063 21 26 07",
    "063212607": "063 21 26 07",
    "063/212607": "063 21 26 07",
    "063/212.607": "063 21 26 07",
    "063 / 21 26 07": "063 21 26 07",
    "+32 63 21 26 07": "063 21 26 07",
    "+32 (0)63 21 26 07": "063 21 26 07",
    "+32(0)63/21.26.07": "063 21 26 07",
    "+3263212607": "063 21 26 07",
    "0032 63 21 26 07": "063 21 26 07",
    "0032(0)63.21.26.07": "063 21 26 07",
    "063\u00a021\u00a026\u00a007": "063 21 26 07",
    "(063) 21 26 07": "063 21 26 07",
    "0470/00.44.08": "0470 00 44 08",
    "0470 00 44 08": "0470 00 44 08",
    "0470/000.408": "0470 00 04 08",
    "+32 470 00 44 08": "0470 00 44 08",
    "0032470004408": "0470 00 44 08",
    "02/234 56 78": "02 234 56 78",
    "04/222.33.44": "04 222 33 44",
}


@pytest.mark.parametrize(("typed", "shown"), SPELLINGS.items())
def test_one_number_in_many_spellings(typed: str, shown: str) -> None:
    number = read_phone(typed)
    assert isinstance(number, Phone)
    assert number.shown == shown
    assert [phone.e164 for phone in find_phones(f"Tél. : {typed}, merci")] == [number.e164]


@pytest.mark.parametrize(
    "typed", ["063/21 26", "063/21 26 07 08", "0470/00 44", "12", "sans", "0999.970.129"]
)
def test_impossible_numbers(typed: str) -> None:
    assert isinstance(read_phone(typed), ImpossiblePhone)


def test_an_impossible_labelled_number_is_reported() -> None:
    (impossible,) = find_impossible_phones("Jean Dupont, tél. 063/21 26")
    assert impossible.typed == "063/21 26"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("T 061/05.14.20 – F 061/05.14.29", [Line.FIXED, Line.FAX]),
        ("Tél. : 063/21 26 07\nFax : 063/21 26 08", [Line.FIXED, Line.FAX]),
        ("Central : 063/05.22.00", [Line.SWITCHBOARD]),
        ("Standard téléphonique 063/05.22.00", [Line.SWITCHBOARD]),
        ("Accueil : 084 31 00 00 - direct : 084 31 00 12", [Line.SWITCHBOARD, Line.FIXED]),
        ("GSM 0470/00 44 08", [Line.MOBILE]),
        ("Tél./Fax : 063/21 26 07", [Line.FIXED]),
        ("063/21 26 08 (fax)", [Line.FAX]),
        ("063/21 26 00 (central)", [Line.SWITCHBOARD]),
        ("Téléphone 063/21 26 07 Télécopie 063/21 26 08", [Line.FIXED, Line.FAX]),
        ("Numéro général : 063/21 26 00", [Line.SWITCHBOARD]),
        ("+352 23 64 09 12", [Line.FIXED]),
    ],
)
def test_kind_of_line(text: str, lines: list[Line]) -> None:
    assert [phone.line for phone in find_phones(text)] == lines


@pytest.mark.parametrize(
    "text",
    [
        "TVA BE0999970129",
        "BE 0999.970.129",
        "n° d'entreprise 0470.123.456",
        "NN 78.13.45-999.00",
        "NN 01.02.03-123.45",
        "IBAN BE68 0390 0754 7034",
        "Art. 104/742-54 du 09/03/2026",
        "réf. 2026/0418",
        "24.000,00 €",
        "le 01/02/2026 et le 03.04.2026",
        "6887 Herbeumont",
    ],
)
def test_other_numbers_are_no_phones(text: str) -> None:
    assert find_phones(text) == []


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    for found in find_phones(text):
        assert 0 <= found.start < found.end <= len(text)
    find_addresses(text)
    find_impossible_phones(text)
