"""Pages that lead to others, through the real crawler: lists and their detail pages, paging, posts, other sites."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.crawling.faulty_web import Page
from tests.crawling.lab import Lab
from tracker.sources import traversal
from tracker.store import listings, runs

HTML = {"Content-Type": "text/html"}


def card(number: int, date: str = "5 December 2026") -> str:
    return f'<article><h2><a href="/p/{number}">Talk {number}</a></h2><p>{date}</p></article>'


def page(body: str) -> Page:
    return Page(f"<!doctype html><html><body>{body}</body></html>".encode(), headers=HTML)


LIST = {"platform": '"html_listing"', "each": '"article"',
        "fields": '{ title = "h2", url = "a@href", starts = "p" }', "detail": '{ deadline = ".due" }'}  # fmt: skip


def source(lab: Lab, **keys: str) -> None:
    """Write the source ``list``; its first page is ``/list``."""
    lab.source("list", **{"page_urls": f'["{lab.web.url("/list")}"]', **keys})


def found(lab: Lab) -> dict[str, Any]:
    with lab.store.reading() as db:
        return {each.title: each for each in listings.load_listings(db)}


def due(day: int) -> Page:
    return page(f'<main><p class="due">Apply by {day} November 2026</p></main>')


def test_a_list_and_its_detail_pages_make_one_listing_each(lab: Lab) -> None:
    lab.web.pages = {"/list": page(card(1) + card(2)), "/p/1": due(29), "/p/2": due(30)}
    source(lab, **LIST)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.pages, run.found, run.kept) == ("healthy", 3, 2, 2)
    deadlines = {title: str(each.deadlines[0].at) for title, each in found(lab).items()}
    assert deadlines == {"Talk 1": "2026-11-29", "Talk 2": "2026-11-30"}


def test_an_unchanged_list_still_leads_to_a_detail_page_that_has_changed(lab: Lab) -> None:
    lab.web.pages = {"/list": page(card(1) + card(2)), "/p/1": due(29), "/p/2": due(30)}
    lab.web.pages["/list"].headers = HTML | {"ETag": '"v1"'}
    source(lab, **LIST)
    lab.crawl()
    assert lab.crawl()["list"].verdict.value == "unchanged"
    assert "If-None-Match" not in lab.web.requests[-1][2], "a list that leads on is always asked for whole"
    lab.web.pages["/p/2"] = due(25)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.changed) == ("healthy", 1)
    assert str(found(lab)["Talk 2"].deadlines[0].at) == "2026-11-25"


def test_a_detail_page_that_is_gone_costs_its_details_only(lab: Lab) -> None:
    lab.web.pages = {"/list": page(card(1) + card(2)), "/p/1": due(29)}
    source(lab, **LIST)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.kept) == ("healthy", 2)
    assert "1 pages of single listings could not be read" in run.message
    assert found(lab)["Talk 2"].deadlines == ()


def test_a_detail_page_that_is_gone_for_once_takes_nothing_back(lab: Lab) -> None:
    lab.web.pages = {"/list": page(card(1) + card(2)), "/p/1": due(29), "/p/2": due(30)}
    source(lab, **LIST)
    lab.crawl()
    lab.web.pages["/p/2"] = Page(status=500)
    assert lab.crawl()["list"].changed == 0
    assert str(found(lab)["Talk 2"].deadlines[0].at) == "2026-11-30"


def test_many_detail_pages_that_fail_make_the_run_suspect(lab: Lab) -> None:
    lab.web.pages = {"/list": page("".join(card(number) for number in range(6)))}
    source(lab, **LIST)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.diagnosis) == ("suspect", "gone")
    assert found(lab) == {}


def test_links_to_other_sites_are_not_followed_and_the_listing_is_kept(lab: Lab) -> None:
    away = card(1).replace("/p/1", "https://elsewhere.example/p/1")
    lab.web.pages = {"/list": page(away + card(2)), "/p/2": due(30)}
    source(lab, **LIST)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.kept) == ("healthy", 2)
    assert "elsewhere.example are not read: another site" in run.message


ROWS = {"platform": '"embedded_json"', "rows": '"rows"', "page_parameter": '"page"'}


def rows(*numbers: int, **more: Any) -> Page:
    body = json.dumps({"rows": [{"id": n, "title": f"Talk {n}", "startDate": "2026-12-05"} for n in numbers], **more})
    return Page(body.encode(), headers={"Content-Type": "application/json"})


def test_pages_that_overlap_give_each_listing_once(lab: Lab) -> None:
    lab.web.pages = {"/list": rows(1, 2), "/list?page=2": rows(2, 3), "/list?page=3": rows()}
    source(lab, **ROWS)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.found, run.kept, run.rejected) == ("healthy", 4, 3, 0)


def test_a_list_that_repeats_itself_for_ever_is_left_and_not_trusted(lab: Lab) -> None:
    lab.web.pages = {"/list": rows(1, 2)} | {f"/list?page={n}": rows(1, 2) for n in range(2, 50)}
    source(lab, **ROWS)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.diagnosis) == ("suspect", "incomplete")
    assert "repeat themselves" in run.message
    assert lab.web.asked("/list?page=3") == 0


def test_a_list_without_end_is_cut_in_words(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traversal, "MAX_PAGES", 5)
    lab.web.pages = {"/list": rows(1)} | {f"/list?page={n}": rows(n) for n in range(2, 50)}
    source(lab, **ROWS)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.pages) == ("suspect", 5)
    assert "more than 5 pages" in run.message


def test_the_same_id_for_different_events_is_rejected_not_merged(lab: Lab) -> None:
    other = rows(1)
    other.body = other.body.replace(b"Talk 1", b"Other")
    lab.web.pages = {"/list": rows(1, 2), "/list?page=2": other, "/list?page=3": rows()}
    source(lab, **ROWS)
    run = lab.crawl()["list"]
    assert (run.kept, run.rejected) == (2, 1)
    with lab.store.reading() as db:
        assert [each.reason for each in runs.rejections(db, "list")] == ["listed twice"]


def test_weeks_without_an_issue_are_no_failure_but_none_at_all_is(lab: Lab) -> None:
    issue = "* [Talk](https://x.example/t). _5 December 2026_ (Berlin, Germany).\n"
    lab.web.pages = {"/week-48-2026": Page(issue.encode(), headers={"Content-Type": "text/plain"})}
    weekly = {"platform": '"newsletter"', "page_urls": "[]", "issue_url": f'"{lab.web.url("/week-{week}-{year}")}"'}
    source(lab, **weekly)
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.kept, run.pages) == ("healthy", 1, 1)
    lab.web.pages = {}
    source(lab, **weekly, weeks="3")
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.message) == ("suspect", "None of the 3 pages that may exist is there.")


def test_words_that_are_not_known_are_counted_in_the_runs_message(lab: Lab) -> None:
    lab.web.pages = {"/list": Page(rows(1, 2).body.replace(b'"id"', b'"status": "frozen", "id"'))}
    source(lab, platform='"embedded_json"', rows='"rows"')
    assert "words that are not known: status 'frozen' (2×)" in lab.crawl()["list"].message


def test_entries_by_hand_are_unchanged_until_somebody_changes_them(lab: Lab) -> None:
    entry = '[{ title = "Talk", url = "https://x.example/", starts = "2026-12-05" }]'
    source(lab, platform='"manual"', entries=entry, page_urls="")
    path = lab.folder / "sources" / "communities" / "list.toml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if not line.startswith("page_urls")))
    assert lab.crawl()["list"].new == 1
    assert lab.crawl()["list"].verdict.value == "unchanged"
    path.write_text(path.read_text().replace("2026-12-05", "2026-12-06"))
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.changed) == ("healthy", 1)


HOOKS = """
def prepare(page):
    from dataclasses import replace
    return replace(page, body=page.body.replace(b"Talk", b"Lecture"))

def refine(listing):
    if listing.title.endswith("3"):
        raise ValueError("three")
    return None if listing.title.endswith("2") else listing
"""


def test_a_source_may_have_two_hooks_of_its_own(lab: Lab) -> None:
    lab.web.pages = {"/list": rows(1, 2, 3)}
    source(lab, platform='"embedded_json"', rows='"rows"')
    (lab.folder / "sources" / "communities" / "list.py").write_text(HOOKS)
    run = lab.crawl()["list"]
    assert (run.found, run.kept, run.rejected) == (3, 1, 2)
    assert list(found(lab)) == ["Lecture 1"]


@pytest.mark.parametrize(
    ("code", "says"), [("def (", "SyntaxError"), ("x = 1", "holds no hook. Hooks: prepare, refine")]
)
def test_hooks_that_cannot_be_used_are_an_error_of_the_source(lab: Lab, code: str, says: str) -> None:
    from tracker.errors import SourceFileError

    source(lab, platform='"embedded_json"')
    (lab.folder / "sources" / "communities" / "list.py").write_text(code)
    with pytest.raises(SourceFileError, match=says):
        lab.crawl()


def test_a_list_that_leads_on_does_not_hide_that_its_pages_are_empty(lab: Lab) -> None:
    lab.web.pages = {"/list": page(card(1) + card(2)), "/p/1": due(29), "/p/2": due(30)}
    follow = {"platform": '"schema_org"', "follow": '"/p/"', "expect": "{ at_least = 2, at_most = 9 }"}
    event = '<script type="application/ld+json">{"@type": "Event", "name": "%s", "startDate": "2026-12-05"}</script>'
    for number in (1, 2):
        lab.web.pages[f"/p/{number}"] = page(event % f"Talk {number}")
    source(lab, **follow)
    assert lab.crawl()["list"].verdict.value == "healthy"
    for number in (1, 2):
        lab.web.pages[f"/p/{number}"] = page("Sold out.")
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.diagnosis) == ("suspect", "emptied")


@pytest.mark.parametrize("link", ["//[", "http://[", "https://user:pw@elsewhere.example/"])
def test_a_link_that_no_crawler_can_follow_is_a_problem_in_words(lab: Lab, link: str) -> None:
    body = json.dumps({"rows": [{"id": "1", "title": "A", "startDate": "2026-12-05"}], "next": link}).encode()
    lab.web.pages = {"/list": Page(body, headers={"Content-Type": "application/json"})}
    source(lab, platform='"embedded_json"', rows='"rows"', next_page='"next"')
    assert lab.crawl()["list"].kept == 1


def test_more_detail_pages_than_are_wanted_are_a_note_not_a_problem(lab: Lab) -> None:
    event = (
        '<script type="application/ld+json">{"@type": "Event", "name": "Talk %s", "startDate": "2026-12-05"}</script>'
    )
    lab.web.pages = {"/list": page("".join(card(n) for n in range(6)))} | {f"/p/{n}": page(event % n) for n in range(6)}
    source(lab, platform='"schema_org"', follow='"/p/"', at_most_pages="3")
    run = lab.crawl()["list"]
    assert (run.verdict.value, run.kept) == ("healthy", 3)
    assert "3 of 6 pages of events are read" in run.message
