"""« Un seul mail par jour » : how often somebody asks to be told what is said to everybody.

That nothing more be sent is read in :mod:`handlers.reading.silence`.
"""

from __future__ import annotations

import re
from enum import StrEnum

from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.silence import LONGEST


class Frequency(StrEnum):
    """How often somebody wishes to be told what is said to everybody."""

    AT_ONCE = "at once"
    DAILY = "daily"
    OWN = "own"
    """Only what concerns them."""


_WISH = re.compile(
    r"\b(?:(?:peux|pouvez|pourriez|pourrais)[- ](?:vous|tu)|p(?:eut|ourrait)[- ]on"
    r"|(?:puis|pourrais|pouvons|pourrions)-(?:je|nous)"
    r"|(?:est|serait|est-ce|c'est)(?:[- ]il)? possible|y a-t-il moyen|merci de|veuillez|priere|svp"
    r"|s'il vous plait|souhait\w+|voudrai\w*|voudrions|desir\w+|prefer\w+|aimerai\w*|aimerions"
    r"|veux|voulons|passer|suffit|suffirait|suffisant|(?:me|nous) convient"
    r"|kunt u|kan ik|graag|liever|wil|volstaat|konnen sie|kann ich|mochten?|bitte|lieber|reicht"
    r"|(?:can|could) (?:you|i|we)|please|prefer|would like|enough)\b"
)
_SENT = re.compile(
    r"\b(?:recevoir|recevions|recois|recevons|(?:m'|nous )?envo[iy]\w+|avert\w+|inform\w+"
    r"|(?:re)?group\w+|rassembl\w+|resumer?|par(?:venir|viennent)|passer|suffi\w+|convient"
    r"|ontvang\w*|krijg\w*|stu(?:ur|ren)|bundel\w*|volstaat"
    r"|erhalten|bekomm\w*|schick\w*|senden|bundeln|reicht|receive|get|send|enough)\b"
)
_MESSAGES = re.compile(
    r"\b(?:mails?|e-?mails?|courriels?|messages?|annonces|chaque annonce|notifications|resume"
    r"|recap\w*|digest|n'en|berichten|aankondigingen|overzicht|samenvatting|nachrichten|anzeigen"
    r"|inserate|zusammenfassung|ubersicht|announcements?|summary)\b"
)
_DAILY = re.compile(
    r"\b(?:par jour|chaque (?:jour|matin|soir)|quotidien\w*|journalier\w*|une fois le jour"
    r"|tous les (?:jours|matins|soirs)|per dag|dagelijkse?|elke dag|pro tag|taglich\w*|jeden tag"
    r"|per day|a day|daily|every day)\b"
)
_AGAIN = re.compile(
    r"\b(?:tout de suite|immediatement|aussitot|au fur et a mesure|des (?:leur|la|sa) p\w+tion"
    r"|en temps reel|(?:a|de) nouveau|onmiddellijk|meteen|opnieuw|sofort|wieder|immediately"
    r"|at once|as they come|again)\b"
)
_OWN = re.compile(
    r"\b(?:seulement|uniquement|juste|rien que|que|qu'|alleen|enkel|nur|only) ?"
    r"(?:(?:de )?ce qui (?:me |nous |concerne)|wat (?:mij|ons)|was (?:mich|uns)"
    r"|what concerns)"
)
_ANNOUNCEMENTS = re.compile(
    r"\b(?:les annonces|(?:toutes|chaque|vos|ces|d'?) ?annonces?|aankondigingen|anzeigen|inserate"
    r"|announcements)\b(?! ?(?:n°|\d))"
)
_COMPLAINT = re.compile(
    r"\b(?:ne (?:recois|recevons|recoit)\w* (?:plus|pas|rien|aucun)|n'(?:ai|avons) (?:plus|pas|rien"
    r"|jamais)|pas (?:recu|arrive)\w*|pourquoi|probleme|normal|waarom|warum|why"
    r"|(?:ontvang|krijg|bekomme|erhalte)\w* (?:ik |wij |ich |wir )?(?:niets?|geen|nichts|keine)"
    r"|don't (?:get|receive)|not received)\b"
)
"""What says that something goes wrong, which is for a person."""
_SUM = re.compile(r"\b(?:\d+|heures?|repas|euros?|uren|stunden|hours?)\b")
"""What counts something else by the day: « deux heures par jour »."""


def find_frequency(subject: str, text: str) -> Frequency | None:
    """How often the writer of a short letter wishes to be told what is said to everybody; None if
    they do not say, or say something else too.
    """
    letter = open_letter(subject, text)
    plain = " ".join(level(letter.body or letter.subject).split())
    if len(plain.split()) > LONGEST or _COMPLAINT.search(plain):
        return None
    if not (_WISH.search(plain) and _SENT.search(plain) and _MESSAGES.search(plain)):
        return None
    if _OWN.search(plain):
        return Frequency.OWN
    if _DAILY.search(plain) and not _SUM.search(plain):
        return Frequency.DAILY
    return Frequency.AT_ONCE if _AGAIN.search(plain) and _ANNOUNCEMENTS.search(plain) else None
