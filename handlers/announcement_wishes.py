"""What people want of an announcement, said in a sentence, as the command that it means: « rouvrez
la demande de broyeur », « je retire ma réponse à A-2 », « ne plus suivre ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.reading import asking
from handlers.reading.categories import things
from handlers.reading.letters import level
from storage import announcements
from storage.announcement_states import Stage
from storage.announcements import Announcement

LONGEST = 30
"""Up to how many words such a sentence has."""

_POLITE = (
    r"^\W*(?:(?:bonjour|svp|finalement|desole\w*|merci)\b[\s,.!]*)*"
    r"(?:(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu) |(?:merci|priere) de |veuillez "
    r"|(?:je|nous|on) (?:voudr\w+|souhait\w+|aimer\w+|desir\w+) )*(?:bien vouloir )?"
)
_WHICH = (
    r"(?:(?:notre|nos|la|le|l'|ma|mon|cette) ?)?(?:annonce|demande|offre)s?\b"
    r"(?: (?:n[°o]\.? ?)?(?P<number>a-?(?:\d{4}-)?\d{1,6}))?(?P<about>[^.?!]*)"
)
_REOPENS = re.compile(
    rf"{_POLITE}(?:rouvr|re-?ouvr|relanc|reactiv|re-?publi|remett)\w* (?:en ligne )?{_WHICH}"
)
_CLOSES_LAST = re.compile(
    r"^\W*(?:(?:notre|la|ma) )?(?:annonce|demande|offre)\b(?P<about>.{2,120}?)[\s,.:;]+"
    r"(?:(?:vous pouvez |merci de |a |veuillez )?(?:la |l'|le )?(?:clotur|clor|ferm|retir|supprim"
    r"|enlev|annul)(?:ez|er|e|ons)|(?:est|c'est) (?:regle|resolu|clos|fini)\w*)\W*$"
)
_NOBODY = re.compile(r"\bpersonne\b|\b(?:pas|rien) trouve\b|\bsans (?:succes|reponse)\b|\baucune? ")
_TAKES_BACK = re.compile(
    r"^\W*(?:(?:bonjour|finalement|desole\w*|malheureusement)\b[\s,.!]*)*"
    r"(?:(?:je|nous|on) (?:doi\w+ |voudr\w+ |souhait\w+ )?)?(?:retir|annul|repren)\w* "
    r"(?:ma|notre|la) (?:reponse|proposition|offre) (?:a |pour |de |sur )?"
    r"(?:l'annonce |la demande )?(?P<number>a-?(?:\d{4}-)?\d{1,6})?"
)
_LEAVES = re.compile(
    r"^\W*(?:ne plus suivre|quitter (?:la conversation|le fil)"
    r"|(?:je|nous) (?:ne )?(?:veux|voulons|souhaite|souhaitons) (?:ne )?plus"
    r" (?:suivre|recevoir la suite)(?: (?:cette|la) (?:conversation|annonce|demande))?)\W*$"
)


_WHO_LENDS = re.compile(
    r"^\W*(?:qui|quelles? (?:autres? )?(?:communes?|administrations?|institutions?|villes?))"
    r" (?:a|ont|peut|peuvent|pourrai(?:t|ent)|prete(?:nt)?|propose(?:nt)?|offre(?:nt)?)"
    r"(?: preter| a preter)? (?:une? |des |du |de la )(?P<what>[\w' -]{3,60}?)"
    r" (?:a preter|a louer|disponibles?|a disposition|a nous preter)\W*$"
)


_GIVEN = re.compile(
    r"^\W*(?:combien|qu'est-ce que|qu')(?: d'aide)? (?:avons-nous|a-t-on|nous avons|ai-je)"
    r" (?:deja )?(?:donne|prete|recu|emprunte)\w*\b"
)


def as_command(ctx: Context, text: str) -> str | None:
    """The command that a sentence about announcements means; None if it is about none."""
    plain = " ".join(level(text).split())
    if ctx.person is None or not plain or len(plain.split()) > LONGEST:
        return None
    if asking.asks_list(plain):
        return next(reversed(list(asking.as_commands(text))), None)
    lent = _WHO_LENDS.match(plain)
    if lent is not None:
        return f"offres {lent['what']}"
    if _GIVEN.match(plain):
        return "bilan d'entraide"
    taken = _TAKES_BACK.match(plain)
    if taken is not None and taken["number"]:
        return f"retirer ma réponse {taken['number']}"
    if _LEAVES.match(plain):
        followed = _followed(ctx)
        only = followed[0].reference if len(followed) == 1 else ""
        return f"quitter la conversation {only}".strip()
    return _reopening(ctx, plain) or _closing(ctx, plain)


def _reopening(ctx: Context, plain: str) -> str | None:
    wished = _REOPENS.match(plain)
    if wished is None or _OTHER.search(plain):
        return None
    if wished["number"]:
        return f"rouvrir {wished['number']}"
    ended = _of_own(ctx, _ENDED, wished["about"])
    return f"rouvrir {ended[0].reference}" if len(ended) == 1 else "rouvrir"


_OTHER = re.compile(
    r"\b(?:inscription|adhesion|commande|facture|devis|subsides?|acces|compte|contrat"
    r"|deliberation|remboursement|formation)\b"
)
"""Other demands than announcements."""
_VAGUE = 2
"""Up to how many words say nothing of what an announcement is about."""
_ENDED = frozenset({Stage.UNMET, Stage.WITHDRAWN, Stage.EXPIRED, Stage.AGREED})
_AWAITING = frozenset({Stage.OPEN, Stage.ANSWERED})


def _closing(ctx: Context, plain: str) -> str | None:
    wished = _CLOSES_LAST.match(plain)
    if wished is None or _OTHER.search(plain):
        return None
    if not things(wished["about"]) and len(wished["about"].split()) > _VAGUE:
        return None
    open_ = _of_own(ctx, _AWAITING, wished["about"])
    if len(open_) != 1:
        return None
    verb = "sans suite" if _NOBODY.search(plain) else "retirer"
    return f"{verb} {open_[0].reference}"


def _of_own(ctx: Context, stages: frozenset[Stage], about: str) -> Sequence[Announcement]:
    """The announcements of one's own institution in some stages that are about the same thing."""
    mine = [
        one
        for one in announcements.in_stages(ctx.session, stages)
        if one.person.institution_id == ctx.institution.id and one.number
    ]
    named = things(about)
    return [one for one in mine if not named or named & things(level(one.words))]


def _followed(ctx: Context) -> Sequence[Announcement]:
    """The open conversations of others in which somebody takes part."""
    return [
        one
        for one in announcements.in_stages(ctx.session, _AWAITING | {Stage.AGREED})
        if one.person_id != ctx.member.id and ctx.member in announcements.participants(one)
    ]
