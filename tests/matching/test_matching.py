from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_listing, a_source, a_when
from tracker.matching import geo_points
from tracker.matching.identity import assign_ids
from tracker.matching.matcher import group_listings
from tracker.matching.merging import merge_listings
from tracker.models.event import Event
from tracker.models.listing import Listing
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.vocabulary import DatePrecision, EventType, Lifecycle, Mode, Tier

SOURCES = {
    "berlin": a_source(),
    "directory": a_source(id="directory", tier=Tier.DIRECTORIES, name="The Directory", attribution="The Directory"),
}
EVENING = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)
BERLIN = Place(raw="Berlin", city="Berlin", country="DE", latitude=52.52, longitude=13.405)


def twins(**changes: Any) -> list[Listing]:
    """Return the same event as its organiser and as a directory list it."""
    own = a_listing(when=a_when(EVENING, timezone="Europe/Berlin"))
    theirs = a_listing(
        source="directory",
        source_id="rec1",
        url="https://www.berlin.example/social/?utm_source=directory",
        when=a_when(date(2026, 12, 3)),
        types=(EventType.SOCIAL,),
        title="Winter Social (Berlin)",
    )
    return [own, theirs.model_copy(update=changes)]


def merged(listings: list[Listing]) -> Event:
    """Return the one event that listings are."""
    (group,) = group_listings(listings).groups
    by_key = {each.key: each for each in listings}
    return merge_listings("id1", [by_key[key] for key in group.keys], SOURCES)


def test_the_same_page_at_the_same_time_is_one_event() -> None:
    (group,) = group_listings(twins()).groups
    first, second = (reason for _, reason in group.members)
    assert first == "first listing"
    assert second.startswith("with berlin evt-1: ")
    assert "link +" in second
    assert "start +8" in second


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://berlin.example/other"},
        {"when": a_when(date(2026, 12, 10))},
        {"source": "berlin"},
        {"url": None},
    ],
)
def test_what_is_only_similar_stays_apart(changes: dict[str, Any]) -> None:
    assert len(group_listings(twins(**changes)).groups) == 2


NO_TITLES = [
    "TBA", "TBD", "Event", "Untitled", "Untitled event", "???", "…", "-", "Meetup", "Workshop", "Private event", "Private meetup", "🎉🎉", "Busy",
    "Save the date!", "Neue Veranstaltung", "Kein Titel", "(no title)", "N/A", "To be announced", "Coming soon", "Sin título", "イベント",
]  # fmt: skip


@pytest.mark.parametrize("title", NO_TITLES)
@pytest.mark.parametrize("end", [None, EVENING + timedelta(hours=2)], ids=["open end", "same end"])
def test_a_title_that_says_nothing_makes_no_event_of_two(title: str, end: datetime | None) -> None:
    one = a_listing(title=title, when=a_when(EVENING, end), places=(BERLIN,), url="https://a.example/1")
    other = one.model_copy(update={"source": "directory", "source_id": "r", "url": "https://b.example/2"})
    assert len(group_listings([one, other]).groups) == 2
    same_page = other.model_copy(update={"url": one.url})
    assert len(group_listings([one, same_page]).groups) == 1, "the same page is more than the moment and the city"


@pytest.mark.parametrize("title", ["TBA: Winter Social", "Private AI Workshop", "Test-time Compute", "Save the Humans"])
def test_a_title_with_a_word_of_a_placeholder_is_still_one(title: str) -> None:
    one = a_listing(title=title, when=a_when(EVENING), places=(BERLIN,), url="https://a.example/1")
    other = one.model_copy(update={"source": "directory", "source_id": "r", "url": "https://b.example/2"})
    assert len(group_listings([one, other]).groups) == 1


def test_a_list_of_cities_in_a_title_is_no_place() -> None:
    """Else a city node would be one event with the announcement of all nodes."""
    assert geo_points.places_of(a_listing(title="Meetup in Berlin", places=(), mode=Mode.UNKNOWN))
    several = a_listing(title="Meetups in Berlin, Paris, London and Lisbon", places=(), mode=Mode.UNKNOWN)
    assert geo_points.places_of(several) == ()


def test_a_series_on_one_page_is_never_merged() -> None:
    weekly = [a_listing(source_id=f"s/{n}", when=a_when(EVENING + timedelta(weeks=n))) for n in range(5)]
    assert len(group_listings(weekly).groups) == 5


def test_what_could_be_either_of_two_is_neither() -> None:
    morning = a_listing(source_id="1", when=a_when(EVENING - timedelta(hours=8)))
    evening = a_listing(source_id="2", when=a_when(EVENING))
    day = a_listing(source="directory", source_id="rec1", when=a_when(date(2026, 12, 3)))
    assert len(group_listings([morning, evening, day]).groups) == 3


MONTH = When(start=date(2026, 12, 1), end=date(2026, 12, 31), precision=DatePrecision.MONTH)


@pytest.mark.parametrize(
    ("one", "other", "compatible"),
    [
        (a_when(EVENING), a_when(EVENING + timedelta(minutes=90)), True),
        (a_when(EVENING), a_when(EVENING + timedelta(minutes=150)), False),
        (a_when(EVENING), a_when(date(2026, 12, 4)), True),
        (a_when(EVENING), a_when(date(2026, 12, 5)), False),
        (MONTH, a_when(date(2026, 12, 24)), True),
        (a_when(date(2027, 1, 1)), MONTH, False),
        (When(start=date(2026, 12, 1), precision=DatePrecision.MONTH), a_when(date(2026, 12, 24)), True),
        (When(), When(), True),
    ],
)
def test_times_are_compatible_or_not(one: When, other: When, compatible: bool) -> None:
    assert len(group_listings([twins()[0].model_copy(update={"when": one}), twins(when=other)[1]]).groups) == (
        1 if compatible else 2
    )


listings_of_a_page = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 3), st.integers(0, 3)),
    unique_by=lambda row: row[:2],
    max_size=9,
)


@given(listings_of_a_page, st.randoms())
def test_grouping_does_not_depend_on_the_order(rows: list[tuple[str, int, int]], shuffle: random.Random) -> None:
    listings = [
        a_listing(source=source, source_id=str(number), when=a_when(date(2026, 12, 3) + timedelta(days=day)))
        for source, number, day in rows
    ]
    shuffled = list(listings)
    shuffle.shuffle(shuffled)
    assert group_listings(listings).groups == group_listings(shuffled).groups


def test_a_link_that_both_only_mention_is_no_evidence() -> None:
    mentions = {"url": "https://discord.example/abc", "url_is_stated": False}
    both = [listing.model_copy(update=mentions) for listing in twins()]
    assert len(group_listings(both).groups) == 2
    one = [both[0], both[1].model_copy(update={"url_is_stated": True})]
    assert len(group_listings(one).groups) == 1


def test_a_less_trusted_source_never_moves_the_day() -> None:
    own, theirs = twins()
    own = own.model_copy(update={"when": a_when(date(2026, 12, 4))})
    theirs = theirs.model_copy(update={"when": a_when(EVENING)})
    event = merged([own, theirs])
    assert event.when.start == date(2026, 12, 4)
    assert event.doubts == ("The Directory says it starts on 2026-12-03",)


def test_the_most_trusted_source_speaks_first_and_the_more_exact_date_wins() -> None:
    event = merged(twins())
    assert event.title == "Winter Social"
    assert event.types == (EventType.SOCIAL,)
    assert event.when.start == EVENING
    assert event.provenance["title"].source == "berlin"
    assert event.provenance["types"].source == "directory"
    assert [source.source for source in event.sources] == ["berlin", "directory"]
    assert event.sources[1].attribution == "The Directory"


def test_a_directory_cannot_cancel_an_organisers_event_but_its_word_is_shown() -> None:
    event = merged(twins(lifecycle=Lifecycle.CANCELLED))
    assert event.lifecycle is Lifecycle.SCHEDULED
    assert event.doubts == ("The Directory says it is cancelled",)


def test_sources_that_disagree_on_the_day_are_shown() -> None:
    assert merged(twins(when=a_when(date(2026, 12, 4)))).doubts == ("The Directory says it starts on 2026-12-04",)


def test_ids_are_kept_from_crawl_to_crawl() -> None:
    groups = group_listings(twins()).groups
    (first,) = assign_ids([group.keys for group in groups], {})
    known = dict.fromkeys(groups[0].keys, first)
    assert assign_ids([group.keys for group in groups], known) == [first]


def test_a_split_leaves_the_id_with_one_part() -> None:
    groups = group_listings(twins(url="https://berlin.example/other")).groups
    known = {group.keys[0]: "old" for group in groups}
    ids = assign_ids([group.keys for group in groups], known, make_id=lambda: "new")
    assert sorted(ids) == ["new", "old"]


def test_a_merge_keeps_one_of_the_ids() -> None:
    groups = group_listings(twins()).groups
    one, other = groups[0].keys
    assert assign_ids([group.keys for group in groups], {one: "b", other: "a"}) == ["a"]


def test_the_words_of_an_address_say_what_else_an_event_is_called() -> None:
    one = a_listing(
        title="Inleiding: MLOps",
        when=a_when(EVENING),
        places=(BERLIN,),
        url="https://a.example/e/cutting-through-the-fog-a-talk-on-mlops",
    )
    other = one.model_copy(
        update={
            "title": "Cutting through the fog",
            "source": "directory",
            "source_id": "r",
            "url": "https://b.example/2",
        }
    )
    assert len(group_listings([one, other]).groups) == 1
    without = one.model_copy(update={"url": "https://a.example/e/77213"})
    assert len(group_listings([without, other]).groups) == 2


def test_the_first_session_of_a_course_does_not_contradict_its_weeks() -> None:
    course = a_listing(
        title="AI Safety Fundamentals: Alignment", types=(EventType.COURSE,), organizers=("BlueDot",), url="https://a.example/1",
        when=a_when(date(2026, 9, 9), date(2026, 10, 28)),
    )  # fmt: skip
    first = course.model_copy(
        update={
            "source": "directory",
            "source_id": "r",
            "url": "https://b.example/2",
            "when": a_when(datetime(2026, 9, 9, 18, tzinfo=UTC)),
        }
    )
    assert len(group_listings([course, first]).groups) == 1
    evening = first.model_copy(
        update={"types": (EventType.MEETUP,), "organizers": ("Another",), "title": "AI Safety Social"}
    )
    assert len(group_listings([course, evening]).groups) == 2
