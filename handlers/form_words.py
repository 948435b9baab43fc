"""What people say to a form besides answering it: stop, back, skip, a person instead."""

from __future__ import annotations

import re
from enum import Enum, auto

from config.folding import fold
from handlers.reading.consent import calls_off
from handlers.reading.letters import level
from handlers.wording import Text, _, plain


class Wish(Enum):
    """What somebody wants of a form instead of answering its question."""

    CANCEL = auto()
    BACK = auto()
    SKIP = auto()
    ENOUGH = auto()
    PERSON = auto()


_SAID = {
    Wish.CANCEL: {"annuler", "annule", "annulez", "arreter", "arrete", "arretez", "abandonner"}
    | {"laissez tomber", "laisse tomber", "stop", "cancel", "annuleren", "stoppen", "abbrechen"}
    | {"je veux arreter", "on arrete", "❌"},
    Wish.BACK: {"retour", "retourner", "revenir", "precedent", "precedente", "en arriere"}
    | {"back", "go back", "previous", "terug", "vorige", "zuruck"},
    Wish.SKIP: {"passer", "passe", "passons", "suivant", "rien", "aucun", "aucune", "personne"}
    | {"neant", "sans", "non", "pas encore", "je ne sais pas", "skip", "none", "nobody", "no"}
    | {"nothing", "overslaan", "geen", "niemand", "nee", "neen", "uberspringen", "keine", "keiner"}
    | {"niemand", "nein", "x", "-", "/", "—"},
    Wish.ENOUGH: {"c est tout", "voila c est tout", "terminer", "termine", "fini", "that s all"}
    | {"that is all", "done", "dat is alles", "klaar", "das ist alles", "fertig"},
}
_PERSON = re.compile(
    r"\b(?:parler|parle|discuter|causer|joindre|contacter|appeler|voir|passer)\b.{0,25}"
    r"\b(?:quelqu'un|une? (?:vraie )?(?:personne|humaine?|collegue|conseill\w+)|un etre humain"
    r"|a un vrai)\b"
    r"|^\W*(?:une? )?(?:vraie? )?(?:humain|etre humain|personne reelle)\W*$"
    r"|\b(?:speak|talk) (?:to|with) (?:someone|somebody|a (?:real )?(?:person|human))\b"
    r"|\b(?:met )?iemand (?:spreken|praten|bellen)\b|\bmet (?:iemand|een mens) (?:spreken|praten)\b"
    r"|\bmit (?:jemandem|einem menschen) (?:sprechen|reden)\b"
)


def wish(text: str) -> Wish | None:
    """What words want of a form; None if they may be an answer."""
    said = fold(text) or text.strip()
    for wanted, phrases in _SAID.items():
        if said in phrases:
            return wanted
    if _PERSON.search(level(text)):
        return Wish.PERSON
    # A longer answer may speak of what is cancelled elsewhere.
    return Wish.CANCEL if len(said.split()) <= _SHORT and calls_off(text) else None


_SHORT = 10


def chooses(text: str, number: int, value: str, label: Text, language: str) -> bool:
    """Whether words choose an option: by its number, its key, its name."""
    said = fold(text)
    names = {fold(value), fold(plain(label, language)), fold(plain(label, "fr"))}
    bare = text.strip().replace("\ufe0f", "").replace("\u20e3", "").strip(" .)")
    return bare == str(number) or said in names - {""}


_NUMBERED = re.compile(r"^\s*\d\s*[.)/-]\s+")


def without_number(line: str) -> str:
    """A line of an answer without the number of the question that it answers."""
    return _NUMBERED.sub("", line).strip()


SKIPPABLE = _("(facultatif : « passer », ou « c'est tout »)")
NOT_UNDERSTOOD = _("Je n'ai pas compris cette réponse ; rien n'est perdu.")
WAYS_OUT = _("Ou « retour », `annuler`, ou « je préfère parler à quelqu'un ».")


def how_to(*, in_room: bool) -> Text:
    """How a form is answered, said once at its beginning."""
    if in_room:
        return _(
            "Répondez à ce message même. À tout moment : « retour », `annuler`, ou « je préfère"
            " parler à quelqu'un » ; vous pouvez continuer un autre jour."
        )
    return _(
        "À tout moment : « retour », `annuler`, ou « je préfère parler à quelqu'un » ; vous pouvez"
        " continuer un autre jour."
    )
