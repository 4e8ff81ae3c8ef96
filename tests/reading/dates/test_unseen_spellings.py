"""Spellings labelled by somebody who did not write the grammar, and strings in which nothing is a date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

DATA = Path(__file__).parent.parent / "data"
ROWS: list[dict[str, Any]] = tomllib.loads((DATA / "dates.toml").read_text("utf-8"))["rows"]
TRAPS = (DATA / "date_traps.txt").read_text("utf-8").splitlines()
PRECISIONS = {"minute": "exact", "none": "unknown"}
PUBLISHED = date(2026, 3, 10)


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_spelling_is_read_as_a_careful_person_would(row: dict[str, Any]) -> None:
    read = as_json(report_text(row["text"], row["ref"]))
    assert (read["start"], read["end"]) == (row.get("start"), row.get("end"))
    assert read["precision"] == PRECISIONS.get(row["granularity"], row["granularity"])
    assert (read["kind"], read["year_inferred"]) == (row["kind"], row["year_inferred"])
    if "tz" in row:
        assert row["tz"].replace("UTC", "+00:00") in {read["utc_offset"], read["timezone"]}


def test_what_is_no_date_is_not_read_as_one() -> None:
    read = {text: as_json(report_text(text, PUBLISHED)) for text in TRAPS}
    assert {text: each for text, each in read.items() if (each["start"], each["end"]) != (None, None)} == {}


def test_the_trap_list_is_long_enough_to_mean_something() -> None:
    assert len(set(TRAPS)) >= 200
