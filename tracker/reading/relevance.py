"""Scores whether a listing is about AI safety by weighted terms, with reasons. For sources with other topics too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tracker.reading.lookups import load

_LONGEST = 3_000
_MOST = 60
_END = r"(?![a-zA-Z0-9_à-ÿ])"
"""End of a word, which Japanese letters may follow directly."""


class Outcome(StrEnum):
    """Verdict on the score."""

    IN = "in"
    REVIEW = "review"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Relevance:
    """An outcome with its score and reasons."""

    outcome: Outcome
    score: float
    reasons: tuple[tuple[str, float], ...]
    """(words found, their weight), the heaviest first."""

    def __str__(self) -> str:
        """Return a summary such as ``in (6.5: +5 AI safety, +1.5 EAG)``."""
        said = ", ".join(f"{weight:+g} {words}" for words, weight in self.reasons) or "no word of the field"
        return f"{self.outcome} ({self.score:g}: {said})"


@dataclass(frozen=True, slots=True)
class _Terms:
    weight: float
    needs_ai: bool
    pattern: re.Pattern[str]


@cache
def _ai() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(load('relevance')['ai'])}){_END}", re.IGNORECASE)


@cache
def _terms() -> list[_Terms]:
    return [
        _Terms(
            row["weight"],
            row.get("needs_ai", False),
            re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(row['patterns'])}){_END}", re.IGNORECASE),
        )
        for row in load("relevance")["terms"]
    ]


def read_relevance(title: str, description: str = "") -> Relevance:
    """Return whether title and description are about AI safety, and why.

    >>> read_relevance("AI safety reading group").outcome.value
    'in'
    >>> read_relevance("Food safety for restaurants").outcome.value
    'out'
    """
    data = load("relevance")
    title, description = title[:_LONGEST], description[:_LONGEST]
    about_ai = bool(_ai().search(title) or _ai().search(description))
    reasons: dict[str, float] = {}
    for part, factor in ((title, data["title_counts"]), (description, 1.0)):
        for words, weight in _found(part, about_ai=about_ai):
            if abs(weight * factor) > abs(reasons.get(words, 0.0)):
                reasons[words] = weight * factor
    score = sum(reasons.values())
    ordered = tuple(sorted(reasons.items(), key=lambda reason: (-abs(reason[1]), reason[0])))
    has_subject = any(weight >= data["in_from"] for _, weight in ordered)
    if score >= data["in_from"]:
        return Relevance(Outcome.IN, score, ordered)
    # One heavy term is enough for the review queue, whatever the total score.
    if score >= data["review_from"] or has_subject:
        return Relevance(Outcome.REVIEW, score, ordered)
    return Relevance(Outcome.OUT, score, ordered)


def _found(part: str, *, about_ai: bool) -> Iterator[tuple[str, float]]:
    """Yield (words, weight) of the terms in ``part``; of overlapping terms, only the heaviest counts."""
    matches = [
        (-abs(terms.weight), match.start() - match.end(), match.start(), match.end(), match[0], terms.weight)
        for terms in _terms()
        if about_ai or not terms.needs_ai
        for match in terms.pattern.finditer(part)
    ]
    taken: list[tuple[int, int]] = []
    for _, _, start, end, words, weight in sorted(matches):
        if len(taken) < _MOST and all(end <= first or start >= last for first, last in taken):
            taken.append((start, end))
            yield " ".join(words.lower().split()), weight
