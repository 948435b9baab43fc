"""A fuzzer over the reading of mail: from the bytes of a stranger to what is understood.

    python -m sandbox.fuzz_mail [-runs=50000] [-max_total_time=SECONDS] [CORPUS_FOLDER] …

The arguments are libFuzzer's; without `-runs` it goes on until it finds something or is stopped.
What it finds is written to the present folder as `crash-…`, `timeout-…` or `oom-…`; give it that
file as the only argument to see it again. A finding is

- whatever is raised, even where the bot would put the mail in quarantine: only ValueError says on
  purpose that a mail cannot be read;
- a mail that takes more than ten seconds (`-timeout`), or 2 GB (libFuzzer's `-rss_limit_mb`).

Needs atheris, which has packages for Python below 3.14 on Linux x86_64 only.
"""

from __future__ import annotations

import random
import shutil
import sys
from datetime import UTC, date, datetime
from email import message_from_bytes
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.mail", "handlers.reading", "handlers.intents"]):
    from bot.mail import parse as parsing
    from bot.mail.addresses import OwnAddress
    from bot.mail.bodies import check_bounds
    from bot.mail.tnef import unpack
    from handlers.intents import understand
    from handlers.request import Incoming


from config.territory import load_territory

SEEDS, FOUND = Path(".cache/fuzz-seeds"), Path(".cache/fuzz-found")
NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
DAY = date(2026, 3, 24)
READING = parsing.Reading(
    OwnAddress("plateforme@supracom.example"), "mx.supracom.example", b"s" * 32
)
TERRITORY = load_territory("luxembourg_be")

NAMES = (
    "From", "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "Content-Type", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
    "Authentication-Results", "Auto-Submitted", "Delivered-To", "List-Id", "Return-Path",
    "X-Failed-Recipients", "MIME-Version",
)  # fmt: skip
VALUES = (
    "Anne <anne@commune.example>", "plateforme+jeton@supracom.example", "MAILER-DAEMON@x.example",
    "=?utf-8?q?D=C3=A9cision?=", "=?iso-8859-1?b?6Q==?=", "Tue, 24 Mar 2026 10:00:00 +0100",
    "<1@x.example>", "multipart/mixed; boundary=b", "multipart/alternative; boundary=b",
    "multipart/report; report-type=delivery-status; boundary=b", "message/delivery-status",
    "message/rfc822", "text/plain; charset=utf-8; format=flowed; delsp=yes", "text/html",
    "text/calendar; method=REPLY", "application/ms-tnef", "base64", "quoted-printable",
    "x-uuencode", "attachment; filename=winmail.dat", "attachment; filename*0*=utf-8''%C3%A9",
    "mx.supracom.example; dmarc=pass header.from=commune.example", "auto-replied",
)  # fmt: skip
PIECES = (
    "--b\r\n", "--b--\r\n", "Content-Type: text/html\r\n\r\n", "Content-Type: text/plain\r\n\r\n",
    "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n", "> cité\r\n",
    "Le 24 mars 2026 à 10:00, Anne a écrit :\r\n", "-------- Message transféré --------\r\n",
    "De : x\r\nObjet : y\r\n", "-- \r\n", "Bonjour,\r\n", "24.000 € HTVA ", "le 24/03/2026 ",
    "BE 0207.362.427 ", "La commune de Musson souhaite s'inscrire. ", "BEGIN:VCALENDAR\r\n",
    "BEGIN:VEVENT\r\n", "DTSTART:20260324T100000\r\n", "<table><tr><td>", "<blockquote>",
    "&#x110000;",
    "Nous commandons e-guichet. ", "063 00 07 41 ",
)  # fmt: skip


def mail_from(data: bytes) -> bytes:
    """The bytes themselves, or a mail that they choose the parts of: half of each."""
    if not data or data[0] & 1:
        return data[1:]
    chosen = atheris.FuzzedDataProvider(data[1:])
    lines = [_field(chosen) for _turn in range(chosen.ConsumeIntInRange(0, 8))]
    pieces = [_piece(chosen) for _turn in range(chosen.ConsumeIntInRange(0, 20))]
    return b"".join([*lines, b"\r\n", *pieces, _rest(chosen)])


def _rest(chosen: atheris.FuzzedDataProvider) -> bytes:
    found: bytes = chosen.ConsumeBytes(8_192)
    return found


def _some(chosen: atheris.FuzzedDataProvider) -> bytes:
    found: bytes = chosen.ConsumeBytes(chosen.ConsumeIntInRange(0, 40))
    return found


def _field(chosen: atheris.FuzzedDataProvider) -> bytes:
    name: str = chosen.PickValueInList(list(NAMES))
    value: str = chosen.PickValueInList(list(VALUES))
    return f"{name}: {value}".encode() + _some(chosen) + b"\r\n"


def _piece(chosen: atheris.FuzzedDataProvider) -> bytes:
    found: str = chosen.PickValueInList(list(PIECES))
    return found.encode() + _some(chosen)


def read(raw: bytes) -> Incoming | None:
    """As the bot reads a mail, but nothing is caught that it did not mean to raise."""
    try:
        check_bounds(raw, READING.limits)
        return parsing._request(message_from_bytes(raw), raw, READING, NOW)
    except ValueError:
        return None


def write_seeds(folder: Path, number: int = 300) -> None:
    """Mails to begin with, always the same ones: fields and pieces in any order."""
    dice = random.Random(20260324)
    for seed in range(number):
        fields = [f"{dice.choice(NAMES)}: {dice.choice(VALUES)}\r\n" for _turn in range(6)]
        fields.append("From: Anne <anne@commune.example>\r\n" if seed % 3 else "")
        fields.append("Content-Type: multipart/mixed; boundary=b\r\n" if seed % 2 else "")
        dice.shuffle(fields)
        pieces = [dice.choice(PIECES) for _turn in range(dice.randrange(30))]
        mail = "".join([*fields, "\r\n", *pieces]).encode()
        (folder / f"seed-{seed:03}").write_bytes(b"\x01" + mail)


def fuzz_one(data: bytes) -> None:
    """Read one mail, and what it says."""
    raw = mail_from(data)
    parsing.parse(raw, READING, NOW, "place")
    incoming = read(raw)
    unpack(b"\x78\x9f\x3e\x22\x00\x00" + data)
    if incoming is None:
        return
    again = Incoming.from_record(incoming.as_record(), incoming.files)
    if again != incoming:
        raise AssertionError("a message does not come back from the inbox as it was")
    understand(
        incoming.subject, incoming.text, incoming.sender, incoming.display_name, DAY, TERRITORY
    )


def main() -> None:
    """Hand over to libFuzzer, which ends the process itself."""
    given = sys.argv[1:]
    sizes = ["-timeout=10", "-len_control=0", "-max_len=8192"]
    # A single file is one finding to be seen again: without seeds.
    if not any(Path(one).is_file() for one in given):
        # Not a temporary folder: nobody would be left to remove it.
        SEEDS.mkdir(parents=True, exist_ok=True)
        write_seeds(SEEDS)
        # libFuzzer adds what it finds to the first folder: the caller's, if there is one.
        found = [] if any(Path(one).is_dir() for one in given) else [str(_empty(FOUND))]
        given = [*given, *found, str(SEEDS)]
    atheris.Setup([sys.argv[0], *sizes, *given], fuzz_one)
    atheris.Fuzz()


def _empty(folder: Path) -> Path:
    """A folder without what an earlier run left, so that each run is the same."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
