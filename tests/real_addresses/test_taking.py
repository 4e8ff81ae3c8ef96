"""What taking a kit must never do: replace what a person has reviewed by less, or be stopped by one bad file."""

from __future__ import annotations

import random
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.real_addresses.conftest import Command
from tests.real_addresses.standin import Answer, StandIn
from tests.real_addresses.test_first_day import GOOD, HTML, ICS, WALL, calendar, entry, first_day, host, mine

__all__ = ["first_day", "mine"]
pytestmark = pytest.mark.long
URL = f"https://{host('right')}/calendar.ics"
ANSWERS = 'by = "Ann"\n[sources.right]\nright = true\n'


@pytest.fixture
def reviewed(first_day: Command, mine: Path, tmp_path: Path) -> Path:
    """The case of a source that Ann has looked at, at home."""
    first_day("verify", "right", "--out", "day.zip", "--seen-from", "home")
    (tmp_path / "answers.toml").write_text(ANSWERS)
    assert "right, says Ann" in first_day("take", "day.zip", "--answers", "answers.toml").stdout
    return mine / "checks" / "right"


def is_reviewed(case: Path) -> bool:
    table = tomllib.loads((case / "case.toml").read_text())
    return table["reviewed"] is True and "expected_failure" not in table


def test_a_source_file_that_has_changed_since_is_verified_again_first(
    first_day: Command, reviewed: Path, mine: Path
) -> None:
    file = mine / "communities" / "right.toml"
    file.write_text(file.read_text().replace("calendar.ics", "other.ics"))
    assert "its file has changed since: verify it again" in first_day("take", "day.zip").stdout
    assert is_reviewed(reviewed)


@pytest.mark.parametrize(
    ("answer", "seen_from", "says"),
    [
        (Answer(503, {}, b""), "home", "which may pass: its case stays"),
        (Answer(403, {**HTML, "cf-mitigated": "challenge"}, WALL), "datacentre", "its case was read from home"),
    ],
)
def test_a_failure_of_one_day_or_one_network_replaces_no_reviewed_case(
    web: StandIn, first_day: Command, reviewed: Path, answer: Answer, seen_from: str, says: str
) -> None:
    web.answers[URL] = answer
    first_day("verify", "right", "--out", "later.zip", "--seen-from", seen_from)
    assert says in first_day("take", "later.zip").stdout
    assert is_reviewed(reviewed)


def test_a_robots_txt_that_cannot_be_reached_for_once_replaces_no_reviewed_case(
    web: StandIn, first_day: Command, reviewed: Path
) -> None:
    web.answers[f"https://{host('right')}/robots.txt"] = Answer(503, {}, b"")
    first_day("verify", "right", "--out", "later.zip", "--seen-from", "home")
    assert "robots_unreachable" in first_day("take", "later.zip").stdout
    assert is_reviewed(reviewed)


def test_a_review_holds_as_long_as_the_same_is_read(web: StandIn, first_day: Command, reviewed: Path) -> None:
    first_day("verify", "right", "--out", "same.zip")
    assert "the same as in its reviewed case" in first_day("take", "same.zip").stdout
    assert is_reviewed(reviewed)
    web.answers[URL] = Answer(200, ICS, calendar(entry(3, "20261224T190000")))
    first_day("verify", "right", "--out", "more.zip")
    assert "nobody has looked at it" in first_day("take", "more.zip").stdout
    assert not is_reviewed(reviewed)


def test_samples_are_those_of_the_cleaned_case_so_that_an_answer_holds(
    web: StandIn, first_day: Command, mine: Path, tmp_path: Path
) -> None:
    named = GOOD.replace(b"SUMMARY:Evening 1", b"SUMMARY:Evening of Ann.Smith@gmail.com")
    web.answers[URL] = Answer(200, ICS, named)
    first_day("verify", "right", "--out", "day.zip")
    (tmp_path / "answers.toml").write_text(ANSWERS)
    assert "right, says Ann" in first_day("take", "day.zip", "--answers", "answers.toml").stdout
    with zipfile.ZipFile(tmp_path / "day.zip") as file:
        text = b"".join(file.read(name) for name in file.namelist() if not name.endswith(".gz"))
    assert b"Ann.Smith" not in text


def test_answers_are_checked(first_day: Command, tmp_path: Path) -> None:
    first_day("verify", "right", "--out", "day.zip")
    (tmp_path / "answers.toml").write_text('by = "Ann"\nday = 1800-01-01\n[sources.right]\nright = true\n')
    done = first_day("take", "day.zip", "--answers", "answers.toml")
    assert (done.returncode, "1800-01-01, which cannot be" in done.stderr) == (2, True)
    (tmp_path / "answers.toml").write_text('by = "Ann"\n[sources.wright]\nright = true\n')
    assert "wright: has an answer, but no record" in first_day("take", "day.zip", "--answers", "answers.toml").stdout


def test_files_of_a_system_and_a_damaged_member_cost_no_other_record(first_day: Command, tmp_path: Path) -> None:
    first_day("verify", "right", "stale", "--out", "day.zip")
    path = tmp_path / "day.zip"
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("access/.DS_Store", b"\0\0")
        file.writestr("access/notes.txt", b"mine")
        [member] = [each for each in file.infolist() if each.filename == "access/stale.json"]
    content = bytearray(path.read_bytes())
    middle = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
    content[middle : middle + 10] = b"\xff" * 10
    path.write_bytes(bytes(content))
    taken = first_day("take", "day.zip")
    assert (taken.returncode, "right: works" in taken.stdout) == (0, True), taken.stderr


def test_an_unfinished_kit_without_a_record_is_begun_anew(first_day: Command, tmp_path: Path) -> None:
    (tmp_path / "day.zip.part").mkdir()
    done = first_day("verify", "right", "--resume", "--out", "day.zip")
    assert (done.returncode, "without --resume" in done.stderr) == (2, True)
    assert first_day("verify", "right", "--out", "day.zip").returncode == 0
    assert first_day("verify", "right", "--out", ".").returncode == 2


def test_a_failure_whose_page_is_left_out_is_no_case(web: StandIn, first_day: Command, mine: Path) -> None:
    noise = random.Random(1).randbytes(450_000).hex().encode()  # does not compress below the limit
    web.answers[URL] = Answer(200, HTML, b"<html><body>" + noise + b"</body></html>")
    first_day("verify", "right", "--out", "day.zip")
    taken = first_day("take", "day.zip").stdout
    assert "too large for a kit" in taken
    assert not (mine / "checks" / "right").exists()
