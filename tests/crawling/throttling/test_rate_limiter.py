from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.factories import NOW
from tracker.crawling.throttling.rate_limiter import RateLimiter, RetryLaterError

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
    monkeypatch.setattr("tracker.crawling.throttling.rate_limiter.asyncio.get_running_loop", lambda: clock)
    monkeypatch.setattr("tracker.crawling.throttling.rate_limiter.asyncio.sleep", clock.sleep)
    return clock


async def ask(
    rate_limiter: RateLimiter, clock: Clock, url: str, *, takes: float = 0, status: int = 200, retry: str = ""
) -> float:
    async with rate_limiter.slot(url):
        at = clock.now
        clock.now += takes
        rate_limiter.record_response(url, status, retry)
    return at


def test_hosts_of_one_site_share_a_slot_and_each_response_is_followed_by_a_pause(clock: Clock) -> None:
    async def visit() -> list[float]:
        rate_limiter = RateLimiter(1.0)
        return [await ask(rate_limiter, clock, url, takes=0.2) for url in (A, A_TOO, A)]

    assert asyncio.run(visit()) == pytest.approx([0, 1.2, 2.4])


def test_sites_do_not_wait_for_each_other(clock: Clock) -> None:
    async def visit() -> list[float]:
        rate_limiter = RateLimiter(1.0)
        return [await ask(rate_limiter, clock, url) for url in (A, B)]

    assert asyncio.run(visit()) == [0, 0]


def test_a_slow_server_is_given_time(clock: Clock) -> None:
    async def visit() -> list[float]:
        rate_limiter = RateLimiter(1.0)
        times = [await ask(rate_limiter, clock, A, takes=10) for _ in range(6)]
        return [after - before - 10 for before, after in pairwise(times)]

    pauses = asyncio.run(visit())
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert pauses[-1] > 9


def test_who_is_asked_to_slow_down_backs_off_further_each_time(clock: Clock) -> None:
    async def visit() -> list[float]:
        rate_limiter = RateLimiter(1.0)
        times = [await ask(rate_limiter, clock, A, status=429) for _ in range(3)]
        with pytest.raises(RetryLaterError, match="until 2026-11-23 12:01"):
            await ask(rate_limiter, clock, A)
        return times

    times = asyncio.run(visit())
    pauses = [after - before for before, after in pairwise(times)]
    assert all(4**n <= pause <= 1.5 * 4**n for n, pause in enumerate(pauses, 1))
    assert len(pauses) == 2, "what it would wait for longer than a minute, it leaves alone"


def test_a_long_wait_is_told_and_kept(clock: Clock) -> None:
    told: list[tuple[str, datetime]] = []

    async def visit(rate_limiter: RateLimiter) -> None:
        await ask(rate_limiter, clock, A, status=503, retry="3600")
        await ask(rate_limiter, clock, A_TOO)

    with pytest.raises(RetryLaterError, match="until 2026-11-23 13:00 UTC"):
        asyncio.run(visit(RateLimiter(1.0, on_block=lambda *each: told.append(each))))
    assert told == [("a.example", NOW + timedelta(hours=1))]
    with pytest.raises(RetryLaterError):
        asyncio.run(visit(RateLimiter(1.0, dict(told))))


@pytest.mark.parametrize(("asked", "kept"), [(5.0, 5.0), (0.2, 1.0), (100_000.0, 60.0)])
def test_a_crawl_delay_lengthens_the_pause(clock: Clock, asked: float, kept: float) -> None:
    async def visit() -> float:
        rate_limiter = RateLimiter(1.0)
        rate_limiter.raise_delay(A, asked)
        await ask(rate_limiter, clock, A)
        return await ask(rate_limiter, clock, A)

    assert asyncio.run(visit()) == kept


class OtherWorker:
    """Another worker, which has reserved the next 0.3 seconds of every host."""

    def __init__(self) -> None:
        self.held: list[tuple[str, float]] = []
        self.reserved: list[tuple[str, float]] = []

    def reserve(self, domain: str, delay: float) -> float:
        self.reserved.append((domain, delay))
        return 0.3

    def postpone(self, domain: str, seconds: float) -> None:
        self.held.append((domain, round(seconds, 1)))


@pytest.mark.long
def test_slots_of_other_workers_are_respected_and_the_pause_is_shared() -> None:
    shared = OtherWorker()

    async def ask() -> float:
        began = asyncio.get_running_loop().time()
        async with RateLimiter(0.1, shared=shared).slot("https://a.example/x"):
            return asyncio.get_running_loop().time() - began

    assert asyncio.run(ask()) >= 0.3
    assert shared.reserved == [("a.example", 0.1)]
    assert shared.held == [("a.example", 0.1)]


def test_a_missed_slot_is_reserved_anew(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = OtherWorker()
    naps = iter([0.9, 0.1, 0.0])

    async def oversleep(seconds: float) -> None:
        clock.now += seconds + next(naps)

    monkeypatch.setattr("tracker.crawling.throttling.rate_limiter.asyncio.sleep", oversleep)

    assert asyncio.run(ask(RateLimiter(1.0, shared=shared), clock, A)) == pytest.approx(0.3 + 0.9 + 0.3 + 0.1)
    assert len(shared.reserved) == 2


def test_a_worker_that_always_wakes_late_still_gets_on(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    async def oversleep(seconds: float) -> None:
        clock.now += seconds + 10

    monkeypatch.setattr("tracker.crawling.throttling.rate_limiter.asyncio.sleep", oversleep)

    assert asyncio.run(ask(RateLimiter(1.0, shared=OtherWorker()), clock, A)) > 0


def test_without_a_pause_nothing_is_reserved() -> None:
    shared = OtherWorker()

    async def ask() -> None:
        async with RateLimiter(0, shared=shared).slot("https://a.example/x"):
            pass

    asyncio.run(ask())
    assert shared.reserved == []
