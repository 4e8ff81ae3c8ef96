"""What the web sends instead of what was asked for, against every platform: nothing is raised that has no name."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_source
from tests.spiders.platforms.samples import FETCHED_SAMPLES, SAMPLES, Sample, sample
from tracker.errors import UnreadablePageError
from tracker.health.bot_walls import is_bot_check
from tracker.models.listing import Listing
from tracker.reading import read_listing
from tracker.sources.platform import PageContent

SIGN_IN = (
    b"<!doctype html><html><head><title>Sign in - Google Accounts</title></head><body>"
    b'<form action="https://accounts.google.com/ServiceLogin"><input type="password"></form></body></html>'
)
CHALLENGE = (
    b"<!doctype html><html><head><title>Just a moment...</title></head>"
    b'<body><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>'
)
PLAIN_PAGE = b"<!doctype html><html><head><title>Home</title></head><body><h1>Home</h1><p>Welcome.</p></body></html>"
WANTS_JSON = {"aisafety_com", "algolia", "events_calendar", "forum_magnum"}
WANTS_HTML = {"html_listing", "open_graph", "schema_org"}

every = pytest.mark.parametrize("each", SAMPLES, ids=lambda each: each.name)
fetched = pytest.mark.parametrize("each", FETCHED_SAMPLES, ids=lambda each: each.name)


def listings_of(content: PageContent) -> list[Listing]:
    read = [read_listing(raw, a_source()) for raw in content.listings]
    return [each for each in read if isinstance(each, Listing)]


def attempt(each: Sample, body: bytes, content_type: str | None = None) -> PageContent | str:
    """Return what was read, or the name of what was wrong; anything else that is raised fails the test."""
    try:
        return each.read(body, content_type)
    except UnreadablePageError as error:
        assert str(error).endswith(("?", ".")), error
        return error.diagnosis


@every
def test_the_good_page_is_read(each: Sample) -> None:
    content = each.read()
    assert listings_of(content)
    assert (content.rejected, content.problems) == ([], [])


@fetched
def test_an_empty_answer_is_not_an_empty_list(each: Sample) -> None:
    assert {attempt(each, body) for body in (b"", b" \r\n\t", b"\xef\xbb\xbf")} == {"empty_answer"}


@fetched
def test_a_sign_in_page_with_status_200_is_named(each: Sample) -> None:
    assert attempt(each, SIGN_IN, "text/html") == "sign_in_page"


@fetched
def test_a_check_for_robots_is_named_and_not_worked_around(each: Sample) -> None:
    assert attempt(each, CHALLENGE, "text/html") == "bot_wall"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Just a moment...", True),
        ("Human Verification", True),
        ("Human verification of AI systems", False),
        ("Just a moment: an evening of reading", False),
    ],
)
def test_a_title_that_begins_like_a_check_is_none(title: str, expected: bool) -> None:
    assert is_bot_check(f"<html><head><title>{title}</title>".encode()) is expected


@pytest.mark.parametrize("name", sorted(WANTS_HTML))
@pytest.mark.parametrize(
    "harmless",
    [
        b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script></body>',  # on every page behind Cloudflare
        b'<form><input type="password" name="p"></form></body>',  # members sign in at the top of each page
    ],
)
def test_what_many_pages_have_is_no_wall(name: str, harmless: bytes) -> None:
    each = sample(name)
    found = attempt(each, each.page.body.replace(b"</body>", harmless))
    assert isinstance(found, PageContent)
    assert len(found.listings) == len(each.read().listings)


@pytest.mark.parametrize("name", sorted(WANTS_JSON))
def test_a_web_page_for_json_is_named(name: str) -> None:
    assert attempt(sample(name), PLAIN_PAGE, "text/html") == "not_json"


@pytest.mark.parametrize("name", sorted(WANTS_HTML))
def test_json_for_a_web_page_is_named(name: str) -> None:
    assert attempt(sample(name), b'{"error": "not found"}', "application/json") == "not_a_web_page"


@pytest.mark.parametrize(
    ("name", "diagnosis"),
    [
        ("ical", "not_a_calendar"),
        ("feed", "not_a_feed"),
        ("conference_deadlines", "layout_changed"),
        ("newsletter", "layout_changed"),
        ("embedded_json", "layout_changed"),
    ],
)
def test_json_for_what_is_neither_is_named(name: str, diagnosis: str) -> None:
    assert attempt(sample(name), b'{"error": "not found"}', "application/json") == diagnosis


@fetched
def test_a_page_of_another_site_gives_no_listing(each: Sample) -> None:
    found = attempt(each, PLAIN_PAGE, "text/html")
    assert isinstance(found, str) or not listings_of(found)


@fetched
def test_a_body_that_is_cut_off_gives_nothing_false(each: Sample) -> None:
    whole = {(listing.title, listing.when.start) for listing in listings_of(each.read())}
    for part in (0.2, 0.5, 0.8, 0.97):
        found = attempt(each, each.page.body[: int(len(each.page.body) * part)])
        if isinstance(found, str):
            continue
        read = {(listing.title, listing.when.start) for listing in listings_of(found)}
        is_named = bool(found.problems or found.rejected or found.notes)
        assert read <= whole or is_named or each.name in WANTS_HTML | {"conference_deadlines", "newsletter"}, part


@every
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("utf-8", "x-unknown"),
        ("utf-16", "utf-16"),
        ("utf-8-sig", "utf-8"),
    ],
)
def test_a_wrong_charset_costs_no_listing(each: Sample, encoding: str, declared: str) -> None:
    kind = each.page.content_type.partition(";")[0]
    body = each.page.body.decode().encode(encoding, "xmlcharrefreplace" if "ml" in kind else "replace")
    if encoding == "utf-16" and each.name == "ical":
        pytest.skip("calendars are UTF-8 (RFC 5545, 3.1.4)")
    found = attempt(each, body, f"{kind}; charset={declared}")
    assert isinstance(found, PageContent), found
    assert len(found.listings) == len(each.read().listings)


@every
def test_two_megabytes_in_one_field_are_bounded_and_cost_the_neighbours_nothing(each: Sample) -> None:
    content = each.read()
    word = content.listings[-1].title.split()[-1].encode()
    body = each.page.body.replace(word, word + b" " + b"x" * 2_000_000)
    found = attempt(each, body)
    assert isinstance(found, PageContent), found
    assert len(found.listings) + len(found.rejected) >= len(content.listings)
    for raw in found.listings:
        assert len(raw.canonical_json()) < 200_000
    assert len(listings_of(found)) >= len(listings_of(content)) - 1


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        ("aisafety_com", b'"mode": "Online"', b'"mode": "On the moon"', "mode"),
        ("embedded_json", b'"Fellowship"', b'"Sabbatical"', "types"),
        ("algolia", b'"Fellowship"', b'"Sabbatical"', "types"),
        ("events_calendar", b'"status": "publish"', b'"status": "frozen"', "status"),
        ("forum_magnum", b'"eventType": null', b'"eventType": "seance"', "types"),
        ("html_listing", b"", b"", ""),
        ("ical", b"CATEGORIES:talk", b"CATEGORIES:seance", "types"),
        ("newsletter", b"Entry bar: mid", b"Entry bar: lunar", "level"),
        ("schema_org", b"EventScheduled", b"EventEnchanted", "status"),
    ],
)
def test_a_word_that_is_not_known_is_kept_and_counted(name: str, old: bytes, new: bytes, field: str) -> None:
    each = sample(name)
    found = each.read(each.page.body.replace(old, new)) if old else each.read()
    unknown = [listing.unmapped_values.get(field, "") for listing in listings_of(found)]
    if field:
        assert any(word.casefold().rpartition("/")[2] in new.decode().casefold() for word in unknown if word), unknown
    assert len(listings_of(found)) == len(listings_of(each.read()))


@pytest.mark.parametrize("name", ["aisafety_com", "algolia", "events_calendar", "forum_magnum"])
def test_missing_and_extra_keys_cost_nothing(name: str) -> None:
    each = sample(name)
    rows = json.loads(each.page.body)
    changed = json.loads(each.page.body, object_pairs_hook=lambda pairs: dict([*pairs, ("novelty", {"a": [1]})]))
    assert len(each.read(json.dumps(changed).encode()).listings) == len(each.read().listings)
    bare = json.dumps(_without(rows, {"description", "location", "venue", "endDate", "end_date", "contents", "tags"}))
    assert len(each.read(bare.encode()).listings) == len(each.read().listings)


def _without(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, keys) for key, inner in value.items() if key not in keys}
    return [_without(inner, keys) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["aisafety_com", "algolia", "embedded_json", "events_calendar", "forum_magnum"])
@pytest.mark.parametrize("bad", [None, 5, "text", [], {}, {"title": {"a": {"b": []}}}, {"name": 5, "id": []}])
def test_one_bad_row_costs_its_neighbours_nothing(name: str, bad: Any) -> None:
    each = sample(name)
    good = {listing.title for listing in each.read().listings}
    found = each.read(_with_row(each.page.body, bad))
    assert good <= {listing.title for listing in found.listings}


def _with_row(body: bytes, bad: Any) -> bytes:
    row = json.dumps(bad).encode()
    for opener in (b'"data": [', b'"hits": [', b'"opportunities": [', b'"events": [', b'"results": ['):
        if opener in body:
            return body.replace(opener, opener + row + b", ", 1).replace(b'"count": ', b'"count": 1', 1)
    raise AssertionError("no list of rows")


@every
@given(seed=st.integers(0, 2**32), cuts=st.integers(1, 6))
def test_no_damage_makes_a_reader_raise_what_has_no_name(each: Sample, seed: int, cuts: int) -> None:
    chance = random.Random(seed)
    body = bytearray(each.page.body)
    for _ in range(cuts):
        at = chance.randrange(len(body))
        body[at : at + chance.randrange(1, 40)] = chance.choice(
            [b"", b"\x00", b"<", b'"', b"}", b"[", b"\xff\xfe", b"null"]
        )
    found = attempt(replace(each, page=replace(each.page, body=bytes(body))), bytes(body))
    if isinstance(found, PageContent):
        listings_of(found)


BOMBS = {
    "conference_deadlines": [b"- " * 30_000 + b"a\n", b"[" * 50_000 + b"]" * 50_000, b"{a: " * 9_000],
    "newsletter": [
        b"=" * 4_000 + b"x",
        b"- " + b"[" * 300_000,
        b"- [Abc](https://e.example/) " + b"*" * 300_000,
        b"<html>" + b"<!--card:a-->" * 100_000,
        b"<html><!--card:g0:a--><!--f:m0-->" + b"<" * 500_000 + b"<!--/f--><!--/card-->",
        b"<html><!--card:g0:a-->" + b"<a " * 100_000 + b"<!--/card-->",
        b"<html>" + b"<ul><li>" * 120 + b"<li>x" * 50_000,
    ],
    "schema_org": [
        b"<urlset>" + b"<url>" * 20_000,
        b"<urlset><url>" + b"<loc>" * 100_000 + b"</url>",
        b'<html><body class="vevent">' + b"<div>" * 300,
        b'<html><body><p class="h-event">' * 900,
        b'<html><input type="password">' + b"<title" * 33_000,
    ],
    "embedded_json": [
        b"<html><script>" + b"_" * 300_000 + b"</script>",
        b"<html><script>" + b"window.a={;" * 180_000 + b"</script>",
        b"[" * 900_000,
        b'{"a":' * 100_000,
    ],
    "open_graph": [b"<html>" + b"<div>" * 50_000 + b"x", b"<html><title>" + b"| " * 300_000],
    "ical": [b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 60_000, b"BEGIN:VCALENDAR\nX-WR-TIMEZONE" + b";A=" * 200_000],
    "feed": [b"<rss>" + b"<item>" * 4_000, b"<rss><channel>" + b"<a>" * 4_000],
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "body"),
    [(name, body) for name, bodies in BOMBS.items() for body in bodies],
    ids=lambda value: value if isinstance(value, str) else f"{bytes(value[:20])!r}",
)
def test_a_small_page_cannot_hold_the_crawl_up(name: str, body: bytes) -> None:
    """Each of these took minutes, or the process with it."""
    found = attempt(sample(name), body, "text/html" if body.startswith(b"<html") else "")
    assert isinstance(found, str) or listings_of(found) == [], "and nothing is made up from it"


@pytest.mark.parametrize("charset", ["undefined", "punycode", "idna", "unicode_escape", "base64", "rot13", "\ud800"])
def test_a_charset_that_no_page_is_written_in_is_passed_over(charset: str) -> None:
    each = sample("feed")
    assert len(each.read(None, f"application/rss+xml; charset={charset}").listings) == len(each.read().listings)


@pytest.mark.parametrize("charset", ["iso-8859-2", "iso-8859-15", "windows-1252", "gb2312"])
def test_a_feed_in_another_charset_keeps_its_letters(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="{charset}"?><rss><channel><item><title>Zürich 5 December 2026</title></item></channel></rss>'
    if charset == "gb2312":
        text = text.replace("Zürich", "北京")
    (listing,) = sample("feed").read(text.encode(charset), "application/rss+xml").listings
    assert listing.title.split()[0] in {"Zürich", "北京"}


FUZZED = {
    "feed": [b'<?xml version="1.0" encoding="UT\x00"?><rss><channel/></rss>'],
}
"""What fuzzing found (``python -m tests.fuzzing``): each once raised what has no name."""


@pytest.mark.parametrize(("platform", "body"), [(name, body) for name, bodies in FUZZED.items() for body in bodies])
def test_what_fuzzing_found_has_a_name(platform: str, body: bytes) -> None:
    assert attempt(sample(platform), body)
