"""Lists of deadlines, feeds, boards on Algolia, entries by hand: the smaller platforms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from spiders.platforms import algolia, conference_deadlines, feed, manual
from tests.factories import FETCHED, a_source
from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

YAML = "https://lists.example/conferences.yml"
RSS = "https://group.example/feed"
BOARD = "https://jobs.example/"


def listings(content: PageContent, **source: Any) -> list[Listing]:
    read = [read_listing(raw, a_source(**source)) for raw in content.listings]
    return [each for each in read if isinstance(each, Listing)]


def read_yaml(text: str, **options: Any) -> PageContent:
    chosen = conference_deadlines.Options.model_validate({"page_urls": [YAML]} | options)
    return conference_deadlines.read(Page("list", YAML, text.encode(), FETCHED), chosen)


FACCT = """
- title: FAccT
  year: 2027
  id: facct27
  link: https://facctconference.org/2027/
  deadlines:
  - {type: abstract, date: '2027-01-08 23:59:59', timezone: AoE}
  - {type: submission, date: '2027-01-13 23:59:59', timezone: UTC-12}
  - {type: review_release, date: '2027-02-20 23:59:59', timezone: AoE}
  - {type: notification, date: '2027-04-08', timezone: AoE}
  start: %s
  end: 2027-06-28
  city: Montreal
  country: Canada
"""


@pytest.mark.parametrize("start", ["2027-06-25", "'2027-06-25'"])
def test_a_start_is_a_date_or_a_text_and_there_are_several_typed_deadlines(start: str) -> None:
    (found,) = listings(read_yaml(FACCT % start))
    assert (found.title, str(found.when.start), str(found.when.end)) == ("FAccT 2027", "2027-06-25", "2027-06-28")
    kinds = [(each.kind.value, str(each.at)) for each in found.deadlines]
    assert kinds[:2] == [("abstract", "2027-01-09 11:59:59+00:00"), ("submission", "2027-01-14 11:59:59+00:00")]
    assert [kind for kind, _ in kinds] == ["abstract", "submission", "notification"], (
        "a release of reviews is no deadline"
    )


def test_the_older_form_has_one_deadline_a_row_and_its_zone_beside_it() -> None:
    text = "- {title: CIKM, year: 2027, id: cikm27, link: 'https://c.example/', deadline: '2027-05-20 23:59:59',\n   abstract_deadline: '2027-05-13 23:59:59', timezone: America/Los_Angeles, place: 'Boise, Idaho, USA',\n   data: 'October 21 - October 25, 2027'}"
    (found,) = listings(read_yaml(text))
    assert {each.kind.value: str(each.at) for each in found.deadlines} == {
        "abstract": "2027-05-14 06:59:59+00:00",
        "submission": "2027-05-21 06:59:59+00:00",
    }
    assert str(found.when.start) == "2027-10-21"


def test_two_venues_are_two_places() -> None:
    text = "- {title: NeurIPS, year: 2027, start: 2027-12-01, end: 2027-12-07, place: 'San Diego, USA and Mexico City, Mexico'}"
    (found,) = listings(read_yaml(text))
    assert [place.city for place in found.places] == ["San Diego", "Mexico City"]


@pytest.mark.parametrize("absent", ["null", "~", "TBA", "''"])
def test_a_date_that_is_still_absent_is_none(absent: str) -> None:
    content = read_yaml(f"- {{title: UAI, year: 2027, start: {absent}, deadline: {absent}}}\n" + FACCT % "2027-06-25")
    assert [each.title for each in listings(content)] == ["FAccT 2027"]
    assert len(content.listings) == 2


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("July 1-5", "2028-07-01", "2028-07-05"),
        ("November 15-19, 2028", "2028-11-15", "2028-11-19"),
        ("June 30 - July 2", "2028-06-30", "2028-07-02"),
        ("TBA", "None", "None"),
    ],
)
def test_days_without_a_year_are_those_of_the_edition(date: str, start: str, end: str) -> None:
    text = f"- name: ASIACCS\n  year: 2028\n  deadline: ['2027-08-21 23:59', '2027-12-07 23:59']\n  date: {date}\n"
    (found,) = listings(read_yaml(text))
    assert (str(found.when.start), str(found.when.end)) == (start, end)


def test_only_the_named_conferences_are_kept() -> None:
    content = read_yaml(FACCT % "2027-06-25" + "- {title: CVPR, year: 2027, start: 2027-06-01}\n", only=["facct"])
    assert [each.title for each in content.listings] == ["FAccT 2027"]
    assert content.notes == ["1 of 2 conferences are left out"]


@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ("a: [", "not_yaml"),
        ("a: 1", "layout_changed"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "not_yaml"),  # small on paper, a billion in memory
        ("!!python/object/apply:os.system ['true']", "not_yaml"),
        ("<!doctype html><html></html>", "not_yaml"),
    ],
)
def test_what_is_no_list_of_conferences_is_named(text: str, diagnosis: str) -> None:
    with pytest.raises(UnreadablePageError) as caught:
        read_yaml(text)
    assert caught.value.diagnosis == diagnosis


def read_feed(items: str, **options: Any) -> PageContent:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/">'
        f"<channel><title>x</title>{items}</channel></rss>"
    )
    chosen = feed.Options.model_validate({"feed_urls": [RSS]} | options)
    return feed.read(Page("feed", RSS, body.encode(), FETCHED), chosen)


def item(title: str, extra: str = "") -> str:
    return f"<item><title>{title}</title><link>https://group.example/e/1</link><pubDate>Mon, 23 Nov 2026 08:00:00 +0000</pubDate>{extra}</item>"


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2026-12-05T18:00:00-07:00", "2026-12-06 01:00:00+00:00"),
        ("2026-12-05T23:00:00.0000000Z", "2026-12-05 23:00:00+00:00"),
        ("Sat, 05 Dec 2026 18:00:00 +0100", "2026-12-05 17:00:00+00:00"),
        ("2026-12-05", "2026-12-05"),
        ("20261205T190000Z", "2026-12-05 19:00:00+00:00"),
    ],
)
def test_the_event_module_of_rss_says_when_and_where(written: str, start: str) -> None:
    extra = f"<ev:startdate>{written}</ev:startdate><ev:location>Berlin, Germany</ev:location><ev:type>talk</ev:type>"
    (found,) = listings(read_feed(item("Talk", extra)))
    assert (str(found.when.start), found.places[0].city) == (start, "Berlin")


def test_the_day_of_publication_is_never_the_day_of_the_event() -> None:
    (raw,) = read_feed(item("We have a new website")).listings
    assert raw.starts == ""
    assert not isinstance(read_listing(raw, a_source()), Listing)


def test_when_and_where_may_stand_in_the_title_alone() -> None:
    pattern = "(?P<title>.+) — (?P<starts>.+) — (?P<place>.+)"
    content = read_feed(item("Salsa — Fri Dec 4, 7:30 PM — Forge Bar") + item("News"), title_pattern=pattern)
    first, second = content.listings
    assert (first.title, first.starts, first.places[0].text) == ("Salsa", "Fri Dec 4, 7:30 PM", "Forge Bar")
    assert second.title == "News"
    (found,) = listings(content, timezone="America/Toronto")
    assert str(found.when.start) == "2026-12-05 00:30:00+00:00"


def test_a_feed_that_is_cut_off_is_not_trusted_as_a_whole() -> None:
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{item("Talk on 5 December 2026")}<item><title>Hal'
    content = feed.read(Page("feed", RSS, body.encode(), FETCHED), feed.Options(feed_urls=(RSS,)))
    assert content.problems == ["the feed is cut off"]
    assert content.listings[0].title == "Talk on 5 December 2026"


def test_a_page_suggests_the_feeds_it_advertises() -> None:
    body = b'<html><head><link rel="alternate" type="application/atom+xml" href="/atom.xml"></head></html>'
    assert list(feed.suggest(Page("probe", "https://group.example/", body, FETCHED))) == [
        {"feed_urls": ["https://group.example/atom.xml"]}
    ]


@pytest.mark.parametrize("pattern", ["(", "(?P<when>.*)"])
def test_a_pattern_that_cannot_be_used_is_an_error_of_the_source_file(pattern: str) -> None:
    with pytest.raises(ValidationError, match=r"not a regular expression|unknown part 'when'"):
        feed.Options(feed_urls=(RSS,), title_pattern=pattern)


ALGOLIA = algolia.Options(
    page_url=BOARD,
    app_id="W6KM1UDIB3",
    index="jobs_prod",
    keep={"tags_role_type": ("Fellowship",), "tags_area": ("AI safety & policy",)},
    fields={"deadline": ("closes_at",), "description": ("description_short",), "url": ("https://jobs.example/?jobPk={post_pk}",)},
)  # fmt: skip
HIT = {
    "post_pk": 1, "title": "Research Fellowship", "company_name": "Lab", "card_locations": ["Remote, Global"],
    "tags_role_type": ["Fellowship"], "tags_area": ["AI safety & policy"], "posted_at": 1785715200, "closes_at": 1796083199,
    "url_external": "https://lab.example/apply?utm_source=80000hours", "description": "", "description_short": "<ul><li>Work</li></ul>",
}  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        'window.__NUXT__.config={public:{algoliaApplicationId:"W6KM1UDIB3",algoliaApiKey:"0123456789abcdef0123456789abcdef"}}',
        '{"algolia": {"apiKey": "0123456789abcdef0123456789abcdef"}}',
        "ALGOLIA_SEARCH_KEY = '0123456789abcdef0123456789abcdef'",
    ],
)
def test_the_search_key_is_read_from_the_page_and_kept_nowhere(script: str) -> None:
    page = Page("jobs", BOARD, f"<html><script>{script}</script></html>".encode(), FETCHED)
    (query,) = algolia.read(page, ALGOLIA).follow
    assert query.url == "https://w6km1udib3-dsn.algolia.net/1/indexes/jobs_prod/query"
    assert dict(query.headers)["X-Algolia-API-Key"] == "0123456789abcdef0123456789abcdef"
    assert "0123" not in query.key + query.url + query.posted
    assert json.loads(query.posted)["facetFilters"] == [["tags_role_type:Fellowship"], ["tags_area:AI safety & policy"]]


def hits(*rows: Any, total: int | None = None) -> PageContent:
    answer = {"hits": list(rows), "nbHits": len(rows) if total is None else total}
    return algolia.read(Page("jobs", BOARD, json.dumps(answer).encode(), FETCHED, posted="{}"), ALGOLIA)


def test_a_hit_closes_at_a_moment_in_unix_seconds_and_its_link_carries_no_tracking() -> None:
    (found,) = listings(hits(HIT))
    assert str(found.deadlines[0].at) == "2026-11-30 23:59:59+00:00"
    assert (found.url, found.organizers) == ("https://jobs.example/?jobPk=1", ("Lab",))


def test_only_the_wanted_roles_are_taken_also_where_the_board_sends_others() -> None:
    content = hits(HIT, HIT | {"post_pk": 2, "tags_role_type": ["Full-time"]})
    assert [each.source_id for each in content.listings] == ["1"]
    assert content.notes == ["1 of 2 rows are of other kinds and left out"]


def test_fewer_hits_than_there_are_is_not_the_whole_list() -> None:
    assert hits(HIT, total=1500).problems == ["the answer holds 1 of 1500 rows; name fewer with a filter"]


def test_a_page_without_a_key_says_what_to_set() -> None:
    with pytest.raises(UnreadablePageError, match="key_pattern"):
        algolia.read(Page("jobs", BOARD, b"<html><p>Jobs</p></html>", FETCHED), ALGOLIA)


def entries(*rows: dict[str, Any]) -> list[Listing]:
    options = manual.Options.model_validate({"entries": rows})
    found = []
    for page in manual.first_pages(options, FETCHED.date()):
        assert page.inline_body is not None
        found += listings(
            manual.read(Page("hand", page.name, page.inline_body, FETCHED), options), timezone="Africa/Johannesburg"
        )
    return found


def test_entries_by_hand_are_read_like_all_others() -> None:
    first, second, third = entries(
        {
            "title": "Talk",
            "url": "https://g.example/",
            "starts": "2027-01-15 18:00",
            "place": "Cape Town, South Africa",
        },
        {
            "title": "[CANCELLED] Camp",
            "url": "https://g.example/",
            "starts": "12–14 March 2027",
            "apply_by": "16 January 2027",
        },
        {"title": "Lab", "url": "https://g.example/", "recurring": True, "apply_by": "rolling"},
    )
    assert str(first.when.start) == "2027-01-15 16:00:00+00:00"
    assert (str(second.when.start), second.lifecycle.value) == ("2027-03-12", "cancelled")
    assert (third.recurring, third.deadlines[0].rolling) == (True, True)


@pytest.mark.parametrize(
    "entry",
    [
        {"title": "x"},
        {"title": "", "url": "https://g.example/"},
        {"title": "x", "url": "https://g.example/", "start": "2027"},
    ],
)
def test_a_mistake_in_an_entry_is_an_error_of_the_source_file(entry: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        manual.Options.model_validate({"entries": [entry]})


def test_two_entries_with_one_name_are_a_mistake_that_is_named() -> None:
    entry = {"title": "Camp", "url": "https://g.example/"}
    with pytest.raises(ValidationError, match="two entries are called 'Camp'"):
        manual.Options.model_validate({"entries": [entry | {"starts": "2026"}, entry | {"starts": "2027"}]})


def test_a_deadline_may_stand_in_the_title() -> None:
    content = read_feed(
        item("Fellowship X (apply by 5 January 2027)"), title_pattern=r"(?P<title>.+) \(apply by (?P<deadline>.+)\)"
    )
    (found,) = listings(content)
    assert (found.title, str(found.deadlines[0].at)) == ("Fellowship X", "2027-01-05")


def test_a_country_with_and_in_its_name_is_one_place() -> None:
    (raw,) = read_yaml(
        "- {title: C, year: 2027, start: 2027-06-01, place: 'Sarajevo, Bosnia and Herzegovina'}"
    ).listings
    assert [place.text for place in raw.places] == ["Sarajevo, Bosnia and Herzegovina"]


def test_other_services_have_keys_on_the_page_too() -> None:
    page = b'<html><script>{googleMapsApiKey:"AIzaSy00000000000000000000",algoliaApiKey:"0123456789abcdef0123456789abcdef"}</script>'
    (query,) = algolia.read(Page("jobs", BOARD, page, FETCHED), ALGOLIA).follow
    assert dict(query.headers)["X-Algolia-API-Key"] == "0123456789abcdef0123456789abcdef"


def test_a_pattern_for_the_key_says_which_part_is_the_key() -> None:
    with pytest.raises(ValidationError, match="put the key itself in brackets"):
        algolia.Options(page_url=BOARD, app_id="X", index="x", key_pattern="key=.*")
