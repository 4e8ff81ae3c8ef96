"""Serves all sites of the practice web: an HTTP proxy on 127.0.0.1 that responds instead of the internet.

Sites keep their host names (``http://berlin.example/…``), so robots.txt, rate limits per site and URLs in the store
are as on the real web, and nothing depends on which port is free.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tracker.demo.api_sites import REFUSES_TERMS, collection, communities, forum
from tracker.demo.event_page_sites import PAGES, wordpress_rest
from tracker.demo.fixtures import events_by_site, host, monday_of
from tracker.demo.ical_sites import CALENDARS, empty
from tracker.demo.opportunity_sites import fellowships, jobs, openings, programme
from tracker.demo.response import CALENDAR, JSON, PLAIN, Pages, Site, SiteResponse, page
from tracker.demo.text_sites import blog, deadlines, letter

_ROBOTS = "User-agent: *\nAllow: /\n"
_SIGN_IN = (
    "<!doctype html><html><head><title>Sign in - Google Accounts</title></head>"
    "<body><form action='https://accounts.google.com/ServiceLogin'><input type='password'></form></body></html>"
)


_SITES: dict[str, Site] = {
    "forum": forum,
    "seattle": wordpress_rest,
    "openings": openings,
    "jobs": jobs,
    "blog": blog,
    "letter": letter,
    "deadlines": deadlines,
    "fellowships": fellowships,
    "programme": programme,
}


def write_sites(today: date, *, later: bool = False) -> Pages:
    """Return every page of the practice web by URL, without the scheme."""
    monday = monday_of(today)
    on_site = events_by_site(today, later=later)
    pages: Pages = {}
    for site, calendar in CALENDARS.items():
        pages[f"{host(site)}/calendar.ics"] = page(calendar(on_site[site]), CALENDAR)
    for site, write in PAGES.items():
        pages[f"{host(site)}/"] = page(write(on_site[site]))
    for site, write_all in _SITES.items():
        pages |= write_all(on_site[site], monday)
    for name in ("events", "training"):
        rows = collection(name, on_site[f"aisafety_{name}"], monday)
        pages[f"aisafety.example/api/v1/{name}"] = page(rows, JSON)
    pages["aisafety.example/api/v1/communities"] = page(communities(monday), JSON)
    pages["quiet.example/calendar.ics"] = page(empty(), CALENDAR)
    pages["broken.example/calendar.ics"] = page(_SIGN_IN)
    return pages


class PracticeWeb:
    """The server of the practice web. With ``later``, or after ``reschedule``, one event has moved to another day."""

    def __init__(self, today: date, *, later: bool = False) -> None:
        self._today = today
        self.pages = write_sites(today, later=later)
        self.requests: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.answer(self)

            def do_POST(self) -> None:
                web.answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                """Log nothing: the crawl reports."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """``127.0.0.1:PORT``"""
        return f"127.0.0.1:{self._server.server_port}"

    def reschedule(self) -> None:
        """Simulate the passing of time: one event moves to another day."""
        self.pages = write_sites(self._today, later=True)

    @contextmanager
    def serving(self) -> Iterator[PracticeWeb]:
        """Serve requests within the context."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answer(self, request: BaseHTTPRequestHandler, posted: bytes = b"") -> None:
        """Respond to one request, with validators (ETag)."""
        # A proxy receives absolute URLs (RFC 9112 section 3.2.2).
        parts = urlsplit(request.path)
        where = f"{parts.netloc or request.headers.get('Host', '')}{parts.path}"
        self.requests.append(f"{where}?{parts.query}" if parts.query else where)
        found = self.pages.get(f"{where}?{parts.query}") or self.pages.get(where)
        if parts.path == "/robots.txt":
            found = page(_ROBOTS, PLAIN)
        if found is None:
            _send(request, 404, page("", PLAIN))
        elif b"terms" in posted:
            _send(request, 400, page(REFUSES_TERMS, JSON))
        else:
            is_known = not posted and request.headers.get("If-None-Match") == _etag(found)
            _send(request, 304 if is_known else 200, found)


def _send(request: BaseHTTPRequestHandler, status: int, answer: SiteResponse) -> None:
    request.send_response(status)
    request.send_header("ETag", _etag(answer))
    request.send_header("Content-Type", answer.content_type)
    if status != HTTPStatus.NOT_MODIFIED:
        request.send_header("Content-Length", str(len(answer.body)))
    request.end_headers()
    if status != HTTPStatus.NOT_MODIFIED:
        request.wfile.write(answer.body)


def _etag(answer: SiteResponse) -> str:
    return f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
