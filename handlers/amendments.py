"""What an author changes of an announcement in a few words, before it leaves or after: to whom it
goes, when, and what it says. What cannot be put into its text is added to it, in plain sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.announcement_checks import wrong_period
from handlers.context import Context
from handlers.reading.announcement import read_announcement
from handlers.reading.audience import Audience, find_audience
from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.dates import Period, find_period
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Refusal
from handlers.wording import _, plain
from storage.announcements import Announcement

WHOLE = 80
"""From how many letters on words that demand or offer are the announcement written anew."""
LONGEST = 30
"""Up to how many words a change has."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changes; what is None stays. An audience without institutions is everybody."""

    words: str | None = None
    period: Period | None = None
    audience: Audience | None = None


_LEAD = re.compile(
    r"^(?:\W|(?:non|ok|oui|mais|finalement|en fait|attendez|attention|svp|bonjour|pardon"
    r"|desole\w*)\b)*"
    r"(?:(?:pouvez|pourriez)[- ]vous |(?:merci|priere) de |veuillez )?"
)
_CHANGES = re.compile(
    r"(?:mett?(?:ez|re|s)|ecri(?:vez|re)|indiquez|indiquer|ajoute[rz]?|precise[rz]?"
    r"|(?:change|modifie|corrige|remplace)[rz]?(?=.*\d)|c'est|ce (?:sera|serait)"
    r"|il (?:nous )?(?:en )?faut|plutot|jusqu|du |le \d|des le |a partir|pas |au lieu"
    r"|nous (?:en )?(?:voulons|cherchons))"
)
_VERB = re.compile(
    r"(?:(?:mett?(?:ez|re|s)|ecri(?:vez|re)|indiquez|indiquer|ajoute[rz]?|precise[rz]?)\b"
    r"(?: aussi| plutot| que| :)*|c'est|ce (?:sera|serait)|plutot) *"
)
_TO_WHOM = re.compile(
    r"(?:(?:seulement|uniquement|exclusivement|plutot|que|juste|rien que) )?"
    r"(?:aux?|pour (?:les?|la|l')|a (?:la|l'|tous|toutes|nos)|vers les) ?"
    r"(?:communes?|c\.?p\.?a\.?s|villes?|zones?|province|institutions|membres|le monde|tous)\b"
)
_EVERYBODY = re.compile(r"\ba (?:tous|toutes)\b|\btout le monde\b|\btous les membres\b")
_DROPS_CONTACT = re.compile(
    r"(?:enleve[rz]?|retire[rz]?|supprime[rz]?|ote[rz]?|efface[rz]?|sans|pas de) "
    r"(?:le |la |les |l'|mon |ma |mes |notre |nos )?"
    r"(?:numeros?|n°|tel\w*|gsm|adresse|mail|e-mail|coordonnees|contacts?)"
)


def read(ctx: Context, kept: Announcement, said: str) -> Amendment | None:
    """What short words change of an announcement; None if they change nothing that is understood.
    Raises Refusal for a period that cannot be.
    """
    text = " ".join(said.split())
    lead = _LEAD.match(level(text))
    rest = text[lead.end() :] if lead else text
    plain_rest = level(rest)
    if not plain_rest or "?" in rest or len(rest.split()) > LONGEST:
        return None
    if _DROPS_CONTACT.search(plain_rest):
        return Amendment(words=_without_contacts(kept.words))
    if _TO_WHOM.match(plain_rest):
        return _to_whom(ctx, rest)
    period = find_period(rest, ctx.today)
    if period is None and not _CHANGES.match(plain_rest):
        return None
    wrong = wrong_period(rest, period, ctx.today)
    if wrong is not None:
        raise Refusal(wrong)
    return Amendment(words=_with(ctx, kept.words, rest), period=period)


def rewritten(ctx: Context, kept: Announcement, said: str) -> str:
    """The words of an announcement as its author corrects them: wholly new where they demand or
    offer something themselves, else with what they add.
    """
    whole = open_letter("", said).body.strip() or said.strip()
    again = read_announcement(open_letter("", whole), ctx.today)
    if again.side is not None and again.category is not None and len(whole) >= WHOLE:
        return whole
    return _with(ctx, kept.words, whole)


def _to_whom(ctx: Context, words: str) -> Amendment | None:
    if _EVERYBODY.search(level(words)):
        return Amendment(audience=Audience())
    own = ctx.platform.territory.authority(ctx.institution.type, ctx.institution.code)
    found = find_audience(f"Uniquement {words}", own, ctx.platform.territory)
    return None if found.unclear or found == Audience() else Amendment(audience=found)


def _with(ctx: Context, words: str, more: str) -> str:
    more = more.strip(" :,;")
    verb = _VERB.match(level(more))
    told = more[verb.end() :].strip() if verb and verb.end() < len(more) else more
    if not told:
        return words
    line = plain(_("Précision : {words}", words=told), ctx.language)
    return f"{words.rstrip()}\n\n{line}"


def _without_contacts(words: str) -> str:
    """The words without telephone numbers and mail addresses."""
    spans = [(one.start, one.end) for one in find_phones(words)]
    spans += [(one.start, one.end) for one in find_addresses(words)]
    for start, end in sorted(spans, reverse=True):
        words = words[:start].rstrip(" :,(") + words[end:]
    return words
