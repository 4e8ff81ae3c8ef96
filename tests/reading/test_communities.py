"""Groups to join, from the strings of a page to a community or a rejection with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import a_raw
from tracker.models.community import Community
from tracker.models.raw_listing import RawPlace, Rejected
from tracker.reading.communities import read_community


def read(**changes: Any) -> Community | Rejected:
    return read_community(a_raw(**{"title": "AI Safety Graz", "url": "https://graz.example/join", **changes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"name": "AI Safety Graz", "link": "https://graz.example/join", "mode": "unknown"}),
        ({"url": "https://graz.example/?utm_source=x"}, {"link": "https://graz.example/"}),
        ({"url": "", "apply_url": "https://chat.example/graz"}, {"link": "https://chat.example/graz"}),
        ({"places": (RawPlace(text="Online"),)}, {"mode": "online"}),
        ({"mode": "In person"}, {"mode": "in_person"}),
        ({"types": ("Local group", "Local group", "")}, {"kinds": ("Local group",)}),
        ({"description": "<p>We meet &amp; read.</p>"}, {"description": "We meet & read."}),
    ],
)
def test_a_group_is_read(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    found = read(**changes)
    assert isinstance(found, Community)
    assert {name: getattr(found, name) for name in expected} == expected


def test_its_place_has_the_position_that_the_source_gives() -> None:
    found = read(places=(RawPlace(text="Graz, Austria", latitude="47.1", longitude="15.4"),))
    assert isinstance(found, Community)
    (place,) = found.places
    assert (place.city, place.country, place.latitude, place.longitude) == ("Graz", "AT", 47.1, 15.4)


@pytest.mark.parametrize(
    "changes", [{"url": "#"}, {"url": ""}, {"url": "javascript:alert(1)"}, {"title": " "}, {"title": "\u200b"}]
)
def test_what_cannot_be_joined_or_has_no_name_is_rejected_with_the_reason(changes: dict[str, Any]) -> None:
    found = read(**changes)
    assert isinstance(found, Rejected)
    assert found.reason == "no community"
    assert found.detail


def test_distances_are_great_circles() -> None:
    found = read(places=(RawPlace(text="Graz, Austria", latitude="47.07", longitude="15.44"),))
    assert isinstance(found, Community)
    assert found.places[0].km_from(48.21, 16.37) == pytest.approx(144, abs=3)
