from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from tests.factories import a_source
from tests.health.test_state import a_run
from tracker.cli.main import app
from tracker.config import Settings
from tracker.crawling.lock import crawl_lock
from tracker.errors import TrackerError
from tracker.models.crawl_result import CrawlResult
from tracker.models.selection import Selection
from tracker.store import build_state, events, open_store, runs
from tracker.store.schema import SCHEMA_VERSION
from tracker.store.sources import save_sources

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def data(practice_data: Path) -> str:
    """The data folder with the practice web's events."""
    return str(practice_data)


def tracker(*words: str, stdin: bytes | None = None) -> Any:
    return CliRunner().invoke(app, list(words), input=stdin)


def message_of(result: Any) -> str:
    assert isinstance(result.exception, TrackerError), result.output
    return str(result.exception)


def test_list_shows_events_soonest_first(data: str) -> None:
    output = tracker("list", "--data", data).output
    assert output.splitlines()[-1] == "79 events."
    assert output.index("London AI Safety Reading Group") < output.index("Frontier Policy Residency")


@pytest.mark.parametrize(
    ("flags", "count"),
    [
        (["--type", "hackathon"], 3),
        (["--type", "hackathon", "--type", "bootcamp"], 7),
        (["--country", "GB", "--mode", "in_person"], 17),
        (["--city", "Berlin"], 5),
        (["--q", "alignment course"], 2),
        (["--from", "2027-02-01", "--to", "2027-02-28"], 13),
        (["--cost", "free", "--topic", "governance"], 1),
        (["--stipend", "stipend"], 5),
    ],
)
def test_flags_select_like_a_feeds_address(data: str, flags: list[str], count: int) -> None:
    listed = json.loads(tracker("list", "--data", data, "--json", *flags).output)
    assert listed["count"] == count
    exported = tracker("export", "--data", data, "--format", "json", *flags).output
    assert json.loads(exported) == listed


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["list", "--type", "party"], "Allowed: 'competition'"),
        (["list", "--q", "a", "--q", "b"], "takes one value"),
        (["list", "--source", "nope"], "Sources: practice_aisafety_communities"),
        (["list", "--from", "2027-01-01", "--to", "2026-01-01"], "lies after"),
        (["export", "--format", "pdf"], "Formats: ics, json"),
        (["show", "nope"], "There is no event 'nope'"),
        (["crawl", "nope"], "There is no source 'nope'"),
    ],
)
def test_a_word_that_is_not_understood_ends_with_2(data: str, words: list[str], says: str) -> None:
    result = tracker(*words, "--data", data)
    assert says in message_of(result)
    assert isinstance(result.exception, TrackerError)
    assert result.exception.exit_code == 2


def test_explain_says_why_two_listings_are_one_event(data: str) -> None:
    listed = json.loads(tracker("list", "--data", data, "--json", "--q", "control hackathon").output)
    keys = [f"{source['source']} {source['source_id']}" for source in listed["events"][0]["sources"]]
    output = tracker("explain", *keys, "--data", data).output
    assert output.count(f"event {listed['events'][0]['id']}") == 2
    assert "Met in: same link" in output
    assert "start" in output
    assert "\nOne event" in output


def test_explain_says_why_two_events_are_two(data: str) -> None:
    listed = json.loads(tracker("list", "--data", data, "--json", "--q", "london reading group").output)
    output = tracker("explain", listed["events"][0]["id"], listed["events"][1]["id"], "--data", data).output
    assert "veto: another time" in output
    assert "same source: two entries of one source" in output
    assert "Two events: another time." in output


def test_show_says_who_says_what_and_what_changed(data: str) -> None:
    listed = json.loads(tracker("list", "--data", data, "--json", "--q", "control hackathon").output)
    output = tracker("show", listed["events"][0]["id"], "--data", data).output
    assert output.startswith("AI Control Hackathon Berlin\n")
    assert "title: AI Safety Berlin (practice) (http://berlin.example/calendar.ics)" in output
    assert "practice_aisafety_events rec" in output
    assert "with practice_aisafety_events rec" in output
    assert "History (sequence 0):" in output
    assert "first listed" in output


def test_export_writes_a_calendar(data: str, tmp_path: Path) -> None:
    path = tmp_path / "hackathons.ics"
    assert "written" in tracker("export", "--data", data, "--type", "hackathon", "-o", str(path)).output
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 3 + 1  # one of them with a deadline
    assert "unchanged" in tracker("export", "--data", data, "--type", "hackathon", "-o", str(path)).output
    assert tracker("export", "--data", data).output.startswith("BEGIN:VCALENDAR")


def test_status_names_what_is_wrong(data: str) -> None:
    output = tracker("status", "--data", data).output
    assert "sign_in_page: A sign-in page came instead" in output
    rows = {row["source"]: row for row in json.loads(tracker("status", "--data", data, "--json").output)}
    assert rows["practice_broken"]["last_success"] is None
    assert rows["practice_berlin"]["last_success"] == "2026-11-23T12:00:00Z"


def test_status_says_what_is_rejected_of_healthy_sources_too_and_fails_for_what_is_not_published(
    tmp_path: Path,
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'tracker.db'}", create=True)
    rejection = "2 of 9 entries are rejected: no date (2×); for example 'Sometime soon' has no date"
    with store.writing() as db:
        save_sources(db, [a_source()])
        runs.record_run(db, a_run(kept=7, rejected=2, rejection=rejection), CrawlResult())
    result = tracker("status", "--data", str(tmp_path))
    assert (result.exit_code, rejection in " ".join(result.output.split())) == (0, True)
    with store.writing() as db:
        build_state.save_faults(db, {a_source().id: ["evt-1: ValueError: a bug"]})
    store.close()
    result = tracker("status", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "not_published: 1 event could not be published" in " ".join(result.output.split())


def test_sources_are_listed_enabled_or_not(tmp_path: Path) -> None:
    output = tracker("sources", "list", "--data", str(tmp_path)).output
    assert re.fullmatch(r"1\d\d sources, [67]\d enabled\.", output.splitlines()[-1])
    assert len(json.loads(tracker("sources", "list", "--data", str(tmp_path), "--json").output)) > 100


def test_the_database_can_be_made_by_itself(tmp_path: Path) -> None:
    assert f"schema {SCHEMA_VERSION}" in tracker("db", "upgrade", "--data", str(tmp_path)).output
    assert tracker("list", "--data", str(tmp_path)).output.strip().endswith("0 events.")


@pytest.mark.parametrize("words", [["list"], ["show", "x"], ["export"], ["status"]])
def test_without_data_the_next_step_is_named(tmp_path: Path, words: list[str]) -> None:
    assert "Run: tracker crawl" in message_of(tracker(*words, "--data", str(tmp_path / "none")))


def test_nothing_due_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.crawling.due.due_sources", lambda *_: [])
    result = tracker("crawl", "--data", str(tmp_path))
    assert (result.exit_code, "No source is due" in result.output) == (0, True)


def test_a_crawl_without_any_source_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("only_own_sources = true\n")
    assert "There are no sources" in message_of(tracker("crawl", "--data", str(tmp_path)))


def test_what_an_interrupted_crawl_kept_is_published_by_the_next(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(Path(data) / "tracker.db", tmp_path / "tracker.db")
    store = open_store(f"sqlite:///{tmp_path / 'tracker.db'}")
    with store.writing() as db:
        events.delete_events(db, list(events.load_stubs(db)))
    store.close()
    monkeypatch.setattr("tracker.crawling.due.due_sources", lambda *_: [])
    tracker("crawl", "--data", str(tmp_path))
    assert tracker("list", "--data", str(tmp_path)).output.endswith("79 events.\n")


@pytest.mark.long
def test_the_demo_never_touches_a_database_of_real_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/real.db")
    monkeypatch.setenv("TRACKER_DOWNLOAD_DELAY", "0")
    tracker("demo", "--no-serve", "--data", str(tmp_path / "demo"))
    assert not (tmp_path / "real.db").exists()
    store = open_store(f"sqlite:///{tmp_path / 'mine' / 'tracker.db'}", create=True)
    with store.writing() as db:
        save_sources(db, [a_source()])
    store.close()
    assert "Choose another folder" in message_of(tracker("demo", "--no-serve", "--data", str(tmp_path / "mine")))


def test_a_crawl_that_reaches_nothing_ends_with_3(tmp_path: Path) -> None:
    folder = tmp_path / "sources" / "communities"
    folder.mkdir(parents=True)
    (folder / "inside.toml").write_text(
        'name = "I"\nhomepage = "https://a.example/"\nplatform = "ical"\nfeed_url = "http://127.0.0.1:9/x.ics"\n'
    )
    (tmp_path / "tracker.toml").write_text(
        f'only_own_sources = true\nsource_folders = ["{tmp_path}/sources"]\ndownload_delay = 0\n'
    )
    result = tracker("crawl", "--data", str(tmp_path))
    assert result.exit_code == 3
    assert "private network" in result.output


def run_module(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.long
def test_two_crawls_at_once_end_with_75(tmp_path: Path) -> None:
    with crawl_lock(tmp_path):
        result = run_module("crawl", "--data", str(tmp_path))
    assert (result.returncode, "Another crawl is running" in result.stderr) == (75, True)


def test_errors_are_one_line_on_standard_error(tmp_path: Path) -> None:
    result = run_module("list", "--data", str(tmp_path / "none"))
    assert (result.returncode, result.stdout) == (4, "")
    assert result.stderr.startswith("Error: Nothing has been crawled")
    assert "Traceback" not in result.stderr


def test_the_version_is_printed() -> None:
    assert run_module("--version").stdout.startswith("tracker 0.")


def test_help_loads_nothing_heavy() -> None:
    script = "import sys, tracker.cli.main; print([m for m in ('scrapy', 'streamlit', 'sqlalchemy', 'pydantic') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
    started = time.monotonic()
    assert "crawl" in run_module("--help").stdout
    assert time.monotonic() - started < 5


def commands(group: Any, prefix: str = "tracker") -> list[str]:
    found = []
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        found += commands(command, path) if hasattr(command, "commands") else [path]
    return found


def test_every_command_is_helpful_and_documented() -> None:
    text = (DOCS / "commands.md").read_text("utf-8")
    for path in commands(typer.main.get_command(app)):
        words = path.split()[1:]
        assert tracker(*words, "--help").exit_code == 0
        assert path in text, f"{path} is not in docs/commands.md"


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"`TRACKER_{name.upper()}`" in text, f"{name} is not in docs/settings.md"


def test_the_flags_are_the_filters_of_the_model() -> None:
    for command in ("list", "export"):
        flags = {flag for parameter in typer.main.get_command(app).commands[command].params for flag in parameter.opts}  # type: ignore[attr-defined]
        assert {f"--{name}" for name in Selection.names()} <= flags


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--port", "99999"], "There is no port 99999. Choose one from 1 to 65535: --port N."),
        (["--port", "-1"], "There is no port -1."),
        (["--host", "192.0.2.1"], "192.0.2.1 is no address of this machine"),
    ],
)
def test_where_nobody_can_listen_is_named(data: str, flags: list[str], words: str) -> None:
    assert words in message_of(tracker("serve", "--data", data, *flags))


def test_a_taken_port_is_named(data: str) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = tracker("serve", "--data", data, "--port", str(taken.getsockname()[1]), "--no-dashboard")
    assert "Choose another: --port N" in message_of(result)
