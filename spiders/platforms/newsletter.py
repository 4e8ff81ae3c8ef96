"""Parses newsletters: AISafety.com's weekly issues, and posts that list opportunities (Substack, LessWrong, EA Forum).

A source names the weekly URLs (``issue_url`` with ``{week}`` and ``{year}``), a feed of posts, or single posts. A date
without a year is resolved by the day of the issue; several posts of a feed are read, newest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Self

import lxml.html
from pydantic import Field, model_validator

from spiders.formats.bullets import Bullet, bullets_in_html, bullets_in_markdown
from spiders.formats.cards import as_listing, cards_in_html, cards_in_manifest, cards_in_text
from spiders.formats.documents import html_of, json_of, looks_like_html, reject_empty, reject_login_or_captcha, text_of
from spiders.formats.page_metadata import metadata_listing
from spiders.formats.raw_listings import Pattern, disambiguate_ids
from spiders.platforms.feed import entry_html, parse_feed
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.reading.links import read_link, without_tracking
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_WEEK = re.compile(r"week-(\d{1,2})-(\d{4})")
_PUBLISHED = re.compile(r"(?im)^week \d{1,2}, \d{4}\s+(\d{1,2} [A-Z][a-z]+ \d{4})$")
_ASIDES = re.compile(
    r"(?i)\W*(?:(?:foot|end)?notes?|see also|about(?: us| this(?: newsletter)?)?|archive|feedback|our sponsors?)\W*"
)
"""Headings of lists without opportunities."""
_SENT_ON = 4
"""Thursday: issues came out on 24 September, 1 and 8 October 2026."""


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "newsletter"``."""

    issue_url: str = ""
    """URL of an issue: ``https://aisafety.com/newsletter/events/week-{week}-{year}``."""
    weeks: int = Field(default=4, ge=1, le=52)
    """Number of weekly issues to read, from this week backwards; of numbered ones, from the newest that may exist."""
    issue: int = Field(default=0, ge=0, le=10_000)
    """Number of an issue, if issues are numbered: ``…/issue-{issue}-{year}``."""
    issue_on: date | None = None
    """The day of that issue."""
    issue_days: int = Field(default=7, ge=1, le=100)
    """Days from one numbered issue to the next."""
    feed_url: WebLink | None = None
    """URL of the feed of a newsletter's posts."""
    page_urls: tuple[WebLink, ...] = ()
    """URLs of single posts."""
    section: Pattern = ""
    """Regular expression for the headings whose lists are read: ``opportunit|events``. Empty: all but ``_ASIDES``."""

    @model_validator(mode="after")
    def _has_issues(self) -> Self:
        if not (self.issue_url or self.feed_url or self.page_urls):
            raise ValueError("one of issue_url, feed_url, page_urls is needed")
        is_numbered = "{issue}" in self.issue_url
        if self.issue_url and not (is_numbered or re.search(r"\{week(?::02)?\}", self.issue_url)):
            raise ValueError("issue_url needs {week} or {issue}, and {year} if the site has it")
        if is_numbered and not (self.issue and self.issue_on):
            raise ValueError("issue_url with {issue} needs issue, a number, and issue_on, the day of that issue")
        return self


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the feed, the single posts, and the issues of the last weeks; a week may be without an issue."""
    pages = [PageRequest(url) for url in (*filter(None, [options.feed_url]), *options.page_urls)]
    addresses = _issues(options, today) if options.issue_url else []
    return [*pages, *(PageRequest(url, is_optional=True) for url in dict.fromkeys(addresses))]


def _issues(options: Options, today: date) -> Iterator[str]:
    """Yield the addresses of the last issues, newest first. ``{week}`` is written as ``1``, ``{week:02}`` as ``01``."""
    for back in range(options.weeks):
        if options.issue_on is not None:
            newest = options.issue + (today - options.issue_on).days // options.issue_days
            on = options.issue_on + timedelta(days=options.issue_days * (newest - back - options.issue))
            year, week, number = on.year, 0, newest - back
        else:
            year, week, _ = (today - timedelta(weeks=back)).isocalendar()
            number = 0
        if options.issue_on is None or number > 0:
            parts = {"{week}": str(week), "{week:02}": f"{week:02}", "{year}": str(year), "{issue}": str(number)}
            yield re.sub(r"\{[\w:]+\}", lambda match, parts=parts: parts.get(match[0], match[0]), options.issue_url)  # type: ignore[misc]


def read(page: Page, options: Options) -> PageContent:
    """Parse one issue in any of its forms, or the posts of a feed."""
    reject_empty(page)
    if page.url == options.feed_url:
        return _posts(page, options)
    content = PageContent(is_excerpt=True)
    text = text_of(page)
    if text.lstrip()[:1] in {"{", "["}:
        cards, bullets = cards_in_manifest(json_of(page)), []
    elif looks_like_html(page):
        document = html_of(page)
        cards = cards_in_html(text)
        bullets = [] if cards else _in_section(bullets_in_html(document), options.section)
        published = metadata_listing(document, page).published
    else:
        cards = cards_in_text(text) if re.search(r"(?m)^\* .+\n  ", text) else []
        bullets = [] if cards else _in_section(bullets_in_markdown(text), options.section)
    published = _published(page, text) or (published if looks_like_html(page) else "")
    content.read_each(page, cards, lambda card: [as_listing(card, page, published)])
    content.read_each(page, bullets, lambda bullet: _from_bullet(bullet, page, published))
    if not cards and not bullets:
        reject_login_or_captcha(page)
        what = f"no list under a heading like {options.section!r}" if options.section else "neither cards nor a list"
        message = f"The issue holds {what}. Has the layout changed?"
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    content.listings = disambiguate_ids(_once(content.listings))
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the weekly URL of an AISafety.com issue, the feed of a Substack, or the post itself."""
    if match := _WEEK.search(page.url):
        yield {"issue_url": page.url.replace(match[0], "week-{week}-{year}")}
    elif match := re.match(r"https://[\w-]+\.substack\.com", page.url):
        yield {"feed_url": f"{match[0]}/feed"}
    elif looks_like_html(page) and len(list(bullets_in_html(html_of(page)))) > 2:
        yield {"page_urls": [page.url]}


def _posts(page: Page, options: Options) -> PageContent:
    content = PageContent(is_excerpt=True)

    def read_post(entry: Mapping[str, Any]) -> Iterator[RawListing]:
        text = entry_html(entry)
        if not text.strip():
            return
        document = lxml.html.fragment_fromstring(text, create_parent="div")
        published = str(entry.get("published") or entry.get("updated") or "")
        found = list(_in_section(bullets_in_html(document), options.section))
        if not found:  # some feeds contain Markdown
            found = _in_section(bullets_in_markdown(text), options.section)
        for bullet in found:
            yield from _from_bullet(bullet, page, published)

    content.read_each(page, parse_feed(page, content), read_post)
    content.listings = _once(content.listings)
    return content


def _in_section(bullets: Iterator[Bullet], section: str) -> list[Bullet]:
    if section:
        return [each for each in bullets if re.search(section, each.section, re.IGNORECASE)]
    return [each for each in bullets if not _ASIDES.fullmatch(each.section)]


def _from_bullet(bullet: Bullet, page: Page, published: str) -> Iterator[RawListing]:
    url = without_tracking(read_link(bullet.url, page.url) or "")
    says_when = any(char.isdigit() for char in bullet.emphasis)
    yield RawListing(
        source=page.source,
        source_id=f"{url} {bullet.title}",
        page_url=page.url,
        fetched_at=page.fetched_at,
        published=published,
        title=bullet.title,
        description=bullet.text,
        url=url,
        starts=bullet.emphasis if says_when else "",
        places=(RawPlace(text=bullet.place),) if bullet.place and not re.search(r"\d", bullet.place) else (),
    )


def _published(page: Page, text: str) -> str:
    """Return the publication day of an issue: as stated, else the weekday on which issues are sent, in its week."""
    if said := _PUBLISHED.search(text):
        return said[1]
    if week := _WEEK.search(page.url) or re.search(r"Week (\d{1,2}), (\d{4})", text):
        try:
            return date.fromisocalendar(int(week[2]), int(week[1]), _SENT_ON).isoformat()
        except ValueError:
            return ""
    return ""


def _once(listings: list[RawListing]) -> list[RawListing]:
    """Return the listings without repetitions of id and start: several issues announce one event."""
    return list({(listing.source_id, listing.starts): listing for listing in reversed(listings)}.values())[::-1]
