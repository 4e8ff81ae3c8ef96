"""``/events.ics`` and ``/events.json``: the feed of the selection in the query string."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import SelectionError, StoreError
from tracker.models.selection import Selection
from tracker.publishing.feeds import FORMATS, Feed
from tracker.store import open_store

_HEADERS = {
    "Cache-Control": "public, max-age=3600, stale-if-error=86400",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


class FeedRoutes:
    """One route per format of ``tracker.publishing.feeds``. The path decides the format, never the Accept header."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def routes(self) -> list[Route]:
        """Return the routes; Starlette adds HEAD to each."""
        return [
            Route(f"/events.{ending}", self._endpoint(ending, build), methods=["GET"])
            for ending, build in FORMATS.items()
        ]

    def _endpoint(
        self, ending: str, build: Callable[[Connection, Selection, datetime, str], Feed]
    ) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            try:
                selection = Selection.from_query(request.url.query)
            except SelectionError as error:
                return PlainTextResponse(f"{error}\n", status_code=400)
            query = selection.to_query()
            base = self._settings.public_url.rstrip("/")
            url = f"{base}/events.{ending}{'?' + query if query else ''}" if base else ""
            try:
                store = open_store(self._settings.store_url)
                with store.reading() as db:
                    feed = build(db, selection, current_time(), url)
                store.close()
            except SelectionError as error:
                return PlainTextResponse(f"{error}\n", status_code=400)
            except StoreError as error:
                return PlainTextResponse(f"{error}\n", status_code=503, headers={"Retry-After": "300"})
            return conditional(request, feed, f"events.{ending}")

        return answer


def conditional(request: Request, feed: Feed, filename: str) -> Response:
    """Answer 304 if the client has this very feed, else the feed with its validators (RFC 9110 section 13)."""
    # Weak, since a proxy or the server itself may compress the body.
    etag = f'W/"{hashlib.sha256(feed.body).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": etag, "Content-Disposition": f'inline; filename="{filename}"'}
    if feed.changed_at is not None:
        headers["Last-Modified"] = format_datetime(feed.changed_at.astimezone(UTC), usegmt=True)
    if _has_it(request, etag, feed.changed_at):
        return Response(status_code=304, headers=headers)
    return Response(feed.body, media_type=feed.media_type, headers=headers)


def _has_it(request: Request, etag: str, changed_at: datetime | None) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        # If-Modified-Since does not count beside it.
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or etag.removeprefix("W/") in known
    since = request.headers.get("If-Modified-Since")
    if since is None or changed_at is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return moment.tzinfo is not None and changed_at <= moment
