"""``tracker read``: for contributors and bug reports, and line by line for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import message_of, tracker


def test_a_text_is_explained() -> None:
    said = tracker(
        "read",
        "Apply by 7 June, EOD AoE. Runs 28 September to 4 December in Berkeley, CA.",
        "--published",
        "2026-05-12",
    )
    assert said.exit_code == 0
    for words in (
        "range: 2026-09-28 to 2026-12-04",
        "application deadline: 2026-06-07T23:59 AoE (stated), open until 2026-06-08T11:59:59Z",
        "Berkeley, California, US (37.87, -122.27; America/Los_Angeles)",
        "'7 June, EOD AoE' (deadline)",
        "year inferred",
    ):
        assert words in said.output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("every other Thursday at 7pm", "repeats: FREQ=WEEKLY;INTERVAL=2;BYDAY=TH; first 2026-05-14T19:00"),
        ("Applications will open on 5 October", "application deadline: no day, opens 2026-10-05"),
        ("Applications are reviewed on a rolling basis", "says: rolling"),
        ("Sunday 13 May 2026", "doubt: the weekday in 'Sunday 13 May 2026' is not that of 2026-05-13"),
        ("mid January to mid April", "'mid January to mid April' (unsaid): no date"),
        ("Somewhere in France", "place: country"),
    ],
)
def test_each_thing_understood_has_its_line(text: str, words: str) -> None:
    assert words in tracker("read", text, "--published", "2026-05-12").output


def test_a_text_of_several_lines_may_come_from_standard_input() -> None:
    text = "Agents Day, Leiden\nRegister by 1 March 2027\n5 April 2027, café \xff".encode("latin-1", "replace")
    said = tracker("read", "-", "--published", "2026-05-12", stdin=text)
    assert "2027-04-05" in said.output
    assert "registration deadline: 2027-03-01" in said.output
    assert "nothing to read" in message_of(tracker("read", "-", stdin=b"\n"))


def test_lines_are_read_one_by_one_and_a_bad_one_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    rows = [
        '{"id": "a", "text": "20-22 January", "published": "2025-01-15"}',
        '{"id": "b", "place": "SF"}',
        "",
        "not json",
        '["a list"]',
        '{"text": 5}',
        '{"text": "3 May", "published": "yesterday"}',
        '{"text": "1 July 2026, 10:00 IST", "place": "Dublin, Ireland", "published": null}',
    ]
    damaged = [b'\xff\xfe{"text": "3 May"}', b"[" * 100_000]
    odd = ['{"id": "h", "text": "3 May 2027\u2028in Berlin"}', '{"id": "\\ud800", "place": "\\ud800, Berlin"}']
    file.write_bytes(b"\n".join([*(row.encode() for row in rows), *damaged, *(row.encode() for row in odd)]))
    said = tracker("read", "--json", "--lines", str(file))
    answers = [json.loads(line) for line in said.output.splitlines()]
    assert said.exit_code == 0
    assert (answers[0]["id"], answers[0]["start"], answers[0]["end"], answers[0]["year_inferred"]) == (
        "a",
        "2025-01-20",
        "2025-01-22",
        True,
    )
    assert (answers[1]["mode"], answers[1]["places"][0]["city"]) == ("physical", "San Francisco")
    assert [answer.get("error", "")[:7] for answer in answers[2:6]] == ["line 4:", "line 5:", "line 6:", "line 7:"]
    assert answers[6]["utc_offset"] == "+01:00"
    assert [answer["error"][:7] for answer in answers[7:9]] == ["line 9:", "line 10"]
    assert (answers[9]["id"], answers[9]["start"]) == ("h", "2027-05-03")
    assert [place["city"] for place in answers[10]["places"]] == ["Berlin"]


def test_json_of_one_text_is_one_object() -> None:
    answer = json.loads(tracker("read", "week of 16 November 2026", "--json").output)
    assert (answer["kind"], answer["precision"], answer["start"], answer["end"]) == (
        "range",
        "week",
        "2026-11-16",
        "2026-11-22",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to read"),
        (["3 May", "--published", "soon"], "'soon' is not a date; write it as 2026-11-23"),
        (["--lines", "/nonexistent/file"], "cannot be read"),
    ],
)
def test_what_cannot_be_read_says_so(arguments: list[str], message: str) -> None:
    said = tracker("read", *arguments)
    assert said.exit_code != 0
    assert message in (said.output or str(said.exception))
