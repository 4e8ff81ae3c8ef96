"""The server behind all sites of the practice web: an HTTP proxy on 127.0.0.1 that answers instead of the internet.

Sites keep their names (``http://berlin.example/…``), so robots rules, politeness per site and addresses in the
store are as on the real web, and nothing depends on which port was free.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tracker.demo import aisafety_site
from tracker.demo.happenings import host, monday_of, true_occasions
from tracker.demo.ical_sites import CALENDARS, empty
from tracker.demo.schema_org_sites import PAGES

_ROBOTS = "User-agent: *\nAllow: /\n"
_SIGN_IN = (
    "<!doctype html><html><head><title>Sign in - Google Accounts</title></head>"
    "<body><form action='https://accounts.google.com/ServiceLogin'><input type='password'></form></body></html>"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address of the practice web answers."""

    body: bytes
    content_type: str


def write_sites(today: date, *, later: bool = False) -> dict[str, Answer]:
    """Return every page of the practice web by address, without the scheme."""
    occasions = true_occasions(today, later=later)
    on_site: dict[str, list[Any]] = {}
    for occasion in occasions:
        for site in occasion.sites:
            on_site.setdefault(site, []).append(occasion)
    calendar, page, data = (
        "text/calendar; charset=utf-8",
        "text/html; charset=utf-8",
        "application/json",
    )
    pages = {
        f"{host(site)}/calendar.ics": Answer(write(on_site[site]).encode(), calendar)
        for site, write in CALENDARS.items()
    }
    pages |= {f"{host(site)}/": Answer(write(on_site[site]).encode(), page) for site, write in PAGES.items()}
    pages |= {
        f"aisafety.example/api/v1/{name}": Answer(
            aisafety_site.collection(name, on_site[f"aisafety_{name}"], monday_of(today)).encode(),
            data,
        )
        for name in ("events", "training")
    }
    pages["quiet.example/calendar.ics"] = Answer(empty().encode(), calendar)
    pages["broken.example/calendar.ics"] = Answer(_SIGN_IN.encode(), page)
    return pages


class PracticeWeb:
    """The running practice web. ``later`` may be switched while it runs: one event then has moved."""

    def __init__(self, today: date, *, later: bool = False) -> None:
        self._today = today
        self.pages = write_sites(today, later=later)
        self.requests: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                """Say nothing: the crawl reports."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """``127.0.0.1:PORT``"""
        return f"127.0.0.1:{self._server.server_port}"

    def move_on(self) -> None:
        """Let time pass: one event moves."""
        self.pages = write_sites(self._today, later=True)

    @contextmanager
    def serving(self) -> Iterator[PracticeWeb]:
        """Answer requests for as long as the context lasts."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request as a careful server does, with validators."""
        # A proxy is asked for whole addresses (RFC 9112 section 3.2.2).
        parts = urlsplit(request.path)
        where = f"{parts.netloc or request.headers.get('Host', '')}{parts.path}"
        self.requests.append(where)
        page = Answer(_ROBOTS.encode(), "text/plain") if parts.path == "/robots.txt" else self.pages.get(where)
        if page is None:
            request.send_response(404)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
        is_known = request.headers.get("If-None-Match") == etag
        request.send_response(304 if is_known else 200)
        request.send_header("ETag", etag)
        request.send_header("Content-Type", page.content_type)
        if not is_known:
            request.send_header("Content-Length", str(len(page.body)))
        request.end_headers()
        if not is_known:
            request.wfile.write(page.body)
