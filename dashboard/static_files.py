"""Serves Streamlit's own scripts and styles: compressed once per process, without its text fonts, with our words.

Of its icon font, which is a third of the page's weight, only the icons that somebody names (``data/build_icons.py``).

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
_ICONS, _ICONS_CACHING = "MaterialSymbols-Rounded.", {"Cache-Control": "public, max-age=86400"}
"""Cached for a day: the file's name does not say which icons are in it."""
_VIEW_PARTS = ("TextInput", "Selectbox", "ButtonGroup", "PageLink", "Pagination")
"""Streamlit's parts that the first view loads when its first elements arrive, one after the other."""
_IMPORT = re.compile(r"(?:from|import)\s*\"\./([\w.-]+\.js)\"|(?:from|import)`\./([\w.-]+\.js)`")
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


def preload_tags() -> list[str]:
    """Return the tags that load the first view's icons and parts together with the page, instead of on demand."""
    root = Path(file_util.get_static_dir())
    scripts = root / "static" / "js"
    in_page = set(re.findall(r"/js/([\w.-]+\.js)", (root / "index.html").read_text("utf-8")))
    wanted = [path.name for part in _VIEW_PARTS for path in sorted(scripts.glob(f"{part}.*.js"))]
    found: dict[str, None] = {}
    while wanted:
        name = wanted.pop()
        if name not in found and name not in in_page:
            found[name] = None
            imported = _IMPORT.findall((scripts / name).read_text("utf-8"))
            wanted += [one or other for one, other in imported]
    icons = next((root / "static" / "media").glob(f"{_ICONS}*"))
    return [
        f'<link rel="preload" href="./static/media/{icons.name}" as="font" type="font/woff2" crossorigin>',
        *(f'<link rel="modulepreload" fetchpriority="low" crossorigin href="./static/js/{name}">' for name in found),
    ]


@lru_cache(maxsize=256)
def _response(path: Path) -> CachedResponse:
    body, caching = path.read_bytes(), _CACHING
    if path.name.startswith(_ICONS):
        body, caching = Path(__file__).with_name("data").joinpath("icons.woff2").read_bytes(), _ICONS_CACHING
    elif path.suffix == ".css":
        body = _OWN_FONT.sub(b"", body)
    elif path.suffix == ".js":
        for theirs, ours in WORDS.items():
            body = body.replace(theirs, ours)
    kind = {".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}.get(path.suffix) or guess_type(path)[0]
    response = CachedResponse(200, caching | {"Content-Type": kind or "application/octet-stream"}, body)
    if path.suffix in {".js", ".css"}:
        _ = response.gzipped  # here, in a thread: compressing takes up to a tenth of a second
    return response
