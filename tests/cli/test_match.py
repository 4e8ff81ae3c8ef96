from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from tracker.cli.main import app

EVENING = {"start": "2026-12-10T18:00:00Z", "precision": "exact"}
ROWS = [
    {"id": "a", "source": "forum", "source_id": "1", "title": "Interpretability Night Berlin", "when": EVENING},
    {"id": "b", "source": "luma", "source_id": "7", "title": "Interpretability Night (Berlin) | Luma", "when": EVENING},
    {"id": "c", "source": "luma", "source_id": "8", "title": "Interpretability Night Berlin", "when": {"start": "2026-12-17", "precision": "day"}},
    {"title": "Compute Governance Course"},
]  # fmt: skip


def match(tmp_path: Path, text: str) -> tuple[int, list[dict[str, str | None]], str]:
    file = tmp_path / "listings.jsonl"
    file.write_text(text, "utf-8")
    output = tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, ["match", str(file), "-o", str(output)])
    lines = output.read_text("utf-8").splitlines() if output.exists() else []
    return result.exit_code, [json.loads(line) for line in lines], result.output


def test_a_file_of_listings_is_matched_without_a_store(tmp_path: Path) -> None:
    code, answers, output = match(tmp_path, "\n".join(map(json.dumps, ROWS)) + "\n")
    assert code == 0
    assert [answer["id"] for answer in answers] == ["a", "b", "c", "line 4"]
    assert answers[0]["event"] == answers[1]["event"] == "a"
    assert answers[2]["event"] == "c"
    assert answers[0]["series"] == answers[2]["series"] is not None
    assert answers[3]["series"] is None
    assert answers[0]["reason"] == "first listing"
    assert str(answers[1]["reason"]).startswith("with forum 1: ")
    assert "4 listings, 3 events, 1 series, 0 rejected." in output


def test_a_bad_line_is_counted_and_costs_the_others_nothing(tmp_path: Path) -> None:
    bad = ['{"title": 3', "[]", '{"title": "X", "starts": "tomorrow"}', '{"title": "X", "when": {"start": "soon"}}']
    code, answers, output = match(tmp_path, "\n".join([json.dumps(ROWS[0]), *bad]))
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a"]
    assert "line 4: starts: Extra inputs are not permitted" in output
    assert "1 listings, 1 events, 0 series, 4 rejected." in output


def test_two_dates_under_one_id_and_kinds_that_only_others_have_are_matched(tmp_path: Path) -> None:
    same = {"source": "cal", "source_id": "uid", "title": "Agents Night", "types": ["vigil", "talk"]}
    dates = [same | {"id": day, "when": {"start": day, "precision": "day"}} for day in ("2027-03-01", "2027-04-01")]
    code, answers, _ = match(tmp_path, "\n".join(map(json.dumps, dates)))
    assert code == 0
    assert [answer["event"] for answer in answers] == ["2027-03-01", "2027-04-01"]


def test_two_lines_of_one_name_have_answers_of_their_own(tmp_path: Path) -> None:
    same = {"id": "77", "source": "cal", "title": "Robotics Safety Stammtisch"}
    dates = [same | {"when": {"start": day, "precision": "day"}} for day in ("2027-03-01", "2027-04-01")]
    code, answers, _ = match(tmp_path, "\n".join(map(json.dumps, dates)))
    assert code == 0
    assert [(answer["id"], answer["event"]) for answer in answers] == [("77", "77"), ("77 (line 2)", "77 (line 2)")]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["match", str(tmp_path / "none.jsonl")])
    assert result.exit_code != 0
    assert "none.jsonl cannot be read" in str(result.exception)


def test_an_empty_file_has_an_empty_answer(tmp_path: Path) -> None:
    code, answers, output = match(tmp_path, "\n\n")
    assert (code, answers) == (0, [])
    assert "0 listings" in output


def test_a_line_that_cannot_be_read_costs_the_others_nothing(tmp_path: Path) -> None:
    file = tmp_path / "listings.jsonl"
    file.write_bytes(b'{"title": "One"}\n\xff\xfe\n{"title": ""}\n[1]\n{"title": "Two"}\n')
    result = CliRunner().invoke(app, ["match", str(file)])
    assert result.exit_code == 1
    assert "2 listings, 2 events, 0 series, 3 rejected." in result.output
    assert "line 2: " in result.output
    assert "line 3: it has no title" in result.output
