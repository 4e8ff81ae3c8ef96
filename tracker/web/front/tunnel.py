"""Passes WebSockets on to the dashboard byte by byte, at the pace that its limits allow.

Messages are only counted, not unpacked: a frame's head says where the next one begins. A client that sends too fast is
not read from until its next message is due, so that what it has sent waits in its own buffers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.server import ServerState

from tracker.web.front.forwarding import naming_the_client, without_body
from tracker.web.front.frames import frame_size
from tracker.web.front.limits import Limits, MessageRates, Slots, client_of
from tracker.web.front.refusal import refuse
from tracker.web.front.stalls import StallTimer

STREAM = b"/_stcore/stream"
"""The only path with a WebSocket."""
_ACCEPTED = b"HTTP/1.1 101 "
_BUSY = "Too many pages of the dashboard are open, here or altogether. The feeds answer as usual: /events.ics"
_ABSENT = "The dashboard is starting. The feeds are at /events.ics"


class Tunnels:
    """Opens tunnels to the dashboard's Unix socket, within limits."""

    def __init__(self, socket: Path, limits: Limits, trusted_proxies: list[str] | str) -> None:
        self._socket, self.limits = socket, limits
        self.slots = Slots(limits.websockets, limits.websockets_each)
        self._rates = MessageRates(limits)
        self._trusted_proxies = trusted_proxies
        self._opening: set[asyncio.Task[None]] = set()

    def open(
        self,
        transport: asyncio.Transport,
        server: ServerState,
        peer: tuple[str, int] | None,
        headers: Iterable[tuple[bytes, bytes]],
        query: bytes,
    ) -> None:
        """Open a tunnel for a client that has sent the headers of a WebSocket's handshake."""
        transport.pause_reading()
        task = asyncio.get_running_loop().create_task(self._open(transport, server, peer, headers, query))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(
        self,
        transport: asyncio.Transport,
        server: ServerState,
        peer: tuple[str, int] | None,
        headers: Iterable[tuple[bytes, bytes]],
        query: bytes,
    ) -> None:
        address, scheme = await self._sender(peer, headers)
        client = client_of(address)
        if transport.is_closing():  # the client has gone already
            return
        if not self.slots.take(client):
            refuse(transport, 503, _BUSY)
            return
        tunnel = Tunnel(transport, self.limits, server, self._rates.of_connection(client), lambda: self._end(client))
        transport.set_protocol(tunnel)
        server.connections.add(tunnel)  # type: ignore[arg-type]  # uvicorn asks for nothing but ``shutdown``
        lines = [b"%s: %s\r\n" % each for each in naming_the_client(without_body(headers), address, scheme)]
        target = STREAM + (b"?" + query if query else b"")
        await tunnel.connect(self._socket, b"GET %s HTTP/1.1\r\n%s\r\n" % (target, b"".join(lines)))

    def _end(self, client: str) -> None:
        self.slots.release(client)

    async def _sender(self, peer: tuple[str, int] | None, headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str]:
        """Return the IP address and scheme of a request, as uvicorn tells them for other requests."""
        scope: dict[str, object] = {"type": "http", "client": peer, "scheme": "http", "headers": headers}
        await ProxyHeadersMiddleware(_nothing, self._trusted_proxies)(scope, None, None)  # type: ignore[arg-type]
        found = scope["client"]
        return str(found[0]) if isinstance(found, tuple) else "", str(scope["scheme"])


async def _nothing(*_: object) -> None:
    pass


class Tunnel(asyncio.Protocol):
    """One WebSocket, on the client's side."""

    def __init__(
        self,
        transport: asyncio.Transport,
        limits: Limits,
        server: ServerState,
        book: Callable[[], float],
        ended: Callable[[], None],
    ) -> None:
        self.transport, self._limits, self._server = transport, limits, server
        self._book, self._ended = book, ended
        self._stall = StallTimer(transport, limits)
        self._dashboard: _DashboardSide | None = None
        self._held = bytearray()
        """What the client has sent and the dashboard not yet got; at most what is read at once."""
        self._passing = 0
        """Number of bytes of the current frame that may pass still."""
        self._delay: asyncio.TimerHandle | None = None
        self._answer_due: asyncio.TimerHandle | None = None
        self._is_slow = False
        """Whether the dashboard does not read fast enough."""
        self._is_open = True

    async def connect(self, socket: Path, handshake: bytes) -> None:
        """Connect to the dashboard, when the rates allow it, and send the handshake."""
        try:
            await asyncio.sleep(self._book())
            async with asyncio.timeout(self._limits.dashboard_seconds):
                loop = asyncio.get_running_loop()
                transport, side = await loop.create_unix_connection(lambda: _DashboardSide(self), str(socket))
        except (OSError, TimeoutError):
            refuse(self.transport, 503, _ABSENT)
            return
        if not self._is_open:
            transport.abort()
            return
        self._dashboard = side
        self._answer_due = loop.call_later(self._limits.dashboard_seconds, self.transport.close)
        transport.write(handshake)

    def begin(self) -> None:
        """Read from the client: the dashboard has accepted the WebSocket. What is no WebSocket never gets this far."""
        if self._answer_due is not None:
            self._answer_due.cancel()
        self._read_or_not()

    def data_received(self, data: bytes) -> None:
        """Pass on what may pass."""
        self._held += data
        self._pass_on()

    def _pass_on(self) -> None:
        while self._held and self._delay is None and self._dashboard is not None:
            if self._dashboard.transport.is_closing():
                return
            if self._passing:
                part = bytes(self._held[: self._passing])
                del self._held[: len(part)]
                self._passing -= len(part)
                self._dashboard.transport.write(part)
                continue
            size = frame_size(self._held)
            if size is None:
                break
            if size > self._limits.message_bytes:
                self.transport.close()
                return
            self._passing = size
            if wait := self._book():
                self._delay = asyncio.get_running_loop().call_later(wait, self._go_on)
        self._read_or_not()

    def _go_on(self) -> None:
        self._delay = None
        self._pass_on()

    def _read_or_not(self) -> None:
        if self.transport.is_closing():
            return
        if self._delay is not None or self._is_slow:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def dashboard_is_slow(self, is_slow: bool) -> None:
        """Read no more from the client while the dashboard does not read."""
        self._is_slow = is_slow
        self._read_or_not()

    def pause_writing(self) -> None:
        """Read no more from the dashboard while the client does not read."""
        self._stall.start()
        if self._dashboard is not None and not self._dashboard.transport.is_closing():
            self._dashboard.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read from the dashboard again."""
        self._stall.stop()
        if self._dashboard is not None and not self._dashboard.transport.is_closing():
            self._dashboard.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the dashboard's side as well."""
        del exc
        self._stall.stop()
        for timer in (self._delay, self._answer_due):
            if timer is not None:
                timer.cancel()
        if self._dashboard is not None:
            self._dashboard.transport.close()
        self._server.connections.discard(self)
        if self._is_open:
            self._is_open = False
            self._ended()

    def shutdown(self) -> None:
        """End it, because the server ends."""
        self.transport.close()


class _DashboardSide(asyncio.Protocol):
    """One WebSocket, on the dashboard's side."""

    def __init__(self, tunnel: Tunnel) -> None:
        self._tunnel = tunnel
        self._is_accepted = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass

    def data_received(self, data: bytes) -> None:
        if not self._tunnel.transport.is_closing():
            self._tunnel.transport.write(data)
        if not self._is_accepted and data.startswith(_ACCEPTED):
            self._is_accepted = True
            self._tunnel.begin()

    def pause_writing(self) -> None:
        self._tunnel.dashboard_is_slow(True)

    def resume_writing(self) -> None:
        self._tunnel.dashboard_is_slow(False)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._tunnel.transport.close()
