"""Bring the catalogues of the other languages up to date with the code: `make messages`.

French is the source: every sentence that the code marks with ``_`` or ``n_`` is an entry of each
catalogue. A translation is kept as long as its sentence stands; where the sentence was reworded,
the nearest translation is kept and marked fuzzy until somebody has read it; what is no longer said
is dropped. `--check` changes nothing, lists what is missing, fuzzy or obsolete, and fails if there
is anything to list.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from config.translations import LANGUAGES, catalogue_path

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = ("handlers", "bot")
"""The rooms of the house whose sentences people read."""
KEYWORDS = {"_": (1,), "n_": (1, 2)}
"""Which arguments of which function are sentences, as :mod:`handlers.wording` defines them."""
TRANSLATED = LANGUAGES[1:]
WIDTH = 100

# Written here and not by Babel: its header bears the moment of writing, which would make every
# run a change. The plural of these languages is everything but one.
_HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: supracom\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that a catalogue does not speak as it should."""

    language: str
    kind: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.language}: {self.kind}: {self.sentence}"


def extract() -> Catalog:
    """Every sentence of the code, in the order of the files."""
    template = Catalog()
    for room in SPEAKING:
        for name, line, sentence, _comments, context in extract_from_dir(
            ROOT / room, [("**.py", "python")], keywords=KEYWORDS
        ):
            template.add(sentence, locations=[(f"{room}/{name}", line)], context=context)
    return template


def read(language: str) -> str:
    """A catalogue as it lies on disk; empty if the language has none yet."""
    path = catalogue_path(language)
    return path.read_text(encoding="utf-8") if path.exists() else ""


def update(language: str, catalogue: str, template: Catalog) -> Catalog:
    """A catalogue with exactly the sentences of the code; what it lost is in its ``obsolete``."""
    updated = read_po(io.BytesIO(catalogue.encode()), locale=language)
    updated.update(template)
    return updated


def written(language: str, catalogue: Catalog) -> str:
    """A catalogue as its file: no moment, no line numbers, so that only words make a change."""
    target = io.BytesIO()
    write_po(
        target,
        catalogue,
        width=WIDTH,
        omit_header=True,
        ignore_obsolete=True,
        sort_by_file=True,
        include_lineno=False,
    )
    return _HEADER.format(language=language) + target.getvalue().decode().rstrip("\n") + "\n"


def faults(language: str, catalogue: Catalog) -> Iterator[Fault]:
    """What is missing, fuzzy or obsolete in an updated catalogue."""
    for message in catalogue:
        if message.id and not _is_complete(message):
            yield Fault(language, "missing", _sentence(message))
        elif message.id and message.fuzzy:
            yield Fault(language, "fuzzy", _sentence(message))
    for message in catalogue.obsolete.values():
        yield Fault(language, "obsolete", _sentence(message))


def _is_complete(message: Message) -> bool:
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(said)


def _sentence(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def bring_up_to_date(*, check: bool) -> list[str]:
    """Write each catalogue anew, or with ``check`` only compare; tells what a person must do."""
    template = extract()
    told: list[str] = []
    for language in TRANSLATED:
        before = read(language)
        catalogue = update(language, before, template)
        found = [str(fault) for fault in faults(language, catalogue)]
        after = written(language, catalogue)
        if not check:
            # What is obsolete is dropped by writing: nothing remains to be done about it.
            found = [line for line in found if ": obsolete: " not in line]
            _write(language, after)
        elif not found and after != before:
            found = [f"{language}: the file is not as the code has it: run `make messages`"]
        told += found
    return told


def _write(language: str, text: str) -> None:
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Update or check the catalogues; 1 if a check finds anything."""
    parser = argparse.ArgumentParser(prog="sandbox.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    check = parser.parse_args(arguments).check
    told = bring_up_to_date(check=check)
    for line in told:
        print(line)
    if not told:
        print(f"Complete in {', '.join(TRANSLATED)}.")
    elif not check:
        print(f"{len(told)} to translate under config/locale; then `make messages` again.")
    return 1 if check and told else 0


if __name__ == "__main__":
    sys.exit(main())
