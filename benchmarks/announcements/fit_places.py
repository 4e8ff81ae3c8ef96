"""Fits how much each piece of evidence speaks for a place: writes ``tracker/reading/data/place_weights.toml``.

    python -m benchmarks.announcements.fit_places            # prints what ten-fold cross-validation gives
    python -m benchmarks.announcements.fit_places --write    # and writes the weights

A logistic regression over the evidence of ``tracker/reading/places/prose.py``. With the few hundred places of the
material, weights fitted from nothing follow chance, and weights set by hand follow opinion; so the fit is drawn
towards weights set by hand (``PRIOR``), the more so the rarer the evidence is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.models.text import fold
from tracker.reading.line_wrapping import unwrapped
from tracker.reading.places.lines import strip_links
from tracker.reading.places.prose import LONGEST, candidates, labels_in

MATERIAL = Path(__file__).parent / "material"
WEIGHTS = Path(__file__).parents[2] / "tracker" / "reading" / "data" / "place_weights.toml"
TOWARDS_PRIOR = 5.0
"""How strongly the weights are drawn to those set by hand."""
ROUNDS, FOLDS = 40, 10
LIST = -0.5
"""Added for a place that continues a list: it counts nearly as much as the place before it."""
BIAS = -2.0
PRIOR = {
    "label": 3, "takes place": 2, "host": 3, "preposition": 1, "in": 1, "beside a date": 1.2, "address": 1.2,
    "end of an address": 1, "whole address": 1, "line of its own": 1.5, "name of the event": 1.2,
    "country beside it": 1.5, "after a venue": 1, "in the name of a venue": 0.7, "at a venue of its name": 0.8,
    "institution": 0.3,
    "in a sentence with a date": 1, "kind of event": 0.3, "clock": 0.3, "no sign": -1.2,
    "a street's name": -4, "a time zone": -4, "another edition": -2.5, "an example": -2.5, "a person's": -2,
    "origin": -1, "organiser's address": -2.5, "an earlier year": -1, "contact": -1, "past": -0.6, "dateline": -2,
    "known venue": 4, "clear name": 1, "common word": -0.8, "clear name that is a word": -0.4, "other name": -0.5,
    "city over 100,000": 0.7, "town under 15,000": -0.7, "small town that begins a sentence": -2.5,
    "small town that is a word": -1.5, "country named": 0.8, "country of the language": 0.4, "first place": 0.4,
    "only place": 0.7, "beginning": 0.4, "end": -0.6, "later in a label": -1.5, "beside a clock": 0.5,
    "in brackets after an event": 0.5,
}  # fmt: skip
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A place that a text mentions."""

    text: str
    """Id of the announcement; one is never both fitted and tested on."""
    evidence: frozenset[str]
    is_place: bool
    """True if the event takes place there."""


def is_held(file: Path, text: str) -> bool:
    """Return whether an announcement is only measured, and never fitted on: half of those by other hands."""
    return file.stem.endswith("_held") or (
        file.name.startswith(("second_hand", "real_pages")) and hashlib.sha256(text.encode()).digest()[0] % 2 == 1
    )


def rows_of(files: Sequence[Path], *, held: bool = False) -> Iterator[Row]:
    """Yield the cities that the announcements of ``files`` mention; those held back, or all others."""
    for file in files:
        for row in json.loads(file.read_text("utf-8"))["rows"]:
            answers = answers_of(row["places"])
            if answers is None or is_held(file, row["text"]) != held:
                continue
            text = strip_links(unwrapped(row["text"][:LONGEST]))
            for candidate in candidates(text, labels_in(text)):
                if candidate.spot.city:
                    names = (candidate.spot.city, candidate.mention.name)
                    is_place = any((fold(name), candidate.spot.country) in answers for name in names)
                    yield Row(f"{file.name}/{row['id']}", candidate.evidence, is_place)


def answers_of(places: Any) -> set[tuple[str, str]] | None:
    """Return every name and country that is right; None if the row says nothing about places."""
    wanted = places["any"] if isinstance(places, dict) else [places]
    if not all(isinstance(answer, list) and all(isinstance(city, list) for city in answer) for answer in wanted):
        return None
    return {(fold(name), city[1]) for answer in wanted for city in answer for name in city[0].split("|")}


def fit(features: Vector, is_place: Vector, prior: Vector, towards_prior: float = TOWARDS_PRIOR) -> Vector:
    """Return the weights of a logistic regression with a normal prior around ``prior``, by Newton's method."""
    weights = prior.copy()
    pull = np.full(len(prior), 2 * towards_prior)
    pull[0] /= 10  # how common places are differs between materials, so the bias is freer
    for _ in range(ROUNDS):
        odds = likely(features @ weights)
        gradient = features.T @ (odds - is_place) + pull * (weights - prior)
        curvature = (features.T * (odds * (1 - odds))) @ features + np.diag(pull)
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


def likely(score: Vector) -> Vector:
    """Return the odds of a score."""
    return 1 / (1 + np.exp(-score))


def cross_validated(rows: Sequence[Row], features: Vector, is_place: Vector, prior: Vector) -> Vector:
    """Return the score of each row by weights that were fitted without its announcement."""
    scores = np.zeros(len(rows))
    texts = sorted({row.text for row in rows})
    fold_of = {text: number % FOLDS for number, text in enumerate(texts)}
    folds = np.array([fold_of[row.text] for row in rows])
    for number in range(FOLDS):
        train, test = folds != number, folds == number
        scores[test] = features[test] @ fit(features[train], is_place[train], prior)
    return scores


def main() -> None:
    """Fit, print the curve of certainty against right and invented places, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(MATERIAL.glob("*.json")))
    parser.add_argument("--write", action="store_true", help="write the weights")
    asked = parser.parse_args()
    rows = list(rows_of(asked.files))
    names = sorted({name for row in rows for name in row.evidence} | set(PRIOR))
    features = np.array([[1.0, *(float(name in row.evidence) for name in names)] for row in rows])
    is_place = np.array([float(row.is_place) for row in rows])
    prior = np.array([BIAS, *(float(PRIOR.get(name, 0)) for name in names)])
    for how, scores in (
        ("weights set by hand", features @ prior),
        ("fitted, cross-validated", cross_validated(rows, features, is_place, prior)),
    ):
        print(f"{how}: of {int(is_place.sum())} places and {int((1 - is_place).sum())} others")
        for least in (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0):
            counts = scores >= least
            found, invented = int((counts * is_place).sum()), int((counts * (1 - is_place)).sum())
            print(f"  score ≥ {least:4.1f} (odds {likely(np.array(least)):.0%}): {found} found, {invented} invented")
    if asked.write:
        weights = fit(features, is_place, prior)
        order = np.argsort(-weights[1:])
        lines = [f"{json.dumps(names[index])} = {weights[1 + index]:.2f}" for index in order]
        WEIGHTS.write_text("\n".join([*_HEAD, f"bias = {weights[0]:.2f}", *lines, f"list = {LIST}", ""]), "utf-8")


_HEAD = (
    "# How much each piece of evidence speaks for a place in running text being that of the event: a logistic",
    "# regression, so the sum of those that apply is the logarithm of the odds. Written by",
    "# benchmarks/announcements/fit_places.py from benchmarks/announcements/material; do not edit.",
    "[weights]",
)

if __name__ == "__main__":
    main()
