"""Long lists: pages in a chat, all of it in a mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers.request import Kind
from storage.announcements import Announcement, Direction, Stage
from storage.members import Person
from tests.handlers.conversation import MAIL, Said, Somebody, World

COUNT = 25


@pytest.fixture
def reader(world: World) -> Somebody:
    """A member before whom many announcements are open."""
    author, reader = world.bruno(), world.helene()

    def publish(session: Session) -> None:
        person = session.get_one(Person, author.person_id)
        now = world.clock.now()
        session.add_all(
            Announcement(
                person=person,
                direction=Direction.DEMAND,
                category="other",
                words="un tracteur",
                service="",
                severity="",
                audience=[],
                stage=Stage.OPEN,
                year=2026,
                number=number,
                drafted_at=now,
                published_at=now - timedelta(minutes=number),
            )
            for number in range(1, COUNT + 1)
        )

    world.change(publish)
    return reader


def listed(said: Said) -> list[str]:
    """The references of a list."""
    return re.findall(r"A-2026-\d{4}", said.text)


def test_a_chat_gets_a_page_and_a_mail_the_whole(reader: Somebody) -> None:
    said = reader.asks("annonces")
    if reader.channel == MAIL:
        assert len(listed(said)) == COUNT
        assert "suite" not in said.text
    else:
        assert len(listed(said)) == 10
        assert "Encore 15" in said.text


def test_the_pages_hold_everything_once(reader: Somebody) -> None:
    if reader.channel == MAIL:
        assert "tout est montré" in reader.asks("suite").text
        return
    pages = [reader.asks("annonces"), reader.asks("suite"), reader.asks("suite")]
    references = [reference for page in pages for reference in listed(page)]
    assert sorted(references) == [f"A-2026-{number:04d}" for number in range(1, COUNT + 1)]
    assert [len(listed(page)) for page in pages] == [10, 10, 5]
    assert "Encore" not in pages[-1].text
    assert "tout est montré" in reader.asks("suite").text


def test_a_page_is_turned_by_a_reaction_days_later(world: World, reader: Somebody) -> None:
    if reader.channel == MAIL:
        return
    first = reader.asks("annonces")
    world.clock.move(timedelta(days=4))
    world.dispatcher = type(world.dispatcher)(world.platform, world.table)
    react = {"kind": Kind.REACTION, "answers": (first.external_id,)}
    assert reader.writes("🎉", **react) == []
    (second,) = reader.writes("➡", **react)
    assert len(listed(second)) == 10
    assert not set(listed(first)) & set(listed(second))
    # What was turned is not turned twice.
    assert reader.writes("➡", **react) == []


def test_a_page_is_no_question_that_a_yes_answers(reader: Somebody) -> None:
    reader.asks("annonces")
    assert "n'attends pas" in reader.asks("oui").text
    assert bool(listed(reader.asks("suite"))) == (reader.channel != MAIL)


def test_nobody_turns_another_persons_page(world: World, reader: Somebody) -> None:
    first = reader.asks("annonces")
    other = world.stranger()
    assert "A-2026" not in "".join(one.text for one in other.answers(first, "suite"))
