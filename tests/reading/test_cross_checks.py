"""What the fields of a listing and its own words contradict: each is a named doubt on the listing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import a_raw, a_source
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawDeadline, RawPlace, Rejected
from tracker.reading import read_listing


def doubts_of(source: dict[str, Any] | None = None, **raw: Any) -> str:
    listing = read_listing(a_raw(**raw), a_source(**(source or {})))
    assert isinstance(listing, Listing), listing
    return " | ".join(listing.doubts)


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        (
            {"starts": "2026-12-01T18:00:00+00:00", "description": "Join us on Tuesday, 1 December 2026 at 6pm PT."},
            "zone: the data says 18:00 UTC, the text 'Tuesday, 1 December 2026 at 6pm PT'",
        ),
        (
            {"starts": "2026-12-01T18:00:00+00:00", "description": "Date: 1 December 2026, 8pm UTC"},
            "time: the data says 18:00, the text '1 December 2026, 8pm UTC'",
        ),
        (
            {"starts": "2026-12-01", "description": "The workshop takes place on 8 December 2026."},
            "dates: the data says 2026-12-01, the text '8 December 2026'",
        ),
        ({"starts": "2026-12-01", "title": "AI Safety Days 2025"}, "year: the title says 2025, the date is 2026-12-01"),
        (
            {"starts": "2026-12-01", "url": "https://safety.example/2024/workshop"},
            "year: the address says 2024, the date is 2026-12-01",
        ),
        (
            {"starts": "2026-12-01", "description": "When: Monday 1 December 2026"},
            "weekday: the weekday in 'Monday 1 December 2026' is not that of 2026-12-01",
        ),
        ({"starts": "2026-12-04", "ends": "2026-12-01"}, "it is said to end (2026-12-01) before it starts"),
        (
            {"starts": "2026-09-01", "ends": "2026-11-30", "types": ("meetup",)},
            "span: 91 days are long for an event; this may be the time to apply",
        ),
        (
            {"starts": "2026-12-01", "deadlines": (RawDeadline(text="2027-01-15"),)},
            "deadline: application closes after the end",
        ),
        ({"starts": "2026-12-01", "title": "[FULL] AI safety retreat"}, "full: the title says that no place is left"),
    ],
)
def test_a_contradiction_is_a_named_doubt(raw: dict[str, Any], doubt: str) -> None:
    assert doubt in doubts_of(**raw)


@pytest.mark.parametrize(
    "raw",
    [
        {"starts": "2026-12-01T18:00:00+01:00", "description": "1 December 2026, 6pm CET."},
        {"starts": "2026-12-01", "ends": "2026-12-03", "description": "Takes place on 1–3 December 2026."},
        {"starts": "2026-12-01", "title": "Winter School 2026/27", "url": "https://safety.example/2026/12/school"},
        {"starts": "2027-01-04", "title": "Winter 2026-27 meetup"},
        {"starts": "2026-09-01", "ends": "2026-11-30", "types": ("fellowship",)},
        {"starts": "2026-12-01", "description": "Last time we met on 3 May 2025 and 60 people came."},
        {"starts": "2026-09-01", "approximate": "early September 2026"},
        {"starts": "2026-12-01", "description": "From mid January to mid April we met 3 times."},
    ],
)
def test_what_agrees_raises_no_doubt(raw: dict[str, Any]) -> None:
    assert doubts_of(**raw) == ""


def test_a_date_that_only_the_text_gives_is_taken_and_marked() -> None:
    listing = read_listing(
        a_raw(starts="", description="The workshop takes place on 1 December 2026, 18:00–20:00 CET."), a_source()
    )
    assert isinstance(listing, Listing)
    assert str(listing.when.start) == "2026-12-01 17:00:00+00:00"
    assert "the date is read from the text: '1 December 2026, 18:00–20:00 CET'" in listing.doubts


def test_words_fill_what_fields_leave_open() -> None:
    listing = read_listing(
        a_raw(
            title="AI policy fellowship",
            starts="28 September to 4 December",
            published="2026-05-12",
            deadlines=(RawDeadline(text="7 June, EOD AoE"),),
            places=(RawPlace(text="Berkeley, CA"),),
            description="No technical background needed. Stipend of $2,000 per month. Admission is free.",
        ),
        a_source(),
    )
    assert isinstance(listing, Listing)
    assert (str(listing.when.start), str(listing.when.end), listing.when.year_inferred) == (
        "2026-09-28",
        "2026-12-04",
        True,
    )
    assert str(listing.deadlines[0].closes_at) == "2026-06-08 12:00:00+00:00"
    assert (listing.level, listing.stipend, listing.cost.kind) == ("low", "stipend", "free")
    assert [topic.value for topic in listing.topics] == ["governance"]


@pytest.mark.parametrize(
    ("title", "outcome"),
    [("AI alignment reading group", "in"), ("Food safety for restaurants", "out"), ("Rationality meetup", "review")],
)
def test_a_source_that_lists_more_than_ai_safety_is_filtered(title: str, outcome: str) -> None:
    read = read_listing(a_raw(title=title, description=""), a_source(scope="filter"))
    if outcome == "out":
        assert isinstance(read, Rejected)
        assert read.reason == "not about AI safety"
        assert "food" in read.detail
        return
    assert isinstance(read, Listing)
    assert (read.scope == "xrisk") == (outcome == "in")
    assert any(doubt.startswith("relevance: review") for doubt in read.doubts) == (outcome == "review")
