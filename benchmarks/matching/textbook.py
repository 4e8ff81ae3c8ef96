"""A sanity floor: title matching on the two data sets of every entity-resolution paper, Abt-Buy and DBLP-ACM.

    python -m benchmarks.matching.textbook --data FOLDER      # or the environment's MATCHING_TEXTBOOK_DATA

FOLDER holds ``D2`` (Abt-Buy) and ``D4`` (DBLP-ACM) as in github AI-team-UoA/pyJedAI, data/ccer (Apache-2.0): two
cleaned tables and ``gtclean.csv`` with the true pairs. The data is not ours and not kept here.

A pair is found if each side is the other's best match and their similarity reaches a threshold; the threshold is the
one that does best on these very pairs. With rapidfuzz alone this gave 0.727 on Abt-Buy and 0.979 on DBLP-ACM (we,
September 2026); a fine-tuned language model (Ditto, arXiv 2004.00584) gives 0.893 on Abt-Buy.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio
from rapidfuzz.process import cdist
from rapidfuzz.utils import default_process

from tracker.matching.columns import fill
from tracker.matching.profile_columns import TITLE_COLUMNS
from tracker.matching.table import TitleTable
from tracker.matching.titles import read_title
from tracker.matching.wording import NamePairs, compare_titles

VARIABLE = "MATCHING_TEXTBOOK_DATA"

Matrix = NDArray[np.float32]
"""Similarities, on any scale: a row for each left title, a column for each right one."""
Scorer = Callable[[list[str], list[str]], Matrix]
"""Compares every left title with every right one."""


@dataclass(frozen=True, slots=True)
class Textbook:
    """Two tables of titles, and which are the same thing."""

    left: list[str]
    right: list[str]
    same: frozenset[tuple[int, int]]
    """Positions in ``left`` and ``right``."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a scorer reaches at its best threshold."""

    precision: float
    recall: float
    f1: float
    threshold: float


@dataclass(frozen=True, slots=True)
class DataSet:
    """Where a data set lies in the folder, and the scorer of rapidfuzz that suits it."""

    left: str
    right: str
    truth: str
    column: str
    plain: str


DATA_SETS = {
    "Abt-Buy": DataSet("D2/abtclean.csv", "D2/buyclean.csv", "D2/gtclean.csv", "name", "token_set_ratio"),
    "DBLP-ACM": DataSet("D4/dblpclean.csv", "D4/acmclean.csv", "D4/gtclean.csv", "title", "token_sort_ratio"),
}
_SCORERS: dict[str, Any] = {"token_set_ratio": token_set_ratio, "token_sort_ratio": token_sort_ratio}


def load(folder: Path, data_set: DataSet) -> Textbook:
    """Read one data set.

    Raises:
        FileNotFoundError: it is not in ``folder``.
    """
    left, right = _rows(folder / data_set.left), _rows(folder / data_set.right)
    at_left = {row["id"]: number for number, row in enumerate(left)}
    at_right = {row["id"]: number for number, row in enumerate(right)}
    same = ((at_left[row["D1"]], at_right[row["D2"]]) for row in _rows(folder / data_set.truth))
    return Textbook([row[data_set.column] for row in left], [row[data_set.column] for row in right], frozenset(same))


def best_mutual_matches(book: Textbook, scorer: Scorer) -> Found:
    """Return how well the mutual best matches of ``scorer`` do at the threshold that does best."""
    scores = np.asarray(scorer(book.left, book.right))
    best_right, best_left = scores.argmax(axis=1), scores.argmax(axis=0)
    mutual = np.flatnonzero(best_left[best_right] == np.arange(len(book.left)))
    score = scores[mutual, best_right[mutual]]
    order = np.argsort(-score, kind="stable")
    right = np.array([(int(row), int(best_right[row])) in book.same for row in mutual[order]])
    true, found = np.cumsum(right), np.arange(1, right.size + 1)
    f1 = 2 * true / (found + len(book.same))
    f1[:-1][score[order][:-1] == score[order][1:]] = 0  # a threshold cannot part equal scores
    at = int(f1.argmax())
    return Found(float(true[at] / found[at]), float(true[at] / len(book.same)), float(f1[at]), float(score[order][at]))


def plain(name: str) -> Scorer:
    """Return the scorer of rapidfuzz called ``name``, on lower-case words."""

    def scorer(left: list[str], right: list[str]) -> Matrix:
        return cdist(left, right, scorer=_SCORERS[name], processor=default_process, workers=-1, dtype=np.float32)

    return scorer


def ours(left: list[str], right: list[str]) -> Matrix:
    """Return our points of the titles alone.

    Not compared, and given the least, are those that share less than half the words that the best of either shares:
    to compare all takes minutes and finds the same.
    """
    rows = [read_title(title) for title in (*left, *right)]
    titles = TitleTable([each.written for each in rows], fill(TITLE_COLUMNS, rows))
    holding: dict[int, list[int]] = {}
    for column, words in enumerate(titles.words[len(left) :].tolist()):
        for word in filter(None, words):
            holding.setdefault(word, []).append(column)
    shared = np.zeros((len(left), len(right)), dtype=np.float32)
    for row, (words, weights) in enumerate(
        zip(titles.words[: len(left)].tolist(), titles.weights.tolist(), strict=False)
    ):
        for word, weight in zip(words, weights, strict=True):
            shared[row, holding.get(word, [])] += weight
    best = np.maximum(shared.max(axis=0, keepdims=True), shared.max(axis=1, keepdims=True))
    i, j = np.nonzero((shared > 0) & (shared >= best / 2))
    around = np.zeros((len(i), 1), dtype=np.int64)
    points, _ = compare_titles(NamePairs(titles, i, j + len(left), around, around))
    matrix = np.full(shared.shape, points.min(initial=0) - 1, dtype=np.float32)
    matrix[i, j] = points
    return matrix


def _rows(path: Path) -> list[dict[str, str]]:
    """The tables are separated by ``|`` or ``%``, whichever stands in the first line, and quote nothing."""
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        header = lines.readline()
        lines.seek(0)
        separator = next((sign for sign in "|%," if sign in header), ",")
        return list(csv.DictReader(lines, delimiter=separator, quoting=csv.QUOTE_NONE))


def main() -> None:
    """Print a line for each data set and scorer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = os.environ.get(VARIABLE)
    parser.add_argument("--data", type=Path, default=Path(given) if given else None, help=f"or ${VARIABLE}")
    folder = parser.parse_args().data
    if folder is None:
        parser.error(f"name the folder of D2 and D4 with --data or {VARIABLE}")
    print(f"{'data':<10}{'scorer':<28}{'precision':>10}{'recall':>8}{'F1':>8}{'threshold':>11}{'seconds':>9}")
    for name, data_set in DATA_SETS.items():
        try:
            book = load(folder, data_set)
        except FileNotFoundError as error:
            print(f"{name:<10}not there: {error.filename}")
            continue
        for title, scorer in {f"rapidfuzz {data_set.plain}": plain(data_set.plain), "ours": ours}.items():
            started = time.perf_counter()
            found = best_mutual_matches(book, scorer)
            seconds = time.perf_counter() - started
            print(
                f"{name:<10}{title:<28}{found.precision:>10.3f}{found.recall:>8.3f}{found.f1:>8.3f}"
                f"{found.threshold:>11.1f}{seconds:>9.2f}"
            )


if __name__ == "__main__":
    main()
