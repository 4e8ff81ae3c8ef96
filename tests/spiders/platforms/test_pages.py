"""Plain pages: html_listing with selectors, open_graph without any, schema_org over many pages."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from spiders.platforms import html_listing, open_graph, schema_org
from tests.factories import FETCHED, a_source
from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

URL = "https://school.example/programs"
LIST = """<!doctype html><html><head><title>Programs | School</title></head><body>
<nav><a href="/">1 January 2020</a></nav>
<article><h2><a href="/programs/spring?utm_source=x">Spring Fellowship</a></h2><p class="dates">12 January – 9 April 2027</p>
  <p class="where">Oxford, UK</p></article>
<article><h2><a href="/programs/winter">Winter School</a></h2><p class="dates">Dates TBD</p></article>
<a class="next" href="/programs?page=2">More</a></body></html>"""
FIELDS = {"title": "h2", "url": "h2 a@href", "starts": ".dates", "place": ".where"}


def read(body: str, draft: Any = None, url: str = URL, **options: Any) -> PageContent:
    chosen = html_listing.Options.model_validate({"page_urls": [URL]} | options)
    return html_listing.read(Page("school", url, body.encode(), FETCHED, draft=draft), chosen)


def listing(raw: Any, **source: Any) -> Listing:
    found = read_listing(raw, a_source(**source))
    assert isinstance(found, Listing), found
    return found


def test_selectors_say_where_things_stand() -> None:
    first, second = read(LIST, each="article", fields=FIELDS).listings
    assert (first.title, first.url) == ("Spring Fellowship", "https://school.example/programs/spring")
    assert first.places[0].text == "Oxford, UK"
    when = listing(first).when
    assert (str(when.start), str(when.end)) == ("2027-01-12", "2027-04-09")
    assert second.starts == "Dates TBD"


def test_the_list_goes_on_at_the_link_that_says_so() -> None:
    (page,) = read(LIST, each="article", fields=FIELDS, next_page="a.next@href").follow
    assert (page.url, page.is_detail) == ("https://school.example/programs?page=2", False)


DETAIL = """<!doctype html><html><head><title>x</title><meta property="og:description" content="Three months of research.">
<script type="application/ld+json">{"@type": "Event", "name": "%s", "startDate": "2026-01-01",
 "location": {"@type": "Place", "name": "Old Library"}, "organizer": {"name": "School"}}</script></head>
<body><main><h1>Spring</h1><p class="due">Apply by 5 December 2026</p></main></body></html>"""


def test_a_detail_page_fills_what_the_list_leaves_blank_and_overrides_nothing() -> None:
    (spring, winter) = read(LIST, each="article", fields=FIELDS, detail={"deadline": ".due"}).follow
    assert (spring.url, spring.is_detail) == ("https://school.example/programs/spring", True)
    (found,) = read(
        DETAIL % "Spring Fellowship 2027", draft=spring.draft, url=spring.url, detail={"deadline": ".due"}
    ).listings
    assert (found.title, found.starts) == ("Spring Fellowship", "12 January – 9 April 2027")
    assert [each.text for each in found.deadlines] == ["Apply by 5 December 2026"]
    assert (found.organizers, found.summary) == (("School",), "Three months of research.")
    assert [place.text for place in found.places] == ["Oxford, UK"]
    (found,) = read(DETAIL % "Winter School", draft=winter.draft, url=winter.url, detail={"deadline": ".due"}).listings
    assert [place.venue for place in found.places] == ["Old Library"]
    assert found.ends == "", "the end of one reading never joins the start of another"


def test_a_page_that_is_one_item_needs_no_list() -> None:
    (found,) = read(DETAIL % "Spring", fields={"title": "h1", "deadline": ".due", "starts": ".none"}).listings
    assert (found.title, found.source_id, found.starts) == ("Spring", URL, "2026-01-01")


@pytest.mark.parametrize(
    ("href", "starts", "ends"),
    [
        ("/sprints/control-2026-03-20-to-2026-03-22", "2026-03-20", "2026-03-22"),
        ("/sprints/control-2026-03-20-to-2026-03-22?utm_source=discord", "2026-03-20", "2026-03-22"),
        ("/sprints/how-it-works", "", ""),
    ],
)
def test_dates_may_stand_in_addresses(href: str, starts: str, ends: str) -> None:
    pattern = r"-(?P<starts>\d{4}-\d\d-\d\d)-to-(?P<ends>\d{4}-\d\d-\d\d)"
    (found,) = read(f"<html><body><a href='{href}'>Sprint</a></body></html>", each="a", url_dates=pattern,
                    fields={"title": "", "url": "@href"}).listings  # fmt: skip
    assert (found.title, found.starts, found.ends) == ("Sprint", starts, ends)
    assert "utm" not in found.url


def test_a_day_and_its_clock_may_stand_apart() -> None:
    body = "<html><body><li><b>Fri 4 Dec 2026</b> <i>19:00</i><u>21:00</u> Talk</li></body></html>"
    (found,) = read(body, each="li", fields={"title": "", "starts": "b", "time": "i", "end_time": "u"}).listings
    assert (found.starts, found.ends) == ("Fri 4 Dec 2026 19:00", "Fri 4 Dec 2026 21:00")
    assert str(listing(found, timezone="Europe/Berlin").when.start) == "2026-12-04 18:00:00+00:00"


def test_nothing_that_fits_is_another_layout_never_an_empty_list() -> None:
    with pytest.raises(UnreadablePageError, match=r"Nothing on the page fits '\.card'"):
        read(LIST, each=".card", fields=FIELDS)


@pytest.mark.parametrize(
    "options",
    [
        {"each": "..card"},
        {"fields": {"title": "h2["}},
        {"fields": {"tilte": "h2"}},
        {"url_dates": "("},
        {"url_dates": "\\d+"},
        {"next_page": "a:is("},
    ],
)
def test_a_mistake_in_a_selector_is_an_error_of_the_source_file(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        html_listing.Options.model_validate({"page_urls": [URL]} | options)


PROSE = """<!doctype html><html><head><meta property="og:title" content="Policy Programme"><meta property="og:site_name" content="Forum">
<meta property="og:description" content="For civil servants."><link rel="canonical" href="https://forum.example/programme">
<title>Policy Programme | Forum</title></head><body><header>Since 1 May 2001</header><nav>12 June 2020</nav>
<main><h1>Policy Programme</h1><p>The programme runs from 8 March 2027 to 6 May 2027 in Canberra.</p>
<p>Applications close on 9 January 2027.</p></main><footer>© 2019</footer></body></html>"""


def read_alone(body: str) -> Any:
    url = "https://forum.example/programme?ref=menu"
    (found,) = open_graph.read(
        Page("forum", url, body.encode(), FETCHED), open_graph.Options(page_urls=(url,))
    ).listings
    return found


def test_the_last_resort_reads_head_and_prose_and_leaves_menus_out() -> None:
    raw = read_alone(PROSE)
    assert (raw.title, raw.url) == ("Policy Programme", "https://forum.example/programme")
    assert "2020" not in raw.description
    found = listing(raw, defaults={"types": ["fellowship"]})
    assert (str(found.when.start), str(found.when.end)) == ("2027-03-08", "2027-05-06")
    assert [str(each.at) for each in found.deadlines] == ["2027-01-09"]
    assert found.doubts, "what is read from prose is doubtful"


def test_structured_data_fills_the_blanks_of_the_last_resort() -> None:
    script = '<script type="application/ld+json">{"@type": "Event", "name": "Policy Programme 2027", "startDate": "2027-03-09"}</script>'
    assert read_alone(PROSE.replace("</head>", script + "</head>")).starts == "2027-03-09"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Policy Programme | Forum", "Policy Programme"),
        ("Forum", "Forum"),
        ("A - B - Forum", "A - B"),
        ("A - B", "A - B"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(title: str, said: str) -> None:
    assert read_alone(PROSE.replace('content="Policy Programme"', f'content="{title}"')).title == said


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://shop.example/events/old</loc><lastmod>2025-01-01</lastmod></url>
<url><loc> https://shop.example/events/new?a=1&amp;b=2 </loc><lastmod>2026-11-01</lastmod></url>
<url><loc>https://shop.example/about</loc></url></urlset>"""
INDEX = """<?xml version="1.0"?><sitemapindex><sitemap><loc>https://shop.example/events.xml.gz</loc></sitemap></sitemapindex>"""
OPTIONS = schema_org.Options(sitemap_urls=("https://shop.example/sitemap.xml",), follow="/events/")


def follow(
    body: bytes, options: schema_org.Options = OPTIONS, url: str = "https://shop.example/sitemap.xml"
) -> PageContent:
    return schema_org.read(Page("shop", url, body, FETCHED), options)


@pytest.mark.parametrize("body", [SITEMAP.encode(), gzip.compress(SITEMAP.encode())])
def test_a_sitemap_names_the_pages_of_events_newest_first(body: bytes) -> None:
    pages = follow(body).follow
    assert [page.url for page in pages] == [
        "https://shop.example/events/new?a=1&b=2",
        "https://shop.example/events/old",
    ]
    assert all(page.is_detail for page in pages)


def test_an_index_of_sitemaps_leads_to_them_and_a_long_one_is_cut_with_a_note() -> None:
    assert [page.url for page in follow(INDEX.encode()).follow] == ["https://shop.example/events.xml.gz"]
    content = follow(SITEMAP.encode(), OPTIONS.model_copy(update={"at_most_pages": 1}))
    assert [page.url for page in content.follow] == ["https://shop.example/events/new?a=1&b=2"]
    assert content.notes == ["1 of 2 pages of events are read"]


def test_links_of_a_page_are_followed_once_and_from_the_list_only() -> None:
    options = schema_org.Options(page_urls=(URL,), follow="/programs/[^/]+$")
    content = schema_org.read(Page("school", URL, LIST.encode(), FETCHED), options)
    assert [page.url for page in content.follow] == [
        "https://school.example/programs/spring?utm_source=x",
        "https://school.example/programs/winter",
    ]
    detail = Page("school", "https://school.example/programs/winter", LIST.encode(), FETCHED)
    assert schema_org.read(detail, options).follow == []
    assert replace(detail, url=URL).url == URL


H_EVENT = """<html><body><div class="h-event"><a class="u-url p-name" href="/camp">Camp</a>
<time class="dt-start" datetime="2027-03-12">12 March</time> <time class="dt-end" datetime="2027-03-14">14</time>
<div class="p-location h-card"><span class="p-name">Hub</span> <span class="p-locality">Portland</span></div></div></body></html>"""


def test_microformats_are_read_too() -> None:
    (found,) = follow(H_EVENT.encode(), schema_org.Options(page_urls=(URL,)), URL).listings
    assert (found.title, found.starts, found.ends) == ("Camp", "2027-03-12", "2027-03-14")
    assert (found.places[0].venue, found.places[0].city) == ("Hub", "Portland")
    assert found.url == "https://school.example/camp"


@pytest.mark.parametrize(
    "options", [{}, {"sitemap_urls": ["https://x.example/s.xml"]}, {"page_urls": ["https://x.example/"], "follow": "("}]
)
def test_a_source_without_a_beginning_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schema_org.Options.model_validate(options)


def test_the_next_event_of_a_site_gives_nothing_to_its_other_pages() -> None:
    (spring, _) = read(LIST, each="article", fields={"title": "h2", "url": "h2 a"}, detail={"deadline": ".due"}).follow
    (found,) = read(DETAIL % "Summer Gala", draft=spring.draft, url=spring.url, detail={"deadline": ".due"}).listings
    assert (found.title, found.starts, found.places) == ("Spring Fellowship", "", ())
    gala = '<script type="application/ld+json">{"@type": "Event", "name": "Gala", "startDate": "2027-06-01"}</script>'
    assert read_alone(PROSE.replace("</head>", gala + "</head>")).starts == ""


WEEKLY = "<html><body><li><a href='/rg'>Reading group</a> <i>3 December 2026</i></li><li><a href='/rg'>Reading group</a> <i>10 December 2026</i></li></body></html>"


def test_two_dates_with_one_link_are_two_listings_also_by_way_of_their_page() -> None:
    fields = {"title": "a", "url": "a", "starts": "i"}
    assert len({each.source_id for each in read(WEEKLY, each="li", fields=fields).listings}) == 2
    pages = read(WEEKLY, each="li", fields=fields, detail={"deadline": ".due"}).follow
    assert len({page.key for page in pages}) == 2
    assert {page.url for page in pages} == {"https://school.example/rg"}


@pytest.mark.parametrize("selector", ["a@href", "a", "", 'a[href*="@x"]'])
def test_an_address_is_that_of_the_link_whether_the_attribute_is_named_or_not(selector: str) -> None:
    body = "<html><body><li><a href='/p/@x'>Reading group</a></li></body></html>"
    (found,) = read(body, each="li", fields={"title": "a", "url": selector}).listings
    assert found.url == "https://school.example/p/@x"


@pytest.mark.parametrize(
    "body",
    [
        "<body><header>1 May 2001</header><main><article><header><h2>My Talk</h2></header><p>3 December 2026</p></article></main></body>",
        "<body><form id='aspnetForm'><header>1 May 2001</header><main><article><h2>My Talk</h2><p>3 December 2026</p></article></main></form></body>",
    ],
)
def test_a_heading_inside_an_item_is_part_of_it_and_that_of_the_site_is_not(body: str) -> None:
    page = f"<!doctype html><html><head><meta property='og:title' content='x'></head>{body}</html>"
    assert read_alone(page).description == "My Talk\n3 December 2026"
    (found,) = read(page, each="article", fields={"title": "h2", "starts": "p", "description": ""}).listings
    assert (found.title, found.description) == ("My Talk", "My Talk\n3 December 2026")


SERIES = """<html><script type="application/ld+json">{"@type": "EventSeries", "name": "Course", "startDate": "2026-12-03T18:00+01:00",
"endDate": "2027-03-04T20:00+01:00", "subEvent": [{"@type": "Event", "name": "Course", "startDate": "2026-12-03T18:00+01:00"},
{"@type": "Event", "name": "Course", "startDate": "2026-12-10T18:00+01:00"}]}</script></html>"""


def test_a_series_is_its_dates_and_no_event_of_three_months() -> None:
    found = follow(SERIES.encode(), schema_org.Options(page_urls=(URL,)), URL).listings
    assert [(each.starts, each.ends) for each in found] == [
        ("2026-12-03T18:00+01:00", ""),
        ("2026-12-10T18:00+01:00", ""),
    ]


@pytest.mark.parametrize("identity", ['"@id": "#event"', '"url": "https://school.example/"'])
def test_an_id_that_every_page_gives_is_that_of_its_page(identity: str) -> None:
    body = f'<html><script type="application/ld+json">{{"@type": "Event", "name": "A", "startDate": "2026-12-03", {identity}}}</script>'
    options = schema_org.Options(page_urls=(URL,))
    ids = {follow(body.encode(), options, f"https://school.example/e/{n}").listings[0].source_id for n in (1, 2)}
    assert len(ids) == 2


def as_page(*events: str, links: str = "") -> bytes:
    script = '<script type="application/ld+json">[' + ", ".join(events) + "]</script>"
    return f"<html><body>{script}{links}</body></html>".encode()


def test_a_list_that_is_followed_loses_no_event_that_has_no_page_of_its_own() -> None:
    """Several without an address, and two with one, were once kept under it as one."""
    events = [f'{{"@type": "Event", "name": "{name}", "startDate": "2026-12-0{day}"{more}}}'
              for name, day, more in (("A", 1, ""), ("B", 2, ""), ("C", 3, ', "url": "/e/3"'), ("D", 4, ', "url": "/e/3"'))]  # fmt: skip
    options = schema_org.Options(page_urls=(URL,), follow="/e/")
    content = follow(as_page(*events, links='<a href="/e/3">more</a><a href="/e/4">other</a>'), options, URL)
    assert sorted(each.title for each in content.listings) == ["A", "B"]
    assert sorted((page.url[-4:], page.draft.title if page.draft else "") for page in content.follow) == [
        ("/e/3", "C"), ("/e/3", "D"), ("/e/4", ""),
    ]  # fmt: skip


def test_what_a_list_says_completes_only_the_same_event_of_its_page() -> None:
    options = schema_org.Options(page_urls=(URL,), follow="/e/")
    stub = '{"@type": "Event", "name": "Talk", "startDate": "2026-12-01", "url": "/e/1", "location": "Berlin, Germany"}'
    (request,) = follow(as_page(stub, links='<a href="/e/1">more</a>'), options, URL).follow
    exact = '{"@type": "Event", "name": "Talk: Control", "startDate": "2026-12-01T18:00:00+01:00"}'
    gala = '{"@type": "Event", "name": "Gala"}'
    detail = Page("shop", request.url, as_page(exact, gala), FETCHED, draft=request.draft)
    first, second = schema_org.read(detail, options).listings
    assert (first.starts, first.places[0].text) == ("2026-12-01T18:00:00+01:00", "Berlin, Germany")
    assert (second.title, second.starts, second.places) == ("Gala", "", ())
    empty = schema_org.read(replace(detail, body=as_page()), options)
    assert [each.title for each in empty.listings] == ["Talk"]
