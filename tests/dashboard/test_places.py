"""The place filter: what it suggests, and what the address says once a place is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.controls.widgets import meant_by
from dashboard.known_places import known_places
from dashboard.loading import find
from tests.dashboard.opening import heading, opened
from tracker.errors import SelectionError
from tracker.models.selection import Selection


@pytest.mark.parametrize(
    "query",
    ["", "type=hackathon", "mode=in_person&mode=online", "near=Berlin&within=300km", "country=GB", "city=London"],
)
def test_the_number_beside_a_city_is_what_one_sees_once_it_is_chosen(
    practice_data: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    found = find(Selection.from_query(query))
    others = [pair for pair in found.selection.to_pairs() if pair[0] not in {"near", "within"}]
    counted = {
        name: place.events
        for name, place in known_places(found).items()
        if place.events and "all of" not in place.label
    }
    assert counted
    for name, count in counted.items():
        assert (
            len(find(Selection.from_pairs([*others, ("near", name), ("within", f"{found.selection.within}km")])))
            == count
        )


def test_two_cities_of_one_name_are_two_places(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    known = {name: str(place) for name, place in known_places(find(Selection())).items() if "Cambridge" in name}
    assert known == {
        "Cambridge, United Kingdom": "Cambridge, United Kingdom (15)",
        "Cambridge, United States": "Cambridge, United States (7)",
    }
    there = opened(practice_data, monkeypatch, q="scalable oversight seminar", near="Cambridge, United States")
    assert heading(there) == "1 upcoming event"


@pytest.mark.parametrize(
    ("sent", "value"),
    [("Berlin, Germany (5)", "Berlin"), ("Berlin, Germany", "Berlin"), ("Berlin", "Berlin"), ("Germany, all of it (1,205)", "Germany"),
     ("Lyon", "Lyon"), ("Lyon (3)", "Lyon"), ("Frankfurt (Oder)", "Frankfurt (Oder)"), ("52.5,13.4", "52.5,13.4")],
)  # fmt: skip
def test_a_label_stands_for_its_value_whatever_number_it_once_had(sent: str, value: str) -> None:
    assert meant_by(sent, {"Berlin, Germany": "Berlin", "Germany, all of it": "Germany"}) == value


def test_a_place_that_nobody_knows_is_an_error(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    with pytest.raises(SelectionError):
        find(Selection(near="Qwxyz"))
