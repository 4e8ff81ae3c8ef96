from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from spiders.platforms import embedded_json
from tests.factories import FETCHED, a_source
from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

URL = "https://board.example/api"
ROW: dict[str, Any] = {"id": "1", "title": "Hackathon", "startDate": "2026-12-05"}


def read(answer: Any, url: str = URL, **options: Any) -> PageContent:
    body = answer if isinstance(answer, str) else json.dumps(answer)
    chosen = embedded_json.Options.model_validate({"page_urls": [URL]} | options)
    return embedded_json.read(Page("board", url, body.encode(), FETCHED), chosen)


def raw(row: Any, **options: Any) -> RawListing:
    (listing,) = read([row], **options).listings
    return listing


def listing(row: Any, source: dict[str, Any] | None = None, **options: Any) -> Listing:
    found = read_listing(raw(row, **options), a_source(**source or {}))
    assert isinstance(found, Listing), found
    return found


def in_page(script: str, attributes: str = 'type="application/json"') -> str:
    return f"<!doctype html><html><body><script {attributes}>{script}</script></body></html>"


@pytest.mark.parametrize(
    "page",
    [
        json.dumps([ROW]),
        json.dumps({"data": {"items": [ROW]}}),
        json.dumps({"events": {"a": [{"node": ROW}]}}),
        in_page(json.dumps({"props": {"pageProps": {"rows": [ROW]}}}), 'id="__NEXT_DATA__" type="application/json"'),
        in_page("window.__SERVER_DATA__ = " + json.dumps({"results": [ROW]}) + ";", ""),
        f"<!doctype html><html><body><div data-page='{json.dumps({'props': {'events': [ROW]}})}'></div></body></html>",
        # MLH: the JSON is the text of a script whose data-page is only a name
        in_page(json.dumps({"props": {"upcomingEvents": [ROW]}}), 'data-page="app" type="application/json"'),
        in_page("not json") + in_page(json.dumps({"rows": [ROW]})),
    ],
)
def test_the_rows_are_found_wherever_the_json_stands(page: str) -> None:
    assert [each.title for each in read(page).listings] == ["Hackathon"]


@pytest.mark.parametrize(
    ("row", "start", "end"),
    [
        ({"name": "A", "start_at": "2026-12-05T18:00:00Z", "end_at": "2026-12-05T20:00:00Z"}, "2026-12-05T18:00:00Z", "2026-12-05T20:00:00Z"),
        ({"Titel": "A", "Beginn": "2026-12-05", "Ende": "2026-12-06"}, "2026-12-05", "2026-12-06"),
        ({"nombre": "A", "fechaInicio": "2026-12-05", "fechaFin": "2026-12-06"}, "2026-12-05", "2026-12-06"),
        ({"titre": "A", "date_debut": "2026-12-05", "date_fin": "2026-12-06"}, "2026-12-05", "2026-12-06"),
        # seconds, milliseconds, with stray milliseconds
        ({"name": "A", "start": 1796493600}, "2026-12-05T18:00:00Z", ""),
        ({"name": "A", "startDate": 1796493600588}, "2026-12-05T18:00:00Z", ""),
        ({"name": "A", "start": {"dateTime": "2026-12-05T18:00:00Z"}}, "2026-12-05T18:00:00Z", ""),
        ({"name": "A", "start": {"iso": "2026-12-05T18:00:00+00:00", "date": "2026-12-05"}}, "2026-12-05T18:00:00+00:00", ""),
        ({"name": "A", "startDate": "2026-12-05", "start_time": "18:00"}, "2026-12-05 18:00", ""),
        ({"name": "A", "startDate": "2026-12-05T00:00:00Z", "allDay": True}, "2026-12-05", ""),
        # the end is a length of time (Luma's links to other sites; Meetup's milliseconds)
        ({"name": "A", "start_at": "2026-12-05T18:00:00Z", "duration_interval": "P0Y0M0DT2H0M0S"}, "2026-12-05T18:00:00Z", "2026-12-05T20:00:00+00:00"),
        ({"name": "A", "time": 1796493600000, "duration": 3600000}, "2026-12-05T18:00:00Z", "2026-12-05T19:00:00+00:00"),
        # a date that is still to be announced is none, whatever stands there (Wix)
        ({"name": "A", "startDate": "2026-12-05", "scheduleTbd": True}, "", ""),
    ],
)  # fmt: skip
def test_ordinary_keys_need_no_mapping(row: Any, start: str, end: str) -> None:
    found = raw(row, rows="")
    assert (found.title, found.starts, found.ends) == ("A", start, end)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"location": "Berlin, Germany"}, "Berlin, Germany"),
        ({"displayed_location": {"icon": "globe", "location": "Online"}}, "Online"),
        ({"venue": {"name": "Hub", "address": {"address_1": "1 High St", "city": "Leeds", "country": "GB"}}}, "Hub 1 High St Leeds GB"),
        ({"venues": [{"name": "Hub", "city": "Leeds", "country": "gb"}]}, "Hub Leeds gb"),
        ({"geo_address_info": {"mode": "shown", "address": "LISA", "city": "London"}}, "LISA London"),
        ({"card_locations": ["Pittsburgh, PA", "Remote"]}, "Pittsburgh, PA"),
        ({"location": {"addressTitle": "", "addressLine1": "", "mapLat": 40.7207559, "mapLng": -74.0007613}}, ""),
        ({"venue": []}, ""),
    ],
)  # fmt: skip
def test_places_have_any_shape(row: Any, place: str) -> None:
    found = raw(ROW | row)
    first = next((each for each in found.places), None)
    said = [first.text, first.venue, first.street, first.city, first.country] if first else []
    assert " ".join(filter(None, said)) == place


def test_squarespaces_default_point_in_new_york_is_no_place() -> None:
    row = ROW | {"location": {"addressTitle": "VFD", "mapLat": 40.7207559, "mapLng": -74.0007613}}
    (place,) = raw(row).places
    assert (place.venue or place.text, place.latitude) == ("VFD", "")


def test_declared_paths_come_before_guesses_and_templates_are_filled() -> None:
    row = ROW | {"event": {"slug": "ai-night"}, "when": {"words": "5–6 December 2026"}}
    found = raw(row, fields={"url": "https://luma.com/{event.slug}", "starts": "when.words"})
    assert (found.url, found.starts) == ("https://luma.com/ai-night", "5–6 December 2026")


@pytest.mark.parametrize(("slug", "url"), [("https://meetup.example/1", "https://meetup.example/1"), (None, "")])
def test_a_whole_address_in_a_template_is_taken_alone_and_a_missing_one_gives_none(slug: Any, url: str) -> None:
    assert raw(ROW | {"event": {"url": slug}}, fields={"url": "https://luma.com/{event.url}"}).url == url


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("May 15 - 21, 2026", "2026-05-15", "2026-05-21"),
        ("Apr 01 - Aug 22, 2026", "2026-04-01", "2026-08-22"),
        ("Mar 24, 2026 - Mar 24, 2030", "2026-03-24", "None"),  # nobody means four years
    ],
)
def test_devposts_three_ways_of_writing_a_span(words: str, start: str, end: str) -> None:
    found = listing({"id": 1, "title": "X", "submission_period_dates": words, "time_left_to_submission": "2 days left"})
    assert (str(found.when.start), str(found.when.end)) == (start, end)


def test_the_wall_clock_written_as_a_number_is_no_instant() -> None:
    found = raw({"name": "A", "start": 1568368800}, epochs="local")
    assert found.starts == "2019-09-13T10:00:00"


def test_days_kept_as_midnight_are_days() -> None:
    assert raw({"name": "A", "start": "2027-02-01T00:00:00.000Z"}, whole_days=True).starts == "2027-02-01"


def test_google_counts_whole_days_to_the_day_after() -> None:
    found = listing({"summary": "A", "start": {"date": "2026-12-05"}, "end": {"date": "2026-12-07"}})
    assert (str(found.when.start), str(found.when.end)) == ("2026-12-05", "2026-12-06")


@pytest.mark.parametrize(
    ("row", "mode"),
    [
        ({"is_online_event": True, "eventType": "HYBRID"}, "hybrid_choice"),
        ({"is_online_event": True}, "online"),
        ({"formatType": "hybrid_physical"}, "hybrid_choice"),
        ({"online_event": "false", "location": "Berlin, Germany"}, "in_person"),
    ],
)
def test_hybrid_wins_over_a_flag_that_says_online(row: Any, mode: str) -> None:
    assert listing(ROW | row).mode.value == mode


def test_a_cancelled_row_is_cancelled() -> None:
    assert listing(ROW | {"status": "canceled"}).lifecycle.value == "cancelled"
    assert listing(ROW | {"isCancelled": True, "status": "live"}).lifecycle.value == "cancelled"


def test_only_the_wanted_kinds_are_kept_and_the_others_counted() -> None:
    rows = [ROW | {"kinds": ["Fellowship", "Paid"]}, ROW | {"id": "2", "kinds": ["Job"]}, ROW | {"id": "3"}]
    content = read(rows, keep={"kinds": "fellowship"})
    assert [each.source_id for each in content.listings] == ["1"]
    assert content.notes == ["2 of 3 rows are of other kinds and left out"]


@pytest.mark.parametrize(
    ("answer", "options", "url", "follow"),
    [
        ({"rows": [ROW], "total": 3}, {"page_parameter": "page", "total": "total"}, URL, f"{URL}?page=2"),
        ({"rows": [ROW], "total": 3}, {"page_parameter": "page", "total": "total"}, f"{URL}?page=3", None),
        ({"rows": [ROW]}, {"page_parameter": "p"}, f"{URL}?p=7", f"{URL}?p=8"),
        ({"rows": []}, {"page_parameter": "p", "rows": "rows"}, f"{URL}?p=8", None),
        ({"rows": [ROW], "next": f"{URL}?after=x"}, {"next_page": "next"}, URL, f"{URL}?after=x"),
        ({"rows": [ROW], "next": None}, {"next_page": "next"}, URL, None),
        ({"rows": [ROW], "c": "abc"}, {"next_page": "c", "cursor_parameter": "cursor"}, URL, f"{URL}?cursor=abc"),
    ],
)
def test_the_list_goes_on_where_the_answer_says(
    answer: Any, options: dict[str, Any], url: str, follow: str | None
) -> None:
    assert [page.url for page in read(answer, url, **options).follow] == ([follow] if follow else [])


@pytest.mark.parametrize(
    ("page", "options", "says"),
    [
        ({"rows": []}, {"rows": "data.rows"}, "nothing stands at data.rows"),
        ("<!doctype html><html><body>Hello</body></html>", {}, "holds no JSON"),
        (in_page("{}") + in_page('{"a": 1}'), {}, "no list in it looks like events"),
    ],
)
def test_another_layout_is_named(page: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UnreadablePageError, match=says):
        read(page, **options)


def test_wix_and_squarespace_pages_suggest_where_their_rows_stand() -> None:
    page = Page("probe", "https://a.example/events", b'<script src="https://static1.squarespace.com/x.js">', FETCHED)
    first = next(iter(embedded_json.suggest(page)))
    assert first["page_urls"] == ["https://a.example/events?format=json"]
    event = {"id": "1", "title": "A", "slug": "a", "status": 0, "location": {"name": "Hub", "address": "Berlin, Germany"},
             "scheduling": {"config": {"scheduleTbd": False, "startDate": "2026-12-05T17:00:00.000Z", "timeZoneId": "Europe/Berlin"}}}  # fmt: skip
    data = json.dumps({"appsWarmupData": {"app": {"widget": {"events": {"events": [event]}}}}})
    body = in_page(data, 'id="wix-warmup-data" type="application/json"')
    first = next(iter(embedded_json.suggest(Page("probe", URL, body.encode(), FETCHED))))
    (found,) = read(body, **{key: value for key, value in first.items() if key != "page_urls"}).listings
    assert (found.title, found.starts, found.timezone) == ("A", "2026-12-05T17:00:00.000Z", "Europe/Berlin")
    tbd = body.replace('"scheduleTbd": false', '"scheduleTbd": true')
    (found,) = read(tbd, **{key: value for key, value in first.items() if key != "page_urls"}).listings
    assert found.starts == "", "the dates are not real"


def test_localist_wraps_each_row_and_each_of_its_dates() -> None:
    event = {"id": 1, "title": "AI policy talk", "localist_url": "https://uni.example/event/x", "free": True, "status": "live",
             "address": "1 Main St", "event_instances": [{"event_instance": {"id": 7001, "start": "2026-12-11T13:00:00-07:00"}}]}  # fmt: skip
    fields = {
        "starts": "event_instances.event_instance.start",
        "source_id": "event_instances.event_instance.id",
        "url": "localist_url",
    }
    (found,) = read({"events": [{"event": event}]}, rows="events", fields=fields).listings
    assert (found.title, found.source_id, found.starts) == ("AI policy talk", "7001", "2026-12-11T13:00:00-07:00")
    assert found.costs == ("Free",)


def test_a_round_of_bluedot_has_its_days_under_raw() -> None:
    row = {"id": "rec1", "courseTitle": "AGI Strategy", "courseSlug": "agi-strategy", "applicationDeadline": "TBD",
           "applicationDeadlineRaw": "2026-12-13", "firstDiscussionDateRaw": "2027-01-04T00:00:00.000Z", "dateRange": "4 Jan – 9 Jan"}  # fmt: skip
    answer = {"result": {"data": {"intense": [row], "partTime": []}}}
    options: dict[str, Any] = {"rows": ["result.data.intense", "result.data.partTime"], "whole_days": True,
               "fields": {"title": "courseTitle", "starts": "firstDiscussionDateRaw", "deadline": "applicationDeadlineRaw"}}  # fmt: skip
    (found,) = read(answer, **options).listings
    assert (found.title, found.starts, found.deadlines[0].text) == ("AGI Strategy", "2027-01-04", "2026-12-13")


@pytest.mark.parametrize(
    ("row", "start", "end", "deadline"),
    [
        ({"start_date": "2026-12-05", "start_time": "09:00", "deadline": "2026-11-30"}, "2026-12-05 09:00", "", "2026-11-30"),
        ({"start_date": "2026-12-05", "start_time": "19:00", "end_date": "2026-12-07", "end_time": "12:00"},
         "2026-12-05 19:00", "2026-12-07 12:00", ""),
        ({"start_date": "2026-12-05", "start_time": "19:00", "end_date": "2026-12-05", "end_time": "21:00"},
         "2026-12-05 19:00", "2026-12-05 21:00", ""),
        ({"date": "2026-12-05", "time": "19:00"}, "2026-12-05 19:00", "", ""),
        ({"startTime": "19:00", "date": "2026-12-05"}, "2026-12-05 19:00", "", ""),
        ({"startDate": "2026-12-05", "startTime": "7:30 pm"}, "2026-12-05 7:30 pm", "", ""),
        ({"start": {"date": "2026-12-05", "time": "19:00"}}, "2026-12-05 19:00", "", ""),
    ],
)  # fmt: skip
def test_a_clock_under_a_key_of_its_own_joins_its_own_day(row: Any, start: str, end: str, deadline: str) -> None:
    found = raw({"title": "A"} | row)
    assert (found.starts, found.ends) == (start, end)
    assert "".join(each.text for each in found.deadlines) == deadline


@pytest.mark.parametrize(
    ("row", "start", "end"),
    [
        (
            {"start": "2026-12-04T23:00:00Z", "end": "2026-12-05T22:59:59Z", "timezone": "Europe/Berlin"},
            "2026-12-05",
            "",
        ),
        (
            {"start": "2026-12-05T05:00:00Z", "end": "2026-12-06T04:59:59Z", "timezone": "America/New_York"},
            "2026-12-05",
            "",
        ),
        ({"start": 1796425200000, "timezone": "Europe/Berlin"}, "2026-12-05", ""),
        ({"start": "2026-12-05T00:00:00Z", "timezone": "Nowhere/Land"}, "2026-12-05", ""),
    ],
)
def test_a_whole_day_given_as_an_instant_is_the_day_on_the_wall(row: Any, start: str, end: str) -> None:
    found = raw({"title": "A", "allDay": True} | row)
    assert (found.starts, found.ends) == (start, end)


def test_a_deadline_kept_as_midnight_is_its_day() -> None:
    found = raw({"title": "A", "start": "2027-02-01", "deadline": "2027-01-15T00:00:00.000Z"}, whole_days=True)
    assert found.deadlines[0].text == "2027-01-15"


def test_the_day_a_post_was_written_is_no_day_of_an_event() -> None:
    post = {
        "title": {"rendered": "Our blog"},
        "date": "2026-11-01T10:00:00",
        "date_gmt": "2026-11-01T10:00:00",
        "modified": "2026-11-02",
    }
    assert raw(post, rows="").starts == ""


def test_a_link_that_is_none_gives_way_to_the_next() -> None:
    assert raw(ROW | {"url": "javascript:alert(1)", "link": "https://x.example/a"}).url == "https://x.example/a"


def test_the_parts_of_a_place_may_be_objects() -> None:
    (place,) = raw(ROW | {"location": {"city": {"name": "Berlin"}, "country": {"code": "x", "name": "Germany"}}}).places
    assert (place.city, place.country) == ("Berlin", "Germany")


@pytest.mark.parametrize(
    ("answer", "options", "follow"),
    [
        ({"rows": [ROW], "next": "/api?offset=9"}, {"next_page": "next"}, "https://board.example/api?offset=9"),
        ({"rows": [ROW], "next": 2}, {"next_page": "next", "cursor_parameter": "page"}, f"{URL}?page=2"),
        ({"rows": [ROW], "next": "javascript:x"}, {"next_page": "next"}, None),
    ],
)
def test_the_next_page_is_found_relative_to_this_one(answer: Any, options: dict[str, Any], follow: str | None) -> None:
    assert [page.url for page in read(answer, **options).follow] == ([follow] if follow else [])


def test_a_cursor_that_makes_no_address_is_a_problem_of_the_page() -> None:
    content = read(
        '{"rows": [{"title": "A", "start": "2026-12-05"}], "c": "\\ud800"}', next_page="c", cursor_parameter="c"
    )
    assert len(content.listings) == 1
    assert content.problems or not content.follow


def test_a_mistake_in_an_xpath_is_an_error_of_the_source_file() -> None:
    with pytest.raises(ValidationError, match="not an XPath"):
        embedded_json.Options.model_validate({"page_urls": [URL], "script": "//["})
