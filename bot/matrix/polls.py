"""Polls in Matrix (MSC3381): as the specification has them, and in the form that came before.

Most programs in the field show the earlier form only. Answers are read in both, whichever it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
Event = dict[str, Any]

START, RESPONSE, END = "m.poll.start", "m.poll.response", "m.poll.end"
_EARLIER = "org.matrix.msc3381.poll"
EARLIER_START, EARLIER_RESPONSE, EARLIER_END = (
    f"{_EARLIER}.start",
    f"{_EARLIER}.response",
    f"{_EARLIER}.end",
)
RESPONSES = (RESPONSE, EARLIER_RESPONSE)
POLLS = (START, EARLIER_START, END, EARLIER_END)
_EARLIER_TEXT = "org.matrix.msc1767.text"
MOST_ANSWERS = 20
"""How many answers a poll may have (MSC3381); what is more is cut off."""
_LONGEST_ID = 200


def start(
    question: str, answers: Mapping[str, str], *, several: bool, stable: bool
) -> tuple[str, Event]:
    """The type and content of a poll; ``answers`` are words by their ids.

    Its kind is « undisclosed »: who answers elsewhere is not counted in the room, so what programs
    would show meanwhile is not the result.
    """
    shown = dict(list(answers.items())[:MOST_ANSWERS])
    listed = "\n".join([question, *(f"{id_}. {words}" for id_, words in shown.items())])
    most = len(shown) if several else 1
    if stable:
        return START, _start(question, shown, most, listed)
    return EARLIER_START, _earlier_start(question, shown, most, listed)


def _start(question: str, answers: Mapping[str, str], most: int, listed: str) -> Event:
    return {
        "m.text": _text(listed),
        "m.poll": {
            "kind": "m.undisclosed",
            "max_selections": most,
            "question": {"m.text": _text(question)},
            "answers": [{"m.id": id_, "m.text": _text(words)} for id_, words in answers.items()],
        },
        "m.mentions": {},
    }


def _earlier_start(question: str, answers: Mapping[str, str], most: int, listed: str) -> Event:
    return {
        _EARLIER_TEXT: listed,
        EARLIER_START: {
            "kind": f"{_EARLIER}.undisclosed",
            "max_selections": most,
            "question": {_EARLIER_TEXT: question, "body": question, "msgtype": "m.text"},
            "answers": [{"id": id_, _EARLIER_TEXT: words} for id_, words in answers.items()],
        },
        "m.mentions": {},
    }


def end(start_type: str, words: str) -> tuple[str, Event]:
    """The type and content of the end of a poll, in the form that the poll has."""
    if start_type == START:
        return END, {"m.text": _text(words), "m.mentions": {}}
    return EARLIER_END, {_EARLIER_TEXT: words, EARLIER_END: {}, "m.mentions": {}}


def selections(content: Json) -> list[str]:
    """The ids of the answers that a response chooses; none of one that is ill-formed, which then
    takes an earlier answer back (MSC3381).
    """
    earlier = content.get(EARLIER_RESPONSE)
    chosen = content.get("m.selections")
    if chosen is None and isinstance(earlier, dict):
        chosen = earlier.get("answers")
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        return []
    return [one[:_LONGEST_ID] for one in chosen[:MOST_ANSWERS]]


def _text(words: str) -> list[Event]:
    return [{"body": words}]
