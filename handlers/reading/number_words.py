"""Whole numbers from 1 to 99 as people write them out, in French, Dutch, German and English.

The words are levelled (:func:`handlers.reading.letters.level`): small letters, no accents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def _listed(words: str) -> Sequence[str]:
    return words.split()


_UNITS: Mapping[str, Sequence[str]] = {
    "fr": _listed("un deux trois quatre cinq six sept huit neuf"),
    "nl": _listed("een twee drie vier vijf zes zeven acht negen"),
    "de": _listed("ein zwei drei vier funf sechs sieben acht neun"),
    "en": _listed("one two three four five six seven eight nine"),
}
_TEENS: Mapping[str, Sequence[str]] = {
    "fr": _listed("dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"),
    "nl": _listed("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"),
    "de": _listed("zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn"),
    "en": _listed(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    ),
}
_TENS: Mapping[str, Sequence[str]] = {
    "fr": _listed("vingt trente quarante cinquante soixante septante quatre-vingt nonante"),
    "nl": _listed("twintig dertig veertig vijftig zestig zeventig tachtig negentig"),
    "de": _listed("zwanzig dreißig vierzig funfzig sechzig siebzig achtzig neunzig"),
    "en": _listed("twenty thirty forty fifty sixty seventy eighty ninety"),
}
_BETWEEN: Mapping[str, Sequence[str]] = {
    # « vingt-deux », "twenty two"
    "fr": ("-", " ", "-et-", " et "),
    "en": ("-", " "),
    # the unit comes first: "tweeëntwintig", "zweiundzwanzig"
    "nl": ("en",),
    "de": ("und",),
}
_MORE = {
    "une": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "quatre-vingts": 80, "dreissig": 30,
}  # fmt: skip


def _all() -> Iterator[tuple[str, int]]:
    for language, units in _UNITS.items():
        yield from zip(units, range(1, 10), strict=True)
        yield from zip(_TEENS[language], range(10, 20), strict=True)
        for ten, of_ten in zip(range(20, 100, 10), _TENS[language], strict=True):
            yield of_ten, ten
            for unit, word in enumerate(units, start=1):
                for mark in _BETWEEN[language]:
                    first_last = (word, of_ten) if language in {"nl", "de"} else (of_ten, word)
                    yield mark.join(first_last), ten + unit
    yield from _MORE.items()


COUNTS: Mapping[str, int] = dict(_all())
