from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.factories import a_when, an_event, published
from tracker.errors import StoreReadOnlyError
from tracker.models.deadline import Deadline
from tracker.models.moments import When
from tracker.models.selection import Selection
from tracker.models.vocabulary import DatePrecision, DeadlineKind, Level, Scope, Stipend, TimeCommitment, ZoneSource
from tracker.publishing.atomic_files import write_file
from tracker.publishing.json_events import render_json
from tracker.publishing.phrases import deadline_line, fact_words, format_when


def test_a_file_is_replaced_whole_and_an_unchanged_one_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "site" / "events.ics"
    assert write_file(path, b"one")
    before = path.stat()
    assert not write_file(path, b"one")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert write_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["events.ics"]


def test_what_a_killed_run_left_behind_is_cleared_away(tmp_path: Path) -> None:
    left, fresh = tmp_path / ".events.ics.k1ll3d00", tmp_path / ".events.ics.wr1t1ng0"
    left.write_bytes(b"half")
    fresh.write_bytes(b"of another run")
    os.utime(left, (0, 0))
    assert write_file(tmp_path / "events.ics", b"one")
    assert sorted(each.name for each in tmp_path.iterdir()) == [fresh.name, "events.ics"]


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(StoreReadOnlyError, match="/dev/null"):
        write_file(Path("/dev/null/site/events.ics"), b"")


def test_json_holds_the_selection_and_credits(now: datetime) -> None:
    document = json.loads(render_json([published()], Selection.from_query("type=social"), now))
    assert (document["schema"], document["count"], document["selection"]) == (1, 1, "type=social")
    (event,) = document["events"]
    assert (event["id"], event["when"]["start"], event["sequence"]) == ("k3v9q2m8xa01", "2026-12-03", 0)
    assert event["application_status"] == "unknown"
    assert document["credits"]["berlin"]["name"] == "AI Safety Berlin"


EVENING = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (a_when(EVENING, timezone="Europe/Berlin"), "Thu 3 Dec 2026, 19:00 Berlin time"),
        (a_when(EVENING), "Thu 3 Dec 2026, 18:00 UTC"),
        (a_when(EVENING, datetime(2026, 12, 3, 20, 0, tzinfo=UTC)), "Thu 3 Dec 2026, 18:00–20:00 UTC"),
        (
            a_when(EVENING, datetime(2026, 12, 5, 9, 0, tzinfo=UTC)),
            "Thu 3 Dec 2026, 18:00 – Sat 5 Dec 2026, 09:00 UTC",
        ),
        (a_when(date(2026, 12, 3)), "Thu 3 Dec 2026"),
        (a_when(date(2026, 12, 3), date(2026, 12, 5)), "Thu 3 Dec 2026 – Sat 5 Dec 2026"),
        (When(), "Date not announced"),
        (When(text="mid January"), "mid January"),
        (When(start=date(2026, 9, 1), precision=DatePrecision.MONTH, text="early September 2026"), "early September 2026"),
        (When(start=date(2026, 9, 1), precision=DatePrecision.MONTH), "September 2026"),
        (When(start=date(2026, 1, 1), precision=DatePrecision.YEAR), "2026, date not announced"),
    ],
)  # fmt: skip
def test_a_span_in_words(when: When, words: str) -> None:
    assert format_when(when) == words


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (
            Deadline(at=date(2026, 11, 16), timezone="AoE", timezone_source=ZoneSource.ASSUMED),
            "Apply by Mon 16 Nov 2026, time zone not stated",
        ),
        (
            Deadline(kind=DeadlineKind.REGISTRATION, at=EVENING, timezone="America/New_York"),
            "Register by Thu 3 Dec 2026, 13:00, New York time",
        ),
        (Deadline(rolling=True), "Rolling applications"),
        (Deadline(not_yet_open=True), "Applications not yet open"),
        (Deadline(not_yet_open=True, opens=date(2026, 11, 7)), "Applications open Sat 7 Nov 2026"),
        (Deadline(closed=True, text="deadline has passed"), "Applications closed"),
        (
            Deadline(at=datetime(2026, 11, 17, 12, tzinfo=UTC), timezone="AoE", timezone_source=ZoneSource.STATED),
            "Apply by the end of Mon 16 Nov 2026, anywhere on Earth",
        ),
        (Deadline(text="to be announced"), "Apply by: to be announced"),
        (
            Deadline(kind=DeadlineKind.OTHER, label="Posters", at=date(2026, 11, 16)),
            "Posters Mon 16 Nov 2026, time zone not stated",
        ),
    ],
)
def test_a_deadline_in_words(deadline: Deadline, words: str) -> None:
    assert deadline_line(deadline) == words


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("scope", Scope.XRISK, "Existential risk"),
        ("level", Level.MID, "Medium"),
        ("level", Level.UNKNOWN, ""),
        ("stipend", Stipend.NONE, "Unpaid"),
        ("time_commitment", TimeCommitment.FULL_TIME, "Full time"),
    ],
)
def test_facts_are_said_in_words(field: str, value: str, words: str) -> None:
    assert fact_words(an_event(**{field: value}), field) == words
