from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.platforms import aisafety_com
from tests.factories import FETCHED, a_source
from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.vocabulary import DatePrecision, Mode
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

ROW: dict[str, Any] = {
    "id": "rec0000000000001A",
    "name": "Iliad Intensive: January 2027",
    "description": "Four weeks of alignment theory.",
    "url": "https://www.iliad.ac/intensive",
    "type": ["Bootcamp"],
    "location": "Berkeley, USA & London, UK",
    "mode": "In person",
    "focus": ["Technical"],
    "entryBar": "Mid",
    "timeCommitment": "Full-time",
    "stipend": "Expenses covered",
    "lengthBucket": "Under 1 month",
    "recurring": False,
    "startDate": "2027-01-04",
    "startDateApprox": None,
    "endDate": "2027-01-31",
    "applicationStatus": "Open",
    "applicationsClose": "2026-11-16",
    "notYetOpen": False,
    "typicalLength": None,
    "logo": None,
}


def read(*rows: Any, collection: Literal["events", "training"] = "training", count: int | None = None) -> PageContent:
    answer = {"data": list(rows), "meta": {"count": len(rows) if count is None else count, "license": "CC-BY-4.0"}}
    return read_bytes(json.dumps(answer).encode(), collection)


def read_bytes(body: bytes, collection: Literal["events", "training"] = "training") -> PageContent:
    options = aisafety_com.Options(collection=collection)
    (first,) = aisafety_com.first_pages(options, FETCHED.date())
    return aisafety_com.read(Page("aisafety", first.url, body, FETCHED), options)


def read_raw(collection: Literal["events", "training"] = "training", **changes: Any) -> RawListing:
    (listing,) = read(ROW | changes, collection=collection).listings
    return listing


def read_fully(collection: Literal["events", "training"] = "training", **changes: Any) -> Listing:
    listing = read_listing(read_raw(collection, **changes), a_source())
    assert isinstance(listing, Listing)
    return listing


def test_a_training_row_is_read_whole() -> None:
    listing = read_fully()
    assert listing.title == "Iliad Intensive: January 2027"
    assert [place.city for place in listing.places] == ["Berkeley", "London"]
    assert (str(listing.when.start), str(listing.when.end)) == ("2027-01-04", "2027-01-31")
    assert (listing.deadlines[0].timezone, str(listing.deadlines[0].at)) == ("AoE", "2026-11-16")
    assert [listing.stipend, listing.level, listing.time_commitment] == ["expenses", "mid", "full_time"]
    assert listing.doubts == ()


@pytest.mark.parametrize("kind", ["Hackathon", ["Hackathon"]])
def test_a_type_is_a_text_or_a_list(kind: Any) -> None:
    assert read_raw("events", type=kind).types == ("Hackathon",)


@pytest.mark.parametrize(
    ("collection", "mode", "meaning"),
    [
        ("events", "Hybrid", Mode.HYBRID_CHOICE),
        ("training", "Hybrid", Mode.HYBRID_REQUIRED),
        ("training", "Online or in person", Mode.HYBRID_CHOICE),
        ("events", "Online", Mode.ONLINE),
    ],
)
def test_hybrid_means_opposite_things_in_the_two_collections(
    collection: Literal["events", "training"], mode: str, meaning: Mode
) -> None:
    assert read_fully(collection, mode=mode).mode is meaning


@pytest.mark.parametrize(
    ("said", "kept"),
    [("#", ""), ("", ""), (None, ""), ("https://x.example/", "https://x.example/")],
)
def test_a_hash_is_no_address(said: Any, kept: str) -> None:
    assert read_raw(url=said).url == kept


def test_an_approximate_start_is_never_exact() -> None:
    when = read_fully(startDate="2026-09-01", startDateApprox="early September 2026").when
    assert (when.precision, when.text) == (DatePrecision.SEASON, "early September 2026")


def test_not_yet_open_beside_a_deadline() -> None:
    (deadline,) = read_fully(notYetOpen=True).deadlines
    assert deadline.not_yet_open
    assert deadline.at is not None


def test_not_yet_open_without_a_deadline() -> None:
    (deadline,) = read_fully(notYetOpen=True, applicationsClose=None).deadlines
    assert (deadline.not_yet_open, deadline.at) == (True, None)


def test_open_without_a_deadline_gives_no_deadline() -> None:
    assert read_fully(applicationsClose=None).deadlines == ()


def test_an_evergreen_row_has_no_dates_but_a_length() -> None:
    row: dict[str, Any] = {
        "recurring": True,
        "startDate": None,
        "endDate": None,
        "typicalLength": "3–6 months",
        "applicationsClose": None,
    }
    listing = read_fully(**row)
    assert (listing.recurring, listing.length) == (True, "3–6 months")


def test_a_time_is_taken_in_the_places_zone_and_doubted() -> None:
    listing = read_fully("events", location="Berlin, Germany", startTime="18:00", endTime="20:30", endDate="2027-01-04")
    assert listing.when.start is not None
    assert listing.when.start.isoformat() == "2027-01-04T17:00:00+00:00"
    assert listing.doubts


@pytest.mark.parametrize("time", ["evening", "", None])
def test_a_word_instead_of_a_time_is_left_out(time: Any) -> None:
    assert read_raw("events", startTime=time).starts == "2027-01-04"


def test_missing_and_extra_keys_make_nothing_fail() -> None:
    (listing,) = read({"id": "rec1", "name": "Bare", "startDate": "2027-01-04", "novelty": "yes"}).listings
    assert listing.extra == {"novelty": "yes"}


@pytest.mark.parametrize("bad", [None, 5, "text", [], {"name": 5, "type": {"a": 1}}])
def test_one_bad_row_costs_its_neighbours_nothing(bad: Any) -> None:
    content = read(bad, ROW)
    assert ROW["name"] in [each.title for each in content.listings]
    assert len(content.listings) + len(content.rejected) == 2


def test_a_count_that_is_not_that_of_the_rows_is_not_trusted() -> None:
    assert read(ROW, count=7).problems == ["the answer says 7 rows and holds 1"]


@pytest.mark.parametrize(
    ("body", "diagnosis"),
    [
        (b"", "empty_answer"),
        (b"<html>", "not_json"),
        (b'{"data": [', "not_json"),
        (b"[]", "layout_changed"),
        (b'{"error": "gone"}', "layout_changed"),
        (b"[" * 100_000, "not_json"),
    ],
)
def test_what_is_not_the_apis_answer_is_named(body: bytes, diagnosis: str) -> None:
    with pytest.raises(UnreadablePageError) as caught:
        read_bytes(body)
    assert caught.value.diagnosis == diagnosis


@given(
    st.dictionaries(st.sampled_from(list(ROW)), st.none() | st.booleans() | st.text() | st.lists(st.text()), min_size=3)
)
def test_no_row_makes_reading_fail(row: dict[str, Any]) -> None:
    content = read(row)
    assert len(content.listings) + len(content.rejected) == 1
