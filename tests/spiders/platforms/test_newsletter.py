from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from spiders.platforms import newsletter
from tests.factories import FETCHED, a_source
from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.reading import read_listing
from tracker.sources.platform import Page, PageContent

WEEKLY = "https://letters.example/events/week-{week}-{year}"
URL = "https://letters.example/events/week-41-2026"


def read(body: str, url: str = URL, **options: Any) -> PageContent:
    chosen = newsletter.Options.model_validate(options or {"page_urls": [url]})
    return newsletter.read(Page("letter", url, body.encode(), FETCHED), chosen)


def read_posts(items: str, **options: Any) -> PageContent:
    feed = "https://letters.example/feed"
    body = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>x</title>{items}</channel></rss>"
    )
    return read(body, feed, feed_url=feed, **options)


def listings(content: PageContent) -> list[Listing]:
    read = [read_listing(raw, a_source(id="letter")) for raw in content.listings]
    return [each for each in read if isinstance(each, Listing)]


def card(
    title: str = "Camp", facts: tuple[str, ...] = (), badges: tuple[str, ...] = (), href: str = "https://x.example/"
) -> str:
    meta = "".join(f"<td><!--f:m{n}:icon-->{fact}<!--/f--></td>" for n, fact in enumerate(facts))
    marks = "".join(f"<td><!--f:b{n}:icon-->{badge}<!--/f--></td>" for n, badge in enumerate(badges))
    return (
        f'<!--card:g0:rec00000000000001--><a href="{href}"><table class="pb"><tr><td>Fellowship</td></tr></table>'
        f"<!--f:title-->{title}<!--/f-->{meta}{marks}</a><!--/card-->"
    )


def issue(*cards: str) -> str:
    return f"<!doctype html><html><body>{''.join(cards)}</body></html>"


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 10, 8), "week-41-2026"),
        (date(2027, 1, 2), "week-53-2026"),  # ISO weeks have a year of their own
        (date(2026, 11, 23), "week-48-2026"),
        (date(2027, 1, 14), "week-2-2027"),  # AISafety.com:src/lib/newsletter-web.ts writes weeks without a zero
        (date(2027, 12, 30), "week-52-2027"),
        (date(2028, 2, 29), "week-9-2028"),
    ],
)
def test_the_weekly_addresses_are_those_of_the_last_weeks_and_may_be_missing(today: date, first: str) -> None:
    pages = newsletter.first_pages(newsletter.Options(issue_url=WEEKLY, weeks=3), today)
    assert pages[0].url.endswith(first)
    assert len(pages) == 3
    assert all(page.is_optional for page in pages)


@pytest.mark.parametrize(
    ("today", "addresses"),
    [
        (date(2027, 1, 14), ["week-02-2027", "week-01-2027", "week-53-2026"]),
        (date(2027, 12, 30), ["week-52-2027", "week-51-2027", "week-50-2027"]),
        (date(2028, 2, 29), ["week-09-2028", "week-08-2028", "week-07-2028"]),
    ],
)
def test_a_site_that_pads_its_weeks_says_so(today: date, addresses: list[str]) -> None:
    options = newsletter.Options(issue_url="https://x.example/week-{week:02}-{year}", weeks=3)
    assert [page.url.rpartition("/")[2] for page in newsletter.first_pages(options, today)] == addresses


def test_numbered_issues_are_counted_from_a_known_one() -> None:
    options = newsletter.Options(
        issue_url="https://x.example/issue-{issue}-{year}", issue=22, issue_on=date(2026, 10, 7), issue_days=14, weeks=3
    )
    found = [page.url.rpartition("/")[2] for page in newsletter.first_pages(options, date(2027, 1, 14))]
    assert found == ["issue-29-2027", "issue-28-2026", "issue-27-2026"]
    with pytest.raises(ValidationError, match="needs issue, a number, and issue_on"):
        newsletter.Options(issue_url="https://x.example/issue-{issue}")


@pytest.mark.parametrize(
    ("facts", "start", "precision"),
    [
        (("Online", "3 months · Starts 9 January"), "2027-01-09", "day"),
        (("Online", "1 week · Starts 5–11 October"), "2026-10-05", "day"),
        (("Online", "week of 16 November"), "2026-11-16", "week"),
        (("Online", "8 months · Starts in November 2026"), "2026-11-01", "month"),
        (("1 year · Starts 2028",), "2028-01-01", "year"),
        (("Berlin, Germany", "8 Oct 2026", "18:00 – 20:30"), "2026-10-08 16:00:00+00:00", "exact"),
    ],
)
def test_dates_without_a_year_lie_after_the_issue(facts: tuple[str, ...], start: str, precision: str) -> None:
    (found,) = listings(read(issue(card(facts=facts))))
    assert (str(found.when.start), found.when.precision.value) == (start, precision)


def test_two_stages_of_one_deadline_are_two_deadlines() -> None:
    body = issue(
        card(
            facts=("Online", "week of 16 November"),
            badges=("Apply by 5 October for priority, 25 October at the latest",),
        )
    )
    (found,) = listings(read(body, "https://letters.example/events/week-39-2026"))
    assert [str(each.at) for each in found.deadlines] == ["2026-10-05", "2026-10-25"]


def test_applications_that_are_not_open_yet() -> None:
    (found,) = listings(
        read(issue(card(facts=("Online", "Starts 15 Dec 2026"), badges=("Applications not yet open",))))
    )
    assert found.deadlines[0].not_yet_open


def test_redirectors_give_way_to_the_addresses_of_the_manifest() -> None:
    text = "* Camp\n  Fellowship\n  https://camp.example/?utm_source=aisafety.com&id=7\n"
    manifest = base64.b64encode(
        json.dumps({"v": 1, "text": [{"c": "g0:rec00000000000001", "t": text}]}).encode()
    ).decode()
    body = issue(
        card(href="https://aisafety.com/api/nl/ef5a/2", facts=("Starts 4 Jan 2027",)),
        f"<!--aisafety-cards:{manifest}-->",
    )
    (found,) = read(body).listings
    assert (found.source_id, found.url) == ("rec00000000000001", "https://camp.example/?id=7")


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "!!!",
        base64.b64encode(b"[1").decode(),
        base64.b64encode(b'{"text": 5}').decode(),
        base64.b64encode(b'{"text": [{"c": "g0:rec00000000000001", "t": "a text without any bullet"}]}').decode(),
    ],
)
def test_a_broken_manifest_costs_only_the_addresses(manifest: str) -> None:
    body = issue(card(href="https://aisafety.com/api/nl/ef5a/2"), f"<!--aisafety-cards:{manifest}-->")
    (found,) = read(body).listings
    assert (found.title, found.url) == ("Camp", "")


BULLETS = """
# AI Safety Events and Training: 2024 Week 33 update
## New events and training programs
- [Workshop X](https://e.example/x?utm_source=s). _October 19–20_ (Santiago, Chile).
- [Incubator Y](https://e.example/y). _November 4, 2024 – February 2, 2025_ (London, UK).
- [Summit Z](https://e.example/z). _August 26_ (Berkeley and online)
- [Fellowship S](https://e.example/s). _2024–2025_ (Online).
- [Conference V](https://e.example/v). _August 17–18_. Toronto, Canada.
* [Talks U](https://e.example/u). *April 27-28,* online.
- [Fellow W](https://e.example/w). _September 1 – October 30_, London.

   9-week fellowship on something. Deadline: _August 21_.
### Notes
- [Not an event](https://e.example/n). _May 5_.
"""


def test_markdown_bullets_are_read_however_they_are_spelt() -> None:
    content = read(BULLETS, page_urls=[URL])
    assert [each.title for each in content.listings] == [
        "Workshop X", "Incubator Y", "Summit Z", "Fellowship S", "Conference V", "Talks U", "Fellow W",
    ]  # fmt: skip
    by_title = {each.title: each for each in content.listings}
    assert by_title["Workshop X"].url == "https://e.example/x"
    assert by_title["Workshop X"].starts == "October 19–20"
    places = {title: [place.text for place in each.places] for title, each in by_title.items()}
    assert places["Workshop X"] == ["Santiago, Chile"]
    assert places["Conference V"] == ["Toronto, Canada"]
    assert places["Talks U"] == ["online"]
    assert places["Fellow W"] == ["London"]
    assert "9-week fellowship" in by_title["Fellow W"].description


POST = """<item><title>Week 33</title><link>https://letters.example/p/33</link><pubDate>Wed, 14 Aug 2024 10:00:00 GMT</pubDate>
<content:encoded><![CDATA[<h3>Opportunities</h3><ul><li><p><a href="https://e.example/x?utm_source=s">Workshop X</a>. <em>October 19–20</em>
(Santiago, Chile).</p><p>Two days of talks.</p></li><li><a href="https://e.example/t">Read more</a></li></ul>
<p><strong>Jobs</strong></p><ul><li><a href="https://e.example/j">A job</a>, <em>1 October</em></li></ul>]]></content:encoded></item>"""


def test_the_posts_of_a_feed_are_read_by_their_lists() -> None:
    (found, job) = read_posts(POST).listings
    assert (found.title, found.url, found.starts) == ("Workshop X", "https://e.example/x", "October 19–20")
    assert [place.text for place in found.places] == ["Santiago, Chile"]
    assert job.title == "A job"
    (read,) = [each for each in listings(read_posts(POST)) if each.title == "Workshop X"]
    assert str(read.when.start) == "2024-10-19", "the year of the post, not of the crawl"


def test_a_heading_that_speaks_about_something_is_no_aside() -> None:
    body = "## Talks about AI governance\n- [Talk A](https://e.example/a). _5 January_ (Online).\n## About\n- [Us](https://e.example/us)\n"
    assert [each.title for each in read(body, page_urls=[URL]).listings] == ["Talk A"]


def test_only_the_lists_of_one_section_may_be_asked_for() -> None:
    assert [each.title for each in read_posts(POST, section="opportunit").listings] == ["Workshop X"]


def test_what_two_issues_repeat_is_kept_once() -> None:
    assert len(read_posts(POST + POST.replace("Week 33", "Week 34")).listings) == 2


def test_two_dates_with_one_name_in_one_issue_are_two_listings() -> None:
    entry = "- [Reading group](https://e.example/rg). _{}_ (Online).\n"
    content = read(entry.format("5 January") + entry.format("12 January") + entry.format("12 January"), page_urls=[URL])
    assert [each.starts for each in content.listings] == ["5 January", "12 January"]
    assert len({each.source_id for each in content.listings}) == 2


def test_an_issue_without_any_list_is_another_layout() -> None:
    with pytest.raises(UnreadablePageError, match="neither cards nor a list"):
        read("<!doctype html><html><body><p>We are on holiday.</p></body></html>")
    with pytest.raises(UnreadablePageError, match="no list under a heading like 'grants'"):
        read(BULLETS, page_urls=[URL], section="grants")


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("https://aisafety.com/newsletter/events/week-41-2026", {"issue_url": "https://aisafety.com/newsletter/events/week-{week}-{year}"}),
        ("https://funding.substack.com/p/may", {"feed_url": "https://funding.substack.com/feed"}),
    ],
)  # fmt: skip
def test_an_issue_suggests_its_newsletter(url: str, options: dict[str, str]) -> None:
    assert list(newsletter.suggest(Page("probe", url, b"", FETCHED))) == [options]
