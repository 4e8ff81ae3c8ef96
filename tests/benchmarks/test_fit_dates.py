"""The weights for what dates are for can be fitted, and nothing is fitted on what is held back."""

from __future__ import annotations

from pathlib import Path

from benchmarks.announcements.fit_dates import Row, scores_of
from benchmarks.announcements.fit_places import is_held
from tracker.reading.announcements.date_judgement import DUE, EVENT


def row(text: str, evidence: set[str], is_for: set[str], *, is_optional: bool = False) -> Row:
    return Row(text, frozenset(evidence), frozenset(), frozenset(is_for), is_optional, has_start=True)


ROWS = [row(f"{number}", {"cue: by"}, {DUE}) for number in range(8)] + [
    row(f"{number}", {"cue: on"}, {EVENT}) for number in range(8)
]


def test_evidence_that_goes_with_deadlines_counts_for_them() -> None:
    _, weights = scores_of([], ROWS, DUE)
    assert weights["cue: by"] > 0 > weights["cue: on"]


def test_optional_deadlines_teach_nothing() -> None:
    optional = [row(f"{number}", {"cue: by"}, set(), is_optional=True) for number in range(8)]
    assert scores_of([], [*ROWS, *optional], DUE)[1] == scores_of([], ROWS, DUE)[1]


def test_only_announcements_by_other_hands_are_held_back() -> None:
    texts = [f"Talk number {number}" for number in range(40)]
    held = [is_held(Path("second_hand_en.json"), text) for text in texts]
    assert 0 < sum(held) < len(texts)
    assert not any(is_held(Path("en.json"), text) for text in texts)
    assert all(is_held(Path("third_hand_short_held.json"), text) for text in texts)
