"""Set up the virtual environments: `python3 -m sandbox.bootstrap dev synapse`.

Runs under the system's Python before anything is installed, so it imports the standard library
only. `dev` is `.venv`, with the project itself; `synapse` is `.venv-synapse`, with the Matrix
homeserver. An environment that already has what its requirements say is left as it is. Given
several names, it sets them up at the same time. Where packages come from is pip's own
configuration.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import platform
import re
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)

_STAMP = "supracom.stamp"
_TAIL_LINES = 20
_REDRAW_SECONDS = 0.2
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)
# "Processing" names a file: pip says so of a package it finds in a local directory.
_PACKAGE_SEEN = re.compile(
    r"\s*(?:Collecting |Requirement already satisfied: |Processing \S*/)"
    r"([A-Za-z0-9](?:[A-Za-z0-9._]|-(?!\d))*)"
)
_ACTIVITY = re.compile(r"\s*(Downloading|Building|Preparing|Installing|Getting|Using cached)\b")
_WIDTH = 78


class SetupError(Exception):
    """A step failed; the message shows which one and the end of its output."""


class Environment:
    """One virtual environment: what it must hold, and how far its setting up is."""

    def __init__(
        self,
        name: str,
        directory: Path,
        requirements: Path,
        project: Path | None = None,
    ) -> None:
        self.name = name
        self.directory = directory
        self.requirements = requirements
        self.project = project
        self.step = "waiting"
        self.done = 0
        self.total = 0
        self.seconds = 0.0
        self.finished = False
        self.error: Exception | None = None

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.directory / "bin" / "python"

    def fingerprint(self) -> str:
        """Identify what the environment must hold: Python's version and the files' contents."""
        files = [self.requirements]
        if self.project is not None:
            files.append(self.project / "pyproject.toml")
        digest = hashlib.sha256()
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return f"{platform.python_version()} {digest.hexdigest()}\n"

    def is_ready(self) -> bool:
        """Tell whether the environment was completely set up for the present requirements."""
        stamp = self.directory / _STAMP
        if not (stamp.exists() and self.python.exists()):
            return False
        return stamp.read_text("utf-8") == self.fingerprint()

    def set_up(self) -> None:
        """Create the environment and install what it must hold; raises SetupError.

        Two commands given at once do not disturb each other: the second waits for the first.
        """
        lock = self.directory.parent / ".cache" / f"setup-{self.name}.lock"
        lock.parent.mkdir(exist_ok=True)
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self._set_up()

    def _set_up(self) -> None:
        if self.is_ready():
            self.step = "already there"
            return
        self.total = len(set(_REQUIREMENT.findall(self.requirements.read_text("utf-8"))))
        self._create()
        self._install("install packages", "--require-hashes", "-r", str(self.requirements))
        if self.project is not None:
            options = ["--no-deps", "--no-build-isolation", "-e", str(self.project)]
            self._install("install the project", *options)
        (self.directory / _STAMP).write_text(self.fingerprint(), "utf-8")
        self.done, self.step = self.total, "ready"

    def describe(self) -> str:
        """Give the state as one short line."""
        count = f"{self.done}/{self.total} packages, " if self.total else ""
        return f"{self.name}: {count}{self.step} ({self.seconds:.0f} s)"

    def _create(self) -> None:
        self.step = "create environment"
        stamp = self.directory / _STAMP
        # An environment of another Python, or of unknown origin, is made afresh.
        known = stamp.exists() and stamp.read_text("utf-8").split()[0]
        fresh = [] if known == platform.python_version() else ["--clear"]
        stamp.unlink(missing_ok=True)
        self._run("create environment", [sys.executable, "-m", "venv", *fresh, str(self.directory)])

    def _install(self, step: str, *options: str) -> None:
        self.step = step
        quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        self._run(step, [str(self.python), "-m", "pip", "install", *quiet, *options])

    def _run(self, step: str, command: list[str]) -> None:
        last_lines: deque[str] = deque(maxlen=_TAIL_LINES)
        seen: set[str] = set()
        with subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                last_lines.append(line.rstrip("\n"))
                self._follow(line, seen)
        if process.returncode != 0:
            output = "\n".join(f"    {line}" for line in last_lines)
            raise SetupError(f"{self.name}: the step '{step}' failed:\n{output}")

    def _follow(self, line: str, seen: set[str]) -> None:
        """Read the progress off one line of pip's output."""
        package = _PACKAGE_SEEN.match(line)
        activity = _ACTIVITY.match(line)
        if package and self.done < self.total:
            seen.add(re.sub(r"[-_.]+", "-", package.group(1)).lower())
            self.done = min(len(seen), self.total)
            self.step = f"collect {package.group(1)}"
        elif activity:
            self.step = activity.group(1).lower()


class Display:
    """Shows the environments' progress: redrawn lines on a terminal, a few plain ones elsewhere."""

    def __init__(self, environments: list[Environment]) -> None:
        self._environments = environments
        self._redraws = sys.stdout.isatty()
        self._drawn = 0
        self._told: dict[str, int] = {}

    def update(self) -> None:
        """Show the present state."""
        if self._redraws:
            self._redraw()
        else:
            for environment in self._environments:
                self._tell(environment)
        sys.stdout.flush()

    def _redraw(self) -> None:
        if self._drawn:
            sys.stdout.write(f"\x1b[{self._drawn}A")
        for environment in self._environments:
            sys.stdout.write(f"\r\x1b[K{environment.describe()[:_WIDTH]}\n")
        self._drawn = len(self._environments)

    def _tell(self, environment: Environment) -> None:
        """Print a line at the start, at each quarter, and at the end."""
        quarter = 4 * environment.done // environment.total if environment.total else 0
        stage = 5 if environment.finished else quarter
        if self._told.get(environment.name) != stage:
            self._told[environment.name] = stage
            print(environment.describe())


def known_environments() -> dict[str, Environment]:
    """Give the environments that can be set up, by name."""
    requirements = ROOT / "requirements"
    return {
        "dev": Environment("dev", ROOT / ".venv", requirements / "dev.txt", project=ROOT),
        "synapse": Environment("synapse", ROOT / ".venv-synapse", requirements / "synapse.txt"),
    }


def set_up_all(environments: list[Environment]) -> list[Exception]:
    """Set the environments up at the same time, showing the progress; gives what failed."""
    display = Display(environments)
    threads = [threading.Thread(target=_set_up, args=(one,), daemon=True) for one in environments]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        _clock(environments, start)
        display.update()
        threads[0].join(_REDRAW_SECONDS) if threads[0].is_alive() else time.sleep(_REDRAW_SECONDS)
    _clock(environments, start)
    display.update()
    return [one.error for one in environments if one.error is not None]


def _set_up(environment: Environment) -> None:
    try:
        environment.set_up()
    except (SetupError, OSError) as error:
        environment.error = error
        environment.step = "failed"
    finally:
        environment.finished = True


def _clock(environments: list[Environment], start: float) -> None:
    for environment in environments:
        if not environment.finished or not environment.seconds:
            environment.seconds = time.monotonic() - start


def main() -> int:
    """Set up the environments named on the command line; gives the exit status."""
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        print(f"Supracom needs Python {wanted} or later; this is {platform.python_version()}.")
        return 1
    known = known_environments()
    parser = argparse.ArgumentParser(description="Set up Supracom's virtual environments.")
    parser.add_argument("names", nargs="+", choices=sorted(known), metavar="|".join(sorted(known)))
    names = dict.fromkeys(parser.parse_args().names)
    errors = set_up_all([known[name] for name in names])
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
