"""Expands recurring calendar entries into occurrences within a horizon, and refuses dangerous rules.

Five lines of iCalendar can define a billion occurrences (``FREQ=SECONDLY``), on which the expansion library hangs.
Only rules that repeat daily or less often are expanded.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice, takewhile
from time import monotonic
from typing import Any

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, Component, vDDDLists, vDDDTypes

from spiders.formats.calendar_properties import REPEATING, unreadable_rules
from spiders.formats.calendar_series import prepare_series, start_of
from spiders.formats.recurrence_rules import (
    UnsupportedRuleError,
    counts_positions_in_weeks,
    has_occurrence,
    without_end,
)

MAX_OCCURRENCES = 500
MAX_SECONDS = 10.0
"""Time limit in seconds for expanding all series of one calendar."""
_MOST_EXPANDED = 5_000
_MOST_COUNTED = 200_000


@dataclass(frozen=True, slots=True)
class Horizon:
    """The period in which occurrences are listed."""

    now: datetime
    history_days: int = 60
    ahead_days: int = 400

    @property
    def start(self) -> datetime:
        """First instant of the period."""
        return self.now - timedelta(days=self.history_days)

    @property
    def stop(self) -> datetime:
        """First instant after the period."""
        return self.now + timedelta(days=self.ahead_days)


@dataclass(frozen=True, slots=True)
class RefusedSeries:
    """A series that is not expanded, or not in full."""

    uid: str
    entry: Component
    reason: str
    is_note: bool = False
    """True if the reason is no fault: the series is listed as far as it goes. Otherwise only its first date is."""


def expand(
    events: Iterable[Component], span: Horizon, zone: tzinfo | None = None
) -> Iterator[Component | RefusedSeries]:
    """Yield single events unchanged, and the occurrences of recurring ones within the horizon.

    A series that cannot be expanded yields a ``RefusedSeries`` and its first date; the other entries are kept. If a
    changed occurrence (RECURRENCE-ID) is broken, the error is followed by the series expanded without its changes.

    Args:
        events: entries of one calendar.
        span: period in which occurrences are listed.
        zone: zone of floating times, for an UNTIL in UTC.
    """
    series: dict[str, list[Component]] = defaultdict(list)
    for event in events:
        # Entries without a UID are no series: those that repeat were given one.
        series[str(event.get("UID") or f"\0{len(series)}")].append(event)
    enough_at = monotonic() + MAX_SECONDS
    for uid, members in series.items():
        refused = [said for event in members for said in unreadable_rules(event)]
        yield from (RefusedSeries(uid, members[0], said) for said in refused)
        is_series = any(name in event for event in members for name in (*REPEATING, "RECURRENCE-ID"))
        if refused and not is_series:
            yield _first_date(members)
        elif not is_series:
            yield from members
        elif monotonic() > enough_at:
            yield RefusedSeries(uid, members[0], "the calendar's series take too long to expand")
            yield _first_date(members)
        else:
            yield from _expand_series(uid, prepare_series(members), span, zone)


def _expand_series(
    uid: str, members: list[Component], span: Horizon, zone: tzinfo | None
) -> Iterator[Component | RefusedSeries]:
    without_changes = [event for event in members if "RECURRENCE-ID" not in event]
    attempts = [members] if len(without_changes) in {0, len(members)} else [members, without_changes]
    for attempt in attempts:
        try:
            found = _occurrences(attempt, span, zone)
        except UnsupportedRuleError as refused:
            yield RefusedSeries(uid, members[0], str(refused))
            break
        except Exception as error:  # noqa: BLE001 - the library raises many kinds on broken series
            yield RefusedSeries(uid, members[0], f"it is broken: {type(error).__name__}: {error}")
            continue
        if len(found) > MAX_OCCURRENCES:
            said = f"it has more than {MAX_OCCURRENCES} dates; the nearest are listed"
            yield RefusedSeries(uid, members[0], said, is_note=True)
            found = sorted(found, key=lambda event: abs(_day(start_of(event)) - span.now.date()))[:MAX_OCCURRENCES]
        if not found and span.now.date() <= _day(start_of(members[0])) < _day(span.stop):
            # Google leaves such a series behind where its first date and all later ones were moved.
            yield RefusedSeries(
                uid, members[0], "it ends before it begins, or all its dates are excluded", is_note=True
            )
        yield from found
        return
    yield _first_date(members)


def _first_date(members: list[Component]) -> Component:
    """Return the entry that begins a series, without its rule."""
    entry = next((event for event in members if "RECURRENCE-ID" not in event), members[0]).copy(recursive=True)
    for name in ("RRULE", "RDATE", "EXDATE", "EXRULE"):
        entry.pop(name, None)
    entry.setdefault("RECURRENCE-ID", vDDDTypes(start_of(entry)))
    return entry


def _occurrences(members: list[Component], span: Horizon, zone: tzinfo | None) -> list[Component]:
    calendar = Calendar()
    calendar.subcomponents = [_bounded(event, span, zone) for event in members]
    with warnings.catch_warnings():
        # dateutil warns about COUNT together with UNTIL; here UNTIL is only the end of the horizon.
        warnings.simplefilter("ignore")
        query = recurring_ical_events.of(calendar, skip_bad_series=False)
        found = [_identified(event, members) for event in islice(query.between(span.start, span.stop), _MOST_EXPANDED)]
        # The library yields changed occurrences in the order of a set, which differs from process to process.
        return sorted(found, key=lambda event: str(start_of(event).isoformat()))


def _identified(event: Component, members: list[Component]) -> Component:
    """Give an occurrence the name of its zone back, and one that "this and future" moves its own RECURRENCE-ID."""
    if "TZID" not in event["DTSTART"].params and "TZID" in (said := members[0]["DTSTART"].params):
        event["DTSTART"].params["TZID"] = said["TZID"]  # of a zone that nobody knows, the name is all there is
    identity: Any = event.get("RECURRENCE-ID")
    if identity is None or "RANGE" not in getattr(identity, "params", {}):
        return event
    change = next(each for each in members if each.get("RECURRENCE-ID") == identity)
    shift: timedelta = start_of(event) - start_of(change)
    event["RECURRENCE-ID"] = vDDDTypes(identity.dt + shift)
    return event


def _bounded(event: Component, span: Horizon, zone: tzinfo | None) -> Component:
    """Return the event with its rules limited to end with the horizon.

    Raises:
        UnsupportedRuleError: a rule never occurs.
    """
    if "RRULE" not in event and "EXRULE" not in event:
        return event
    begins = start_of(event)
    last: date | datetime = span.stop
    if not isinstance(begins, datetime):
        last = span.stop.date()
    elif begins.tzinfo is None:
        last = span.stop.replace(tzinfo=None)
    event = event.copy(recursive=True)
    for rule in (*_rules(event, "RRULE"), *_rules(event, "EXRULE")):
        if not has_occurrence(rule.to_ical().decode(), begins.month):
            raise UnsupportedRuleError("its rule never comes true")
        until = _local_until((rule.get("UNTIL") or [last])[0], begins, zone)
        rule["UNTIL"] = [last if _day(until) > _day(last) else until]
    if any(counts_positions_in_weeks(rule) for rule in _rules(event, "RRULE")):
        # dateutil counts positions from DTSTART, not from the start of its week.
        dates = [each for rule in _rules(event, "RRULE") for each in _dates_of(rule, begins, span)]
        del event["RRULE"]
        _add_dates(event, "RDATE", dates)
    excluded = [each for rule in _rules(event, "EXRULE") for each in _dates_of(rule, begins, span)]
    _add_dates(event, "EXDATE", excluded)
    return event


def _rules(event: Component, name: str) -> list[Any]:
    rules: Any = event.get(name, [])
    return rules if isinstance(rules, list) else [rules]


def _dates_of(rule: Any, begins: date | datetime, span: Horizon) -> list[date | datetime]:
    """Return the dates of a rule within the horizon, with positions counted within whole weeks, up to its UNTIL."""
    is_timed = isinstance(begins, datetime)
    local = begins.replace(tzinfo=None) if isinstance(begins, datetime) else datetime(*begins.timetuple()[:3])  # noqa: DTZ001
    limit: Any = rule["UNTIL"][0]
    count = (rule.get("COUNT") or [None])[0]
    week_starts = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(str((rule.get("WKST") or ["MO"])[0]))
    back = (local.weekday() - week_starts) % 7 if counts_positions_in_weeks(rule) else 0
    endless = without_end(rule.to_ical().decode())
    with_zone = begins.tzinfo if isinstance(begins, datetime) else None
    found = (each for each in rrulestr(endless, dtstart=local - timedelta(days=back)) if each >= local)
    dates = ((each.replace(tzinfo=with_zone) if is_timed else each.date()) for each in islice(found, count))
    within = takewhile(lambda each: each <= limit, islice(dates, _MOST_COUNTED))
    return [each for each in within if _day(each) >= span.start.date()]


def _add_dates(event: Component, name: str, dates: list[date | datetime]) -> None:
    if dates:
        before: Any = event.get(name, [])
        event[name] = [*(before if isinstance(before, list) else [before]), vDDDLists(dates)]


def _local_until(until: date | datetime, begins: date | datetime, zone: tzinfo | None) -> date | datetime:
    """Return UNTIL as it compares with the start: for a start without a zone, local to that of the calendar."""
    if isinstance(until, datetime) and until.tzinfo and isinstance(begins, datetime) and begins.tzinfo is None:
        return until.astimezone(zone or UTC).replace(tzinfo=None)
    return until


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
