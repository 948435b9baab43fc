"""Finding the authorities of a territory by the names that people type."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from config.authorities import (
    Authority,
    AuthorityType,
    BodyMention,
    Located,
    Match,
    Mention,
    TypeMention,
)
from config.folding import fold
from config.lexicon import UNTYPED, Lexicon
from config.mentions import Scan

# A name found among other words, with its type word or without.
_AMONG_WORDS, _AMONG_WORDS_UNTYPED = 0.8, 0.65
_LONGEST_NAME = 20  # words: anything longer is prose
_LONGEST_PLACE = 40
# A postal code before a place: four digits in Belgium, five in France and Germany.
_POSTAL = re.compile(
    r"(?<![\w./-])(?P<country>(?:[A-Za-z]{1,2}(?=[-– ]?\d))?)[-–]? ?(?P<code>[1-9]\d{3}|\d{5})"
    r"[^\S\n]*[-–,]?[^\S\n]*(?=[^\W\d_])"
)

Reading = tuple[AuthorityType | None, Sequence[str]]


def find(text: str, lexicon: Lexicon) -> list[Match]:
    """The authorities that a typed name may mean, the best first; see `Match` for the score.

    The whole text is read as one name. Only if it is none, misspelt names are tried, and then
    names among other words.
    """
    words = [word for word in fold(text).split() if not word.isdigit()]
    readings = list(_readings(words, lexicon)) if len(words) <= _LONGEST_NAME else []
    scores: dict[Authority, float] = {}
    for kind, name in readings:
        known = lexicon.exact(name)
        if known and known.elsewhere:
            return []
        _keep_best(scores, known.authorities(kind) if known else _only_one(kind, name, lexicon))
    if not scores:
        for kind, name in readings:
            _keep_best(scores, lexicon.misspelt(name, kind))
    return _sorted(scores) if scores else _among_words(text, lexicon)


def mentions(text: str, lexicon: Lexicon) -> list[Mention]:
    """The authorities mentioned in a text, in its order."""
    return Scan(text, lexicon).mentions()


def types(text: str, lexicon: Lexicon) -> list[TypeMention]:
    """The type words in a text that stand for one authority without naming it."""
    return Scan(text, lexicon).types()


def bodies(text: str, lexicon: Lexicon) -> list[BodyMention]:
    """The bodies in a text that bear the name of a place and are no authority."""
    return Scan(text, lexicon).bodies()


def located(text: str, lexicon: Lexicon, codes: Mapping[str, Collection[str]]) -> list[Located]:
    """The places of the territory named behind a postal code, right or not.

    `codes` are the postal codes of each commune by its NIS code.
    """
    found = []
    for match in _POSTAL.finditer(text):
        typed = text[match.end() : match.end() + _LONGEST_PLACE].partition("\n")[0]
        nis = _place_at_start(typed, lexicon)
        if nis is not None:
            code = match["code"]
            fits = match["country"].upper() in {"", "B", "BE"} and code in codes.get(nis, ())
            found.append(Located(nis, match["country"].upper(), code, fits, *match.span()))
    return found


def _place_at_start(typed: str, lexicon: Lexicon) -> str | None:
    words = fold(typed).split()
    return next((name.nis for _, name in lexicon.names.at(words, 0) if name.nis), None)


def _readings(words: Sequence[str], lexicon: Lexicon) -> Iterator[Reading]:
    """The ways to part `words` into a type word and a name: before, after, or none."""
    vocabulary = lexicon.vocabulary
    start = 1 if words and words[0] in vocabulary.determiners else 0
    for end, kind in vocabulary.types.at(words, start):
        if end == len(words):
            yield kind, ()
        for first in _after_links(words, end, lexicon):
            yield kind, words[first:]
    for first in range(1, len(words)):
        for end, kind in vocabulary.types.at(words, first):
            if end == len(words):
                yield kind, words[:first]
    if words:
        yield None, words


def _only_one(
    kind: AuthorityType | None, name: Sequence[str], lexicon: Lexicon
) -> list[tuple[Authority, float]]:
    """The authority that a type word alone means, where there is only one ("la Province")."""
    if kind is None or name or len(lexicon.of_type(kind)) != 1:
        return []
    return [(lexicon.of_type(kind)[0], UNTYPED)]


def _after_links(words: Sequence[str], index: int, lexicon: Lexicon) -> Iterator[int]:
    while index < len(words):
        yield index
        if words[index] not in lexicon.vocabulary.links:
            return
        index += 1


def _keep_best(scores: dict[Authority, float], found: Sequence[tuple[Authority, float]]) -> None:
    for authority, score in found:
        scores[authority] = max(score, scores.get(authority, 0))


def _among_words(text: str, lexicon: Lexicon) -> list[Match]:
    scan = Scan(text, lexicon)
    if scan.elsewhere() or scan.bodies():
        return []
    scores: dict[Authority, float] = {}
    for mention in scan.mentions():
        if mention.named:
            score = _AMONG_WORDS if mention.explicit_type else _AMONG_WORDS_UNTYPED
            _keep_best(scores, [(mention.authority, score)])
    return _sorted(scores)


def _sorted(scores: dict[Authority, float]) -> list[Match]:
    """Best first; what is as good keeps the order of the readings."""
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [Match(authority, round(score, 2)) for authority, score in ranked]
