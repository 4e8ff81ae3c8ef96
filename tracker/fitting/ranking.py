"""Ranks events by how well they fit: the sum of what each criterion is worth, each with a reason in words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from tracker.fitting import criteria
from tracker.fitting.criteria import Finding, Values, Verdict
from tracker.models.application_status import application_status
from tracker.models.event import PublishedEvent
from tracker.models.fit import Fit
from tracker.models.record import Record
from tracker.models.vocabulary import ApplicationStatus

_GONE = frozenset({ApplicationStatus.CLOSED, ApplicationStatus.ENDED})
Center = tuple[float, float] | None


class Reason(Record):
    """What one criterion says."""

    criterion: str
    """``level``, ``place``, ``months``, ``hours``, ``money``, ``topics`` or ``closed``."""
    verdict: Verdict
    """Whether it fits."""
    words: str
    """``40 km from Berlin``"""


class Fitness(Record):
    """How well an event fits."""

    score: int
    """From -100 (all that was asked is against it) to 100 (all fits); what is not known counts 0."""
    known: int
    """Number of criteria of which something is known."""
    asked: int
    """Number of criteria that were given."""
    reasons: tuple[Reason, ...]
    """What counts most first; what is not known last."""

    @property
    def words(self) -> str:
        """All reasons in one line."""
        return ", ".join(each.words for each in self.reasons)


class Ranked(NamedTuple):
    """An event and how well it fits."""

    published: PublishedEvent
    fitness: Fitness


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """Return the tables of ``weights.toml``."""
    found: dict[str, dict[str, float]] = tomllib.loads((files("tracker.fitting") / "weights.toml").read_text("utf-8"))
    return found


def rank(events: Iterable[PublishedEvent], fit: Fit, center: Center, now: datetime) -> list[Ranked]:
    """Return events with how well they fit, best first; equal ones keep their order.

    Args:
        events: the events.
        fit: what somebody can and wants.
        center: latitude and longitude of ``fit.near``.
        now: the current time.
    """
    found = [Ranked(each, fitness_of(each, fit, center, now)) for each in events]
    return sorted(found, key=lambda each: -each.fitness.score)


def fitness_of(published: PublishedEvent, fit: Fit, center: Center, now: datetime) -> Fitness:
    """Return how well an event fits."""
    table = load_weights()
    weights, values = table["weights"], Values(**table["values"])
    findings = dict(_findings(published, fit, center, values, table["hours"]))
    asked = sum(weights[name] for name in findings)
    total = sum(weights[name] * each.value for name, each in findings.items())
    if application_status(published.event, now) in _GONE:
        findings["closed"] = Finding(Verdict.AGAINST, values.against, "applications have closed")
        total += weights["closed"] * values.against
    order = sorted(
        findings.items(),
        key=lambda pair: (pair[1].verdict is Verdict.UNKNOWN, -abs(weights[pair[0]] * pair[1].value)),
    )
    obstacles = sum(
        down
        for name, down in table["obstacles"].items()
        if name in findings and findings[name].verdict is Verdict.AGAINST
    )
    # With an obstacle the score is below zero; how well the rest fits still orders such events among themselves.
    score = 9 * total / asked - obstacles if obstacles else 100 * total / asked
    return Fitness(
        score=max(-100, round(score)),
        known=sum(each.verdict is not Verdict.UNKNOWN for name, each in findings.items() if name != "closed"),
        asked=len(findings) - ("closed" in findings),
        reasons=tuple(Reason(criterion=name, verdict=each.verdict, words=each.words) for name, each in order),
    )


def _findings(
    published: PublishedEvent, fit: Fit, center: Center, values: Values, hours: dict[str, float]
) -> Iterator[tuple[str, Finding]]:
    """Yield what each criterion that was given says."""
    event = published.event
    asks: dict[str, tuple[bool, Callable[[], Any]]] = {
        "level": (fit.level is not None, lambda: criteria.judge_level(event, fit, values)),
        "place": (bool(center) or fit.online is not None, lambda: criteria.judge_place(event, fit, center, values)),
        "months": (bool(fit.first_day or fit.last_day), lambda: criteria.judge_months(event, fit, values)),
        "hours": (fit.hours is not None, lambda: criteria.judge_hours(event, fit, values, hours)),
        "money": (fit.money is not None, lambda: criteria.judge_money(event, fit, values)),
        "topics": (bool(fit.topics), lambda: criteria.judge_topics(event, fit, values)),
    }
    for name, (is_asked, judge) in asks.items():
        if is_asked:
            yield name, judge()
