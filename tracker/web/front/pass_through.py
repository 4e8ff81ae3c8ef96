"""Passes HTTP requests on to the dashboard's process, or says that it is not there yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import TypeVar

import h11
from starlette.types import Receive, Scope, Send

from tracker.web.front.forwarding import end_to_end, naming_the_client, without_body
from tracker.web.front.limits import Limits, Slots, client_of
from tracker.web.responses import SECURITY, CachedResponse, text_response

T = TypeVar("T")
_CHUNK = 65_536
_BUSY = "The dashboard has too much to do. Try again in a moment. The feeds answer as usual: /events.ics"
_LATE = "The dashboard does not answer. The feeds answer as usual: /events.ics"
_STARTING = "The dashboard is starting. The feeds are at /events.ics"
_STARTING_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="2">
<title>The dashboard is starting</title>
</head>
<body>
<h1>The dashboard is starting</h1>
<p>It opens here by itself in a moment. The feeds are at <a href="events.ics">/events.ics</a>.</p>
</body>
</html>
"""


class PassThrough:
    """ASGI app that answers with what the dashboard's process answers on its Unix socket.

    The dashboard is only read (GET, HEAD), because what visitors do goes
    through its WebSocket; so there are no bodies to pass on.
    """

    def __init__(self, socket: Path, limits: Limits) -> None:
        self._socket, self._limits = socket, limits
        self._slots = Slots(limits.requests, limits.requests_each)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        del receive
        if scope["method"] not in {"GET", "HEAD"}:
            answer = text_response(405, "The dashboard is read with GET.", {"Allow": "GET, HEAD"})
            await answer.send(scope, send)
            return
        client = client_of(scope["client"][0] if scope["client"] else "")
        if not self._slots.take(client):
            await text_response(503, _BUSY, {"Retry-After": "5"}).send(scope, send)
            return
        try:
            await self._pass_on(scope, send)
        finally:
            self._slots.release(client)

    async def _pass_on(self, scope: Scope, send: Send) -> None:
        try:
            reader, writer = await self._in_time(asyncio.open_unix_connection(str(self._socket)))
        except OSError:
            await _starting(scope).send(scope, send)
            return
        has_begun = False
        try:
            connection = h11.Connection(h11.CLIENT)
            writer.write((connection.send(_request(scope)) or b"") + (connection.send(h11.EndOfMessage()) or b""))
            async for event in self._events(connection, reader):
                if isinstance(event, h11.Response):
                    has_begun = True
                    headers = end_to_end(event.headers.raw_items())
                    await send({"type": "http.response.start", "status": event.status_code, "headers": headers})
                elif isinstance(event, h11.Data):
                    await send({"type": "http.response.body", "body": bytes(event.data), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except h11.LocalProtocolError:
            await text_response(400, "This request is malformed.").send(scope, send)
        except (OSError, h11.RemoteProtocolError):
            if not has_begun:  # else the connection is closed, which tells the client that something is missing
                await text_response(504, _LATE, {"Retry-After": "10"}).send(scope, send)
        finally:
            writer.transport.abort()

    async def _events(self, connection: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[h11.Event]:
        """Yield the parts of the answer."""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await self._in_time(reader.read(_CHUNK)))
            elif isinstance(event, h11.EndOfMessage):
                return
            elif isinstance(event, h11.Response | h11.Data):
                yield event

    async def _in_time(self, work: Awaitable[T]) -> T:
        async with asyncio.timeout(self._limits.dashboard_seconds):
            return await work


def _request(scope: Scope) -> h11.Request:
    target: bytes = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    address = scope["client"][0] if scope["client"] else ""
    headers = naming_the_client(without_body(end_to_end(scope["headers"])), address, scope["scheme"])
    if not any(name == b"host" for name, _ in headers):  # HTTP/1.0
        headers.append((b"host", b"localhost"))
    return h11.Request(method=scope["method"], target=target, headers=[*headers, (b"connection", b"close")])


def _starting(scope: Scope) -> CachedResponse:
    wanted = b",".join(value for name, value in scope["headers"] if name == b"accept")
    later = {"Retry-After": "2", "Cache-Control": "no-store"}
    if b"text/html" not in wanted:
        return text_response(503, _STARTING, later)
    return CachedResponse(503, SECURITY | later | {"Content-Type": "text/html; charset=utf-8"}, _STARTING_PAGE)
