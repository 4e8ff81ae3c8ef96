"""Written start, end and zone → a span of time, with what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tracker.models.moments import zone_of
from tracker.models.place import Place
from tracker.models.raw_listing import RawListing
from tracker.models.vocabulary import DatePrecision, ZoneSource
from tracker.models.when import When
from tracker.reading.dates import WrittenMoment, as_moment, read_approximate, read_moment
from tracker.reading.reading import Certainty, Reading
from tracker.reading.time_zones import read_offset, read_zone


def read_when(raw: RawListing, places: Sequence[Place], source_zone: str | None) -> Reading[When]:
    """Return the span that ``raw`` states.

    A clock time without offset is taken in the stated zone, else the place's, else the source's. If none
    is known the clock time is not trusted: the day alone is kept, and a doubt says so.
    """
    if raw.approximate:
        return _approximate(raw)
    written = read_moment(raw.starts)
    start, end = written.value, read_moment(raw.ends).value
    if start is None:
        return _approximate(raw) if raw.starts else Reading(When())
    zone, zone_source, doubts = _choose_zone(raw, start, places, source_zone)
    doubts += [f"{doubt}: {raw.starts}" for doubt in written.doubts]
    if raw.ends and end is None:
        doubts.append(f"the end {raw.ends!r} cannot be read")
    return _span(raw, start, end, zone, zone_source, doubts)


def _approximate(raw: RawListing) -> Reading[When]:
    words = raw.approximate or raw.starts
    reading = read_approximate(words)
    if reading.value is None:
        return Reading(When(text=words), Certainty.NONE, words)
    first, last, precision = reading.value
    return Reading(
        When(start=first, end=last, precision=precision, text=words),
        reading.certainty,
        reading.text,
    )


def _choose_zone(
    raw: RawListing, start: WrittenMoment, places: Sequence[Place], source_zone: str | None
) -> tuple[str | None, ZoneSource, list[str]]:
    doubts: list[str] = []
    place_zones = {place.timezone for place in places if place.timezone}
    place_zone = next(iter(place_zones)) if len(place_zones) == 1 else None
    stated = read_zone(raw.timezone)
    if raw.timezone and stated is None and read_offset(raw.timezone) is None:
        doubts.append(f"the time zone {raw.timezone!r} is not known")
    if start.offset is None:
        if stated:
            return stated, ZoneSource.STATED, doubts
        for zone, zone_source, whose in (
            (place_zone, ZoneSource.PLACE, "place"),
            (source_zone, ZoneSource.SOURCE, "source"),
        ):
            if zone:
                if start.clock is not None:
                    doubts.append(f"no time zone stated; taken from the {whose} ({zone})")
                return zone, zone_source, doubts
        if start.clock is not None:
            doubts.append(f"time {start.clock:%H:%M} without a time zone; only the day is kept")
        return None, ZoneSource.UNKNOWN, doubts
    # The offset fixes the instant; a zone is only looked for to show it as people there would say it.
    for zone, zone_source in (
        (stated if stated != "UTC" else None, ZoneSource.STATED),
        (place_zone, ZoneSource.PLACE),
        (source_zone, ZoneSource.SOURCE),
    ):
        if zone and (zone_source is not ZoneSource.SOURCE or not places or place_zone is None):
            at = start.at("UTC")
            is_plain_utc = start.offset.utcoffset(None) == timedelta(0)
            if is_plain_utc or at.astimezone(zone_of(zone)).utcoffset() == start.offset.utcoffset(None):
                return zone, zone_source, doubts
            doubts.append(f"the offset {start.offset} is not that of {zone} on this day; the offset is taken")
            break
    return None, ZoneSource.UNKNOWN, doubts


def _span(
    raw: RawListing,
    start: WrittenMoment,
    end: WrittenMoment | None,
    zone: str | None,
    zone_source: ZoneSource,
    doubts: list[str],
) -> Reading[When]:
    begins = as_moment(start, zone)
    ends: date | datetime | None = None
    if end is not None:
        if end.offset is None and start.offset is not None and end.clock is not None:
            end = WrittenMoment(end.day, end.clock, start.offset)
        ends = as_moment(end, zone)
    if isinstance(ends, date) and not isinstance(ends, datetime) and raw.end_is_exclusive:
        ends -= timedelta(days=1)
    if isinstance(begins, datetime) != isinstance(ends, datetime) and ends is not None:
        begins, ends = _same_sort(start, begins, end, doubts)
    if ends is not None and ends < begins:
        # An exclusive end on the first day is how some calendars write a single day.
        if isinstance(begins, datetime) or not raw.end_is_exclusive:
            doubts.append(f"it is said to end ({raw.ends}) before it starts ({raw.starts})")
        ends = None
    if ends == begins:
        ends = None
    precision = DatePrecision.EXACT if isinstance(begins, datetime) else DatePrecision.DAY
    when = When(start=begins, end=ends, timezone=zone, timezone_source=zone_source, precision=precision)
    return Reading(when, Certainty.SURE if not doubts else Certainty.LIKELY, raw.starts, tuple(doubts))


def _same_sort(
    start: WrittenMoment,
    begins: date | datetime,
    end: WrittenMoment | None,
    doubts: list[str],
) -> tuple[date | datetime, date | datetime | None]:
    """One side has a clock time, the other is a bare day: keep what both support."""
    if end is None or end.day == start.day:
        return begins, None
    doubts.append("only one of start and end has a time; only the days are kept")
    return start.day, end.day
