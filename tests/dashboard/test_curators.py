"""Who may decide, and what visitors may send: the guards, one by one."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import suggestion_form
from dashboard.components.plain import link
from dashboard.curator import is_at_this_machine, opens
from dashboard.curator_key import CuratorKey
from dashboard.shell import SecurityHeaders
from dashboard.suggestion_form import fingerprint_of, keep_suggestion, start_reading
from tests.dashboard.opening import opened
from tests.databases import an_empty_store
from tests.factories import a_raw
from tracker.config import Settings
from tracker.errors import SuggestionError, UsageError
from tracker.probing.preview import Preview
from tracker.store import open_store, suggestions

HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


@pytest.mark.parametrize(
    ("headers", "came_from", "may"),
    [
        (HERE, None, True),
        (HERE, "127.0.0.1", True),
        ({"host": "localhost:8501", "origin": "http://localhost:8501"}, None, True),
        ({"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, "::1", True),
        ({"Host": "evil.example:8501", "Origin": "http://evil.example:8501"}, None, False),
        ({"Host": "127.0.0.1:8501", "Origin": "http://localhost:3000"}, None, False),
        ({"Host": "127.0.0.1:8501", "Origin": "https://events.example.org"}, None, False),
        ({"Host": "127.0.0.1:8501"}, None, False),
        ({"Host": "127.0.0.1.evil.example", "Origin": "http://127.0.0.1.evil.example"}, None, False),
        ({"Host": "[::1", "Origin": "http://[::1"}, None, False),
        ({}, None, False),
        (HERE | {"X-Forwarded-For": "127.0.0.1"}, None, False),
        (HERE | {"via": "1.1 proxy"}, None, False),
        (HERE, "192.0.2.1", False),
        (HERE | {"X-Forwarded-Proto": "https"}, None, False),
        (HERE | {"CF-Connecting-IP": "192.0.2.1"}, None, False),
        # A proxy on this machine without headers of its own: what it keeps of a browser's request gives it away.
        ({"Host": "events.example.org", "Origin": "https://events.example.org"}, "127.0.0.1", False),
        ({"Host": "127.0.0.1:8501", "Origin": "https://events.example.org"}, "127.0.0.1", False),
        ({"Host": "localhost", "Origin": "http://events.example.org"}, "127.0.0.1", False),
    ],
)
def test_only_our_own_page_in_a_browser_of_this_machine_counts(
    headers: dict[str, str], came_from: str | None, may: bool
) -> None:
    assert is_at_this_machine(headers, came_from) is may


@pytest.mark.parametrize(
    ("key", "given", "may"),
    [("", "", True), ("", "x", True), ("s3crét", "s3crét", True), ("s3cret", "", False), ("s3cret", "s3cre", False)],
)
def test_a_key_that_is_set_must_be_given(key: str, given: str, may: bool) -> None:
    assert opens(key, given) is may


@pytest.mark.parametrize(
    ("query", "leads_to"), [("key=s3cret", "./curation"), ("type=talk&key=s3cret&q=a+b", "./curation?type=talk&q=a+b")]
)
def test_the_key_leaves_the_address_for_a_cookie(query: str, leads_to: str) -> None:
    app = Starlette(middleware=[Middleware(CuratorKey)])
    answer = TestClient(app, follow_redirects=False).get(f"/curation?{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
    assert answer.headers["set-cookie"] == "curator_key=s3cret; HttpOnly; Path=/; SameSite=strict"


@pytest.mark.parametrize(
    ("may_embed", "path", "is_framed_by_others"),
    [(True, "/", False), (True, "/?type=talk&embed=true", True), (False, "/?embed=true", False)],
)
def test_pages_with_buttons_to_decide_stand_in_nobodys_frame(
    may_embed: bool, path: str, is_framed_by_others: bool
) -> None:
    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("")

    app = Starlette(routes=[Route("/", answer)], middleware=[Middleware(SecurityHeaders, may_embed=may_embed)])
    policy = TestClient(app).get(path).headers.get("content-security-policy", "")
    assert ("frame-ancestors 'self'" not in policy) is is_framed_by_others


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://x.example/ ![a](https://evil.example/p.png) \\",
        "https://x.example/\n\n![a](https://evil.example/p.png)",
        "https://x.example/>) ![a](https://evil.example/p.png",
    ],
)
def test_a_link_holds_nothing_but_an_address(url: str) -> None:
    said = link("[x]", url)
    assert "![" not in said
    assert said.count("](<") <= 1
    assert not any(sign in said.partition("](<")[2].removesuffix(">)") for sign in " \n\\<>[]")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    an_empty_store(tmp_path).close()
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(suggestion_form, "_read_times", {})
    return tmp_path


def test_suggestions_at_once_are_counted_as_well(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestion_form, "visitor", lambda: "v")
    refused = []

    def send() -> None:
        try:
            keep_suggestion(a_raw(starts="6 March 2027", url="https://a.example/"), "")
        except SuggestionError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=send) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    store = open_store(Settings.load(data).store_url)
    with store.reading() as db:
        assert suggestions.count_waiting(db) == 5
    store.close()
    assert len(refused) == 7


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/x"])
def test_a_suggestion_has_an_address_of_the_web(data: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(suggestion_form, "visitor", lambda: "v")
    with pytest.raises(SuggestionError, match="none of the web"):
        keep_suggestion(a_raw(starts="6 March 2027", url=url), "")


def test_a_visitor_has_so_many_pages_read_and_one_at_a_time(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestion_form, "visitor", lambda: "v")
    began, goes_on = threading.Event(), threading.Event()

    def slow(settings: Any, url: str) -> Preview:
        began.set()
        assert goes_on.wait(10)
        return Preview(url)

    monkeypatch.setattr(suggestion_form, "preview", slow)
    first = start_reading("https://a.example/")
    assert began.wait(10)
    with pytest.raises(SuggestionError, match="still being read"):
        start_reading("https://b.example/")
    goes_on.set()
    assert first.wait().url == "https://a.example/"
    for _ in range(9):
        start_reading("https://a.example/").wait()
    # NOW is noon in UTC; a minute more, as seconds are not said.
    with pytest.raises(
        SuggestionError, match=r"^You have had 10 pages read within an hour; try again after 13:0[01]\.$"
    ):
        start_reading("https://a.example/")


def test_what_is_wrong_with_an_address_is_said_to_whoever_waits(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestion_form, "visitor", lambda: "v")
    with pytest.raises(UsageError):
        start_reading("ftp://a.example/").wait()
    with pytest.raises(UsageError):
        start_reading("ftp://a.example/").wait()


def test_visitors_are_told_apart_and_an_ipv6_household_is_one() -> None:
    assert fingerprint_of("192.0.2.1") != fingerprint_of("192.0.2.2")
    assert fingerprint_of("2001:db8::1") == fingerprint_of("2001:db8::ffff:1") != fingerprint_of("2001:db8:0:1::1")
    assert fingerprint_of("rubbish") == fingerprint_of("")


def test_a_newer_database_is_noticed_while_serving(
    tmp_path: Path, practice_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from tests.dashboard.opening import heading

    shutil.copy(practice_data / "tracker.db", tmp_path / "tracker.db")
    app = opened(tmp_path, monkeypatch)
    assert heading(app) == "79 upcoming events"
    with sqlite3.connect(tmp_path / "tracker.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    assert heading(app.run()) == "This page is being updated"
