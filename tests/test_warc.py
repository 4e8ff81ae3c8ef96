"""What is read from an archive is what a crawl of the same pages had read."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.crawling.faulty_web import FaultyWeb, Page
from tests.crawling.lab import Lab
from tests.databases import an_empty_store
from tests.factories import NOW
from tracker.cli.main import app
from tracker.config import Settings
from tracker.errors import UsageError
from tracker.models.listing import Listing
from tracker.models.source import Source
from tracker.sources.files import load_sources
from tracker.store import listings
from tracker.warc import pages_of, read_archives

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n{}END:VCALENDAR\r\n"
ENTRY = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:202612{0:02}T180000Z\r\nSUMMARY:Evals night {0}\r\nEND:VEVENT\r\n"


def an_event(number: int) -> bytes:
    said = {
        "@context": "https://schema.org", "@type": "Event", "name": f"Oversight workshop {number}",
        "startDate": f"2026-12-{number:02}T10:00:00Z", "location": {"@type": "Place", "name": "Hall", "address": "Oslo, Norway"},
    }  # fmt: skip
    return f'<html><script type="application/ld+json">{json.dumps(said)}</script></html>'.encode()


@pytest.fixture
def lab(tmp_path: Path) -> Any:
    web = FaultyWeb()
    store = an_empty_store(tmp_path)
    with web.serving():
        lab = Lab(tmp_path, web, store)
        calendar = CALENDAR.format("".join(ENTRY.format(day) for day in range(1, 20))).encode()
        web.pages["/calendar.ics"] = Page(calendar, headers={"Content-Type": "text/calendar"})
        links = "".join(f'<a href="/events/{number}">more</a>' for number in range(1, 5))
        web.pages["/list"] = Page(f"<html>{links}</html>".encode(), headers={"Content-Type": "text/html"})
        for number in range(1, 5):
            web.pages[f"/events/{number}"] = Page(an_event(number), headers={"Content-Type": "text/html"})
        lab.source("nights")
        lab.source("workshops", platform='"schema_org"', page_urls=f'["{web.url("/list")}"]', follow='"/events/"')
        yield lab
    store.close()


def archived(path: Path, pages: Iterable[tuple[str, Page, str]]) -> Path:
    """Write a WARC file of answers, as crawlers of archives do."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    with gzip.open(path, "wb") as file:
        for url, page, saved_at in pages:
            head = f"HTTP/1.1 {page.status} X\r\n" + "".join(
                f"{name}: {value}\r\n" for name, value in page.headers.items()
            )
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.headers["WARC-Target-URI"] = url
            record.headers["WARC-Date"] = saved_at
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(head.encode() + b"\r\n" + page.body)
            one = io.BytesIO()
            record.write(one)
            file.write(one.getvalue())
    return path


def all_pages(lab: Lab) -> list[tuple[str, Page, str]]:
    return [(lab.web.url(path), page, "2026-11-23T12:00:00Z") for path, page in lab.web.pages.items()]


def sources(lab: Lab) -> list[Source]:
    return load_sources(Settings.load(lab.folder, source_folders=[lab.folder / "sources"], only_own_sources=True))


def said(found: Iterable[Listing]) -> list[dict[str, Any]]:
    rows = [each.model_dump(mode="json", exclude={"fetched_at"}) for each in found]
    return sorted(rows, key=lambda row: (row["source"], row["source_id"]))


@pytest.fixture
def crawled(lab: Lab) -> list[dict[str, Any]]:
    lab.crawl()
    with lab.store.reading() as db:
        found = said(listings.load_listings(db))
    assert len(found) == 23
    return found


def test_an_archive_gives_what_a_crawl_gave(lab: Lab, crawled: list[dict[str, Any]], tmp_path: Path) -> None:
    pages = all_pages(lab)
    parts = [archived(tmp_path / "a.warc.gz", pages[:3]), archived(tmp_path / "b.warc.gz", pages[3:])]
    read = list(read_archives(parts, sources(lab)))
    assert [each.source for each in read] == ["nights", "workshops"]
    assert said(one for each in read for one in each.listings) == crawled
    assert not any(each.missing for each in read)


def test_the_later_of_two_answers_counts_and_errors_do_not(lab: Lab, tmp_path: Path) -> None:
    url = lab.web.url("/calendar.ics")
    old = Page(CALENDAR.format(ENTRY.format(1)).encode(), headers={"Content-Type": "text/calendar"})
    new = Page(CALENDAR.format(ENTRY.format(2)).encode(), headers={"Content-Type": "text/calendar"})
    gone = Page(b"gone", status=404)
    file = archived(
        tmp_path / "a.warc.gz",
        [(url, new, "2026-11-20T00:00:00Z"), (url, old, "2026-11-01T00:00:00Z"), (url, gone, "2026-11-22T00:00:00Z"),
         ("https://elsewhere.example/", old, "2026-11-22T00:00:00Z")],
    )  # fmt: skip
    (read,) = read_archives([file], sources(lab))
    assert [each.title for each in read.listings] == ["Evals night 2"]


def test_what_an_archive_lacks_is_said(lab: Lab, tmp_path: Path) -> None:
    file = archived(tmp_path / "a.warc.gz", [each for each in all_pages(lab) if "/events/3" not in each[0]])
    read = {each.source: each for each in read_archives([file], sources(lab))}
    assert len(read["workshops"].listings) == 3
    assert "/events/3" in " ".join(read["workshops"].missing)


@pytest.mark.parametrize(("content", "says"), [(b"Dear diary", "no WARC file"), (None, "cannot be read")])
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "a.warc"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=says):
        list(pages_of(file, frozenset({"a.example"})))


@pytest.mark.parametrize(("cut", "listings"), [(50, 22), (1_500, 20), (10**6, 0)])
def test_a_file_that_is_cut_off_gives_what_came_before(lab: Lab, tmp_path: Path, cut: int, listings: int) -> None:
    whole = gzip.decompress(archived(tmp_path / "a.warc.gz", all_pages(lab)).read_bytes())
    plain = tmp_path / "b.warc"
    plain.write_bytes(whole[: max(20, len(whole) - cut)])
    assert sum(len(each.listings) for each in read_archives([plain], sources(lab))) == listings


def test_the_command_writes_lines_that_match_takes(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SOURCE_FOLDERS", json.dumps([str(lab.folder / "sources")]))
    monkeypatch.setenv("TRACKER_ONLY_OWN_SOURCES", "1")
    file = archived(tmp_path / "a.warc.gz", all_pages(lab))
    lines = tmp_path / "found.jsonl"
    result = CliRunner().invoke(app, ["archive", str(file), "-o", str(lines), "--data", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "23 listings of 2 sources" in result.output
    result = CliRunner().invoke(app, ["match", str(lines)])
    assert "23 listings, 23 events" in result.output
    assert NOW.isoformat()
