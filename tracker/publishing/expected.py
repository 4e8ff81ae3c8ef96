"""Finds the next rounds of yearly series that nobody has announced, and puts them into calendars that ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.forecasting.rounds import ExpectedRound, expect_round, expect_year, expectation_words, yearly_rounds
from tracker.models.event import PublishedEvent
from tracker.models.selection import NO_PAST_LIMIT, Selection
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.ical.vevent import UID_DOMAIN, Text, set_span, start_entry, to_bytes
from tracker.store import queries
from tracker.store.queries import Entry
from tracker.store.series import load_yearly_series

_WITHOUT_TIME = {
    "past": NO_PAST_LIMIT,
    "starts_from": None,
    "starts_to": None,
    "status": (),
    "deadline_within": None,
    "fit": "",
}
"""An expected round has none of what these filters ask for; the others are held against the last round."""
NOTE = "No source says so: it follows from the rounds of earlier years."


class Expected(NamedTuple):
    """A round that is expected."""

    series: str
    last: PublishedEvent
    """The last round."""
    round: ExpectedRound
    sequence: int
    """SEQUENCE of its calendar entry: that of all rounds before it together."""
    changed_at: datetime
    """When a round before it last changed."""


def find_expected(db: Connection, selection: Selection, now: datetime) -> list[Expected]:
    """Return the rounds that are expected after those that a selection finds, soonest first.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    series = load_yearly_series(db)
    found = []
    for name, events in series.items():
        expected = expect_round([each.event for each in events], now.date())
        if expected is not None:
            last = next(each for each in events if each.event.id == expected.after)
            found.append(Expected(name, last, expected, *_version(events)))
    if found:
        wanted = {row.id for row in queries.find_rows(db, selection.model_copy(update=_WITHOUT_TIME), now)}
        found = [each for each in found if each.last.event.id in wanted]
    return sorted(found, key=lambda each: (each.round.expectations[0].first, each.series))


def with_expected(db: Connection, selection: Selection, entries: list[Entry], now: datetime) -> list[Entry]:
    """Return the entries of a calendar with those of expected rounds.

    A round that came after it could be expected has the UID of the expectation, so that it takes its place.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    renamed = _announced(db)
    kept = [_renamed(each, *renamed[each.event_id]) if each.event_id in renamed else each for each in entries]
    added = [_entry(each) for each in find_expected(db, selection, now)]
    return sorted([*kept, *added])


def _announced(db: Connection) -> dict[str, tuple[str, int]]:
    """Return UID and least SEQUENCE of the rounds that were expected before they were announced, by event id."""
    found = {}
    for series, events in load_yearly_series(db).items():
        rounds = yearly_rounds(each.event for each in events) or {}
        versions = {each.event.id: each for each in events}
        for year, event in rounds.items():
            if expect_year(rounds, year) is not None:
                before = [versions[other.id] for of, other in rounds.items() if of < year]
                found[event.id] = (_uid(series, year), _version(before)[0] + 1)
    return found


def _renamed(entry: Entry, uid: str, sequence: int) -> Entry:
    """Return an entry of an event under another UID; its deadlines keep theirs and are related to it."""
    own = f"{entry.event_id}@{UID_DOMAIN}".encode()
    name = b"RELATED-TO:" if entry.part else b"UID:"
    lines = entry.vevent.replace(b"\r\n" + name + own, b"\r\n" + name + f"{uid}@{UID_DOMAIN}".encode())
    if not entry.part:
        head, mark, rest = lines.partition(b"\r\nSEQUENCE:")
        number, end, tail = rest.partition(b"\r\n")
        lines = head + mark + str(int(number) + sequence).encode() + end + tail
    return entry._replace(vevent=lines)


def _entry(expected: Expected) -> Entry:
    event, starts = expected.last.event, expected.round.starts
    entry = start_entry(
        _uid(expected.series, expected.round.year),
        f"[EXPECTED] The round after {event.title}",
        Lifecycle.TENTATIVE,
        sequence=expected.sequence,
        first_seen=expected.last.first_seen,
        changed_at=expected.changed_at,
    )
    set_span(entry, starts.first, starts.last)
    entry["DESCRIPTION"] = Text("\n".join([event.link, *expectation_words(expected.round), NOTE]))
    entry.add("URL", event.link)
    entry.add("CATEGORIES", ["Expected"])
    return Entry(f"{starts.first.isoformat()}T00:00:00Z", event.id, "expected", to_bytes(entry), _stamp(expected))


def _stamp(expected: Expected) -> str:
    return f"{expected.changed_at:%Y-%m-%dT%H:%M:%SZ}"


def _uid(series: str, year: int) -> str:
    return f"{series}-round-{year}"


def _version(events: Sequence[PublishedEvent]) -> tuple[int, datetime]:
    return sum(each.sequence for each in events), max(each.changed_at for each in events)


def series_expectations(events: Sequence[PublishedEvent], now: datetime) -> Iterator[str]:
    """Yield what is expected of the next round of a series, in sentences."""
    expected = expect_round([each.event for each in events], now.date())
    if expected is not None:
        yield from expectation_words(expected)
        yield NOTE.removesuffix(".")
