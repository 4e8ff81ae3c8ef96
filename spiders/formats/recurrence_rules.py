"""Repairs recurrence rules (RFC 5545 section 3.3.10) that real calendars contain, or refuses them with the reason.

A rule is refused rather than guessed: without it, the first date of a series is still right. Decisions, each as
libical and ical.net read it: ``BYDAY=MO,2TU`` is every Monday and the second Tuesday; ``BYWEEKNO`` without ``BYDAY``
keeps the weekday of the start; an ``UNTIL`` without a clock time includes its day; blanks and empty parts are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from math import prod

from dateutil.rrule import rrulestr

from tracker.reading.dates.feed_formats import read_moment

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_WITHIN_A_DAY = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_RANGES = {
    "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 59), "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53), "BYSETPOS": (-366, 366),
}  # fmt: skip
"""Lowest and highest number of each part; those that count from the end too have no 0."""
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_RANGES})
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?(?!0+\D)\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LONGEST = 500
_LAST_CYCLE = 9_600
_MOST_PER_DAY = 24
_END_OF_DAY = time(23, 59, 59)


class UnsupportedRuleError(ValueError):
    """A recurrence rule that is broken, never occurs, or is too expensive to expand."""


def repair_rule(text: str, begins: date | datetime) -> str:
    """Return the rule in a form that dateutil reads as RFC 5545 means it.

    Args:
        text: value of the RRULE or EXRULE.
        begins: DTSTART; naive if its zone is not known.

    Raises:
        UnsupportedRuleError: a part is unknown or unreadable, or the rule repeats within a day.

    >>> repair_rule("freq=weekly; count=2;", date(2027, 3, 9))
    'FREQ=WEEKLY;COUNT=2'
    """
    if len(text) > _LONGEST:
        raise UnsupportedRuleError("it is too long to be honest")
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency in _WITHIN_A_DAY:
        raise UnsupportedRuleError("it repeats within a day")
    if frequency not in _FREQUENCIES:
        raise UnsupportedRuleError("its frequency is not known" if frequency else "it is empty")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not re.fullmatch(r"0*[1-9]\d{0,5}", parts[name]):
            raise UnsupportedRuleError(f"{name}={parts[name]} makes no sense")
    for name in _RANGES.keys() & parts.keys():
        if not all(_is_number_of(name, each) for each in parts[name].split(",")):
            raise UnsupportedRuleError(f"{name}={parts[name]} cannot be read")
    _repair_clock(parts, begins)
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], begins)
    if "BYDAY" in parts:
        parts["BYDAY"] = _weekdays(parts["BYDAY"], frequency, monthly="BYMONTH" in parts or frequency == "MONTHLY")
    elif "BYWEEKNO" in parts and not {"BYMONTHDAY", "BYYEARDAY"} & parts.keys():
        parts["BYDAY"] = _DAYS[begins.weekday()]
    if parts.get("WKST", "MO") not in _DAYS:
        del parts["WKST"]
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for each in text.upper().replace("\\", "").split(";"):
        name, has_value, value = (piece.strip() for piece in each.partition("="))
        value = ",".join(item.strip() for item in value.split(",") if item.strip())
        is_default = (name, value) in {("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")}  # RFC 7529
        if not name or is_default or name.startswith("X-") or (has_value and not value and name != "FREQ"):
            continue
        if not has_value or name not in _KNOWN:
            raise UnsupportedRuleError(f"the part {each.strip()[:40]!r} is not known")
        parts.setdefault(name, value)
    return parts


def _is_number_of(name: str, text: str) -> bool:
    lowest, highest = _RANGES[name]
    return (
        bool(re.fullmatch(r"[+-]?\d{1,3}", text)) and lowest <= int(text) <= highest and bool(int(text) or not lowest)
    )


def _repair_clock(parts: dict[str, str], begins: date | datetime) -> None:
    """Drop clock parts that say nothing; refuse those that repeat an event many times a day."""
    if not isinstance(begins, datetime):  # they must be ignored for whole days
        for name in _CLOCK_PARTS:
            parts.pop(name, None)
    elif prod(len(parts[name].split(",")) for name in _CLOCK_PARTS if name in parts) > _MOST_PER_DAY:
        raise UnsupportedRuleError("it repeats within a day")


def _until(value: str, begins: date | datetime) -> str:
    said = read_moment(value).value
    if said is None:
        raise UnsupportedRuleError(f"UNTIL={value[:40]} cannot be read")
    if not isinstance(begins, datetime):
        return f"{said.day:%Y%m%d}"
    moment = datetime.combine(said.day, said.clock or _END_OF_DAY, said.offset or begins.tzinfo)
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment.tzinfo else f"{moment:%Y%m%dT%H%M%S}"


def _weekdays(value: str, frequency: str, *, monthly: bool) -> str:
    found = [_WEEKDAY.fullmatch(each) for each in value.split(",")]
    if not all(found):
        raise UnsupportedRuleError(f"BYDAY={value[:40]} cannot be read")
    pairs = [(match[1] or "", match[2]) for match in found if match]
    if frequency in {"DAILY", "WEEKLY"}:  # a number is not allowed there
        return ",".join(dict.fromkeys(day for _, day in pairs))
    most = 5 if monthly else 53
    if any(abs(int(number)) > most for number, _ in pairs if number):
        raise UnsupportedRuleError(f"BYDAY={value[:40]} counts further than to {most}")
    is_mixed = len({bool(number) for number, _ in pairs}) == 2
    if not is_mixed:
        return value
    # dateutil would want a day to be both.
    return ",".join(
        f"{number}{day}" if number else ",".join(f"{n}{day}" for n in range(1, most + 1)) for number, day in pairs
    )


def counts_positions_in_weeks(parts: Mapping[str, list[object]]) -> bool:
    """Return whether a rule counts positions within a week, which dateutil counts from DTSTART instead."""
    return "BYSETPOS" in parts and str((parts.get("FREQ") or [""])[0]).upper() == "WEEKLY"


def has_occurrence(rule: str, month: int) -> bool:
    """Return whether a rule has any occurrence: dateutil searches for one up to the year 9999, whatever UNTIL says.

    The Gregorian calendar repeats every 400 years, so only the last 400 years that dateutil supports are searched.

    Args:
        rule: a repaired rule.
        month: the month of the start, which a yearly rule without ``BYMONTH`` keeps.
    """
    late = datetime(_LAST_CYCLE, month, 1)  # noqa: DTZ001 - only the calendar date matters
    return next(iter(rrulestr(without_end(rule), dtstart=late)), None) is not None


def without_end(rule: str) -> str:
    """Return a rule without its UNTIL and COUNT."""
    return ";".join(part for part in rule.split(";") if not part.upper().startswith(("UNTIL=", "COUNT=")))
