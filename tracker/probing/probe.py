"""Probes a URL: tries the suggestions of each platform, and counts the listings that each gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urljoin

from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.event_loop import run_until_complete
from tracker.crawling.fetcher import Fetcher
from tracker.errors import SourceError, SourceFileError, UsageError
from tracker.models.text import check_link, clean_line
from tracker.probing.trial import Trial, crawl_on_trial, temporary_source
from tracker.reading.plain_text import read_text
from tracker.sources.cases import SavedPage
from tracker.sources.platform import Page, PageContent, PageRequest, Platform, load_platform, platform_names

MOST_SUGGESTIONS = 10
_LAST = ("open_graph",)
_CALENDARS = frozenset({"ical", "localist", "events_calendar"})
"""Platforms that refuse everything that is not in their format; of the others, no listing may mean a wrong guess."""
_FEED_LINK = re.compile(
    rb"<link\b[^<>]{0,500}?type=[\"'](?:application/(?:rss|atom)\+xml|text/calendar)[\"'][^<>]{0,500}>", re.IGNORECASE
)
_NAMES = (
    re.compile(rb"^X-WR-CALNAME[^:\r\n]{0,200}:([^\r\n]{1,500})", re.MULTILINE),
    re.compile(rb"property=[\"']og:site_name[\"'][^<>]{0,500}?content=[\"']([^\"']{1,300})"),
    re.compile(rb"<title[^<>]{0,200}>([^<]{1,500})</title>", re.IGNORECASE),
)
_HREF = re.compile(rb"href=[\"']([^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlatformCandidate:
    """One way to read a site, with its trial."""

    platform: str
    options: Mapping[str, Any]
    trial: Trial

    @property
    def count(self) -> int:
        """Number of listings that it gives."""
        return len(self.trial.result.readings)

    @property
    def is_empty_calendar(self) -> bool:
        """True if it is a valid calendar without events, as those of local groups are in most weeks."""
        result = self.trial.result
        return self.platform in _CALENDARS and bool(result.pages) and self.trial.is_healthy and not result.found

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Sort key, the highest is best: many dated listings, read by a platform that is not the last resort."""
        result = self.trial.result
        dated = sum(listing.when.start is not None for _, listing in result.readings.values())
        is_first_choice = self.platform not in _LAST and dated > 0
        return int(is_first_choice), dated, -len(result.rejected), int(self.platform in _CALENDARS)


@dataclass(slots=True)
class Probe:
    """What was found at a URL."""

    url: str
    name: str = ""
    """Name that the page gives itself."""
    robots: str = "permits"
    failure: SourceError | None = None
    """Why the page itself could not be fetched."""
    feeds: list[str] = field(default_factory=list)
    """Feeds that the page advertises."""
    suggestions: list[PlatformCandidate] = field(default_factory=list)
    """Best first."""

    @property
    def best(self) -> PlatformCandidate | None:
        """The best suggestion that gives a listing, else one that reads a valid calendar without events, or None."""
        found = next((each for each in self.suggestions if each.count), None)
        return found or next((each for each in self.suggestions if each.is_empty_calendar), None)


def probe(settings: Settings, url: str) -> Probe:
    """Fetch a page and try what the platforms suggest for it.

    Raises:
        UsageError: ``url`` is not a web address.
    """
    return run_until_complete(lambda: probe_page(Fetcher(settings), url), settings)


async def probe_page(fetcher: Fetcher, url: str) -> Probe:
    """Fetch a page and try what the platforms suggest for it, with a fetcher that others may share.

    Raises:
        UsageError: ``url`` is not a web address.
    """
    try:
        url = check_link(url.replace("webcal://", "https://"))
    except ValueError as error:
        raise UsageError(
            f"{url!r} is not a web address: {error}. Write it whole: https://example.org/events"
        ) from error
    result = Probe(url)
    source = temporary_source("probe", url, "open_graph", {"page_urls": [url]})
    first = await crawl_on_trial(fetcher, source, fetch_only([PageRequest(url)]))
    if first.result.failures:
        result.failure = first.result.failures[0]
        result.robots = "forbids" if result.failure.diagnosis == "robots" else "not reached"
        ways = _named_by_address(url)
    else:
        (saved,) = first.pages[:1]
        result.name = _name(saved)
        result.feeds = _advertised(saved)
        ways = _suggested(saved)[:MOST_SUGGESTIONS]
    for platform, options in ways:
        if (candidate := await _try(fetcher, url, platform, options)) is not None:
            result.suggestions.append(candidate)
    if result.failure is not None and result.best is not None:
        result.failure, result.robots = None, "permits"
        result.name = _name(result.best.trial.pages[0]) if result.best.trial.pages else ""
    result.suggestions.sort(key=lambda each: each.rank, reverse=True)
    return result


def fetch_only(requests: list[PageRequest]) -> Platform:
    """Return a platform that fetches some pages and reads nothing from them."""
    namespace = SimpleNamespace(
        first_pages=lambda options, today: requests,  # noqa: ARG005 - the protocol's names
        read=lambda page, options: PageContent(),  # noqa: ARG005
    )
    return cast("Platform", namespace)


def _suggested(saved: SavedPage) -> list[tuple[str, Mapping[str, Any]]]:
    page = Page("probe", saved.url, saved.body, current_time(), saved.content_type)
    found: list[tuple[str, Mapping[str, Any]]] = []
    for name in sorted(platform_names(), key=lambda name: (name in _LAST, name)):
        try:
            found += [(name, options) for options in load_platform(name).suggest(page)]
        except (SourceError, ValueError, TypeError, LookupError):
            continue  # a platform whose ``suggest`` fails cannot read the page
    return found


def _named_by_address(url: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the calendars that an address itself names: Google forbids programs the page, and documents the feed."""
    page = SavedPage(url, url.encode(), "text/plain")
    return [(name, options) for name, options in _suggested(page) if name == "ical" and "google" in options]


async def _try(fetcher: Fetcher, url: str, platform: str, options: Mapping[str, Any]) -> PlatformCandidate | None:
    try:
        source = temporary_source(
            f"probe_{platform}", url, platform, options, expect={"at_least": 0, "at_most": 10_000}
        )
        load_platform(platform).first_pages(load_platform(platform).Options.model_validate(options), date(2026, 1, 5))
    except (SourceFileError, ValueError):
        return None
    return PlatformCandidate(platform, options, await crawl_on_trial(fetcher, source))


def _name(saved: SavedPage) -> str:
    found = next((match for pattern in _NAMES if (match := pattern.search(saved.body[:500_000]))), None)
    return clean_line(read_text(found[1].decode("utf-8", "replace")), 80) if found else ""


def _advertised(saved: SavedPage) -> list[str]:
    links = [_HREF.search(match[0]) for match in _FEED_LINK.finditer(saved.body[:500_000])]
    return list(dict.fromkeys(urljoin(saved.url, link[1].decode("utf-8", "replace")) for link in links if link))[:5]
