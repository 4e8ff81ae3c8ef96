"""The catalogue in memory says of every selection what SQL says."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.databases import an_empty_store
from tests.factories import NOW, a_when, an_event
from tests.store.test_selecting import BERLIN, EVENTS, LEIPZIG, save
from tests.web.test_same_everywhere import random_selections
from tracker.errors import SelectionError
from tracker.models import Deadline, Selection, When
from tracker.models.application_status import application_status
from tracker.models.vocabulary import DeadlineKind, EventType, Mode
from tracker.store import open_store, queries
from tracker.store.catalogue import Catalogue

DAYS = st.dates(NOW.date() - timedelta(days=40), NOW.date() + timedelta(days=400))
DEADLINES = st.builds(
    Deadline,
    kind=st.sampled_from([DeadlineKind.APPLICATION, DeadlineKind.NOTIFICATION, DeadlineKind.EARLY_BIRD]),
    at=st.one_of(st.none(), DAYS),
    opens=st.one_of(st.none(), DAYS),
    not_yet_open=st.booleans(),
    rolling=st.booleans(),
    closed=st.booleans(),
    text=st.just("said"),
)
EVENTS_OF_ALL_KINDS = st.lists(
    st.builds(
        lambda **given: given,
        when=st.one_of(st.just(When()), st.builds(a_when, DAYS)),
        deadlines=st.lists(DEADLINES, max_size=3).map(tuple),
        mode=st.sampled_from(list(Mode)),
        places=st.sampled_from([(), (BERLIN,), (LEIPZIG,), (BERLIN, LEIPZIG)]),
        types=st.lists(st.sampled_from(list(EventType)[:4]), max_size=2, unique=True).map(tuple),
        title=st.sampled_from(["AI safety social", "Interpretability", "Governance day"]),
    ),
    min_size=1,
    max_size=12,
)
SELECTIONS = [
    Selection.from_query(query)
    for query in (
        "", "past=all", "past=30d&sort=new", "from=today&to=%2B60d", "to=2026-12-31&sort=deadline", "q=ai+so", "q=xyz",
        "near=Berlin&within=50km", "near=Berlin&within=300km&mode=in_person&mode=online", "city=berlin&mode=online",
        "country=DE&type=competition&type=hackathon", "deadline_within=30d", "cost=unknown&scope=unknown", "mode=hybrid",
        *(f"status={each}" for each in ("open", "closing_soon", "closed", "not_yet_open", "rolling", "unknown", "ended")),
    )
]  # fmt: skip


def ids(db: Connection, selection: Selection) -> list[str]:
    return [each.event.id for each in queries.find_events(db, selection, NOW)]


@given(EVENTS_OF_ALL_KINDS)
@settings(max_examples=25)
def test_it_finds_the_same_in_the_same_order(events: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = an_empty_store(Path(folder))
        with store.writing() as db:
            save(db, [an_event(id=f"e{number:02}", **each) for number, each in enumerate(events)])
        with store.reading() as db:
            catalogue = Catalogue(db)
            for selection in SELECTIONS:
                found = catalogue.find(db, selection, NOW)
                assert [catalogue.ids[each] for each in found] == ids(db, selection), selection
        store.close()


def test_it_finds_the_same_among_the_practice_webs_events(practice_data: Path) -> None:
    store = open_store(f"sqlite:///{practice_data / 'tracker.db'}")
    some = 0
    with store.reading() as db:
        catalogue = Catalogue(db)
        for selection in random_selections(200):
            found = catalogue.find(db, selection, NOW)
            assert [catalogue.ids[each] for each in found] == ids(db, selection), selection
            some += bool(len(found))
            for facet in ("type", "country", "city", "mode", "language", "source"):
                assert catalogue.counts(facet, found) == queries.facet_counts(db, facet, selection, NOW)
    store.close()
    assert some > 80


def test_it_knows_status_and_next_closing_as_the_model_does(tmp_path: Path) -> None:
    store = an_empty_store(tmp_path)
    with store.writing() as db:
        save(db, EVENTS)
        catalogue = Catalogue(db)
        events = {each.event.id: each.event for each in catalogue.load(db, range(len(catalogue)))}
    assert set(events) == {each.id for each in EVENTS}
    said = dict(zip(catalogue.ids, catalogue.status(NOW), strict=True))
    assert said == {event_id: application_status(event, NOW).value for event_id, event in events.items()}
    closing = dict(zip(catalogue.ids, catalogue.next_closing(NOW), strict=True))
    assert closing["online"] == b"2026-11-25T12:00:00Z"
    assert closing["berlin"] == b""
    store.close()


def test_briefs_say_what_the_events_say(tmp_path: Path) -> None:
    store = an_empty_store(tmp_path)
    with store.writing() as db:
        save(db, EVENTS)
        catalogue = Catalogue(db)
        for brief, published in zip(
            catalogue.load_briefs(db, range(len(catalogue))), catalogue.load(db, range(len(catalogue))), strict=True
        ):
            for field in type(brief).model_fields:
                assert getattr(brief, field) == getattr(published.event, field)
    store.close()


@pytest.mark.parametrize("query", ["source=none", "near=Nowhereville"])
def test_what_is_not_known_is_an_error(tmp_path: Path, query: str) -> None:
    store = an_empty_store(tmp_path)
    with store.reading() as db, pytest.raises(SelectionError):
        Catalogue(db).find(db, Selection.from_query(query), NOW)
    store.close()


def test_an_empty_store_has_an_empty_catalogue(tmp_path: Path) -> None:
    store = an_empty_store(tmp_path)
    with store.reading() as db:
        catalogue = Catalogue(db)
        assert len(catalogue.find(db, Selection.from_query("type=talk&near=Berlin&sort=new"), NOW)) == 0
        assert catalogue.counts("type", catalogue.find(db, Selection(), NOW)) == {}
    store.close()
