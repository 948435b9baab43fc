"""Whether an answer only says that no help can be given (acceptance B34)."""

from __future__ import annotations

import re

from handlers.reading.letters import level

_NO = re.compile(
    r"^\W*(?:(?:bonjour|bonsoir|chere?s?|madame|monsieur)\b[^.,!?\n]{0,40}[.,!\n]+\s*)*"
    r"(?:non\b|pas possible\b|impossible\b|pas cette fois\b|nee\b|neen\b|nein\b|no\b)"
    r"|\b(?:ne|n') ?(?:(?:vous|y|en|leur) )*"
    r"(?:pouvons|peux|peut|sommes|suis|est|avons|ai|disposons|dispose|sera|serons|serai|aurons)"
    r" (?:\w+ ){0,3}(?:pas|plus|rien|personne|aucune?)\b"
    r"|\b(?:pas|malheureusement|helas) (?:possible|disponible|en mesure)\b"
    r"|\bfinalement (?:non|pas)\b"
    r"|\b(?:retir(?:ons|e)|renonc(?:ons|e)) (?:a )?(?:notre|nos|ma|mon)\b"
    r"|\btrekken? .{1,40}\bin\b|\btoch niet\b|\bziehen? .{1,40}\bzuruck\b|\bdoch nicht\b"
    r"|\bwithdraw\b|\bafter all,? (?:no|not)\b"
    r"|\bpas de notre cote\b|\bdevons (?:decliner|refuser)\b|\b(?:decline|declinons)\b"
    r"|\b(?:leider|helaas|spijtig genoeg|unfortunately) (?:\w+ ){0,4}"
    r"(?:nicht|keine\w*|niet|geen|not|none)\b"
    r"|\b(?:malheureusement|helas),? (?:la|le|les) (?:notre|notres|mienne|mien)s? "
    r"(?:est|sont) (?:deja )?(?:pretee?s?|prise?s?|occupee?s?|reservee?s?|en panne)\b"
    r"|\b(?:kunnen|kan) (?:\w+ ){0,2}niet\b|\bkonnen (?:\w+ ){0,2}nicht\b|\bcannot\b|\bcan't\b"
)
_YET = re.compile(
    r"\?|\bmais\b|\bpar contre\b|\ben revanche\b|\bsauf\b|\btoutefois\b|\bcependant\b|\bavant\b"
    r"|\bseulement\b|\bpas plus\b|\bpas tout\b|\bmaar\b|\baber\b|\bbut\b|\bpas (?:de )?(?:probleme"
    r"|souci)\b"
    r"|(?<!ne )(?<!n')(?<!ne vous )\b(?:pouvons|pourrions|peux|peut|pourrait) (?:vous )?"
    r"(?:pret\w+|aider|mettre|propos\w+|depann\w+|liberer|detacher|fournir|envoyer)\b"
)
"""What gives a no its limits, or says something else besides."""


def declines(words: str) -> bool:
    """Whether words say no and nothing else: « nous ne pouvons malheureusement pas »."""
    plain = level(words)
    return _NO.search(plain) is not None and _YET.search(plain) is None
