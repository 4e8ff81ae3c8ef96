"""Filters that need more than a look at a list: places, deadlines, status, words, days from today."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from tests.databases import an_empty_store
from tests.factories import NOW, a_when, an_event, published
from tracker.errors import SelectionError
from tracker.models.application_status import application_status
from tracker.models.deadline import Deadline
from tracker.models.event import Event
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.selection import Selection
from tracker.models.text import fold
from tracker.models.vocabulary import DeadlineKind, Mode, Scope
from tracker.reading.places.fields import locate
from tracker.store import events, full_text, queries, schema
from tracker.store.events import RenderedEvent, search_text
from tracker.store.filters import status_at

BERLIN = Place(city="Berlin", country="DE", latitude=52.52, longitude=13.405)
LEIPZIG = Place(city="Leipzig", country="DE", latitude=51.34, longitude=12.375)
SUVA = Place(city="Suva", country="FJ", latitude=-18.14, longitude=178.44)
APIA = Place(city="Apia", country="WS", latitude=-13.83, longitude=-171.77)
EVENTS = [
    an_event(id="berlin", title="Berlin", places=(BERLIN,), mode=Mode.IN_PERSON, languages=("de", "en"),
             when=a_when(date(2026, 12, 1))),
    an_event(id="leipzig", title="Leipzig", places=(LEIPZIG,), mode=Mode.IN_PERSON, when=a_when(date(2026, 12, 2))),
    an_event(id="suva", title="Suva", places=(SUVA, BERLIN.model_copy(update={"latitude": None, "longitude": None})),
             mode=Mode.IN_PERSON, when=a_when(date(2026, 12, 3))),
    an_event(id="apia", title="Apia", places=(APIA,), mode=Mode.HYBRID_CHOICE, when=a_when(date(2026, 12, 4))),
    an_event(id="online", title="Online", mode=Mode.ONLINE, scope=Scope.XRISK, when=a_when(date(2026, 12, 5)),
             deadlines=(Deadline(at=date(2026, 11, 24), timezone="AoE"), Deadline(at=date(2026, 12, 20)))),
    an_event(id="later", title="Later", mode=Mode.ONLINE, when=a_when(date(2027, 3, 1)),
             deadlines=(Deadline(kind=DeadlineKind.NOTIFICATION, at=date(2026, 11, 25)), Deadline(at=date(2027, 1, 9)))),
    an_event(id="rolling", title="Rolling", when=When(), deadlines=(Deadline(rolling=True),)),
]  # fmt: skip


def save(db: Connection, found: list[Event]) -> None:
    events.save_events(db, [RenderedEvent(published(event), None, "hash") for event in found])


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    store = an_empty_store(tmp_path_factory.mktemp("store"))
    with store.writing() as connection:
        save(connection, EVENTS)
        yield connection
    store.close()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("near=Berlin", ["berlin"]),
        ("near=berlin&within=150km", ["berlin", "leipzig"]),
        ("near=52.52,13.405&within=148km", ["berlin"]),
        ("near=52.52,13.405&within=150km", ["berlin", "leipzig"]),
        ("near=-16,179.9&within=1200km", ["suva", "apia"]),
        ("near=Suva&within=1200km", ["suva", "apia"]),
        ("near=-52.52,-166.595&within=20100km", ["berlin", "leipzig", "suva", "apia"]),
        ("near=90,0&within=20000km", ["berlin", "leipzig", "suva", "apia"]),
        ("near=Berlin&mode=online", []),
        ("near=Berlin&mode=online&mode=in_person", ["berlin", "apia", "online", "later"]),
        ("country=WS&mode=online", ["apia"]),
        ("country=DE&mode=in_person&mode=online", ["berlin", "leipzig", "suva", "apia", "online", "later"]),
        ("language=de", ["berlin"]),
        ("language=en&language=fr", ["berlin"]),
        ("scope=xrisk", ["online"]),
        ("deadline_within=2d", ["online"]),
        ("deadline_within=1d", []),
        ("deadline_within=60d", ["online", "later"]),
        ("status=open", ["online", "later", "rolling"]),
        ("status=closing_soon", ["online"]),
        ("status=rolling", ["rolling"]),
        ("status=unknown", ["berlin", "leipzig", "suva", "apia"]),
        ("from=today&to=%2B9d", ["berlin", "leipzig", "suva"]),
        ("from=%2B10d&to=2026-12-31", ["suva", "apia", "online"]),
        ("sort=deadline&status=open", ["online", "later", "rolling"]),
        ("q=lei", ["leipzig"]),
        ("q=le", ["leipzig"]),
        ("q=lipsia", ["leipzig"]),
        ("q=Lipsk+leipzig", ["leipzig"]),
        ("q=lipsia+suva", []),
    ],
)
def test_a_selection_finds(db: Connection, query: str, ids: list[str]) -> None:
    selection = locate(Selection.from_query(query))
    assert [each.event.id for each in queries.find_events(db, selection, NOW)] == ids
    assert queries.count_events(db, selection, NOW) == len(ids)


def test_newly_listed_come_first_if_asked(db: Connection) -> None:
    events.save_events(db, [RenderedEvent(published(EVENTS[4], first_seen=NOW + timedelta(hours=1)), None, "hash")])
    assert queries.find_events(db, Selection.from_query("sort=new"), NOW)[0].event.id == "online"
    save(db, [EVENTS[4]])


def test_a_place_nobody_knows_is_an_error_that_says_what_to_write(db: Connection) -> None:
    with pytest.raises(SelectionError, match=r"near=Qwxyz is no place we know.*near=52.52,13.41"):
        queries.find_events(db, locate(Selection.from_query("near=Qwxyz")), NOW)


@pytest.mark.parametrize(
    ("hour", "found"),
    [(9, True), (23, True), (35, True), (36, False)],
)
def test_today_lasts_until_it_is_over_everywhere(db: Connection, hour: int, found: bool) -> None:
    """A Honolulu evening of 1 December is the morning of the 2nd in UTC, and is still today there."""
    now = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=hour)
    ids = [each.event.id for each in queries.find_events(db, Selection.from_query("from=today&past=all"), now)]
    assert ("berlin" in ids) is found


moments = (
    st.none()
    | st.integers(-40, 40).map(lambda n: date(2026, 11, 23) + timedelta(days=n))
    | st.integers(-2_000, 2_000).map(lambda n: NOW + timedelta(hours=n))
)


@st.composite
def deadlines(draw: st.DrawFn) -> Deadline:
    said = {
        "kind": draw(st.sampled_from(DeadlineKind)),
        "at": draw(moments),
        "timezone": draw(st.sampled_from([None, "AoE", "Asia/Tokyo"])),
        "opens": draw(moments),
        "not_yet_open": draw(st.booleans()),
        "rolling": draw(st.booleans()),
        "closed": draw(st.booleans()),
        "text": "said",
    }
    return Deadline.model_validate(said)


@settings(max_examples=30)
@given(st.lists(st.lists(deadlines(), max_size=3), max_size=8), st.integers(-60, 60))
def test_the_database_tells_the_status_as_the_model_does(said: list[list[Deadline]], start: int) -> None:
    found = [
        an_event(id=f"e{number}", when=a_when(date(2026, 11, 23) + timedelta(days=start)), deadlines=tuple(each))
        for number, each in enumerate(said)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = an_empty_store(Path(folder))
        with store.writing() as db:
            save(db, found)
            rows = db.execute(select(schema.event.c.id, status_at(NOW)))
            assert {row[0]: row[1] for row in rows} == {each.id: application_status(each, NOW).value for each in found}
        store.close()


@settings(max_examples=60)
@given(st.text(max_size=12))
def test_the_index_finds_what_reading_every_text_would_find(db: Connection, words: str) -> None:
    selection = Selection(q=words)
    found = {each.event.id for each in queries.find_events(db, selection, NOW)}
    folded = fold(selection.q).split()
    assert found == {each.id for each in EVENTS if all(word in search_text(each) for word in folded)}


@pytest.mark.parametrize("rare", [0, 1, 2_000])
@pytest.mark.parametrize(
    "words", ["e", "le", "lei", "li on", "online", "ber dir", "the directory apia", "nowhere", "x" * 101, "o_l%"]
)
def test_the_first_few_are_the_same_however_common_the_words_are(
    db: Connection, monkeypatch: pytest.MonkeyPatch, words: str, rare: int
) -> None:
    monkeypatch.setattr(full_text, "_RARE", rare)
    selection = Selection(q=words)
    every = queries.find_events(db, selection, NOW)
    for most in (1, 2, 100):
        assert queries.find_events(db, selection, NOW, most=most) == every[:most]


def test_the_index_follows_every_change(db: Connection) -> None:
    renamed = EVENTS[1].model_copy(update={"title": "Halle"})
    save(db, [renamed])
    assert queries.count_events(db, Selection(q="halle"), NOW) == 1
    assert queries.count_events(db, Selection(q="leipzig"), NOW) == 1, "the city is still there"
    events.delete_events(db, ["leipzig"])
    assert queries.count_events(db, Selection(q="halle"), NOW) == 0
    assert db.execute(select(func.count()).select_from(schema.event_text)).scalar() == len(EVENTS) - 1
    save(db, [EVENTS[1]])
    assert queries.count_events(db, Selection(q="leipzig"), NOW) == 1
