"""Crawls that end before their end: killed, asked to end, out of space, kept out. What was kept before is whole."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.crawling.calendars import HEADERS, entry
from tests.crawling.faulty_web import FaultyWeb, Page
from tests.factories import NOW
from tests.spiders.platforms.test_ical import calendar
from tracker.models.selection import Selection
from tracker.store import listings, maintenance, open_store, queries

SOURCES, EVENTS = 12, 8
ROUNDS = 100


class Site:
    """A data folder whose sources a web server of the test answers for; each calendar says which edition it is."""

    def __init__(self, folder: Path, web: FaultyWeb) -> None:
        self.data, self.web, self.edition = folder / "data", web, 0
        sources = folder / "sources" / "communities"
        sources.mkdir(parents=True)
        for number in range(SOURCES):
            text = f'name = "Group {number}"\nhomepage = "https://a.example/"\nplatform = "ical"\n'
            address = f'feed_url = "http://127.0.0.{number + 1}:{web.address.split(":")[1]}/{number}.ics"\n'
            (sources / f"group{number:02}.toml").write_text(text + address)
        self.data.mkdir()
        self.environment = os.environ | {
            "TRACKER_NOW": NOW.isoformat(),
            "TRACKER_SOURCE_FOLDERS": json.dumps([str(folder / "sources")]),
            "TRACKER_ONLY_OWN_SOURCES": "1",
            "TRACKER_ALLOWED_ADDRESSES": '["127.0.0.0/8"]',
            "TRACKER_DOWNLOAD_DELAY": "0",
        }
        self.publish()

    def publish(self, delay: float = 0.0) -> None:
        """Bring out the next edition of all calendars."""
        self.edition += 1
        for number in range(SOURCES):
            entries = [
                entry(
                    number * EVENTS + each,
                    title=f"Meeting {number}x{each} edition {self.edition}",
                    uid=f"{number}-{each}",
                )
                for each in range(EVENTS)
            ]
            self.web.pages[f"/{number}.ics"] = Page(calendar(*entries), headers=HEADERS, delay=delay)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tracker", *words, "--data", str(self.data)]

    def crawl(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command("crawl", "--all", *words), env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    web = FaultyWeb(everywhere=True)
    with web.serving():
        yield Site(tmp_path, web)


def what_is_left(data: Path, kept: set[int]) -> set[int]:
    """Check that all of the store is whole; return the runs in it, among which are those ``kept`` before."""
    store = open_store(f"sqlite:///{data / 'tracker.db'}")
    with store.reading() as db:
        assert list(maintenance.integrity_errors(db)) == []
        found = {row.id for row in db.exec_driver_sql("SELECT id FROM run")}
        assert kept <= found, "a run that was committed is lost"
        editions: dict[str, set[str]] = {}
        for listing in listings.load_listings(db):
            editions.setdefault(listing.source, set()).add(listing.title.rpartition(" ")[2])
        counts = Counter(each.source for each in listings.load_listings(db))
        events = queries.find_events(db, Selection(), NOW)
    store.close()
    assert all(len(each) == 1 for each in editions.values()), "half a run is visible"
    assert set(counts.values()) <= {EVENTS}
    keys = [(each.source, each.source_id) for event in events for each in event.event.sources]
    assert len(keys) == len(set(keys)) == len(events), "an event is there twice"
    return found


@pytest.mark.long
def test_killed_at_a_hundred_moments_nothing_is_lost(site: Site) -> None:
    assert site.crawl().returncode == 0
    kept = what_is_left(site.data, set())
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crawling.killing", str(site.data), str(ROUNDS), "7"],
        env=site.environment | {"MARK": str(site.data)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as killer:  # fmt: skip
        assert killer.stdin is not None
        assert killer.stdout is not None
        killed = 0
        for line in killer.stdout:
            killed += json.loads(line)["killed"]
            kept = what_is_left(site.data, kept)
            site.publish()
            killer.stdin.write("\n")
            killer.stdin.flush()
    assert killed >= ROUNDS // 2, "the crawls were mostly quicker: kill them sooner"
    assert site.crawl().returncode == 0
    what_is_left(site.data, kept)
    store = open_store(f"sqlite:///{site.data / 'tracker.db'}")
    with store.reading() as db:
        titles = [each.event.title for each in queries.find_events(db, Selection(), NOW)]
    store.close()
    assert len(titles) == SOURCES * EVENTS
    assert all(title.endswith(f" {site.edition}") for title in titles)
    assert not left_running(str(site.data)), "a reading child outlived its crawl"


def left_running(mark: str) -> list[int]:
    """Return the processes that were started with a mark, once they have had time to notice that they are alone."""
    found: list[int] = []
    for _ in range(20):
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                marked = f"MARK={mark}".encode() in path.read_bytes()
            except OSError:
                continue
            found += [int(path.parent.name)] if marked else []
        if not found:
            break
        time.sleep(0.1)
    return found


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_a_crawl_keeps_and_publishes_what_is_finished(site: Site, number: signal.Signals) -> None:
    site.publish(delay=60)
    for done in range(5):
        site.web.pages[f"/{done}.ics"].delay = 0
    with subprocess.Popen(
        site.command("crawl", "--all", "--json"), env=site.environment, stdout=subprocess.PIPE, text=True
    ) as crawl:
        assert crawl.stdout is not None
        for _ in range(5):
            assert json.loads(crawl.stdout.readline())["verdict"] == "healthy"
        asked = time.monotonic()
        crawl.send_signal(number)
        assert crawl.wait(timeout=60) == 130
        assert time.monotonic() - asked < 10
    assert len(what_is_left(site.data, set())) == 5
    result = subprocess.run(
        site.command("list", "--json"), env=site.environment, capture_output=True, text=True, check=False
    )
    assert result.stdout.count(" edition ") >= 5 * EVENTS


def few_blocks() -> None:
    """Let no file of this process grow beyond what a disk with little room would hold."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


@pytest.mark.long
def test_without_room_to_write_nothing_is_lost_and_the_reason_is_said(site: Site) -> None:
    assert site.crawl().returncode == 0
    kept = what_is_left(site.data, set())
    site.publish()
    result = subprocess.run(
        site.command("crawl", "--all"), env=site.environment, capture_output=True, text=True, check=False,
        preexec_fn=few_blocks,
    )  # fmt: skip
    assert result.returncode == 4
    assert "could not be written" in result.stderr
    assert "Traceback" not in result.stderr
    kept = what_is_left(site.data, kept)
    assert site.crawl().returncode == 0
    what_is_left(site.data, kept)


@pytest.mark.long
def test_a_full_disk_loses_nothing_and_is_named(site: Site, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only an administrator can make a small disk")
    try:
        site.data = small / "data"
        site.data.mkdir()
        assert site.crawl().returncode == 0
        kept = what_is_left(site.data, set())
        filler = small / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4_096)
        site.publish()
        result = site.crawl()
        assert result.returncode == 4
        assert "disk is full" in result.stderr or "Is the disk full" in result.stderr
        assert "Traceback" not in result.stderr
        filler.unlink()
        kept = what_is_left(site.data, kept)
        assert site.crawl().returncode == 0
        what_is_left(site.data, kept)
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.long
def test_a_second_crawl_ends_at_once_with_75(site: Site) -> None:
    site.publish(delay=1)
    with subprocess.Popen(site.command("crawl", "--all"), env=site.environment, stdout=subprocess.DEVNULL) as first:
        while not site.web.requests:
            time.sleep(0.05)
        second = site.crawl()
        assert (second.returncode, second.stdout) == (75, "")
        assert "Another crawl is running" in second.stderr
        assert first.wait(timeout=60) == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        ("corrupt", 4, "damaged"),
        ("newer", 4, "newer version"),
        ("foreign", 4, "other tables"),
        ("not a database", 4, "damaged or not a database"),
    ],
)
def test_a_database_that_is_not_right_is_named_and_left_alone(site: Site, spoil: str, code: int, says: str) -> None:
    assert site.crawl().returncode == 0
    path = site.data / "tracker.db"
    if spoil == "newer":
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE alembic_version SET version_num = '9999'")
    elif spoil == "foreign":
        path.unlink()
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("CREATE TABLE photos (id INTEGER)")
    elif spoil == "corrupt":
        whole = path.read_bytes()
        path.write_bytes(whole[:4_096] + b"\xff" * (len(whole) - 4_096))
    else:
        path.write_bytes(b"Dear diary, " * 999)
    before = path.read_bytes()
    result = site.crawl()
    assert result.returncode == code, result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert path.read_bytes() == before


@pytest.mark.long
def test_a_database_that_cannot_be_written_is_named(site: Site) -> None:
    assert site.crawl().returncode == 0
    kept = what_is_left(site.data, set())
    with closing(sqlite3.connect(site.data / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # another program writes, and does not come to an end
        result = site.crawl()
        other.execute("ROLLBACK")
    assert result.returncode == 4
    assert "is busy: another program is writing to it" in result.stderr
    assert "Traceback" not in result.stderr
    what_is_left(site.data, kept)
