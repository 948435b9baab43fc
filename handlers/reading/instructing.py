"""What the author of an announcement wants of the platform rather than of those who answer: that it
be called to mind, prolonged, changed, taken back; said to all, it would help nobody.
"""

from __future__ import annotations

import re

from handlers.reading.letters import level

LONGEST = 30
"""Up to how many words such a wish has."""

_POLITE = (
    r"^\W*(?:(?:bonjour|bonsoir|merci|svp|madame|monsieur)\b[^.!?\n]{0,30}[.,!?\n]+\s*)*"
    r"(?:(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu) |(?:merci|priere) de |veuillez "
    r"|(?:je|nous|on) (?:voudr\w+|souhait\w+|aimer\w+|desir\w+) |il faudrait "
    r"|finalement,? |oui,? |non,? |ok,? )*(?:bien vouloir |nous |me |m'|la |le |l'|en )*"
)
_WISHED = re.compile(
    _POLITE + r"(?:relanc|rappel|re-?publi|republi|re-?diffus|re-?nvoy|renvoy|renvoi|prolong"
    r"|clotur|clor|ferm|retir|annul|supprim|effac|rouvr|re-?ouvr|modifi|chang|corrig|remplac"
    r"|mett(?:ez|re) (?:plutot|a jour)|enlev|reconduis|reconduir|archiv)\w*\b"
)
_I_WITHDRAW = re.compile(r"^\W*(?:je|nous|on) (?:la |le |l')?(?:retir|annul|renonc|supprim)\w*\b")
_NOTHING = re.compile(
    r"^\W*(?:oui|non|ok|okay|si|ja|nee|nein|yes|no|d'accord|parfait|c'est bon|bien recu|recu|stop"
    r"|go|envoyez|publiez|allez-y|confirme[rz]?|je confirme|nous confirmons|attendez)\W*$"
)


def wishes_of_platform(words: str) -> bool:
    """Whether short words of an author tell the platform what to do with their announcement."""
    plain = level(words)
    if len(plain.split()) > LONGEST:
        return False
    return _WISHED.search(plain) is not None or _I_WITHDRAW.search(plain) is not None


def says_nothing(words: str) -> bool:
    """Whether words only answer a question that nobody asked: « oui », « non »."""
    return _NOTHING.match(" ".join(level(words).split())) is not None
