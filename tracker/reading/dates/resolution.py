"""Resolves a date expression to local days and times with a year and a time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from tracker.models.moments import ANYWHERE_ON_EARTH, EARLIEST_YEAR, LATEST_YEAR, zone_of
from tracker.models.vocabulary import DatePrecision, ZoneSource
from tracker.reading.dates.first_sight import FirstSight
from tracker.reading.dates.mentions import Scan
from tracker.reading.dates.partial_dates import PartialDate
from tracker.reading.dates.spans import DateExpression
from tracker.reading.dates.years import (
    Span,
    YearContext,
    fits_weekdays,
    infer_year,
    resolve_ambiguous_figures,
    spans_of,
    written_year,
)
from tracker.reading.dates.zoned_clocks import ZonedClock
from tracker.reading.time_zones import zone_on

_END_OF_DAY = time(23, 59)
_LONG_PAST = timedelta(days=30)
NO_ZONE = "no time zone is stated"


@dataclass(frozen=True, slots=True)
class DateContext:
    """Context of a date from outside its text: country and time zones."""

    country: str = ""
    """ISO code of the country of the place; decides what IST and CST mean, and whether 03/12 is March or December."""
    place_zone: str | None = None
    source_zone: str | None = None
    assumed_zone: str | None = None
    """Zone of a clock time for which nothing else gives one; marked as assumed."""
    stated_zone: str = ""
    """Name of the zone of all times of the text, as written: "all times in CET"."""
    seen: FirstSight | None = None
    """Days on which words of the listing were first seen; None: its words count from the day of publication."""

    @property
    def near(self) -> tuple[str, ...]:
        """The zones that a name such as IST is likely to mean."""
        return tuple(zone for zone in (self.place_zone, self.source_zone) if zone)


EMPTY_CONTEXT = DateContext()
"""Empty context: nothing is known from outside the text."""


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """A date expression with its year and zone resolved. Days and times are local to the zone, which may be unknown."""

    first: date
    last: date | None = None
    """Last day, inclusive; None for a single day."""
    starts: time | None = None
    ends: time | None = None
    precision: DatePrecision = DatePrecision.DAY
    zone: str | None = None
    zone_source: ZoneSource = ZoneSource.UNKNOWN
    offset: timezone | None = None
    """UTC offset written in digits; it determines the instant, whatever the zone."""
    year_inferred: bool = False
    closes: time | None = None
    """Time on the last day of a span whose first day has none: "from 6 January until noon on 14 February"."""
    is_midnight: bool = False
    ends_at_24: bool = False
    """Whether the time was written as 24:00, of the day before."""
    text: str = ""
    """The words of the text."""
    doubts: tuple[str, ...] = field(default=())

    def instant(self, day: date, clock: time) -> datetime | None:
        """Return the UTC instant of a local time; None without zone and offset."""
        if self.offset is None and self.zone is None:
            return None
        return datetime.combine(day, clock, self.offset or zone_of(self.zone)).astimezone(UTC)

    @property
    def utc_offset(self) -> timedelta | None:
        """UTC offset at the start; None without zone and offset."""
        at = datetime.combine(self.first, self.starts or time(12), self.offset or zone_of(self.zone))
        return None if self.offset is None and self.zone is None else at.utcoffset()

    def until_end_of_day(self) -> ResolvedDate:
        """Return the date as a deadline: midnight and 24:00 are the end of their day, as is AoE without a time.

        It ends at 23:59, because 0:00 would put it on the next day, on which it is too late.
        """
        if self.is_midnight and self.ends is None:
            doubt = f"midnight is taken as the end of {self.first}"
            return replace(self, starts=_END_OF_DAY, doubts=(*self.doubts, doubt))
        if self.ends_at_24 and self.ends is None:
            return replace(self, first=self.first - timedelta(days=1), starts=_END_OF_DAY, ends_at_24=False)
        if self.starts is None and self.zone == ANYWHERE_ON_EARTH and self.precision is DatePrecision.DAY:
            return replace(self, starts=_END_OF_DAY, precision=DatePrecision.EXACT)
        return self


def resolve(scan: Scan, written: DateExpression, context: YearContext, around: DateContext) -> ResolvedDate | None:
    """Resolve year and zone of ``written``; None if the year cannot be inferred."""
    doubts: list[str] = []
    words = scan.words_of(written)
    if around.seen is not None and context.published is not None and written_year(written) is None:
        context = _since_first_sight(written, context, context.published, around.seen)
    figures = _figures(written, context, doubts)
    if figures is None:
        return None
    written = figures
    year = written_year(written)
    span = spans_of(written, year) if year is not None else infer_year(written, context)
    if span is None or not all(EARLIEST_YEAR <= day.year <= LATEST_YEAR for day in span):
        return None
    if (
        year is None
        and context.published is not None
        and span[1] < context.published - _LONG_PAST
        and not context.is_past
    ):
        doubts.append(f"the weekday in {words!r} puts it in the past, on {span[0]}")
    if not fits_weekdays(written, span):
        doubts.append(f"the weekday in {words!r} is not that of {span[0]}")
    if span[1] < span[0]:
        doubts.append(f"{words!r} ends before it starts")
        span = (span[0], span[0])
    clocks = _clocks(written, span)
    zone, zone_source, offset = _zone(written, span[0], around, has_clock=clocks[0] is not None, doubts=doubts)
    dated = ResolvedDate(
        first=clocks[2],
        last=clocks[3] if clocks[3] != clocks[2] else None,
        starts=clocks[0],
        ends=clocks[1],
        precision=_precision(written, has_clock=clocks[0] is not None),
        zone=zone,
        zone_source=zone_source,
        offset=offset,
        year_inferred=year is None,
        closes=written.until.clock.start if written.at is None and written.until is not None else None,
        is_midnight=(closing := written.until or written.at) is not None and closing.clock.midnight,
        ends_at_24=closing is not None and closing.clock.ends_next_day and clocks[1] is None,
        text=words,
    )
    doubts += _contradicting_zones(written, dated, around)
    return replace(dated, doubts=tuple(doubts))


def _since_first_sight(written: DateExpression, context: YearContext, published: date, seen: FirstSight) -> YearContext:
    """Return the context of the day on which the date was first seen, however it is spelled."""
    ends = (written.first.first, (written.last or written.first).last)
    words = " to ".join(f"{month:02}-{day:02}" for month, day in ends)
    if not context.is_past:
        return replace(context, published=seen.of(words, published))
    if not seen.knows(words):
        return replace(context, published=seen.of(f"past: {words}", published))
    # They were announced then, and have passed since: "12–14 January. Thank you all for coming!"
    announced = replace(context, published=seen.of(words, published), is_past=False)
    span = infer_year(written, announced)
    return announced if span is not None and span[0] <= published else context


def _figures(written: DateExpression, context: YearContext, doubts: list[str]) -> DateExpression | None:
    if written.first.either is None and (written.last is None or written.last.either is None):
        return written
    year = written_year(written) or (context.published.year if context.published else None)
    first = resolve_ambiguous_figures(written.first, year)
    last = resolve_ambiguous_figures(written.last, year) if written.last is not None else None
    if written.last is not None and first is None and last is not None:
        first = _same_order(written.first, is_either=last is written.last.either)
    if written.last is not None and last is None and first is not None:
        last = _same_order(written.last, is_either=first is written.first.either)
    if first is None or (written.last is not None and last is None):
        doubts.append(written.first.doubt)
        return None
    return replace(written, first=first, last=last)


def _same_order(item: PartialDate, *, is_either: bool) -> PartialDate:
    """Return the reading of one end of a span that has the order of day and month of the other end."""
    return item.either if is_either and item.either is not None else item


def _precision(written: DateExpression, *, has_clock: bool) -> DatePrecision:
    if has_clock:
        return DatePrecision.EXACT
    order = list(DatePrecision)
    items = [written.first] if written.last is None else [written.first, written.last]
    return max((item.precision for item in items), key=order.index)


def _clocks(written: DateExpression, span: Span) -> tuple[time | None, time | None, date, date]:
    """Return (start time, end time, first day, last day)."""
    first, last = span
    if written.at is None:
        return None, None, first, last
    clock = written.at.clock
    start, end = clock.start, clock.end
    if written.until is not None:
        end = written.until.clock.end or written.until.clock.start
        crosses = written.until.clock.ends_next_day
    else:
        crosses = clock.ends_next_day
    if end is None and crosses:  # 24:00, which is the end's in "1–31 March, 24:00"
        return start, None, first + timedelta(days=first == last), last + timedelta(days=1)
    if end is not None and crosses:
        last += timedelta(days=1)
    return start, end, first, last


def _zone(
    written: DateExpression, day: date, around: DateContext, *, has_clock: bool, doubts: list[str]
) -> tuple[str | None, ZoneSource, timezone | None]:
    beside = [zoned for zoned in (written.at, written.until) if zoned is not None]
    word = next((zoned.zone for zoned in beside if zoned.zone), written.zone)
    offset = next((zoned.offset for zoned in beside if zoned.offset), written.offset)
    if not word and offset is None and has_clock:
        word = around.stated_zone
    named: str | None = None
    zone_doubts: tuple[str, ...] = ()
    if word:
        named, zone_doubts = zone_on(word, day, around.country, around.near)
    if named is not None and offset is None:
        doubts += zone_doubts
        return named, ZoneSource.STATED, None
    if named is not None and offset is not None:
        fits = datetime.combine(day, time(12), zone_of(named)).utcoffset() == offset.utcoffset(None)
        return (named if fits else None), ZoneSource.STATED, offset
    if offset is not None:
        noon = {zone: datetime.combine(day, time(12), zone_of(zone)).utcoffset() for zone in around.near}
        fitting = next((zone for zone, its_offset in noon.items() if its_offset == offset.utcoffset(None)), None)
        return fitting, ZoneSource.STATED, offset
    for near, zone_source in ((around.place_zone, ZoneSource.PLACE), (around.source_zone, ZoneSource.SOURCE)):
        if near:
            return near, zone_source, None
    if has_clock:
        doubts.append(NO_ZONE)
        if around.assumed_zone:
            doubts.append(f"the time zone is assumed: {around.assumed_zone}")
            return around.assumed_zone, ZoneSource.ASSUMED, None
    return None, ZoneSource.UNKNOWN, None


def _contradicting_zones(written: DateExpression, dated: ResolvedDate, around: DateContext) -> Sequence[str]:
    """Return a doubt for each time in another zone that is not the same instant."""
    if dated.starts is None or not written.others:
        return ()
    mine = dated.instant(dated.first, dated.starts)
    doubts = []
    for other in written.others:
        theirs = _instant_of(other, dated.first, around)
        if mine is not None and theirs is not None and abs(mine - theirs) not in {timedelta(0), timedelta(days=1)}:
            hours = abs(mine - theirs).total_seconds() / 3600
            doubts.append(f"the times given for {_zone_word(written.at)} and {other.zone} are {hours:g} h apart")
    return doubts


def _zone_word(zoned: ZonedClock | None) -> str:
    return (zoned.zone if zoned else "") or "the place"


def _instant_of(zoned: ZonedClock, day: date, around: DateContext) -> datetime | None:
    zone = zone_on(zoned.zone, day, around.country)[0] if zoned.zone else None
    if zone is None and zoned.offset is None:
        return None
    return datetime.combine(day, zoned.clock.start, zoned.offset or zone_of(zone)).astimezone(UTC)
