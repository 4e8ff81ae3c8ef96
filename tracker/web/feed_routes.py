"""Serves ``/events.ics`` and the other feeds, rendered once per query string and change of the data."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import PublicationRefusedError, SelectionError, StoreError
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.publishing.wipe_guard import check_was_crawled
from tracker.web.responses import CachedResponse, ResponseCache, feed_response, text_response
from tracker.web.store_reader import StoreReader

RETRY_AFTER = {"Retry-After": "10"}
CHECK_INTERVAL = 0.05
"""Seconds between two checks for changed data: under load most requests need none."""
_MAX_PENDING = 64
"""Maximum number of feeds being rendered or waiting for it; more is overload."""
_CONCURRENT_RENDERS = 2
"""Maximum number of render threads: more would only compete for the interpreter lock."""
_ALLOWED = {"Allow": "GET, HEAD"}


class Feeds:
    """Serves all feeds of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._data = StoreReader(settings)
        self._base_url = settings.public_url.rstrip("/")
        self._cache = ResponseCache()
        self._checked_at = float("-inf")
        self._generation: Hashable = None
        self._rendering: dict[Hashable, asyncio.Task[CachedResponse]] = {}
        self._slots: asyncio.Semaphore | None = None

    def routes(self) -> list[Route]:
        """Return one route per feed. The path decides the format, never the Accept header."""
        return [Route(f"/{name}", _Endpoint(self, name)) for name in FEEDS]

    async def answer(self, name: str, query: bytes) -> CachedResponse:
        """Return the feed ``name`` for a raw query string."""
        self._check_for_changes()
        try:
            text = query.decode("ascii", "replace")
            if text and not FEEDS[name].takes_selection:
                raise SelectionError(f"There are no filters for {name}.")
            request = FeedRequest.from_query_string(
                text, current_time(), self._base_url, calendar=name.endswith(".ics")
            )
            key = (name, request.query)
            return self._cache.get(key) or await self._render_once(key, request)
        except SelectionError as error:
            return text_response(400, str(error))
        except (StoreError, PublicationRefusedError) as error:
            return text_response(503, str(error), {"Retry-After": "300"})

    def _check_for_changes(self) -> None:
        if time.monotonic() - self._checked_at >= CHECK_INTERVAL:
            self._checked_at = time.monotonic()
            # Includes the current minute, because events leave a feed when they end.
            self._generation = (self._data.stamp(), current_time().replace(second=0))
            self._cache.begin(self._generation)

    async def _render_once(self, key: tuple[str, str], request: FeedRequest) -> CachedResponse:
        """Render a feed; concurrent requests for the same feed share the work."""
        task = self._rendering.get(key)
        if task is None:
            if len(self._rendering) >= _MAX_PENDING:
                return text_response(503, "Too many different feeds are being asked for. Try again soon.", RETRY_AFTER)
            task = asyncio.create_task(self._render(key, request, self._generation))
            self._rendering[key] = task
            task.add_done_callback(lambda _: self._rendering.pop(key, None))
        # A client that disconnects does not cancel the work for the others.
        return await asyncio.shield(task)

    async def _render(self, key: tuple[str, str], request: FeedRequest, generation: Hashable) -> CachedResponse:
        self._slots = self._slots or asyncio.Semaphore(_CONCURRENT_RENDERS)
        async with self._slots:
            response = await run_in_threadpool(self._build, key[0], request)
        self._cache.add(key, response, generation)
        return response

    def _build(self, name: str, request: FeedRequest) -> CachedResponse:
        with self._data.reading() as db:
            check_was_crawled(db, "the data folder")
            response = feed_response(FEEDS[name].build(db, request), name)
        _ = response.gzipped  # compress in this thread, not in the event loop when it is first sent
        return response


class _Endpoint:
    """Serves one feed as an ASGI app."""

    def __init__(self, feeds: Feeds, name: str) -> None:
        self._feeds, self._name = feeds, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        if scope["method"] in {"GET", "HEAD"}:
            response = await self._feeds.answer(self._name, scope["query_string"])
        else:
            response = text_response(405, "Feeds are read with GET.", _ALLOWED)
        await response.send(scope, send)
