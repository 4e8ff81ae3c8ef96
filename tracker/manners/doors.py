"""One door per registrable domain: whoever crawls it, one request at a time, and a pause after each answer."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tracker.clock import current_time
from tracker.manners.domains import registrable_domain
from tracker.manners.waiting import retry_after

WAITS_FOR = 60.0
"""Seconds that a crawl waits for a server that asks it to; for longer, it comes again another time."""
LONGEST_DELAY = 60.0
"""Seconds between two requests at most, whatever robots.txt asks for: else no crawl would ever end."""
_SLOW_DOWN = frozenset({429, 503})
_BACK_OFF, _MOST_STEPS = 4.0, 6
_SHARE = 0.5
_LATE = 0.5
"""Share of the pause; a machine that has too much to do wakes late."""
_MOST_TRIES = 2
"""A machine that is always late shall get on all the same."""


class KeepOutError(Exception):
    """A domain asked to be left alone.

    Attributes:
        until: for how long.
    """

    def __init__(self, domain: str, until: datetime) -> None:
        super().__init__(f"{domain} asks to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


class Elsewhere(Protocol):
    """What crawlers in other processes have to keep to as well. It may raise what its store raises."""

    def reserve(self, domain: str, delay: float) -> float:
        """Take the next moment at which a domain may be asked; return how many seconds it is away."""

    def hold(self, domain: str, seconds: float) -> None:
        """Let nobody ask a domain for so many seconds from now."""


@dataclass(slots=True)
class _Door:
    delay: float
    """Seconds between an answer and the next request."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    """On the clock of the event loop."""
    latency: float = 0.0
    """How long answers take lately, in seconds."""
    refusals: int = 0
    """Requests in a row that were asked to slow down."""


class Doors:
    """The doors of one process. All its crawls share them, so that politeness holds across sources.

    Args:
        delay: seconds between two requests to one domain.
        quiet: until when domains asked to be left alone, as known from earlier crawls.
        on_quiet: called when another domain asks for that, so that it is kept.
        elsewhere: the same for other processes, if there are any.
    """

    def __init__(
        self,
        delay: float,
        quiet: Mapping[str, datetime] | None = None,
        on_quiet: Callable[[str, datetime], None] = lambda *_: None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._delay = delay
        self._quiet = dict(quiet or {})
        self._on_quiet = on_quiet
        self._elsewhere = elsewhere
        self._doors: dict[str, _Door] = defaultdict(lambda: _Door(delay))

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for our turn at the door of ``url``, and keep it for one request.

        Raises:
            KeepOutError: the domain wants to be left alone for longer than a crawl waits.
        """
        domain = registrable_domain(url)
        door = self._doors[domain]
        loop = asyncio.get_running_loop()
        self._mind(domain)
        async with door.turn:
            self._mind(domain)
            await self._reach(domain, door)
            began = loop.time()
            try:
                yield
            finally:
                ended = loop.time()
                door.latency += _SHARE * (ended - began - door.latency)
                # A server that takes its time is given time: as Scrapy's AutoThrottle, one request in flight.
                pause = max(door.delay, min(door.latency, LONGEST_DELAY) if self._delay else 0.0)
                door.next_at = max(door.next_at, ended + pause)
                if self._elsewhere is not None and door.next_at > ended:
                    self._elsewhere.hold(domain, door.next_at - ended)

    async def _reach(self, domain: str, door: _Door) -> None:
        """Wait until it is our moment. Who wakes so late that the next one's is near takes another."""
        loop = asyncio.get_running_loop()
        for _ in range(_MOST_TRIES):
            wait = max(0.0, door.next_at - loop.time())
            if self._elsewhere is not None and door.delay:
                wait = max(wait, self._elsewhere.reserve(domain, door.delay))
            moment = loop.time() + wait
            if wait > 0:
                await asyncio.sleep(wait)
            if self._elsewhere is None or loop.time() - moment <= _LATE * door.delay:
                return

    def answered(self, url: str, status: int, retry: str) -> datetime | None:
        """Heed what the server answered. Call it within the turn.

        Returns:
            Until when it asks to be left alone, if that is longer than a crawl waits.
        """
        domain = registrable_domain(url)
        door = self._doors[domain]
        if status not in _SLOW_DOWN:
            door.refusals = 0
            return None
        door.refusals += 1
        now = current_time()
        asked = retry_after(retry, now)
        if asked is None:
            asked = timedelta(seconds=self._back_off(door))
        if asked > timedelta(seconds=WAITS_FOR):
            self._quiet[domain] = now + asked
            self._on_quiet(domain, now + asked)
            return now + asked
        door.next_at = asyncio.get_running_loop().time() + asked.total_seconds()
        return None

    def keep_out(self, domain: str, until: datetime) -> None:
        """Heed what a domain asked of others."""
        self._quiet[domain] = until

    def delay_of(self, url: str) -> float:
        """Return how many seconds lie between two requests to a site at least."""
        return self._doors[registrable_domain(url)].delay

    def slow_down(self, url: str, seconds: float) -> None:
        """Keep at least so many seconds between requests: ``Crawl-delay`` of robots.txt."""
        door = self._doors[registrable_domain(url)]
        door.delay = min(max(door.delay, seconds), max(LONGEST_DELAY, self._delay))

    def _mind(self, domain: str) -> None:
        until = self._quiet.get(domain)
        if until is not None and until > current_time():
            raise KeepOutError(domain, until)

    def _back_off(self, door: _Door) -> float:
        """Longer each time, and never twice alike (full jitter), so that crawlers do not come back in step."""
        return self._delay * _BACK_OFF ** min(door.refusals, _MOST_STEPS) * random.uniform(1, 1.5)  # noqa: S311
