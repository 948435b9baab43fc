"""Words of courtesy: how somebody is greeted, and thanks, which ask for nothing."""

from __future__ import annotations

import re

from config.folding import fold
from handlers.reading.people import Gender
from handlers.wording import Text, _
from storage.members import Person

_PARTICLES = frozenset("de du des d la le van von vander vanden ter ten zu dal del di da".split())  # noqa: SIM905 - as below


def greeting(person: Person | None) -> Text:
    """The one line with which a letter begins: no more is known of a stranger than that it is one.

    Nobody is called « Madame » or « Monsieur » of whom no text of theirs said it.
    """
    if person is None or not person.name.strip():
        return _("Bonjour,")
    match person.gender:
        case Gender.FEMININE.value:
            return _("Bonjour Madame {name},", name=_surname(person.name))
        case Gender.MASCULINE.value:
            return _("Bonjour Monsieur {name},", name=_surname(person.name))
    return _("Bonjour {name},", name=person.name)


def _surname(name: str) -> str:
    """The surname where it is sure which words it is, else the whole name."""
    _first, *others = name.split()
    sure = len(others) == 1 or (others and fold(others[0]) in _PARTICLES)
    return " ".join(others) if sure else name


_THANKS = frozenset(
    """
    merci mercis thanks thank thx cheers bedankt dank danke dankeschon dankjewel parfait super
    genial top nickel chouette bravo great perfect prima
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
_BESIDE = frozenset(
    """
    beaucoup mille fois bien a vous toi pour votre ton ta l aide reponse tout et encore d avance c
    est note recu ok oui d accord bonjour bonne bonsoir journee soiree cordialement infiniment grand
    un you very much so a lot for your help the answer je wel u zeer voor hulp het uw de vielen
    schon fur ihre hilfe sehr ihnen dir das ist that s is all good tres
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
_ASKS = frozenset({"aide", "help", "hulp", "hilfe"})
"""What is a request where it stands first: « aide, merci »."""
_SIGNS = re.compile(r"[👍👌🙏❤♥👏😊🙂😀🎉✌️\uFE0F\U0001F3FB-\U0001F3FF\s!.]+")


def is_thanks(text: str) -> bool:
    """Whether a message only thanks, in words or signs: it asks for nothing."""
    words = fold(text).split()
    if not words:
        return _SIGNS.fullmatch(text) is not None and any(ord(sign) > 127 for sign in text)
    if words[0] in _ASKS:
        return False
    said = set(words)
    return len(words) <= 12 and bool(said & _THANKS) and said <= _THANKS | _BESIDE


def only_thanks(text: str, person: Person | None) -> bool:
    """Whether a message only thanks, be it signed by the person it is from."""
    lines = text.split("\n")
    if person is not None:
        known = (person.name, person.name.split()[0], person.institution.name)
        signed = {fold(name) for name in known}
        lines = [line for line in lines if fold(line) not in signed]
    return is_thanks("\n".join(lines))
