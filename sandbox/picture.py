"""The picture in the README: an excerpt of a real run of the demo, drawn as SVG.

python -m sandbox.picture docs/images/transcript.svg
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from sandbox.demo import perform
from sandbox.transcript import Transcript

WIDTH = 118
LONGEST = 138
"""How many characters of a message are shown."""

KEPT = {
    1: {0, 1, 3, 4, 6, 7},
    3: {0, 1, 2, 3, 5, 6, 8},
    6: {0, 1, 2, 3, 4, 7, 8, 12, 14},
}
"""Which lines of which steps are shown, from 0; of the others, how many there are."""

# rich's own template names a font on the web; the picture must show without asking anybody.
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class Excerpt(Transcript):
    """A transcript that shows some lines of a step, and counts the others."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, longest=LONGEST)
        self._hidden = 0

    def _line(self, channel: str, who: str, what: str, took: str) -> None:
        if not self.steps:
            return
        step = self.steps[-1]
        if step.lines in KEPT.get(step.number, set()):
            super()._line(channel, who, what, took)
        else:
            step.lines += 1
            self._hidden += 1

    def _heading(self, number: int, name: str) -> None:
        self._tell_hidden()
        super()._heading(number, name)

    def summary(self, names: list[str]) -> None:
        """The table at the end."""
        self._tell_hidden()
        super().summary(names)

    def _tell_hidden(self) -> None:
        if self._hidden:
            self.console.print(Text(f"       … {self._hidden} more", "dim"))
            self._hidden = 0


def main(picture: Path) -> int:
    """Play the demo and draw it; 0 if every step happened."""
    canvas = Console(record=True, width=WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory(prefix="supracom-picture-") as directory:
        done = asyncio.run(perform(Console(), Excerpt(canvas), Path(directory), stay=False))
    if done:
        picture.parent.mkdir(parents=True, exist_ok=True)
        drawn = canvas.export_svg(title="make demo", code_format=FORMAT, unique_id="demo")
        picture.write_text(drawn, "utf-8")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
