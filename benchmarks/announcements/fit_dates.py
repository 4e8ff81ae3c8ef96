"""Fits what each piece of evidence says about what a date is for: writes ``tracker/reading/data/date_weights.toml``.

    python -m benchmarks.announcements.fit_dates            # prints what five-fold cross-validation gives
    python -m benchmarks.announcements.fit_dates --write    # and writes the weights

Three logistic regressions over the evidence of ``tracker/reading/announcements/date_evidence.py``: is a date that of
the event, that of a deadline, that of an opening? The material of other hands is split by a hash of its text: one
half is fitted on, the other measured (``--held``); nobody looks at the latter. Announcements after real pages count
as much as ``REAL`` made up ones: they are longer, and their dates are less often traps.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.announcements.fit_places import MATERIAL, Vector, fit, is_held
from tracker.reading.announcements.announcement import weighed_dates
from tracker.reading.announcements.date_judgement import DUE, EVENT, LEAST, OPENS
from tracker.reading.event_times import date_context
from tracker.reading.places.prose import find_places

WEIGHTS = Path(__file__).parents[2] / "tracker" / "reading" / "data" / "date_weights.toml"
SHRINKING, FOLDS, RAREST = 2.0, 5, 4
REAL = 3
NAMES = (EVENT, DUE, OPENS)


@dataclass(frozen=True)
class Row:
    """A date of an announcement."""

    text: str
    """Id of the announcement; one is never both fitted and tested on."""
    evidence: frozenset[str]
    days: frozenset[str]
    """Its first and last day."""
    is_for: frozenset[str]
    is_optional: bool
    """True for a deadline that may be told or left out; then nothing is learned from it."""
    has_start: bool
    """True if the announcement says anything about the start of an event."""


def rows_of(files: Sequence[Path], *, held: bool) -> Iterator[Row]:
    """Yield the dates of the announcements of ``files``; those held back, or all others."""
    for file in files:
        for row in json.loads(file.read_text("utf-8"))["rows"]:
            if is_held(file, row["text"]) == held and row.get("published"):
                yield from _rows(f"{file.name}/{row['id']}", row)


def _rows(name: str, row: dict[str, Any]) -> Iterator[Row]:
    around = date_context(find_places(row["text"]).places, None)
    mentions, evidence = weighed_dates(row["text"], date.fromisoformat(row["published"]), around)
    starts = _days(row["start"])
    dues = _first(row["deadlines"])
    owed = {day for due in dues if not due["optional"] for day in _days(due["at"])}
    optional = {day for due in dues if due["optional"] for day in _days(due["at"])}
    opens = {day[:10] for day in _first(row["opens"])}
    for mention, pieces in zip(mentions, evidence, strict=True):
        if mention.dated is None:
            continue
        first, last = str(mention.dated.first), str(mention.dated.last or mention.dated.first)
        is_for = frozenset(
            name
            for name, holds in (
                (EVENT, _fits(first, starts)),
                (DUE, last in owed or first in owed),
                (OPENS, _fits(first, opens)),
            )
            if holds
        )
        is_optional = not is_for and (last in optional or first in optional)
        yield Row(name, pieces, frozenset({first, last}), is_for, is_optional, row["start"] != "__skip__")


def _days(value: Any) -> set[str]:
    values = value["any"] if isinstance(value, dict) else [value]
    return {each.rstrip("*")[:10] for each in values if each and each != "__skip__"}


def _first(value: Any) -> list[Any]:
    return list(value["any"][0] if isinstance(value, dict) else value)


def _fits(day: str, wanted: set[str]) -> bool:
    return any(day.startswith(each) for each in wanted)


def scores_of(rows: Sequence[Row], train: Sequence[Row], name: str) -> tuple[Vector, dict[str, float]]:
    """Return the score of each of ``rows`` by weights fitted on ``train``, and the weights."""
    counts = Counter(piece for row in train for piece in row.evidence)
    names = sorted(piece for piece, count in counts.items() if count >= RAREST)
    place = {piece: number + 1 for number, piece in enumerate(names)}
    usable = [row for row in train if not row.is_optional for _ in range(REAL if _is_real(row) else 1)]
    features = _matrix(usable, place)
    weights = fit(
        features, np.array([float(name in row.is_for) for row in usable]), np.zeros(len(names) + 1), SHRINKING
    )
    named = {"bias": float(weights[0])} | {piece: float(weights[place[piece]]) for piece in names}
    return _matrix(rows, place) @ weights, named


def _is_real(row: Row) -> bool:
    return row.text.startswith("real_pages")


def _matrix(rows: Sequence[Row], place: dict[str, int]) -> Vector:
    features = np.zeros((len(rows), len(place) + 1))
    features[:, 0] = 1
    for number, row in enumerate(rows):
        features[number, [place[piece] for piece in row.evidence if piece in place]] = 1
    return features


def measured(rows: Sequence[Row], scores: dict[str, Vector], least: dict[str, float]) -> str:
    """Return how many starts and deadlines are right and invented: the likeliest date is the event's."""
    counts: Counter[str] = Counter()
    for text in dict.fromkeys(row.text for row in rows):
        numbers = [number for number, row in enumerate(rows) if row.text == text]
        best = max(numbers, key=lambda number: scores[EVENT][number])
        chosen = best if scores[EVENT][best] >= least[EVENT] else None
        counts["texts"] += rows[best].has_start
        has_event = any(EVENT in rows[number].is_for for number in numbers)
        if rows[best].has_start:
            counts["starts"] += EVENT in rows[chosen].is_for if chosen is not None else not has_event
            counts["invented starts"] += chosen is not None and not has_event
        dues = [number for number in numbers if number != chosen and scores[DUE][number] >= least[DUE]]
        owed = {day for number in numbers if DUE in rows[number].is_for for day in rows[number].days}
        counts["deadlines"] += sum(DUE in rows[number].is_for for number in numbers)
        counts["found"] += sum(DUE in rows[number].is_for for number in dues)
        counts["false"] += sum(not (rows[number].is_optional or rows[number].days & owed) for number in dues)
    return (
        f"starts {counts['starts']}/{counts['texts']} = {counts['starts'] / counts['texts']:.1%}, "
        f"invented {counts['invented starts']}; deadlines {counts['found']}/{counts['deadlines']} "
        f"= {counts['found'] / counts['deadlines']:.1%}, false {counts['false']}"
    )


def cross_validated(rows: Sequence[Row]) -> dict[str, Vector]:
    """Return the scores of each row by weights that were fitted without its announcement."""
    texts = {text: number % FOLDS for number, text in enumerate(sorted({row.text for row in rows}))}
    folds = np.array([texts[row.text] for row in rows])
    scores = {name: np.zeros(len(rows)) for name in NAMES}
    for number in range(FOLDS):
        train = [row for row, fold in zip(rows, folds, strict=True) if fold != number]
        test = [row for row, fold in zip(rows, folds, strict=True) if fold == number]
        for name in NAMES:
            scores[name][folds == number] = scores_of(test, train, name)[0]
    return scores


def main() -> None:
    """Fit, print the curve of certainty against right and invented, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(MATERIAL.glob("*.json")))
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--held", action="store_true", help="measure on the announcements held back")
    asked = parser.parse_args()
    rows = list(rows_of(asked.files, held=False))
    tested = list(rows_of(asked.files, held=True)) if asked.held else rows
    scores = {name: scores_of(tested, rows, name)[0] for name in NAMES} if asked.held else cross_validated(rows)
    print(f"{len(rows)} dates to fit on, {len(tested)} to measure on")
    print(f"as used: {measured(tested, scores, LEAST)}")
    for odds in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        least = float(np.log(odds / (1 - odds)))
        print(f"  from {odds:.0%}: {measured(tested, scores, dict.fromkeys(NAMES, least))}")
    if asked.write:
        WEIGHTS.write_text("\n".join([*_HEAD, *_tables(rows)]) + "\n", "utf-8")


def _tables(rows: Sequence[Row]) -> Iterator[str]:
    for name in NAMES:
        yield f"\n[{name}]"
        weights = scores_of(rows, rows, name)[1]
        order = sorted(weights, key=lambda piece: (piece != "bias", -weights[piece], piece))
        yield from (f"{json.dumps(piece)} = {weights[piece]:.2f}" for piece in order if abs(weights[piece]) >= 0.01)


_HEAD = (
    "# How much each piece of evidence says about what a date is for: three logistic regressions, so the sum of the",
    "# weights that apply is the logarithm of the odds. Written by benchmarks/announcements/fit_dates.py from",
    "# benchmarks/announcements/material; do not edit.",
)

if __name__ == "__main__":
    main()
