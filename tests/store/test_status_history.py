"""Calendars whose filters depend on the moment: what they once found stays until it is over."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import a_store, say
from tracker.models.application_status import application_status, first_reached
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.selection import Selection
from tracker.models.vocabulary import ApplicationStatus
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import build_calendar
from tracker.store import Store, queries

TODAY = NOW.date()


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def a_camp(name: str, starts: int, *deadlines: Deadline) -> Listing:
    url = f"https://berlin.example/{name}"
    return a_listing(source_id=name, title=f"Camp {name}", url=url, when=a_when(day(starts)), deadlines=deadlines)


def in_calendar(store: Store, query: str, at: datetime) -> set[str]:
    """Return the titles in a calendar, without what is over."""
    with store.reading() as db:
        request = FeedRequest.from_query_string(f"{query}&past=0d&deadlines=none", at, calendar=True)
        body = build_calendar(db, request).body.decode().replace("\r\n ", "")
    return set(re.findall(r"SUMMARY:(.*)\r", body))


def on_page(store: Store, query: str, at: datetime) -> set[str]:
    with store.reading() as db:
        return {each.event.title for each in queries.find_events(db, Selection.from_query(query), at)}


@pytest.mark.parametrize(
    "later",
    [
        (),
        (Deadline(closed=True, text="Applications are closed"),),
        (Deadline(at=day(3), timezone="AoE"),),
        (Deadline(at=day(60), timezone="AoE"),),
        (Deadline(not_yet_open=True),),
    ],
)
def test_whoever_applied_keeps_the_event_until_it_is_over(store: Store, later: tuple[Deadline, ...]) -> None:
    """The page of the event says after its deadline what pages say: nothing, "closed", or another date."""
    queries = ["status=open", "status=not_closed", "deadline_within=14d", "status=closing_soon"]

    def shown(days: int) -> list[set[str]]:
        return [in_calendar(store, query, NOW + timedelta(days=days)) for query in queries]

    always = [{"Camp one"}] * len(queries)
    say(store, a_camp("one", 90, Deadline(at=day(10), timezone="AoE")), 0)
    assert (shown(9), shown(30)) == (always, always)
    say(store, a_camp("one", 90, *later), 11)
    assert (shown(11), shown(30), shown(89)) == (always, always, always)
    assert shown(93) == [set()] * len(queries)


def test_what_was_never_found_does_not_enter(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    say(store, [a_camp("late", 90, Deadline(at=day(-10), timezone="AoE")), a_camp("soon", 90, Deadline(at=day(40)))], 0)
    assert in_calendar(store, "status=open", NOW) == {"Camp soon"}
    assert in_calendar(store, "status=not_closed", NOW) == {"Camp soon"}
    assert in_calendar(store, "deadline_within=14d", NOW) == set()
    assert in_calendar(store, "status=closed", NOW) == {"Camp late"}
    store.close()


def a_random_deadline(chance: random.Random, today: int) -> tuple[Deadline, ...]:
    at = day(today + chance.randint(-10, 50))
    return chance.choice(
        [
            (),
            (Deadline(at=at, timezone="AoE"),),
            (Deadline(at=at, timezone="AoE"), Deadline(at=at + timedelta(days=20), timezone="AoE")),
            (Deadline(at=at + timedelta(days=15), opens=at, timezone="AoE"),),
            (Deadline(rolling=True),),
            (Deadline(closed=True),),
            (Deadline(not_yet_open=True),),
        ]
    )


QUERIES = ["status=open", "status=not_closed", "status=closing_soon", "status=not_yet_open", "status=rolling",
           "status=closed", "status=unknown", "deadline_within=14d", "deadline_within=3d",
           "status=open&status=unknown"]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_over_months_a_calendar_is_what_its_page_has_shown_and_is_not_over(tmp_path: Path, seed: int) -> None:
    chance, store = random.Random(seed), a_store(tmp_path)
    starts = {f"{number:02}": chance.randint(20, 150) for number in range(24)}
    seen: dict[str, set[str]] = defaultdict(set)
    for today in range(0, 160, 1):
        at = NOW + timedelta(days=today)
        with store.reading() as db:
            over = {each.event.title for each in queries.find_events(db, Selection.from_query("past=all"), at)
                    if each.event.ends_at <= at}  # fmt: skip
        for query in QUERIES:
            seen[query] |= on_page(store, query, at)
            assert in_calendar(store, query, at) == seen[query] - over, (query, today)
        spoken = [name for name in starts if not today or chance.random() < 0.03]
        if spoken:
            say(store, [a_camp(name, starts[name], *a_random_deadline(chance, today)) for name in spoken], today)
            for query in QUERIES:
                seen[query] |= on_page(store, query, at)
    assert all(len(titles) > 5 for titles in seen.values())
    store.close()


def test_a_status_is_first_reached_when_it_begins() -> None:
    camp = a_camp("one", 90, Deadline(at=day(40), opens=day(10), timezone="AoE"))
    reached = first_reached(camp, NOW)
    assert list(reached) == [
        ApplicationStatus.NOT_YET_OPEN, ApplicationStatus.OPEN, ApplicationStatus.CLOSING_SOON,
        ApplicationStatus.CLOSED, ApplicationStatus.ENDED,
    ]  # fmt: skip
    for status, at in reached.items():
        assert application_status(camp, at) is status
        assert at == NOW or application_status(camp, at - timedelta(seconds=1)) is not status
