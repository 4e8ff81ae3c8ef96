"""A place that is not known is an error that names it, on every surface; a known one without events is an empty answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from tracker.cli.main import app
from tracker.config import Settings
from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.publishing.feeds import FEEDS
from tracker.web.app import feed_app

UNKNOWN = {
    "near=Qwxyz": "near=Qwxyz is no place we know",
    "near=Germany&within=300km": "near=Germany is no place we know",
    "within=300km": "within needs near",
    "city=Berln": "city=Berln is no city we know, and no event is there. Did you mean Berlin",
    "city=Berlin&city=Qwxyz": "city=Qwxyz is no city we know",
    "country=ZZ": "country=ZZ is no country we know",
    "country=UK": "country=GB",
    "country=Germany": "country=GERMANY is not known. Write two letters",
}
KNOWN = [
    "near=Berlin",
    "near=berlin&within=300km",
    "near=52.5,13.4",
    "city=berlin",
    "city=Oslo",
    "country=de",
    "country=NZ",
]


@pytest.fixture(scope="module")
def client(practice_data: Path) -> Iterator[TestClient]:
    with TestClient(feed_app(Settings.load(practice_data))) as opened:
        yield opened


def flags(query: str) -> list[str]:
    return [part for name, value in parse_qsl(query) for part in (f"--{name}", value)]


@pytest.mark.parametrize("query", [*UNKNOWN, *KNOWN])
def test_in_every_feed(client: TestClient, query: str) -> None:
    for name in (name for name, feed in FEEDS.items() if feed.takes_selection):
        answer = client.get(f"/{name}?{quote(query, safe='=&,')}")
        assert answer.status_code == (400 if query in UNKNOWN else 200), name
        assert query in KNOWN or UNKNOWN[query] in answer.text, name


@pytest.mark.long
@pytest.mark.parametrize("query", [*UNKNOWN, *KNOWN])
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["export"], ["digest"]], ids=" ".join)
def test_on_the_command_line(practice_data: Path, words: list[str], query: str) -> None:
    result = CliRunner().invoke(app, [*words, *flags(query), "--data", str(practice_data)])
    if query not in UNKNOWN:
        assert result.exit_code == 0, result.output
        return
    assert isinstance(result.exception, SelectionError), result.output
    assert UNKNOWN[query] in str(result.exception)


@pytest.mark.long
@pytest.mark.parametrize("query", [*UNKNOWN, "near=Berlin"])
def test_in_published_files(practice_data: Path, tmp_path_factory: pytest.TempPathFactory, query: str) -> None:
    site = tmp_path_factory.mktemp("site")
    words = ["publish", str(site), "--selection", f"mine={query}", "--data", str(practice_data)]
    result = CliRunner().invoke(app, words)
    index = site / "index.html"
    if query not in UNKNOWN:
        assert result.exit_code == 0, result.output
        assert "mine.ics" in index.read_text()
        return
    if isinstance(result.exception, SelectionError):  # no event is needed to know that
        assert UNKNOWN[query] in str(result.exception)
        assert not index.exists()
        return
    assert (result.exit_code, UNKNOWN[query] in result.output) == (1, True), result.output
    assert "mine.ics" not in index.read_text()


def test_on_the_dashboard(practice_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(practice_data))
    from dashboard.loading import find

    for query, says in UNKNOWN.items():
        with pytest.raises(SelectionError) as caught:
            find(Selection.from_query(query))
        assert says in str(caught.value)
    for query in KNOWN:
        find(Selection.from_query(query))
