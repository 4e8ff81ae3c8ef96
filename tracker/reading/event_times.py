"""Parses the written start, end and time zone of a listing into a time span, with doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.raw_listing import RawListing
from tracker.models.text import clean_line
from tracker.models.vocabulary import DatePrecision, ZoneSource
from tracker.reading.announcements import read_announcement
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.dates.feed_formats import WrittenMoment, as_moment, read_moment
from tracker.reading.dates.first_sight import FirstSight
from tracker.reading.dates.resolution import NO_ZONE, DateContext, ResolvedDate
from tracker.reading.time_zones import shared_zone
from tracker.reading.zone_choice import ZonedMoment, choose_zone

LONGEST_SPAN = timedelta(days=750)
"""Two years and some days: from there on an end is a slip, or stands for "no end"."""


def read_when(raw: RawListing, around: DateContext, published: date | None = None) -> Reading[When]:
    """Return the time span that ``raw`` states; ``around`` has its stated zone.

    A clock time without an offset is local to the stated zone, else to the zone of the place, else to that of the
    source. If none is known, only the day is kept, with a doubt.
    """
    if raw.approximate:
        return _from_words(raw.approximate, published, around, is_approximate=True)
    written = read_moment(raw.starts)
    start, end = written.value, read_moment(raw.ends).value
    if start is None:
        if not raw.starts:
            return Reading(When())
        words = f"{raw.starts} – {raw.ends}" if raw.ends and raw.ends != raw.starts else raw.starts
        return _from_words(words, published, around)
    if written.certainty is not Certainty.SURE and raw.ends in {"", raw.starts}:
        # "2026-12-10 – 2026-12-12", "2026-12-12 10:00 (UTC-4)": the words may say more than the first moment.
        said = _from_words(raw.starts, published, around)
        if said.value.first_day == start.day and said.value.precision.is_exact_to_the_day:
            return said
    zoned = choose_zone(start, raw.timezone, around)
    doubts = [*zoned.doubts, *(f"{doubt}: {raw.starts}" for doubt in written.doubts)]
    if start.clock is not None and zoned.zone is None and not zoned.says_offset:
        doubts.append(f"time {start.clock:%H:%M} without a time zone; only the day is kept")
    if raw.ends and end is None:
        doubts.append(f"the end {raw.ends!r} cannot be read")
    return _span(raw, zoned, end, doubts)


def date_context(places: Sequence[Place], source_zone: str | None, seen: FirstSight | None = None) -> DateContext:
    """Return the date context of places and source: zone and country of the places only if all places agree."""
    zones = [place.timezone for place in places if place.timezone]
    countries = {place.country for place in places if place.country}
    return DateContext(
        country=countries.pop() if len(countries) == 1 else "",
        place_zone=shared_zone(zones),
        source_zone=source_zone,
        seen=seen,
    )


def _from_words(
    words: str, published: date | None, around: DateContext, *, is_approximate: bool = False
) -> Reading[When]:
    said = read_announcement(words, published, around)
    if said.when is None:
        return Reading(When(text=clean_line(words)), Certainty.NONE, words, said.doubts)
    return to_when(said.when, words if is_approximate else said.when.text, said.doubts)


def to_when(dated: ResolvedDate, words: str, doubts: Sequence[str] = ()) -> Reading[When]:
    """Convert a resolved date to the time span of a listing; a clock time without a zone is dropped, with a doubt."""
    doubts = [doubt for doubt in doubts if doubt != NO_ZONE]
    start = dated.instant(dated.first, dated.starts) if dated.starts else None
    if dated.starts is not None and start is None:
        doubts.append(f"time {dated.starts:%H:%M} without a time zone; only the day is kept")
        dated = replace(dated, precision=DatePrecision.DAY)
    end: date | datetime | None
    if start is not None:
        end = dated.instant(dated.last or dated.first, dated.ends) if dated.ends else None
        if end is None and dated.last is not None:
            doubts.append("only one of start and end has a time; only the days are kept")
            dated, start, end = replace(dated, precision=DatePrecision.DAY), None, dated.last
    else:
        end = dated.last
    end = _believable_end(start or dated.first, end, doubts)
    is_exact = dated.precision.is_exact_to_the_day
    when = When(
        start=start or dated.first,
        end=end,
        timezone=dated.zone,
        timezone_source=dated.zone_source if dated.zone or dated.offset else ZoneSource.UNKNOWN,
        precision=dated.precision,
        text="" if is_exact else clean_line(words),
        year_inferred=dated.year_inferred,
    )
    certainty = Certainty.LIKELY if doubts or dated.year_inferred or not is_exact else Certainty.SURE
    return Reading(when, certainty, dated.text, tuple(doubts))


def _span(
    raw: RawListing,
    zoned: ZonedMoment,
    end: WrittenMoment | None,
    doubts: list[str],
) -> Reading[When]:
    start, zone = zoned.written, zoned.zone
    begins = as_moment(start, zone)
    ends: date | datetime | None = None
    if end is not None:
        if end.offset is None and start.offset is not None and end.clock is not None:
            end = WrittenMoment(end.day, end.clock, start.offset)
        ends = as_moment(end, zone)
    if isinstance(ends, date) and not isinstance(ends, datetime) and raw.end_is_exclusive:
        ends -= timedelta(days=1)
    if isinstance(begins, datetime) != isinstance(ends, datetime) and ends is not None:
        if end is not None and end.clock is None and raw.end_is_exclusive and end.day > start.day:
            end = replace(end, day=end.day - timedelta(days=1))
        begins, ends = _same_sort(start, begins, end, doubts)
    if ends is not None and ends < begins:
        # An exclusive end on the first day is how some calendars write a single day.
        if isinstance(begins, datetime) or not raw.end_is_exclusive:
            doubts.append(f"it is said to end ({raw.ends}) before it starts ({raw.starts})")
        ends = None
    if ends == begins:
        ends = None
    ends = _believable_end(begins, ends, doubts)
    precision = DatePrecision.EXACT if isinstance(begins, datetime) else DatePrecision.DAY
    when = When(start=begins, end=ends, timezone=zone, timezone_source=zoned.source, precision=precision)
    return Reading(when, Certainty.SURE if not doubts else Certainty.LIKELY, raw.starts, tuple(doubts))


def _believable_end(start: date | datetime, end: date | datetime | None, doubts: list[str]) -> date | datetime | None:
    """Return the end, or None with a doubt if it is years away: such an event would be running for ever."""
    first, last = (each.date() if isinstance(each, datetime) else each for each in (start, end or start))
    if last - first <= LONGEST_SPAN:
        return end
    doubts.append(f"span: it is said to last until {last}; only the start is kept")
    return None


def _same_sort(
    start: WrittenMoment,
    begins: date | datetime,
    end: WrittenMoment | None,
    doubts: list[str],
) -> tuple[date | datetime, date | datetime | None]:
    """Return start and end as days, since only one has a clock time; an end on the day of the start is dropped."""
    if end is None or end.day == start.day:
        return begins, None
    doubts.append("only one of start and end has a time; only the days are kept")
    return start.day, end.day
