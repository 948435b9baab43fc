"""What people wish for in free words: one wish after another, and which of them are alike; pure.

Similar wishes come together by the stems of their telling words (acceptance A39): a first draft for
the administrator, who names and rearranges the groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from config.folding import fold
from handlers.reading.letters import level

LONGEST = 200
"""How many characters of a wish are kept."""
MOST = 20
"""How many wishes of one answer are counted."""
_STEM = 6
"""How many letters of a word tell it from others: « réserver » and « réservation » are one."""
_POINT = re.compile(r"^\s*(?:[-–—*•·>]+|\(?\d{1,2}\s*[.)°:/]|[a-h]\))\s*")
_BETWEEN = re.compile(r"\s*(?:;|\n)\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý])")
_ANOTHER = re.compile(
    r"\s*,\s*(?:et|ainsi que|und|en|and)?\s*(?=(?:une?|des|de l['’]|du|de la|l['’]|la|le|les|een"
    r"|eine?)\b)|\s+(?:et|ainsi que)\s+(?:aussi\s+)?(?=une?\b)",
    re.IGNORECASE,
)
"""Where a sentence goes on with another wish: « et un parking », not « sports et loisirs »."""
_LEAD = re.compile(
    r"^(?:(?:et|ensuite|puis|enfin|aussi|egalement|d'abord|voici|bonjour|merci)[\s,:]+){0,3}"
    r"(?:(?:nous|notre commune|notre cpas|on|je|la commune|le cpas)\s+"
    r"(?:aimeri\w+|souhait\w+|voudri\w+|voudrai\w+|veu\w+|demand\w+|avons besoin|aurions besoin"
    r"|a besoin|ai besoin|chercho\w+|cherch\w+|propos\w+|attend\w+)"
    r"|il (?:nous )?(?:faudrait|faut|manque)|ce serait bien d'avoir|ce qui nous manque"
    r"|nos souhaits?|notre souhait|une priorite|notre priorite|priorite)?"
    r"(?:\s*(?:est|serait|sont|seraient))?[\s:]*(?:avoir|disposer|aussi|surtout)?\s*"
    r"(?:(?:de |d'|du |des |une? |la |le |les |l')?"
    r"(?:solution|logiciel|outil|application|plateforme|systeme|module|programme)s?"
    r"\s+(?:de |d'|du |des |pour |permettant )?)?"
    r"(?:de |d'|du |des |une? |la |le |les |l'|pour )*",
)
_EMPTY = frozenset(
    {"bonjour", "bonsoir", "merci", "merci d avance", "bien a vous", "cordialement", "a bientot"}
    | {"salutations", "bonne journee", "avec nos remerciements", "voici nos souhaits"}
    | {"voici notre reponse", "rien", "aucun", "aucun souhait", "neant"}
)
_SAYS_LITTLE = frozenset(
    {"une", "des", "les", "aux", "par", "pour", "sur", "avec", "dans", "sans", "entre", "chez"}
    | {"nos", "notre", "votre", "leur", "leurs", "tout", "tous", "toute", "toutes", "plus", "meme"}
    | {"ainsi", "que", "qui", "dont", "ligne", "gestion", "gerer", "solution", "solutions"}
    | {"logiciel", "outil", "outils", "application", "plateforme", "systeme", "service", "services"}
    | {"module", "commune", "communal", "communale", "communaux", "communes", "administration"}
    | {"numerique", "informatique", "informatisation", "digital", "digitale"}
)


@dataclass
class Group:
    """Wishes that belong together: ``members`` are places in what was grouped."""

    name: str
    members: list[int] = field(default_factory=list)


def wishes_in(words: str) -> list[str]:
    """The wishes of an answer, each once: those on lines, in points, in sentences of their own, or
    one after another; what introduces them is left out.
    """
    found: dict[str, str] = {}
    for part in _BETWEEN.split(words):
        for sentence in _SENTENCE.split(_POINT.sub("", part)):
            for one in _ANOTHER.split(sentence):
                wish = _bare(one)
                if wish:
                    found.setdefault(fold(wish), wish)
    return list(found.values())[:MOST]


def _bare(sentence: str) -> str:
    said = " ".join(sentence.split())[: 2 * LONGEST].strip(" .!?,:;")
    if fold(said) in _EMPTY:
        return ""
    lead = _LEAD.match(level(said))
    rest = (said[lead.end() :] if lead else said).strip(" .!?,:;")
    return (rest[:1].upper() + rest[1:])[:LONGEST]


def stems(wish: str) -> frozenset[str]:
    """What tells a wish from others: the beginnings of its telling words."""
    said = [word for word in fold(wish).split() if len(word) > 2]
    telling = [word for word in said if word not in _SAYS_LITTLE] or said
    return frozenset(word[:_STEM] for word in telling)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two wishes mean the same thing: one says all that the other does, or most of it."""
    common = len(one & other)
    return bool(common) and (common == min(len(one), len(other)) or 2 * common > len(one | other))


def grouped(
    wishes: Sequence[str], named: Mapping[str, str], known: Callable[[str], str | None]
) -> list[Group]:
    """Wishes in groups, in the order in which they were first said.

    ``named`` are the names that somebody gave, by the folded wish; ``known`` tells under which name
    a wish is known already.
    """
    groups: list[Group] = []
    leading: list[frozenset[str]] = []
    for place, wish in enumerate(wishes):
        name = named.get(fold(wish)) or known(wish)
        telling = stems(wish)
        home = _home(groups, leading, name, telling, named)
        if home is None:
            home = Group(name or wish)
            groups.append(home)
            leading.append(telling)
        home.members.append(place)
    return groups


def _home(
    groups: Sequence[Group],
    leading: Sequence[frozenset[str]],
    name: str | None,
    telling: frozenset[str],
    named: Mapping[str, str],
) -> Group | None:
    if name is not None:
        return next((group for group in groups if fold(group.name) == fold(name)), None)
    given = {fold(one) for one in named.values()}
    free = (pair for pair in zip(groups, leading, strict=True) if fold(pair[0].name) not in given)
    return next((group for group, first in free if alike(telling, first)), None)
