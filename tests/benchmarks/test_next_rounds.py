"""The back-test of expected rounds: lists are read as by a crawl, and a round is judged by those before it alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from benchmarks import next_rounds
from benchmarks.next_rounds import Tally, read_series

pytestmark = pytest.mark.long
EDITION = """\
    - year: {year}
      id: camp{year}
      link: https://camp.example/{year}
      timeline:
        - deadline: '{year}-02-1{digit} 23:59:59'
      timezone: AoE
      date: July {day}, {year}
      place: Berlin, Germany
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    days = {2021: 10, 2022: 12, 2023: 9, 2024: 11, 2025: 30}
    rows = [EDITION.format(year=year, digit=year % 10, day=day) for year, day in days.items()]
    (tmp_path / "camp.yml").write_text("- title: Camp\n  confs:\n" + "".join(rows), "utf-8")
    return tmp_path


def test_editions_of_one_conference_are_a_series(lists: Path) -> None:
    ((name, events),) = read_series([lists]).items()
    assert (name, len(events)) == ("camp", 5)
    assert min(each.when.first_day for each in events if each.when.first_day) == date(2021, 7, 10)


def test_each_edition_is_held_against_those_before_it(
    lists: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["next_rounds", str(lists)])
    next_rounds.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 conferences, 5 editions"
    assert "starts  3 before  ours          100.0 % of    1 hold" in " ".join(lines)
    assert "starts  4 before  ours            0.0 % of    1 hold" in " ".join(lines)


def test_a_tally_counts() -> None:
    tally = Tally()
    assert str(tally) == "no case"
    tally.add(date(2025, 1, 1), date(2025, 1, 10), date(2025, 1, 10))
    tally.add(date(2025, 1, 1), date(2025, 1, 10), date(2025, 1, 11))
    assert str(tally) == " 50.0 % of    2 hold, median width  10 days"
