"""Suggestions: bounded, kept for a person, published when one says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.databases import an_empty_store
from tests.factories import NOW, a_raw
from tracker.cli.main import app
from tracker.config import Settings
from tracker.curation import visitor_suggestions
from tracker.curation.review_session import review_session
from tracker.curation.visitor_suggestions import suggest
from tracker.errors import SuggestionError, UsageError
from tracker.models.selection import Selection
from tracker.models.suggestion import SUGGESTED, SourceProposal, SourceSuggestion, Suggestion
from tracker.probing.preview import preview
from tracker.store import open_store, queries, schema, suggestions


def a_suggestion(**changes: Any) -> Suggestion:
    raw = a_raw(source=SUGGESTED.id, source_id="", title="Oversight Weekend", starts="6 March 2027", is_on_topic=True,
                url="https://oslo.example/oversight")  # fmt: skip
    values: dict[str, Any] = {"raw": raw, "at": NOW, "visitor": "v1", "note": "I go there"}
    return Suggestion(**values | changes)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    an_empty_store(tmp_path).close()
    return tmp_path


def run(data: Path, *words: str) -> str:
    result = CliRunner().invoke(app, ["suggestions", *words, "--data", str(data)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def titles(data: Path) -> list[str]:
    store = open_store(Settings.load(data).store_url)
    with store.reading() as db:
        found = [each.event.title for each in queries.find_events(db, Selection(), NOW)]
    store.close()
    return found


def make(data: Path, *made: Suggestion | SourceSuggestion) -> None:
    store = open_store(Settings.load(data).store_url)
    with store.writing() as db:
        for each in made:
            suggest(db, each)
    store.close()


def test_it_waits_and_is_published_by_a_person_who_is_named(data: Path) -> None:
    make(data, a_suggestion())
    assert titles(data) == []
    assert "1  2026-11-23  Oversight Weekend: 6 March 2027; https://oslo.example/oversight; – I go there" in run(
        data, "list"
    )
    with review_session(Settings.load(data)) as session:
        visitor_suggestions.accept(session, 1, "ada@example.org")
    assert titles(data) == ["Oversight Weekend"]
    assert "No suggestion waits." in run(data, "list")
    store = open_store(Settings.load(data).store_url)
    with store.reading() as db:
        row = db.execute(schema.suggestion.select()).one()
        (event,) = queries.find_events(db, Selection(), NOW)
    store.close()
    assert (row.accepted, row.decided_by, row.visitor) == (True, "ada@example.org", "")
    assert '"v1"' not in row.document
    assert event.event.sources[0].name == "Suggested by visitors"


def test_it_is_taken_away_and_nothing_is_published(data: Path) -> None:
    make(data, a_suggestion())
    assert "is taken away" in run(data, "refuse", "1")
    assert titles(data) == []
    result = CliRunner().invoke(app, ["suggestions", "accept", "1", "--data", str(data)])
    assert isinstance(result.exception, SuggestionError)


def test_the_command_line_publishes(data: Path) -> None:
    make(data, a_suggestion())
    assert "Published: Oversight Weekend, Sat 6 Mar 2027." in run(data, "accept", "1")
    assert titles(data) == ["Oversight Weekend"]


@pytest.mark.parametrize("changes", [{"title": ""}, {"starts": "some day"}])
def test_what_cannot_be_read_is_not_kept(data: Path, changes: dict[str, str]) -> None:
    with pytest.raises(SuggestionError, match="cannot be read"):
        make(data, a_suggestion(raw=a_suggestion().raw.model_copy(update=changes)))
    assert "No suggestion waits." in run(data, "list")


def test_one_visitor_suggests_so_many_an_hour(data: Path) -> None:
    make(data, *[a_suggestion() for _ in range(visitor_suggestions.MOST_PER_HOUR)])
    with pytest.raises(SuggestionError, match="within an hour"):
        make(data, a_suggestion())
    make(data, a_suggestion(visitor="v2"))
    make(data, a_suggestion(at=NOW + timedelta(minutes=61)))


def test_all_visitors_together_suggest_so_many_a_day(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor_suggestions, "MOST_PER_DAY", 3)
    make(data, *[a_suggestion(visitor=f"v{number}") for number in range(3)])
    with pytest.raises(SuggestionError, match="tomorrow"):
        make(data, a_suggestion(visitor="another"))
    monkeypatch.setattr(visitor_suggestions, "MOST_WAITING", 3)
    with pytest.raises(SuggestionError, match="waiting"):
        make(data, a_suggestion(visitor="another", at=NOW + timedelta(days=2)))


def test_it_counts_as_a_crawl_had_brought_it_and_stays(data: Path) -> None:
    make(data, a_suggestion())
    with review_session(Settings.load(data)) as session:
        visitor_suggestions.accept(session, 1, "")
    with review_session(Settings.load(data)) as session:
        pass
    assert session.refreshed.total == 1
    store = open_store(Settings.load(data).store_url)
    with store.reading() as db:
        assert suggestions.count_waiting(db) == 0
    store.close()


def a_source(**changes: Any) -> SourceSuggestion:
    values = {
        "url": "https://oslo.example/calendar.ics", "name": "AI Safety Oslo", "kind": "calendar", "count": 3, "upcoming": 2,
        "toml": 'name = "AI Safety Oslo"\nplatform = "ical"\n',
    }  # fmt: skip
    return SourceSuggestion(proposal=SourceProposal(**values | changes), note="All in Oslo", at=NOW, visitor="v1")


def test_a_source_waits_beside_the_events_with_its_file(data: Path) -> None:
    make(data, a_suggestion(), a_source())
    said = run(data, "list", "--files")
    assert (
        "2  2026-11-23  source: AI Safety Oslo, calendar, 2 events to come: https://oslo.example/calendar.ics" in said
    )
    assert "– All in Oslo" in said
    assert 'platform = "ical"' in said
    assert "2 waiting." in said
    assert "is taken away" in run(data, "refuse", "2")
    assert "1 waiting." in run(data, "list")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Say who publishes"),
        ({"known_as": "AI Safety Oslo"}, "is read already"),
        ({}, "suggested this address already"),
    ],
)
def test_a_source_that_nobody_needs_is_not_kept(data: Path, changes: dict[str, str], says: str) -> None:
    make(data, *([] if changes else [a_source()]))
    with pytest.raises(SuggestionError, match=says):
        make(data, a_source(**changes))


def test_sources_and_events_count_together(data: Path) -> None:
    numbers = range(visitor_suggestions.MOST_PER_HOUR)
    make(data, *[a_source(url=f"https://oslo.example/{number}") for number in numbers])
    with pytest.raises(SuggestionError, match="within an hour"):
        make(data, a_suggestion())


@pytest.mark.parametrize("url", ["", "example.org", "file:///etc/passwd", "javascript:alert(1)", "--help", "http://"])
def test_only_web_addresses_are_read(data: Path, url: str) -> None:
    with pytest.raises(UsageError):
        preview(Settings.load(data), url)


@pytest.mark.long
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
                                 "http://localhost/--data=/tmp"])  # fmt: skip
def test_private_networks_are_not_reached(data: Path, url: str) -> None:
    found = preview(Settings.load(data), url)
    assert found.listings == ()
    assert "private" in found.problem or "not known" in found.problem
