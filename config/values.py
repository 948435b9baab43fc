"""The kinds of value a configuration holds: what is accepted, and how it is normalised.

Each validator raises ValueError without a message: what was expected is said by the description
of the field, or by the annotated type here, never by the library.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from config.sources import STAND_IN

_SERVER = r"(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
# Matrix specification, appendix "Identifier grammar": historical localparts hold any printable
# ASCII but the colon; the whole is at most 255 bytes.
_MATRIX_ID = re.compile(rf"@[\x21-\x39\x3b-\x7e]+:{_SERVER}")
_MATRIX_ALIAS = re.compile(rf"#[^\s:]+:{_SERVER}")
_MATRIX_LOCALPART = re.compile(r"[0-9a-z._=/+-]+")
_MATRIX_SERVER = re.compile(_SERVER)
_LONGEST_MATRIX_ID = 255
# RFC 5321 allows more (quoted local parts); no public authority uses them.
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[0-9A-Za-z](?:[0-9A-Za-z.-]{0,251}[0-9A-Za-z])?")
_DOMAIN = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_.-]{0,251}[0-9A-Za-z])?")
# ISO 8601 reduced precision, and its "--MM" for a year that is not known (acceptance row B04).
_PARTIAL_DATE = re.compile(r"(?P<year>\d{4}|-)(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_LEAP_YEAR = 2000  # so that 29 February is accepted when the year is unknown


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, so that plain text on the wire is seen by nobody."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def server_of(matrix_id: str) -> str:
    """The server name in a Matrix user id or room alias."""
    return matrix_id.partition(":")[2]


def _matching(pattern: re.Pattern[str]) -> AfterValidator:
    def check(text: str) -> str:
        if len(text.encode()) > _LONGEST_MATRIX_ID or not pattern.fullmatch(text):
            raise ValueError
        return text

    return AfterValidator(check)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError
    return text.rstrip("/")


def _url_or_nothing(text: str) -> str:
    return _url(text) if text else text


def _https_or_nothing(text: str) -> str:
    if text and urlsplit(text).scheme != "https":
        raise ValueError
    return _url_or_nothing(text)


def _domain_or_nothing(text: str) -> str:
    if text and not _DOMAIN.fullmatch(text):
        raise ValueError
    return text.lower()


def _rsa_key(key: SecretStr) -> SecretStr:
    """A key that dkimpy can sign with, or nothing."""
    # Imported only here: most platforms let their mail server sign.
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # noqa: PLC0415 - see above

    if key and key.get_secret_value() != STAND_IN:
        try:
            parse_pem_private_key(key.get_secret_value().encode())
        except (UnparsableKeyError, UnicodeError) as error:
            raise ValueError from error
    return key


def _mail_or_nothing(text: str) -> str:
    if text and not _MAIL.fullmatch(text):
        raise ValueError
    return text


def _alias_or_nothing(text: str) -> str:
    if text and not _MATRIX_ALIAS.fullmatch(text):
        raise ValueError
    return text


def _enterprise(text: str) -> str:
    """An enterprise number: ten digits of which the last two are 97 minus the others modulo 97."""
    digits = re.sub(r"[. ]", "", text)
    if digits and not (
        re.fullmatch(r"[01]\d{9}", digits) and 97 - int(digits[:8]) % 97 == int(digits[8:])
    ):
        raise ValueError
    return digits


def _partial_date(text: str) -> str:
    if not text:
        return text
    found = _PARTIAL_DATE.fullmatch(text)
    if not found or text == "-":
        raise ValueError
    year = _LEAP_YEAR if found["year"] == "-" else int(found["year"])
    date(year, int(found["month"] or 1), int(found["day"] or 1))  # ValueError if there is none
    return text


def _as_text(value: Any) -> Any:
    """A year typed without quotes is a TOML integer, a full date a TOML date: both are meant."""
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return value


def _whole(value: Any) -> Any:
    """Only digits: the library would read "24.000", which means twenty-four thousand, as 24."""
    if isinstance(value, bool | float) or (isinstance(value, str) and not value.isdecimal()):
        raise ValueError
    return value


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError from error
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
MatrixId = Annotated[str, _matching(_MATRIX_ID)]
MatrixAlias = Annotated[str, _matching(_MATRIX_ALIAS)]
MatrixLocalpart = Annotated[str, _matching(_MATRIX_LOCALPART)]
OptionalMatrixAlias = Annotated[str, AfterValidator(_alias_or_nothing)]
MatrixServer = Annotated[str, _matching(_MATRIX_SERVER)]
MailAddress = Annotated[str, _matching(_MAIL)]
OptionalMailAddress = Annotated[str, AfterValidator(_mail_or_nothing)]
Enterprise = Annotated[str, AfterValidator(_enterprise)]
Url = Annotated[str, AfterValidator(_url)]
OptionalHttpsUrl = Annotated[str, AfterValidator(_https_or_nothing)]
OptionalDomain = Annotated[str, AfterValidator(_domain_or_nothing)]
RsaKey = Annotated[SecretStr, AfterValidator(_rsa_key)]
OptionalUrl = Annotated[str, AfterValidator(_url_or_nothing)]
PartialDate = Annotated[str, BeforeValidator(_as_text), AfterValidator(_partial_date)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Whole = Annotated[int, BeforeValidator(_whole)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
Count = Annotated[Whole, Field(ge=1)]
Days = Annotated[Whole, Field(ge=0)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
