"""The relevance filter against a labelled set: titles with descriptions, half of them near misses."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tracker.reading.relevance import Outcome, read_relevance

ROWS: list[dict[str, str]] = tomllib.loads((Path(__file__).parent / "data" / "relevance.toml").read_text("utf-8"))[
    "rows"
]


@pytest.fixture(scope="module")
def judged() -> list[tuple[str, Outcome]]:
    return [(row["label"], read_relevance(row["title"], row["description"]).outcome) for row in ROWS]


def test_the_labelled_set_is_large_and_half_of_it_is_not_ours() -> None:
    labels = [row["label"] for row in ROWS]
    assert len(labels) >= 150
    assert labels.count("out") >= 0.4 * len(labels)


def test_what_is_taken_in_is_ours(judged: list[tuple[str, Outcome]]) -> None:
    taken = [label for label, outcome in judged if outcome is Outcome.IN]
    assert taken.count("in") / len(taken) >= 0.95


def test_what_is_ours_is_taken_in(judged: list[tuple[str, Outcome]]) -> None:
    ours = [outcome for label, outcome in judged if label == "in"]
    assert ours.count(Outcome.IN) / len(ours) >= 0.9
    assert ours.count(Outcome.OUT) == 0


def test_an_outcome_has_its_reasons() -> None:
    relevance = read_relevance("Food safety hackathon", "AI for restaurants")
    assert relevance.outcome is Outcome.OUT
    assert ("food", -4.5) in relevance.reasons
    assert str(relevance).startswith("out (-")
    assert str(read_relevance("Picnic")) == "out (0: no word of the field)"
