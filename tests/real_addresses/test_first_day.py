"""The first-day kit: faults planted on the way to pages, each with its verdict and its case."""

from __future__ import annotations

import json
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.real_addresses.conftest import Command
from tests.real_addresses.standin import Answer, StandIn

pytestmark = pytest.mark.long
NOW = "2026-12-01T12:00:00Z"
ICS = {"Content-Type": "text/calendar; charset=utf-8"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def calendar(*entries: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\n"
    return (head + "".join(entries) + "END:VCALENDAR\r\n").encode()


def entry(number: int, start: str, zone: str = "Europe/Berlin") -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{number}@calendar.example\r\nDTSTAMP:20261101T080000Z\r\n"
        f"DTSTART;TZID={zone}:{start}\r\nSUMMARY:Evening {number} on AI safety\r\n"
        f"URL:https://calendar.example/evenings/{number}\r\nEND:VEVENT\r\n"
    )


GOOD = calendar(entry(1, "20261210T190000"), entry(2, "20261217T190000"))
CARDS = """<html><body><h1>Training</h1><!--card:g0:rec1--><table><tr><td><a href="https://missing-manifest.example/api/nl/1/2">
<!--f:title-->Winter school on AI safety<!--/f--><!--f:m0:pin-->Berlin, Germany<!--/f-->
<!--f:m1:calendar-->1 week · Starts 11 Jan 2027<!--/f--></a></td></tr></table><!--/card--></body></html>""".encode()


class Fault(NamedTuple):
    """What is planted, and what has to be said about it."""

    answer: Answer | None
    verdict: str
    diagnosis: str
    robots: str = ""
    platform: str = 'platform = "ical"\nfeed_url = "https://{host}/calendar.ics"\ntimezone = "Europe/Berlin"\n'
    path: str = "/calendar.ics"


WALL = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
NEWSLETTER = 'platform = "newsletter"\nissue_url = "https://{host}/letter/%s-{{year}}"\n'
FAULTS = {
    "robots": Fault(Answer(200, ICS, GOOD), "refused", "robots", robots="User-agent: *\nDisallow: /calendar.ics\n"),
    "redirected_307": Fault(Answer(307, {"Location": "https://bots.example/calendar.ics"}), "moved or gone", "redirected_away"),
    "missing_404": Fault(Answer(404, HTML, b"<title>Not found</title>"), "moved or gone", "gone"),
    "wall_200": Fault(Answer(200, HTML, WALL), "refused", "bot_wall"),
    "wall_403": Fault(Answer(403, {**HTML, "cf-mitigated": "challenge"}, b"<html></html>"), "refused", "bot_wall"),
    "wall_429": Fault(Answer(429, {**HTML, "x-vercel-mitigated": "challenge"}, b"<html></html>"), "refused", "bot_wall"),
    "sign_in_200": Fault(
        Answer(200, HTML, b'<html><title>Sign in</title><form><input type="password"></form></html>'),
        "refused",
        "sign_in_page",
    ),
    "empty": Fault(Answer(200, ICS, calendar()), "works, empty", ""),
    "stale": Fault(Answer(200, ICS, calendar(entry(1, "20260210T190000"))), "works, looks wrong", "stale"),
    "moved_301": Fault(Answer(301, {"Location": "https://elsewhere.example/c.ics"}), "moved or gone", "redirected_away"),
    "html_for_ics": Fault(Answer(200, HTML, b"<html><title>Our group</title><p>Welcome</p></html>"), "moved or gone", "not_a_calendar"),
    "padded_week": Fault(
        None, "moved or gone", "emptied", platform=NEWSLETTER % "week-{{week:02}}", path="/letter/week-1-2026"
    ),
    "missing_manifest": Fault(  # the web page of a newsletter leaves out what its mail has, and works without
        Answer(200, HTML, CARDS), "works", "", platform='platform = "newsletter"\npage_urls = ["https://{host}/letter/latest"]\n',
        path="/letter/latest",
    ),
    "no_cards": Fault(
        Answer(200, HTML, b"<html><body><h1>AI safety events</h1><p>Read it in your mail.</p></body></html>"),
        "works, looks wrong",
        "layout_changed",
        platform='platform = "newsletter"\npage_urls = ["https://{host}/letter/latest"]\n',
        path="/letter/latest",
    ),
    "wrong_zone": Fault(
        Answer(200, ICS, calendar(entry(1, "20261210T190000", "America/New_York"), entry(2, "20261217T190000", "America/New_York"))),
        "works, looks wrong",
        "wrong_zone",
    ),
    "too_large": Fault(Answer(200, ICS, GOOD + b" " * 11_000_000), "refused", "too_large"),
    "time_out": Fault(Answer(200, ICS, GOOD, delay=9), "refused", "timeout"),
    "untrusted_tls": Fault(Answer(200, ICS, GOOD), "refused", "bad_certificate"),
    "right": Fault(Answer(200, ICS, GOOD), "works", ""),
}  # fmt: skip


def host(name: str) -> str:
    return f"{name.replace('_', '-')}.example"


@pytest.fixture
def mine(web: StandIn, tmp_path: Path) -> Path:
    """A folder with one source for each fault, and the faults in the stand-in of the web."""
    folder = tmp_path / "mine"
    (folder / "communities").mkdir(parents=True)
    for name, fault in FAULTS.items():
        plant(web, folder, name, fault)
    return folder


def plant(web: StandIn, folder: Path, name: str, fault: Fault) -> None:
    own = f'name = "{name}"\nhomepage = "https://{host(name)}/"\nexpect = {{ at_least = {0 if name == "empty" else 1} }}\n'
    file = folder / "communities" / f"{name}.toml"
    file.write_text("# Evidence: planted.\n" + own + fault.platform.format(host=host(name)) + 'verified = "never"\n')
    if fault.answer is not None:
        web.answers[f"https://{host(name)}{fault.path}"] = fault.answer
    if fault.robots:
        web.answers[f"https://{host(name)}/robots.txt"] = Answer(200, {}, fault.robots.encode())
    if name == "untrusted_tls":
        web.untrusted.add(host(name))


@pytest.fixture
def first_day(tracker: Command, mine: Path, tmp_path: Path) -> Command:
    settings = {
        "TRACKER_SOURCE_FOLDERS": json.dumps([str(mine)]),
        "TRACKER_ONLY_OWN_SOURCES": "true",
        "TRACKER_NOW": NOW,
        "PYTHONPATH": str(tmp_path / "patience"),
    }
    (tmp_path / "patience").mkdir()
    # Scrapy's time-out of half a minute is no setting of ours.
    (tmp_path / "patience" / "sitecustomize.py").write_text(
        "import spiders.settings\nspiders.settings.DOWNLOAD_TIMEOUT = 5\nspiders.settings.RETRY_TIMES = 0\n"
    )
    return lambda *arguments, **more: tracker("sources", *arguments, **{**settings, **more})


def records(zip_file: Path) -> dict[str, dict[str, object]]:
    with zipfile.ZipFile(zip_file) as file:
        names = [name for name in file.namelist() if name.startswith("access/")]
        return {Path(name).stem: json.loads(file.read(name)) for name in names}


def test_each_fault_gets_its_verdict_and_its_case(first_day: Command, web: StandIn, mine: Path, tmp_path: Path) -> None:
    done = first_day("verify", "--out", "day.zip", "--seen-from", "home")
    assert done.returncode == 1, done.stderr
    found = {name: (each["verdict"], each.get("diagnosis", "")) for name, each in records(tmp_path / "day.zip").items()}
    assert found == {name: (fault.verdict, fault.diagnosis) for name, fault in FAULTS.items()}

    asked = len(web.asked)
    assert first_day("verify", "--resume", "--out", "day.zip").returncode == 1
    assert len(web.asked) == asked, "a second run asks nothing twice"

    taken = first_day("take", "day.zip")
    assert (taken.returncode, f"{len(FAULTS)} cases written" in taken.stdout) == (0, True), taken.stdout + taken.stderr
    for name, fault in FAULTS.items():
        case = tomllib.loads((mine / "checks" / name / "case.toml").read_text())
        is_read = fault.diagnosis in {"", "stale", "wrong_zone"}
        assert case.get("expected_failure", "") == ("" if is_read else fault.diagnosis), name
    assert web.asked[asked:] == [], "taking a kit asks nothing"

    checked = first_day("check").stdout
    for name, fault in FAULTS.items():
        (said,) = [line for line in checked.splitlines() if line.startswith(f"{name} ")]
        if fault.diagnosis in {"", "stale", "wrong_zone"}:
            assert "nobody has reviewed" in said
        else:
            assert f"is enabled, but could not be read on 2026-12-01: {fault.diagnosis}:" in said


def test_a_case_of_a_failure_turns_red_once_the_source_works(first_day: Command, mine: Path) -> None:
    first_day("verify", "robots", "--out", "day.zip")
    first_day("take", "day.zip")
    file = mine / "communities" / "robots.toml"
    file.write_text(file.read_text() + "enabled = false\n")
    assert first_day("check", "robots").returncode == 0
    access = mine / "checks" / "robots" / "access.toml"
    access.write_text(access.read_text().replace("Disallow: /calendar.ics", "Disallow:"))
    assert "gives 'not_saved', not 'robots'" in first_day("check", "robots").stdout


def test_answers_become_reviewed_cases_with_day_and_name(first_day: Command, mine: Path, tmp_path: Path) -> None:
    first_day("verify", "right", "stale", "--out", "day.zip", "--seen-from", "home")
    (tmp_path / "answers.toml").write_text(
        'by = "Ann"\nday = 2026-12-02\n[sources.right]\nright = true\n[sources.stale]\nright = false\nwrong = ["date"]\n'
    )
    taken = first_day("take", "day.zip", "--answers", "answers.toml")
    assert "right: works; right, says Ann" in taken.stdout
    file = (mine / "communities" / "right.toml").read_text()
    assert 'verified = "2026-12-02"' in file
    assert 'verified_by = "Ann"' in file
    assert 'seen_from   = "home"' in file
    assert first_day("check", "right").returncode == 0
    assert "a person found wrong: date" in first_day("check", "stale").stdout


def test_a_new_address_is_proposed_as_a_patch(first_day: Command) -> None:
    first_day("verify", "moved_301", "--out", "day.zip")
    taken = first_day("take", "day.zip").stdout
    assert '-feed_url = "https://moved-301.example/calendar.ics"' in taken
    assert '+feed_url = "https://elsewhere.example/c.ics"' in taken


def test_the_report_is_markdown_with_what_does_not_work_first(first_day: Command) -> None:
    first_day("verify", "right", "missing_404", "--out", "day.zip", "--seen-from", "datacentre")
    lines = first_day("report", "day.zip").stdout.splitlines()
    rows = [line for line in lines if line.startswith("| ") and "`" in line]
    assert lines[0].startswith("Verified 2 of 2 sources on 2026-12-01 12:00 UTC: 1 works, 1 moved or gone.")
    assert "network: datacentre" in lines[2]
    assert ["`missing_404`" in rows[0], "`right`" in rows[1]] == [True, True]


def test_a_proxy_that_dies_costs_no_record_and_the_run_can_be_resumed(
    web: StandIn, first_day: Command, mine: Path, tmp_path: Path
) -> None:
    for number in range(20):
        plant(web, mine, f"group_{number}", FAULTS["right"])
    groups = [f"group_{number}" for number in range(20)]
    first_day("verify", "right", "--out", "day.zip")
    web.stop()
    done = first_day("verify", "right", *groups, "--resume", "--out", "day.zip")
    assert done.returncode == 1
    assert "The network is gone" in done.stderr
    assert "--resume" in done.stderr
    assert set(records(tmp_path / "day.zip")) == {"right"}

    with StandIn(tmp_path).serving() as back:
        for name in groups:
            plant(back, mine, name, FAULTS["right"])
        again = first_day(
            "verify", "right", *groups, "--resume", "--out", "day.zip",
            TRACKER_PROXY=back.address, SSL_CERT_FILE=str(back.certificates),
        )  # fmt: skip
    assert again.returncode == 0, again.stdout + again.stderr
    assert "21 sources: 21 works." in again.stdout


def test_without_a_network_nothing_is_written_and_the_next_step_is_named(
    web: StandIn, first_day: Command, tmp_path: Path
) -> None:
    web.stop()
    done = first_day("verify", "right", "stale", "empty", "--out", "day.zip")
    assert done.returncode == 1
    assert "The network is gone" in done.stderr
    assert records(tmp_path / "day.zip") == {}


def test_after_the_time_is_over_the_rest_is_left_for_another_run(first_day: Command) -> None:
    done = first_day("verify", "right", "stale", "--minutes", "0", "--out", "day.zip")
    assert "2 sources are left. Go on: tracker sources verify --resume --out day.zip" in done.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "cannot be read as a zip file"),
        (b"PK\x03\x04 cut off", "cannot be read as a zip file"),
        ({"holiday.jpg": b"\xff\xd8"}, "not one of 'tracker sources verify'"),
        ({"first-day.json": b'{"format": 0, "version": "0.0.1"}'}, "is a kit of format 0; this version reads format 1"),
        ({"first-day.json": b'{"format": 2, "version": "9.9.9"}'}, "is a kit of format 2"),
        ({"first-day.json": b"[]"}, "first-day.json is damaged"),
        ({"first-day.json": b'{"format": 1}'}, "first-day.json is damaged"),
    ],
)
def test_a_zip_that_is_none_of_ours_is_named_and_nothing_is_written(
    first_day: Command, mine: Path, tmp_path: Path, content: bytes | dict[str, bytes], says: str
) -> None:
    path = tmp_path / "day.zip"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as file:
            for name, body in content.items():
                file.writestr(name, body)
    for arguments in (("take", "day.zip"), ("report", "day.zip"), ("verify", "right", "--resume", "--out", "day.zip")):
        done = first_day(*arguments)
        assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert not (mine / "checks").exists()
    assert not path.with_name("day.zip.part").exists()


def test_a_damaged_archive_costs_only_its_source(first_day: Command, mine: Path, tmp_path: Path) -> None:
    first_day("verify", "right", "stale", "--out", "day.zip")
    path = tmp_path / "day.zip"
    with zipfile.ZipFile(path) as file:
        files = {name: file.read(name) for name in file.namelist()}
    files["pages/right.warc.gz"] = files["pages/right.warc.gz"][:40]
    with zipfile.ZipFile(path, "w") as file:
        for name, body in files.items():
            file.writestr(name, body)
    taken = first_day("take", "day.zip")
    assert "right: cannot be taken:" in taken.stdout
    assert "1 cases written" in taken.stdout
    assert [each.name for each in (mine / "checks").iterdir()] == ["stale"]


def test_a_kit_holds_no_private_address_and_no_token(
    web: StandIn, first_day: Command, mine: Path, tmp_path: Path
) -> None:
    body = GOOD.replace(
        b"END:VEVENT", b"DESCRIPTION:Ann.Smith@gmail.com https://x.example/?token=abcdef123456\r\nEND:VEVENT"
    )
    web.answers[f"https://{host('right')}/calendar.ics"] = Answer(200, {**ICS, "Set-Cookie": "id=secret"}, body)
    first_day("verify", "right", "--out", "day.zip")
    first_day("take", "day.zip")
    saved = b"".join(file.read_bytes() for file in (mine / "checks" / "right").iterdir())
    with zipfile.ZipFile(tmp_path / "day.zip") as file:
        saved += b"".join(file.read(name) for name in file.namelist() if not name.endswith(".gz"))
    assert not any(secret in saved for secret in (b"Ann.Smith", b"abcdef123456", b"secret"))


def test_an_existing_file_is_never_overwritten(first_day: Command, tmp_path: Path) -> None:
    (tmp_path / "day.zip").write_bytes(b"mine")
    done = first_day("verify", "right", "--out", "day.zip")
    assert (done.returncode, "exists already. Go on with it: --resume" in done.stderr) == (2, True)
    assert (tmp_path / "day.zip").read_bytes() == b"mine"


def test_an_empty_calendar_can_be_added_and_is_crawled_again(web: StandIn, first_day: Command, mine: Path) -> None:
    web.answers["https://new-group.example/c.ics"] = Answer(200, ICS, calendar())
    added = first_day("add", "new_group", "https://new-group.example/c.ics")
    assert "valid, and empty today" in added.stdout, added.stderr
    assert "It may be enabled" in first_day("check", "new_group", "--live").stdout
    assert first_day("check", "new_group", "--approve", "--by", "Bea").returncode == 0
    file = (mine / "communities" / "new_group.toml").read_text()
    assert 'verified_by = "Bea"' in file
    assert f'verified    = "{datetime(2026, 12, 1, tzinfo=UTC):%Y-%m-%d}"' in file.replace(
        "verified =", "verified    ="
    )
    assert first_day("check", "new_group").returncode == 0
