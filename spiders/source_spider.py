"""The one spider: bound to one source, it fetches what the source's platform asks for and hands on what it reads."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response

from spiders.failures import name_failure
from spiders.platform import Page, PageContent, PageRequest, Platform, PlatformOptions
from tracker.clock import current_time, is_pretended
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose
from tracker.health.findings import Findings, PageSeen
from tracker.manners.doors import Doors
from tracker.manners.robots import RobotsFiles
from tracker.manners.waiting import clock_skew, freshness
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.models.text import check_link, clean_line

ReadApart = Callable[[Source, Page], Awaitable[PageContent]]
"""Reads a page of a source somewhere else; raises ``SourceError`` only."""

NOT_MODIFIED = 304
BAD_REQUEST = 400
MAX_PAGES = 100
"""Pages of one source in one run."""
LONGEST_WAIT = 400
"""Seconds of pauses that fit into the time that a source has."""
_SAME_SITE = {"lu.ma": "luma.com", "api.lu.ma": "luma.com"}


class SourceSpider(scrapy.Spider):
    """Crawls one source. What it finds, and what goes wrong, is gathered in ``findings``."""

    handle_httpstatus_list = [NOT_MODIFIED]  # noqa: RUF012 - Scrapy's own name and type

    def __init__(
        self,
        source: Source,
        platform: Platform,
        options: PlatformOptions,
        findings: Findings,
        pages_seen: Mapping[str, PageSeen],
        pages_known: Collection[str],
        read_by: str,
        now: datetime,
        doors: Doors,
        robots: RobotsFiles,
        read_apart: ReadApart,
        on_page: Callable[[Page], None] | None = None,
    ) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.platform = platform
        self.options = options
        self.findings = findings
        self.pages_seen = pages_seen
        self._pages_known = {key.partition("#")[0] for key in pages_known}
        self.read_by = read_by
        self.now = now
        self.doors = doors
        self.robots = robots
        self._read_apart = read_apart
        self._on_page = on_page
        self.given_up = asyncio.Event()
        """Set to end at once what is being asked for: Scrapy itself would wait for the answers."""
        self._first = list(platform.first_pages(options, now.date()))
        self._asked: set[str] = set()
        self._ids: set[str] = set()
        self._details = 0
        self.allowed_domains = sorted({_site(page.url) for page in self._first})

    async def start(self) -> AsyncIterator[scrapy.Request | RawListing]:
        """Ask for the platform's first pages; what is at hand need not be asked for."""
        for page in self._first:
            if page.at_hand is None:
                for request in self._ask(page):
                    yield request
            else:
                async for found in self._take(page, page.at_hand, PageSeen(page.key)):
                    yield found

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[RawListing | scrapy.Request]:
        """Hand on the raw listings of a page, and ask for the pages it leads to."""
        del kwargs
        asked: PageRequest = response.meta["asked"]
        try:
            self._note_times(response)
            if response.status == NOT_MODIFIED:
                self._note_unchanged(asked, response)
                return
            answer = PageSeen(asked.key, header(response, "ETag"), header(response, "Last-Modified"))
            async for found in self._take(asked, response.body, answer, header(response, "Content-Type")):
                yield found
        except Exception as error:  # noqa: BLE001 - Scrapy would drop the page without a word
            detail = clean_line(f"{type(error).__name__}: {error}")
            self.findings.failures.append(diagnose("reader_failed", asked.url, detail=detail))

    def note_failure(self, failure: Any) -> Iterator[RawListing]:
        """Name what kept a page from us. ``failure`` is Twisted's; nothing of ours imports Twisted."""
        asked: PageRequest = failure.request.meta["asked"]
        error = name_failure(failure.value, asked.url)
        if asked.may_be_missing and error.diagnosis in {"gone", "http_error"}:
            self.findings.missing += 1
            if asked.name in self._pages_known:  # this once, that it is gone says nothing of what stood on it
                self.findings.vanished_pages.append(asked.key)
                self.findings.is_excerpt = True
        elif asked.is_detail:
            yield from self._without_detail(asked, error)
        else:
            self.findings.failures.append(error)

    def note_move(self, asked: PageRequest, target: str) -> None:
        """Remember where a first page has moved for good; a person decides whether the source file follows."""
        if asked in self._first:
            self.findings.moved_to = target

    def _note_unchanged(self, asked: PageRequest, response: Response) -> None:
        request = response.request
        if request is not None and ("If-None-Match" in request.headers or "If-Modified-Since" in request.headers):
            self.findings.unchanged_pages.append(asked.name)
        else:
            self.findings.failures.append(diagnose("http_error", asked.url, status=NOT_MODIFIED))

    def _note_times(self, response: Response) -> None:
        age, kept = header(response, "Age"), header(response, "Cache-Control")
        self.findings.freshness.append(freshness(kept, header(response, "Expires"), age, self.now))
        if not is_pretended():
            self.findings.clock_skew = clock_skew(header(response, "Date"), age, current_time())

    def closed(self, reason: str) -> None:
        """Say so if the crawl was ended from outside: what it did not reach is not gone."""
        if reason not in {"finished", "shutdown"}:
            self.findings.failures.append(diagnose("timeout", self._first[0].url, detail=reason))

    def is_on_site(self, url: str) -> bool:
        """Say whether an address belongs to the site that the source's first pages are on."""
        site = _site(url)
        return any(site == own or site.endswith(f".{own}") for own in self.allowed_domains)

    async def _take(
        self, asked: PageRequest, body: bytes, answer: PageSeen, content_type: str = ""
    ) -> AsyncIterator[RawListing | scrapy.Request]:
        body_hash = hashlib.sha256(body).hexdigest()
        seen = self.pages_seen.get(asked.key)
        is_unchanged = seen is not None and seen.body_hash == body_hash
        page = Page(self.source.id, asked.name, body, self.now, content_type, asked.posted, asked.draft)
        if self._on_page is not None:
            self._on_page(page)
        if is_unchanged and not (seen and seen.leads_on):
            self.findings.unchanged_pages.append(asked.name)
            return
        try:
            content = await self._read_apart(self.source, page)
        except SourceError as error:
            for draft in self._unreadable(asked, error):
                yield draft
            return
        self.findings.changed_pages += not is_unchanged
        self._note(content, answer.read(body_hash, self.read_by, leads_on=bool(content.follow)))
        for listing in content.listings:
            yield listing
        for onward in self._onward(content):
            for request in self._ask(onward):
                yield request

    def _note(self, content: PageContent, page: PageSeen) -> None:
        self.findings.pages.append(page)
        self.findings.found += len(content.listings) + len(content.rejected)
        self.findings.rejected.extend(content.rejected)
        self.findings.problems.extend(content.problems)
        self.findings.notes.extend(content.notes)
        self.findings.is_excerpt |= content.is_excerpt
        if content.fresh_for is not None:
            self.findings.refresh_interval = max(self.findings.refresh_interval, content.fresh_for)

    def _onward(self, content: PageContent) -> list[PageRequest]:
        """Return the pages to go on to; a list that begins to repeat itself is not followed for ever."""
        ids = {listing.source_id or listing.url for listing in content.listings}
        repeats = bool(ids) and ids <= self._ids
        self._ids |= ids
        if repeats and any(not request.is_detail for request in content.follow):
            self.findings.problems.append("the pages repeat themselves; what lies behind them is not read")
            return [request for request in content.follow if request.is_detail]
        return content.follow

    def _ask(self, asked: PageRequest) -> Iterator[scrapy.Request | RawListing]:
        if asked.key in self._asked:
            return
        if not self._may_ask(asked):
            yield from self._draft(asked)
            return
        self._asked.add(asked.key)
        meta: dict[str, Any] = {"asked": asked, "allow_offsite": True}
        if asked.posted:  # a query that is refused says why, with status 400
            meta["handle_httpstatus_list"] = [NOT_MODIFIED, BAD_REQUEST]
        if self.source.robots == "documented-api":
            meta["dont_obey_robotstxt"] = True
        headers = dict(asked.headers) | ({"Content-Type": "application/json"} if asked.posted else {})
        yield scrapy.Request(
            asked.url,
            method="POST" if asked.posted else "GET",
            body=asked.posted.encode(),
            headers=headers,
            callback=self.parse,
            errback=self.note_failure,
            meta=meta,
            dont_filter=True,
        )

    def _may_ask(self, asked: PageRequest) -> bool:
        """Say whether a page is asked for; if not, why not is noted."""
        try:
            is_near = asked.leaves_site or self.is_on_site(check_link(asked.url))
        except ValueError as error:
            self.findings.problems.append(f"the link {asked.url[:100]!r} cannot be followed: {error}")
            return False
        if not is_near:
            host = urlsplit(asked.url).hostname
            if asked.is_detail:
                self.findings.notes.append(f"the pages on {host} are not read: another site")
            else:
                self.findings.problems.append(f"the list goes on at another site, {host}, and is not read there")
            return False
        most_details = getattr(self.options, "at_most_pages", None)
        if asked.is_detail and most_details is not None and self._details >= most_details:
            self.findings.notes.append(f"at_most_pages = {most_details}: the other pages of events are not read")
            self.findings.is_excerpt = True
            return False
        if self.doors.delay_of(asked.url) * len(self._asked) > LONGEST_WAIT:
            said = (
                f"the site wants {self.doors.delay_of(asked.url):g} seconds between requests; {len(self._asked)} pages"
            )
            (self.findings.notes if asked.is_detail else self.findings.problems).append(f"{said} are read")
            self.findings.is_excerpt = True
            return False
        if len(self._asked) >= MAX_PAGES:
            self.findings.problems.append(f"more than {MAX_PAGES} pages; the others are not read")
            return False
        self._details += asked.is_detail
        return True

    def _unreadable(self, asked: PageRequest, error: SourceError) -> Iterator[RawListing]:
        if asked.is_detail:
            yield from self._without_detail(asked, error)
        else:
            self.findings.failures.append(error)

    def _without_detail(self, asked: PageRequest, error: SourceError) -> Iterator[RawListing]:
        """Keep what is known of a listing whose own page cannot be had."""
        self.findings.details_missing.append(error)
        if asked.name in self._pages_known:
            self.findings.unchanged_pages.append(asked.name)
        else:
            yield from self._draft(asked)

    def _draft(self, asked: PageRequest) -> Iterator[RawListing]:
        if asked.draft is not None:
            self.findings.found += 1
            yield asked.draft


def header(response: Response, name: str) -> str:
    """Return a header of an answer as text; empty if it has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return _SAME_SITE.get(host, host.removeprefix("www."))
