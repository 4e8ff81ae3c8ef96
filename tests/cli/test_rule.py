from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import a_store, say
from tracker.cli.main import app
from tracker.errors import RulingError, TrackerError
from tracker.store.rulings import DoubtfulPair, save_doubtful_pairs

NIGHT = a_listing(title="Interpretability Night", url="https://luma.com/night1", when=a_when(date(2026, 12, 10)))
DINNER = a_listing(
    source="directory", source_id="rec1", title="Governance Dinner", url="https://luma.com/dinner1", when=a_when(date(2026, 12, 10))
)  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two events, and a doubt whether they are one."""
    store = a_store(tmp_path)
    say(store, NIGHT, 0)
    say(store, DINNER, 0)
    with store.writing() as db:
        save_doubtful_pairs(db, [DoubtfulPair(NIGHT.key, DINNER.key, 35.0)])
    store.close()
    return tmp_path


def run(data: Path, *words: str, asks: str | None = None) -> str:
    result = CliRunner().invoke(app, [*words, "--data", str(data)], input=asks, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_ruling_is_made_listed_kept_in_a_file_and_taken_back(data: Path) -> None:
    said = run(data, "rule", "same", "https://lu.ma/night1", "directory rec1", "--note", "the dinner is the night")
    assert "Ruling 1: berlin evt-1 and directory rec1 are one event" in said
    assert "1 events: 0 new, 1 changed, 1 part of others, 0 hidden." in said
    assert "the dinner is the night" in run(data, "rule", "list")
    assert 'kind = "same"' in (data / "rulings.toml").read_text("utf-8")
    assert "Ruling 1 is taken back" in run(data, "rule", "undo", "1")
    assert "No ruling stands." in run(data, "rule", "list")
    assert "[[ruling]]" not in (data / "rulings.toml").read_text("utf-8")


def test_several_fields_are_set_at_once_or_none_is(data: Path) -> None:
    said = run(
        data, "rule", "edit", "berlin evt-1", "title=Night = Day", "when=11 December 2026, 19:00-21:00 Berlin time"
    )
    assert "when of berlin evt-1 is 'Fri 11 Dec 2026, 19:00–21:00 Berlin time'" in said
    assert "Night = Day" in run(data, "list")
    with pytest.raises(RulingError, match="no field 'colour'"):
        run(data, "rule", "edit", "directory rec1", "title=Lunch", "colour=red")
    assert "Governance Dinner" in run(data, "list")


def test_a_locked_or_hidden_event_is_shown_as_decided(data: Path) -> None:
    run(data, "rule", "lock", "berlin evt-1", "title", "when")
    run(data, "rule", "hide", "directory rec1")
    assert "Governance Dinner" not in run(data, "list")
    assert "title: ruling 1" in run(data, "show", _id_of(data, "Interpretability"))


def _id_of(data: Path, word: str) -> str:
    return next(line.split()[0] for line in run(data, "list").splitlines() if word in line)


def test_rulings_go_from_one_folder_to_an_empty_one(data: Path, tmp_path: Path) -> None:
    run(data, "rule", "hide", "directory rec1")
    assert "1 rulings." in run(data, "rule", "export", str(tmp_path / "mine.toml"))
    other = tmp_path / "other"
    assert "mine.toml: 1 new." in run(other, "rule", "import", str(tmp_path / "mine.toml"))
    assert "(its listing is not there)" in run(other, "rule", "list")


def test_a_doubtful_pair_is_shown_with_the_commands_that_decide_it(data: Path) -> None:
    said = run(data, "review")
    assert "Interpretability Night  [AI Safety Berlin]" in said
    assert "tracker rule same 'berlin evt-1' 'directory rec1'" in said


def test_no_doubt_is_said(data: Path) -> None:
    run(data, "rule", "different", "berlin evt-1", "directory rec1")
    assert run(data, "review") == "No pair is in doubt.\n"


def test_show_says_where_listings_disagree(data: Path) -> None:
    run(data, "rule", "same", "berlin evt-1", "directory rec1")
    said = run(data, "show", _id_of(data, "Interpretability"))
    assert "directory rec1: ruling 1: one event with berlin evt-1\n    says title: Governance Dinner" in said
    assert NOW.strftime("%Y-%m-%d") in said


def test_the_file_beside_a_lost_database_is_read_before_it_is_written(data: Path, tmp_path: Path) -> None:
    run(data, "rule", "hide", "directory rec1")
    (data / "tracker.db").unlink()
    (tmp_path / "more.toml").write_text('[[ruling]]\nkind = "hide"\na = "berlin evt-1"\n', "utf-8")
    run(data, "rule", "import", str(tmp_path / "more.toml"))
    assert "2 rulings." in run(data, "rule", "list")
    assert (data / "rulings.toml").read_text("utf-8").count("[[ruling]]") == 2


def test_explain_names_the_ruling(data: Path) -> None:
    run(data, "rule", "same", "berlin evt-1", "directory rec1")
    assert "ruling 1 says that they are one event" in run(data, "explain", "berlin evt-1", "directory rec1")


def test_a_file_that_cannot_be_written_stops_the_ruling(data: Path) -> None:
    (data / "rulings.toml").mkdir()
    with pytest.raises(TrackerError):
        run(data, "rule", "hide", "directory rec1")
    (data / "rulings.toml").rmdir()
    assert "No ruling stands." in run(data, "rule", "list")
