from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_raw, a_source
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace, Rejected
from tracker.models.vocabulary import (
    CostKind,
    DeadlineKind,
    EventType,
    Level,
    Lifecycle,
    Mode,
    Stipend,
    Topic,
    ZoneSource,
)
from tracker.reading import read_listing
from tracker.reading.listings import read_values, validate


def read(**changes: Any) -> Listing:
    listing = read_listing(a_raw(**changes), a_source())
    assert isinstance(listing, Listing)
    return listing


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "no title"),
        ({"title": "<b></b>"}, "no title"),
        ({"starts": ""}, "no date"),
        ({"starts": "1971-01-01"}, "date out of range"),
        ({"starts": "2126-01-20"}, "date out of range"),
        ({"starts": "TBD"}, "no date"),
        ({"starts": "9999-12-31"}, "no date"),
    ],
)
def test_what_says_too_little_is_rejected_with_a_reason(changes: dict[str, Any], reason: str) -> None:
    rejected = read_listing(a_raw(**changes), a_source())
    assert isinstance(rejected, Rejected)
    assert rejected.reason == reason
    assert rejected.raw is not None


def test_an_evergreen_entry_needs_no_date() -> None:
    assert read(starts="", recurring=True, length="3–6 months").recurring


@pytest.mark.parametrize(
    ("field", "changes", "value"),
    [
        ("types", {"types": ("Hackathon", "Workshop")}, (EventType.HACKATHON, EventType.WORKSHOP)),
        ("types", {"types": ("Jamboree",)}, (EventType.OTHER,)),
        ("types", {"title": "Weekly Reading Group"}, (EventType.READING_GROUP,)),
        ("mode", {"mode": "Hybrid"}, Mode.HYBRID_CHOICE),
        ("mode", {"mode": "hybrid required"}, Mode.HYBRID_REQUIRED),
        ("mode", {"mode": "https://schema.org/OnlineEventAttendanceMode"}, Mode.ONLINE),
        ("mode", {"places": (RawPlace(text="Online & Berlin, Germany"),)}, Mode.HYBRID_CHOICE),
        ("mode", {"places": (RawPlace(text="Berlin, Germany"),)}, Mode.IN_PERSON),
        ("mode", {}, Mode.UNKNOWN),
        ("lifecycle", {"status": "https://schema.org/EventCancelled"}, Lifecycle.CANCELLED),
        ("lifecycle", {"status": "EventRescheduled"}, Lifecycle.SCHEDULED),
        ("lifecycle", {"title": "CANCELLED - Social", "status": "EventScheduled"}, Lifecycle.CANCELLED),
        ("lifecycle", {"status": "TENTATIVE"}, Lifecycle.TENTATIVE),
        ("stipend", {"stipend": "Expenses covered"}, Stipend.EXPENSES),
        ("level", {"level": "Mid"}, Level.MID),
        ("topics", {"topics": ("Technical", "Governance")}, (Topic.TECHNICAL, Topic.GOVERNANCE)),
        ("title", {"title": "Chartered Cities &amp; Networks"}, "Chartered Cities & Networks"),
        ("url", {"url": "", "description": "Sign up: https://berlin.example/a."}, "https://berlin.example/a"),
        ("url", {"url": "javascript:alert(1)"}, None),
        (
            "url",
            {"description": "Call: https://us02web.zoom.us/j/1?pwd=secret or https://a.example/x"},
            "https://a.example/x",
        ),
        ("url_is_stated", {"description": "https://a.example/x"}, False),
        ("url_is_stated", {"url": "/x"}, True),
        ("organizers", {"organizers": ("A", "A", " ")}, ("A",)),
    ],
)
def test_a_word_of_the_source_becomes_a_value(field: str, changes: dict[str, Any], value: object) -> None:
    assert getattr(read(**changes), field) == value


@pytest.mark.parametrize(
    ("costs", "price", "kind"),
    [
        (("Free (assistance available)",), "", CostKind.FREE),
        (("Pay to attend",), "", CostKind.PAID),
        ((), "0", CostKind.FREE),
        ((), "80.00", CostKind.PAID),
        ((), "NaN", CostKind.UNKNOWN),
        ((), "", CostKind.UNKNOWN),
    ],
)
def test_costs_are_read(costs: tuple[str, ...], price: str, kind: CostKind) -> None:
    assert read(costs=costs, price=price, currency="EUR").cost.kind is kind


def test_an_unknown_word_is_kept_beside_the_unknown_value() -> None:
    listing = read(level="Wizard", types=("Jamboree",))
    assert listing.level is Level.UNKNOWN
    assert listing.unmapped_values == {"level": "Wizard", "types": "Jamboree"}


def test_a_bare_deadline_is_taken_anywhere_on_earth_and_marked_so() -> None:
    (deadline,) = read(deadlines=(RawDeadline(text="2026-12-01", kind="Registration"),)).deadlines
    assert (deadline.kind, deadline.at) == (DeadlineKind.REGISTRATION, date(2026, 12, 1))
    assert (deadline.timezone, deadline.timezone_source) == ("AoE", ZoneSource.ASSUMED)


def test_a_deadline_of_a_kind_we_do_not_know_keeps_its_name() -> None:
    (deadline,) = read(deadlines=(RawDeadline(text="2026-12-01", kind="Poster session"),)).deadlines
    assert (deadline.kind, deadline.label) == (DeadlineKind.OTHER, "Poster session")


def test_a_deadline_that_cannot_be_read_is_kept_in_words_and_doubted() -> None:
    listing = read(deadlines=(RawDeadline(text="soonish"),))
    assert listing.deadlines[0].text == "soonish"
    assert "soonish" in listing.doubts[0]


def test_a_blank_deadline_is_no_deadline() -> None:
    assert read(deadlines=(RawDeadline(text=" \x07"),)).deadlines == ()


def test_a_fault_of_our_own_is_a_rejection_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("tracker.reading.listings.read_when", fail)
    rejected = read_listing(a_raw(), a_source())
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.detail) == ("unreadable", "ZeroDivisionError: ours")


def test_a_source_without_ids_gets_lasting_ones() -> None:
    first = read(source_id="", url="https://berlin.example/a")
    again = read(source_id="", url="https://berlin.example/a", description="edited")
    other = read(source_id="", url="https://berlin.example/a", starts="2026-12-10")
    assert first.source_id == again.source_id != other.source_id


def test_ids_that_differ_only_at_their_end_stay_apart() -> None:
    first, other = (read(source_id="x" * 300 + end).source_id for end in "ab")
    assert first != other
    assert len(first) <= 200


def test_an_end_that_cannot_be_is_left_out_and_doubted() -> None:
    listing = read(ends="9999-12-31")
    assert listing.when.end is None
    assert listing.doubts == ("the end '9999-12-31' cannot be read",)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:00Z", "0001-01-01"])
def test_a_deadline_out_of_all_reason_is_kept_in_words_only(text: str) -> None:
    listing = read(deadlines=(RawDeadline(text=text),))
    assert listing.deadlines[0].at is None
    assert text in listing.doubts[0]


def test_the_sources_defaults_fill_what_is_not_said() -> None:
    source = a_source(defaults={"types": ["meetup"], "place": "Berlin, Germany", "languages": ["de"]})
    listing = read_listing(a_raw(starts="2026-12-03T19:00"), source)
    assert isinstance(listing, Listing)
    assert (listing.types, listing.languages) == ((EventType.MEETUP,), ("de",))
    assert listing.when.timezone == "Europe/Berlin"


@given(
    st.builds(
        RawListing,
        source=st.just("berlin"),
        source_id=st.text(max_size=50),
        page_url=st.just("https://berlin.example/"),
        fetched_at=st.just(a_raw().fetched_at),
        title=st.text(max_size=100),
        description=st.text(max_size=300),
        url=st.text(max_size=100),
        starts=st.text(max_size=40) | st.dates().map(str) | st.datetimes().map(str),
        ends=st.text(max_size=40) | st.dates().map(str) | st.datetimes().map(str),
        timezone=st.text(max_size=30) | st.sampled_from(["Europe/Berlin", "UTC", "AoE"]),
        mode=st.text(max_size=20),
        price=st.text(max_size=10),
        currency=st.text(max_size=5),
        deadlines=st.lists(
            st.builds(RawDeadline, text=st.text(max_size=30), kind=st.text(max_size=20)), max_size=3
        ).map(tuple),
        places=st.lists(st.builds(RawPlace, text=st.text(max_size=60)), max_size=3).map(tuple),
    )
)
def test_reading_is_total(raw: RawListing) -> None:
    result = read_listing(raw, a_source())
    assert isinstance(result, Listing) or result.reason != "unreadable", result.detail
    if isinstance(result, Listing):
        assert Listing.model_validate_json(result.canonical_json()) == result


def test_values_that_do_not_hold_together_are_a_rejection_that_names_the_field() -> None:
    raw, source = a_raw(), a_source()
    values = read_values(raw, source)
    assert isinstance(values, dict)
    rejected = validate(values | {"level": "towering"}, raw)
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.detail[:6]) == ("does not hold together", "level:")
