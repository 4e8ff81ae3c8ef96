"""``/events.ics`` and its kin: the feed of the selection in the query string."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import SelectionError, StoreError
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.store.entries import EntryCache
from tracker.web.cache import AnswerCache
from tracker.web.responses import CachedResponse, feed_response, takes_gzip, text_response
from tracker.web.store_reader import StoreReader

RETRY_AFTER = {"Retry-After": "10"}
LOOK_EVERY = 0.05
"""Seconds between two looks at whether the data have changed: under load, most requests need none."""
_MOST_WAITING = 64
"""Feeds that are being rendered or wait for it; more is overload."""
_AT_ONCE = 2
"""Feeds rendered at the same time: more threads would only take turns."""
_ALLOWED = {"Allow": "GET, HEAD"}


class Feeds:
    """All feeds of one installation, rendered once per change."""

    def __init__(self, settings: Settings) -> None:
        self._data = StoreReader(settings)
        self._base_url = settings.public_url.rstrip("/")
        self._cache = AnswerCache()
        self._kept = EntryCache()
        self._file: Hashable = None
        self._looked_at = float("-inf")
        self._generation: Hashable = None
        self._rendering: dict[Hashable, asyncio.Task[CachedResponse]] = {}
        self._turns: asyncio.Semaphore | None = None

    @property
    def endpoints(self) -> dict[str, ASGIApp]:
        """One app per path. The path decides the format, never the Accept header."""
        return {f"/{name}": _Endpoint(self, name) for name in FEEDS}

    def routes(self) -> list[Route]:
        """Return one route per feed."""
        return [Route(path, endpoint) for path, endpoint in self.endpoints.items()]

    async def answer(self, name: str, query: bytes, *, zipped: bool) -> CachedResponse:
        """Return the feed ``name`` for a query string as it came."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY:
            self._looked_at = time.monotonic()
            stamp = self._data.stamp()
            if self._data.file != self._file:
                self._file, self._kept = self._data.file, EntryCache()
            self._generation = (stamp, current_time().replace(second=0))
            self._cache.start(self._generation)
        generation = self._generation
        asked_as = (name, query, zipped)
        if (kept := self._cache.named(asked_as)) is not None:
            return kept
        try:
            text = query.decode("ascii", "replace")
            if name == "sources.json" and text:
                raise SelectionError("There are no filters for sources.json.")
            asked = FeedRequest.from_query_string(text, current_time(), self._base_url, calendar=name.endswith(".ics"))
            key = (name, asked.query, zipped)
            answer = self._cache.get(key) or await self._render_once(key, asked, generation)
        except SelectionError as error:
            return text_response(400, str(error))
        except StoreError as error:
            return text_response(503, str(error), {"Retry-After": "300"})
        if answer.status == 200:
            self._cache.name(asked_as, key)
        return answer

    async def _render_once(
        self, key: tuple[str, str, bool], asked: FeedRequest, generation: Hashable, *, inner: bool = False
    ) -> CachedResponse:
        task = self._rendering.get(key)
        if task is None:
            if not inner and len(self._rendering) >= _MOST_WAITING:
                return text_response(503, "Too many different feeds are being asked for. Try again soon.", RETRY_AFTER)
            task = asyncio.create_task(self._render(key, asked, generation))
            self._rendering[key] = task
            task.add_done_callback(lambda _: self._rendering.pop(key, None))
        # Who goes away does not end it for the others that wait for it.
        return await asyncio.shield(task)

    async def _render(self, key: tuple[str, str, bool], asked: FeedRequest, generation: Hashable) -> CachedResponse:
        name, query, zipped = key
        if zipped:
            plain_key = (name, query, False)
            plain = self._cache.get(plain_key) or await self._render_once(plain_key, asked, generation, inner=True)
            answer = await run_in_threadpool(plain.zipped)
        else:
            self._turns = self._turns or asyncio.Semaphore(_AT_ONCE)
            async with self._turns:
                answer = await run_in_threadpool(self._build, name, asked)
        if answer.status == 200:
            self._cache.keep(key, answer, generation)
        return answer

    def _build(self, name: str, asked: FeedRequest) -> CachedResponse:
        with self._data.reading() as db:
            return feed_response(FEEDS[name](db, replace(asked, kept=self._kept)), name)


class _Endpoint:
    """One feed as an ASGI app: nothing stands between the request and the kept bytes."""

    def __init__(self, feeds: Feeds, name: str) -> None:
        self._feeds, self._name = feeds, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        if scope["method"] not in {"GET", "HEAD"}:
            answer = text_response(405, "Feeds are read with GET.", _ALLOWED)
        else:
            answer = await self._feeds.answer(self._name, scope["query_string"], zipped=takes_gzip(scope))
        await answer.send(scope, send)
