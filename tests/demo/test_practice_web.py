"""The journey itself: the practice web, crawled by the real spiders, gives exactly what is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.factories import NOW
from tracker.config import Settings
from tracker.crawling.crawler import Crawl, run_crawl
from tracker.demo.practice_web import PracticeWeb
from tracker.demo.run_demo import practice_settings, run_demo
from tracker.demo.truth import true_events
from tracker.models.run import Run
from tracker.models.selection import Selection
from tracker.pipeline.build import build_events
from tracker.pipeline.planning import BuildResult
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.sources.files import load_sources
from tracker.store import Store, change_log, open_store

TODAY = NOW.date()


@dataclass
class Journey:
    """What a subscriber sees after each of four crawls."""

    settings: Settings
    files: list[dict[str, bytes]]
    runs: list[list[Run]]
    refreshed: list[BuildResult]
    requests: list[list[str]]


def feeds(store: Store, now: datetime) -> dict[str, bytes]:
    with store.reading() as db:
        return {
            name: FEEDS[name].build(db, FeedRequest(Selection(), now)).body for name in ("events.ics", "events.json")
        }


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """Crawl the practice web; then again, unchanged; then after one event has moved; then unchanged once more."""
    patch = pytest.MonkeyPatch()
    settings = Settings.load(tmp_path_factory.mktemp("journey"), download_delay=0.0)
    web = PracticeWeb(TODAY)
    store = open_store(settings.store_url, create=True)
    done = Journey(settings, [], [], [], [])
    with web.serving():
        practice = practice_settings(settings, web.address, TODAY)
        for day in range(4):
            patch.setenv("TRACKER_NOW", (NOW + timedelta(days=day)).isoformat())
            if day == 2:
                web.reschedule()
            web.requests.clear()
            done.runs.append(run_crawl(Crawl(store, practice), load_sources(practice)))
            done.refreshed.append(build_events(store, NOW + timedelta(days=day)))
            done.files.append(feeds(store, NOW + timedelta(days=day)))
            done.requests.append(list(web.requests))
    store.close()
    yield done
    patch.undo()


def facts(event: dict[str, Any]) -> dict[str, Any]:
    when = event["when"]
    return {
        "title": event["title"],
        "url": event["url"],
        "start": when["start"],
        "end": when["end"],
        "precision": when["precision"],
        "timezone": when["timezone"] if when["precision"] == "exact" else None,
        "types": event["types"],
        "mode": event["mode"],
        "cities": [place["city"] for place in event["places"]],
        "countries": [place["country"] for place in event["places"]],
        "lifecycle": event["lifecycle"],
        "deadlines": [
            {"kind": each["kind"], "at": each["at"], "timezone": each["timezone"]}
            for each in event["deadlines"]
            if each["at"]
        ],
        "not_yet_open": any(each["not_yet_open"] for each in event["deadlines"]),
        "recurring": event["recurring"],
        "sources": sorted(source["source"] for source in event["sources"]),
    }


def published_events(files: dict[str, bytes]) -> list[dict[str, Any]]:
    events = [facts(event) for event in json.loads(files["events.json"])["events"]]
    return sorted(events, key=lambda each: (each["title"], each["start"] or ""))


def entries(files: dict[str, bytes]) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical(files["events.ics"])
    return {str(entry["UID"]): entry for entry in calendar.walk("VEVENT")}


def test_what_is_published_is_exactly_what_is_true(journey: Journey) -> None:
    truth = true_events(TODAY)
    assert 75 <= len(truth) <= 95
    assert published_events(journey.files[0]) == truth


def test_the_calendar_holds_every_event_whose_day_is_certain(journey: Journey) -> None:
    expected = sorted(
        (each["title"], each["start"]) for each in true_events(TODAY) if each["precision"] in {"exact", "day"}
    )
    found = []
    for uid, entry in entries(journey.files[0]).items():
        if "-deadline-" in uid:
            continue
        start = entry["DTSTART"].dt
        title = re.sub(r"^\[CANCELLED\] ", "", str(entry["SUMMARY"]))
        found.append((title, f"{start:%Y-%m-%dT%H:%M:%SZ}" if isinstance(start, datetime) else str(start)))
    assert sorted(found) == expected


def test_everything_lies_ahead_whatever_the_weekday() -> None:
    for offset in range(7):
        today = date(2026, 11, 23) + timedelta(days=offset)
        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1)
        for event in true_events(today) + true_events(today, later=True):
            if event["precision"] in {"exact", "day"}:
                assert event["start"] > midnight.isoformat()[:10], event


def test_a_broken_source_costs_the_others_nothing(journey: Journey) -> None:
    verdicts = {run.source: (run.verdict.value, run.diagnosis) for run in journey.runs[0]}
    assert verdicts.pop("practice_broken") == ("failed", "sign_in_page")
    assert set(verdicts.values()) == {("healthy", "")}


def test_entries_that_say_too_little_are_counted(journey: Journey) -> None:
    rejected = {run.source: run.rejected for run in journey.runs[0] if run.rejected}
    assert rejected == {"practice_forum": 1, "practice_sydney": 2}


def test_an_unchanged_crawl_changes_no_byte(journey: Journey) -> None:
    assert journey.files[1] == journey.files[0]
    assert (journey.refreshed[1].new, journey.refreshed[1].changed, journey.refreshed[1].gone) == ([], [], [])
    verdicts = {run.source: run.verdict.value for run in journey.runs[1]}
    assert verdicts.pop("practice_broken") == "failed"
    assert set(verdicts.values()) == {"unchanged"}


def test_after_one_event_has_moved_exactly_one_sequence_has_risen_by_one(journey: Journey) -> None:
    before, after = entries(journey.files[1]), entries(journey.files[2])
    assert before.keys() == after.keys()
    risen = {uid for uid in before if after[uid]["SEQUENCE"] != before[uid]["SEQUENCE"]}
    (uid,) = risen
    assert (before[uid]["SEQUENCE"], after[uid]["SEQUENCE"]) == (0, 1)
    assert str(after[uid]["SUMMARY"]) == "Hands-on Evaluations Workshop"
    assert after[uid]["DTSTART"].dt - before[uid]["DTSTART"].dt == timedelta(days=7)
    assert after[uid]["LAST-MODIFIED"].dt == NOW + timedelta(days=2)
    unmoved = [each for each in before if each != uid]
    assert all(before[each].to_ical() == after[each].to_ical() for each in unmoved)
    assert published_events(journey.files[2]) == true_events(TODAY, later=True)


def test_the_move_is_in_the_history(journey: Journey) -> None:

    (event_id,) = journey.refreshed[2].changed
    store = open_store(journey.settings.store_url)
    with store.reading() as db:
        history = change_log.changes_of_event(db, event_id)
    store.close()
    assert [change.field for change in history] == ["event", "when"]
    assert history[1].source == "practice_london"


def test_two_builds_of_the_same_store_are_the_same_bytes(journey: Journey) -> None:
    store = open_store(journey.settings.store_url)
    one, other = feeds(store, NOW + timedelta(days=3)), feeds(store, NOW + timedelta(days=4))
    store.close()
    assert one["events.ics"] == other["events.ics"] == journey.files[3]["events.ics"]


def test_robots_are_asked_first_and_each_page_once(journey: Journey) -> None:
    # The forum knows only the other form of the query, and is asked twice.
    requests = [page for page in journey.requests[0] if page != "forum.example/graphql"]
    assert len(requests) == len(set(requests))
    for page in requests:
        host, _, path = page.partition("/")
        if path != "robots.txt" and host != "aisafety.example":
            assert requests.index(f"{host}/robots.txt") < requests.index(page)


@pytest.mark.long
def test_the_demo_publishes_its_files_and_the_truth(tmp_path: Path) -> None:
    rehearsal = run_demo(Settings.load(tmp_path, download_delay=0.0))
    assert {"events.ics", "events.json", "index.html"} <= {path.name for path in rehearsal.files}
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["events"] == true_events(TODAY)
    assert truth["count"] == json.loads((tmp_path / "site" / "events.json").read_bytes())["count"]
    again = run_demo(Settings.load(tmp_path, download_delay=0.0))
    assert (again.refreshed.new, again.refreshed.changed) == ([], [])


def test_the_demo_publishes_a_page_and_a_calendar_for_every_event(practice_data: Path) -> None:
    events = json.loads((practice_data / "site" / "events.json").read_bytes())["events"]
    for ending in ("html", "ics"):
        files = {path.stem for path in (practice_data / "site" / "events").glob(f"*.{ending}")}
        assert files == {each["id"] for each in events}
