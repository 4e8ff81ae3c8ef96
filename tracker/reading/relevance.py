"""Whether a listing is about AI safety: weighted terms, with the reasons kept. For sources that list more than that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tracker.reading.lookups import load

_LONGEST = 3_000


class Outcome(StrEnum):
    """What the score says."""

    IN = "in"
    REVIEW = "review"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Relevance:
    """An outcome with its reasons."""

    outcome: Outcome
    score: float
    reasons: tuple[tuple[str, float], ...]
    """(words found, what they count), the heaviest first."""

    def __str__(self) -> str:
        """``in (6.5: +5 AI safety, +1.5 EAG)``"""
        said = ", ".join(f"{weight:+g} {words}" for words, weight in self.reasons) or "no word of the field"
        return f"{self.outcome} ({self.score:g}: {said})"


@dataclass(frozen=True, slots=True)
class _Terms:
    weight: float
    needs_ai: bool
    pattern: re.Pattern[str]


@cache
def _ai() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(load('relevance')['ai'])})(?!\w)", re.IGNORECASE)


@cache
def _terms() -> list[_Terms]:
    return [
        _Terms(
            row["weight"],
            row.get("needs_ai", False),
            re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(row['patterns'])})(?!\w)", re.IGNORECASE),
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
    for terms in _terms():
        if terms.needs_ai and not about_ai:
            continue
        for part, factor in ((title, data["title_counts"]), (description, 1.0)):
            for match in terms.pattern.finditer(part):
                words = " ".join(match[0].lower().split())
                if words not in reasons or abs(reasons[words]) < abs(terms.weight * factor):
                    reasons.setdefault(words, terms.weight * factor)
    score = sum(reasons.values())
    ordered = tuple(sorted(reasons.items(), key=lambda reason: (-abs(reason[1]), reason[0])))
    has_subject = any(weight >= data["in_from"] for _, weight in ordered)
    if score >= data["in_from"]:
        return Relevance(Outcome.IN, score, ordered)
    # A word of the field keeps a person in the loop, whatever else is said.
    if score >= data["review_from"] or has_subject:
        return Relevance(Outcome.REVIEW, score, ordered)
    return Relevance(Outcome.OUT, score, ordered)
