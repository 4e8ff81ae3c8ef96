"""The sanity floor, on two tables small enough to check by eye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.matching.textbook import DataSet, Textbook, best_mutual_matches, load, ours, plain

pytestmark = pytest.mark.long

LEFT = ["Mining the World Wide Web", "Query Optimization by Predicate Move-Around", "Semantic Integration of Models"]
RIGHT = ["query optimisation by predicate movearound", "A survey of caching", "Mining the world wide web"]
BOOK = Textbook(LEFT, RIGHT, frozenset({(0, 2), (1, 0)}))


@pytest.mark.parametrize("scorer", [ours, plain("token_sort_ratio"), plain("token_set_ratio")])
def test_the_same_titles_find_each_other(scorer: object) -> None:
    assert callable(scorer)
    found = best_mutual_matches(BOOK, scorer)
    assert (found.precision, found.recall, found.f1) == (1.0, 1.0, 1.0)


def test_titles_without_a_word_in_common_get_the_least() -> None:
    points = ours(LEFT, RIGHT)
    assert points[0, 1] == points.min()
    assert points.argmax(axis=1)[:2].tolist() == [2, 0]


def test_equal_scores_are_not_parted() -> None:
    # Both pairs score 1, one is right: a threshold takes both or none.
    book = Textbook(["a", "b"], ["a", "b"], frozenset({(0, 0)}))
    found = best_mutual_matches(book, lambda *_: np.eye(2, dtype=np.float32))
    assert (found.precision, found.recall) == (0.5, 1.0)


def test_tables_are_read_whatever_separates_them(tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text('id%title\n7%A "quoted" title, with a comma\n', "utf-8")
    (tmp_path / "right.csv").write_text("id|name|title\n3|x|A title\n4|y|Another\n", "utf-8")
    (tmp_path / "truth.csv").write_text("D1|D2\n7|4\n", "utf-8")
    book = load(tmp_path, DataSet("left.csv", "right.csv", "truth.csv", "title", "token_set_ratio"))
    assert book == Textbook(['A "quoted" title, with a comma'], ["A title", "Another"], frozenset({(0, 1)}))
