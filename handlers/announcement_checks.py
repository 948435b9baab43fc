"""What stands in the way of an announcement: what is private, impossible, or in doubt."""

from __future__ import annotations

import re
from datetime import date

from handlers.context import Context
from handlers.observation import Action
from handlers.reading import announcement as reading
from handlers.reading.categories import names_thing
from handlers.reading.contacts import find_addresses, find_phones
from handlers.reading.dates import Fault, Period
from handlers.reading.days import names_no_day
from handlers.reading.dealing import is_private
from handlers.reading.language import language_of
from handlers.reading.letter import Letter, open_letter, sentences
from handlers.reading.letters import level
from handlers.reading.people import NamedPerson, find_names
from handlers.reading.privacy import find_sensitive, names_in, without_sentences
from handlers.reading.sides import side_of
from handlers.reply import Refusal
from handlers.wording import Text, _


def require_official(ctx: Context, letter: Letter) -> None:
    """Raises Refusal for what somebody sells or seeks for themselves."""
    if not is_private(letter):
        return
    ctx.observe(action=Action.REFUSE, reason="out_of_scope")
    raise Refusal(
        _(
            "Votre annonce n'est pas diffusée : la plateforme sert aux échanges entre institutions,"
            " pas aux ventes ni aux recherches d'une personne privée."
        ),
        _(
            "S'il s'agit de votre institution, renvoyez-la en le disant, par exemple « La commune"
            " cède … »."
        ),
    )


def wrong_period(words: str, period: Period | None, today: date) -> Text | None:
    """What cannot be meant in a period (acceptance B28), as a question; None if it can."""
    if names_no_day(words):
        period = Period(None, None, frozenset({Fault.NO_SUCH_DAY}))
    return _what_is_wrong(period, today) if period else None


def _what_is_wrong(period: Period, today: date) -> Text | None:
    if Fault.NO_SUCH_DAY in period.faults:
        return _("Une des dates n'existe pas dans le calendrier. Quelle est la période ?")
    if period.start and period.end and Fault.REVERSED in period.faults:
        return _(
            "La période finit le {end}, avant de commencer le {start}. Vouliez-vous dire du {end}"
            " au {start} ?",
            start=period.start,
            end=period.end,
        )
    if Fault.WEEKDAY in period.faults and period.start:
        return _(
            "Le jour de la semaine ne va pas avec la date : j'ai lu le {start}. Quel jour est-ce ?",
            start=period.start,
        )
    if period.end and period.end < today:
        return _("La période est déjà passée, elle finissait le {end}.", end=period.end)
    return None


def publishable(ctx: Context, words: str) -> str:
    """The words without the statements that tell something of a third person (acceptance B30).

    Raises Refusal where too little is left.
    """
    kept = words.strip()
    sensitive = find_sensitive(kept)
    if not sensitive:
        return kept
    ctx.observe(action=Action.HOLD)
    left = without_sentences(kept, sensitive)
    if find_sensitive(left) or side_of(open_letter("", left)) is None:
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé qui ne peut pas être"
                " diffusé. Il n'est pas envoyé : renvoyez-le sans ce passage."
            )
        )
    return left


def require_public(ctx: Context, words: str) -> None:
    """Raises Refusal for what tells something of a third person: all members would read it."""
    if find_sensitive(words):
        ctx.observe(action=Action.HOLD)
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé qui ne peut pas être"
                " diffusé. Il n'est pas envoyé : renvoyez-le sans ce passage."
            )
        )


def require_discreet(ctx: Context, words: str) -> None:
    """Raises Refusal for the same in words that only one other person would get, in a message or a
    convention (acceptance B30).
    """
    if find_sensitive(words):
        ctx.observe(action=Action.HOLD)
        raise Refusal(
            _(
                "Votre message contient un élément personnel ou de santé : la plateforme ne le"
                " transmet à personne, même en privé. Rien n'est envoyé. Renvoyez-le sans ce"
                " passage ; « absent » suffit, le motif n'est pas nécessaire."
            )
        )


def certain(ctx: Context, read: reading.Announcement, letter: Letter) -> bool:
    """Whether nothing in a letter is in doubt: what, when, from whom, and no third person."""
    if not ctx.believed or read.side is None or not _in_french(letter):
        return False
    return not (
        read.lacking_period or (read.period and read.period.faults) or strangers(ctx, letter)
    )


_FRENCH = re.compile(
    r"\b(?:nous|notre|nos|une|aux|est|sont|cherch\w+|besoin|pret\w*|dispos\w+|propos\w+|recherch\w+"
    r"|emprunt\w*|qui a|donne\w*)\b"
)


def _in_french(letter: Letter) -> bool:
    """What is private is recognised best in French: letters in other languages wait for a yes."""
    language = language_of(letter.body)
    if language is None:
        return _FRENCH.search(level(f"{letter.subject}\n{letter.body}")) is not None
    return language == "fr"


def strangers(ctx: Context, letter: Letter) -> list[str]:
    """The persons named who are neither the sender, nor greeted, nor the one to turn to."""
    own = _words(f"{ctx.member.name} {ctx.incoming.display_name}")
    signed = {name.name for name in find_names(letter.signature)}
    return [
        name.name
        for name in names_in(letter.body)
        if name.name not in signed
        and not own & _words(name.name)
        and names_thing(level(name.name)) is None
        and not _greeted(letter.body, name)
        and not _of_a_thing(letter.body, name)
        and not _signs(letter.body, name)
        and not _is_contact(name.name, letter)
    ]


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", level(name)))


_GREETING = re.compile(
    r"(?:^|\n)\W*(?:bonjour|bonsoir|chere?s?|madame|monsieur|salut|hello|re)\b[^.!?\n]{0,30}\Z"
)


def _greeted(text: str, name: NamedPerson) -> bool:
    return _GREETING.search(level(text[: name.start])) is not None


_BRANDED = re.compile(
    r"\b(?:tracteur|camion\w*|logiciel|programme|marque|type|modele|salle|place|rue|avenue|hall"
    r"|ecole|maison|fete|foire|festival|marche|rallye|course|trail|tournoi|tondeuse|machine|remorque"
    r"|broyeur|pelle|nacelle|grue|tente|site|gare|village|hameau|kermesse|carnaval|concert|musee"
    r"|debroussailleuses?|barrieres?|radar|projet|plan|permis|parc|bois|pont|lac|bus|minibus|fourgon"
    r"|pompe|groupe|chapiteau|balayeuse|souffleur|saleuse|tronconneuses?|velos?|scooter)s?"
    r"(?:[ -](?:a|de|du|des|d'|la|le|l'|aux?|en|[a-z]{4,}))* ?(?:l'|d'|« ?|\")?$"
)


def _of_a_thing(text: str, name: NamedPerson) -> bool:
    """Whether a name is that of a make, a place or a feast, or stands in quotation
    marks: « un tracteur Xavier Louis ».
    """
    if name.gender is not None:
        return False
    if text.rfind("«", 0, name.start) > text.rfind("»", 0, name.start):
        return True
    return _BRANDED.search(level(text[max(0, name.start - 60) : name.start])) is not None


_SIGNED_AS = re.compile(r"(?: ?[,–—-] ?(?:[\w'’-]+ ?){1,6})?")
"""What stands behind the name on such a line: « directrice générale »."""


def _signs(text: str, name: NamedPerson) -> bool:
    """Whether a name begins one of the last lines and has it alone, or with a function, as a
    signature does.
    """
    lines = [" ".join(line.strip(" ,*").split()) for line in text.split("\n") if line.strip()]
    return any(
        line.lower().startswith(name.name.lower()) and _SIGNED_AS.fullmatch(line[len(name.name) :])
        for line in lines[-6:]
    )


def _is_contact(name: str, letter: Letter) -> bool:
    """Whether somebody is named as the one to write to or to call, beside a number or address."""
    told = [*letter.body.split("\n"), *sentences(letter.body)]
    return any(
        named.name == name and (find_phones(part) or find_addresses(part))
        for part in told
        if len(part) < LONGEST_CONTACT
        for named in find_names(part)
    )


LONGEST_CONTACT = 250
"""A number further than so many letters from a name is not that person's."""
