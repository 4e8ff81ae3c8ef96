"""Parses iCalendar files into their VEVENT components. Many feeds violate RFC 5545; as much as possible is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component
from icalendar.timezone import tzp

from spiders.formats.calendar_moments import ZoneNames
from spiders.formats.calendar_properties import read_entry
from spiders.formats.calendar_text import CalendarText, split_calendar, unfolded_text
from spiders.formats.documents import looks_like_html, reject_empty, reject_login_or_captcha
from spiders.formats.recurrence_rules import UnsupportedRuleError, has_occurrence, repair_rule, without_end
from tracker.errors import UnreadablePageError
from tracker.sources.platform import Page, PageContent

MAX_ENTRIES = 20_000
MAX_ZONE_LINES = 2_000
"""Maximum number of lines of a time zone: some list the changes of a century."""
_MOST_CHANGES = 2
_SOME_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_REFRESH = re.compile(
    r"(?:REFRESH-INTERVAL|X-PUBLISHED-TTL)[^:]*:P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?",
    re.IGNORECASE,
)
_CALENDAR_ZONE = re.compile(r"X-WR-TIMEZONE[^:]*:(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedCalendar:
    """The readable entries of a calendar, and what it says about all of them."""

    entries: list[Component] = field(default_factory=list)
    zone: str = ""
    """The calendar's default time zone (X-WR-TIMEZONE), for times without one."""
    refresh_interval: timedelta | None = None
    """The minimum interval between fetches that the calendar asks for.

    REFRESH-INTERVAL (RFC 7986, section 5.7), or X-PUBLISHED-TTL, which preceded it.
    """


def parse_calendar(page: Page, content: PageContent) -> ParsedCalendar:
    """Parse a calendar; truncated or malformed parts are recorded in ``content``.

    Raises:
        UnreadablePageError: the page is empty, a sign-in page, or not a calendar.
    """
    reject_empty(page)
    text = unfolded_text(page)
    if "BEGIN:VCALENDAR" not in text[:4_096].upper().replace(" ", ""):
        raise _not_a_calendar(page)
    parts = split_calendar(text)
    if not parts.is_closed:
        content.problems.append("the calendar is cut off: END:VCALENDAR is missing")
    if parts.cut is not None:
        text = "\n".join(parts.cut)
        content.reject(page, "unreadable", "an entry is cut off", source_id=_uid(parts.cut), is_series=True, entry=text)
    if parts.unclosed:
        content.notes.append(f"END:VEVENT is missing in {parts.unclosed} entries")
    if len(parts.events) > MAX_ENTRIES:
        content.problems.append(f"the calendar has {len(parts.events)} entries; {MAX_ENTRIES} are read")
    zone = next((match[1].strip() for line in parts.head if (match := _CALENDAR_ZONE.match(line))), "")
    return ParsedCalendar(_entries(parts, zone or page.timezone, page, content), zone, _refresh_interval(parts.head))


def _entries(parts: CalendarText, zone: str, page: Page, content: PageContent) -> list[Component]:
    """Return the entries, with the time zones that this calendar defines, and no others.

    icalendar keeps each zone it has seen by its TZID for the life of the process, so that one calendar's "Customized
    Time Zone" would move the events of the next. It is emptied before and after.
    """
    tzp.use_default()
    entries: list[Component] = []
    try:
        names = ZoneNames(_defined_zones(parts.zones), zone)
        for lines in parts.events[:MAX_ENTRIES]:
            try:
                entries.append(read_entry(lines, names))
            except Exception as error:  # noqa: BLE001 - one malformed entry costs no other
                text = "\n".join(lines)
                detail = f"{type(error).__name__}: {error} in {text[:1_000]}"
                content.reject(page, "unreadable", detail, source_id=_uid(lines), is_series=True, entry=text)
    finally:
        tzp.use_default()
    return entries


def _defined_zones(zones: Iterable[list[str]]) -> dict[str, tzinfo]:
    """Return the readable time zones by TZID; an entry can do without a broken one."""
    return dict(pair for lines in zones if (pair := _named_zone(lines)))


def _named_zone(lines: list[str]) -> tuple[str, tzinfo] | None:
    """Return (TZID, zone) of a VTIMEZONE; None if it is malformed or would take too long."""
    text = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])
    try:
        if not _is_harmless(lines):
            return None
        (zone,) = Calendar.from_ical(text).walk("VTIMEZONE")
        return str(zone["TZID"]).strip(), zone.to_tz(lookup_tzid=False)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - icalendar and dateutil raise many kinds
        return None


def _is_harmless(zone: list[str]) -> bool:
    """Return whether the rules of a time zone are yearly and occur: dateutil searches for others without end."""
    values = [line.partition(":")[2] for line in zone if line[:5].upper() == "RRULE"]
    try:
        rules = [repair_rule(value, _SOME_DAY) for value in values]
    except UnsupportedRuleError:
        return False
    return len(zone) <= MAX_ZONE_LINES and all(_is_a_change_of_clocks(rule) for rule in rules)


def _is_a_change_of_clocks(rule: str) -> bool:
    """Return whether a rule is yearly, and comes true once or twice a year."""
    if "FREQ=YEARLY" not in rule or not has_occurrence(rule, 1):
        return False
    begins = _SOME_DAY.replace(tzinfo=None)
    year = rrulestr(without_end(rule), dtstart=begins).between(begins, begins + timedelta(days=366))
    return len(year) <= _MOST_CHANGES


def _uid(lines: list[str]) -> str:
    return next((line[4:].strip() for line in lines if line[:4].upper() == "UID:"), "")


def _refresh_interval(head: list[str]) -> timedelta | None:
    found = next((match for line in head if (match := _REFRESH.match(line))), None)
    if not found:
        return None
    weeks, days, hours, minutes = (int(number or 0) for number in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _not_a_calendar(page: Page) -> UnreadablePageError:
    is_page = looks_like_html(page)
    if is_page:
        reject_login_or_captcha(page)
    what = "a web page" if is_page else "something else"
    message = f"Not a calendar: {what} came back. Has the feed moved?"
    return UnreadablePageError(message, diagnosis="not_a_calendar", url=page.url)
