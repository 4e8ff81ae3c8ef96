"""The printed table of the matching benchmark."""

from __future__ import annotations

import argparse

import pytest

from benchmarks.matching.__main__ import HEADER, blocking_line, count_of, line, table
from benchmarks.matching.measures import Blocking, Measures, Scores
from benchmarks.matching.systems import Generated, Row

pytestmark = pytest.mark.long

MEASURES = Measures(10_000, Scores(0.9, 0.8), Scores(0.95, 0.85), 3, 12)
OURS = Row(MEASURES, "one fixed threshold", 4.0, 321.0, 100.0, Blocking(45_000, 0.995, 0.999))
SPLINK = Row(MEASURES, "weight ≥ 4", 10.0, 2_000.0, 100.0)


@pytest.mark.parametrize(
    ("text", "count"), [("500", 500), ("10k", 10_000), ("1M", 1_000_000), ("1_000", 1_000), ("1.5m", 1_500_000)]
)
def test_counts_may_be_short(text: str, count: int) -> None:
    assert count_of(text) == count


@pytest.mark.parametrize("text", ["", "k", "10x", "-5", "ten"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no number"):
        count_of(text)


def test_speed_stands_beside_splinks() -> None:
    fields = line("ours", OURS, SPLINK).split()
    assert fields[6:10] == ["4.0", "2500", "2.50", "321"]


def test_without_splink_no_speed_is_shown() -> None:
    assert line("ours", OURS, None).split()[7:9] == ["–", "–"]


@pytest.mark.parametrize("splink", [SPLINK, None])
def test_columns_stand_below_their_names(splink: Row | None) -> None:
    shown = line("dedupe_library", OURS, splink)
    for name, value in (("F1", "0.847"), ("series", "0.0012"), ("MB", "321")):
        assert shown[: HEADER.index(name) + len(name)].endswith(value)
    assert shown.index("one fixed") == HEADER.index("setting")


def test_blocking_is_told_per_record() -> None:
    assert "99.50% of the true pairs meet, 4.5 candidate pairs per record" in blocking_line(OURS)


@pytest.mark.long
def test_a_system_that_fails_does_not_end_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    table(("no_such_peer", "url_key", "ours"), Generated(200, "easy", 1), 5)
    rows = capsys.readouterr().out.splitlines()[3:]
    assert rows[0].split(maxsplit=1) == [
        "no_such_peer",
        "left out: No module named 'benchmarks.matching.peers.no_such_peer'",
    ]
    assert [row.split()[0] for row in rows[1:]] == ["url_key", "ours", "blocking", "of"]
    assert float(rows[2].split()[3]) > float(rows[1].split()[3])
