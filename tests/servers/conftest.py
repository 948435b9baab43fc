"""Real servers for the tests of this folder; whoever asks for one gets it started."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from sandbox.debian_mail import DebianMailServer
from sandbox.homeserver import Account, Homeserver
from sandbox.mailserver import MailServerProcess
from sandbox.ports import free_port

AccountFactory = Callable[[str], Awaitable[Account]]

MAILBOXES = {
    "bot@supracom.example": "bot-secret",
    "secretariat@commune.example": "commune-secret",
    "achats@centrale.example": "centrale-secret",
}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def homeserver(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Homeserver]:
    """One homeserver for all tests: use accounts and rooms of your own (`new_account`)."""
    async with Homeserver(tmp_path_factory.mktemp("homeserver")) as server:
        yield server


@pytest.fixture
def new_account(homeserver: Homeserver) -> AccountFactory:
    """Create accounts on the shared homeserver, under names that no other test has."""

    async def create(name: str) -> Account:
        return await homeserver.register(f"{name}-{uuid.uuid4().hex[:8]}", "secret")

    return create


@pytest_asyncio.fixture
async def mailserver(tmp_path: Path) -> AsyncIterator[MailServerProcess]:
    """A mail server with empty mailboxes: the bot's, a commune's and a central's."""
    async with MailServerProcess(tmp_path / "mailserver", MAILBOXES) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def debian_mail() -> AsyncIterator[DebianMailServer]:
    """Debian's Dovecot and Postfix; tests leave both running, and the mailboxes empty."""
    # Not pytest's folder, which is for one user only: the servers have users of their own.
    with TemporaryDirectory(prefix="supracom-debian-") as folder:
        # Whoever tests access tokens answers there.
        url = f"http://127.0.0.1:{free_port()}/introspect"
        async with DebianMailServer(Path(folder), MAILBOXES, introspection_url=url) as server:
            yield server
