"""Rate limiting per registrable domain: one request in flight, and a pause after each response.

Scrapy's own delay and AutoThrottle work per crawler and host. Several of our crawlers run in one process, may share a
site, and must also respect ``Retry-After`` and ``Crawl-delay``, which Scrapy does not.
"""

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
from tracker.crawling.throttling.domains import registrable_domain
from tracker.crawling.throttling.http_dates import retry_after

MAX_WAIT = 60.0
"""Longest wait in seconds that a server may impose during a crawl; after a longer one the source is crawled later."""
MAX_DELAY = 60.0
"""Upper bound in seconds of the pause between two requests, even if robots.txt asks for more: a crawl has to end."""
_SLOW_DOWN_STATUSES = frozenset({429, 503})
_BACKOFF_FACTOR, _MAX_BACKOFF_STEPS = 4.0, 6
_LATENCY_WEIGHT = 0.5
"""Weight of the newest response in the moving average of latencies."""
_MISSED_SLOT = 0.5
"""Fraction of the pause after which a reserved slot counts as missed, because a busy machine wakes late."""
_MAX_RESERVATIONS = 2
"""Limit of reservations per request, so that a machine that always wakes late makes progress."""


class RetryLaterError(Exception):
    """A domain asked for no requests for some time (``Retry-After``).

    Attributes:
        until: the instant at which the block ends.
    """

    def __init__(self, domain: str, until: datetime) -> None:
        super().__init__(f"{domain} asks to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


class SharedRateLimiter(Protocol):
    """Request slots shared with crawlers in other processes. Both methods may raise ``StoreError``."""

    def reserve(self, domain: str, delay: float) -> float:
        """Reserve the next request slot of a domain; return how many seconds ahead it is."""

    def postpone(self, domain: str, seconds: float) -> None:
        """Postpone the next request slot of a domain to at least this many seconds from now."""


@dataclass(slots=True)
class _HostState:
    delay: float
    """Seconds between a response and the next request."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the request in flight."""
    next_request_at: float = 0.0
    """Time of the next request on the event loop's clock."""
    latency: float = 0.0
    """Moving average of response times, in seconds."""
    refusals: int = 0
    """Consecutive responses that asked to slow down."""


class RateLimiter:
    """Rate limits of all crawls in one process.

    Args:
        delay: seconds between a response and the next request to the same domain.
        blocked: domains whose block from an earlier crawl still holds, with the end of each block.
        on_block: called with the domain and the end of a new block, so that it can be stored.
        shared: slots shared with other processes; None if this process crawls alone.
    """

    def __init__(
        self,
        delay: float,
        blocked: Mapping[str, datetime] | None = None,
        on_block: Callable[[str, datetime], None] = lambda *_: None,
        shared: SharedRateLimiter | None = None,
    ) -> None:
        self._delay = delay
        self._blocked = dict(blocked or {})
        self._on_block = on_block
        self._shared = shared
        self._hosts: dict[str, _HostState] = defaultdict(lambda: _HostState(delay))

    @asynccontextmanager
    async def slot(self, url: str) -> AsyncIterator[None]:
        """Wait for the host slot of ``url`` and hold it for one request.

        Raises:
            RetryLaterError: the domain is blocked for longer than a crawl waits.
        """
        domain = registrable_domain(url)
        host = self._hosts[domain]
        loop = asyncio.get_running_loop()
        self._check_blocked(domain)
        async with host.lock:
            self._check_blocked(domain)
            await self._wait_for_slot(domain, host)
            sent_at = loop.time()
            try:
                yield
            finally:
                answered_at = loop.time()
                host.latency += _LATENCY_WEIGHT * (answered_at - sent_at - host.latency)
                # A slow server gets longer pauses, as with Scrapy's AutoThrottle at a concurrency of one.
                pause = max(host.delay, min(host.latency, MAX_DELAY) if self._delay else 0.0)
                host.next_request_at = max(host.next_request_at, answered_at + pause)
                if self._shared is not None and host.next_request_at > answered_at:
                    self._shared.postpone(domain, host.next_request_at - answered_at)

    async def _wait_for_slot(self, domain: str, host: _HostState) -> None:
        """Sleep until the slot; if this process wakes so late that the next slot is close, reserve another one."""
        loop = asyncio.get_running_loop()
        for _ in range(_MAX_RESERVATIONS):
            wait = max(0.0, host.next_request_at - loop.time())
            if self._shared is not None and host.delay:
                wait = max(wait, self._shared.reserve(domain, host.delay))
            slot_at = loop.time() + wait
            if wait > 0:
                await asyncio.sleep(wait)
            if self._shared is None or loop.time() - slot_at <= _MISSED_SLOT * host.delay:
                return

    def record_response(self, url: str, status: int, retry_after_header: str) -> datetime | None:
        """Adapt the rate to a response; called while holding the slot.

        Returns:
            The end of the block that the domain asks for, if that is longer than a crawl waits; else None.
        """
        domain = registrable_domain(url)
        host = self._hosts[domain]
        if status not in _SLOW_DOWN_STATUSES:
            host.refusals = 0
            return None
        host.refusals += 1
        now = current_time()
        wait = retry_after(retry_after_header, now)
        if wait is None:
            wait = timedelta(seconds=self._backoff(host))
        if wait > timedelta(seconds=MAX_WAIT):
            self._blocked[domain] = now + wait
            self._on_block(domain, now + wait)
            return now + wait
        host.next_request_at = asyncio.get_running_loop().time() + wait.total_seconds()
        return None

    def block_until(self, domain: str, until: datetime) -> None:
        """Block a domain that asked another process for no requests."""
        self._blocked[domain] = until

    def delay_for(self, url: str) -> float:
        """Return the minimum number of seconds between two requests to the site of ``url``."""
        return self._hosts[registrable_domain(url)].delay

    def raise_delay(self, url: str, seconds: float) -> None:
        """Raise the pause between requests to at least this many seconds (``Crawl-delay`` of robots.txt)."""
        host = self._hosts[registrable_domain(url)]
        host.delay = min(max(host.delay, seconds), max(MAX_DELAY, self._delay))

    def _check_blocked(self, domain: str) -> None:
        until = self._blocked.get(domain)
        if until is not None and until > current_time():
            raise RetryLaterError(domain, until)

    def _backoff(self, host: _HostState) -> float:
        """Return the exponential back-off in seconds, with jitter so that crawlers do not retry in step."""
        step = min(host.refusals, _MAX_BACKOFF_STEPS)
        return self._delay * _BACKOFF_FACTOR**step * random.uniform(1, 1.5)  # noqa: S311
