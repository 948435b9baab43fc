"""DKIM: what we sign verifies, and what is changed on the way does not."""

from __future__ import annotations

import base64
import random
from typing import Any

import dkim
import pytest
from pydantic import SecretStr

from bot.mail.signing import signed
from config.settings import Dkim

MAIL = (
    b"From: Supracom <plateforme@supracom.example>\r\nTo: anne@commune.example\r\n"
    b"Subject: Votre demande\r\nList-Unsubscribe: <https://x.example/stop/l1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Message-ID: <a@supracom.example>\r\n\r\nBonjour,\r\n\r\nvoici.\r\n"
)


def _is_prime(number: int, chance: random.Random) -> bool:
    """Miller and Rabin; good enough for a key that lives as long as one test."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(20):
        power = pow(chance.randrange(2, number - 1), odd, number)
        if power in {1, number - 1}:
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _prime(chance: random.Random) -> int:
    while True:
        number = chance.getrandbits(512) | (3 << 510) | 1
        small = all(number % divisor for divisor in (3, 5, 7, 11, 13, 17))
        if small and number % 65537 != 1 and _is_prime(number, chance):
            return number


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + content


def _integers(*numbers: int) -> bytes:
    each = (_der(2, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in numbers)
    return _der(0x30, b"".join(each))


@pytest.fixture(scope="module")
def key() -> tuple[str, bytes]:
    """A private key (PEM) made for this run, and the record of its public key."""
    chance = random.SystemRandom()
    p, q = _prime(chance), _prime(chance)
    exponent = 65537
    private = pow(exponent, -1, (p - 1) * (q - 1))
    numbers = (0, p * q, exponent, private, p, q)
    der = _integers(*numbers, private % (p - 1), private % (q - 1), pow(q, -1, p))
    pem = base64.encodebytes(der).decode()
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    public = _der(0x30, algorithm + _der(3, b"\0" + _integers(p * q, exponent)))
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    return f"-----BEGIN RSA PRIVATE KEY-----\n{pem}-----END RSA PRIVATE KEY-----\n", record


def _verified(mail: bytes, record: bytes) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: float = 5) -> bytes:
        del timeout
        asked.append(name)
        return record

    found: Any = dkim.verify(mail, dnsfunc=dns)
    assert asked == [b"mars._domainkey.supracom.example."]
    return bool(found)


def test_what_is_signed_verifies_and_covers_the_click(key: tuple[str, bytes]) -> None:
    private, record = key
    settings = Dkim(domain="supracom.example", selector="mars", key=SecretStr(private))
    mail = signed(MAIL, settings)
    assert mail.endswith(MAIL)
    assert _verified(mail, record)
    assert not _verified(mail.replace(b"voici", b"voila"), record)
    assert not _verified(mail.replace(b"/stop/l1", b"/stop/l2"), record)
    assert not _verified(mail.replace(b"One-Click", b"Two-Click"), record)


def test_without_a_key_nothing_is_added() -> None:
    assert signed(MAIL, Dkim()) == MAIL
