"""Renders the calendars of the practice web, each with the quirks of a real system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from tracker.demo.fixtures import FixtureEvent

_STAMP = "20260101T000000Z"


def luma(occasions: Sequence[FixtureEvent]) -> str:
    """Render a Luma calendar: UTC, every event TENTATIVE, ``&amp;`` in titles, the link only in the description."""
    return _calendar(
        "-//Luma//Calendar//EN",
        (
            [
                f"DTSTART:{_utc(each.start)}",
                f"DTEND:{_utc(each.end)}",
                f"UID:evt-{each.slug}@events.luma.example",
                f"SUMMARY:{_text(each.title).replace('&', '&amp;')}",
                f"DESCRIPTION:Get up-to-date information at: {each.url}\\n\\nHosted by AI Safety Berlin.",
                f"LOCATION:{_text('Online' if each.is_online else _venue(each))}",
                f"CATEGORIES:{each.row['types'][0]}",
                "SEQUENCE:183228010",
                "STATUS:TENTATIVE",
            ]
            for each in occasions
        ),
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    )


def google(occasions: Sequence[FixtureEvent]) -> str:
    """Render a Google calendar: TZID, exclusive DTEND, a weekly series with one occurrence dropped and one shifted."""
    entries: list[list[str]] = []
    for series in _by_slug(occasions):
        first = series[0]
        if "weekly" not in first.row:
            entries.append(_google_entry(first))
            continue
        entries.append(_google_series(first, series))
        entries.extend(_google_shifted(each) for each in series if each.start != each.planned_start)
    return _calendar(
        "-//Google Inc//Google Calendar 70.9054//EN",
        entries,
        "X-WR-TIMEZONE:Europe/London",
        "METHOD:PUBLISH",
    )


def _google_entry(each: FixtureEvent) -> list[str]:
    return [
        *_zoned_span(each),
        f"UID:{each.slug}@google.com",
        f"SUMMARY:{_text(each.title)}",
        f'DESCRIPTION:Details and sign-up: <a href="{each.url}">{each.url}</a>',
        f"LOCATION:{_text(_venue(each))}",
        f"CATEGORIES:{each.row['types'][0]}",
        f"STATUS:{'CANCELLED' if each.row.get('cancelled') else 'CONFIRMED'}",
    ]


def _google_shifted(each: FixtureEvent) -> list[str]:
    return [
        *_zoned_span(each),
        f"RECURRENCE-ID;TZID={each.zone}:{_wall(each.planned_start, each)}",
        f"UID:{each.slug}@google.com",
        f"SUMMARY:{_text(each.title)}",
        f"LOCATION:{_text(_venue(each))}",
        f"CATEGORIES:{each.row['types'][0]}",
    ]


def _google_series(first: FixtureEvent, series: Sequence[FixtureEvent]) -> list[str]:
    """Return an RRULE entry from the first occurrence on, with an EXDATE for each dropped occurrence."""
    numbers = {each.number for each in series}
    start = first.starts_local().replace(tzinfo=None)
    weeks = first.row.get("every", 1)
    skipped = [start + timedelta(weeks=n * weeks) for n in range(first.row["weekly"]) if n not in numbers]
    return [
        *_zoned_span(first),
        f"RRULE:FREQ=WEEKLY;INTERVAL={weeks};COUNT={first.row['weekly']}",
        *(f"EXDATE;TZID={first.zone}:{each:%Y%m%dT%H%M%S}" for each in skipped),
        f"UID:{first.slug}@google.com",
        f"SUMMARY:{_text(first.title)}",
        f"LOCATION:{_text(_venue(first))}",
        f"CATEGORIES:{first.row['types'][0]}",
    ]


def outlook(occasions: Sequence[FixtureEvent]) -> str:
    """Render an Outlook calendar: Windows zone names, with a VTIMEZONE of that name."""
    entries = []
    for series in _by_slug(occasions):
        first = series[0]
        zone = "Eastern Standard Time"
        rule = [f"RRULE:FREQ=WEEKLY;INTERVAL={first.row['every']};COUNT={len(series)}"] if len(series) > 1 else []
        link = [] if len(series) > 1 else [f"DESCRIPTION:More: {first.url}\\n"]
        entries.append(
            [
                *rule,
                f"SUMMARY:{_text(first.title)}",
                *link,
                f"UID:040000008200E00074C5B7101A82E008-{first.slug}",
                f'DTSTART;TZID="{zone}":{first.starts_local():%Y%m%dT%H%M%S}',
                f'DTEND;TZID="{zone}":{first.ends_local():%Y%m%dT%H%M%S}',
                "CLASS:PUBLIC",
                f"LOCATION:{_text(_venue(first))}",
                f"CATEGORIES:{first.row['types'][0]}",
                "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            ]
        )
    zone_rules = [
        "BEGIN:VTIMEZONE", "TZID:Eastern Standard Time",
        "BEGIN:STANDARD", "DTSTART:16010101T020000", "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
    ]  # fmt: skip
    return _calendar("Microsoft Exchange Server 2010", entries, "METHOD:PUBLISH", *zone_rules)


def meetup(occasions: Sequence[FixtureEvent]) -> str:
    """Render a Meetup calendar: local times, a link, no place; the description begins with the group's name."""
    return _calendar(
        "-//Meetup//Meetup Calendar 1.0//EN",
        (
            [
                *_zoned_span(each),
                "STATUS:CONFIRMED",
                f"SUMMARY:{_text(each.title)}",
                f"DESCRIPTION:AI Safety Chicago\\n{_text('Everybody is welcome; no background needed.')}",
                "CLASS:PUBLIC",
                f"URL;VALUE=URI:{each.url}",
                f"UID:event_{each.slug}@meetup.example",
                f"CATEGORIES:{each.row['types'][0]}",
            ]
            for each in occasions
        ),
        "X-WR-CALNAME:Events - AI Safety Chicago",
    )


def wordpress(occasions: Sequence[FixtureEvent]) -> str:
    """Render The Events Calendar: a VTIMEZONE with two TZIDs, which breaks strict parsers; two incomplete entries."""
    entries = [
        [
            *_zoned_span(each),
            f"UID:{each.slug}-<span class=nospam>@</span>sydney.example",
            f"SUMMARY:{_text(each.title)}",
            f"URL:{each.url}",
            f"LOCATION:{_text(_venue(each))}",
            f"CATEGORIES:{each.row['types'][0]}",
        ]
        for each in occasions
    ]
    entries += [
        ["UID:no-date@sydney.example", "SUMMARY:Date to be announced"],
        ["UID:no-title@sydney.example", *entries[0][:2]],
    ]
    broken_zone = [
        "BEGIN:VTIMEZONE", "TZID:Australia/Sydney", "TZID:Australia/Sydney",
        "BEGIN:STANDARD", "TZOFFSETFROM:+1100", "TZOFFSETTO:+1000", "DTSTART:20260405T030000", "END:STANDARD",
        "END:VTIMEZONE",
    ]  # fmt: skip
    return _calendar("-//AI Safety Sydney - ECPv6.3.4//NONSGML v1.0//EN", entries, *broken_zone)


def empty() -> str:
    """Render a calendar without entries, as Outlook publishes it."""
    return _calendar("Microsoft Exchange Server 2010", [], "METHOD:PUBLISH")


CALENDARS: dict[str, Callable[[Sequence[FixtureEvent]], str]] = {
    "berlin": luma,
    "london": google,
    "boston": outlook,
    "chicago": meetup,
    "sydney": wordpress,
}


def _by_slug(occasions: Sequence[FixtureEvent]) -> Iterable[list[FixtureEvent]]:
    for slug in dict.fromkeys(each.slug for each in occasions):
        yield [each for each in occasions if each.slug == slug]


def _calendar(prodid: str, entries: Iterable[Sequence[str]], *head: str) -> str:
    lines = ["BEGIN:VCALENDAR", f"PRODID:{prodid}", "VERSION:2.0", *head]
    for entry in entries:
        lines += ["BEGIN:VEVENT", f"DTSTAMP:{_STAMP}", *entry, "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _zoned_span(each: FixtureEvent) -> list[str]:
    if isinstance(each.start, datetime):
        return [
            f"DTSTART;TZID={each.zone}:{each.starts_local():%Y%m%dT%H%M%S}",
            f"DTEND;TZID={each.zone}:{each.ends_local():%Y%m%dT%H%M%S}",
        ]
    last = each.end or each.start
    if each.start is None or last is None:
        raise ValueError(f"{each.title} has no date")
    return [
        f"DTSTART;VALUE=DATE:{each.start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
    ]


def _utc(moment: date | datetime | None) -> str:
    if not isinstance(moment, datetime):
        raise TypeError("Luma's events have clock times")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _wall(moment: datetime | None, each: FixtureEvent) -> str:
    if moment is None:
        raise ValueError(f"{each.title} is not part of a series")
    return f"{moment.astimezone(each.starts_local().tzinfo):%Y%m%dT%H%M%S}"


def _venue(each: FixtureEvent) -> str:
    place = " & ".join(place.text for place in each.places)
    return f"{each.row['venue']}, {place}" if "venue" in each.row else place


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    raw, pieces = line.encode(), []
    while len(raw) > 73:
        cut = 73
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(raw[:cut])
        raw = raw[cut:]
    return b"\r\n ".join([*pieces, raw]).decode()
