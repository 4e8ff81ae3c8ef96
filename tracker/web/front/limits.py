"""The limits of the front server, and what counts against them: connections, requests and WebSocket messages."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

_MOST_RATES = 4_096
"""Number of clients with a rate of their own above which those that have been quiet are forgotten."""


@dataclass(frozen=True)
class Limits:
    """Limits of one front server. A *client* is an IP address (IPv6: a /64), as a trusted proxy reports it.

    A dashboard on one core runs its script about seven times a second, so ``messages`` is what keeps it usable.
    Messages beyond the rates are delayed, never dropped: an impatient visitor waits, and nobody else does.
    """

    connections: int = 2_000
    """Open HTTP connections; beyond it the one that has waited longest for its client is closed."""
    head_seconds: float = 10
    """Time for a request's line and headers."""
    head_bytes: int = 65_536
    stall_seconds: float = 20
    """Time in which a client must have read ``stall_bytes`` of what is ready for it."""
    stall_bytes: int = 20_000
    requests: int = 500
    """HTTP requests to the dashboard at the same time."""
    requests_each: int = 100
    websockets: int = 500
    websockets_each: int = 64
    message_bytes: int = 1_000_000
    messages_of_websocket: tuple[float, int] = (2, 20)
    """WebSocket messages a second, and how many at once after a pause; likewise below."""
    messages_of_client: tuple[float, int] = (5, 60)
    messages: tuple[float, int] = (10, 120)
    dashboard_seconds: float = 30
    """Time for the dashboard to accept a connection, to begin an answer, and to go on with it."""

    def for_files(self, files: int) -> Limits:
        """Return limits that a process with this number of file descriptors can keep."""
        needed = self.connections + 2 * self.websockets + self.requests
        share = min(1.0, max(files - 100, 10) / needed)
        return replace(
            self,
            connections=int(self.connections * share),
            requests=int(self.requests * share),
            websockets=int(self.websockets * share),
        )


def client_of(address: str) -> str:
    """Return the client that an IP address belongs to: all IPv6 addresses of a /64, as a household has, are one."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


class Slots:
    """A number of slots, of which each client may take only a part."""

    def __init__(self, total: int, each: int) -> None:
        self._free, self._each = total, each
        self._taken: Counter[str] = Counter()

    def take(self, client: str) -> bool:
        """Take a slot; return whether there was one."""
        if self._free <= 0 or self._taken[client] >= self._each:
            return False
        self._free -= 1
        self._taken[client] += 1
        return True

    def release(self, client: str) -> None:
        """Give a slot back."""
        self._free += 1
        self._taken[client] -= 1
        if not self._taken[client]:
            del self._taken[client]


class Rate:
    """A rate with bursts (the generic cell rate algorithm: a leaky bucket that keeps one number)."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._interval, self._burst = 1 / per_second, burst
        self._full_at = float("-inf")
        """When the whole burst will be available again."""

    def book(self, now: float) -> float:
        """Book the next message; return how many seconds it has to wait."""
        self._full_at = max(self._full_at, now) + self._interval
        return max(0.0, self._full_at - self._burst * self._interval - now)

    def is_quiet(self, now: float) -> bool:
        """Return whether forgetting this rate changes nothing."""
        return self._full_at <= now


class MessageRates:
    """Delays WebSocket messages: of one connection, of one client, and of all together."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._all = Rate(*limits.messages)
        self._clients: dict[str, Rate] = {}

    def of_connection(self, client: str) -> Callable[[], float]:
        """Return what books a message of a new connection: called, it returns the seconds to wait."""
        own = Rate(*self._limits.messages_of_websocket)

        def book() -> float:
            now = self._clock()
            return max(own.book(now), self._of_client(client, now).book(now), self._all.book(now))

        return book

    def _of_client(self, client: str, now: float) -> Rate:
        if client not in self._clients and len(self._clients) >= _MOST_RATES:
            self._clients = {name: rate for name, rate in self._clients.items() if not rate.is_quiet(now)}
        return self._clients.setdefault(client, Rate(*self._limits.messages_of_client))
