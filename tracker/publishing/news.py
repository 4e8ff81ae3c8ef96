"""Converts changes of events into news for readers: headline, old value, new value and source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.models.application_status import APPLICATION_KINDS
from tracker.models.deadline import Deadline
from tracker.models.event import Change, PublishedEvent
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.vocabulary import Lifecycle, Mode
from tracker.publishing.phrases import deadline_line, format_when, mode_words, place_words

_LIFECYCLES = {
    Lifecycle.CANCELLED: "Cancelled",
    Lifecycle.WITHDRAWN: "Withdrawn",
    Lifecycle.POSTPONED: "Postponed",
    Lifecycle.MOVED_ONLINE: "Moved online",
    Lifecycle.SCHEDULED: "On again",
    Lifecycle.TENTATIVE: "Tentative now",
}


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """One change that is news for readers."""

    number: int
    """Number of the change; never reused."""
    headline: str
    """``Deadline extended``"""
    before: str
    """Old value in words; empty if there was none."""
    after: str
    source: str
    """Id of the source of the change; empty if there is no particular one."""
    at: datetime
    published: PublishedEvent
    """The event as it is now."""

    @property
    def words(self) -> str:
        """``from … to …``, as far as the values are not empty."""
        if self.before and self.after:
            return f"from {self.before} to {self.after}"
        return self.after or (f"was {self.before}" if self.before else "")


def summarize_changes(changes: Iterable[tuple[int, Change, PublishedEvent]]) -> Iterator[ChangeSummary]:
    """Yield the changes that are news; corrected descriptions and other small changes are left out."""
    for number, change, published in changes:
        read = _READERS.get(change.field)
        if read is None:
            continue
        headline, before, after = read(change)
        if headline and (before != after or not before):
            yield ChangeSummary(number, headline, before, after, change.source, change.at, published)


def fair_share(news: Iterable[ChangeSummary], most: int) -> list[ChangeSummary]:
    """Return up to ``most`` news, newest first; if there are more, each source gets its newest ones in turn."""
    found = list(news)
    if len(found) <= most:
        return found
    turns: Counter[str] = Counter()
    turn_of = {}
    for each in found:
        turn_of[each.number] = turns[each.source]
        turns[each.source] += 1
    chosen = sorted(found, key=lambda each: (turn_of[each.number], -each.number))[:most]
    return sorted(chosen, key=lambda each: -each.number)


def _values(change: Change) -> tuple[Any, Any]:
    return (json.loads(change.before) if change.before else None, json.loads(change.after) if change.after else None)


def _listed(change: Change) -> tuple[str, str, str]:
    return ("Listed again" if change.after == "listed again" else "", "", "")


def _moved(change: Change) -> tuple[str, str, str]:
    before, after = (When.model_validate(value or {}) for value in _values(change))
    if after.start is None and before.start is not None:
        headline = "Date withdrawn"
    elif not before.is_exact_to_the_day and after.is_exact_to_the_day:
        headline = "Date announced"
    elif before.first_day != after.first_day:
        headline = "Moved"
    else:
        headline = "Other time" if before.start != after.start else "Other end"
    return headline, format_when(before), format_when(after)


def _deadlines(change: Change) -> tuple[str, str, str]:
    before, after = ([Deadline.model_validate(each) for each in value or ()] for value in _values(change))
    was, now = _last_to_enter(before), _last_to_enter(after)
    if was and now and was.closes_at and now.closes_at:
        if was.closes_at == now.closes_at:
            return "", "", ""
        # The same day with a zone is neither later nor earlier than without one.
        if was.day == now.day and (was.zone_is_assumed or now.zone_is_assumed):
            return "", "", ""
        headline = "Deadline extended" if now.closes_at > was.closes_at else "Deadline earlier"
        return headline, deadline_line(was), deadline_line(now)
    if now is not None:
        return "Deadline announced", "", deadline_line(now)
    opened = any(each.not_yet_open for each in before) and not any(each.not_yet_open for each in after)
    return ("Applications opened" if opened else "", "", _words(after))


def _last_to_enter(deadlines: list[Deadline]) -> Deadline | None:
    closing = [each for each in deadlines if each.kind in APPLICATION_KINDS and each.closes_at]
    return max(closing, key=lambda each: (each.closes_at is not None, each.closes_at), default=None)


def _words(deadlines: list[Deadline]) -> str:
    return "; ".join(map(deadline_line, deadlines))


def _lifecycle(change: Change) -> tuple[str, str, str]:
    _, after = _values(change)
    return _LIFECYCLES[Lifecycle(after or Lifecycle.SCHEDULED)], "", ""


def _places(change: Change) -> tuple[str, str, str]:
    before, after = (
        " & ".join(place_words(Place.model_validate(each)) for each in value or ()) for value in _values(change)
    )
    return ("Other place" if before else "Place announced"), before, after


def _mode(change: Change) -> tuple[str, str, str]:
    before, after = (mode_words(Mode(value or Mode.UNKNOWN)) for value in _values(change))
    return ("Other form" if before else ""), before, after


def _title(change: Change) -> tuple[str, str, str]:
    before, after = _values(change)
    return "Renamed", str(before or ""), str(after or "")


_READERS: dict[str, Callable[[Change], tuple[str, str, str]]] = {
    "event": _listed,
    "when": _moved,
    "deadlines": _deadlines,
    "lifecycle": _lifecycle,
    "places": _places,
    "mode": _mode,
    "title": _title,
}
"""For each field, a function that returns (headline, before, after)."""
