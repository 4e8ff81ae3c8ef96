"""Calendars of Localist: each date of an event is a listing of its own, and none replaces another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spiders.platforms import localist
from tests.factories import FETCHED
from tracker.sources.platform import Page

OPTIONS = localist.Options.model_validate({"site_url": "https://events.university.example"})


def event(title: str, *starts: str, **keys: Any) -> dict[str, Any]:
    instances = [{"event_instance": {"start": start, "all_day": False}} for start in starts]
    return {"event": {"title": title, "event_instances": instances, **keys}}


def ids(*rows: dict[str, Any]) -> list[str]:
    body = json.dumps({"events": list(rows), "page": {"current": 1, "total": 1}}).encode()
    page = Page("university", "https://events.university.example/api/2/events?pp=100", body, FETCHED)
    return sorted(each.source_id for each in localist.read(page, OPTIONS).listings)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([event("Talk", "2026-12-01T10:00:00-08:00", id=7)], ["7"]),
        ([event("Talk", "2026-12-01T10:00:00-08:00", id=7)] * 2, ["7"]),
        (
            [event("Talk", "2026-12-01T10:00:00-08:00", "2026-12-08T10:00:00-08:00", id=7)] * 2,
            ["7/2026-12-01", "7/2026-12-08"],
        ),
        (
            [event("Tour", "2026-12-01T10:00:00-08:00", "2026-12-01T15:00:00-08:00", id=7)],
            ["7/2026-12-01T10:00:00-08:00", "7/2026-12-01T15:00:00-08:00"],
        ),
        (
            [
                event("Talk", "2026-12-01T10:00:00-08:00", id=7, recurring=False),
                event("Talk", "2026-12-08T10:00:00-08:00", id=7, recurring=False),
            ],
            ["7/2026-12-01", "7/2026-12-08"],
        ),
        (
            [event("A talk", "2026-12-01T10:00:00-08:00"), event("B talk", "2026-12-01T10:00:00-08:00")],
            ["a talk", "b talk"],
        ),
    ],
    ids=["once", "listed twice", "two days", "two hours of a day", "a row for each day", "without an id"],
)
def test_every_date_of_an_event_is_a_listing(rows: list[dict[str, Any]], found: list[str]) -> None:
    assert ids(*rows) == found
