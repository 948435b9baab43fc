"""What a survey asks and what an answer chooses, read from words; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.folding import fold
from handlers.reading.wishes import wishes_in
from handlers.reply import Block, Option, Paragraph, Poll, Steps
from handlers.request import Topic, consent
from handlers.wording import Text, _, verbatim
from storage.surveys import Survey

YES_NO = ("oui", "non")
MOST_OPTIONS = 20
"""As many as polls have at most (MSC3381)."""
LONGEST = 100
"""How many characters an answer to choose may have."""

_END = re.compile(
    r"[\s,;(]*jusqu['’](?:au|à la|à|en)\s+(?P<day>[^/;\n()]{3,40})\)?\s*$", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"[\s,;]*\(?\s*plusieurs (?:réponses|choix)(?: possibles)?\s*\)?", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:[/;|]|\n)\s*")
_POINT = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_NUMBERS = re.compile(
    r"^\W*(?:n[°o]\s*)?\d{1,2}(?:(?:\s*[,;&+/]\s*|\s+(?:et|and|en|und)\s+|\s+)\d{1,2})*\W*$"
)
_NUMBER_FIRST = re.compile(r"^\W*(?:n[°o]\s*)?(\d{1,2})\s*(?:[).:,;–—-]|$)")
_NEGATION = re.compile(
    r"\b(?:pas|sauf|ni|aucun|aucune|ne|not|no|niet|geen|nicht|kein|keine|ou|or|of|oder)\b"
)


_TYPES = {
    "communes": "commune",
    "cpas": "cpas",
    "zones de police": "zone_police",
    "zones de secours": "zone_secours",
}
_AUDIENCE = re.compile(
    r"[\s,;(]*\b(?:aux?|pour (?:les|toutes les|tous les)|réservée? aux?)\s+"
    rf"(?P<type>{'|'.join(_TYPES)})(?:\s+(?:seulement|uniquement|seules?))?\)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey as it was written; ``until`` is its last day, in words, ``audience`` the type of
    institution that alone is asked.
    """

    question: str
    options: tuple[str, ...]
    several: bool = False
    until: str = ""
    audience: str | None = None


def read_survey(words: str) -> Asked:
    """« Quel jour vous convient ? mardi / jeudi, jusqu'au 30 avril, aux communes »: without answers
    it is yes or no. Answers stand behind the question mark, or each on a line of its own.
    """
    several = _SEVERAL.search(words) is not None
    text, until_, audience = _without_end(_SEVERAL.sub("", words, count=1).strip())
    question, options = _parted(text)
    return Asked(question, options or YES_NO, several, until_, audience)


def read_free(words: str) -> Asked:
    """« Que manque-t-il ? jusqu'au 30 avril, aux communes »: answered in free words."""
    text, until_, audience = _without_end(words.strip())
    return Asked(text.strip(" ,;"), (), until=until_, audience=audience)


def _without_end(text: str) -> tuple[str, str, str | None]:
    """A question without its last day and its audience, in whichever order; and these."""
    until_, audience = "", None
    for _round in range(2):
        end, limit = _END.search(text), _AUDIENCE.search(text)
        if limit and audience is None:
            audience, text = _TYPES[" ".join(limit["type"].lower().split())], text[: limit.start()]
        elif end and not until_:
            until_, text = end["day"].strip(), text[: end.start()]
    return text, until_, audience


def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    head, mark, rest = text.partition("?")
    if not mark:
        head, _newline, rest = text.partition("\n")
    listed = (_POINT.sub("", part).strip(" .,") for part in _BETWEEN.split(rest))
    return f"{head.strip()}{' ?' if mark else ''}", tuple(part for part in listed if part)


def is_yes_no(options: list[str] | tuple[str, ...]) -> bool:
    """Whether the answers are yes and no, which everybody says in their own words."""
    return tuple(fold(option) for option in options) == YES_NO


def poll_of(survey: Survey) -> Poll:
    """A survey as what is shown: answers have numbers, but for yes and no."""
    return Poll(verbatim(survey.words), tuple(_options(survey)), survey.several)


def _options(survey: Survey) -> Iterator[Option]:
    if is_yes_no(survey.options):
        yield from (Option("oui", _("oui")), Option("non", _("non")))
    else:
        for number, words in enumerate(survey.options, 1):
            yield Option(str(number), verbatim(words))


FREELY = _(
    "Répondez avec vos mots, un souhait par ligne : ce que j'en comprends vous est montré, et une"
    " nouvelle réponse remplace la précédente."
)


def title(kept: Survey) -> Text:
    """« Sondage S-2026-0003 »."""
    return _("📊 **Sondage {reference}**", reference=kept.reference)


def in_words(kept: Survey) -> list[Block]:
    """A survey where no poll is meant: its question, its answers, its last day."""
    if kept.is_free:
        return [*asker(kept), Paragraph(verbatim(kept.words)), Paragraph(FREELY), *until(kept)]
    meanings = tuple(option.meaning for option in poll_of(kept).options)
    several = [Paragraph(_("Plusieurs réponses sont possibles."))] if kept.several else []
    return [
        *asker(kept),
        Paragraph(verbatim(kept.words)),
        Steps(meanings),
        *several,
        *until(kept),
    ]


def asker(kept: Survey) -> list[Block]:
    """Who asks, if it is not the platform itself."""
    if kept.central is None:
        return []
    return [
        Paragraph(
            _(
                "Une question de la centrale **{central}** ({operator}).",
                central=kept.central.name,
                operator=kept.central.operator,
            )
        )
    ]


def until(kept: Survey) -> list[Block]:
    """Its last day, if it has one."""
    if kept.closes_on is None:
        return []
    return [Paragraph(_("Réponses jusqu'au **{day}** inclus.", day=kept.closes_on))]


def voted(survey: Survey, words: str) -> list[str]:
    """The answers that a vote in a poll chooses, by the words of its options; what is unknown, or
    more than may be chosen, does not count (MSC3381).
    """
    by_word = dict(zip((o.word for o in poll_of(survey).options), survey.options, strict=True))
    known = [by_word[word] for word in dict.fromkeys(words.split("\n")) if word in by_word]
    return known if survey.several else known[:1]


def chosen(survey: Survey, words: str) -> list[str] | None:
    """The answers that somebody's words choose; None if that is not clear.

    The first line that says something counts. Where another line names another answer nothing is
    clear: it may be our own list, given back.
    """
    if survey.is_free:
        return wishes_in(words) or None
    if is_yes_no(survey.options):
        said = consent(words)
        return None if said is None else [survey.options[0 if said else 1]]
    lines = [line for line in words.splitlines() if line.strip()]
    first = _in_line(survey, lines[0]) if lines else []
    others = {tuple(found) for line in lines[1:] if (found := _in_line(survey, line))}
    return first if first and others <= {tuple(first)} else None


def _in_line(survey: Survey, line: str) -> list[str]:
    """What one line chooses, as many as may be chosen; nothing if it is not clear."""
    found = _by_number(survey, line)
    found = _by_name(survey, line) if found is None else found
    return found if survey.several or len(found) == 1 else []


def _by_number(survey: Survey, line: str) -> list[str] | None:
    first = _NUMBER_FIRST.match(line)
    if _NUMBERS.match(line):
        numbers = [int(number) for number in re.findall(r"\d+", line)]
    elif first and not re.search(r"\d", line[first.end() :]):
        numbers = [int(first[1])]
    else:
        return None
    wanted = dict.fromkeys(numbers)
    if not all(1 <= number <= len(survey.options) for number in wanted):
        return None
    return [survey.options[number - 1] for number in wanted]


def _by_name(survey: Survey, line: str) -> list[str]:
    """The answers that are named; none where something is said against one, or between two."""
    folded = fold(line)
    exact = [option for option in survey.options if fold(option) == folded]
    if exact or _NEGATION.search(folded):
        return exact
    named = [option for option in survey.options if f" {fold(option)} " in f" {folded} "]
    # « jeudi matin » names « jeudi », too, but does not mean it.
    return [one for one in named if not any(_is_part(one, other) for other in named)]


def _is_part(option: str, other: str) -> bool:
    return option != other and f" {fold(option)} " in f" {fold(other)} "


def topic_of(kept: Survey) -> Topic:
    """What an answer to it is about."""
    return Topic("survey", kept.id)
