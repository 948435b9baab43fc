"""What the storage tests share: several workers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

R = TypeVar("R")


class Crowd:
    """Lets several threads do the same thing at the same moment."""

    def __init__(self, size: int) -> None:
        self.size = size

    def all_do(self, work: Callable[[int], R]) -> list[R]:
        """What each of them gets from ``work(its number)``; the first fault is raised."""
        gate = threading.Barrier(self.size)

        def start(number: int) -> R:
            gate.wait()
            return work(number)

        with ThreadPoolExecutor(self.size) as pool:
            return list(pool.map(start, range(self.size)))


@pytest.fixture
def crowd() -> Crowd:
    """Eight threads."""
    return Crowd(8)
