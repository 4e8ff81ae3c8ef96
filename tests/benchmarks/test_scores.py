from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.scores import FILE, Score, fallen, note, read_notes

pytestmark = pytest.mark.long


def test_a_ratio_says_how_many_times_better_ours_is() -> None:
    assert Score("speed", 10, 5, "peer", "per second").ratio == 2
    assert Score("time", 10, 5, "peer", "s", more_is_better=False).ratio == 0.5


def test_notes_are_gathered_where_somebody_gathers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note("speed", 10, 5, "peer", "per second")
    monkeypatch.setenv(FILE, str(tmp_path / "scores"))
    note("speed", 10, 5, "peer", "per second")
    note("time", 1, 3, "peer", "s", more_is_better=False)
    assert [(each.name, each.ratio) for each in read_notes(tmp_path / "scores")] == [("speed", 2), ("time", 3)]


@pytest.mark.parametrize(("now", "has_fallen"), [(2.0, False), (1.7, False), (1.5, True), (9.0, False)])
def test_what_is_a_fifth_worse_than_recorded_is_named(now: float, has_fallen: bool) -> None:
    scores = [Score("speed", now, 1, "peer", ""), Score("new", 0.1, 1, "peer", "")]
    assert fallen(scores, {"speed": 2.0}) == ({"speed": (2.0, now)} if has_fallen else {})
