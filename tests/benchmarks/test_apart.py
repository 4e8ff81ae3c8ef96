"""Whatever a peer does in its own process, the benchmark goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.matching.apart import NoAnswerError, apart, peak_megabytes

pytestmark = pytest.mark.long


def double(number: int) -> int:
    print("this is no line of the table")
    return 2 * number


def fail(kind: type[Exception]) -> None:
    raise kind("so")


def die() -> None:
    os._exit(3)


def leave_behind() -> int:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid


def hold(megabytes: int) -> float:
    held = bytearray(os.urandom(1)) * (megabytes * 2**20)
    return peak_megabytes() + 0 * len(held)


def test_the_answer_comes_back_and_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert apart(double, 21, minutes=1) == 42
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("kind", "text"), [(ValueError, "failed: ValueError: so"), (ModuleNotFoundError, "left out: so")]
)
def test_what_it_raised_is_told(kind: type[Exception], text: str) -> None:
    with pytest.raises(NoAnswerError, match=text):
        apart(fail, kind, minutes=1)


def test_a_death_is_told() -> None:
    with pytest.raises(NoAnswerError, match="its process died, exit code 3"):
        apart(die, minutes=1)


def test_it_is_stopped_in_time() -> None:
    started = time.perf_counter()
    with pytest.raises(NoAnswerError, match=r"stopped after 0\.005 minutes"):
        apart(time.sleep, 60, minutes=0.005)
    assert time.perf_counter() - started < 30


@pytest.mark.long
def test_its_memory_is_its_own() -> None:
    # On Linux a child starts from the peak of its parent, which holds all other tests.
    assert apart(hold, 1_000, minutes=1) > apart(hold, 1, minutes=1) + 300


def test_what_it_started_ends_with_it() -> None:
    left = apart(leave_behind, minutes=1)
    deadline = time.monotonic() + 10
    while lives(left) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not lives(left)


def lives(process: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False
