"""A simulated year breaks no promise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.life.simulation import Report, Simulation

_MOST_DUPLICATES = _MOST_ALARMS = 2
START = date(2026, 11, 1)


def assert_kept(report: Report) -> None:
    """Assert that the promises are kept, else print what was broken."""
    assert not report.hard, "\n".join(map(str, report.hard[:20]))
    counts, told = report.counts, "\n".join(map(str, report.violations))
    assert counts["duplicate"] <= _MOST_DUPLICATES, told
    assert counts["stuck"] == 0, told
    assert counts["false_alarm"] <= _MOST_ALARMS, told
    assert counts["growth"] == 0, told


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_crawled_every_three_days(tmp_path: Path, seed: int) -> None:
    assert_kept(Simulation(tmp_path, seed, START).run(390, "every3"))


@pytest.mark.long
def test_a_leap_year(tmp_path: Path) -> None:
    assert_kept(Simulation(tmp_path, 4, date(2027, 8, 1)).run(390, "every3"))


def test_a_few_quiet_days(tmp_path: Path) -> None:
    report = Simulation(tmp_path, 1, START, few=True).run(20, "every3")
    assert not report.hard, "\n".join(map(str, report.hard))
    assert report.truths > 50
    assert report.uids > 50
