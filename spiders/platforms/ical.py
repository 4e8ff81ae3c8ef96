"""iCalendar feeds: Luma, Google Calendar, Outlook, Meetup, Teamup, WordPress and many more (RFC 5545).

Real feeds break the standard; this reads as far as they can be read. A file that icalendar refuses as a whole
(a malformed VTIMEZONE is enough) is read again entry by entry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

from icalendar import Calendar, Component
from pydantic import BeforeValidator, Field

from spiders.platform import Page, PageContent, PlatformOptions
from spiders.recurrence import RefusedRuleError, expand, horizon
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.reading.links import first_link

MAX_ENTRIES = 20_000
_ENTRY_EDGE = re.compile(rb"^(BEGIN|END):VEVENT[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rb"^END:VCALENDAR[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_CALENDAR_ZONE = re.compile(rb"^X-WR-TIMEZONE[^:\r\n]*:([^\r\n]+)", re.MULTILINE | re.IGNORECASE)


def _as_https(value: object) -> object:
    # What one copies from a "subscribe" button.
    return re.sub(r"^webcals?://", "https://", value) if isinstance(value, str) else value


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "ical"``."""

    feed_url: Annotated[WebLink, BeforeValidator(_as_https)]
    """Address of the ``.ics`` feed; ``webcal://`` is taken as ``https://``."""
    ahead_days: int = Field(default=400, ge=1, le=1_500)
    """How far into the future repeating entries are listed one by one."""
    history_days: int = Field(default=60, ge=0, le=1_500)
    """How far back."""


def start_urls(options: Options) -> list[str]:
    """Return the feed's address."""
    return [options.feed_url]


def read(page: Page, options: Options) -> PageContent:
    """Read a calendar; repeating entries become one listing per date within the horizon."""
    content = PageContent()
    entries = _parse(page, content)
    statuses = Counter(str(entry.get("STATUS", "")).upper() for entry in entries)
    # Luma marks every event TENTATIVE: a word that is on all entries says nothing about any.
    silent = "TENTATIVE" if len(entries) > 1 and statuses["TENTATIVE"] == len(entries) else ""
    found = _CALENDAR_ZONE.search(page.body)
    zone = found[1].decode("utf-8", "replace").strip() if found else ""
    dated = [entry for entry in entries if "DTSTART" in entry]
    content.take_each(page, [e for e in entries if "DTSTART" not in e], lambda e: _raw(e, page, zone, silent))
    span = horizon(page.fetched_at, options.history_days, options.ahead_days)
    content.take_each(page, expand(dated, *span), lambda e: _raw(e, page, zone, silent))
    content.listings = list(_told_apart(content.listings))
    return content


def _told_apart(listings: list[RawListing]) -> Iterator[RawListing]:
    """Name the occurrences of a series that meets twice a day by their time as well."""
    counts = Counter(listing.source_id for listing in listings)
    for listing in listings:
        occurrence = listing.extra.get("occurrence", "")
        if occurrence and counts[listing.source_id] > 1:
            yield listing.model_copy(update={"source_id": listing.source_id + occurrence[10:]})
        else:
            yield listing


def _parse(page: Page, content: PageContent) -> list[Component]:
    body = page.body
    if b"BEGIN:VCALENDAR" not in body[:4_096].upper():
        raise _not_a_calendar(page)
    if _END.search(body):
        try:
            calendars = Calendar.from_ical(body, multiple=True)
            entries = [entry for calendar in calendars for entry in calendar.walk("VEVENT")]
        except Exception:  # noqa: BLE001 - icalendar raises many kinds on broken files; entry by entry is the answer
            entries = _parse_each(page, content)
    else:
        content.problems.append("the calendar is cut off: END:VCALENDAR is missing")
        entries = _parse_each(page, content)
    if len(entries) > MAX_ENTRIES:
        content.problems.append(f"the calendar has {len(entries)} entries; {MAX_ENTRIES} are read")
    return entries[:MAX_ENTRIES]


def _parse_each(page: Page, content: PageContent) -> list[Component]:
    """Parse each VEVENT alone, without the calendar's VTIMEZONEs: zone names are known without them."""
    entries: list[Component] = []
    blocks, cut = _split(page.body)

    def parse(block: bytes) -> Iterator[RawListing]:
        wrapped = b"BEGIN:VCALENDAR\r\n" + block.strip() + b"\r\nEND:VCALENDAR\r\n"
        entries.extend(Calendar.from_ical(wrapped).walk("VEVENT"))
        return iter(())

    content.take_each(page, blocks[: MAX_ENTRIES + 1], parse)
    content.take_each(page, ["an entry is cut off"] * min(cut, MAX_ENTRIES), _cut_off)
    return entries


def _split(body: bytes) -> tuple[list[bytes], int]:
    """Return the whole entries, and how many begin without ending. One pass: a calendar may be 10 MB."""
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


def _cut_off(words: str) -> Iterator[RawListing]:
    raise ValueError(words)


def _not_a_calendar(page: Page) -> UnreadablePageError:
    if not page.body.strip():
        return UnreadablePageError("The answer is empty.", diagnosis="empty_answer", url=page.url)
    head = page.body[:200_000].lower()
    if b"accounts.google.com" in head or b"servicelogin" in head or b'type="password"' in head:
        message = "A sign-in page came instead of a calendar: is the calendar still public?"
        return UnreadablePageError(message, diagnosis="sign_in_page", url=page.url)
    what = "a web page" if b"<html" in head or b"<!doctype" in head else "something else"
    message = f"Not a calendar: {what} came back. Has the feed moved?"
    return UnreadablePageError(message, diagnosis="not_a_calendar", url=page.url)


def _raw(entry: Component | RefusedRuleError, page: Page, zone: str, silent: str) -> Iterator[RawListing]:
    if isinstance(entry, RefusedRuleError):
        raise entry
    text = _texts(entry)
    start, timezone = _moment(entry, "DTSTART", zone)
    end, _ = _moment(entry, "DTEND", zone)
    if not end and "DTSTART" in entry and "DURATION" in entry:
        begins: Any = entry["DTSTART"]
        length: Any = entry["DURATION"]
        end = (begins.dt + length.dt).isoformat()
    uid = text("UID")
    occurrence = _moment(entry, "RECURRENCE-ID", zone)[0] if "RECURRENCE-ID" in entry else ""
    if occurrence:
        # By day, so that a series that moves to another hour stays the same series of events.
        uid = f"{uid}/{occurrence[:10]}"
    place = text("LOCATION")
    latitude, longitude = _coordinates(entry)
    description = text("DESCRIPTION")
    status = text("STATUS").upper()
    yield RawListing(
        source=page.source,
        source_id=uid,
        page_url=page.url,
        fetched_at=page.fetched_at,
        title=text("SUMMARY"),
        description=description,
        url=text("URL") or _own_page(place),
        starts=start,
        ends=end,
        end_is_exclusive=True,
        timezone=timezone,
        types=tuple(_categories(entry)),
        places=(RawPlace(text=place, latitude=latitude, longitude=longitude),) if place else (),
        organizers=tuple(_organizers(entry)),
        status="" if status == silent else status,
        extra={"occurrence": occurrence} if occurrence else {},
    )


def _own_page(place: str) -> str:
    """Luma puts the page of an event it only links to where the place belongs; a call's link is not a page."""
    return first_link(place) or "" if place.startswith("http") else ""


def _texts(entry: Component) -> Callable[[str], str]:
    def text(name: str) -> str:
        value = entry.get(name, "")
        return str(value[0] if isinstance(value, list) else value).strip()

    return text


def _moment(entry: Component, name: str, zone: str) -> tuple[str, str]:
    """Return (the moment as written, the zone as written); the calendar's own zone for floating times."""
    prop = entry.get(name)
    if prop is None:
        return "", zone
    prop = prop[0] if isinstance(prop, list) else prop
    moment: date | datetime = prop.dt
    stated = str(prop.params.get("TZID", ""))
    return moment.isoformat(), stated or zone


def _categories(entry: Component) -> Iterator[str]:
    groups = entry.get("CATEGORIES", [])
    for group in groups if isinstance(groups, list) else [groups]:
        yield from (str(word) for word in getattr(group, "cats", ()))


def _coordinates(entry: Component) -> tuple[str, str]:
    geo = entry.get("GEO")
    return (str(geo.latitude), str(geo.longitude)) if geo is not None and hasattr(geo, "latitude") else ("", "")


def _organizers(entry: Component) -> Iterator[str]:
    """Names only: an address is somebody's private data."""
    organizer = entry.get("ORGANIZER")
    name = str(getattr(organizer, "params", {}).get("CN", "")).strip('" ')
    if name and "@" not in name:
        yield name
