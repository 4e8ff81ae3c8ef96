"""A simulated year in which what is due is crawled daily; in a file of its own, to run beside the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.life.simulation import Simulation
from tests.life.test_life import START, assert_kept


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_crawled_daily(tmp_path: Path, seed: int) -> None:
    assert_kept(Simulation(tmp_path, seed, START).run(390, "daily"))
