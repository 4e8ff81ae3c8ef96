"""What was rendered, until the data change or the minute passes. Bounded, whatever is asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from tracker.web.responses import CachedResponse

MOST_ANSWERS = 256
MOST_BYTES = 64 * 2**20
MOST_NAMES = 2_048


class AnswerCache:
    """Answers by what was asked for; the one that was not asked for longest goes first."""

    def __init__(self) -> None:
        self._generation: Hashable = None
        self._answers: OrderedDict[Hashable, CachedResponse] = OrderedDict()
        self._names: OrderedDict[Hashable, Hashable] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._answers)

    def start(self, generation: Hashable) -> None:
        """Forget everything if it belongs to another generation of the data."""
        if generation != self._generation:
            self._answers.clear()
            self._names.clear()
            self._bytes = 0
            self._generation = generation

    def named(self, name: Hashable) -> CachedResponse | None:
        """Return what was kept under a way of asking for it."""
        key = self._names.get(name)
        return None if key is None else self.get(key)

    def get(self, key: Hashable) -> CachedResponse | None:
        """Return what was kept under a key."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, key: Hashable, answer: CachedResponse, generation: Hashable) -> None:
        """Keep an answer, if it still belongs to this generation and is not larger than all that may be kept."""
        if generation != self._generation or answer.size > MOST_BYTES // 2 or key in self._answers:
            return
        self._answers[key] = answer
        self._bytes += answer.size
        while len(self._answers) > MOST_ANSWERS or self._bytes > MOST_BYTES:
            self._bytes -= self._answers.popitem(last=False)[1].size

    def name(self, name: Hashable, key: Hashable) -> None:
        """Remember another way of asking for the same."""
        self._names[name] = key
        if len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)
