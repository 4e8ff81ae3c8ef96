from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.factories import NOW
from tracker.manners.doors import Doors, KeepOutError

A, A_TOO, B = "https://www.a.example/x", "https://events.a.example/y", "https://b.example/"


class Clock:
    """A clock that asyncio's sleep moves on, so that hours pass at once."""

    def __init__(self) -> None:
        self.now = 0.0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("tracker.manners.doors.asyncio.get_running_loop", lambda: clock)
    monkeypatch.setattr("tracker.manners.doors.asyncio.sleep", clock.sleep)
    return clock


async def ask(doors: Doors, clock: Clock, url: str, *, takes: float = 0, status: int = 200, retry: str = "") -> float:
    async with doors.turn(url):
        at = clock.now
        clock.now += takes
        doors.answered(url, status, retry)
    return at


def test_a_site_has_one_door_and_each_answer_is_followed_by_a_pause(clock: Clock) -> None:
    async def visit() -> list[float]:
        doors = Doors(1.0)
        return [await ask(doors, clock, url, takes=0.2) for url in (A, A_TOO, A)]

    assert asyncio.run(visit()) == pytest.approx([0, 1.2, 2.4])


def test_sites_do_not_wait_for_each_other(clock: Clock) -> None:
    async def visit() -> list[float]:
        doors = Doors(1.0)
        return [await ask(doors, clock, url) for url in (A, B)]

    assert asyncio.run(visit()) == [0, 0]


def test_a_slow_server_is_given_time(clock: Clock) -> None:
    async def visit() -> list[float]:
        doors = Doors(1.0)
        times = [await ask(doors, clock, A, takes=10) for _ in range(6)]
        return [after - before - 10 for before, after in pairwise(times)]

    pauses = asyncio.run(visit())
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert pauses[-1] > 9


def test_who_is_asked_to_slow_down_backs_off_further_each_time(clock: Clock) -> None:
    async def visit() -> list[float]:
        doors = Doors(1.0)
        times = [await ask(doors, clock, A, status=429) for _ in range(3)]
        with pytest.raises(KeepOutError, match="until 2026-11-23 12:01"):
            await ask(doors, clock, A)
        return times

    times = asyncio.run(visit())
    pauses = [after - before for before, after in pairwise(times)]
    assert all(4**n <= pause <= 1.5 * 4**n for n, pause in enumerate(pauses, 1))
    assert len(pauses) == 2, "what it would wait for longer than a minute, it leaves alone"


def test_a_long_wait_is_told_and_kept(clock: Clock) -> None:
    told: list[tuple[str, datetime]] = []

    async def visit(doors: Doors) -> None:
        await ask(doors, clock, A, status=503, retry="3600")
        await ask(doors, clock, A_TOO)

    with pytest.raises(KeepOutError, match="until 2026-11-23 13:00 UTC"):
        asyncio.run(visit(Doors(1.0, on_quiet=lambda *each: told.append(each))))
    assert told == [("a.example", NOW + timedelta(hours=1))]
    with pytest.raises(KeepOutError):
        asyncio.run(visit(Doors(1.0, dict(told))))


@pytest.mark.parametrize(("asked", "kept"), [(5.0, 5.0), (0.2, 1.0), (100_000.0, 60.0)])
def test_a_crawl_delay_lengthens_the_pause(clock: Clock, asked: float, kept: float) -> None:
    async def visit() -> float:
        doors = Doors(1.0)
        doors.slow_down(A, asked)
        await ask(doors, clock, A)
        return await ask(doors, clock, A)

    assert asyncio.run(visit()) == kept


class OtherMachine:
    """Somebody elsewhere, who has taken the next second of every door."""

    def __init__(self) -> None:
        self.held: list[tuple[str, float]] = []
        self.reserved: list[tuple[str, float]] = []

    def reserve(self, domain: str, delay: float) -> float:
        self.reserved.append((domain, delay))
        return 0.3

    def hold(self, domain: str, seconds: float) -> None:
        self.held.append((domain, round(seconds, 1)))


def test_what_others_have_reserved_is_kept_to_and_they_are_told() -> None:
    elsewhere = OtherMachine()

    async def ask() -> float:
        began = asyncio.get_running_loop().time()
        async with Doors(0.1, elsewhere=elsewhere).turn("https://a.example/x"):
            return asyncio.get_running_loop().time() - began

    assert asyncio.run(ask()) >= 0.3
    assert elsewhere.reserved == [("a.example", 0.1)]
    assert elsewhere.held == [("a.example", 0.1)]


def test_who_wakes_too_late_takes_another_moment(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = OtherMachine()
    naps = iter([0.9, 0.1, 0.0])

    async def oversleep(seconds: float) -> None:
        clock.now += seconds + next(naps)

    monkeypatch.setattr("tracker.manners.doors.asyncio.sleep", oversleep)

    assert asyncio.run(ask(Doors(1.0, elsewhere=elsewhere), clock, A)) == pytest.approx(0.3 + 0.9 + 0.3 + 0.1)
    assert len(elsewhere.reserved) == 2


def test_a_machine_that_always_wakes_late_gets_on_all_the_same(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def oversleep(seconds: float) -> None:
        clock.now += seconds + 10

    monkeypatch.setattr("tracker.manners.doors.asyncio.sleep", oversleep)

    assert asyncio.run(ask(Doors(1.0, elsewhere=OtherMachine()), clock, A)) > 0


def test_without_a_pause_nothing_is_reserved() -> None:
    elsewhere = OtherMachine()

    async def ask() -> None:
        async with Doors(0, elsewhere=elsewhere).turn("https://a.example/x"):
            pass

    asyncio.run(ask())
    assert elsewhere.reserved == []
