"""The same selection holds the same events in every feed, on the command line and on the dashboard."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from tests.factories import NOW
from tracker.cli.main import app
from tracker.config import Settings
from tracker.models.selection import Attendance, Selection, Sort
from tracker.models.vocabulary import CostKind, EventType, Scope, StatusFilter, Topic
from tracker.web.app import feed_app

pytestmark = pytest.mark.long
CHOICES: dict[str, list[str]] = {
    "type": [each.value for each in EventType],
    "country": ["DE", "GB", "US", "FR"],
    "near": ["Berlin", "London", "37.87,-122.27"],
    "mode": [each.value for each in Attendance],
    "from": ["today", "+14d", "2026-12-20"],
    "to": ["+60d", "2027-02-01"],
    "q": ["safety", "ai", "reading group", "berlin"],
    "topic": [each.value for each in Topic],
    "cost": [each.value for each in CostKind],
    "status": [each.value for each in StatusFilter],
    "deadline_within": ["14d", "60d"],
    "scope": [each.value for each in Scope],
    "past": ["30d", "all"],
    "sort": [each.value for each in Sort],
}


def random_selections(count: int) -> Iterator[Selection]:
    chance = random.Random(2026)
    while count:
        names = chance.sample(sorted(CHOICES), chance.randint(0, 3))
        pairs = [(name, chance.choice(CHOICES[name])) for name in names]
        count -= 1
        yield Selection.from_pairs(pairs)


@pytest.fixture
def client(practice_data: Path) -> Iterator[TestClient]:
    with TestClient(feed_app(Settings.load(practice_data))) as opened:
        yield opened


def ids_of_calendar(body: bytes) -> set[str]:
    return {uid.decode() for uid in re.findall(rb"(?m)^UID:(\w+)@", body)}


def test_200_selections_hold_the_same_in_every_feed(client: TestClient, practice_data: Path) -> None:
    some = 0
    for selection in random_selections(200):
        query = selection.to_query()
        document = client.get(f"/events.json?{query}").json()
        ids = {each["id"] for each in document["events"]}
        rows = list(csv.DictReader(io.StringIO(client.get(f"/events.csv?{query}").text)))
        assert [row["id"] for row in rows] == [each["id"] for each in document["events"]], query
        # Calendars keep what has ended for a while, and hold no uncertain days.
        past = "" if selection.past is not None or selection.starts_from is not None else "&past=0d"
        certain = {each["id"] for each in document["events"] if each["when"]["precision"] in {"exact", "day"}}
        assert ids_of_calendar(client.get(f"/events.ics?{query}{past}").content) == certain, query
        assert len(ids) == document["count"]
        some += bool(ids)
    assert some > 80, "most of the selections have to find something to be worth the test"


@pytest.mark.parametrize("number", range(8))
def test_the_command_line_counts_the_same(client: TestClient, practice_data: Path, number: int) -> None:
    selection = list(random_selections(200))[number * 20]
    flags = [part for name, value in selection.to_pairs() for part in (f"--{name}", value)]
    result = CliRunner().invoke(app, ["list", "--json", "--data", str(practice_data), *flags])
    assert json.loads(result.output) == client.get(f"/events.json?{selection.to_query()}").json()


def test_the_dashboard_counts_the_same(client: TestClient, practice_data: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    monkeypatch.setenv("TRACKER_NOW", NOW.isoformat())
    from dashboard.loading import find

    for selection in random_selections(200):
        assert len(find(selection)) == client.get(f"/events.json?{selection.to_query()}").json()["count"]
