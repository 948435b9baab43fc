"""Polls as events, in both forms (MSC3381), and as words for programs that show none."""

from __future__ import annotations

from typing import Any

import pytest

from bot.matrix.outgoing import msgtype_of, relation_of
from bot.matrix.polls import END, POLLS, START
from bot.matrix.render import MatrixRenderer
from handlers.reply import Message, Option, Paragraph, Poll, Rendered, Reply, StoredFile
from handlers.wording import _, verbatim
from tests.bot.matrix.deliveries import delivery

DAYS = Poll(
    verbatim("Quel <jour> ?"),
    (Option("1", verbatim("mardi")), Option("2", verbatim("jeudi"))),
)
YES_NO = Poll(verbatim("D'accord ?"), (Option("oui", _("oui")), Option("non", _("non"))))
EARLIER = "org.matrix.msc3381.poll"
TEXT = "org.matrix.msc1767.text"


def rendered(poll: Poll, *, stable: bool = False, **more: Any) -> list[Rendered]:
    message = Message("k", "room:members", "fr", Reply((Paragraph(_("Voici :")), poll)), **more)
    return MatrixRenderer(stable_polls=stable).render(message)


def test_words_come_before_the_poll_and_files_after_it() -> None:
    file = StoredFile(1, "plan.pdf", "application/pdf", 5)
    units = rendered(DAYS, files=(file,), thread="$root", answers="$asked")
    assert [unit.payload["action"] for unit in units] == ["message", "poll", "file"]
    assert [unit.payload.get("thread") for unit in units] == ["$root"] * 3
    assert [unit.payload.get("answers") for unit in units] == ["$asked", None, None]


@pytest.mark.parametrize(
    ("poll", "body", "html"),
    [
        (
            DAYS,
            "Quel <jour> ?\n1. mardi\n2. jeudi",
            "<p><strong>Quel &lt;jour&gt; ?</strong></p><ol><li>mardi</li><li>jeudi</li></ol>",
        ),
        (
            YES_NO,
            "D'accord ?\n- oui\n- non",
            "<p><strong>D&#x27;accord ?</strong></p><ul><li>oui</li><li>non</li></ul>",
        ),
    ],
)
def test_the_same_in_words(poll: Poll, body: str, html: str) -> None:
    content: Any = rendered(poll)[0].payload["content"]
    assert content["body"] == f"Voici :\n\n{body}"
    assert content["formatted_body"] == f"<p>Voici :</p>{html}"


def test_the_form_that_most_programs_show() -> None:
    payload: Any = rendered(DAYS)[1].payload
    assert payload["type"] == f"{EARLIER}.start"
    assert payload["content"] == {
        TEXT: "Quel <jour> ?\n1. mardi\n2. jeudi",
        f"{EARLIER}.start": {
            "kind": f"{EARLIER}.undisclosed",
            "max_selections": 1,
            "question": {TEXT: "Quel <jour> ?", "body": "Quel <jour> ?", "msgtype": "m.text"},
            "answers": [{"id": "1", TEXT: "mardi"}, {"id": "2", TEXT: "jeudi"}],
        },
        "m.mentions": {},
    }


def test_the_form_of_the_specification() -> None:
    payload: Any = rendered(DAYS, stable=True)[1].payload
    assert payload["type"] == "m.poll.start"
    assert payload["content"] == {
        "m.text": [{"body": "Quel <jour> ?\n1. mardi\n2. jeudi"}],
        "m.poll": {
            "kind": "m.undisclosed",
            "max_selections": 1,
            "question": {"m.text": [{"body": "Quel <jour> ?"}]},
            "answers": [
                {"m.id": "1", "m.text": [{"body": "mardi"}]},
                {"m.id": "2", "m.text": [{"body": "jeudi"}]},
            ],
        },
        "m.mentions": {},
    }


@pytest.mark.parametrize(("several", "most"), [(False, 1), (True, 2)])
def test_how_many_may_be_chosen(several: bool, most: int) -> None:
    poll = Poll(DAYS.question, DAYS.options, several=several)
    content: Any = rendered(poll, stable=True)[1].payload["content"]
    assert content["m.poll"]["max_selections"] == most


@pytest.mark.parametrize(
    ("stable", "kind", "content"),
    [
        (True, END, {"m.text": [{"body": "Clos."}], "m.mentions": {}}),
        (False, f"{EARLIER}.end", {TEXT: "Clos.", f"{EARLIER}.end": {}, "m.mentions": {}}),
    ],
)
def test_the_end_has_the_form_of_the_beginning(
    stable: bool, kind: str, content: dict[str, Any]
) -> None:
    started = rendered(DAYS, stable=stable)[1].payload
    # Whichever form is set when it ends.
    (unit,) = MatrixRenderer().close(started, _("Clos."), "fr")
    assert unit.payload == {"action": "poll-end", "type": kind, "content": content}
    assert kind in POLLS


def test_what_is_no_poll_has_no_end() -> None:
    assert MatrixRenderer().close(rendered(DAYS)[0].payload, _("Clos."), "fr") == []


@pytest.mark.parametrize(
    ("action", "taken_back"),
    [("message", True), ("file", True), ("poll", True), ("invite", False), ("redact", False)],
)
def test_what_can_be_taken_back(action: str, taken_back: bool) -> None:
    units = MatrixRenderer().retract({"action": action, "erased": True})
    assert [unit.payload for unit in units] == ([{"action": "redact"}] if taken_back else [])


def test_an_end_is_in_no_thread() -> None:
    end = delivery("room:members", {"action": "poll-end", "type": END, "content": {}})
    assert relation_of(end) == {}
    assert START in POLLS


@pytest.mark.parametrize(
    ("media_type", "msgtype"),
    [
        ("image/png", "m.image"),
        ("audio/ogg", "m.audio"),
        ("video/mp4", "m.video"),
        ("application/pdf", "m.file"),
        ("imagery", "m.file"),
        ("", "m.file"),
    ],
)
def test_as_what_a_file_is_shown(media_type: str, msgtype: str) -> None:
    assert msgtype_of(media_type) == msgtype
