"""Serves Streamlit's own scripts and styles: compressed once per process, without its fonts, with our words.

Streamlit leaves compression to a proxy in front, and a small group has none. Its names of files contain a hash of the
content, so that browsers keep them for a year.
"""

from __future__ import annotations

import re
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from tracker.web.responses import CachedResponse

_CACHING = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_OWN_FONT = re.compile(rb"@font-face\{font-family:Source (?:Sans|Serif|Code)[^}]*\}")
"""The theme uses the system's fonts."""
NO_ANSWER = (
    "This page does not reach its server just now. It tries again by itself, and keeps what you have chosen. "
    "Calendars that are subscribed keep their entries meanwhile."
)
WORDS = {
    b"message:`Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:`,"
    b"codeBlock:`streamlit run yourscript.py`": f"message:`{NO_ANSWER}`".encode(),
    b"message:`Streamlit server is not responding. Are you connected to the internet?`": (
        f"message:`{NO_ANSWER}`".encode()
    ),
    b"this.showError(`Connection error`": b"this.showError(`No connection`",
}
"""What Streamlit's script says to visitors while the server is away, and what is said instead."""


class StaticFiles:
    """ASGI middleware that answers requests for the files whose names contain a hash; others pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        root = Path(file_util.get_static_dir())
        self._files = {
            f"/{path.relative_to(root).as_posix()}": path for path in (root / "static").rglob("*") if path.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        path = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if path is None or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        response = await run_in_threadpool(_response, path)
        await response.send(scope, send)


@lru_cache(maxsize=256)
def _response(path: Path) -> CachedResponse:
    body = path.read_bytes()
    if path.suffix == ".css":
        body = _OWN_FONT.sub(b"", body)
    elif path.suffix == ".js":
        for theirs, ours in WORDS.items():
            body = body.replace(theirs, ours)
    kind = {".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}.get(path.suffix) or guess_type(path)[0]
    response = CachedResponse(200, _CACHING | {"Content-Type": kind or "application/octet-stream"}, body)
    if path.suffix in {".js", ".css"}:
        _ = response.gzipped  # here, in a thread: compressing takes up to a tenth of a second
    return response
