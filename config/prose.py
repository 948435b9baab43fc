"""A text as words, and which of them are no prose: addresses of streets, mails and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.folding import Word, words
from config.lexicon import Vocabulary

# Mail addresses, links and domain names. Looked for in each run of characters without a space,
# so that a hostile text costs no more than its length.
_RUN = re.compile(r"\S+")
_NO_PROSE = re.compile(
    r"@|\(at\)|://|^\W*www\.|\.(?:be|lu|eu|fr|nl|de|org|com|net|example)(?!\w)", re.IGNORECASE
)
# Between words of one name or expression; a line end may be followed by a mark of quotation.
_INSIDE = re.compile(r"[^\S\n]*(?:[-‐‑–/,'’.]?[^\S\n]*|\n[>\s]*)")
_END_OF_STREET = re.compile(r"[,;:\n()|]|\s[-–—]\s|[–—]")
_LONGEST_TEXT = 50_000  # characters read: what comes after is no longer a mail's own text
_LONGEST_GAP = 40
_LONGEST_STREET = 8  # words
_MOST_LINKS = 3


class Prose:
    """The words of a text, what is between them, and what to leave out.

    `silent` are the places of words in streets and machine names; `addressed` those on a line that
    begins with a street, where the name of a place is only where somebody lives.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text[:_LONGEST_TEXT]
        self.vocabulary = vocabulary
        self.words = words(self.text)
        self.folded = [word.text for word in self.words]
        self.silent = self._machine_names()
        self.addressed: set[int] = set()
        self._mark_streets()

    # Words and what is between them

    def joined(self, left: int, right: int, pattern: re.Pattern[str]) -> bool:
        """Whether what is between two neighbours is as `pattern` says, and not too long."""
        gap = self.gap(left, right)
        return len(gap) <= _LONGEST_GAP and bool(pattern.fullmatch(gap))

    def gap(self, left: int, right: int) -> str:
        """What is between two neighbouring words; before the first one, `left` is -1."""
        start = self.words[left].end if left >= 0 else 0
        return self.text[start : self.words[right].start]

    def together(self, first: int, end: int) -> bool:
        """Whether words[first:end] may be one expression."""
        return all(self.joined(i, i + 1, _INSIDE) for i in range(first, end - 1))

    def skip_links(self, index: int) -> int:
        """The place of the first word from `index` on that is no "de", "la"…"""
        end = index
        while end < min(len(self.words), index + _MOST_LINKS):
            if self.folded[end] not in self.vocabulary.links:
                break
            end += 1
        return end

    def hyphened(self, left: int, right: int) -> bool:
        """Whether only a hyphen is between two neighbours."""
        return self.gap(left, right) in {"-", "‐", "‑"}

    def capital(self, index: int) -> bool:
        """Whether the word begins with a capital."""
        return self.text[self.words[index].start].isupper()

    def raw(self, index: int) -> str:
        """The word as it stands in the text."""
        word: Word = self.words[index]
        return self.text[word.start : word.end]

    # What is left out

    def _machine_names(self) -> set[int]:
        runs = (run for run in _RUN.finditer(self.text) if _NO_PROSE.search(run[0]))
        silent: set[int] = set()
        start, end = 0, 0
        for index, word in enumerate(self.words):
            while end <= word.start:
                run = next(runs, None)
                if run is None:
                    return silent
                start, end = run.span()
            if start <= word.start:
                silent.add(index)
        return silent

    def _mark_streets(self) -> None:
        index = 0
        while index < len(self.words):
            end = self._street(index)
            if end is None:
                index += 1
                continue
            self.silent.update(range(index, end))
            if self._begins_line(index):
                self.addressed.update(self._rest_of_line(index))
            index = end

    def _street(self, index: int) -> int | None:
        """The end of the street name that begins at `index`, if one does."""
        if index and self.folded[index - 1] in self.vocabulary.no_street_after:
            return None
        for after_kind, _ in self.vocabulary.streets.at(self.folded, index):
            if self.numbered(after_kind):
                return after_kind  # "Grand-Place 1"
            first = self.skip_links(after_kind)
            if first < len(self.words) and self._is_street_name(after_kind, first):
                return self._street_end(first)
        return None

    def _is_street_name(self, after_kind: int, first: int) -> bool:
        if any(self._street_stops(index) for index in range(after_kind, first + 1)):
            return False
        return first > after_kind or self.capital(first) or self.numbered(first + 1)

    def numbered(self, index: int) -> bool:
        """Whether a number stands there."""
        return index < len(self.words) and self.folded[index].isdigit()

    def _street_end(self, first: int) -> int:
        end = first + 1
        while end < min(len(self.words), first + _LONGEST_STREET):
            linked = self.folded[end] in self.vocabulary.links
            typed = any(True for _ in self.vocabulary.types.at(self.folded, end))
            after_link = self.folded[end - 1] in self.vocabulary.links
            if self._street_stops(end) or (typed and not after_link):
                break
            if not linked and not self.capital(end):
                break
            end += 1
        return end

    def _street_stops(self, index: int) -> bool:
        return self.folded[index][0].isdigit() or bool(
            _END_OF_STREET.search(self.gap(index - 1, index))
        )

    def _begins_line(self, index: int) -> bool:
        """Whether a line begins at `index`, or does so with a house number just before."""
        numbers = index and self.folded[index - 1][0].isdigit()
        first = index - 1 if numbers else index
        return first == 0 or "\n" in self.gap(first - 1, first)

    def _rest_of_line(self, index: int) -> Iterator[int]:
        yield index
        while index + 1 < len(self.words) and "\n" not in self.gap(index, index + 1):
            index += 1
            yield index
