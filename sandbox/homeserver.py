"""A disposable Matrix homeserver: Synapse over SQLite, on loopback, from its own environment."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.ports import LOOPBACK, free_port
from sandbox.processes import ServerError, tail, tethered
from sandbox.running import Running

ROOT = Path(__file__).resolve().parent.parent
PYTHON_VARIABLE = "SUPRACOM_SYNAPSE_PYTHON"

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_PROBE_SECONDS = 0.05
_REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=30)
_REGISTER = "/_synapse/admin/v1/register"

_UNLIMITED = {"per_second": 1_000_000, "burst_count": 1_000_000}
_NO_RATE_LIMITS: dict[str, object] = {
    "rc_message": _UNLIMITED,
    "rc_registration": _UNLIMITED,
    "rc_login": {"address": _UNLIMITED, "account": _UNLIMITED, "failed_attempts": _UNLIMITED},
    "rc_admin_redaction": _UNLIMITED,
    "rc_joins": {"local": _UNLIMITED, "remote": _UNLIMITED},
    "rc_joins_per_room": _UNLIMITED,
    "rc_invites": {"per_room": _UNLIMITED, "per_user": _UNLIMITED, "per_issuer": _UNLIMITED},
    "rc_room_creation": _UNLIMITED,
    "rc_media_create": _UNLIMITED,
    "rc_presence": {"per_user": _UNLIMITED},
    "rc_delayed_event_mgmt": _UNLIMITED,
    "rc_reports": _UNLIMITED,
    "rc_user_directory": _UNLIMITED,
}


@dataclass(frozen=True)
class Account:
    """A Matrix account with one logged-in device."""

    user_id: str
    access_token: str
    device_id: str
    password: str


def synapse_python() -> Path:
    """Find the interpreter that has Synapse: the environment variable's, or .venv-synapse's."""
    chosen = os.environ.get(PYTHON_VARIABLE)
    # Not resolved: following the symbolic link would leave the virtual environment.
    return Path(chosen).absolute() if chosen else ROOT / ".venv-synapse" / "bin" / "python"


class Homeserver(Running):
    """Synapse as a child process that ends with this one.

    The directory keeps database, keys, media and logs: starting again on the same directory
    finds the same accounts. Rate limits are lifted unless `limits` is true, which leaves
    Synapse's defaults. `settings` are laid over the configuration. Start it from the main
    thread (see `processes.die_with_parent`).
    """

    def __init__(
        self,
        directory: Path,
        *,
        python: Path | str | None = None,
        limits: bool = False,
        server_name: str = "supracom.example",
        port: int = 0,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self.server_name = server_name
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._python = Path(python).absolute() if python else synapse_python()
        self._limits = limits
        self._settings = dict(settings or {})
        self._secret = ""
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id while the server runs."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start and wait until requests are answered; raises ServerError with the log's tail."""
        if self._process is not None:
            raise ServerError("the homeserver is already running")
        if not self._python.exists():
            raise ServerError(
                f"no interpreter with Synapse at {self._python}: "
                f"run `python3 -m sandbox.bootstrap synapse`, or set {PYTHON_VARIABLE}"
            )
        self._prepare()
        await self._spawn()
        try:
            await asyncio.wait_for(self._answering(), _START_SECONDS)
        except TimeoutError:
            await self.stop()
            raise self._failure(f"no answer within {_START_SECONDS:.0f} s") from None
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server; does nothing when it does not run."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def restart(self) -> None:
        """Stop and start again on the same port, with the same data."""
        await self.stop()
        await self.start()

    async def register(self, localpart: str, password: str, admin: bool = False) -> Account:
        """Create an account with Synapse's shared-secret registration, and log it in.

        Raises ServerError when Synapse refuses, for instance because the name is taken.
        """
        async with aiohttp.ClientSession(self.url, timeout=_REQUEST_TIMEOUT) as http:
            nonce = (await self._json(http, "GET"))["nonce"]
            body = {"nonce": nonce, "username": localpart, "password": password, "admin": admin}
            mac = self._registration_mac(nonce, localpart, password, admin)
            answer = await self._json(http, "POST", {**body, "mac": mac})
        return Account(answer["user_id"], answer["access_token"], answer["device_id"], password)

    async def _json(
        self, http: aiohttp.ClientSession, method: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        async with http.request(method, _REGISTER, json=body) as response:
            if response.status != 200:
                raise ServerError(f"registration refused: {await response.text()}")
            answer: dict[str, Any] = await response.json()
            return answer

    def _registration_mac(self, nonce: str, localpart: str, password: str, admin: bool) -> str:
        # HMAC-SHA1 is what Synapse's "Shared-Secret Registration" asks for.
        parts = (nonce, localpart, password, "admin" if admin else "notadmin")
        message = b"\0".join(part.encode() for part in parts)
        return hmac.new(self._secret.encode(), message, hashlib.sha1).hexdigest()

    def _prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._secret = self._kept("registration.secret", secrets.token_hex(16))
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self._kept("signing.key", f"ed25519 a_{secrets.token_hex(2)} {key}\n")
        # JSON is YAML.
        self._write("homeserver.yaml", self._configuration())
        self._write("logging.json", self._logging())

    def _kept(self, name: str, fresh: str) -> str:
        path = self.directory / name
        if not path.exists():
            path.write_text(fresh, "utf-8")
        return path.read_text("utf-8")

    def _write(self, name: str, content: Mapping[str, object]) -> None:
        (self.directory / name).write_text(json.dumps(content, indent=1), "utf-8")

    def _configuration(self) -> dict[str, object]:
        at = self.directory
        secret = self._secret
        resources = [{"names": ["client", "media"], "compress": False}]
        listener = {"port": self.port, "type": "http", "tls": False, "bind_addresses": [LOOPBACK]}
        everybody = [{"action": "allow"}]
        return {
            "server_name": self.server_name,
            "public_baseurl": f"{self.url}/",
            "pid_file": str(at / "homeserver.pid"),
            "report_stats": False,
            "signing_key_path": str(at / "signing.key"),
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "listeners": [{**listener, "resources": resources}],
            "database": {"name": "sqlite3", "args": {"database": str(at / "homeserver.db")}},
            "media_store_path": str(at / "media"),
            "log_config": str(at / "logging.json"),
            "enable_registration": False,
            "registration_shared_secret": secret,
            "macaroon_secret_key": f"macaroon-{secret}",
            "form_secret": f"form-{secret}",
            "bcrypt_rounds": 4,
            "presence": {"enabled": False},
            "url_preview_enabled": False,
            "encryption_enabled_by_default_for_room_type": "off",
            "alias_creation_rules": everybody,
            "room_list_publication_rules": everybody,
            **({} if self._limits else _NO_RATE_LIMITS),
            **self._settings,
        }

    def _logging(self) -> dict[str, object]:
        handler = {
            "class": "logging.FileHandler",
            "formatter": "line",
            "filename": str(self.directory / "homeserver.log"),
        }
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {"file": handler},
            "root": {"level": "WARNING", "handlers": ["file"]},
        }

    async def _spawn(self) -> None:
        configuration = self.directory / "homeserver.yaml"
        command = tethered(self._python, "-m", "synapse.app.homeserver", "-c", configuration)
        with (self.directory / "output.log").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd=self.directory,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def _answering(self) -> None:
        # Synapse has no event to wait for that works on every system: it is asked.
        async with aiohttp.ClientSession(self.url, timeout=_REQUEST_TIMEOUT) as http:
            while not await self._answers(http):
                if self._process is None or self._process.returncode is not None:
                    raise self._failure("it ended while starting")
                await asyncio.sleep(_PROBE_SECONDS)

    @staticmethod
    async def _answers(http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get("/_matrix/client/versions") as response:
                return response.status == 200
        except aiohttp.ClientConnectionError:
            return False

    def _failure(self, what: str) -> ServerError:
        logs = (self.directory / name for name in ("output.log", "homeserver.log"))
        tails = "\n".join(filter(None, (tail(log) for log in logs)))
        return ServerError(f"the homeserver did not start: {what}\n{tails}")
