from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.databases import an_empty_store
from tests.factories import a_source, a_when, an_event, published
from tracker.errors import SelectionError, UnknownEventError
from tracker.models.cost import Cost
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.selection import Selection
from tracker.models.vocabulary import CostKind, DatePrecision, EventType, Mode
from tracker.store import events, queries
from tracker.store.events import RenderedEvent
from tracker.store.sources import save_sources

EVENTS = {
    "past": an_event(id="past", title="Past", when=a_when(date(2026, 11, 1))),
    "running": an_event(id="running", title="Running", when=a_when(date(2026, 11, 1), date(2027, 1, 31)), types=(EventType.FELLOWSHIP,)),
    "berlin": an_event(
        id="berlin",
        title="Hackathon über Kontrolle",
        when=a_when(datetime(2026, 12, 3, 18, 0, tzinfo=UTC)),
        types=(EventType.HACKATHON, EventType.SOCIAL),
        mode=Mode.HYBRID_CHOICE,
        places=(Place(raw="Berlin, Germany", city="Berlin", country="DE"),),
        cost=Cost(kind=CostKind.FREE),
    ),
    "both": an_event(
        id="both",
        title="100% two_cities",
        when=a_when(date(2027, 1, 4)),
        places=(Place(city="Berkeley", country="US"), Place(city="London", country="GB")),
        mode=Mode.IN_PERSON,
    ),
    "month": an_event(
        id="month",
        title="Some time in April",
        when=When(start=date(2027, 4, 1), end=date(2027, 4, 30), precision=DatePrecision.MONTH, text="April 2027"),
        mode=Mode.ONLINE,
    ),
    "evergreen": an_event(id="evergreen", title="Evergreen", when=When(), recurring=True),
}  # fmt: skip


def rendered(event: Event, **changes: Any) -> RenderedEvent:
    return RenderedEvent(published(event, **changes), f"VEVENT {event.id}".encode(), "hash")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    store = an_empty_store(tmp_path)
    with store.writing() as connection:
        save_sources(connection, [a_source(), a_source(id="other")])
        events.save_events(connection, [rendered(event) for event in EVENTS.values()])
        yield connection
    store.close()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["running", "berlin", "both", "month", "evergreen"]),
        ("past=all", ["past", "running", "berlin", "both", "month", "evergreen"]),
        ("past=30d", ["past", "running", "berlin", "both", "month", "evergreen"]),
        ("past=7d", ["running", "berlin", "both", "month", "evergreen"]),
        ("type=hackathon", ["berlin"]),
        ("type=hackathon&type=fellowship", ["running", "berlin"]),
        ("country=DE", ["berlin"]),
        ("country=GB", ["both"]),
        ("city=London&country=US", ["both"]),
        ("city=London&country=DE", []),
        ("city=london", ["both"]),
        ("from=2026-10-01&to=2026-11-05", ["past", "running"]),
        ("from=2026-10-01&to=2026-11-05&past=0d", ["running"]),
        ("mode=online", ["berlin", "month"]),
        ("mode=in_person", ["berlin", "both"]),
        ("mode=hybrid", ["berlin"]),
        ("cost=free", ["berlin"]),
        ("from=2027-01-01", ["running", "both", "month"]),
        ("to=2026-12-03", ["running", "berlin"]),
        ("from=2026-12-03&to=2026-12-03", ["running", "berlin"]),
        ("from=2027-04-15&to=2027-04-20", ["month"]),
        ("q=UBER+kontrolle", ["berlin"]),
        ("q=hackathon+london", []),
        ("q=100%25", ["both"]),
        ("q=two_c", ["both"]),
        ("q=twoxc", []),
        ("source=berlin&type=fellowship", ["running"]),
        ("source=other", []),
    ],
)
def test_a_selection_finds_its_events_soonest_first(db: Connection, now: datetime, query: str, ids: list[str]) -> None:
    selection = Selection.from_query(query)
    assert [each.event.id for each in queries.find_events(db, selection, now)] == ids
    assert queries.count_events(db, selection, now) == len(ids)
    assert [each.vevent for each in queries.find_entries(db, selection, now)[0]] == [
        f"VEVENT {event_id}".encode() for event_id in ids
    ]


def test_an_event_comes_back_as_it_went_in(db: Connection) -> None:
    for event in EVENTS.values():
        assert queries.find_event(db, event.id).event == event


def test_an_unknown_id_is_named_with_the_next_step(db: Connection) -> None:
    with pytest.raises(UnknownEventError, match="tracker list"):
        queries.find_event(db, "nope")


def test_a_source_that_there_is_not_is_an_error(db: Connection, now: datetime) -> None:
    with pytest.raises(SelectionError, match="Sources: berlin, other"):
        queries.find_events(db, Selection(source=("nope",)), now)


def test_a_feed_changes_when_an_event_leaves_it_with_time(db: Connection, now: datetime) -> None:
    before = queries.feed_changed_at(db, Selection(), now)
    after = queries.feed_changed_at(db, Selection(), datetime(2026, 12, 4, tzinfo=UTC))
    assert before is not None
    assert after == datetime(2026, 12, 3, 18, 0, tzinfo=UTC) > before


def test_facets_are_counted_within_a_selection(db: Connection, now: datetime) -> None:
    assert queries.facet_counts(db, "country", Selection(), now) == {"DE": 1, "GB": 1, "US": 1}
    assert queries.facet_counts(db, "country", Selection.from_query("type=hackathon"), now) == {"DE": 1}


def test_an_event_that_changes_is_found_by_what_it_is_now(db: Connection, now: datetime) -> None:
    moved = EVENTS["berlin"].model_copy(update={"places": (Place(city="Paris", country="FR"),)})
    events.save_events(db, [rendered(moved, sequence=1, changed_at=now + timedelta(hours=1))])
    assert queries.count_events(db, Selection.from_query("country=DE"), now) == 0
    assert [each.sequence for each in queries.find_events(db, Selection.from_query("country=FR"), now)] == [1]
