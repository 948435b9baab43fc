"""Debian's Dovecot and Postfix, with a private configuration: what many administrations run.

`async with DebianMailServer(folder, {address: password}) as mail`, as root (Postfix's master asks
for it), with the packages dovecot-imapd, dovecot-lmtpd and postfix. Everything lies in the folder,
which users without rights must be able to reach, and listens on loopback: IMAP with STARTTLS,
IMAPS, SMTP for the people of a test, submission (STARTTLS and login needed). Postfix delivers to
Dovecot over LMTP, « + » addresses folded. Mailboxes are kept over a restart.
"""

from __future__ import annotations

import asyncio
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.certificates import make_certificates
from sandbox.debian_configuration import (
    DOVECOT,
    HEADER_CHECKS,
    OAUTH2,
    POSTFIX_MAIN,
    POSTFIX_MASTER,
)
from sandbox.ports import LOOPBACK, free_port
from sandbox.processes import ServerError, stop_process, tail, tethered

_OWNER = "nobody"
_START_SECONDS = 20.0
_FOLDERS = ("tls", "run/dovecot", "state", "mail", "postfix", "spool", "postfix-data")


class DebianMailServer:
    """Both servers; ports are chosen once, so that a restarted server is where it was."""

    host = LOOPBACK

    def __init__(
        self,
        directory: Path,
        accounts: Mapping[str, str],
        *,
        authserv_id: str = "mx.supracom.example",
        introspection_url: str = "http://127.0.0.1:9/",
    ) -> None:
        """``introspection_url`` is where Dovecot asks about access tokens (RFC 7662)."""
        self.directory = directory.absolute()
        self.accounts = dict(accounts)
        self.authserv_id = authserv_id
        self.imap_port, self.imaps_port, self.smtp_port, self.submission_port = _ports(4)
        self.introspection_url = introspection_url
        self._dovecot: subprocess.Popen[bytes] | None = None
        self._postfix: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._prepare)
        try:
            await self.start_dovecot()
            await self.start_postfix()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def authority(self) -> Path:
        """The certificate of the authority that both servers' certificates are of."""
        return self.directory / "tls" / "ca.pem"

    def maildir(self, address: str) -> Path:
        """Where the mails of an account lie."""
        return self.directory / "mail" / address / "Maildir"

    async def start_dovecot(self) -> None:
        """Start IMAP, and wait until it answers; raises ServerError."""
        config = self.directory / "dovecot.conf"
        self._dovecot = self._spawned("dovecot", "dovecot", "-F", "-c", config)
        await self._answers(self.imap_port, b"* OK", "dovecot")

    async def start_postfix(self) -> None:
        """Start SMTP, and wait until it answers; raises ServerError."""
        config = self.directory / "postfix"
        self._postfix = self._spawned("postfix", "postfix", "-c", config, "start-fg")
        await self._answers(self.smtp_port, b"220", "postfix")

    async def stop_dovecot(self) -> None:
        """Stop IMAP; those who are connected are told BYE."""
        process, self._dovecot = self._dovecot, None
        if process is not None:
            await asyncio.to_thread(stop_process, process)

    async def stop_postfix(self) -> None:
        """Stop SMTP; what is queued stays queued."""
        process, self._postfix = self._postfix, None
        if process is None:
            return
        # SIGTERM would reach the script only, and not the master.
        await asyncio.to_thread(self._postfix_command, "stop")
        await asyncio.to_thread(stop_process, process)

    async def stop(self) -> None:
        """Stop both."""
        await self.stop_postfix()
        await self.stop_dovecot()

    async def kick(self, address: str) -> None:
        """Throw out every IMAP connection of an account."""
        config = self.directory / "dovecot.conf"
        await asyncio.to_thread(_run, "doveadm", "-c", config, "kick", address)

    async def renew_uidvalidity(self, address: str) -> None:
        """Make Dovecot forget the numbers of a mailbox, as a restored backup does."""
        await self.stop_dovecot()
        for pattern in ("dovecot-uidlist", "dovecot-uidvalidity*", "dovecot.index*"):
            for file in self.maildir(address).glob(pattern):
                file.unlink()
        await self.start_dovecot()

    # -- preparing --------------------------------------------------------------------------

    def _prepare(self) -> None:
        for name in _FOLDERS:
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        # Both servers read as users of their own.
        self.directory.chmod(0o755)
        make_certificates(self.directory / "tls")
        shutil.chown(self.directory / "mail", *self._owner())
        shutil.chown(self.directory / "postfix-data", "postfix")
        self._write()

    def _owner(self) -> tuple[int, int]:
        found = pwd.getpwnam(_OWNER)
        return found.pw_uid, found.pw_gid

    def _write(self) -> None:
        uid, gid = self._owner()
        domains = sorted({address.rpartition("@")[2] for address in self.accounts})
        words = {
            "dir": self.directory, "uid": uid, "gid": gid, "domain": domains[0],
            "domains": ", ".join(domains), "hostname": self.authserv_id,
            "imap": self.imap_port, "imaps": self.imaps_port, "smtp": self.smtp_port,
            "submission": self.submission_port, "authserv_id": self.authserv_id,
            "authserv_pattern": re.escape(self.authserv_id),
            "introspection_url": self.introspection_url,
        }  # fmt: skip
        files = {
            "dovecot.conf": DOVECOT,
            "oauth2.conf": OAUTH2,
            "postfix/main.cf": POSTFIX_MAIN,
            "postfix/master.cf": POSTFIX_MASTER,
            "postfix/header_checks": HEADER_CHECKS,
        }
        for name, template in files.items():
            (self.directory / name).write_text(template.substitute(words), "utf-8")
        passwords = (f"{user}:{{PLAIN}}{word}\n" for user, word in self.accounts.items())
        (self.directory / "users").write_text("".join(passwords), "utf-8")
        mailboxes = "".join(f"{user} x\n" for user in self.accounts)
        (self.directory / "postfix" / "mailboxes").write_text(mailboxes, "utf-8")
        for name in ("postfix-files", "dynamicmaps.cf"):
            shutil.copy(Path("/etc/postfix") / name, self.directory / "postfix" / name)

    # -- running ----------------------------------------------------------------------------

    def _spawned(self, log: str, *command: str | Path) -> subprocess.Popen[bytes]:
        with (self.directory / f"{log}.out").open("ab") as output:
            return subprocess.Popen(
                tethered(*command), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def _postfix_command(self, command: str) -> None:
        _run("postfix", "-c", self.directory / "postfix", command)

    async def _answers(self, port: int, banner: bytes, name: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not await _says(port, banner):
            if time.monotonic() > deadline:
                logs = (tail(self.directory / f"{name}.{end}") for end in ("out", "log"))
                raise ServerError("\n".join((f"{name} does not answer", *logs)))
            await asyncio.sleep(0.02)


def _ports(count: int) -> list[int]:
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=False, capture_output=True, timeout=_START_SECONDS)


async def _says(port: int, banner: bytes) -> bool:
    """Whether a server greets on a port."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                return (await reader.readline()).startswith(banner)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
