"""What the demo shows while it plays: a transcript, step by step, and a table at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from rich.console import Console
from rich.table import Table
from rich.text import Text

LONGEST = 300
MAIL, MATRIX = "mail", "Matrix"
_COLOURS = {MAIL: "cyan", MATRIX: "green", "demo": "yellow"}


@dataclass(slots=True)
class Step:
    """One step of the story: its lines, how long its answers took (ms), how it ended."""

    number: int
    name: str
    answers: list[float] = field(default_factory=list)
    lines: int = 0
    seconds: float = 0.0
    failure: str = ""
    done: bool = False


class Transcript:
    """Prints who said what on which channel, and how long an answer took."""

    def __init__(self, console: Console, *, longest: int = LONGEST) -> None:
        """``longest`` is how many characters of a message are shown."""
        self.console = console
        self._longest = longest
        self.steps: list[Step] = []
        self._asked = time.perf_counter()

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """One step: printed as a heading; its failure is noted and raised."""
        step = Step(len(self.steps) + 1, name)
        self.steps.append(step)
        self._heading(step.number, name)
        began = time.perf_counter()
        try:
            yield step
            step.done = True
        except BaseException as error:
            step.failure = f"{type(error).__name__}: {error}"
            raise
        finally:
            step.seconds = time.perf_counter() - began

    def says(self, channel: str, who: str, what: str) -> None:
        """A person speaks; the next answer's time counts from here."""
        self._line(channel, who, what, "")
        self._asked = time.perf_counter()

    def hears(self, channel: str, who: str, what: str) -> None:
        """The platform's words reach a person."""
        took = 1000 * (time.perf_counter() - self._asked)
        if self.steps:
            self.steps[-1].answers.append(took)
        self._line(channel, f"→ {who}", what, f"{took:.0f} ms")

    def notes(self, what: str) -> None:
        """Something that happens outside both channels."""
        self._line("demo", "", what, "")
        self._asked = time.perf_counter()

    def _heading(self, number: int, name: str) -> None:
        self.console.print(Text(f"\n{number}. {name}", style="bold"))

    def _line(self, channel: str, who: str, what: str, took: str) -> None:
        if self.steps:
            self.steps[-1].lines += 1
        words = " ".join(what.split())
        if len(words) > self._longest:
            words = f"{words[: self._longest - 1]}…"
        row = Table.grid(padding=(0, 1), expand=True)
        row.add_column(width=6)
        row.add_column(width=22)
        row.add_column(ratio=1)
        row.add_column(width=8, justify="right")
        colour = _COLOURS[channel]
        row.add_row(Text(channel, colour), Text(who, "bold"), Text(words), Text(took, "dim"))
        self.console.print(row)

    def summary(self, names: list[str]) -> None:
        """The table at the end: every step that was to be played, and how it went."""
        table = Table(title="\nSummary", title_justify="left", title_style="bold")
        for heading in ("Step", "Messages", "Median answer", "Slowest", "Time", ""):
            table.add_column(heading, justify="left" if heading in {"Step", ""} else "right")
        for index, name in enumerate(names):
            step = self.steps[index] if index < len(self.steps) else Step(index + 1, name)
            middle = f"{median(step.answers):.0f} ms" if step.answers else ""
            slowest = f"{max(step.answers):.0f} ms" if step.answers else ""
            state = (
                Text("done", "green")
                if step.done
                else Text("FAILED" if step.failure else "not played", "red")
            )
            table.add_row(
                f"{step.number}. {name}",
                str(step.lines),
                middle,
                slowest,
                f"{step.seconds:.1f} s",
                state,
            )
        self.console.print(table)
