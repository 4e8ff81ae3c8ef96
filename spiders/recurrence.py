"""Repeating calendar entries → single occurrences, within a horizon and behind a gate.

Five lines of calendar can ask for a billion occurrences (``FREQ=SECONDLY``), and the expansion library
then hangs. Only rules of whole days or longer are expanded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

import recurring_ical_events
from icalendar import Calendar, Component

MAX_OCCURRENCES = 500
_EXPANDABLE = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_MAX_RULE = 500


class RefusedRuleError(ValueError):
    """A recurrence rule that is not worth expanding, or dangerous."""


def expand(events: Iterable[Component], start: datetime, stop: datetime) -> Iterator[Component | RefusedRuleError]:
    """Yield single events as they are, and the occurrences of repeating ones between ``start`` and ``stop``.

    A series that cannot be expanded yields one ``RefusedRuleError`` instead; the other entries are kept.
    """
    series: dict[str, list[Component]] = defaultdict(list)
    for event in events:
        series[str(event.get("UID", id(event)))].append(event)
    for uid, members in series.items():
        if not any("RRULE" in event or "RDATE" in event or "RECURRENCE-ID" in event for event in members):
            yield from members
            continue
        try:
            yield from _expand_series(members, start, stop)
        except RefusedRuleError as refused:
            yield refused
        except Exception as error:  # noqa: BLE001 - the library raises whatever a broken series provokes
            yield RefusedRuleError(f"the series {uid} cannot be expanded: {type(error).__name__}: {error}")


def _expand_series(members: list[Component], start: datetime, stop: datetime) -> Iterator[Component]:
    for event in members:
        _check_rules(event)
    calendar = Calendar()
    calendar.subcomponents = list(members)
    query = recurring_ical_events.of(calendar, skip_bad_series=False)
    yield from islice(query.between(start, stop), MAX_OCCURRENCES)


def _check_rules(event: Component) -> None:
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        text = rule.to_ical().decode("utf-8", "replace")
        frequency = str((rule.get("FREQ") or [""])[0]).upper()
        interval = (rule.get("INTERVAL") or [1])[0]
        if len(text) > _MAX_RULE:
            raise RefusedRuleError("the recurrence rule is too long to be honest")
        if frequency not in _EXPANDABLE or not isinstance(interval, int) or interval < 1:
            raise RefusedRuleError(f"the recurrence rule {text!r} is not expanded: whole days or longer only")


def horizon(fetched_at: datetime, history_days: int, ahead_days: int) -> tuple[datetime, datetime]:
    """Return the span within which occurrences are of interest."""
    return fetched_at - timedelta(days=history_days), fetched_at + timedelta(days=ahead_days)
