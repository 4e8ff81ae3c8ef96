"""The number beside a choice is what one sees once it is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.factories import NOW
from tracker.config import Settings
from tracker.models.selection import Attendance, Selection
from tracker.models.vocabulary import StatusFilter
from tracker.reading.places.fields import locate
from tracker.store import open_store, queries
from tracker.store.choice_counts import choice_counts, unstated_counts

FACETS = (
    "type",
    "mode",
    "country",
    "city",
    "cost",
    "stipend",
    "level",
    "topic",
    "language",
    "source",
    "scope",
    "status",
)
PLACES = st.sampled_from(["near=Berlin&within=1000km", "near=London", "country=DE", "country=GB", "city=Berlin", ""])
MODES = st.lists(st.sampled_from([each.value for each in Attendance]), max_size=3, unique=True)
OTHERS = st.sampled_from(
    ["", "type=hackathon", "cost=free", "status=open", "q=safety", "deadline_within=30d", "past=all"]
)


@pytest.fixture(scope="module")
def db(practice_data: Path) -> Iterator[Connection]:
    store = open_store(Settings.load(practice_data).store_url)
    with store.reading() as connection:
        yield connection
    store.close()


def selection_of(place: str, modes: list[str], other: str) -> Selection:
    return locate(Selection.from_query("&".join(filter(None, [place, other, *(f"mode={each}" for each in modes)]))))


def having(db: Connection, name: str, value: str, ids: set[str]) -> int:
    return len(queries.ids_with_facet(db, name, value) & ids)


@given(place=PLACES, modes=MODES, other=OTHERS, name=st.sampled_from(FACETS))
@example(place="near=Berlin&within=1000km", modes=["in_person", "online"], other="", name="mode")
def test_counts_are_what_a_click_gives(db: Connection, place: str, modes: list[str], other: str, name: str) -> None:
    selection = selection_of(place, modes, other)
    counts = choice_counts(db, name, selection, NOW)
    for value in [*counts, *([each.value for each in Attendance] if name == "mode" else [])]:
        if name in {"scope", "cost"} and value == "out":
            continue
        chosen = dict(selection.to_pairs())
        pairs = [*selection.to_pairs(), *([] if (name, value) in selection.to_pairs() else [(name, value)])]
        clicked = locate(Selection.from_pairs(pairs))
        rows = queries.find_rows(db, clicked, NOW)
        if name == "status":
            seen = Counter(row.status for row in rows)
            assert counts[value] == sum(seen[each.value] for each in StatusFilter(value).statuses), (value, chosen)
        else:
            assert counts.get(value, 0) == having(db, name, value, {row.id for row in rows}), (value, chosen)
            if not getattr(selection, name) and not modes:
                assert counts.get(value, 0) == len(rows), "the number is the new heading"


def test_online_beside_near_counts_the_online_events_on_screen(db: Connection) -> None:
    selection = selection_of("near=Berlin&within=1000km", ["in_person", "online"], "")
    ids = {row.id for row in queries.find_rows(db, selection, NOW)}
    counts = choice_counts(db, "mode", selection, NOW)
    assert counts["online"] == having(db, "mode", "online", ids) > 0
    assert counts["in_person"] == having(db, "mode", "in_person", ids) > 0


@pytest.mark.parametrize("query", ["cost=free", "status=open", "level=low", "cost=free&status=open", "stipend=stipend"])
def test_what_does_not_say_is_counted_and_one_click_away(db: Connection, query: str) -> None:
    selection = Selection.from_query(query)
    before = queries.count_events(db, selection, NOW)
    unstated = unstated_counts(db, selection, NOW)
    assert unstated
    for name, count in unstated.items():
        wider = Selection.from_query(f"{query}&{name}=unknown")
        assert queries.count_events(db, wider, NOW) == before + count
        assert name not in unstated_counts(db, wider, NOW)


def test_not_closed_finds_everything_but_the_closed_and_hides_nothing_that_does_not_say(db: Connection) -> None:
    everything = queries.count_events(db, Selection(), NOW)
    closed = queries.count_events(db, Selection.from_query("status=closed"), NOW)
    not_closed = Selection.from_query("status=not_closed")
    assert queries.count_events(db, not_closed, NOW) == everything - closed
    assert unstated_counts(db, not_closed, NOW) == {}
