"""Which authorities a text mentions, and where: pure, and quick enough for every mail.

Names are taken in full and the longest first. What looks like a name but is part of an address
(a street, what follows a postal code, a mail address) or of a longer name is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.authorities import Authority, AuthorityType, BodyMention, Mention, TypeMention
from config.lexicon import Body, Lexicon, Name
from config.prose import Prose

# Between the type word, the small words and the name of one mention, and between two names.
_TYPE_TO_NAME = re.compile(r"[^\S\n]*[-–:(/«\"“'’*\[]*[^\S\n]*[«\"“'*]*[^\S\n]*")
_TO_LINKED = re.compile(r"[\s>]*[«\"“'’*(]*[\s>]*")
_TO_TYPE_AFTER = re.compile(r"[^\S\n]*(?:\(|[-–/])[^\S\n]*")
_BETWEEN_NAMES = re.compile(r"[\s>*»\"”)]*(?:,|&|/)?[\s>*«\"“(]*")
_POSTAL_CODE = re.compile(r"[1-9]\d{3}")
# Authorities whose code is that of a commune.
_OF_A_PLACE = frozenset({AuthorityType.COMMUNE, AuthorityType.CPAS})
_MOST_GUESSES = 50  # names unknown after a type word that are compared with all known ones
_LONGEST_TYPO = 4  # words
# Between a body that is no authority and the name of its place, in one line.
_IN_A_BODY = re.compile(r"[^\S\n]*[-'’«\"“”»/]?[^\S\n]*|[^\S\n]*\((?=[A-Za-z]{2,4}\))|\)[^\S\n]*")
_LONGEST_BODY = 9  # words after those that name its kind
_LONGEST_TITLE = 4  # words between a name and "ASBL"
_ADJECTIVE = re.compile(r"(?:al|ale|ales|aux|ique|iques|aire|aires|ome|omes|el|elle)$")


@dataclass(frozen=True)
class Found:
    """An expression found: words[first:last] of the text."""

    first: int
    last: int
    kind: AuthorityType | None
    name: Name | None
    authority: Authority | None = None
    body: Body | None = None


class Scan(Prose):
    """One text, read once."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        super().__init__(text, lexicon.vocabulary)
        self.lexicon = lexicon
        self.guesses = 0
        self.found = list(self._find())

    # What is read

    def mentions(self) -> list[Mention]:
        """The authorities mentioned, in the order of the text."""
        place = self._only_place()
        mentions = []
        for found in self.found:
            authority = found.authority or self._implied(found, place)
            if authority is None:
                continue
            mentions.append(
                Mention(
                    authority,
                    *self._span(found),
                    explicit_type=found.kind is not None,
                    named=found.authority is not None or self._coupled(found.last),
                )
            )
        return mentions

    def types(self) -> list[TypeMention]:
        """The type words that stand for one authority without naming it."""
        return [
            TypeMention(found.kind, *self._span(found))
            for found in self.found
            if found.kind and not found.name
        ]

    def bodies(self) -> list[BodyMention]:
        """The bodies named that are no authority."""
        return [
            BodyMention(*self._span(found))
            for found in self.found
            if found.body in {Body.ALWAYS, Body.WITH_PLACE}
        ]

    def elsewhere(self) -> bool:
        """Whether a place outside the territory is named with a type word."""
        return any(found.kind and found.name and not found.authority for found in self.found)

    def _span(self, found: Found) -> tuple[int, int]:
        return self.words[found.first].start, self.words[found.last - 1].end

    def _only_place(self) -> str | None:
        """The one commune that the text names, if it is one: with type words, or else without."""
        for typed in (True, False):
            places = {
                found.authority.code
                for found in self.found
                if found.authority and found.authority.type in _OF_A_PLACE
                if (found.kind is not None) is typed
            }
            if places:
                return places.pop() if len(places) == 1 else None
        return None

    def _implied(self, found: Found, place: str | None) -> Authority | None:
        """The authority meant by a type word alone: the only one, or the one of the only place."""
        if found.name or not found.kind:
            return None
        candidates = self.lexicon.of_type(found.kind)
        if len(candidates) > 1:
            candidates = [one for one in candidates if place in one.communes_nis]
        return candidates[0] if len(candidates) == 1 else None

    # What is found

    def _find(self) -> Iterator[Found]:
        index = 0
        last: Found | None = None
        while index < len(self.words):
            found = None
            if index not in self.silent:
                found = self._body(index) or self._at(index, last)
            if found is None:
                index += 1
                continue
            yield found
            last, index = found, found.last

    def _body(self, index: int) -> Found | None:
        """A body that is no authority, with the name of the place that belongs to it."""
        for after, kind in self.vocabulary.bodies.at(self.folded, index):
            if not self.together(index, after):
                continue
            end = self._place_of_body(after)
            if end is None and kind is not Body.ALWAYS:
                continue
            return Found(index, end or after, None, None, body=kind)
        return self._entitled(index)

    def _place_of_body(self, after: int) -> int | None:
        """Where the name of the place ends that follows a body; None without one."""
        for index in range(after, min(len(self.words), after + _LONGEST_BODY)):
            if index in self.silent or not self.joined(index - 1, index, _IN_A_BODY):
                return None
            for end, name in self._names_at(index):
                if self.capital(index) or name.alone == "yes":
                    return end
            typed = self._type_in_body(index)
            if typed is not None:
                return typed
            if not self._within_body(index):
                return None
        return None

    def _type_in_body(self, index: int) -> int | None:
        """The end of "commune de Musson" or of "commune" alone in "école de la commune"."""
        for after_type, kind in self.vocabulary.types.at(self.folded, index):
            if self.folded[index - 1] in self.vocabulary.links:
                typed = self._typed(index, after_type, kind)
                return typed.last if typed else after_type
        return None

    def _within_body(self, index: int) -> bool:
        """Whether a word may stand between a body and its place: « club de pétanque de … »."""
        word, before = self.folded[index], self.folded[index - 1]
        links = self.vocabulary.links
        if word in links or word in self.vocabulary.legal_forms or self.capital(index):
            return True
        return before in links or _ADJECTIVE.search(word) is not None

    def _entitled(self, index: int) -> Found | None:
        """A body that begins with the name of its place: « Musson Animation ASBL »."""
        if not self.capital(index):
            return None
        for after, _ in self._names_at(index):
            for last in range(after, min(len(self.words), after + _LONGEST_TITLE)):
                if not self.joined(last - 1, last, _IN_A_BODY) or last in self.silent:
                    break
                if self._legal_form(last):
                    return Found(index, last + 1, None, None, body=Body.ALWAYS)
                if not self.capital(last):
                    break
        return None

    def _legal_form(self, index: int) -> bool:
        raw = self.raw(index)
        return self.folded[index] in self.vocabulary.legal_forms and (raw.isupper() or len(raw) > 2)

    def _at(self, index: int, last: Found | None) -> Found | None:
        for after_type, kind in self.vocabulary.types.at(self.folded, index):
            if self.together(index, after_type):
                return self._typed(index, after_type, kind)
        return self._untyped(index, last)

    def _typed(self, index: int, after_type: int, kind: AuthorityType) -> Found | None:
        for first in range(after_type, self.skip_links(after_type) + 1):
            if not self._leads_to(after_type, first):
                continue
            for end, name in self._names_at(first):
                bare = name.alone == "never" and name.nis and first == after_type
                if bare and not self.capital(first):
                    continue  # "CPAS, marche à suivre": such a name needs "de" or a capital
                best = name.authorities(kind)
                return Found(index, end, kind, name, best[0][0] if best else None)
        return self._misspelt(index, after_type, kind) or self._bare(index, after_type, kind)

    def _misspelt(self, index: int, after_type: int, kind: AuthorityType) -> Found | None:
        first = self.skip_links(after_type)
        if first >= len(self.words) or not self._leads_to(after_type, first):
            return None
        if first == after_type and not self.capital(first):
            return None
        self.guesses += 1
        if self.guesses > _MOST_GUESSES:
            return None
        for length in range(_LONGEST_TYPO, 0, -1):
            end = first + length
            if end > len(self.words) or not self.together(first, end):
                continue
            guesses = self.lexicon.misspelt(self.folded[first:end], kind)
            if len(guesses) == 1 and not self._cut(end):
                authority = guesses[0][0]
                return Found(index, end, kind, Name(own=[authority]), authority)
        return None

    def _bare(self, index: int, after_type: int, kind: AuthorityType) -> Found | None:
        """A type word without a name, or with one that is not known here."""
        first = self.skip_links(after_type)
        linked = first > after_type and first < len(self.words)
        if linked and self._leads_to(after_type, first) and self._proper(first, index):
            return Found(index, first + 1, kind, Name())
        beside = tuple(self.folded[index:after_type]) in self.vocabulary.beside_a_name
        if beside or self._cut(after_type):
            return None
        if self._determined(index) or self._coupled(after_type):
            return Found(index, after_type, kind, None)
        return None

    def _determined(self, index: int) -> bool:
        before = index - 1
        return (
            index > 0
            and self.folded[before] in self.vocabulary.determiners
            and before not in self.silent
        )

    def _coupled(self, after_type: int) -> bool:
        """Whether a second type word follows, as in "commune et CPAS de Bertrix"."""
        if after_type >= len(self.words):
            return False
        second = self.skip_links(after_type + 1)
        joined = self.folded[after_type] in self.vocabulary.conjunctions
        return joined and any(True for _ in self.vocabulary.types.at(self.folded, second))

    def _untyped(self, index: int, last: Found | None) -> Found | None:
        for end, name in self._names_at(index):
            if name.elsewhere:
                return Found(index, end, None, name)
            if self._ends_foreign(index):
                return Found(index, end, None, Name())
            shared = self._shared_type(index, name, last)
            if shared:
                return Found(index, end, *shared)
            if not self._stands_alone(index, name):
                return None
            after = self._type_after(end, name)
            return Found(index, *after) if after else self._alone(index, end, name)
        return None

    def _ends_foreign(self, index: int) -> bool:
        """Whether a slash makes a name the end of one from elsewhere: « Gemeinde X/Attert »."""
        first = index - 1
        if first < 1 or self.gap(first, index) != "/" or any(True for _ in self._names_at(first)):
            return False
        starts = range(max(0, first - _LONGEST_TYPO), first)
        ends = (end for at in starts for end, _ in self.vocabulary.types.at(self.folded, at))
        return self.capital(first) and any(self.skip_links(end) == first for end in ends)

    def _alone(self, index: int, end: int, name: Name) -> Found:
        return Found(index, end, None, name, name.authorities(None)[0][0])

    def _shared_type(
        self, index: int, name: Name, last: Found | None
    ) -> tuple[AuthorityType, Name, Authority] | None:
        """The type word of the name before, in "les CPAS de X et de Y"."""
        if last is None or last.kind is None or last.authority is None or last.body:
            return None
        between = range(last.last, index)
        small = self.vocabulary.conjunctions | self.vocabulary.links
        places = range(last.last, index + 1)
        if not all(self.folded[place] in small for place in between):
            return None
        gap = self.text[self.words[last.last - 1].end : self.words[index].start]
        joined = any(self.folded[place] in self.vocabulary.conjunctions for place in between)
        if not (joined or re.search(r"[,&/]", gap)):
            return None
        best = [one for one in name.own if one.type is last.kind]
        if not best or not all(self.joined(i - 1, i, _BETWEEN_NAMES) for i in places):
            return None
        return last.kind, name, best[0]

    def _type_after(
        self, end: int, name: Name
    ) -> tuple[int, AuthorityType, Name, Authority] | None:
        """The type word after a name: "Bertrix (CPAS)"."""
        if end >= len(self.words) or not self.joined(end - 1, end, _TO_TYPE_AFTER):
            return None
        for after, kind in self.vocabulary.types.at(self.folded, end):
            best = [one for one in name.own if one.type is kind]
            if best and not self._typed_name_follows(after):
                return after, kind, name, best[0]
        return None

    def _typed_name_follows(self, after: int) -> bool:
        first = self.skip_links(after)
        return first < len(self.words) and any(True for _ in self._names_at(first))

    def _stands_alone(self, index: int, name: Name) -> bool:
        if name.alone == "never" or (name.alone == "capital" and not self.capital(index)):
            return False
        if index in self.addressed:
            return False
        if not index:
            return True
        before = self.folded[index - 1]
        gap = self.gap(index - 1, index)
        located = _POSTAL_CODE.fullmatch(before) and not gap.strip(" -–")
        person = before in self.vocabulary.titles
        return not (located or person or self.hyphened(index - 1, index))

    def _proper(self, index: int, type_index: int) -> bool:
        """Whether the word is a proper name: a capital that is not just everywhere."""
        word, kind = self.raw(index), self.raw(type_index)
        return word[0].isupper() and not (word.isupper() and kind.isupper() and len(kind) > 1)

    def _leads_to(self, after_type: int, first: int) -> bool:
        """Whether what is between a type word and `first` lets them belong together."""
        if first >= len(self.words) or first in self.silent:
            return False
        if first == after_type:
            return self.joined(first - 1, first, _TYPE_TO_NAME)
        return all(self.joined(i - 1, i, _TO_LINKED) for i in range(after_type, first + 1))

    def _names_at(self, index: int) -> Iterator[tuple[int, Name]]:
        for end, name in self.lexicon.names.at(self.folded, index):
            if self.together(index, end) and not self._cut(end):
                yield end, name

    def _cut(self, end: int) -> bool:
        """Whether the name goes on with a hyphen ("Marche-les-Dames"), but for a type word."""
        if end >= len(self.words) or not self.hyphened(end - 1, end):
            return False
        return not any(True for _ in self.vocabulary.types.at(self.folded, end))
