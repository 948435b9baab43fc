"""Few mails at once for one domain, and a rest for one that asks to wait."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channel import Refused, TryLater
from bot.mail.politeness import FIRST_REST, LONGEST_REST, Politeness, PutOff


class Clock:
    """Seconds that only the test lets go by."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def put_off(polite: Politeness, domain: str = "a.example") -> None:
    with pytest.raises(PutOff):
        async with polite.turn(domain):
            raise PutOff("450 later")


async def test_only_so_many_at_once_for_one_domain_and_others_go_on() -> None:
    polite, inside, most, gate = Politeness(2), 0, 0, asyncio.Event()
    full = asyncio.Event()

    async def mail(domain: str) -> None:
        nonlocal inside, most
        async with polite.turn(domain):
            inside += 1
            most = max(most, inside)
            if inside == 2:
                full.set()
            await gate.wait()
            inside -= 1

    waiting = [asyncio.create_task(mail("a.example")) for _ in range(5)]
    await full.wait()
    async with polite.turn("b.example"):
        gate.set()
    await asyncio.gather(*waiting)
    assert most == 2


async def test_a_domain_that_asks_to_wait_rests_longer_each_time() -> None:
    clock = Clock()
    polite = Politeness(1, clock)
    await put_off(polite)
    rests = []
    for _ in range(8):
        await put_off(polite)
        with pytest.raises(TryLater) as later:
            async with polite.turn("a.example"):
                raise AssertionError("the domain rests")
        assert not later.value.tried
        assert later.value.after is not None
        rests.append(later.value.after)
        async with polite.turn("b.example"):
            pass
        clock.seconds += later.value.after.total_seconds()
    assert rests[0] == timedelta(seconds=FIRST_REST)
    assert rests[1] == 2 * rests[0]
    assert rests[-1] == timedelta(seconds=LONGEST_REST)


async def test_one_mail_put_off_stops_no_other() -> None:
    polite = Politeness(1, Clock())
    for _ in range(3):
        await put_off(polite)
        async with polite.turn("a.example"):
            pass


async def test_a_refusal_or_our_own_server_away_is_no_reason_to_rest() -> None:
    polite = Politeness(1, Clock())
    for error in (Refused("550"), TryLater("no SMTP connection")) * 2:
        with pytest.raises(type(error)):
            async with polite.turn("a.example"):
                raise error
    async with polite.turn("a.example"):
        pass
