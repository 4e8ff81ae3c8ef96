"""The two-minute path: from an address to a crawled source, against the practice web."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.databases import an_empty_store
from tests.factories import NOW
from tracker.cli.main import app
from tracker.curation.visitor_suggestions import suggest
from tracker.demo.practice_web import PracticeWeb
from tracker.errors import TrackerError, UsageError
from tracker.models.suggestion import SourceProposal, SourceSuggestion
from tracker.probing.probe import _named_by_address
from tracker.probing.proposal import renamed


class Newcomer:
    """Somebody with a folder of her own for sources."""

    def __init__(self, data: Path, mine: Path) -> None:
        self.data, self.mine = data, mine

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data", str(self.data)])

    def says(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.output


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    web = PracticeWeb(NOW.date())
    mine = tmp_path / "mine"
    mine.mkdir()
    monkeypatch.setenv("TRACKER_PROXY", f"http://{web.address}")
    monkeypatch.setenv("TRACKER_DOWNLOAD_DELAY", "0")
    monkeypatch.setenv("TRACKER_SOURCE_FOLDERS", json.dumps([str(mine)]))
    monkeypatch.setenv("COLUMNS", "200")
    with web.serving():
        yield Newcomer(tmp_path / "data", mine)


@pytest.mark.parametrize(
    ("address", "platform", "count"),
    [
        ("http://berlin.example/calendar.ics", "ical", 6),
        ("http://tickets.example/", "schema_org", 6),
        ("http://workshops.example/", "schema_org", 3),
        ("http://openings.example/", "embedded_json", 2),
        ("http://aisafety.example/api/v1/events", "aisafety_com", 13),
        ("http://blog.example/feed.xml", "feed", 2),
        ("http://deadlines.example/conferences.yml", "conference_deadlines", 1),
        ("http://programme.example/", "open_graph", 1),
    ],
)
def test_a_probe_finds_the_platform_and_counts(newcomer: Newcomer, address: str, platform: str, count: int) -> None:
    output = newcomer.says("sources", "probe", address)
    assert "robots.txt: permits this page" in output
    assert f'platform = "{platform}"' in output.replace("  ", " ").replace("  ", " ")
    assert f"{platform}: {count} listing" in output
    assert "without deadline" in output or platform in {
        "conference_deadlines",
        "programme",
        "open_graph",
        "embedded_json",
    }
    assert f"tracker sources add ID {address}" in output


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://seattle.example/", "The page is not there (HTTP 404)"),
        ("http://broken.example/calendar.ics", "A sign-in page came instead"),
    ],
)
def test_a_probe_that_finds_nothing_says_why_and_ends_with_1(newcomer: Newcomer, address: str, says: str) -> None:
    result = newcomer.run("sources", "probe", address)
    assert (result.exit_code, says in result.output) == (1, True), result.output


def test_what_is_no_address_is_named(newcomer: Newcomer) -> None:
    result = newcomer.run("sources", "probe", "berlin")
    assert isinstance(result.exception, UsageError)
    assert "Write it whole: https://" in str(result.exception)


@pytest.mark.long
def test_from_an_address_to_a_crawled_source_without_python(newcomer: Newcomer) -> None:
    output = newcomer.says("sources", "add", "ai_safety_berlin_2", "http://berlin.example/calendar.ics")
    assert "AI Safety Berlin: Winter Social & Lightning Talks" in output
    path = newcomer.mine / "communities" / "ai_safety_berlin_2.toml"
    case = newcomer.mine / "checks" / "ai_safety_berlin_2"
    assert "enabled" in path.read_text()
    assert len(json.loads((case / "expected.json").read_text())["listings"]) == 6

    result = newcomer.run("sources", "check", "ai_safety_berlin_2")
    assert result.exit_code == 1
    assert "nobody has reviewed" in result.output
    assert "--approve" in result.output

    assert "is enabled" in newcomer.says("sources", "check", "ai_safety_berlin_2", "--approve")
    assert "enabled" not in path.read_text().replace("# Looked", "")
    live = newcomer.says("sources", "check", "ai_safety_berlin_2", "--live")
    assert live.startswith("ai_safety_berlin_2: works: 6 listings, 6 to come, next on 20")
    assert "berlin.example/robots.txt: " in live
    assert "GET http://berlin.example/calendar.ics: HTTP 200" in live
    assert "Winter Social & Lightning Talks" in live
    assert "6 new" in newcomer.says("crawl", "ai_safety_berlin_2")


def test_a_probe_as_json_says_what_source_it_could_be(newcomer: Newcomer) -> None:
    found = json.loads(newcomer.says("sources", "probe", "--json", "http://berlin.example/calendar.ics"))
    assert found["source"].items() >= {"kind": "calendar", "count": 6, "upcoming": 6}.items()
    assert 'platform = "ical"' in found["source"]["toml"]
    days = [each["starts"] for each in found["listings"]]
    assert days == sorted(days)
    newcomer.says("sources", "add", "berlin_2", "http://berlin.example/calendar.ics", "--name", "AI Safety Berlin")
    newcomer.says("sources", "check", "berlin_2", "--approve")
    found = json.loads(newcomer.says("sources", "probe", "--json", "http://berlin.example/calendar.ics"))
    assert found["source"]["known_as"] == "AI Safety Berlin"
    page = json.loads(newcomer.says("sources", "probe", "--json", "http://programme.example/"))
    assert "toml" not in page["source"], "the page of one event is no source"


@pytest.mark.parametrize("approve", [False, True])
def test_a_suggested_source_is_added_under_the_name_it_was_given(newcomer: Newcomer, *, approve: bool) -> None:
    found = json.loads(newcomer.says("sources", "probe", "--json", "http://berlin.example/calendar.ics"))
    proposal = renamed(SourceProposal.model_validate(found["source"]), 'AI Safety "Berlin" Süd')
    assert tomllib.loads(proposal.toml)["name"] == 'AI Safety "Berlin" Süd'
    newcomer.data.mkdir(exist_ok=True)
    store = an_empty_store(newcomer.data)
    with store.writing() as db:
        suggest(db, SourceSuggestion(proposal=proposal, at=NOW))
    store.close()
    said = newcomer.says("suggestions", "accept", *(["--approve", "--by", "Ada"] if approve else []), "1")
    assert "Winter Social & Lightning Talks" in said
    written = tomllib.loads((newcomer.mine / "communities" / "ai_safety_berlin_sud.toml").read_text())
    assert written["name"] == 'AI Safety "Berlin" Süd'
    assert written.get("enabled", True) is approve
    assert ("is enabled" in said) is approve
    assert written.get("verified_by", "") == ("Ada" if approve else "")
    assert "No suggestion waits." in newcomer.says("suggestions", "list")


def test_a_google_calendar_is_found_by_the_address_that_people_copy() -> None:
    """Google's robots.txt forbids programs the pages that people see, and its help documents the feed."""
    for address in (
        "https://calendar.google.com/calendar/embed?src=oslo%40group.calendar.google.com&ctz=Europe%2FOslo",
        "https://calendar.google.com/calendar/u/0?cid=b3Nsb0Bncm91cC5jYWxlbmRhci5nb29nbGUuY29t",
    ):
        assert _named_by_address(address) == [("ical", {"google": "oslo@group.calendar.google.com"})]
    assert _named_by_address("https://oslo.example/calendar") == []


def test_a_case_that_is_read_differently_names_what_differs_and_the_mend(newcomer: Newcomer) -> None:
    newcomer.says("sources", "add", "tickets_2", "http://tickets.example/")
    newcomer.says("sources", "check", "tickets_2", "--approve")
    expected = newcomer.mine / "checks" / "tickets_2" / "expected.json"
    expected.write_text(expected.read_text().replace("Safety Demo Night Meetup", "Another Night"))
    result = newcomer.run("sources", "check", "tickets_2")
    assert result.exit_code == 1
    assert "title: expected 'Another Night', found 'Safety Demo Night Meetup'" in result.output
    assert "tracker sources check tickets_2 --approve" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "Berlin!", "http://berlin.example/calendar.ics"), "is no id: small letters"),
        (("add", "lesswrong_events", "http://berlin.example/calendar.ics"), "There is a source 'lesswrong_events' already"),
        (("add", "nothing", "http://broken.example/calendar.ics"), "No platform finds a listing"),
        (("add", "nowhere", "http://nowhere.example/"), "cannot be read: The page is not there"),
        (("add", "x", "http://berlin.example/calendar.ics", "--tier", "misc"), "'misc' is no tier. Tiers: organisers"),
        (("check", "--live"), "Name the source"),
        (("check", "no_such_source"), "There is no source 'no_such_source'"),
        (("check", "ea_london", "--approve"), "has no saved case. Make one"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_next_step_and_leaves_nothing_behind(
    newcomer: Newcomer, arguments: tuple[str, ...], says: str
) -> None:
    result = newcomer.run("sources", *arguments)
    assert isinstance(result.exception, TrackerError), result.output
    assert says in str(result.exception)
    assert list(newcomer.mine.iterdir()) in ([], [newcomer.mine / "communities"])
    assert not list(newcomer.mine.rglob("*.toml"))


def test_a_case_is_fetched_anew_and_must_be_looked_at_again(newcomer: Newcomer) -> None:
    newcomer.says("sources", "add", "tickets_2", "http://tickets.example/")
    newcomer.says("sources", "check", "tickets_2", "--approve")
    output = newcomer.says("sources", "check", "tickets_2", "--fetch")
    assert "Safety by Design Conference" in output
    assert "6 listings" in output
    assert "nobody has reviewed" in newcomer.run("sources", "check", "tickets_2").output


def test_all_shipped_sources_pass_their_checks(newcomer: Newcomer) -> None:
    assert "sources checked: all well." in newcomer.says("sources", "check", "--all")


def test_a_live_check_that_fails_says_why_first(newcomer: Newcomer) -> None:
    folder = newcomer.mine / "communities"
    folder.mkdir()
    (folder / "gone.toml").write_text(
        'name = "x"\nhomepage = "https://x.example/"\nplatform = "ical"\nfeed_url = "http://gone.example/c.ics"\n'
    )
    result = newcomer.run("sources", "check", "gone", "--live")
    assert result.exit_code == 1
    assert result.output.startswith(
        "gone: moved or gone: 0 listings, 0 to come. gone: The page is not there (HTTP 404)"
    )
    assert "Disable it, or mend it." in result.output


def test_what_exists_is_never_overwritten(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = newcomer.mine / "communities"
    folder.mkdir()
    (folder / "mine.toml").write_text("not yet a source")
    monkeypatch.setenv("TRACKER_ONLY_OWN_SOURCES", "true")
    for name in ("mine", "lesswrong_events"):
        result = newcomer.run("sources", "add", name, "http://berlin.example/calendar.ics")
        assert isinstance(result.exception, UsageError)
    assert (folder / "mine.toml").read_text() == "not yet a source"


INVALID = {
    "bad TOML": (b'name = "B\n', "cannot be read as TOML"),
    "too deep": (b"a = " + b"[" * 5_000, "cannot be read as TOML"),
    "bytes that are no text": (b'name = "\xff"\n', "cannot be read as TOML"),
    "unknown key": (b'platform = "ical"\nfeed_ulr = "https://a.example/x.ics"\n', "the key 'feed_ulr' is not known"),
    "wrong value": (b'platform = "ical"\nluma = "x"\nname = "B"\nhomepage = "b"\n', "homepage = 'b' is wrong"),
    "two files of one id": (None, "the id 'broken' is taken by"),
}
VALID = 'name = "B"\nhomepage = "http://berlin.example/"\nplatform = "ical"\nfeed_url = "http://berlin.example/calendar.ics"\n'


@pytest.mark.parametrize(("content", "says"), INVALID.values(), ids=INVALID)
def test_an_invalid_file_costs_its_own_source_only(
    newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch, content: bytes | None, says: str
) -> None:
    monkeypatch.setenv("TRACKER_ONLY_OWN_SOURCES", "true")
    for tier, name in [("communities", "good"), ("communities", "broken"), ("forums", "broken")]:
        (newcomer.mine / tier).mkdir(exist_ok=True)
        (newcomer.mine / tier / f"{name}.toml").write_text(VALID)
    path = newcomer.mine / "forums" / "broken.toml"
    if content is not None:
        (newcomer.mine / "communities" / "broken.toml").unlink()
        path.write_bytes(content)
    for words in (["crawl"], ["crawl"], ["sources", "list"], ["status"], ["sources", "check"]):
        result = newcomer.run(*words)
        assert (result.exit_code, says in result.output, str(path) in result.output) == (1, True, True), result.output
        assert "broken" in result.stderr or words == ["sources", "check"]
    assert newcomer.says("list").endswith("6 events.\n")
    assert [each["id"] for each in json.loads(newcomer.run("sources", "list", "--json").stdout)] == ["good"]
    result = newcomer.run("crawl", "broken")
    assert isinstance(result.exception, UsageError)
    assert says in str(result.exception)
