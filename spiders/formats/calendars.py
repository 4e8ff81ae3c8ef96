"""Parses iCalendar files into their VEVENT components. Many real feeds violate RFC 5545; as much as possible is read.

A file that icalendar refuses as a whole (a malformed VTIMEZONE is enough) is parsed again entry by entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from icalendar import Calendar, Component

from spiders.formats.documents import looks_like_html, reject_empty, reject_login_or_captcha
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing
from tracker.sources.platform import Page, PageContent

MAX_ENTRIES = 20_000
_ENTRY_EDGE = re.compile(rb"^(BEGIN|END):VEVENT[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rb"^END:VCALENDAR[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_REFRESH = re.compile(
    rb"^(?:REFRESH-INTERVAL|X-PUBLISHED-TTL)[^:\r\n]*:P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?",
    re.MULTILINE | re.IGNORECASE,
)
_CALENDAR_ZONE = re.compile(rb"^X-WR-TIMEZONE[^:\r\n]*:([^\r\n]+)", re.MULTILINE | re.IGNORECASE)


def calendar_entries(page: Page, content: PageContent) -> list[Component]:
    """Return the entries of a calendar; truncated or malformed parts are recorded in ``content``.

    Raises:
        UnreadablePageError: the page is empty, a sign-in page, or not a calendar.
    """
    body = page.body
    reject_empty(page)
    if b"BEGIN:VCALENDAR" not in body[:4_096].upper():
        raise _not_a_calendar(page)
    if _END.search(body):
        try:
            calendars = Calendar.from_ical(body, multiple=True)
            entries = [entry for calendar in calendars for entry in calendar.walk("VEVENT")]
        except Exception:  # noqa: BLE001 - icalendar raises many kinds on malformed files; each entry is tried
            entries = _parse_each(page, content)
    else:
        content.problems.append("the calendar is cut off: END:VCALENDAR is missing")
        entries = _parse_each(page, content)
    if len(entries) > MAX_ENTRIES:
        content.problems.append(f"the calendar has {len(entries)} entries; {MAX_ENTRIES} are read")
    return entries[:MAX_ENTRIES]


def calendar_zone(body: bytes) -> str:
    """Return the calendar's default time zone (X-WR-TIMEZONE), for times without one."""
    found = _CALENDAR_ZONE.search(body)
    return found[1].decode("utf-8", "replace").strip() if found else ""


def refresh_interval(body: bytes) -> timedelta | None:
    """Return the minimum interval between fetches that the calendar asks for.

    REFRESH-INTERVAL (RFC 7986, section 5.7), or X-PUBLISHED-TTL, which preceded it.
    """
    found = _REFRESH.search(body)
    if not found:
        return None
    weeks, days, hours, minutes = (int(number or 0) for number in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _parse_each(page: Page, content: PageContent) -> list[Component]:
    """Parse each VEVENT separately, without the calendar's VTIMEZONEs: zone names resolve without them."""
    entries: list[Component] = []
    blocks, cut = _split(page.body)

    def parse(block: bytes) -> Iterator[RawListing]:
        wrapped = b"BEGIN:VCALENDAR\r\n" + block.strip() + b"\r\nEND:VCALENDAR\r\n"
        entries.extend(Calendar.from_ical(wrapped).walk("VEVENT"))
        return iter(())

    content.read_each(page, blocks[: MAX_ENTRIES + 1], parse)
    for _ in range(min(cut, MAX_ENTRIES)):
        content.reject(page, "unreadable", "an entry is cut off")
    return entries


def _split(body: bytes) -> tuple[list[bytes], int]:
    """Return the complete VEVENT blocks, and the number of unterminated ones. One pass: a calendar may be 10 MB."""
    blocks: list[bytes] = []
    begun, cut = None, 0
    for edge in _ENTRY_EDGE.finditer(body):
        if edge[1].upper() == b"BEGIN":
            cut += begun is not None
            begun = edge.start()
        elif begun is not None:
            blocks.append(body[begun : edge.end()])
            begun = None
    return blocks, cut + (begun is not None)


def _not_a_calendar(page: Page) -> UnreadablePageError:
    is_page = looks_like_html(page)
    if is_page:
        reject_login_or_captcha(page)
    what = "a web page" if is_page else "something else"
    message = f"Not a calendar: {what} came back. Has the feed moved?"
    return UnreadablePageError(message, diagnosis="not_a_calendar", url=page.url)
