"""Parses RSS and Atom feeds into one listing per entry.

Pitfalls: the day of publication is not the day of the event; date and place are often only in the title
(``title_pattern``), and a description is prose. Only the RSS event module (``ev:startdate``) has fields for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import feedparser
from pydantic import Field, field_validator

from spiders.formats.documents import head_of, html_of, looks_like_html, reject_empty, reject_login_or_captcha, text_of
from spiders.formats.raw_listings import Pattern
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.reading.links import read_link
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_GROUPS = frozenset({"title", "starts", "ends", "place", "deadline"})
_LONG = 6
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
"""The XML declaration; its charset no longer applies once the feed is encoded as UTF-8."""
_ROOTS = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "feed"``."""

    feed_urls: tuple[WebLink, ...] = Field(min_length=1)
    """URLs of the feeds."""
    title_pattern: Pattern = ""
    """Regular expression for titles with date or place: ``(?P<title>.+) — (?P<starts>.+) — (?P<place>.+)``."""

    @field_validator("title_pattern")
    @classmethod
    def _names_parts(cls, value: str) -> str:
        if unknown := set(re.compile(value).groupindex) - _GROUPS:
            raise ValueError(f"unknown part {min(unknown)!r}; parts: {', '.join(sorted(_GROUPS))}")
        return value


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the feeds."""
    del today
    return [PageRequest(url) for url in options.feed_urls]


def read(page: Page, options: Options) -> PageContent:
    """Parse one feed."""
    content = PageContent(is_excerpt=True)
    content.read_each(page, parse_feed(page, content), lambda entry: [_raw(entry, page, options.title_pattern)])
    return content


def parse_feed(page: Page, content: PageContent) -> list[Any]:
    """Return a feed's entries; that a feed is truncated is recorded in ``content``.

    Raises:
        UnreadablePageError: the page is empty, a web page, or not a feed.
    """
    reject_empty(page)
    if not _ROOTS.search(head_of(page, 4_096)):
        reject_login_or_captcha(page)
        what = "a web page" if looks_like_html(page) else "something else"
        message = f"Not a feed: {what} came back. Has the feed moved?"
        raise UnreadablePageError(message, diagnosis="not_a_feed", url=page.url)
    # Links are resolved and HTML is cleaned elsewhere: in feedparser, that takes most of the time.
    text = _DECLARATION.sub("", text_of(page))
    try:
        parsed = feedparser.parse(text.encode("utf-8", "replace"), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # For example an encoding whose name contains a zero byte.
        message = f"Not a feed that can be parsed: {type(error).__name__}: {error}."
        raise UnreadablePageError(message, diagnosis="not_a_feed", url=page.url) from error
    if not re.search(rb"</(?:rss|feed|rdf:RDF)\s*>\s*\Z", page.body.rstrip(b"\0 \r\n\t"), re.IGNORECASE):
        content.problems.append("the feed is cut off")
    if (minutes := str(parsed.feed.get("ttl", ""))).isdecimal() and len(minutes) < _LONG:  # RSS 2.0, ttl
        content.fresh_for = timedelta(minutes=int(minutes))
    return list(parsed.entries)


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself if it is a feed, and the feeds that it advertises."""
    if _ROOTS.search(head_of(page, 4_096)):
        yield {"feed_urls": [page.url]}
    elif looks_like_html(page):
        for link in html_of(page).xpath("//link[contains(@type, 'rss') or contains(@type, 'atom')]/@href")[:3]:
            if url := read_link(link, page.url):
                yield {"feed_urls": [url]}


def entry_html(entry: Mapping[str, Any]) -> str:
    """Return the longest text of an entry: the whole post if the feed has it, else its summary."""
    texts = [str(each.get("value", "")) for each in entry.get("content", [])] + [str(entry.get("summary", ""))]
    return max(texts, key=len)


def _raw(entry: Mapping[str, Any], page: Page, pattern: str) -> RawListing:
    def said(name: str) -> str:
        return str(entry.get(name, "")).strip()

    title = said("title")
    found = re.search(pattern, title) if pattern else None
    parts = {name: text.strip() for name, text in found.groupdict().items() if text} if found else {}
    place = said("ev_location") or parts.get("place", "") or said("location")
    latitude, _, longitude = said("georss_point").partition(" ")
    return RawListing(
        source=page.source,
        source_id=said("id") or said("link"),
        page_url=page.url,
        fetched_at=page.fetched_at,
        published=said("published") or said("updated"),
        title=parts.get("title", title),
        description=entry_html(entry),
        description_is_html=True,
        url=said("link"),
        starts=said("ev_startdate") or parts.get("starts", ""),
        ends=said("ev_enddate") or parts.get("ends", ""),
        types=(said("ev_type"),) if said("ev_type") else (),
        places=(RawPlace(text=place, latitude=latitude, longitude=longitude),) if place else (),
        deadlines=(RawDeadline(text=parts["deadline"]),) if "deadline" in parts else (),
        organizers=(said("ev_organizer"),) if said("ev_organizer") else (),
    )
