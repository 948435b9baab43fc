"""In which of the platform's languages a text is written: by its small words, and by those with
which letters begin and end.
"""

from __future__ import annotations

import re

from handlers.reading.letters import level

_SMALL_WORDS = {
    "fr": "le la les de du des et un une nous vous je est pour dans que qui sur au aux votre notre",
    "nl": "de het een en van wij ons u uw is voor met dat die niet op aan ik kunnen zijn te",
    "de": "der die das und ein eine wir uns sie ihr ist fur mit dass nicht auf an ich konnen zu",
    "en": "the a an and of we us you your is for with that not on to i can are please",
}
_OF_LETTERS = {
    "fr": "bonjour souhaite souhaitons souhaitent voudrais voudrions cordialement merci nos avons",
    "nl": "goedendag geachte beste graag wil willen zich onze vriendelijke groeten dank gemeente",
    "de": "guten tag geehrte damen herren mochte mochten unsere freundlichen grussen gemeinde",
    "en": "hello dear our would like kind regards thank thanks",
}
"""Words that few letters are without, so that a short one tells its language, too."""
_WORDS = {
    language: frozenset(f"{words} {_OF_LETTERS[language]}".split())
    for language, words in _SMALL_WORDS.items()
}
LEAST = 4
"""From how many small words on a text is long enough to tell."""


def language_of(text: str) -> str | None:
    """The language of a text; None if it is too short, or not clear."""
    words = re.findall(r"[a-z]+", level(text[:4_000]))
    counted = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    best, second = sorted(counted, key=lambda language: -counted[language])[:2]
    clear = counted[best] >= LEAST and counted[best] > 1.5 * counted[second]
    return best if clear else None
