"""Expands recurring calendar entries into occurrences within a horizon, and refuses dangerous rules.

Five lines of iCalendar can define a billion occurrences (``FREQ=SECONDLY``), on which the expansion library hangs.
Only rules that repeat daily or less often are expanded.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Component

MAX_OCCURRENCES = 500
_EXPANDABLE = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
MAX_SECONDS = 10.0
"""Time limit in seconds for expanding all series of one calendar."""
_MAX_RULE = 500
_EARLIEST = 1970
_CYCLES = 19 * 400


class UnsupportedRuleError(ValueError):
    """A recurrence rule that is broken, never occurs, or is too expensive to expand."""


def expand(events: Iterable[Component], start: datetime, stop: datetime) -> Iterator[Component | UnsupportedRuleError]:
    """Yield single events unchanged, and the occurrences of recurring ones between ``start`` and ``stop``.

    A series that cannot be expanded yields one ``UnsupportedRuleError`` instead; the other entries are kept. If a
    changed occurrence (RECURRENCE-ID) is broken, the error is followed by the series expanded without its changes.
    """
    series: dict[str, list[Component]] = defaultdict(list)
    for event in events:
        series[str(event.get("UID", id(event)))].append(event)
    enough_at = monotonic() + MAX_SECONDS
    for uid, members in series.items():
        if not any("RRULE" in event or "RDATE" in event or "RECURRENCE-ID" in event for event in members):
            yield from members
        elif monotonic() > enough_at:
            yield UnsupportedRuleError(f"the series {uid} is left out: the calendar's series take too long to expand")
        else:
            yield from _expand_series(uid, members, start, stop)


def _expand_series(
    uid: str, members: list[Component], start: datetime, stop: datetime
) -> Iterator[Component | UnsupportedRuleError]:
    without_changes = [event for event in members if "RECURRENCE-ID" not in event]
    attempts = [members] if len(without_changes) in {0, len(members)} else [members, without_changes]
    for attempt in attempts:
        try:
            found = _occurrences(attempt, start, stop)
        except UnsupportedRuleError as refused:
            yield refused
            return
        except Exception as error:  # noqa: BLE001 - the library raises many kinds on broken series
            yield UnsupportedRuleError(f"the series {uid} is broken: {type(error).__name__}: {error}")
            continue
        yield from found
        return


def _occurrences(members: list[Component], start: datetime, stop: datetime) -> list[Component]:
    calendar = Calendar()
    calendar.subcomponents = [_bounded(event, stop) for event in members]
    with warnings.catch_warnings():
        # dateutil warns about COUNT together with UNTIL; here UNTIL is only the end of the horizon.
        warnings.simplefilter("ignore")
        query = recurring_ical_events.of(calendar, skip_bad_series=False)
        found = islice(query.between(start, stop), MAX_OCCURRENCES)
        # The library yields changed occurrences in the order of a set, which differs from process to process.
        return sorted(found, key=lambda event: event["DTSTART"].dt.isoformat())


def _bounded(event: Component, stop: datetime) -> Component:
    """Return the event with its rules limited to end by ``stop``.

    Raises:
        RefusedRuleError: the series begins before 1970, or the rule repeats within a day, never occurs, or is longer
            than 500 characters, as no honest rule is.
    """
    if "RRULE" not in event:
        return event
    first: Any = event["DTSTART"]
    begins: date | datetime = first.dt
    if begins.year < _EARLIEST:
        raise UnsupportedRuleError(f"the series begins in {begins.year}")
    event = event.copy(recursive=True)
    rules: Any = event["RRULE"]
    for rule in rules if isinstance(rules, list) else [rules]:
        text = rule.to_ical().decode("utf-8", "replace")
        frequency = str((rule.get("FREQ") or [""])[0]).upper()
        interval = (rule.get("INTERVAL") or [1])[0]
        within_a_day = {"BYHOUR", "BYMINUTE", "BYSECOND"} & {str(key).upper() for key in rule}
        if len(text) > _MAX_RULE:
            raise UnsupportedRuleError("the recurrence rule is too long to be honest")
        if frequency not in _EXPANDABLE or not isinstance(interval, int) or interval < 1 or within_a_day:
            raise UnsupportedRuleError(f"the recurrence rule {text!r} is not expanded: whole days or longer only")
        if not _has_occurrence(text, begins):
            raise UnsupportedRuleError(f"the recurrence rule {text!r} never comes true")
        last: date | datetime = stop
        if not isinstance(begins, datetime):
            last = stop.date()
        elif begins.tzinfo is None:
            last = stop.replace(tzinfo=None)
        until = (rule.get("UNTIL") or [last])[0]
        if _day(until) > _day(last) or "UNTIL" not in rule:
            rule["UNTIL"] = [last]
    return event


def _has_occurrence(rule: str, begins: date | datetime) -> bool:
    """Return whether a rule has any occurrence: dateutil searches for one up to the year 9999, whatever UNTIL says.

    The Gregorian calendar repeats every 400 years, so only the last 400 years that dateutil supports are searched.
    """
    endless = ";".join(part for part in rule.split(";") if not part.upper().startswith(("UNTIL=", "COUNT=")))
    late = datetime(begins.year + _CYCLES, begins.month, begins.day)  # noqa: DTZ001 - only the calendar date matters
    return next(iter(rrulestr(endless, dtstart=late)), None) is not None


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def horizon(fetched_at: datetime, history_days: int, ahead_days: int) -> tuple[datetime, datetime]:
    """Return the start and end of the period in which occurrences are expanded."""
    return fetched_at - timedelta(days=history_days), fetched_at + timedelta(days=ahead_days)
