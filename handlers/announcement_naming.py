"""Which announcement people mean: by its reference, or by what a letter of its own says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.arguments import reads
from handlers.context import Context
from handlers.intents import Understanding
from handlers.policy import Role
from handlers.reading.categories import things
from handlers.reading.closing import asks_to_close
from handlers.reading.letters import level
from handlers.reading.references import announcement_number
from handlers.reply import Ambiguous, Refusal
from handlers.request import Topic
from handlers.wording import _, verbatim
from storage import announcements
from storage.announcement_states import Stage
from storage.announcements import Announcement, Direction
from storage.conversations import Question

REFERENCE = re.compile(r"\s*A-?(?:(\d{4})-)?0*(\d{1,6})\b[\s:,]*", re.IGNORECASE)


_THE_ANNOUNCEMENT = re.compile(
    r"\s*(?:l['’]|cette |mon |notre |la |de )*(?:annonce|demande|offre)\s+(?:n[°o]\.? ?)?",
    re.IGNORECASE,
)


_OWN = re.compile(
    r"(?:notre|mon|ma|nos|mes|onze|mijn|unsere?|meine?|our|my)\s+(?P<what>annonce|demande|offre"
    r"|aankondiging|aanvraag|aanbod|anzeige|anfrage|angebot|announcement|request|offer)s?\b"
    r"(?P<about>[^\d]*)",
    re.IGNORECASE,
)
_SIDE = {
    Direction.DEMAND: {"demande", "aanvraag", "anfrage", "request"},
    Direction.OFFER: {"offre", "aanbod", "angebot", "offer"},
}


@reads(Announcement)
def read_announcement(ctx: Context, words: str) -> Announcement:
    """The announcement of a reference such as A-31 or A-2026-0031, or the open one of one's own of
    which words speak: « notre demande de nacelle ». Raises Refusal, or Ambiguous.
    """
    own = _OWN.fullmatch(words.strip(" .!"))
    if own is not None and ctx.person is not None:
        return _own_of(ctx, words, own)
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


def _own_of(ctx: Context, words: str, own: re.Match[str]) -> Announcement:
    """The open announcement of one's own institution that is meant."""
    open_ = _own_open(ctx, "")
    if not open_:
        raise Refusal(
            _("Aucune annonce de votre institution n'est ouverte. Les autres : `annonces closes`.")
        )
    what, about = level(own["what"]), level(own["about"])
    side = next((side for side, names in _SIDE.items() if what in names), None)
    meant = [kept for kept in open_ if side is None or kept.direction == side]
    if things(about):
        meant = [kept for kept in meant if _same_thing(about, kept)]
    if len(meant) == 1:
        return meant[0]
    # What is named may not be what is open: then nothing is guessed.
    raise Ambiguous(
        _("De laquelle de vos annonces ouvertes s'agit-il ?"),
        words,
        [(kept.reference, verbatim(_beginning(kept))) for kept in meant or open_],
    )


def _beginning(kept: Announcement) -> str:
    said = " ".join(kept.words.split())
    return f"{kept.reference} · {said if len(said) <= _SHOWN else f'{said[:_SHOWN].rstrip()}…'}"


_SHOWN = 60
"""How many characters of an announcement tell which one it is."""

_SAID_OF_IT = {
    "accepter": "retenir",
    "prolonger": "maintenir",
    "annuler": "retirer",
    "fermer": "retirer",
    "changer": "corriger",
    "modifier": "corriger",
}
"""What people say of an announcement with the name of a command that serves something else."""
_VERB = re.compile(
    rf"[!/]?(?P<verb>{'|'.join(_SAID_OF_IT)})(?=\s+(?:l['’]annonce\s+)?A-?(?:\d{{4}}-)?\d)",
    re.IGNORECASE,
)


_TO_ONE = re.compile(
    r"[!/]?(?:(?:l['’])?annonce\s+(?:(?:num[eé]ro|n[°ºor]\.?)\s*)?A?-?"
    r"|A-(?=[\d-]{1,11}\s*,?\s*en priv))"
    r"(?P<number>(?:\d{4}-)?\d{1,6})(?P<private>[\s,]+en priv[eé])?"
    r"\s*(?:[:,;–—\n]|-\s)\s*(?!s['’]il |svp\b|stp\b)(?=\S+\s+\S)",
    re.IGNORECASE,
)
"""The number of an announcement before what is said to it: « Annonce numéro 27 : nous … »; alone,
« A-27 en privé : … », so that the number is no part of what is said.
"""
_ASKED_OF_IT = {
    "maintenir": re.compile(r"^\W*(?:a|(?:merci|prie?re) de(?: la)?|veuillez(?: la)?) prolonger\b"),
    "retirer": re.compile(
        r"^\W*(?:a|(?:merci|priere) de(?: la)?|veuillez(?: la)?) (?:cloturer|retirer|fermer)\b"
    ),
}


_MINE = re.compile(r"[!/]?(?:mes|nos) (?P<what>annonces|demandes|offres)\b", re.IGNORECASE)
"""« mes annonces » are those of one's own institution."""


_OF_ONE = re.compile(
    r"[!/]?(?:(?P<answers>qui (?:nous )?a r[eé]pondu [aà]|(?:les )?r[eé]ponses(?: [aàd]e?)?)"
    r"|(?P<unmet>personne n['’]a (?:pu|su) (?:nous )?aider pour|(?:non|pas) pourvue?s?)"
    r"|(?P<met>(?:d[eé]j[aà] )?pourvue?))"
    r"\s+(?:(?:l['’]|la |ma |notre |mon )?(?:annonce|demande)\s+)?"
    r"(?:n[°ºo]\.?\s*)?A?-?(?P<number>(?:\d{4}-)?\d{1,6})[\s.!?]*",
    re.IGNORECASE,
)
"""What is asked or told of an announcement alone: said to everybody it would help nobody."""


_ANSWERS = re.compile(
    r"[!/]?(?:qui (?:nous )?a (?:d[eé]j[aà] )?r[eé]pondu|(?:avons-nous|y a-t-il|ai-je)"
    r"(?: re[cç]u)?(?: d[eé]j[aà])? (?:des|une|de nouvelles) r[eé]ponses?)"
    r"(?: [aà] (?:notre|mon|ma|nos|mes) (?:annonce|demande|offre)s?)?[\s.!?]*",
    re.IGNORECASE,
)
"""« Qui a répondu ? », asked of one's own without a number: their list tells it."""


def _told_of_one(text: str) -> str | None:
    if _ANSWERS.fullmatch(text):
        return "annonces mes annonces"
    found = _OF_ONE.fullmatch(text)
    if found is None:
        return None
    command = "annonce" if found["answers"] else "sans suite" if found["unmet"] else "retirer"
    return f"{command} A-{found['number']}"


def _said_to_one(text: str) -> str | None:
    """The command that words to an announcement by its number are; None if they are none."""
    named = _TO_ONE.match(text)
    if named is None:
        return None
    said = text[named.end() :]
    for command, asked in _ASKED_OF_IT.items():
        if asked.match(level(said)):
            return f"{command} A-{named['number']}"
    private = "en privé " if named["private"] else ""
    return f"répondre A-{named['number']} {private}{said}"


_OWN_ACT = re.compile(
    r"[!/]?(?P<verb>retenir|retirer|clore|cl[oô]turer|maintenir|prolonger|sans suite|rouvrir)\b"
    r"(?:\s+(?:(?:l['’]|cette |mon |ma |notre )(?:annonce|demande|offre)\b)?\s*"
    r"(?P<rest>(?!A-?\d|\d).*))?",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER_BEHIND = re.compile(
    r"(?:^|\s)(?:(?:pour|de|[aà]) )?(?:l['’]annonce )?(?P<number>A-?(?:\d{4}-)?\d{1,6})\s*[.!]*$",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(?:jusqu|du\b|au\b|de\b|d['’]|pour\b|\d)", re.IGNORECASE)


def _of_own(ctx: Context, text: str) -> str | None:
    """An act on an announcement of one's own whose number is left out, or stands behind: the only
    one that is open is meant. None for anything else.
    """
    if ctx.person is not None and asks_to_close(text):
        return _closing(ctx, text)
    act = _OWN_ACT.fullmatch(text.strip())
    if act is None or ctx.person is None or _of_a_contract(ctx, act["verb"]):
        return None
    rest = act["rest"] or ""
    verb = _SAID_OF_IT.get(act["verb"].lower(), act["verb"])
    behind = _NUMBER_BEHIND.search(rest)
    if behind is not None and (verb.lower() == "retenir" or behind.start() == 0):
        return f"{verb} {behind['number']} {rest[: behind.start()]}".strip()
    if not _goes_with(act["verb"].lower(), rest):
        return None
    only = _only(_own_open(ctx, act["verb"]))
    if only is not None:
        return f"{verb} {only.reference} {rest}".strip()
    # Of several, or none, the command itself says what it lacks.
    return verb if verb != act["verb"] else None


def _closing(ctx: Context, text: str) -> str | None:
    """The command to close the announcement of which a letter says that it is settled; None in a
    conversation about something else, where it is said of that.
    """
    if ctx.topic is not None:
        kept = _talked_of(ctx, ctx.topic)
        if kept is None or not kept.is_live or kept.person.institution_id != ctx.institution.id:
            return None
        return f"{_end_of(level(text))} {kept.reference}"
    plain = level(text)
    number = announcement_number(plain)
    if number is not None:
        return f"{_end_of(plain)} A-{number}"
    what = next((one for one in ("demande", "offre") if re.search(rf"\b{one}\b", plain)), "annonce")
    about = " ".join(sorted(things(plain)))
    return f"{_end_of(plain)} notre {what} {about}".strip()


_NOBODY = re.compile(
    r"\b(?:personne n'(?:a|est)|(?:pas|rien) trouve|sans (?:succes|reponse|suite)"
    r"|aucune? (?:reponse|offre|aide)|n'avons (?:pas|rien) (?:pu )?(?:recu|trouve\w*|obtenu))\b"
)


def _end_of(plain: str) -> str:
    """The command for the end that is told: nobody could help (acceptance B34), or all is well."""
    return "sans suite" if _NOBODY.search(plain) else "retirer"


def _talked_of(ctx: Context, topic: Topic) -> Announcement | None:
    """The announcement that a conversation, or a question in it, is about, if it is about one."""
    if topic.kind == "question":
        asked = ctx.session.get(Question, topic.id)
        topic = Topic.parse(asked.topic) if asked is not None else topic
    if topic.kind != "announcement":
        return None
    return ctx.session.get(Announcement, topic.id)


def _of_a_contract(ctx: Context, verb: str) -> bool:
    """Whether a verb is that of a contract for somebody who manages a central."""
    return verb.lower() == "prolonger" and Role.MANAGER in ctx.roles


def _own_open(ctx: Context, verb: str) -> list[Announcement]:
    own = announcements.open_of(ctx.session, ctx.institution)
    live = {Stage.OPEN, Stage.ANSWERED}
    return [] if verb.lower() == "rouvrir" else [one for one in own if one.stage in live]


def _goes_with(verb: str, rest: str) -> bool:
    """Whether words can stand behind a verb without a number: with whom, or until when."""
    if not rest:
        return verb != "retirer"
    if verb == "retenir":
        return True
    return verb in {"maintenir", "prolonger"} and _DAYS.match(rest) is not None


def in_its_words(ctx: Context, text: str) -> str:
    """A text with the command that is meant where it begins with what is said of an announcement,
    or with its number: « prolonger A-31 », « annonce 31 : nous avons une nacelle ».
    """
    own = _of_own(ctx, text)
    if own is not None:
        return own
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
    r"|offre|proposition)|pour (?:remplacer )?(?:votre|ta|ton|leur) )"
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
    named = _others_named(ctx)
    theirs = [
        kept
        for kept in open_for(ctx)
        if kept.direction == Direction.DEMAND
        and kept.person.institution_id != ctx.institution.id
        and _key(kept) in named
    ]
    if may_answer(ctx, offered=True):
        return theirs
    # « Nous pouvons prêter la nacelle à Musson », which asks for one.
    told = level(f"{ctx.letter.subject}\n{ctx.letter.text}")
    return [kept for kept in theirs if _same_thing(told, kept)]


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


_INTERESTED = re.compile(
    r"\b(?:(?:suis|est|sommes|serions|serais|serait) (?:\w+ ){0,2}(?:interess|preneu|partant)\w*"
    r"|(?:prendrions|prendrais|prenons|prends|emprunterions|emprunterais|emprunterons) volontiers"
    r"|(?:nous|m'|me) ?(?:interess|arranger|conviendr)\w*"
    r"|volontiers preneu\w+|geinteresseerd|interessiert|interested)\b"
)


def interested_in(ctx: Context, understood: Understanding) -> Announcement | None:
    """The only open announcement of which somebody who says no number shows interest."""
    if ctx.person is None or not _INTERESTED.search(level(ctx.letter.text)):
        return None
    return by_its_words(ctx, understood)


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
