"""Out-of-office notes without any header that says so, by what they are made of.

One mark is nothing: who writes « je serai absent demain » writes a letter. Two of them, with
nothing asked and nothing said of the platform, are what a mail program answers for its owner.
"""

from __future__ import annotations

import re

from handlers.reading.letter import Letter
from handlers.reading.letters import level

LONGEST_NOTE = 900


def _mark(wordings: str) -> re.Pattern[str]:
    """One kind of mark from its wordings over levelled text, one a line."""
    lines = (line.strip() for line in wordings.strip().splitlines())
    return re.compile(rf"\b(?:{'|'.join(lines)})\b")


_AWAY = _mark(r"""
    etant (?:\w+ ){0,3}(?:absente?|en (?:conge|vacances|formation)|injoignable)s?
    (?:je (?:suis|serai)|actuellement|sera|est) (?:\w+ ){0,3}(?:absente?|injoignable)
    (?:je (?:suis|serai)|actuellement) (?:\w+ ){0,3}hors (?:du|de mon) bureau
    (?:je (?:suis|serai)|actuellement|sera|est) (?:\w+ ){0,3}en (?:conge|vacance|maladie)s?
    (?:je (?:suis|serai)|actuellement|sera|est) (?:\w+ ){0,3}en formation
    (?:je (?:suis|serai)|actuellement|sera|est) (?:\w+ ){0,3}en (?:repos|recuperation|deplacement)
    n'est pas (?:disponible|au bureau|presente?)
    ne (?:suis|serai) pas (?:au bureau|joignable)
    (?:ik ben|momenteel) (?:\w+ ){0,3}(?:afwezig|met verlof|niet bereikbaar)
    (?:ich bin|derzeit|zurzeit) (?:\w+ ){0,4}(?:abwesend|im urlaub|nicht im buro|nicht erreichbar)
    (?:i am|i'm|currently) (?:\w+ ){0,3}(?:away|out of (?:the )?office|on leave)
""")
_BACK = _mark(r"""
    (?:a|des|lors de|avant|jusqu'a) mon retour
    (?:de retour|reviens|rentre\w*|joignable) (?:le|a partir|des)
    bij mijn terugkeer|terug op
    nach meiner ruckkehr|wieder (?:da|erreichbar)
    (?:when|upon) (?:i|my) return|back (?:on|in the office)
""")
_RECEIVED = _mark(r"""
    votre (?:e-?mail|mail|courriel|message|courrier) (?:a ete|a bien ete) (?:bien )?recu
    votre (?:e-?mail|mail|courriel|message|courrier) est (?:bien )?(?:recu|arrive)
    (?:ai|avons) bien recu votre (?:e-?mail|mail|courriel|message|courrier)
    votre (?:e-?mail|mail|courriel|message|courrier) (?:a ete|a bien ete) (?:receptionne|transmis)
    bien recu votre (?:e-?mail|mail|courriel|message)
    uw (?:bericht|mail) (?:is|werd) (?:goed )?(?:ontvangen|aangekomen)
    ihre (?:nachricht|mail) (?:ist|wurde)
    your (?:message|e-?mail) has been received
""")
_MEANWHILE = _mark(r"""
    (?:pour toute|en cas d'|pour une|si) ?urgen(?:ce|t)\w*
    contactez|prenez contact avec|adressez-vous a
    voor dringende|in dringenden fallen|for urgent|urgent matters
""")
_UNREAD = _mark(r"""
    ne (?:sera|seront) (?:pas|plus|ni) (?:lue?s?|transferee?s?)
    n'(?:est|etant|sera) (?:pas|plus|ni) (?:lue?s?|transferee?s?|consulte\w*|releve\w*)
    ne (?:lirai|lis|consulte\w*) (?:pas|plus) (?:mes|ma)
    wordt niet (?:gelezen|doorgestuurd)
    wird nicht (?:gelesen|weitergeleitet)
    will not be (?:read|forwarded)
""")
_MARKS = (_AWAY, _BACK, _RECEIVED, _MEANWHILE, _UNREAD)
_TO_US = re.compile(
    r"\?|\bplate-?\s?forme|\bplatform|\butilisat|\bgebruiker|\bnutzer|\bsupplee?a|\bacces\b"
    r"|\bcommande"
    r"|\bannonce|\bremplac|\bdesign"
)


_SURELY = 3


def is_absence(letter: Letter) -> bool:
    """Whether a letter is an out-of-office note that a program sent."""
    if len(letter.text) > LONGEST_NOTE:
        return False
    plain = " ".join(level(letter.body).split())
    found = [mark for mark in _MARKS if mark.search(plain)]
    if _TO_US.search(plain):
        # Nobody writes a letter to say that what comes in is not read, or that it has come in.
        of_a_program = _RECEIVED in found or _UNREAD in found
        return "?" not in plain and of_a_program and len(found) >= _SURELY
    return len(found) >= 2
