"""Defines days, instants and time spans: a day is not stored as a midnight, and a clock time always has a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Discriminator, SerializeAsAny, Tag, model_validator

from tracker.models.record import Record
from tracker.models.text import PlainLine
from tracker.models.vocabulary import DatePrecision, ZoneSource

ANYWHERE_ON_EARTH = "AoE"
"""Zone in which a day ends last: UTC−12."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200

_Day = TypeVar("_Day", bound=date)
_AOE = timezone(timedelta(hours=-12), ANYWHERE_ON_EARTH)
_DAY_LENGTH = len("2026-12-01")


def _tag(value: Any) -> str:
    if isinstance(value, str):
        return "day" if len(value) == _DAY_LENGTH else "instant"
    return "instant" if isinstance(value, datetime) else "day"


def _to_utc(value: datetime) -> datetime:
    moment = _within_reason(value).astimezone(UTC)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _within_reason(value: _Day) -> _Day:
    """Check the year: systems write "never" as the year 9999, and the day after its last day does not exist."""
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(f"the year {value.year} is out of range ({EARLIEST_YEAR} to {LATEST_YEAR})")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An aware ``datetime``, kept in UTC with a precision of seconds."""

_Checked = Annotated[date, AfterValidator(_within_reason), Tag("day")]
Moment = SerializeAsAny[Annotated[_Checked | Annotated[Instant, Tag("instant")], Discriminator(_tag)]]
"""A day (``date``) or an instant (aware ``datetime``, kept in UTC).

JSON: ``2026-12-01`` or ``2026-12-01T18:00:00Z``.
"""


def is_instant(moment: date | datetime | None) -> bool:
    """Return whether ``moment`` has a clock time."""
    return isinstance(moment, datetime)


@lru_cache(maxsize=512)
def zone_of(name: str | None) -> tzinfo:
    """Return the zone called ``name``: an IANA name, ``AoE``, or UTC for None.

    Raises:
        ValueError: no such zone.
    """
    if name is None or name == "UTC":
        return UTC
    if name == ANYWHERE_ON_EARTH:
        return _AOE
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not an IANA time zone such as 'Europe/Berlin'") from error


def check_zone(name: str) -> str:
    """Return ``name`` if it is an IANA zone or ``AoE``.

    Raises:
        ValueError: no such zone.
    """
    zone_of(name)
    return name


ZoneName = Annotated[str, AfterValidator(check_zone)]
"""An IANA zone (``Europe/Berlin``), ``UTC``, or ``AoE`` for anywhere on Earth (UTC−12)."""


@lru_cache(maxsize=4_096)
def start_of_day(day: date, zone: str | None) -> datetime:
    """Return the instant at which ``day`` begins in ``zone`` (UTC where None)."""
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


@lru_cache(maxsize=4_096)
def end_of_day(day: date, zone: str | None) -> datetime:
    """Return the first instant after ``day`` in ``zone`` (UTC where None)."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return start_of_day(day + timedelta(days=1), zone)


def day_of(moment: date | datetime, zone: str | None) -> date:
    """Return the calendar day of ``moment`` as seen in ``zone`` (UTC where None)."""
    return moment.astimezone(zone_of(zone)).date() if isinstance(moment, datetime) else moment


def stamp(moment: datetime) -> str:
    """Return an instant as ``2026-12-01T18:00:00Z``: sorts as text, and has the same form everywhere."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


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
