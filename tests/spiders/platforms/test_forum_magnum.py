from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from spiders.platforms import forum_magnum
from tests.factories import FETCHED, a_source
from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

URL = "https://forum.example/graphql"
OPTIONS = forum_magnum.Options(api_url=URL, tag_ids=("sYm3HiWcfZvrGu3ui",))
(FIRST,) = forum_magnum.first_pages(OPTIONS, FETCHED.date())
POST: dict[str, Any] = {
    "_id": "Kp7M5tiWEYQonANJc",
    "title": "AI safety reading group",
    "pageUrl": "https://forum.example/events/Kp7M5tiWEYQonANJc/x",
    "isEvent": True,
    "eventType": None,
    "startTime": "2026-12-04T02:30:00.000Z",
    "endTime": "2026-12-04T04:30:00.000Z",
    "localStartTime": "2026-12-03T18:30:00.000Z",
    "localEndTime": "2026-12-03T20:30:00.000Z",
    "onlineEvent": False,
    "globalEvent": False,
    "location": "Berkeley",
    "googleLocation": {
        "formatted_address": "2740 Telegraph Ave, Berkeley, CA 94705, USA",
        "geometry": {"location": {"lat": 37.8586, "lng": -122.2586}},
    },
    "postedAt": "2026-11-10T08:00:00.000Z",
    "tags": [],
    "contents": {"plaintextDescription": "We read a paper."},
}


def read(*posts: Any, options: forum_magnum.Options = OPTIONS, **views: Any) -> PageContent:
    data = views or {"globalEvents": {"results": []}, "nearbyEvents": {"results": list(posts)}}
    return read_answer({"data": data}, options=options)


def read_answer(answer: Any, posted: str = FIRST.posted, options: forum_magnum.Options = OPTIONS) -> PageContent:
    return forum_magnum.read(Page("forum", URL, json.dumps(answer).encode(), FETCHED, posted=posted), options)


def raw(**changes: Any) -> RawListing:
    (listing,) = read(POST | changes).listings
    return listing


def listing(**changes: Any) -> Listing:
    found = read_listing(raw(**changes), a_source(id="forum"))
    assert isinstance(found, Listing)
    return found


def test_one_query_asks_for_both_views_and_everywhere() -> None:
    query = json.loads(FIRST.posted)["query"]
    assert 'view: "globalEvents"' in query
    assert 'view: "nearbyEvents", lat: 0, lng: 0, distance: 50000' in query
    assert "$" not in query, "the EA Forum ignores variables"


@pytest.mark.parametrize(
    ("start", "local", "written", "instant"),
    [
        (
            "2026-12-04T02:30:00.000Z",
            "2026-12-03T18:30:00.000Z",
            "2026-12-03T18:30:00-08:00",
            "2026-12-04T02:30:00+00:00",
        ),
        (
            "2026-12-04T13:00:00.000Z",
            "2026-12-04T18:30:00.000Z",
            "2026-12-04T18:30:00+05:30",
            "2026-12-04T13:00:00+00:00",
        ),
        ("2026-12-04T18:00:00.000Z", None, "2026-12-04T18:00:00.000Z", "2026-12-04T18:00:00+00:00"),
        # the two do not belong together
        (
            "2026-12-04T18:00:00.000Z",
            "2026-11-01T18:00:00.000Z",
            "2026-12-04T18:00:00.000Z",
            "2026-12-04T18:00:00+00:00",
        ),
        ("2026-12-04T18:00:00.000Z", "soon", "2026-12-04T18:00:00.000Z", "2026-12-04T18:00:00+00:00"),
    ],
)
def test_the_wall_clock_disguised_as_utc_tells_the_offset(
    start: str, local: str | None, written: str, instant: str
) -> None:
    changes = {"startTime": start, "localStartTime": local, "endTime": None, "localEndTime": None}
    assert raw(**changes).starts == written
    when = listing(**changes).when
    assert when.start is not None
    assert when.start.isoformat() == instant


def test_an_evening_in_california_stays_on_its_day() -> None:
    found = listing()
    assert found.when.timezone == "America/Los_Angeles"
    assert [place.city for place in found.places] == ["Berkeley"]


def test_the_start_of_a_course_is_its_application_deadline() -> None:
    found = listing(eventType="course", title="AI governance course", endTime=None, onlineEvent=True)
    assert found.when.start is None
    assert [str(deadline.at) for deadline in found.deadlines] == ["2026-12-04 02:30:00+00:00"]


def test_a_post_whose_time_is_still_to_be_announced_is_rejected_with_its_reason() -> None:
    found = read_listing(raw(startTime=None, endTime=None, localStartTime=None, localEndTime=None), a_source())
    assert not isinstance(found, Listing)
    assert found.reason == "no date"


def test_global_events_are_among_the_nearby_ones_again_and_counted_once() -> None:
    content = read(globalEvents={"results": [POST]}, nearbyEvents={"results": [POST, POST | {"_id": "other"}]})
    assert [each.source_id for each in content.listings] == ["Kp7M5tiWEYQonANJc", "other"]


def test_a_post_that_is_no_event_is_counted_not_published() -> None:
    content = read(POST | {"isEvent": False}, POST | {"_id": "two"})
    assert [each.source_id for each in content.listings] == ["two"]
    assert "no event" in content.rejected[0].detail


def test_a_tag_puts_a_post_on_topic_whatever_it_says() -> None:
    tagged = raw(title="Agent foundations", tags=[{"_id": "sYm3HiWcfZvrGu3ui", "name": "AI"}])
    source = a_source(scope="filter")
    assert isinstance(read_listing(tagged, source), Listing)
    off_topic = read_listing(raw(title="Board games", contents=None), source)
    assert not isinstance(off_topic, Listing)
    assert off_topic.reason == "not about AI safety"


def test_only_tagged_posts_may_be_asked_for() -> None:
    options = OPTIONS.model_copy(update={"only_tagged": True})
    assert read(POST, options=options).listings == []


def test_the_mirror_for_programs_is_not_shown_to_people() -> None:
    url = "https://forum-bots.effectivealtruism.org/events/abc/x"
    assert raw(pageUrl=url).url == "https://forum.effectivealtruism.org/events/abc/x"


def test_links_of_a_cross_post_are_kept() -> None:
    found = raw(eventRegistrationLink="https://luma.com/x", website="https://group.example/", meetupLink=None)
    assert (found.apply_url, found.extra) == ("https://luma.com/x", {"website": "https://group.example/"})


def test_a_forum_that_refuses_one_form_of_the_query_is_asked_in_the_other() -> None:
    refusal = {"errors": [{"message": 'Unknown argument "input" on field "Query.posts".'}]}
    (again,) = read_answer(refusal).follow
    assert "selector: {nearbyEvents:" in json.loads(again.posted)["query"]
    with pytest.raises(UnreadablePageError, match="refuses the query: Unknown argument"):
        read_answer(refusal, posted=again.posted)


@pytest.mark.parametrize("data", [None, {}, {"globalEvents": None, "nearbyEvents": None}])
def test_errors_are_never_an_empty_list(data: Any) -> None:
    answer = {"data": data, "errors": [{"message": "Too busy."}]}
    (again,) = read_answer(answer).follow
    with pytest.raises(UnreadablePageError, match="Too busy"):
        read_answer(answer, posted=again.posted)


def test_an_answer_in_part_is_not_trusted_as_a_whole() -> None:
    answer = {"data": {"globalEvents": None, "nearbyEvents": {"results": [POST]}}, "errors": [{"message": "Timed out"}]}
    content = read_answer(answer)
    assert content.problems == ["the forum answered in part: Timed out"]
    assert len(content.listings) == 1


def test_each_forum_is_known_by_its_address() -> None:
    page = Page("probe", "https://www.lesswrong.com/community", b"", FETCHED)
    assert list(forum_magnum.suggest(page)) == [{"api_url": "https://www.lesswrong.com/graphql"}]
    assert list(forum_magnum.suggest(replace(page, url="https://blog.example/"))) == []


def test_more_events_than_were_asked_for_are_not_left_out_in_silence() -> None:
    options = OPTIONS.model_copy(update={"limit": 2})
    content = read(POST, POST | {"_id": "two"}, options=options)
    assert content.problems == ["the forum has more than 2 events; the others are not read"]
