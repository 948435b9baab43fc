"""Mail addresses: the platform's own, with its plus part, and the one author of a mail."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from bot.mail.headers import decoded

COPY_TAG = "copie"
"""The plus part to which the platform sends itself a copy of everything that it sends."""

# RFC 5322 dot-atom, ASCII only: what public authorities use, and what DMARC can compare.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
_LONGEST_FROM = 2_000
_LONGEST_NAME = 200
_IN_FIELD = re.compile(rf"{_ADDRESS.pattern}")


def is_address(text: str) -> bool:
    """Whether a text is exactly one plain address."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def domain_of(address: str) -> str:
    """The domain of an address, lower case."""
    return address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The platform's address; ``plus`` says whether its server delivers ``local+tag@domain``."""

    address: str
    plus: bool = True

    @property
    def domain(self) -> str:
        """The domain of the platform's Message-IDs."""
        return domain_of(self.address)

    def with_tag(self, tag: str | None) -> str:
        """The address that carries a tag; the plain one without tag or plus addressing."""
        if not tag or not self.plus:
            return self.address
        local, _, domain = self.address.rpartition("@")
        return f"{local}+{tag}@{domain}"

    @property
    def copy(self) -> str:
        """Where the platform sends the copy that proves what was sent."""
        return self.with_tag(COPY_TAG)

    def is_ours(self, address: str) -> bool:
        """Whether an address is the platform's, with or without a tag."""
        return self.tag_of(address) is not None

    def tag_of(self, address: str) -> str | None:
        """The tag in an address of ours ("" if it has none); None if the address is not ours."""
        local, _, domain = address.rpartition("@")
        own_local, _, own_domain = self.address.rpartition("@")
        bare, _, tag = local.partition("+") if self.plus else (local, "", "")
        ours = (bare.lower(), domain.lower()) == (own_local.lower(), own_domain.lower())
        return tag if ours else None

    def tag_among(self, fields: list[str]) -> str | None:
        """The first tag of ours in some address fields, the most trustworthy field first."""
        for field in fields:
            for found in _IN_FIELD.finditer(field[:_LONGEST_FROM]):
                tag = self.tag_of(found.group())
                if tag and tag.lower() != COPY_TAG:
                    return tag
        return None


def proof(secret: bytes, message_id: str) -> str:
    """What only the platform can write beside a Message-ID of its own (HMAC-SHA256, hex).

    A copy that comes back marks a delivery as done, so nobody else may be able to forge one.
    """
    return hmac.new(secret, b"mail copy " + message_id.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a mail. ``strict`` says that the field keeps to RFC 5322, so that every program
    that reads it, our own mail server's DMARC check first, sees the same address.
    """

    address: str
    name: str
    strict: bool


def author(fields: list[str]) -> Author | None:
    """The one author in the From fields; None when there is none, or more than one."""
    if len(fields) != 1 or len(fields[0]) > _LONGEST_FROM:
        return None
    shape = _shape(fields[0])
    if shape is None:
        return None
    name, address, strict = shape
    if not is_address(address):
        return None
    if "@" in _outside_quotes(name):
        # « a@x <a@x> » is common, if wrong; « a@x <b@y> » is a trap.
        if name.strip().lower() != address.lower():
            return None
        strict = False
    return Author(address.lower(), _shown(name), strict)


_ANGLE = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]*)\s*>\s*")
# What RFC 5322 lets stand unquoted before the angle bracket: words of atoms, and (obs-phrase) dots.
# Possessive: a name such as « aaaa…( » would otherwise take time without end.
_PHRASE = re.compile(r'(?:[^\s"(),:;<>@\[\\\]]++|"(?:[^"\\\r\n]|\\.)*+"|\s++)*+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_NO_ANGLE_IN_QUOTES = str.maketrans("<>", "\ue000\ue001")
_ANGLE_AGAIN = str.maketrans("\ue000\ue001", "<>")


def _shape(field: str) -> tuple[str, str, bool] | None:
    """Name, address and strictness of a field that has the form of one address."""
    text = " ".join(field.split())
    masked = _QUOTED.sub(lambda quoted: quoted.group().translate(_NO_ANGLE_IN_QUOTES), text)
    if "<" not in masked and ">" not in masked:
        address, name = _comments_aside(text)
        return name, address, not name
    found = _ANGLE.fullmatch(masked)
    if found is None:
        return None
    name = found["name"].strip().translate(_ANGLE_AGAIN)
    return name, found["address"], _PHRASE.fullmatch(name) is not None


def _comments_aside(text: str) -> tuple[str, str]:
    """The old form « address (name) », RFC 822."""
    names = [comment[1:-1] for comment in _COMMENT.findall(text)]
    return _COMMENT.sub("", text).strip(), " ".join(names)


def _outside_quotes(text: str) -> str:
    return _QUOTED.sub("", text)


def _shown(name: str) -> str:
    inner = name[1:-1] if _QUOTED.fullmatch(name) else name
    return decoded(re.sub(r"\\(.)", r"\1", inner), _LONGEST_NAME).strip("'\" ")
