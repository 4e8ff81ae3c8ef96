"""Defines days and instants: a day is not stored as a midnight, and a clock time always has a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Discriminator, SerializeAsAny, Tag

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
