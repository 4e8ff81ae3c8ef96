"""Adds security headers to every response; Streamlit sends none."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


class SecurityHeaders:
    """ASGI middleware that adds the headers that a response does not have yet."""

    def __init__(self, app: ASGIApp, *, may_embed: bool = True) -> None:
        """``may_embed``: whether other sites may frame a page that is requested with ``embed=true``."""
        self._app = app
        self._may_embed = may_embed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add headers to its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                # Protects from clickjacking.
                if not (self._may_embed and b"embed=true" in scope["query_string"]):
                    headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
