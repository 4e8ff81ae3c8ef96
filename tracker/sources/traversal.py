"""Traverses the pages of a source: decides which pages to request and processes each response, without network access.

The live spider (``spiders.source_spider``) and the replay of saved cases (``tracker.sources.replay``) both use it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from tracker.errors import SourceError
from tracker.models.crawl_result import CrawlResult, PageState
from tracker.models.raw_listing import RawListing, Rejected, bounded_id
from tracker.models.source import Source
from tracker.models.text import check_link
from tracker.reading import read_listing
from tracker.reading.communities import read_community
from tracker.reading.dates.first_sight import FirstSights
from tracker.sources.platform import Page, PageContent, PageRequest, Platform, PlatformOptions

MAX_PAGES = 100
"""Maximum number of pages of one source in one run."""
MAX_PAUSES = 400
"""Maximum sum of the pauses between requests in seconds, so that a source stays within its time limit."""
_NOT_FOUND = frozenset({"gone", "http_error", "not_saved"})
_SAME_SITE = {"lu.ma": "luma.com", "api.lu.ma": "luma.com"}


class Traversal:
    """The state of crawling one source; fills ``result``.

    Args:
        source: the source.
        platform: its platform, with hooks.
        options: the platform's validated options.
        result: filled during the crawl.
        now: the time of the crawl.
        cached_pages: pages that need not be read again if their content is the same, by request key.
        known_pages: keys of all pages that the source has answered before.
        reader_hash: hash of the reader's version and the source file.
        first_sights: the words of earlier listings of the source.
        delay_for: returns the seconds between two requests to the site of a URL.
    """

    def __init__(
        self,
        source: Source,
        platform: Platform,
        options: PlatformOptions,
        result: CrawlResult,
        now: datetime,
        *,
        cached_pages: Mapping[str, PageState] | None = None,
        known_pages: Collection[str] = (),
        reader_hash: str = "",
        first_sights: FirstSights | None = None,
        delay_for: Callable[[str], float] = lambda _: 0.0,
    ) -> None:
        self.source = source
        self.platform = platform
        self.options = options
        self.result = result
        self.now = now
        self.cached_pages = cached_pages or {}
        self.reader_hash = reader_hash
        self._first_sights = first_sights or FirstSights()
        self._delay_for = delay_for
        self._known_urls = {key.partition("#")[0] for key in known_pages}
        self._requested: set[str] = set()
        self._listing_ids: set[str] = set()
        self._details = 0
        self.first_pages = list(platform.first_pages(options, now.date()))
        self.sites = sorted({_site(page.url) for page in self.first_pages})

    def is_on_site(self, url: str) -> bool:
        """Return whether a URL belongs to the site of the source's first pages."""
        site = _site(url)
        return any(site == own or site.endswith(f".{own}") for own in self.sites)

    def may_redirect(self, url: str, target: str) -> bool:
        """Return whether a redirect from one URL to another stays on the site, and is followed."""
        parts = urlsplit(target)
        return parts.scheme in {"http", "https"} and (
            self.is_on_site(target) or urlsplit(url).hostname == parts.hostname
        )

    def request(self, asked: PageRequest) -> bool:
        """Return whether to request a page now; if not, record the reason in the result."""
        if asked.key in self._requested or not self._may_request(asked):
            return False
        self._requested.add(asked.key)
        return True

    def receive(self, asked: PageRequest, body: bytes, content_type: str = "") -> tuple[Page, bool]:
        """Return the page of a response, and whether it has to be read: not if it is unchanged since the last run."""
        page = Page(
            source=self.source.id,
            url=asked.name,
            body=body,
            fetched_at=self.now,
            content_type=content_type,
            posted=asked.posted,
            draft=asked.draft,
            timezone=self.source.timezone or "",
        )
        cached = self.cached_pages.get(asked.key)
        # The pages that an unchanged page links to may have changed.
        must_read = cached is None or cached.has_links or cached.body_hash != _hash(body)
        if not must_read:
            self.result.unchanged_pages.append(asked.name)
        return page, must_read

    def accept(
        self, asked: PageRequest, page: Page, content: PageContent, etag: str = "", last_modified: str = ""
    ) -> Iterator[RawListing | PageRequest]:
        """Add the content of a page to the result; yield its listings, then the pages to request next."""
        result, body_hash = self.result, _hash(page.body)
        cached = self.cached_pages.get(asked.key)
        result.changed_pages += cached is None or cached.body_hash != body_hash
        result.pages.append(
            PageState(asked.key, etag, last_modified, body_hash, self.reader_hash, has_links=bool(content.follow))
        )
        result.found += len(content.listings) + len(content.communities) + len(content.rejected)
        result.rejected.extend(content.rejected)
        for community in map(read_community, content.communities):
            if isinstance(community, Rejected):
                result.rejected.append(community)
            else:
                result.communities.append(community)
        result.problems.extend(content.problems)
        result.notes.extend(content.notes)
        result.is_excerpt |= content.is_excerpt
        if content.fresh_for is not None:
            result.refresh_interval = max(result.refresh_interval, content.fresh_for)
        yield from content.listings
        for following in self._following(content):
            if self.request(following):
                yield following
            elif following.key not in self._requested:
                yield from self._draft_of(following)

    def take(self, raw: RawListing) -> None:
        """Read a raw listing, and add the listing or its rejection to the result."""
        # Another listing of this title says nothing where the page states its own day of publication.
        known = self._first_sights.of(bounded_id(raw.source_id), "" if raw.published else raw.title)
        listing = read_listing(raw, self.source, known)
        if isinstance(listing, Rejected):
            self.result.rejected.append(listing)
        else:
            self.result.keep(raw, listing)

    def fail(self, asked: PageRequest, error: SourceError) -> Iterator[RawListing]:
        """Record that a page could not be fetched or read; yield the draft of its listing, if there is one."""
        result = self.result
        if asked.is_optional and error.diagnosis in _NOT_FOUND:
            result.missing += 1
            if asked.name in self._known_urls:
                # In this run, a vanished page says nothing about the listings that were on it.
                result.vanished_pages.append(asked.key)
                result.is_excerpt = True
        elif not asked.is_detail:
            result.failures.append(error)
        else:
            result.details_missing.append(error)
            if asked.name in self._known_urls:
                result.unchanged_pages.append(asked.name)
            else:
                yield from self._draft_of(asked)

    def _draft_of(self, asked: PageRequest) -> Iterator[RawListing]:
        if asked.draft is not None:
            self.result.found += 1
            yield asked.draft

    def _following(self, content: PageContent) -> list[PageRequest]:
        """Return the pages to request next; only detail pages if the list has begun to repeat itself."""
        ids = {listing.source_id or listing.url for listing in content.listings}
        repeats = bool(ids) and ids <= self._listing_ids
        self._listing_ids |= ids
        if repeats and any(not each.is_detail for each in content.follow):
            self.result.problems.append("the pages repeat themselves; what lies behind them is not read")
            return [each for each in content.follow if each.is_detail]
        return content.follow

    def _may_request(self, asked: PageRequest) -> bool:
        result = self.result
        if asked.inline_body is not None:
            return True
        try:
            is_on_site = asked.allow_offsite or self.is_on_site(check_link(asked.url))
        except ValueError as error:
            result.problems.append(f"the link {asked.url[:100]!r} cannot be followed: {error}")
            return False
        if not is_on_site:
            host = urlsplit(asked.url).hostname
            if asked.is_detail:
                result.notes.append(f"the pages on {host} are not read: another site")
            else:
                result.problems.append(f"the list goes on at another site, {host}, and is not read there")
            return False
        max_details = getattr(self.options, "at_most_pages", None)
        if asked.is_detail and max_details is not None and self._details >= max_details:
            result.notes.append(f"at_most_pages = {max_details}: the other pages of events are not read")
            result.is_excerpt = True
            return False
        delay, count = self._delay_for(asked.url), len(self._requested)
        if delay * count > MAX_PAUSES:
            said = f"the site wants {delay:g} seconds between requests; {count} pages are read"
            (result.notes if asked.is_detail else result.problems).append(said)
            result.is_excerpt = True
            return False
        if count >= MAX_PAGES:
            result.problems.append(f"more than {MAX_PAGES} pages; the others are not read")
            return False
        self._details += asked.is_detail
        return True


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return _SAME_SITE.get(host, host.removeprefix("www."))
