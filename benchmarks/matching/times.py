"""How sources state the time of one event differently."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from benchmarks.matching.truth import MONTHS, Truth
from benchmarks.matching.words import Source
from tracker.models.deadline import Deadline
from tracker.models.moments import ANYWHERE_ON_EARTH, When, zone_of
from tracker.models.vocabulary import DatePrecision, DeadlineKind, ZoneSource

NO_TIME = When()
_NO_DEADLINE = Deadline(rolling=True)
_DOORS = (-60, -45, -30, -30, -30, -15, -15, 15, 30, 60)
_NINE, _EIGHTEEN = 9 * 60, 18 * 60


def when_of(truth: Truth, source: Source, rng: Random, *, is_first: bool) -> When:
    """Return the time as ``source`` states it; the first source of an event errs less."""
    if not truth.dated:
        return NO_TIME
    unstated = 0.004 if is_first else 0.0075 if truth.alike and truth.shares_page else 0.03
    if rng.random() < unstated:
        return NO_TIME
    when = _meeting(truth, source, rng, is_first) if truth.clock is not None else _days(truth, source, rng, is_first)
    if source.kind == "newsletter" and rng.random() < 0.6 and when.start is not None:
        return when.model_copy(update={"year_inferred": True})
    return when


def _meeting(truth: Truth, source: Source, rng: Random, is_first: bool) -> When:
    start = instant(truth.day, truth.clock or 0, truth.zone)
    if not is_first and rng.random() < 0.07:
        return _in_days(start.date(), None, None, rng)
    if rng.random() < source.patterns["day"] * (0.6 if is_first else 1):
        last = instant(truth.day, (truth.clock or 0) + truth.minutes, truth.zone)
        whole = (last - start) > timedelta(hours=20) and rng.random() < 0.6
        return _in_days(truth.day, truth.day + (last - start) if whole else None, truth.zone, rng)
    length = truth.minutes
    if not is_first and rng.random() < 0.06:
        door = rng.choice(_DOORS)
        start += timedelta(minutes=door)
        length = max(30, length - door)
    end: datetime | None = start + timedelta(minutes=length)
    chance = rng.random()
    if chance < (0.12 if is_first else 0.4):
        end = None
    elif not is_first and chance < 0.48:
        end = start + timedelta(minutes=max(15, length + rng.choice((-30, 30))))
    return _exact(start, end, truth, source.patterns["utc"], rng)


def _exact(start: datetime, end: datetime | None, truth: Truth, utc: float, rng: Random) -> When:
    values: dict[str, object] = {"start": start, "end": end, "precision": DatePrecision.EXACT}
    if rng.random() < utc:
        if rng.random() < 0.5:
            values |= {"timezone": "UTC", "timezone_source": ZoneSource.STATED}
    else:
        by_place = truth.city is not None and rng.random() < 0.4
        values |= {"timezone": truth.zone, "timezone_source": ZoneSource.PLACE if by_place else ZoneSource.STATED}
    return NO_TIME.model_copy(update=values)


def _in_days(first: date, last: date | None, zone: str | None, rng: Random) -> When:
    values: dict[str, object] = {"start": first, "end": last, "precision": DatePrecision.DAY}
    if zone is not None and rng.random() < 0.5:
        values |= {"timezone": zone, "timezone_source": ZoneSource.PLACE}
    return NO_TIME.model_copy(update=values)


def _days(truth: Truth, source: Source, rng: Random, is_first: bool) -> When:
    first = truth.day
    last: date | None = first + timedelta(days=truth.days - 1)
    chance = rng.random()
    if is_first:
        if source.patterns["day"] < 0.2 and chance < 0.2:
            return _opening_hours(truth, first, first + timedelta(days=truth.days - 1), source, rng)
        return _in_days(first, last if chance < 0.95 and truth.days > 1 else None, truth.zone, rng)
    if chance < 0.05:
        return _month_only(first)
    if chance < 0.1:
        shift = timedelta(days=rng.choice((-1, 1)))
        if rng.random() < 0.5 and truth.days > 1:  # only the end is wrong
            last = max(first, first + timedelta(days=truth.days - 1) + shift)
        else:
            first, last = first + shift, first + timedelta(days=truth.days - 1) + shift
    elif chance < 0.2:
        return _opening_hours(truth, first, first + timedelta(days=truth.days - 1), source, rng)
    if truth.days == 1 or rng.random() < (0.25 if truth.days == 2 else 0.2):
        last = None
    return _in_days(first, last, truth.zone if rng.random() < 0.7 else None, rng)


def _opening_hours(truth: Truth, first: date, last: date, source: Source, rng: Random) -> When:
    start = instant(first, _NINE, truth.zone)
    end = None if rng.random() < 0.3 else instant(last, _EIGHTEEN, truth.zone)
    return _exact(start, end, truth, source.patterns["utc"], rng)


def _month_only(day: date) -> When:
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    values = {
        "start": first,
        "end": last,
        "precision": DatePrecision.MONTH,
        "text": f"{MONTHS[day.month - 1]} {day.year}",
    }
    return NO_TIME.model_copy(update=values)


def deadlines_of(truth: Truth, rng: Random, *, is_first: bool) -> tuple[Deadline, ...]:
    """Return the deadlines as one source states them: the day, a day beside it, the instant, or none."""
    if truth.rolling:
        return (_NO_DEADLINE,) if rng.random() < (0.9 if is_first else 0.6) else ()
    if truth.deadline is None:
        return ()
    chance = rng.random()
    last = truth.deadline
    if truth.keeps_deadline and rng.random() < 0.92:
        chance = 0.33 + chance * 0.67
    if chance < (0.1 if is_first else 0.32):
        return ()
    if not is_first and chance < 0.44:
        last += timedelta(days=rng.choice((-1, 1, 1)))
    elif not is_first and chance < 0.57:
        zone = ANYWHERE_ON_EARTH if rng.random() < 0.6 else truth.zone
        at = instant(last, 23 * 60 + 59, zone)
        return (_deadline({"at": at, "timezone": zone, "timezone_source": ZoneSource.STATED}),)
    if rng.random() < 0.4:
        zones = {"timezone": ANYWHERE_ON_EARTH, "timezone_source": ZoneSource.ASSUMED}
        return (_deadline({"at": last, **zones}),)
    return (_deadline({"at": last}),)


def _deadline(values: dict[str, object]) -> Deadline:
    return _NO_DEADLINE.model_copy(update={"rolling": False, "kind": DeadlineKind.APPLICATION, **values})


def instant(day: date, minutes: int, zone: str) -> datetime:
    """Return the instant ``minutes`` after midnight of ``day`` in ``zone``, as a clock on the wall shows it, in UTC."""
    days, minutes = divmod(minutes, 24 * 60)
    day += timedelta(days=days)
    hour, minute = divmod(minutes, 60)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone_of(zone)).astimezone(UTC)
