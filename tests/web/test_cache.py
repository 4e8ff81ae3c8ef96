"""What is kept: until the data change or the minute passes, and never more than a little."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.databases import sqlite_only
from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.config import Settings
from tracker.models.deadline import Deadline
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.feeds import FEEDS
from tracker.store import Store
from tracker.web import feed_routes
from tracker.web.responses import MAX_CACHED, MAX_CACHED_BYTES, CachedResponse, ResponseCache, text_response

DAY = NOW.date() + timedelta(days=9)


def test_a_change_is_served_at_once(site: TestClient, spoken: Store) -> None:
    say(spoken, a_listing(when=a_when(DAY)), 0)
    first = site.get("/events.ics")
    assert site.get("/events.ics").content == first.content
    say(spoken, a_listing(title="Spring Social", when=a_when(DAY)), 0)
    second = site.get("/events.ics", headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, b"Spring Social" in second.content) == (200, True)


def test_what_ends_leaves_without_a_crawl(site: TestClient, spoken: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    say(spoken, a_listing(when=a_when(DAY)), 0)
    assert site.get("/events.json").json()["count"] == 1
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=20)).isoformat())
    assert site.get("/events.json").json()["count"] == 0


@pytest.mark.parametrize(
    ("query", "days"),
    [("deadline_within=5d", 6), ("status=closing_soon", 6), ("from=%2B8d", 0), ("to=%2B3d", 8), ("", 40)],
)
def test_who_asks_by_date_learns_what_came_and_went_with_time(
    site: TestClient, spoken: Store, monkeypatch: pytest.MonkeyPatch, query: str, days: int
) -> None:
    """Apple's calendar asks with If-Modified-Since: a 304 to any date would freeze it."""
    deadline = Deadline(at=DAY - timedelta(days=1), timezone="AoE")
    say(spoken, a_listing(when=a_when(DAY), deadlines=(deadline,)), 0)
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=days)).isoformat())
    before = site.get(f"/events.ics?{query}")
    asked_at = NOW + timedelta(days=days, minutes=5)
    monkeypatch.setenv("TRACKER_NOW", (asked_at + timedelta(days=2)).isoformat())
    after = site.get(f"/events.ics?{query}", headers={"If-Modified-Since": f"{asked_at:%a, %d %b %Y %H:%M:%S GMT}"})
    if after.status_code == 304:
        assert site.get(f"/events.ics?{query}").content == before.content
    else:
        assert after.status_code == 200
        assert "last-modified" in before.headers or query


def test_reminders_are_of_deadlines_that_stand(site: TestClient, spoken: Store) -> None:
    deadline = Deadline(at=DAY, timezone="AoE", opens=NOW.date())
    say(spoken, a_listing(when=a_when(DAY), deadlines=(deadline,)), 0)
    assert site.get("/events.ics?alarms=7d,1d").content.count(b"BEGIN:VALARM") == 2
    cancelled = a_listing(when=a_when(DAY), deadlines=(deadline,), lifecycle=Lifecycle.CANCELLED)
    say(spoken, cancelled, 0)
    assert site.get("/events.ics?alarms=7d,1d").content.count(b"BEGIN:VALARM") == 0


def test_equal_feeds_are_rendered_once(site: TestClient, spoken: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    say(spoken, a_listing(when=a_when(DAY)), 0)
    asked: list[str] = []
    csv = FEEDS["events.csv"]

    def counted(db: Any, what: Any) -> Any:
        asked.append(what.query)
        return csv.build(db, what)

    monkeypatch.setitem(FEEDS, "events.csv", csv._replace(build=counted))
    for query in ("type=talk&country=DE", "country=de&type=talk", "type=talk&type=talk&country=DE&q="):
        for zipped in ("gzip", "identity"):
            assert site.get(f"/events.csv?{query}", headers={"Accept-Encoding": zipped}).status_code == 200
    assert asked == ["type=talk&country=DE"]


@sqlite_only
def test_the_store_may_come_later_and_be_replaced(settings: Settings, site: TestClient, spoken: Store) -> None:
    say(spoken, a_listing(when=a_when(DAY)), 0)
    assert site.get("/events.json").json()["count"] == 1
    file = settings.data_dir / "tracker.db"
    spoken.close()
    for path in settings.data_dir.glob("tracker.db*"):
        path.rename(path.with_name(f"away-{path.name}"))
    answer = site.get("/events.json")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "300")
    for path in settings.data_dir.glob("away-*"):
        path.rename(path.with_name(path.name.removeprefix("away-")))
    assert file.exists()
    assert site.get("/events.json").json()["count"] == 1


def test_too_many_at_once_are_told_when_to_come_back(
    settings: Settings, spoken: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(spoken, a_listing(when=a_when(DAY)), 0)
    monkeypatch.setattr(feed_routes, "_MAX_PENDING", 3)
    server = feed_routes.Feeds(settings)

    async def crowd() -> list[int]:
        asked = [server.answer("events.ics", f"q=word{number}".encode()) for number in range(10)]
        return sorted(answer.status for answer in await asyncio.gather(*asked))

    assert asyncio.run(crowd()) == [200] * 3 + [503] * 7


def test_a_refusal_is_not_cached(settings: Settings, spoken: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    say(spoken, a_listing(when=a_when(DAY), description="x" * 5_000), 0)
    monkeypatch.setattr(feed_routes, "_MAX_PENDING", 4)
    server = feed_routes.Feeds(settings)

    async def crowd() -> list[int]:
        asked = [server.answer("events.ics", f"q=word{number}".encode()) for number in range(6)]
        found = [answer.status for answer in await asyncio.gather(*asked)]
        later = [await server.answer("events.ics", f"q=word{number}".encode()) for number in range(6)]
        return [*sorted(found), *(answer.status for answer in later)]

    statuses = asyncio.run(crowd())
    assert statuses[:4] == [200] * 4
    assert statuses[6:] == [200] * 6, "a refusal is not kept"


@sqlite_only
def test_a_backup_that_is_put_back_is_read(settings: Settings, site: TestClient, spoken: Store) -> None:
    say(spoken, a_listing(when=a_when(DAY)), 0)
    spoken.close()
    file = settings.data_dir / "tracker.db"
    backup = file.read_bytes()
    say(spoken, a_listing(title="Spring Social", when=a_when(DAY)), 0)
    assert b"Spring Social" in site.get("/events.ics").content
    spoken.close()
    for path in settings.data_dir.glob("tracker.db*"):
        path.unlink()
    (settings.data_dir / "restored").write_bytes(backup)
    (settings.data_dir / "restored").rename(file)
    body = site.get("/events.ics").content
    assert b"Winter Social" in body
    assert b"Spring Social" not in body


def answer_of(size: int) -> CachedResponse:
    return CachedResponse(200, {}, b"x" * size)


def test_the_cache_stays_small_whatever_is_asked_for() -> None:
    cache = ResponseCache()
    cache.begin(1)
    for number in range(10_000):
        cache.add(number, answer_of(10), 1)
    assert len(cache) == MAX_CACHED
    assert cache.get(9_999) is not None
    assert cache.get(0) is None
    for number in range(10_000, 10_100):
        cache.add(number, answer_of(2 * 2**20), 1)
    assert cache._bytes <= MAX_CACHED_BYTES
    cache.add("huge", answer_of(MAX_CACHED_BYTES), 1)
    assert cache.get("huge") is None


def test_what_was_rendered_from_old_data_is_not_kept() -> None:
    cache = ResponseCache()
    cache.begin(1)
    cache.begin(2)
    cache.add("a", text_response(200, "old"), 1)
    assert cache.get("a") is None
