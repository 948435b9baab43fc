"""Which announcement people mean: by its reference, or by what a letter of its own says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.arguments import reads
from handlers.context import Context
from handlers.intents import Understanding
from handlers.reading.categories import things
from handlers.reading.letters import level
from handlers.reply import Refusal
from handlers.wording import _
from storage import announcements
from storage.announcements import Announcement, Direction

REFERENCE = re.compile(r"\s*A-?(?:(\d{4})-)?0*(\d{1,6})\b[\s:,]*", re.IGNORECASE)


_THE_ANNOUNCEMENT = re.compile(
    r"\s*(?:l['’]|cette |mon |notre |la |de )*(?:annonce|demande|offre)\s+(?:n[°o]\.? ?)?",
    re.IGNORECASE,
)


@reads(Announcement)
def read_announcement(ctx: Context, words: str) -> Announcement:
    """The announcement of a reference such as A-31 or A-2026-0031. Raises Refusal."""
    words = _THE_ANNOUNCEMENT.sub("", words)
    match = REFERENCE.match(words if words[:1] in "aA" else f"A{words}")
    found = None
    if match:
        year = int(match[1]) if match[1] else None
        found = announcements.by_number(ctx.session, int(match[2]), year)
    if found is None:
        raise Refusal(
            _(
                "Je ne trouve pas l'annonce « {words} » : écrivez `annonces` pour voir celles qui"
                " sont ouvertes.",
                words=words[:40],
            )
        )
    return found


_SAID_OF_IT = {
    "accepter": "retenir",
    "prolonger": "maintenir",
    "annuler": "retirer",
    "fermer": "retirer",
}
"""What people say of an announcement with the name of a command that serves something else."""
_VERB = re.compile(
    rf"[!/]?(?P<verb>{'|'.join(_SAID_OF_IT)})(?=\s+(?:l['’]annonce\s+)?A-?(?:\d{{4}}-)?\d)",
    re.IGNORECASE,
)


_TO_ONE = re.compile(
    r"[!/]?(?:l['’])?annonce\s+(?:(?:num[eé]ro|n[°ºor]\.?)\s*)?A?-?(?P<number>(?:\d{4}-)?\d{1,6})"
    r"\s*(?:[:,;–—\n]|-\s)\s*(?!s['’]il |svp\b|stp\b)(?=\S+\s+\S)",
    re.IGNORECASE,
)
"""The number of an announcement before what is said to it: « Annonce numéro 27 : nous … »."""
_ASKED_OF_IT = {
    "maintenir": re.compile(r"^\W*(?:a|(?:merci|prie?re) de(?: la)?|veuillez(?: la)?) prolonger\b"),
    "retirer": re.compile(
        r"^\W*(?:a|(?:merci|priere) de(?: la)?|veuillez(?: la)?) (?:cloturer|retirer|fermer)\b"
    ),
}


_MINE = re.compile(r"[!/]?(?:mes|nos) (?P<what>annonces|demandes|offres)\b", re.IGNORECASE)
"""« mes annonces » are those of one's own institution."""


_OF_ONE = re.compile(
    r"[!/]?(?:(?P<answers>qui (?:nous )?a r[eé]pondu [aà])|(?P<unmet>personne n['’]a (?:pu|su)"
    r" (?:nous )?aider pour))\s+(?:(?:l['’]|la |ma |notre |mon )?(?:annonce|demande)\s+)?"
    r"(?:n[°ºo]\.?\s*)?A?-?(?P<number>(?:\d{4}-)?\d{1,6})[\s.!?]*",
    re.IGNORECASE,
)
"""What is asked or told of an announcement alone: said to everybody it would help nobody."""


def _told_of_one(text: str) -> str | None:
    found = _OF_ONE.fullmatch(text)
    if found is None:
        return None
    return f"{'annonce' if found['answers'] else 'sans suite'} A-{found['number']}"


def _said_to_one(text: str) -> str | None:
    """The command that words to an announcement by its number are; None if they are none."""
    named = _TO_ONE.match(text)
    if named is None:
        return None
    said = text[named.end() :]
    for command, asked in _ASKED_OF_IT.items():
        if asked.match(level(said)):
            return f"{command} A-{named['number']}"
    return f"répondre A-{named['number']} {said}"


def in_its_words(text: str) -> str:
    """A text with the command that is meant where it begins with what is said of an announcement,
    or with its number: « prolonger A-31 », « annonce 31 : nous avons une nacelle ».
    """
    mine = _MINE.match(text)
    if mine is not None:
        return f"annonces mes {mine['what']}{text[mine.end() :]}"
    to_one = _told_of_one(text) or _said_to_one(text)
    if to_one is not None:
        return to_one
    said = _VERB.match(text)
    return _SAID_OF_IT[said["verb"].lower()] + text[said.end() :] if said else text


def open_for(ctx: Context) -> list[Announcement]:
    """The announcements that await answers of those who ask, the newest first."""
    own = ctx.institution
    return [kept for kept in announcements.published(ctx.session) if kept.is_for(own)]


# -- letters of their own ---------------------------------------------------------------------

_ANSWERING = re.compile(
    r"\b(?:en reponse|suite a (?:votre|vos|ton|ta|leur|l'annonce|l'appel|l'offre|la demande)"
    r"|repond(?:s|ons)\b|(?:votre|vos|ton|ta|leur) (?:\w+ )?(?:annonce|demande|appel|besoin"
    r"|recherche"
    r"|offre|proposition)|pour (?:votre|ta|ton|leur) )"
)
_WANTED = re.compile(
    r"\b(?:(?<!est )(?<!sera )(?<!sont )demandee?s?|(?:re)?cherchee?s?|aider|depanner)\b"
)
"""What somebody else wants, said of whoever is named beside it."""


def may_answer(ctx: Context, *, offered: bool) -> bool:
    """Whether a letter may be meant for one author rather than for everybody."""
    plain = level(f"{ctx.letter.subject}\n{ctx.letter.text}")
    if _ANSWERING.search(plain):
        return True
    return offered and _WANTED.search(plain) is not None and bool(_others_named(ctx))


def _others_named(ctx: Context) -> set[tuple[str, str]]:
    """The institutions that a letter names, one's own left out."""
    told = f"{ctx.letter.subject}\n{ctx.letter.text}"
    mentions = ctx.platform.territory.mentions(told)
    named = {(str(one.authority.type), one.authority.code) for one in mentions}
    return named - {(ctx.institution.type, ctx.institution.code)}


def offered_to(ctx: Context) -> list[Announcement]:
    """The open demands of those whom an offer names and answers: « on peut aider X »."""
    if not may_answer(ctx, offered=True):
        return []
    named = _others_named(ctx)
    return [
        kept
        for kept in open_for(ctx)
        if kept.direction == Direction.DEMAND
        and kept.person.institution_id != ctx.institution.id
        and (kept.person.institution.type, kept.person.institution.code) in named
    ]


def by_its_words(ctx: Context, understood: Understanding) -> Announcement | None:
    """The only open announcement that an answer without a number can mean: by the institution that
    it names, by the person whom it greets, by the thing that it speaks of. None if several fit.
    """
    told = level(f"{ctx.letter.subject}\n{ctx.letter.text}")
    open_ = [one for one in open_for(ctx) if one.person.institution_id != ctx.institution.id]
    named = _others_named(ctx)
    of_named = [one for one in open_ if _key(one) in named]
    found = of_named or [one for one in open_ if _greets(told, one)]
    if found:
        return _only([one for one in found if _same_sort(understood, one)])
    about = [one for one in open_ if _right_side(told, one) and _same_thing(told, one)]
    return _only(about)


def _only(found: Sequence[Announcement]) -> Announcement | None:
    return found[0] if len(found) == 1 else None


def _key(kept: Announcement) -> tuple[str, str]:
    return kept.person.institution.type, kept.person.institution.code


def _greets(told: str, kept: Announcement) -> bool:
    """Whether the author is named in the greeting, by the last name."""
    name = re.escape(level(kept.person.name.split()[-1]))
    greeting = rf"(?:bonjour|cher|chere|madame|monsieur|salut)\b[^.!?\n]{{0,30}}\b{name}\b"
    return len(name) > 2 and re.search(greeting, told) is not None


def _same_sort(understood: Understanding, kept: Announcement) -> bool:
    category = understood.announcement.category if understood.announcement else None
    return category is None or kept.category in {category.name.lower(), "other"}


_TO_A_DEMAND = re.compile(
    r"\b(?:votre|vos|ta|ton|leur|l'|la) ?(?:demande|recherche|besoin|appel)\b"
)
_TO_AN_OFFER = re.compile(r"\b(?:votre|vos|ta|ton|leur|l'|la) ?(?:offre|proposition|pret)\b")


def _right_side(told: str, kept: Announcement) -> bool:
    if _TO_A_DEMAND.search(told):
        return kept.direction == Direction.DEMAND
    return _TO_AN_OFFER.search(told) is None or kept.direction == Direction.OFFER


def _same_thing(told: str, kept: Announcement) -> bool:
    """Whether something that an announcement names is spoken of, be it in the plural."""
    return bool(things(told) & things(level(kept.words)))
