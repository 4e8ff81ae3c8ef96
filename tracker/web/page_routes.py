"""Serves pages without scripts, and files for search engines and programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import SelectionError, StoreError, UnknownEventError
from tracker.models.selection import Selection, check_length
from tracker.publishing.digest import week_span
from tracker.publishing.embedding import embed_headers, embed_page
from tracker.publishing.event_pages import (
    digest_page,
    event_calendar,
    event_page,
    event_preview,
    render_digest_page,
)
from tracker.publishing.feeds import FEEDS, Feed
from tracker.publishing.json_events import dump, json_schema
from tracker.publishing.pages import PAGE_HEADERS, render_robots, render_sitemap
from tracker.publishing.pasting import FORMS, DigestRequest, digest_since
from tracker.store import change_log, queries
from tracker.web.openapi import openapi
from tracker.web.responses import CachedResponse, feed_response, text_response
from tracker.web.store_reader import StoreReader

RENAMED = {
    "calendar.ics": "events.ics",
    "feed.ics": "events.ics",
    "feed.json": "events.json",
    "feed.xml": "events.atom",
    "atom.xml": "events.atom",
    "rss.xml": "events.atom",
}
"""Guessed and former names of feeds, redirected to the feed permanently (308). Add, never remove."""
_RESERVED_PATHS = ("/events/{path:path}", "/digest/{path:path}", "/api/{path:path}", "/feed", "/feed/{path:path}",
         "/.well-known/{path:path}")  # fmt: skip
_WEEK = re.compile(r"(\d{4})-w(\d{2})")
_MOST_PASTED = 200
"""Maximum number of events of ``/digest?since=all``."""
_HTML = "text/html; charset=utf-8"
_JSON = "application/json; charset=utf-8"
PageHandler = Callable[[Connection, Request], CachedResponse]


class Pages:
    """Serves all pages of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._data = StoreReader(settings)
        self._base_url = settings.public_url.rstrip("/")

    def routes(self) -> list[Route]:
        """Return the routes, including a real 404 for unknown paths that look like one of ours."""
        handlers: dict[str, PageHandler] = {
            "/events/{event_id}.ics": self._event_calendar,
            "/events/{event_id}.png": self._event_preview,
            "/events/{event_id}": self._event,
            "/embed": self._embed,
            "/digest": self._digest,
            "/digest/{week}": self._digest_of_week,
            "/sitemap.xml": self._sitemap,
        }
        fixed = {
            "/robots.txt": Feed(render_robots(self._base_url), "text/plain; charset=utf-8"),
            "/openapi.json": Feed(dump(openapi(self._base_url)), _JSON),
            "/events.schema.json": Feed(dump(json_schema()), "application/schema+json"),
        }
        return [
            *(Route(path, _Page(self._data, handle)) for path, handle in handlers.items()),
            *(Route(path, _Fixed(feed_response(feed, path.removeprefix("/")))) for path, feed in fixed.items()),
            *(Route(f"/{old}", _Renamed(new)) for old, new in RENAMED.items()),
            *(Route(f"/{{path:path}}.{ending}", _not_found) for ending in ("ics", "json", "atom", "csv", "xml", "rss")),
            *(Route(path, _not_found) for path in _RESERVED_PATHS),
        ]

    def _event(self, db: Connection, request: Request) -> CachedResponse:
        event_id = request.path_params["event_id"]
        if moved := _moved(db, event_id):
            return moved
        body = event_page(db, event_id, current_time().replace(second=0), self._base_url)
        return feed_response(Feed(body, _HTML), extra=PAGE_HEADERS)

    def _event_calendar(self, db: Connection, request: Request) -> CachedResponse:
        event_id = request.path_params["event_id"]
        if moved := _moved(db, event_id, ".ics"):
            return moved
        url = f"{self._base_url}/events/{event_id}.ics" if self._base_url else ""
        body = event_calendar(db, event_id, url)
        return feed_response(Feed(body, "text/calendar; charset=utf-8"), f"{event_id}.ics")

    def _event_preview(self, db: Connection, request: Request) -> CachedResponse:
        event_id = request.path_params["event_id"]
        return _moved(db, event_id, ".png") or feed_response(Feed(event_preview(db, event_id), "image/png"))

    def _embed(self, db: Connection, request: Request) -> CachedResponse:
        body, is_known = embed_page(db, request.url.query, current_time().replace(second=0), self._base_url)
        answer = feed_response(Feed(body, _HTML), extra=embed_headers())
        headers = {name: value for name, value in answer.headers.items() if name != "X-Frame-Options"}
        return replace(answer, headers=headers, status=answer.status if is_known else 400)

    def _digest(self, db: Connection, request: Request) -> CachedResponse:
        now = current_time().replace(second=0)
        query = request.url.query
        check_length(query)
        pairs = parse_qsl(query, keep_blank_values=True)
        asked = DigestRequest.from_pairs(pairs)
        digest = digest_since(db, asked.selection, asked.span, now, most=_MOST_PASTED)
        if asked.form:
            form = FORMS[asked.form]
            return feed_response(
                Feed(form.render(digest).encode(), f"{form.media_type}; charset=utf-8"), extra=PAGE_HEADERS
            )
        rest = [pair for pair in pairs if pair[0] != "format"]
        forms = [(each.label, f"digest?{urlencode([*rest, ('format', name)])}") for name, each in FORMS.items()]
        return self._digest_page(render_digest_page(digest, now, root="", forms=forms))

    def _digest_of_week(self, db: Connection, request: Request) -> CachedResponse:
        week = request.path_params["week"]
        written = _WEEK.fullmatch(week)
        try:
            span = week_span(int(written[1]), int(written[2])) if written else None
        except (ValueError, OverflowError):
            span = None
        now = current_time()
        if span is None or span[1] > now:
            return text_response(404, f"There is no digest {week[:20]!r}. Write a past week as /digest/2026-w47.")
        canonical = f"{self._base_url}/digest/{week}" if self._base_url else ""
        return self._digest_page(digest_page(db, span, now, root="../", canonical=canonical))

    def _digest_page(self, body: bytes) -> CachedResponse:
        return feed_response(Feed(body, _HTML), extra=PAGE_HEADERS)

    def _sitemap(self, db: Connection, request: Request) -> CachedResponse:
        del request
        found = queries.find_events(db, Selection(), current_time())
        return feed_response(Feed(render_sitemap(self._base_url, found), "application/xml; charset=utf-8"))


class _Page:
    """Serves one kind of page as an ASGI app."""

    def __init__(self, data: StoreReader, handle: PageHandler) -> None:
        self._data, self._handle = data, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["method"] not in {"GET", "HEAD"}:
            answer = text_response(405, "Pages are read with GET.", {"Allow": "GET, HEAD"})
        else:
            answer = await run_in_threadpool(self._answer, Request(scope, receive))
        await answer.send(scope, send)

    def _answer(self, request: Request) -> CachedResponse:
        try:
            with self._data.reading() as db:
                try:
                    answer = self._handle(db, request)
                except UnknownEventError:
                    return _unknown(db, request.path_params["event_id"])
        except SelectionError as error:
            return text_response(400, str(error))
        except StoreError as error:
            return text_response(503, str(error), {"Retry-After": "300"})
        _ = answer.gzipped
        return answer


class _Fixed:
    """Serves a constant response."""

    def __init__(self, answer: CachedResponse) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        is_read = scope["method"] in {"GET", "HEAD"}
        answer = self._answer if is_read else text_response(405, "This is read with GET.", {"Allow": "GET, HEAD"})
        await answer.send(scope, send)


class _Renamed:
    """Redirects a former name of a feed to its current one, with the filters."""

    def __init__(self, new: str) -> None:
        self._new = new

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        query = scope["query_string"].decode("latin-1")
        location = f"{self._new}{'?' + query if query else ''}"
        await text_response(308, f"It is /{self._new} now.", {"Location": location}).send(scope, send)


class _NotFound:
    """Responds to a mistyped feed with 404, not with the dashboard's page, which calendar programs cannot parse."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        names = ", ".join(f"/{name}" for name in FEEDS)
        await text_response(404, f"There is no {scope['path'][:200]}. Feeds: {names}.").send(scope, send)


_not_found = _NotFound()


def _moved(db: Connection, event_id: str, ending: str = "") -> CachedResponse | None:
    """Return a redirection if the event was merged into another one.

    Raises:
        UnknownEventError: there is no such event, or it is hidden.
    """
    own = queries.find_event(db, event_id).event.id
    if queries.is_hidden(db, own):
        raise UnknownEventError(event_id)
    return None if own == event_id else text_response(308, f"It is listed as {own}.", {"Location": f"{own}{ending}"})


def _unknown(db: Connection, event_id: str) -> CachedResponse:
    if change_log.was_published(db, event_id):
        return text_response(410, "This event is not listed any more.")
    return text_response(404, "There is no such event.")
