"""Writes the calendars of outlets, each as a real system does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from tests.life.outlets import Entry, Outlet, Pages
from tests.life.series import Series
from tests.life.truths import Values

_WINDOWS = {"America/New_York": "Eastern Standard Time", "Europe/London": "GMT Standard Time"}


def luma(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write Luma's calendar: UTC, every entry TENTATIVE, the page only in the description; the past stays."""
    rows = []
    for each in entries:
        values = each.values(now)
        rows.append(
            [
                *_span(values, "UTC"),
                f"UID:{each.key}@events.lu.example",
                f"SUMMARY:{_text(values.title)}",
                f"DESCRIPTION:Get up-to-date information at: {each.url}\\n\\nHosted by {outlet.id.title()}.",
                f"LOCATION:{_text(values.place or 'Online')}",
                f"STATUS:{'CANCELLED' if each.says_cancelled else 'TENTATIVE'}",
            ]
        )
    return _file(outlet, _calendar("-//Luma//Calendar//EN", rows, now))


def google(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write Google's calendar: zones, series with dropped and moved evenings, no pages."""
    rows = [_plain(each, now, outlet.zone) for each in entries if not each.series]
    rows += _all_series(outlet, entries, now)
    return _file(outlet, _calendar("-//Google Inc//Google Calendar 70.9054//EN", rows, now, "METHOD:PUBLISH"))


def exchange(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write Outlook's calendar: zones under Windows' names."""
    name = _WINDOWS[outlet.zone]
    rows = [_plain(each, now, outlet.zone) for each in entries if not each.series]
    rows += _all_series(outlet, entries, now)
    text = _calendar("Microsoft Exchange Server 2010", rows, now, "METHOD:PUBLISH")
    return _file(outlet, text.replace(f"TZID={outlet.zone}", f'TZID="{name}"'))


def meetup(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write Meetup's calendar: local times and a link; a cancelled event keeps its entry."""
    rows = [[*_plain(each, now, outlet.zone), f"URL;VALUE=URI:{each.url}"] for each in entries]
    return _file(outlet, _calendar("-//Meetup//Meetup Calendar 1.0//EN", rows, now))


def restless(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a calendar whose UIDs are others at every fetch."""
    rows = []
    for number, each in enumerate(entries):
        lines = _plain(each, now, outlet.zone)
        uid = f"UID:{now:%Y%m%dT%H%M%S}-{number}@{outlet.id}.example"
        rows.append([uid if line.startswith("UID:") else line for line in lines] + [f"URL:{each.url}"] * bool(each.url))
    return _file(outlet, _calendar("-//Home made//EN", rows, now))


def _plain(each: Entry, now: datetime, zone: str) -> list[str]:
    values = each.values(now)
    return [
        *_span(values, zone),
        f"UID:{each.key}",
        f"SUMMARY:{_text(values.title)}",
        f"LOCATION:{_text(values.place or 'Online')}",
        f"STATUS:{'CANCELLED' if each.says_cancelled else 'CONFIRMED'}",
    ]


def _all_series(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> list[list[str]]:
    rows = []
    for series in outlet.series:
        first = series.values(series.first)
        rows.append(_series(series, first))
        for each in entries:
            if each.series != series.key:
                continue
            day = datetime.fromisoformat(each.key.rpartition("/")[2]).date()
            if day in series.moved:
                uid, at = f"UID:{series.key}", series.start(day)
                lines = [uid if line.startswith("UID:") else line for line in _plain(each, now, outlet.zone)]
                rows.append([*lines, f"RECURRENCE-ID;TZID={series.zone}:{at:%Y%m%dT%H%M%S}"])
    return rows


def _series(series: Series, first: Values) -> list[str]:
    until = ""
    if series.until is not None:
        last = series.start(series.until).astimezone(UTC)
        until = f";UNTIL={last:%Y%m%dT%H%M%SZ}"
    return [
        *_span(first, series.zone),
        f"RRULE:FREQ=WEEKLY;INTERVAL={series.weeks}{until}",
        *(f"EXDATE;TZID={series.zone}:{series.start(day):%Y%m%dT%H%M%S}" for day in series.skipped),
        f"UID:{series.key}",
        f"SUMMARY:{_text(series.title)}",
        f"LOCATION:{_text(series.place)}",
        "STATUS:CONFIRMED",
    ]


def _span(values: Values, zone: str) -> list[str]:
    start, end = values.start, values.end
    if isinstance(start, datetime):
        lines = [("DTSTART", start)] + ([("DTEND", end)] if isinstance(end, datetime) else [])
        if zone == "UTC":
            return [f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for name, moment in lines]
        return [f"{name};TZID={zone}:{moment:%Y%m%dT%H%M%S}" for name, moment in lines]
    last = values.last_day + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]


def _calendar(prodid: str, rows: Iterable[Sequence[str]], now: datetime, *head: str) -> str:
    lines = ["BEGIN:VCALENDAR", f"PRODID:{prodid}", "VERSION:2.0", *head]
    for row in rows:
        lines += ["BEGIN:VEVENT", f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}", *row, "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for line in lines)


def _file(outlet: Outlet, text: str) -> Pages:
    return {f"{outlet.id.replace('_', '-')}.example/calendar.ics": text.encode()}


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
