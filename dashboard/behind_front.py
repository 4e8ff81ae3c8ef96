"""ASGI wrapper that learns from the front server who a visitor is: the Unix socket in between has no addresses."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.web.front.forwarding import CLIENT_HEADER, SCHEME_HEADER


class BehindFront:
    """Sets the client and the scheme of a request from the headers of the front server.

    Only for a server that nobody else reaches: whoever may write these headers is who they say.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] in {"http", "websocket"}:
            told = {name: value.decode("latin-1") for name, value in scope["headers"] if name.startswith(b"x-tracker-")}
            scheme = told.get(SCHEME_HEADER, "http")
            scope = {
                **scope,
                "client": (told.get(CLIENT_HEADER, ""), 0),
                "scheme": scheme.replace("http", "ws") if scope["type"] == "websocket" else scheme,
                "headers": [each for each in scope["headers"] if not each[0].startswith(b"x-tracker-")],
            }
        await self._app(scope, receive, send)
