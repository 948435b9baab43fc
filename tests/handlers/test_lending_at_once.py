"""One thing is never lent twice in the same days, whoever agrees first: several processes confirm
at the same moment, on both databases (acceptance B34, B35).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.app import open_platform
from config.settings import parse
from handlers.commands import everything
from handlers.dispatch import Dispatcher
from handlers.request import Incoming
from storage.agreements import Agreement
from storage.engine import Database
from tests.conftest import SETTINGS
from tests.handlers.conversation import MAIL, Said, Somebody, World

AT_ONCE = 4
PATIENCE = 120.0


@pytest.fixture
def channel() -> str:
    """What is agreed does not depend on where it is written."""
    return MAIL


@dataclass(frozen=True)
class Job:
    """What one process of the platform does: take in one message, when all are ready."""

    url: str
    folder: Path
    incoming: Incoming
    now: datetime


def _confirm(job: Job, barrier: Barrier) -> None:
    database = Database.open(job.url)
    dispatcher = Dispatcher(open_platform(parse(SETTINGS, job.folder, {})), everything())

    def warm(session: Session) -> None:
        session.execute(text("SELECT 1"))

    database.run(warm)
    barrier.wait(PATIENCE)
    database.run(dispatcher.take_one, job.incoming, job.now)
    database.close()


def _at_once(world: World, folder: Path, answers: Sequence[Incoming]) -> None:
    """Every answer comes in at the same moment, each in a process of its own."""
    url = world.database.engine.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(len(answers))
    jobs = [Job(url, folder, one, world.clock.now()) for one in answers]
    processes = [spawn.Process(target=_confirm, args=(job, barrier)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def _communes(world: World, count: int) -> list[Somebody]:
    codes = ("85045", "85026", "85011", "85024")
    names = ("Paul Chat", "Anne Fort", "Luc Petit", "Rita Blanc")
    return [
        world.member(name, "commune", code)
        for name, code in zip(names[:count], codes[:count], strict=True)
    ]


def _yes(author: Somebody, shown: Said) -> Incoming:
    fields = {"answers": (shown.external_id,), "tag": shown.tag, "subject": f"Re: {shown.subject}"}
    return author.message("oui", **fields)


def test_one_thing_goes_to_one_of_those_who_want_it(world: World, tmp_path: Path) -> None:
    bruno, communes = world.bruno(), _communes(world, AT_ONCE)
    for number, one in enumerate(communes, 1):
        words = f"demande une nacelle, du {3 + number} au {8 + number} mai 2026"
        one.answers(one.asks(words), "oui")
        bruno.writes(f"répondre A-{number} nous prêtons la nôtre")
    shown = [one.asks(f"retenir A-{number}") for number, one in enumerate(communes, 1)]
    _at_once(world, tmp_path, [_yes(o, s) for o, s in zip(communes, shown, strict=True)])
    assert world.count(Agreement) == 1
    told = [one.text for one in world.post()]
    assert sum("C'est convenu avec" in one for one in told) == 1
    assert sum("C'est déjà prêté" in one for one in told) == AT_ONCE - 1


def test_an_offer_and_an_answer_do_not_give_the_same_thing(world: World, tmp_path: Path) -> None:
    bruno, (paul, anne) = world.bruno(), _communes(world, 2)
    bruno.answers(bruno.asks("offre une nacelle, du 4 au 8 mai 2026"), "oui")
    paul.writes("répondre A-1 elle nous intéresse")
    anne.answers(anne.asks("demande une nacelle, du 6 au 12 mai 2026"), "oui")
    bruno.writes("répondre A-2 nous prêtons la nôtre")
    answers = [_yes(bruno, bruno.asks("retenir A-1")), _yes(anne, anne.asks("retenir A-2"))]
    _at_once(world, tmp_path, answers)
    assert world.count(Agreement) == 1
    assert sum("C'est déjà prêté" in one.text for one in world.post()) == 1
