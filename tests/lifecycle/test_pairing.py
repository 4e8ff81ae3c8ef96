"""Which vanished entry is which new one: a wrong pair is worse than a missed one."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, a_listing, a_when
from tracker.lifecycle.pairing import compare_titles, pair_equal, pair_similar
from tracker.models.listing import Listing
from tracker.models.place import Place


def talk(title: str, days: float, **changes: Any) -> Listing:
    when = a_when(NOW + timedelta(days=days), timezone="Europe/Berlin")
    return a_listing(**{"title": title, "when": when, "url": None} | changes)


BERLIN, PARIS = (
    (Place(raw=city, city=city, country=country),) for city, country in (("Berlin", "DE"), ("Paris", "FR"))
)
LONG = "We read a paper about how models may be watched while they work, and talk about it over tea and biscuits. Come!"


@pytest.mark.parametrize(
    ("old", "new", "is_one"),
    [
        (talk("Winter Social", 10), talk("Winter Social", 12), True),
        (talk("Winter Social", 10), talk("Winter Social", 140), False),
        (talk("Winter Social", 10), talk("Career Night", 12), False),
        (talk("Winter Social", 10), talk("Career Night", 10), False),
        (talk("Winter Social", 10, url="https://a.example/1"), talk("Career Night", 10, url="https://a.example/1"), True),
        (talk("Winter Social", 10, description=LONG), talk("Festive evening", 10, description=LONG), True),
        (talk("Winter Social", 10, places=BERLIN), talk("Winter Social with Bob", 10, places=BERLIN), True),
        (talk("Winter Social", 10, places=BERLIN), talk("Winter Social", 12, places=PARIS), False),
        (talk("Winter Social", 1), talk("Winter Social", 29), False),
        (talk("Winter Social", 1), talk("Winter Social", 2), True),
        (talk("Cohort 3", 10), talk("Cohort 4", 12), False),
        (talk("Drop-in", 10, recurring=True), talk("Drop-in", 12), False),
    ],
    ids=["moved", "too far", "another", "another in the slot", "same link", "same text", "longer title", "another city",
         "the next of a slot", "moved by a day", "another edition", "evergreen"],
)  # fmt: skip
def test_a_single_entry(old: Listing, new: Listing, is_one: bool) -> None:
    assert pair_similar({"o": old}, {"n": new}, [], NOW) == ({"n": "o"} if is_one else {})


@pytest.mark.parametrize(("days", "is_one"), [(1, True), (3, True), (4, False), (7, False)])
def test_one_date_of_a_series_moves_by_less_than_half_a_week(days: int, is_one: bool) -> None:
    pairs = pair_similar(
        {"o": talk("Reading group", 10)}, {"n": talk("Reading group", 10 + days)}, ["Reading group"], NOW
    )
    assert pairs == ({"n": "o"} if is_one else {})


def test_the_nearest_of_several_are_paired() -> None:
    old = {f"o{week}": talk("Reading group", 7 * week) for week in range(1, 6)}
    new = {f"n{week}": talk("Reading group", 7 * week + 1) for week in range(2, 6)}
    assert pair_similar(old, new, [], NOW) == {f"n{week}": f"o{week}" for week in range(2, 6)}


def test_equal_entries_need_no_common_link_but_no_other_city() -> None:
    old = {"o": talk("Social", 10, url="https://a.example/1", places=BERLIN)}
    assert pair_equal(old, {"n": talk("Social", 10, url="https://b.example/2", places=BERLIN)}) == {"n": "o"}
    assert pair_equal(old, {"n": talk("Social", 10, url="https://b.example/2")}) == {"n": "o"}
    assert pair_equal(old, {"n": talk("Social", 10, url="https://b.example/2", places=PARIS)}) == {}
    assert pair_equal(old, {name: talk("Social", 10, url=f"https://b.example/{name}") for name in "xy"}) == {}


def test_titles_are_compared_by_the_weight_of_their_words() -> None:
    assert compare_titles("Winter Social", "winter social") == (1.0, 1.0)
    share, containment = compare_titles("Reading group", "Reading group: corrigibility")
    assert share < 0.6 < containment
    assert compare_titles("???", "Winter Social") == (0.0, 0.0)


@pytest.mark.long
@pytest.mark.parametrize("title", ["Talk {}", "Meetup of chapter{}", "Reading group"])
def test_hundreds_that_vanish_and_appear_are_paired_in_moments(title: str) -> None:
    old = {f"o{n}": talk(title.format(n), 10 + n / 10) for n in range(800)}
    new = {f"n{n}": talk(title.format(n), 10.02 + n / 10) for n in range(800)}
    began = time.perf_counter()
    pairs = pair_similar(old, new, [], NOW)
    assert time.perf_counter() - began < 8
    assert len(pairs) > 750
    assert all(pairs[name] == f"o{name[1:]}" for name in pairs)
