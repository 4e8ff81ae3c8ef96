from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import a_store, say
from tracker.models.deadline import Deadline
from tracker.models.selection import Selection
from tracker.models.vocabulary import EventType, Lifecycle
from tracker.publishing.digest import Digest, build_digest, past_weeks, to_markdown, week_span
from tracker.publishing.pasting import FORMS
from tracker.store import Store

TODAY = NOW.date()
WEEK = timedelta(days=7)


def listing(name: str, days: int, **changes: Any) -> Any:
    return a_listing(source_id=name, title=name, url=f"https://berlin.example/{name.replace(' ', '-')}",
                     when=a_when(TODAY + timedelta(days=days)), **changes)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = a_store(tmp_path)
    camp = listing("Camp closing", 60, deadlines=(Deadline(at=TODAY + timedelta(days=3), timezone="AoE"),))
    say(opened, [listing("Seminar soon", 9), listing("Retreat far off", 90), camp, listing("Dinner", 8)], -20)
    say(opened, listing("Fellowship new", 70, types=(EventType.FELLOWSHIP,)), -2)
    say(opened, listing("Talk new", 30, types=(EventType.TALK,)), -1)
    say(opened, listing("Dinner", 8, lifecycle=Lifecycle.CANCELLED), -1)
    yield opened
    opened.close()


def digest_of(store: Store, until: datetime = NOW, since: timedelta = WEEK) -> Digest:
    with store.reading() as db:
        return build_digest(db, Selection(), since=until - since, until=until)


def told(digest: Digest) -> dict[str, list[str]]:
    return {section.heading: [item.title for item in section.items] for section in digest.sections}


def test_each_event_stands_under_the_first_heading_that_fits(store: Store) -> None:
    assert told(digest_of(store)) == {
        "Closing soon": ["Camp closing"],
        "New events": ["Talk new"],
        "New programmes": ["Fellowship new"],
        "Coming up": ["Seminar soon"],
        "Changed": ["Dinner"],
    }


def test_what_is_on_in_the_coming_week_stands_first_but_what_closes_is_said_as_such(store: Store) -> None:
    say(store, listing("Today", 0), 0)
    say(store, listing("New and on", 6), 0)
    say(store, listing("Closes", 5, deadlines=(Deadline(at=TODAY + timedelta(days=2), timezone="AoE"),)), 0)
    sections = told(digest_of(store))
    assert list(sections)[:3] == ["On in the next 7 days", "Closing soon", "New events"]
    assert sections["On in the next 7 days"] == ["Today", "New and on"]
    assert sections["Closing soon"] == ["Closes", "Camp closing"]


def test_dates_have_weekday_and_zone_and_sources_are_credited(store: Store) -> None:
    text = to_markdown(digest_of(store))
    assert "## AI safety: 23 to 30 November 2026" in text
    assert (
        "**[Camp closing](https://berlin.example/Camp-closing)**: Fri 22 Jan 2027 · Apply by Thu 26 Nov 2026, " in text
    )
    assert "anywhere on Earth · *via AI Safety Berlin*" in text
    assert "- **[Dinner](https://berlin.example/Dinner)**: Cancelled · *via AI Safety Berlin*" in text


@pytest.mark.parametrize("form", FORMS)
def test_a_quiet_week_says_so(store: Store, form: str) -> None:
    assert "Nothing new." in FORMS[form].render(digest_of(store, until=NOW - timedelta(days=100)))


def test_a_span_begins_where_the_last_one_ended(store: Store) -> None:
    """What is told in one week is not told as new in the next."""
    first, second = digest_of(store), digest_of(store, until=NOW + WEEK)
    new = [item.key for digest in (first, second) for section in digest.sections for item in section.items
           if section.heading.startswith("New")]  # fmt: skip
    assert len(new) == len(set(new)) == 2


def test_weeks_are_iso_weeks_from_monday_to_monday() -> None:
    assert week_span(2026, 53) == (datetime(2026, 12, 28, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC))
    assert past_weeks(datetime(2027, 1, 5, tzinfo=UTC))[:2] == [(2026, 53), (2026, 52)]
    assert date(2026, 11, 23).isocalendar()[:2] == (2026, 48)
    with pytest.raises(ValueError, match="week"):
        week_span(2027, 53)
