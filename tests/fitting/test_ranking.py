"""How well events fit: each criterion with its reason, what is unknown, and that the order follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW, a_when, an_event, published
from tracker.fitting.criteria import Verdict
from tracker.fitting.ranking import Fitness, fitness_of, load_weights, rank
from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.fit import Fit
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.vocabulary import (
    CostKind,
    DatePrecision,
    EventType,
    Level,
    Mode,
    Stipend,
    TimeCommitment,
    Topic,
)

BERLIN = (52.52, 13.405)
LEIPZIG = Place(city="Leipzig", country="DE", latitude=51.34, longitude=12.375)
SYDNEY = Place(city="Sydney", country="AU", latitude=-33.87, longitude=151.21)
COURSE = (EventType.COURSE,)


def fitness(fit: str, **event: Any) -> Fitness:
    return fitness_of(published(an_event(**event)), Fit.parse(fit), BERLIN if "near" in fit else None, NOW)


def days(first: int, last: int) -> When:
    return a_when(NOW.date() + timedelta(days=first), NOW.date() + timedelta(days=last))


@pytest.mark.parametrize(
    ("fit", "event", "verdict", "words"),
    [
        ("level:mid", {"level": Level.MID}, "fits", "medium entry bar"),
        ("level:mid", {"level": Level.LOW}, "partly", "low entry bar (below yours)"),
        ("level:low", {"level": Level.HIGH}, "against", "high entry bar (above yours)"),
        ("level:low", {}, "unknown", "entry bar not stated"),
        ("near:Berlin;within:300km", {"places": (LEIPZIG,)}, "fits", "149 km away"),
        ("near:Berlin", {"places": (LEIPZIG,)}, "against", "149 km away (more than 100 km)"),
        ("near:Berlin;within:300km", {"places": (SYDNEY, LEIPZIG)}, "fits", "149 km away"),
        ("near:Berlin", {"places": (SYDNEY,), "mode": Mode.HYBRID_CHOICE}, "against",
         "16,095 km away (more than 100 km)"),
        ("near:Berlin;online:yes", {"places": (SYDNEY,), "mode": Mode.HYBRID_CHOICE}, "fits", "online"),
        ("near:Berlin", {"mode": Mode.ONLINE}, "unknown", "online only"),
        ("near:Berlin;online:no", {"mode": Mode.ONLINE}, "against", "online only"),
        ("online:only", {"mode": Mode.IN_PERSON}, "against", "not online"),
        ("online:only", {}, "unknown", "not stated whether it is online"),
        ("near:Berlin", {"places": (Place(raw="somewhere"),)}, "unknown", "place not stated"),
        ("months:2026-12", {"when": days(10, 20)}, "fits", "within your time"),
        ("months:2026-12-10..", {"when": days(10, 20)}, "partly", "begins 7 days before you have time"),
        ("months:..2026-12-10", {"when": days(10, 20)}, "partly", "ends after your time"),
        ("months:2027-02..", {"when": days(10, 20)}, "against", "over before you have time"),
        ("months:..2026-11", {"when": days(10, 20)}, "against", "begins after your time"),
        ("months:2027-03", {"when": When(start=date(2027, 3, 1), precision=DatePrecision.MONTH, text="early March")},
         "unknown", "date not exact (early March)"),
        ("months:2027-03", {"when": When()}, "unknown", "date not announced"),
        ("months:2027-03", {"when": When(), "recurring": True}, "unknown", "runs again and again"),
        ("hours:10", {"types": COURSE, "length": "10 weeks, 5-8 hours per week"}, "fits", "“5-8 hours per week”"),
        ("hours:7", {"types": COURSE, "summary": "about 8h/week"}, "partly", "“8h/week” (a little more than you have)"),
        ("hours:10", {"types": COURSE, "time_commitment": TimeCommitment.FULL_TIME}, "against",
         "full-time (more than you have)"),
        ("hours:12", {"types": COURSE, "time_commitment": TimeCommitment.PART_TIME}, "fits", "part-time"),
        ("hours:5", {"types": (EventType.HACKATHON,), "when": days(10, 12)}, "fits", "3 days (no weekly hours)"),
        ("hours:5", {"types": COURSE}, "unknown", "weekly hours not stated"),
        ("money:stipend", {"stipend": Stipend.STIPEND}, "fits", "stipend"),
        ("money:stipend", {"stipend": Stipend.EXPENSES}, "partly", "pays expenses only"),
        ("money:stipend", {"stipend": Stipend.NONE}, "against", "pays nothing"),
        ("money:stipend", {}, "unknown", "not stated whether it pays"),
        ("money:expenses", {"stipend": Stipend.EXPENSES}, "fits", "pays expenses"),
        ("money:free", {"cost": Cost(kind=CostKind.PAID, text="€90")}, "against", "costs €90"),
        ("money:free", {"cost": Cost(kind=CostKind.FREE)}, "fits", "free"),
        ("money:free", {}, "unknown", "cost not stated"),
        ("topics:governance", {"topics": (Topic.TECHNICAL, Topic.GOVERNANCE)}, "fits", "governance"),
        ("topics:governance", {"topics": (Topic.GENERAL,)}, "partly", "about AI safety in general"),
        ("topics:governance", {"topics": (Topic.TECHNICAL,)}, "against", "about technical"),
        ("topics:governance", {}, "unknown", "topics not stated"),
    ],
)  # fmt: skip
def test_each_criterion_says_whether_and_why(fit: str, event: dict[str, Any], verdict: str, words: str) -> None:
    (reason,) = fitness(fit, **event).reasons
    assert (reason.verdict.value, reason.words) == (verdict, words)


def test_reasons_come_in_the_order_of_their_weight_and_unknown_ones_last() -> None:
    found = fitness(
        "level:low;near:Berlin;within:300km;months:2026-12..;money:stipend",
        places=(LEIPZIG,),
        stipend=Stipend.STIPEND,
        when=days(20, 90),
        types=COURSE,
    )
    assert found.words == "within your time, stipend, 149 km away, entry bar not stated"
    assert (found.known, found.asked) == (3, 4)


def test_what_has_closed_comes_last_whatever_else_fits() -> None:
    closed = Deadline(at=NOW.date() - timedelta(days=3), timezone="AoE")
    found = fitness("level:low", level=Level.LOW, deadlines=(closed,), when=days(20, 30))
    assert found.score == -68
    assert found.reasons[0].words == "applications have closed"
    assert (found.known, found.asked) == (1, 1)


def test_nothing_known_stands_between_what_fits_and_what_does_not() -> None:
    events = {
        "against": an_event(id="a", level=Level.HIGH),
        "unknown": an_event(id="u"),
        "fits": an_event(id="f", level=Level.LOW),
    }
    ranked = rank(map(published, events.values()), Fit.parse("level:low"), None, NOW)
    assert [each.published.event.id for each in ranked] == ["f", "u", "a"]
    assert [each.fitness.score for each in ranked] == [100, 0, -100]


def test_the_weights_are_those_of_the_criteria_and_the_values_are_in_order() -> None:
    table = load_weights()
    assert set(table["weights"]) == {"level", "place", "months", "hours", "money", "topics", "closed"}
    values = table["values"]
    assert 1 == values["fits"] > values["edge_of_circle"] > values["partly"] > 0 > values["hardly"] > values["against"]
    can = [table["weights"][name] for name in ("place", "months", "money")]
    suits = [table["weights"][name] for name in ("level", "hours", "topics")]
    assert min(can) > max(suits), "whether one can take part counts more than how well it suits"


def test_a_known_obstacle_puts_an_event_below_zero_and_the_rest_still_orders() -> None:
    fit = "level:low;money:stipend;months:2026-12..2027-02;topics:technical"
    unpaid = fitness(fit, level=Level.LOW, stipend=Stipend.NONE, when=days(20, 30), topics=(Topic.TECHNICAL,))
    unknown = fitness(fit, when=When())
    late_too = fitness(fit, level=Level.LOW, stipend=Stipend.NONE, when=days(200, 230), topics=(Topic.TECHNICAL,))
    worse = fitness(fit, level=Level.HIGH, stipend=Stipend.NONE, when=days(20, 30), topics=(Topic.GOVERNANCE,))
    assert 0 == unknown.score > unpaid.score > worse.score > late_too.score


LEVELS, STIPENDS = st.sampled_from(list(Level)), st.sampled_from(list(Stipend))


@given(LEVELS, STIPENDS, st.sampled_from(list(Mode)), st.integers(0, 400), st.sampled_from([(), (Topic.TECHNICAL,)]))
def test_the_score_stays_in_bounds_and_forgetting_a_fact_makes_it_unknown(
    level: Level, stipend: Stipend, mode: Mode, first: int, topics: tuple[Topic, ...]
) -> None:
    fit = "level:mid;near:Berlin;online:yes;months:2027-01..2027-06;hours:10;money:stipend;topics:technical"
    event: dict[str, Any] = {"level": level, "stipend": stipend, "mode": mode, "when": days(first, first + 40)}
    found = fitness(fit, topics=topics, types=COURSE, **event)
    assert -100 <= found.score <= 100
    assert found.known == sum(each.verdict is not Verdict.UNKNOWN for each in found.reasons)
    without = fitness(fit, types=COURSE, **event)
    assert without.known == found.known - bool(topics)
    assert without.score <= found.score
