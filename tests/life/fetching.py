"""Fetches from the simulated world as the crawler's own fetcher does from the web, without Scrapy and without waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.life.ledger import Ledger
from tests.life.outlets import Entry, Outlet, Pages
from tests.life.stories import Wording
from tests.life.world import World
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose, diagnose_status
from tracker.models.crawl_result import CrawlResult
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.sources.platform import PageRequest
from tracker.sources.traversal import Traversal

_A_YEAR = timedelta(days=364)
_NO_ANSWER = frozenset({"http_500", "timeout", "not_a_calendar"})
_SIGN_IN = (
    b"<!doctype html><html><head><title>Sign in - Accounts</title></head>"
    b"<body><form action='/login'><input type='password'></form></body></html>"
)


class WorldFetcher:
    """Answers for all outlets of a world, and notes in a ledger what they showed."""

    def __init__(self, world: World, wording: Wording, ledger: Ledger) -> None:
        self._world, self._wording, self._ledger = world, wording, ledger

    async def fetch(
        self, source: Source, result: CrawlResult, now: datetime, *, was_hanging: bool = False, **further: Any
    ) -> None:
        """Crawl one source into ``result``, as ``tracker.crawling.fetcher.Fetcher`` does."""
        del was_hanging  # nothing takes time here
        self._wording.before_fetch(source.id, now)
        outlet = self._world.outlets[source.id]
        fault = outlet.fault(now)
        kind = fault.kind if fault else ""
        entries = served(outlet, kind, now)
        self._ledger.note(outlet, now, entries, kind)
        pages = outlet.write(outlet, entries, now) if kind not in _NO_ANSWER else {}
        traversal = Traversal(source, platform_of(source), options_of(source), result, now, **further)
        waiting = [each for each in traversal.first_pages if traversal.request(each)]
        while waiting:
            _take(traversal, waiting, pages, kind)


def served(outlet: Outlet, fault: str, now: datetime) -> Sequence[Entry]:
    """Return the entries that an outlet serves, under a fault or without."""
    entries = outlet.shown(now)
    if fault == "empty" or fault in _NO_ANSWER:
        return []
    if fault == "half":
        return entries[: (len(entries) + 1) // 2]
    if fault == "last_year":
        return [replace(each, frozen=each.values(now).shifted(-_A_YEAR), words="") for each in entries]
    return entries


def _take(traversal: Traversal, waiting: list[PageRequest], pages: Pages, fault: str) -> None:
    asked = waiting.pop(0)
    try:
        body = asked.inline_body if asked.inline_body is not None else _answer(asked, pages, fault)
        page, must_read = traversal.receive(asked, body)
        if not must_read:
            return
        content = traversal.platform.read(page, traversal.options)
    except SourceError as error:
        found: Iterable[RawListing | PageRequest] = traversal.fail(asked, error)
    else:
        found = traversal.accept(asked, page, content)
    for each in found:
        if isinstance(each, PageRequest):
            waiting.append(each)
        else:
            traversal.take(each)


def _answer(asked: PageRequest, pages: Pages, fault: str) -> bytes:
    if fault == "http_500":
        raise diagnose_status(500, asked.url)
    if fault == "timeout":
        raise diagnose("timeout", asked.url)
    if fault == "not_a_calendar":
        return _SIGN_IN
    body = pages.get(asked.url.partition("://")[2].partition("?")[0])
    if body is None:
        raise diagnose_status(404, asked.url)
    return body[: len(body) * 3 // 5] if fault == "truncated" else body
