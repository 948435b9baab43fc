"""Mail addresses and telephone numbers as people type them (acceptance rows A41 and B54)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import phonenumbers
from phonenumbers import PhoneNumberFormat

from handlers.reading.letters import level

REGION = "BE"
"""Numbers without a country code are Belgian."""


class Line(Enum):
    """What kind of line a number is, by its form or by what is written beside it."""

    FIXED = "fixed"
    MOBILE = "mobile"
    FAX = "fax"
    SWITCHBOARD = "switchboard"


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address in small letters, and its place in the text."""

    email: str
    start: int
    end: int

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: E.164, the form shown ("063 21 26 07"), its line and its place."""

    e164: str
    shown: str
    line: Line
    start: int
    end: int

    @property
    def personal(self) -> bool:
        """Whether it may be somebody's own number."""
        return self.line in {Line.FIXED, Line.MOBILE}


@dataclass(frozen=True, slots=True)
class ImpossiblePhone:
    """What was typed as a telephone number but cannot be one."""

    typed: str
    start: int
    end: int


_AT = r"(?:@|\s?[(\[{]\s?(?:at|a|@|arobase|chez|bei|bij)\s?[)\]}]\s?| arr?obase? | at (?=[\w-]+\.))"
_ADDRESS = re.compile(
    rf"(?<![\w.+-])(?P<local>[a-z0-9_][a-z0-9._%+'-]*)(?P<at>{_AT})"
    r"(?P<domain>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?![\w-])"
)


def find_addresses(text: str) -> list[Address]:
    """The mail addresses of a text, in order; "nom(at)domaine" is read as one."""
    plain = level(text)
    return [
        Address(f"{match['local']}@{match['domain']}", match.start(), match.end())
        for match in _ADDRESS.finditer(plain)
    ]


_SEPARATOR = r"[ ./\-]{0,3}"
_NUMBER = re.compile(
    rf"(?<![\w@/+])(?:(?:\+|00)[1-9]\d{{0,2}}[ ./]?(?:\(0\))?[ ./]?\d|0[1-9])"
    rf"(?:{_SEPARATOR}\d){{5,11}}(?![\w@/]|[.-]\d)"
)
# Numbers that are not lines: accounts, national register, enterprise (also without a label).
_OTHER_NUMBERS = re.compile(
    r"\bbe\d{2}(?: ?\d{4}){3}\b"
    r"|\b\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]\d{3}[. ]\d{2}\b"
    r"|\b(?:tva|bce|kbo|be|n[°o] d'entreprise)\W{0,4}(?:be\W?)?[01]\d{3}[. ]?\d{3}[. ]?\d{3}\b"
    r"|(?<![\w+/])[01]\d{3}\.\d{3}\.\d{3}\b"
    r"|(?<![\w/.)-])(?<!\d )(?<!\d[ ]/[ ])(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-]"
    r"(?:\d{4}|\d{2})(?![\d./-]|\ ?\d)"
)
_FAX = re.compile(r"(?:\bfax|\btelecopie(?:ur)?|(?<![\w])f)\.?\s*[:.)]*\s*$")
_SWITCHBOARD = re.compile(
    r"\b(?:standard|central(?:e telephonique|e)?|accueil|reception|numero general|n[°o] general"
    r"|numero unique)(?: telephonique)?(?:\W{0,4}(?:tel\w*|t)\b)?[^\w\n]{0,6}$"
)
_PHONE_TOO = re.compile(r"\b(?:tel\w*|t)\.?\s*(?:/|et|-|&)\s*fax\W*$")
_FAX_AFTER = re.compile(r"\s*\(?fax\)?(?![\w\s]*:)")
_SWITCHBOARD_AFTER = re.compile(r"\s*\((?:standard|central|accueil|numero general)\)")


def read_phone(text: str) -> Phone | ImpossiblePhone:
    """The number that the whole of a text is."""
    return _read(text.strip(), level(text.strip()), 0)


def find_phones(text: str) -> list[Phone]:
    """The possible numbers of a text, in order, each with its kind of line."""
    return [found for found in _found(text) if isinstance(found, Phone)]


def find_impossible_phones(text: str) -> list[ImpossiblePhone]:
    """What the text calls a telephone number though it cannot be one."""
    return [found for found in _found(text) if isinstance(found, ImpossiblePhone)]


_LABELLED = re.compile(r"\b(?:tel\w*|gsm|mobile|portable|fax|t|n[°o] de tel\w*)\b[ .:/]*$")
_TYPED = re.compile(r"(?<![\w/])[+(]?\d(?:[ ./()\-]{0,3}\d){3,15}(?![\w/])")


def _found(text: str) -> Iterator[Phone | ImpossiblePhone]:
    plain = _without_other_numbers(level(text))
    for match in _TYPED.finditer(plain):
        before = plain[: match.start()].rpartition("\n")[2]
        labelled = _LABELLED.search(before) is not None
        if not labelled and not _NUMBER.fullmatch(match.group().replace("((", "(")):
            continue
        found = _read(match.group(), plain, match.start())
        if isinstance(found, Phone) or labelled:
            yield found


def _read(typed: str, plain: str, start: int) -> Phone | ImpossiblePhone:
    end = start + len(typed)
    number = _parsed(typed)
    if number is None:
        return ImpossiblePhone(typed, start, end)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164, display(e164), _line(number, plain, start, end), start, end)


def display(e164: str) -> str:
    """The one form in which a number is shown: "063 21 26 07", foreign ones with their country."""
    number = phonenumbers.parse(e164)
    belgian = phonenumbers.region_code_for_number(number) == REGION or number.country_code == 32
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if belgian else PhoneNumberFormat.INTERNATIONAL
    )


def belgian(phone: str) -> str:
    """A number as it was noted, in the one form in which numbers are shown; what is no number
    stays as it is.
    """
    number = _parsed(phone)
    if number is None:
        return phone
    return display(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _parsed(typed: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(typed.replace("(0)", ""), REGION)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != 32:
        return number if phonenumbers.is_possible_number(number) else None
    return number if _belgian_length(str(number.national_number)) else None


def _belgian_length(national: str) -> bool:
    """Mobile numbers (04[5-9]x) have nine digits after the zero, fixed ones eight (BIPT plan)."""
    mobile = re.match(r"4[5-9]", national) is not None
    return len(national) == (9 if mobile else 8)


def _line(number: phonenumbers.PhoneNumber, plain: str, start: int, end: int) -> Line:
    before = plain[:start].rpartition("\n")[2]
    after = plain[end:].partition("\n")[0]
    if not _PHONE_TOO.search(before) and (_FAX.search(before) or _FAX_AFTER.match(after)):
        return Line.FAX
    if _SWITCHBOARD.search(before) or _SWITCHBOARD_AFTER.match(after):
        return Line.SWITCHBOARD
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    belgian_mobile = number.country_code == 32 and len(str(number.national_number)) == 9
    return Line.MOBILE if mobile or belgian_mobile else Line.FIXED


def _without_other_numbers(plain: str) -> str:
    return _OTHER_NUMBERS.sub(lambda match: "\x00" * len(match.group()), plain)
