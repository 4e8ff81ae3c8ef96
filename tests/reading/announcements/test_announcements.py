"""Whole announcements: which dates are the event's, which are deadlines, what no longer holds, what is no date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

FILE = Path(__file__).parent.parent / "data" / "announcements.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["rows"]
PUBLISHED = date(2026, 10, 1)


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_an_announcement_is_understood(row: dict[str, Any]) -> None:
    read = as_json(report_text(row["text"], PUBLISHED))
    deadlines = [[due["kind"], due["at"] or "", due["opens"] or ""] for due in read["deadlines"]]
    found = {key: read[key] for key in ("kind", "start", "end", "timezone", "recurrence") if read[key]}
    assert found == {key: row[key] for key in ("kind", "start", "end", "timezone", "recurrence") if key in row}
    assert deadlines == row.get("deadlines", [])
    assert read["precision"] == row.get("precision", "unknown")
    assert read["doubts"][:1] == ([row["doubt"]] if "doubt" in row else [])
