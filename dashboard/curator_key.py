"""Lets the local curator in by a key: its address sets a cookie, so that reloading and other views keep it."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "curator_key"
PARAMETER = "key"
"""Query parameter of the address that ``tracker serve --curator`` prints."""


class CuratorKey:
    """ASGI middleware that moves the key from the address into a cookie; other requests pass unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or send the browser to the same address without the key."""
        pairs = parse_qsl(scope["query_string"].decode("latin-1")) if scope["type"] == "http" else []
        key = dict(pairs).get(PARAMETER)
        if key is None:
            await self._app(scope, receive, send)
            return
        rest = urlencode([pair for pair in pairs if pair[0] != PARAMETER])
        # A relative address: in front may stand a proxy with a prefix of its own.
        here = "./" + scope["path"].rpartition("/")[2]
        response = RedirectResponse(f"{here}?{rest}" if rest else here, status_code=303)
        if key.isascii() and key.isprintable():  # no other fits into a cookie
            response.set_cookie(COOKIE, quote(key, safe=""), httponly=True, samesite="strict")
        await response(scope, receive, send)
