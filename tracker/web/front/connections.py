"""HTTP connections of the front server: bounded in number, in time, and in what a client may leave unread or unsaid.

uvicorn waits for ever for a request that has begun or has not, so 1,100 half-open ones take all file descriptors of a
usual process.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from tracker.web.front.limits import Limits
from tracker.web.front.refusal import refuse
from tracker.web.front.stalls import StallTimer
from tracker.web.front.tunnel import STREAM, Tunnels


class Connection(Protocol):
    """What can be closed to make room."""

    def give_way(self) -> None:
        """Close at once."""


class Connections:
    """The open connections of a server, and which of them wait for their client, the longest first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: set[Connection] = set()
        self._waiting: dict[Connection, None] = {}

    def __len__(self) -> int:
        """Return the number of open connections."""
        return len(self._open)

    def add(self, connection: Connection) -> None:
        """Add a connection. If there are too many, the one that waits longest gives way, or else the new one."""
        self._open.add(connection)
        if len(self._open) > self._limit:
            oldest = next(iter(self._waiting), connection)
            self.remove(oldest)
            oldest.give_way()

    def is_waiting(self, connection: Connection) -> None:
        """Note that a connection waits for its client from now on."""
        if connection in self._open:
            self._waiting.pop(connection, None)
            self._waiting[connection] = None

    def is_busy(self, connection: Connection) -> None:
        """Note that a connection does not wait for its client."""
        self._waiting.pop(connection, None)

    def remove(self, connection: Connection) -> None:
        """Forget a connection."""
        self._open.discard(connection)
        self._waiting.pop(connection, None)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol within limits; WebSockets go to the dashboard."""

    def __init__(
        self,
        limits: Limits,
        connections: Connections,
        tunnels: Tunnels | None,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits, self._all, self._tunnels = limits, connections, tunnels
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._stall: StallTimer | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, and expect a request."""
        super().connection_made(transport)
        self._stall = StallTimer(transport, self._limits)
        self._all.add(self)
        self._expect_request(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection no longer."""
        self._stop_timers()
        self._all.remove(self)
        super().connection_lost(exc)

    def give_way(self) -> None:
        """Close at once."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless a request's head is too long."""
        super().data_received(data)
        if self._deadline is not None:
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.head_bytes:
                self._stop_timers()
                refuse(self.transport, 431, "The headers of this request are too long.")

    def on_headers_complete(self) -> None:
        """Answer the request."""
        self._stop_timers()
        self._all.is_busy(self)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Expect the next request."""
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._all.is_waiting(self)  # for the client to read the last answer
            if self._stall is not None:
                self._stall.start()
        elif not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self._expect_request(self.timeout_keep_alive + self._limits.head_seconds)

    def pause_writing(self) -> None:
        """Wait until the client has read."""
        super().pause_writing()
        self._all.is_waiting(self)
        if self._stall is not None:
            self._stall.start()

    def resume_writing(self) -> None:
        """Go on answering."""
        if self._stall is not None:
            self._stall.stop()
        if self._deadline is None:
            self._all.is_busy(self)
        super().resume_writing()

    def handle_websocket_upgrade(self) -> None:
        """Hand a WebSocket of the dashboard over to a tunnel."""
        self._stop_timers()
        self._all.remove(self)
        self.connections.discard(self)
        path, _, query = self.url.partition(b"?")
        if self._tunnels is None or path != STREAM:
            refuse(self.transport, 404, "There is no WebSocket here.")
            return
        self._tunnels.open(self.transport, self.server_state, self.client, self.scope["headers"], query)

    def _expect_request(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._all.is_waiting(self)
        self._head_bytes = 0
        self._deadline = self.loop.call_later(seconds, self._end_of_patience)

    def _end_of_patience(self) -> None:
        self._deadline = None
        if self._stall is not None and self.transport.get_write_buffer_size():
            self._stall.start()  # The client still reads the last answer.
            self._expect_request(self._limits.head_seconds)
        else:
            self.transport.abort()

    def _stop_timers(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._stall is not None:
            self._stall.stop()
