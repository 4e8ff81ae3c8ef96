"""ASGI middleware around Streamlit: security headers, and for its HTML page a head and the list to read at once."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.components.labels import selection_words
from dashboard.event_head import find_event_page
from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.publishing.feeds import CALENDAR_DESCRIPTION, CALENDAR_NAME, FEEDS

_TITLE = b"<title>Streamlit</title>"
_HEAD_END, _ROOT = b"</head>", b'<div id="root"'
_LONGEST_SHELL = 1_000_000
_GZIP_LEVEL = 5
_BASE_URL_SCRIPT = '<script>window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href}</script>'
"""The base URL of all views. Without it Streamlit requests its backend under each view first, and logs errors."""
_OWN_FONT = re.compile(rb"<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*>")


def _no_page(path: str, query: str) -> str:
    del path, query
    return ""


def _no_list(query: str) -> str:
    del query
    return ""


class HeadMiddleware:
    """ASGI middleware that fills in the dashboard's page; other responses pass unchanged."""

    def __init__(
        self,
        app: ASGIApp,
        base_url: str = "",
        views: Iterable[str] = (),
        preloads: Sequence[str] = (),
        first_page: Callable[[str, str], str] = _no_page,
        print_page: Callable[[str], str] = _no_list,
    ) -> None:
        """Fill in the page.

        Args:
            app: what answers.
            base_url: public URL; empty if it is not known.
            views: the paths of the views, which links open without loading the page again.
            preloads: tags for the head, of what the first view loads.
            first_page: returns the HTML of a view, given its path and query string, shown until Streamlit has started.
            print_page: returns the HTML of all of that list, which is printed.
        """
        self._app = app
        self._print_page = print_page
        self._first_page, self._preloads = first_page, "".join(preloads).encode()
        self._base_url = base_url.rstrip("/")
        data = Path(__file__).with_name("data")
        script = (data / "page.js").read_text("utf-8").replace("/*VIEWS*/[]", json.dumps(list(views)))
        self._style = f"<style>{(data / 'page.css').read_text('utf-8')}</style>"
        self._page = f"{self._style}<script>{script}</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and fill in the head of an HTML response."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or "." in scope["path"].rpartition("/")[2]:
            await self._app(scope, receive, send)
            return
        if scope["path"].endswith("/print"):
            await self._send_print_page(scope, receive, send)
            return
        # Removed, so that Streamlit does not compress the page before it is filled in.
        may_compress = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        headers = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
        started: Message | None = None
        body = b""

        async def fill(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                if b"text/html" not in dict(message["headers"]).get(b"content-type", b""):
                    await send(message)
                else:
                    started = message
                return
            if started is None:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) < _LONGEST_SHELL:
                return
            head = await run_in_threadpool(self._head, scope)
            page = _OWN_FONT.sub(b"", body.replace(_TITLE, head, 1))
            page = page.replace(_HEAD_END, self._preloads + _HEAD_END, 1)
            if b"embed=true" not in scope["query_string"]:
                path, query = scope["path"].rpartition("/")[2], scope["query_string"].decode("latin-1")
                listed = await run_in_threadpool(self._first_page, path, query)
                page = page.replace(_ROOT, listed.encode() + _ROOT, 1)
            body = b""
            answer = MutableHeaders(scope=started)
            for name in ("content-length", "etag", "last-modified"):
                del answer[name]
            if may_compress and page:
                page = gzip.compress(page, _GZIP_LEVEL, mtime=0)
                answer["Content-Encoding"] = "gzip"
                answer.add_vary_header("Accept-Encoding")
            await send(started)
            started = None
            await send({**message, "body": page})

        await self._app({**scope, "headers": headers}, receive, fill)

    async def _send_print_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        listed = await run_in_threadpool(self._print_page, scope["query_string"].decode("latin-1"))
        head = (
            f'<meta charset="utf-8"><title>{CALENDAR_NAME}</title><meta name="robots" content="noindex">'
            '<link rel="icon" href="favicon.png">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{self._style}'
        )
        nothing = '<main id="print" class="plain"><h1>No event matches all of these filters.</h1></main>'
        page = f'<!doctype html><html lang="en"><head>{head}</head><body>{listed or nothing}</body></html>'
        await HTMLResponse(page)(scope, receive, send)

    def _head(self, scope: Scope) -> bytes:
        selection = _selection(scope["query_string"].decode("latin-1"))
        query, view = selection.to_query(), scope["path"].rpartition("/")[2]
        asked = f"?{query}" if query else ""
        words = selection_words(selection)
        title = f"{words} · {CALENDAR_NAME}" if words else CALENDAR_NAME
        about = f"{words}. {CALENDAR_DESCRIPTION}" if words else CALENDAR_DESCRIPTION
        address = f"{self._base_url}/{view}{asked}" if self._base_url else ""
        picture = ""
        if view == "event" and (page := find_event_page(scope["query_string"].decode("latin-1"), self._base_url)):
            title, about = f"{page.event.title} · {CALENDAR_NAME}", page.description
            address, picture = page.address, page.picture
        tags = [
            f"<title>{escape(title)}</title>",
            f'<meta name="description" content="{escape(about)}">',
            f'<meta property="og:title" content="{escape(title)}">',
            f'<meta property="og:description" content="{escape(about)}">',
            '<meta property="og:type" content="website">',
            f'<meta name="twitter:card" content="{"summary_large_image" if picture else "summary"}">',
        ]
        if address:
            url = escape(address)
            tags += [f'<link rel="canonical" href="{url}">', f'<meta property="og:url" content="{url}">']
        if picture:
            tags += [f'<meta property="og:image" content="{escape(picture)}">']
        root = f"{self._base_url}/" if self._base_url else ""
        tags += [
            f'<link rel="alternate" type="{each.media_type}" title="{each.title}" href="{escape(root + name + asked)}">'
            for name, each in FEEDS.items()
            if each.takes_selection
        ]
        return "".join([*tags, _BASE_URL_SCRIPT, self._page]).encode()


def _selection(query: str) -> Selection:
    """Return the selection of a query string; parameters that are no filters are left out."""
    ours = Selection.names()
    try:
        return Selection.from_pairs(pair for pair in parse_qsl(query) if pair[0] in ours)
    except SelectionError:
        return Selection()


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
