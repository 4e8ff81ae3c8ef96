"""The words of a suggested event: what our reader finds, and what a visitor makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.components.suggest_event import Words, event_line, with_words, words_of
from tests.factories import NOW
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.suggestion import SUGGESTED
from tracker.reading.listings import read_listing


def a_page(**said: Any) -> RawListing:
    values: dict[str, Any] = {"title": "Oversight Weekend", "source": SUGGESTED.id, "page_url": "https://oslo.example/"}
    return RawListing(**values | {"fetched_at": NOW} | said)


def read(raw: RawListing) -> Listing:
    found = read_listing(raw, SUGGESTED)
    assert isinstance(found, Listing), found
    return found


PAGES = [
    a_page(starts="2027-03-12", ends="2027-03-14", places=(RawPlace(text="Trajan House, Oxford, UK"),)),
    a_page(starts="2027-03-12T18:00:00+01:00", ends="2027-03-12T20:00:00+01:00", timezone="Europe/Oslo", mode="online"),
    a_page(approximate="early September 2027", places=(RawPlace(city="Oslo", country="Norway"),)),
    a_page(
        starts="2027-03-12", deadlines=(RawDeadline(text="16 Jan 2027, AoE"), RawDeadline(text="2027-02-01 18:00 UTC"))
    ),
    a_page(description="Our workshop, 12–14 March 2027, Oxford. Apply by 10 January 2027."),
]


@pytest.mark.parametrize("raw", PAGES, ids=range(len(PAGES)))
def test_what_was_read_is_read_again_from_its_words(raw: RawListing) -> None:
    known, first = words_of(raw), read(raw)
    again = read(with_words(a_page(), Words(), known))
    assert (again.when.start, again.when.end) == (first.when.start, first.when.end)
    assert [each.closes_at for each in again.deadlines] == [each.closes_at for each in first.deadlines]
    assert [(each.city, each.country) for each in again.places] == [(each.city, each.country) for each in first.places]
    assert again.mode == first.mode


@pytest.mark.parametrize("raw", PAGES, ids=range(len(PAGES)))
def test_what_is_left_alone_stays_as_the_page_has_it(raw: RawListing) -> None:
    known = words_of(raw)
    assert with_words(raw, known, known) == raw


def test_date_and_place_in_one_line_of_words() -> None:
    found = read(with_words(a_page(), Words(), Words("Oversight Weekend", "12–14 March 2027, Oxford")))
    assert (found.when.start, found.when.last_day) == (date(2027, 3, 12), date(2027, 3, 14))
    assert [each.city for each in found.places] == ["Oxford"]


def test_a_changed_field_replaces_only_what_it_says() -> None:
    raw = PAGES[3]
    known = words_of(raw)
    found = read(with_words(raw, known, Words(known.title, "13 March 2027, 18:00 Berlin time", "online", "")))
    assert found.when.start == datetime(2027, 3, 13, 17, tzinfo=UTC)
    assert found.deadlines == ()
    assert found.mode == "online"


def test_an_event_on_one_line() -> None:
    assert event_line(PAGES[0]) == "Fri 12 Mar 2027 – Sun 14 Mar 2027 · Oversight Weekend · Oxford, United Kingdom"
    assert event_line(a_page(title="", starts="2027-03-12")) == "2027-03-12"
