"""An explanation tells what speaks for and against one event in words, and what tipped it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import a_listing, a_when
from tracker.matching.explaining import explain_pair
from tracker.models.place import Place

BERLIN = (Place(raw="Berlin", city="Berlin", country="DE"),)
NIGHT: dict[str, Any] = {"title": "Interpretability Night", "when": a_when(date(2026, 12, 10)), "places": BERLIN}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ["For one event:", "title: the names agree", "place: the same place", "One event"]),
        ({"title": "Quantum Governance"}, ["Against it:", "title: the names differ", "Two events"]),
        ({"when": a_when(date(2026, 12, 24))}, ["veto: another time", "Two events: another time."]),
        ({"when": a_when(date(2026, 12, 11))}, ["Two events", "nearly enough"]),
        ({"places": ()}, ["For one event:", "One event"]),
    ],
)
def test_an_explanation_is_in_words(change: dict[str, Any], said: list[str]) -> None:
    one = a_listing(source="a", source_id="1", url=None, **NIGHT)
    other = a_listing(source="b", source_id="2", url=None, **NIGHT | change)
    text = "\n".join(explain_pair([one, other], one.key, other.key).lines())
    assert [each for each in said if each not in text] == []


def test_what_tipped_it_is_said() -> None:
    one = a_listing(source="a", source_id="1", url=None, **NIGHT)
    other = a_listing(source="b", source_id="2", url=None, **NIGHT)
    assert explain_pair([one, other], one.key, other.key).tipped_by.startswith(
        "Without any one of these it would be two: "
    )
    hosts = (
        a_listing(
            source="a", source_id="1", url=None, **NIGHT | {"title": "AI Safety Social", "organizers": ("PauseAI",)}
        ),
        a_listing(
            source="b", source_id="2", url=None, **NIGHT | {"title": "AI Safety Social", "organizers": ("EA Berlin",)}
        ),
    )
    assert "organiser" in explain_pair(hosts, *(each.key for each in hosts)).tipped_by
