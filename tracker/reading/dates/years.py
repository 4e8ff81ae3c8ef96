"""Infers the year of a date without one from the day of publication, the weekday and other dates of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.models.vocabulary import DatePrecision
from tracker.reading.dates.partial_dates import PartialDate
from tracker.reading.dates.periods import week_of
from tracker.reading.dates.spans import DateExpression

MAX_AGE = timedelta(days=7)
"""Maximum time that a date without a year may lie before the day of publication."""
MAX_RUNNING_AGE = timedelta(days=45)
"""Maximum time before the day of publication that a span still running then may have begun."""
_YEARS_AHEAD = 6
_BEHIND_COUNTS = 3

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class YearContext:
    """Context for inferring the years of a text."""

    published: date | None = None
    """Day of publication."""
    anchors: tuple[Span, ...] = ()
    """Spans of the same text with a written year."""
    must_precede: bool = False
    """True for deadlines: they lie before the event."""
    is_past: bool = False
    """True if the text refers to the past: "took place"."""


def spans_of(written: DateExpression, year: int) -> Span | None:
    """Return the first and last day of ``written`` if its start lies in ``year``; None if no such days exist."""
    first = written.first
    start, end = first.starts(year), first.ends(year)
    if first.precision is DatePrecision.WEEK and first.first == first.last and start is not None:
        back, ahead = week_of(first, year)
        start, end = start - back, start + ahead
    if start is None or end is None:
        return None
    if written.last is None:
        return start, end
    last = written.last
    if last.year is not None:
        closing = last.ends(last.year)
    else:
        closing = last.ends(year)
        if closing is not None and closing < start:
            closing = last.ends(year + 1)
    return None if closing is None else (start, closing)


def written_year(written: DateExpression) -> int | None:
    """Return the year of the first day if it is written at either end of the span; None if neither end has one."""
    first, last = written.first, written.last
    if first.year is not None:
        return first.year
    if last is None or last.year is None:
        return None
    same = spans_of(written, last.year)
    return last.year if same is not None and same[0] <= same[1] else last.year - 1


def infer_year(written: DateExpression, context: YearContext) -> Span | None:
    """Return the first and last day of ``written``, which has no year; None if the year cannot be inferred."""
    published = context.published or _latest(context.anchors)
    years = range(published.year - 1, published.year + _YEARS_AHEAD + 1) if published else ()
    spans = [span for year in years if (span := spans_of(written, year)) is not None]
    fitting = [span for span in spans if fits_weekdays(written, span)]
    has_witness = bool(_witnesses(written)) and bool(fitting)
    spans = fitting or spans
    if not spans or published is None:
        return None
    near = _nearest_to_anchors(spans, context)
    if near is not None:
        return near
    if context.is_past:
        return max((span for span in spans if span[0] <= published), default=None)
    if has_witness:
        return min(spans, key=lambda span: _distance(span, published))
    return next((span for span in spans if _is_ahead(span, published)), None)


def _is_ahead(span: Span, published: date) -> bool:
    is_running = span[1] >= published and span[0] >= published - MAX_RUNNING_AGE
    return span[0] >= published - MAX_AGE or is_running


def fits_weekdays(written: DateExpression, span: Span) -> bool:
    """Return whether the weekdays written beside the days are those of ``span``."""
    return all(span[is_last].weekday() == weekday for is_last, weekday in _witnesses(written))


def _witnesses(written: DateExpression) -> Sequence[tuple[bool, int]]:
    if written.last is None:
        return written.first.weekdays
    own = [(False, weekday) for is_last, weekday in written.first.weekdays if not is_last]
    return own + [(True, weekday) for _, weekday in written.last.weekdays[-1:]]


def _nearest_to_anchors(spans: Sequence[Span], context: YearContext) -> Span | None:
    anchors = [
        anchor for anchor in context.anchors if context.published is None or anchor[1] >= context.published - MAX_AGE
    ]
    if not anchors:
        return None
    if context.must_precede:
        starts, ends = min(anchors)
        # A text does not announce a deadline that was long past when it was published.
        current = [
            span for span in spans if context.published is None or span[1] >= context.published - MAX_RUNNING_AGE
        ]
        before = [span for span in current if span[0] <= starts] or [span for span in current if span[0] <= ends]
        ahead = [span for span in before if context.published is not None and _is_ahead(span, context.published)]
        # Of several years before an event that is far off, the first: no deadline may be told too late.
        return min(ahead) if ahead else max(before, default=None)
    if context.published is not None and not context.is_past:
        published = context.published
        spans = [span for span in spans if _is_ahead(span, published)] or spans
    return min(spans, key=lambda span: (min(_gap(span, anchor) for anchor in anchors), span[0]))


def _latest(anchors: Iterable[Span]) -> date | None:
    return max((anchor[0] for anchor in anchors), default=None)


def _gap(span: Span, anchor: Span) -> int:
    if span[0] > anchor[1]:
        return (span[0] - anchor[1]).days
    return max(0, (anchor[0] - span[1]).days)


def _distance(span: Span, published: date) -> int:
    ahead = (span[0] - published).days
    if ahead >= -MAX_AGE.days:
        return max(ahead, 0)
    return -ahead * _BEHIND_COUNTS


def resolve_ambiguous_figures(item: PartialDate, year: int | None) -> PartialDate | None:
    """Return the reading of an ambiguous numeric date that fits its weekday; None if that does not decide it."""
    if item.either is None:
        return item
    if year is None or not item.weekdays:
        return None
    readings = [one for one in (item, item.either) if _has_weekday(one, year, item.weekdays[0][1])]
    return readings[0] if len(readings) == 1 else None


def _has_weekday(item: PartialDate, year: int, weekday: int) -> bool:
    day = item.starts(year)
    return day is not None and day.weekday() == weekday
