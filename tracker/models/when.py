"""Defines a time span, with the precision that the source gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Self

from pydantic import model_validator

from tracker.models.moments import (
    ANYWHERE_ON_EARTH,
    Moment,
    ZoneName,
    day_of,
    end_of_day,
    is_instant,
    start_of_day,
)
from tracker.models.record import Record
from tracker.models.text import PlainLine
from tracker.models.vocabulary import DatePrecision, ZoneSource

_FAR_FUTURE = datetime.max.replace(tzinfo=UTC)
_SAME_START = timedelta(minutes=1)


class When(Record):
    """A time span. Spans of precision ``exact`` have instants, all others have days."""

    start: Moment | None = None
    """First day, or the instant it starts. None: not known."""
    end: Moment | None = None
    """Last day (inclusive), or the instant it ends. None: not stated."""
    timezone: ZoneName | None = None
    """Zone of the place: ``Europe/Berlin``. None: not known, show UTC."""
    timezone_source: ZoneSource = ZoneSource.UNKNOWN
    """Where the zone comes from."""
    precision: DatePrecision = DatePrecision.UNKNOWN
    """Precision of the start. Below ``day``, ``start`` is only for sorting and filtering: show ``text``."""
    text: PlainLine = ""
    """The source's own words where they say more than the values: ``early September 2026``."""
    year_inferred: bool = False
    """True if the source gave no year."""

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if self.start is None:
            if self.end is not None:
                raise ValueError("an end needs a start")
            if self.precision is not DatePrecision.UNKNOWN:
                raise ValueError("a span without a start has the precision 'unknown'")
            return self
        if is_instant(self.start) != (self.precision is DatePrecision.EXACT):
            raise ValueError("exactly the spans of precision 'exact' start at an instant")
        if self.end is not None:
            if is_instant(self.end) != is_instant(self.start):
                raise ValueError("start and end are both days or both instants")
            if self.end < self.start:
                raise ValueError(f"the end {self.end} lies before the start {self.start}")
        return self

    @property
    def is_exact_to_the_day(self) -> bool:
        """True if at least the day is certain, so that it can appear in a calendar."""
        return self.precision.is_exact_to_the_day

    @property
    def first_day(self) -> date | None:
        """The local day it starts on."""
        return None if self.start is None else day_of(self.start, self.timezone)

    @property
    def last_day(self) -> date | None:
        """The local day it ends on; the first day where no end is stated."""
        end = self.end if self.end is not None else self.start
        return None if end is None else day_of(end, self.timezone)

    @property
    def starts_at(self) -> datetime:
        """The instant to sort by; the far future where no start is known."""
        if self.start is None:
            return _FAR_FUTURE
        return self.start if isinstance(self.start, datetime) else start_of_day(self.start, self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The first instant at which it is certainly over; the far future where no start is known.

        A day without a known zone lasts until it has ended everywhere on Earth.
        """
        end = self.end if self.end is not None else self.start
        if end is None:
            return _FAR_FUTURE
        if isinstance(end, datetime):
            return end
        return end_of_day(end, self.timezone or ANYWHERE_ON_EARTH)

    def contradicts(self, other: When) -> bool:
        """Return whether both are dated and differ. A missing end or clock time is no contradiction."""
        if self.start is None or other.start is None:
            return False
        if not (self.is_exact_to_the_day and other.is_exact_to_the_day):
            return self.ends_at <= other.starts_at or other.ends_at <= self.starts_at
        if isinstance(self.start, datetime) and isinstance(other.start, datetime):
            if abs(self.start - other.start) >= _SAME_START:
                return True
            return None not in {self.end, other.end} and self.end != other.end
        return self.first_day != other.first_day or (
            self.end is not None and other.end is not None and self.last_day != other.last_day
        )
