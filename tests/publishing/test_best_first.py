"""The events that fit best: the same order and reasons in JSON, on the command line, and for assistants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import message_of, tracker

FIT = "level:low;near:Berlin;within:300km;online:yes;months:2027-01..2027-06;money:free"


@pytest.fixture
def data(practice_data: Path) -> str:
    return str(practice_data)


def ranked(data: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(tracker("fit", FIT, "--json", "--data", data).output)["events"]
    return events


def test_nothing_is_left_out_and_the_best_come_first(data: str) -> None:
    events = ranked(data)
    scores = [each["fit"]["score"] for each in events]
    assert len(events) == 79
    assert scores == sorted(scores, reverse=True)
    assert all(each["fit"]["reasons"] for each in events)


def test_the_command_line_says_the_same(data: str) -> None:
    best = ranked(data)[0]
    lines = tracker("fit", FIT, "--most", "3", "--data", data).output.splitlines()
    assert lines[0].split(maxsplit=1)[0] == str(best["fit"]["score"])
    assert best["title"] in lines[0]
    assert ", ".join(each["words"] for each in best["fit"]["reasons"]) in lines[1]
    assert lines[-1] == "3 of 79 events."


def test_filters_filter_and_without_a_fit_there_is_none(data: str) -> None:
    assert tracker("fit", FIT, "--type", "hackathon", "--data", data).output.endswith("3 of 3 events.\n")
    assert "fit" not in json.loads(tracker("list", "--json", "--data", data).output)["events"][0]


@pytest.mark.parametrize(
    ("fit", "says"),
    [
        ("", 'FIT says nothing. Write for example: tracker fit "level:low;near:Berlin;hours:10"'),
        ("near:Nowhereville", "near=Nowhereville is no place we know."),
        ("level:best", "fit=level:best cannot be read"),
    ],
)
def test_what_is_wrong_is_named(data: str, fit: str, says: str) -> None:
    assert says in message_of(tracker("fit", fit, "--data", data))
