"""What selections look at, of all shown events at once, in memory: for pages that filter and count on every click.

``tracker.store.filters`` is the same in SQL and decides what is right; a test holds the two together.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, ColumnElement, Connection, String, select, type_coerce

from tracker.models.application_status import CLOSING_SOON
from tracker.models.brief import Brief
from tracker.models.event import PublishedEvent
from tracker.models.moments import stamp
from tracker.models.selection import Attendance, Selection, Sort
from tracker.models.text import fold
from tracker.models.vocabulary import ApplicationStatus
from tracker.store import schema
from tracker.store.events import published_of
from tracker.store.filters import (
    APPLICABLE,
    FACETS,
    FOLDED_CITY,
    IS_LISTED,
    PLACES,
    check_sources,
    first_day_asked,
    last_day_asked,
    past_of,
)
from tracker.store.full_text import ids_containing
from tracker.store.geo import locate, min_dot_product, unit_vector

Positions = NDArray[np.intp]
Mask = NDArray[np.bool_]
_Stamps = NDArray[np.bytes_]
"""Instants and days as bytes: they compare as they sort; empty where there is none."""
_FEW = 500
"""How many documents are asked for at once."""


@dataclass(frozen=True, slots=True)
class _Facet:
    """Which events have which values."""

    positions: Positions
    codes: NDArray[np.intp]
    values: tuple[str, ...]
    code_of: Mapping[str, int]


class Catalogue:
    """All shown events by position, soonest first."""

    def __init__(self, db: Connection) -> None:
        """Read the catalogue.

        Raises:
            StoreError: the database cannot be read.
        """
        with _no_collection():
            self._read(db)

    def _read(self, db: Connection) -> None:
        event = schema.event
        columns = ("begins_at", "over_at", "first_day", "last_day", "first_seen", "opens_at")
        flags = ("not_yet_open", "rolling", "has_closing")
        rows = db.execute(
            select(
                event.c.id,
                *(_as_text(event.c[name]) for name in columns),
                *(event.c[name] for name in flags),
                event.c.vevent.is_not(None).label("has_day"),
            )
            .where(IS_LISTED)
            .order_by(event.c.begins_at, event.c.id)
        ).all()
        self.ids: tuple[str, ...] = tuple(row[0] for row in rows)
        self._position = {event_id: position for position, event_id in enumerate(self.ids)}
        by_name = dict(zip((*columns, *flags, "has_day"), zip(*(row[1:] for row in rows), strict=True), strict=False))
        self.begins_at, self._over_at, self.first_day, self.last_day, self._first_seen, self._opens_at = (
            np.array([value or "" for value in by_name.get(name, ())], dtype="S20") for name in columns
        )
        self._not_yet_open, self._rolling, self._has_closing = (
            np.array(by_name.get(name, ()), dtype=np.bool_) for name in flags
        )
        self.has_day: Mask = np.array(by_name.get("has_day", ()), dtype=np.bool_)
        """Whether the day is certain: what has none stands in no calendar."""
        self._facets = self._read_facets(db)
        closing = schema.event_closing
        found = [
            (self._position[row[0]], row[1])
            for row in db.execute(
                select(closing.c.event_id, _as_text(closing.c.closes_at)).order_by(closing.c.closes_at)
            )
            if row[0] in self._position
        ]
        self._closing_positions = np.array([each[0] for each in found], dtype=np.intp)
        self._closings = np.array([each[1] for each in found], dtype="S20")
        spot = schema.event_location
        spots = [
            (self._position[row[0]], *row[1:])
            for row in db.execute(
                select(spot.c.event_id, spot.c.x, spot.c.y, spot.c.z).order_by(spot.c.event_id, spot.c.number)
            )
            if row[0] in self._position
        ]
        self.spot_positions = np.array([each[0] for each in spots], dtype=np.intp)
        self.spots = np.array([each[1:] for each in spots], dtype=np.float64).reshape(-1, 3)
        """Unit vectors of where events take place; ``spot_positions`` says whose."""

    def __len__(self) -> int:
        """How many events are shown."""
        return len(self.ids)

    def find(self, db: Connection, selection: Selection, now: datetime) -> Positions:
        """Return the positions of the events of a selection, sorted as it says.

        Raises:
            SelectionError: it names a source or a place that we do not know.
        """
        check_sources(db, selection)
        mask = np.ones(len(self), dtype=np.bool_)
        for condition in self._conditions(db, selection, now):
            mask &= condition
        found = np.flatnonzero(mask)
        if selection.sort is Sort.NEW:
            # Latest first, and among equals the soonest: positions stand in that order already.
            newest = np.unique(self._first_seen[found], return_inverse=True)[1]
            return found[np.argsort(-newest, kind="stable")]
        if selection.sort is Sort.DEADLINE:
            closing = self.next_closing(now)[found]
            return found[np.argsort(np.where(closing == b"", b"~", closing), kind="stable")]
        return found

    def counts(self, facet: str, found: Positions) -> dict[str, int]:
        """Return how many of the events found have each value of a facet, most first; values that none has are left
        out."""
        known = self._facets.get(facet)
        if known is None:
            return {}
        counted = np.bincount(known.codes[self._mask(found)[known.positions]], minlength=len(known.values))
        pairs = ((value, int(count)) for value, count in zip(known.values, counted, strict=True) if count)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def having(self, facet: str, values: Iterable[str]) -> Mask:
        """Return which events have one of the values of a facet."""
        mask = np.zeros(len(self), dtype=np.bool_)
        if known := self._facets.get(facet):
            codes = [known.code_of[value] for value in values if value in known.code_of]
            mask[known.positions[np.isin(known.codes, codes)]] = True
        return mask

    def next_closing(self, now: datetime) -> _Stamps:
        """Return the first instant after ``now`` by which something has to be done, for every event."""
        found = np.full(len(self), b"", dtype="S20")
        ahead = self._closings > stamp(now).encode()
        # They are sorted; written backwards, the earliest is written last.
        found[self._closing_positions[ahead][::-1]] = self._closings[ahead][::-1]
        return found

    def status(self, now: datetime) -> NDArray[np.str_]:
        """Return the application status of every event; ``tracker.models.application_status`` says the same of one."""
        at, closing = stamp(now).encode(), self.next_closing(now)
        soon = stamp(now + CLOSING_SOON).encode()
        cases = (
            (self._over_at <= at, ApplicationStatus.ENDED),
            ((self._opens_at > at) | self._not_yet_open, ApplicationStatus.NOT_YET_OPEN),
            ((closing != b"") & (closing <= soon), ApplicationStatus.CLOSING_SOON),
            (closing != b"", ApplicationStatus.OPEN),
            (self._rolling, ApplicationStatus.ROLLING),
            (self._has_closing, ApplicationStatus.CLOSED),
        )
        return np.select(
            [case[0] for case in cases], [case[1].value for case in cases], ApplicationStatus.UNKNOWN.value
        )

    def load(self, db: Connection, found: Sequence[int] | Positions) -> list[PublishedEvent]:
        """Return the events at some positions, in their order; what has gone since is left out."""
        table = schema.event
        rows = self._rows(db, found, table.c.document, table.c.sequence, table.c.first_seen, table.c.changed_at)
        return [published_of(row) for row in rows]

    def load_briefs(self, db: Connection, found: Sequence[int] | Positions) -> list[Brief]:
        """Return the events at some positions as tables show them."""
        return [Brief.model_validate_json(row.document) for row in self._rows(db, found, schema.event.c.document)]

    def _rows(self, db: Connection, found: Sequence[int] | Positions, *columns: Column[Any]) -> list[Any]:
        ids = [self.ids[position] for position in found]
        key = schema.event.c.id
        rows: dict[str, Any] = {}
        for at in range(0, len(ids), _FEW):
            rows |= {row.id: row for row in db.execute(select(key, *columns).where(key.in_(ids[at : at + _FEW])))}
        return [rows[event_id] for event_id in ids if event_id in rows]

    def _conditions(self, db: Connection, selection: Selection, now: datetime) -> Iterator[Mask]:
        past = past_of(selection)
        if past is not None:
            yield self._over_at > stamp(now - past).encode()
        if (first := first_day_asked(selection, now)) is not None:
            yield self.last_day >= first.isoformat().encode()
        if (last := last_day_asked(selection, now)) is not None:
            yield (self.first_day <= last.isoformat().encode()) & (self.first_day != b"")
        yield from self._of_facets(selection)
        if selection.status:
            wanted = set(selection.status)
            wanted |= set(APPLICABLE) if ApplicationStatus.OPEN in wanted else set()
            yield np.isin(self.status(now), [each.value for each in wanted])
        if selection.deadline_within is not None:
            closing = self.next_closing(now)
            yield (closing != b"") & (closing <= stamp(now + selection.deadline_within).encode())
        if words := fold(selection.q).split():
            said = [self._position[each] for each in ids_containing(db, words) if each in self._position]
            yield self._mask(np.array(said, dtype=np.intp))

    def _of_facets(self, selection: Selection) -> Iterator[Mask]:
        where = [self._of_facet(facet, selection) for facet in PLACES if getattr(selection, facet)]
        if selection.near:
            where.append(self._around(selection.near, selection.within))
        if where:
            here = np.logical_and.reduce(where)
            can_choose = Attendance.ONLINE in selection.mode and len(selection.mode) > 1
            yield here | self.having("mode", (Attendance.ONLINE,)) if can_choose else here
        yield from (
            self._of_facet(facet, selection) for facet in FACETS if facet not in PLACES and getattr(selection, facet)
        )

    def _of_facet(self, facet: str, selection: Selection) -> Mask:
        values = getattr(selection, facet)
        return self.having(FOLDED_CITY, map(fold, values)) if facet == "city" else self.having(facet, values)

    def _around(self, near: str, kilometres: int) -> Mask:
        close = self.spots @ np.array(unit_vector(*locate(near))) >= min_dot_product(kilometres)
        return self._mask(self.spot_positions[close])

    def _mask(self, found: Positions) -> Mask:
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[found] = True
        return mask

    def _read_facets(self, db: Connection) -> dict[str, _Facet]:
        table = schema.event_facet
        found = {}
        for facet in (*FACETS, FOLDED_CITY):
            rows = db.execute(select(table.c.event_id, table.c.value).where(table.c.facet == facet)).all()
            code_of: dict[str, int] = {}
            codes = [code_of.setdefault(row[1], len(code_of)) for row in rows]
            positions = np.array([self._position.get(row[0], -1) for row in rows], dtype=np.intp)
            shown = positions >= 0
            found[facet] = _Facet(positions[shown], np.array(codes, dtype=np.intp)[shown], tuple(code_of), code_of)
        return found


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let no garbage be looked for among half a million short-lived rows: it takes as long as reading them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a column as the database holds it: instants stay text, which compares as they do."""
    return type_coerce(column, String)
