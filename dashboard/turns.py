"""Lets only a few scripts run at the same time, of one visitor and of all.

Scripts compete for the interpreter lock with the event loop that serves all visitors: with forty of them running, a new
visitor's handshake takes longer than a browser waits.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST_AT_ONCE, MOST_OF_ONE_VISITOR = 4, 2


class Turns:
    """Scripts take a turn, in whichever order they get it."""

    def __init__(self, total: int = MOST_AT_ONCE, each: int = MOST_OF_ONE_VISITOR) -> None:
        self._free, self._each = total, each
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._mine = threading.local()

    @contextmanager
    def turn(self, visitor: str) -> Iterator[None]:
        """Wait for a turn, and have it for the block."""
        self._take(visitor)
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend this thread's turn to others, if it has one, while the block waits for something else."""
        visitor: str | None = getattr(self._mine, "visitor", None)
        if visitor is None:
            yield
            return
        self._give_back()
        try:
            yield
        finally:
            self._take(visitor)

    def _take(self, visitor: str) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 and self._taken[visitor] < self._each)
            self._free -= 1
            self._taken[visitor] += 1
        self._mine.visitor = visitor

    def _give_back(self) -> None:
        visitor, self._mine.visitor = self._mine.visitor, None
        with self._changed:
            self._free += 1
            self._taken[visitor] -= 1
            self._taken += Counter()  # forgets who has none
            self._changed.notify_all()


turns = Turns()
