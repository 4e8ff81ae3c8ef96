from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.turns import Turns


class Watched:
    """Counts who has a turn at the same time."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.now, self.most, self.lock = turns, 0, 0, threading.Lock()

    def script(self, visitor: str) -> None:
        with self.turns.turn(visitor):
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.005)
            with self.lock:
                self.now -= 1


@pytest.mark.parametrize(
    ("visitor_of", "most"), [(lambda number: "a", 2), (lambda number: str(number % 5), 3)], ids=["one", "five"]
)
def test_few_scripts_run_at_once_and_all_in_the_end(visitor_of: Callable[[int], str], most: int) -> None:
    watched = Watched(Turns(total=3, each=2))
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(watched.script, map(visitor_of, range(60))))
    assert watched.most == most
    assert watched.turns._free == 3
    assert not watched.turns._taken


def test_a_visitor_in_a_hurry_keeps_no_turn_from_others() -> None:
    turns = Turns(total=3, each=2)
    entered, leave = threading.Barrier(3), threading.Event()

    def hurry() -> None:
        with turns.turn("a"):
            entered.wait(5)
            leave.wait(5)

    threads = [threading.Thread(target=hurry) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(5)
    assert turns._free == 1, "two of three are taken by one visitor"
    with turns.turn("b"):
        assert turns._free == 0
        leave.set()
    for thread in threads:
        thread.join(5)
    assert turns._free == 3


def test_a_turn_ends_with_an_error_and_is_lent_while_its_script_waits() -> None:
    turns = Turns(total=1, each=1)
    with pytest.raises(KeyError), turns.turn("a"):
        raise KeyError
    with turns.turn("a"), turns.lent(), ThreadPoolExecutor(1) as pool:
        pool.submit(Watched(turns).script, "b").result(5)
    with turns.lent():
        assert turns._free == 1
