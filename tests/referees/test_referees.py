"""Our calendar, read by the parsers of other people's calendar programs, once and over time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.factories import NOW, a_listing, a_when, an_event, published
from tests.publishing.test_icalendar import NASTY
from tests.referees.readers import (
    TITLES,
    Khal,
    Synced,
    Vdirsyncer,
    seen_by_ical,
    seen_by_icalendar,
    seen_by_icaljs,
)
from tests.sources_that_speak import a_store, say
from tracker.curation.decisions import decide_pair
from tracker.demo.truth import true_events
from tracker.models.calendar_options import CalendarOptions
from tracker.models.deadline import Deadline
from tracker.models.place import Place
from tracker.models.ruling import RulingKind
from tracker.models.selection import Selection
from tracker.models.vocabulary import Lifecycle
from tracker.pipeline.build import build_events
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_calendar
from tracker.publishing.ical.deadline_entries import dated_items, render_deadline
from tracker.publishing.ical.event_entry import render_calendar, render_vevent
from tracker.publishing.lint.rules import lint
from tracker.store import Store

pytestmark = pytest.mark.referee


@pytest.fixture
def feed(practice_data: Path) -> bytes:
    """The practice web's calendar."""
    return (practice_data / "site" / "events.ics").read_bytes()


@pytest.fixture(scope="session")
def nasty_feed() -> bytes:
    """A calendar with hostile and odd text in every field."""
    vevents = []
    for number, text in enumerate(NASTY):
        event = an_event(
            id=f"nasty{number:02}", title=text, description=text, organizers=(text,), places=(Place(raw=text),),
            summary=text, doubts=(text,), deadlines=(Deadline(label=text, at=NOW),),
        )  # fmt: skip
        vevent = render_vevent(published(event))
        assert vevent is not None
        vevents.append(vevent)
        (item,) = dated_items(event)
        vevents.append(render_deadline(event, item, sequence=0, first_seen=NOW, changed_at=NOW))
    return render_calendar(vevents, name="Nasty", description="Nasty; text, \\ too", changed_at=NOW)


@pytest.fixture
def vdirsyncer(tmp_path: Path) -> Iterator[Vdirsyncer]:
    subscriber = Vdirsyncer(tmp_path / "vdirsyncer")
    yield subscriber
    subscriber.close()


def test_all_readers_see_the_same_entries(feed: bytes, tmp_path: Path, vdirsyncer: Vdirsyncer) -> None:
    seen = seen_by_icalendar(feed)
    own = [uid for uid in seen if "-deadline-" not in uid]
    assert len(own) == sum(each["precision"] in {"exact", "day"} for each in true_events(NOW.date()))
    assert len(seen) - len(own) == sum(len(each["deadlines"]) for each in true_events(NOW.date()))
    assert seen_by_ical(feed) == seen
    assert seen_by_icaljs(feed) == seen
    titles = {uid: title for uid, (title, _) in seen.items()}
    assert {name: read(feed) == titles for name, read in TITLES.items()} == dict.fromkeys(TITLES, True)
    khal = Khal(tmp_path / "khal")
    assert khal.read(feed) == khal.read(feed) == set(seen)
    assert vdirsyncer.sync(feed) == Synced(len(seen), 0, len(seen))
    assert lint(feed) == []


@pytest.mark.parametrize("read", TITLES.values(), ids=TITLES)
def test_nasty_text_is_text_to_all_readers(nasty_feed: bytes, read: Callable[[bytes], dict[str, str]]) -> None:
    titles = {f"nasty{number:02}@aisafety-tracker": an_event(title=text).title for number, text in enumerate(NASTY)}
    seen = read(nasty_feed)
    assert {uid: title for uid, title in seen.items() if "-deadline-" not in uid} == titles
    assert len(seen) == 2 * len(NASTY)


def test_nasty_text_is_text_to_subscribers(nasty_feed: bytes, tmp_path: Path, vdirsyncer: Vdirsyncer) -> None:
    both = 2 * len(NASTY)
    assert len(Khal(tmp_path / "khal").read(nasty_feed)) == both
    assert vdirsyncer.sync(nasty_feed) == Synced(both, 0, both)
    assert vdirsyncer.sync(nasty_feed) == Synced(0, 0, both)
    assert lint(nasty_feed) == []


def test_no_zone_is_written_that_a_reader_must_know(feed: bytes) -> None:
    assert b"TZID" not in feed
    assert not re.search(rb"^DT(?:START|END)(?:;[^:]*)?:\d{8}T\d{6}\r?$", feed, re.MULTILINE), "a floating time"


def calendar(store: Store, days: float, **options: object) -> bytes:
    with store.reading() as db:
        asked = FeedRequest(Selection(), NOW + timedelta(days=days), options=CalendarOptions.model_validate(options))
        return build_calendar(db, asked).body


def test_alarms_are_read_by_all(tmp_path: Path, vdirsyncer: Vdirsyncer) -> None:
    store = a_store(tmp_path)
    say(store, a_listing(deadlines=(Deadline(at=(NOW + timedelta(days=20)).date(), timezone="AoE"),)), 0)
    feed = calendar(store, 0, alarms=(timedelta(days=7), timedelta(days=1)))
    assert feed.count(b"BEGIN:VALARM") == 2
    assert {name: len(read(feed)) for name, read in TITLES.items()} == dict.fromkeys(TITLES, 2)
    assert len(Khal(tmp_path / "khal").read(feed)) == 2
    assert vdirsyncer.sync(feed).uploads == 2
    assert lint(feed) == []
    store.close()


def test_a_year_of_changes_reaches_every_subscriber_once(tmp_path: Path, vdirsyncer: Vdirsyncer) -> None:
    """Listed; a day later; moved, cancelled, added and merged; the struck-out one dropped; a day later."""
    store = a_store(tmp_path)
    day = NOW.date() + timedelta(days=60)
    said = {
        name: a_listing(source_id=name, title=title, url=f"https://berlin.example/{name}", when=a_when(day))
        for name, title in {
            "moves": "Interpretability Night", "ends": "Governance Dinner", "stays": "Control Hackathon",
            "one": "Evals Workshop", "other": "Seminar on Something Else",
        }.items()
    }  # fmt: skip
    for listing in said.values():
        say(store, listing, 0)
    khal = Khal(tmp_path / "khal")

    first = calendar(store, 0)
    assert vdirsyncer.sync(first) == Synced(5, 0, 5)
    assert len(khal.read(first)) == 5

    assert calendar(store, 1) == first
    assert vdirsyncer.sync(calendar(store, 1)) == Synced(0, 0, 5)

    say(store, said["moves"].model_copy(update={"when": a_when(day + timedelta(days=7))}), 2)
    say(store, said["ends"].model_copy(update={"lifecycle": Lifecycle.CANCELLED}), 2)
    say(store, a_listing(source_id="new", title="Winter School", url="https://berlin.example/new", when=a_when(day)), 2)
    with store.writing() as db:
        decide_pair(db, RulingKind.SAME, "berlin one", "berlin other", now=NOW + timedelta(days=2))
    build_events(store, NOW + timedelta(days=2))
    second = calendar(store, 2)
    before, after = seen_by_icalendar(first), seen_by_icalendar(second)
    assert after.keys() > before.keys()
    assert len(after) == 6
    changed = {uid for uid in before if entries(first)[uid] != entries(second)[uid]}
    titles = sorted(after[uid][0] for uid in changed)
    # Which of the two merged ones stays is theirs; it has both their texts now, so it may have changed as well.
    assert len(titles) in {3, 4}
    assert [title for title in titles if "Workshop" not in title and "Seminar" not in title] == [
        "Interpretability Night",
        "[CANCELLED] Governance Dinner",
    ]
    assert sum(title.startswith("[CANCELLED] ") for title in titles) == 2
    # vdirsyncer knows items by their content: what changed goes and comes again.
    assert vdirsyncer.sync(second) == Synced(len(changed) + 1, len(changed), 6)
    assert khal.read(second) == set(after)
    for read in TITLES.values():
        assert len(read(second)) == 6

    third = calendar(store, 33)
    assert len(seen_by_icalendar(third)) == 5, "the one that became part of another is dropped after a month"
    assert vdirsyncer.sync(third) == Synced(0, 1, 5)
    assert calendar(store, 34) == third
    assert vdirsyncer.sync(third) == Synced(0, 0, 5)
    assert [lint(each) for each in (first, second, third)] == [[], [], []]
    store.close()


def entries(feed: bytes) -> dict[str, bytes]:
    """Return the bytes of each entry by UID."""
    found = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", feed, re.DOTALL)
    return {match[1].decode(): each for each in found if (match := re.search(rb"(?m)^UID:(\S+)", each))}
