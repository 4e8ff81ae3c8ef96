"""What people have reported to programs that do this job: each report with its right value, as a crawl publishes it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.crawling.faulty_web import FaultyWeb, Page
from tests.crawling.lab import Lab, OfflineLab
from tests.databases import an_empty_store
from tracker.models.listing import Listing
from tracker.models.moments import stamp
from tracker.models.run import Run
from tracker.store import listings

NOW = "2026-11-29T12:00:00Z"
HERE = Path(__file__).parent
Expected = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One situation: the answer of a server, and what has to be listed."""

    id: str
    platform: str
    body: bytes
    expect: list[Expected]
    zone: str = ""
    content_type: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    rejection: str = ""


def calendar_case(number: int, row: Mapping[str, Any]) -> Case:
    """Write the calendar of a row of ``calendars.toml``."""
    expect = list(row.get("expect", ()))
    entries = list(row.get("entries", ()))
    for index, (zone, clock) in enumerate(row.get("zones", ())):
        entries.append(f'UID:z{index}\nSUMMARY:Zone {index}\nDTSTART;TZID="{zone}":20261210T200000')
        expect.append({"title": f"Zone {index}", "start": _on_tenth(clock)})
    if row.get("escape_lines"):  # a line break within a property is written \n
        entries = [each.replace("\\n", "\n") for each in entries]
        entries = [
            f"{head}LOCATION:" + tail.replace("\n", "\\n")
            for head, _, tail in (e.partition("LOCATION:") for e in entries)
        ]
    blocks = "".join(f"BEGIN:VEVENT\n{each.strip()}\nEND:VEVENT\n" for each in entries)
    text = row.get("body") or f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\n{blocks}END:VCALENDAR\n"
    body = text.lstrip().replace("\n", row.get("line_end", "\r\n")).encode(row.get("encoding", "utf-8"))
    if "fold_at" in row:
        body = b"\r\n".join(_folded(line, row["fold_at"]) for line in body.split(b"\r\n"))
    return Case(
        f"calendar{number}", "ical", body, expect, row.get("zone", ""), row.get("content_type", "text/calendar")
    )


def page_case(number: int, row: Mapping[str, Any]) -> Case:
    """Write the page of a row of ``pages.toml``."""
    expect, options = list(row.get("expect", ())), dict(row.get("options", {}))
    if "json_ld" in row or "body" in row:
        scripts = "".join(f'<script type="application/ld+json">{each}</script>' for each in row.get("json_ld", ()))
        body = row.get("body") or f"<!doctype html><html><head>{scripts}</head><body></body></html>"
        return Case(f"page{number}", "schema_org", body.encode(), expect, rejection=row.get("rejection", ""))
    if "yaml" in row:
        return Case(f"page{number}", "conference_deadlines", row["yaml"].encode(), expect)
    if "rows" in row or "zones" in row:
        text = row.get("rows", "")
        for index, (_, clock) in enumerate(row.get("zones", ())):
            expect.append({"title": f"Zone {index}", "start": _on_tenth(clock)})
        if "zones" in row:
            rows = [
                {"id": index, "title": f"Zone {index}", "start": "2026-12-10T19:00:00", "timezone": zone}
                for index, (zone, _) in enumerate(row["zones"])
            ]
            text = json.dumps({"events": rows})
        return Case(f"page{number}", "embedded_json", text.encode(), expect, options=options)
    return _list_case(number, row, expect)


def _list_case(number: int, row: Mapping[str, Any], expect: list[Expected]) -> Case:
    items: list[tuple[str, str, str]] = []
    for index, (text, start, end, *status) in enumerate(row.get("dates", ())):
        items.append((f"Date {index}", text, "Vienna"))
        expect.append({"title": f"Date {index}", "start": start, "end": end, "status": next(iter(status), "scheduled")})
    for index, (title, status) in enumerate(row.get("titles", ())):
        items.append((title, f"{index + 1} January 2027", "Vienna"))
        expect.append({"start": f"2027-01-{index + 1:02}", "status": status})
    for index, (place, cities) in enumerate(row.get("places", ())):
        items.append((f"Place {index}", "5 January 2027", place))
        expect.append({"title": f"Place {index}", "city": cities})
    rows = "".join(
        f'<li class="e"><h2><a href="/{index}">{title}</a></h2><p class="when">{when}</p><p class="where">{where}</p></li>'
        for index, (title, when, where) in enumerate(items)
    )
    options = {"each": "li.e", "fields": {"title": "h2", "url": "h2 a@href", "starts": ".when", "place": ".where"}}
    return Case(
        f"page{number}", "html_listing", f"<html><body><ul>{rows}</ul></body></html>".encode(), expect, options=options
    )


def _on_tenth(clock: str) -> str:
    if not clock:
        return "2026-12-10"
    return f"2026-12-{'11' if clock.startswith('+') else '10'}T{clock.removeprefix('+')}:00Z"


def _folded(line: bytes, length: int) -> bytes:
    return b"\r\n ".join(line[at : at + length] for at in range(0, len(line), length)) or line


def _load(name: str, make: Callable[[int, Mapping[str, Any]], Case]) -> list[tuple[str, Case]]:
    rows = tomllib.loads((HERE / name).read_text("utf-8"))["case"]
    return [(f"{row['kind']}: {row['report']}", make(number, row)) for number, row in enumerate(rows)]


CASES = [*_load("calendars.toml", calendar_case), *_load("pages.toml", page_case)]


@dataclass(frozen=True)
class Crawled:
    """The runs and listings of one crawl of all cases."""

    runs: Mapping[str, Run]
    listings: Mapping[str, list[Listing]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Crawl all cases at once: each is a source of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_NOW", NOW)
        folder = tmp_path_factory.mktemp("reports")
        store, web = an_empty_store(folder), FaultyWeb()
        web.close()
        lab = OfflineLab(folder, web, store)
        for _, case in CASES:
            add_source(lab, case)
        runs = lab.crawl()
        yield Crawled(runs, found_in(lab))
        store.close()


def add_source(lab: Lab, case: Case) -> None:
    """Add a source that reads the answer of a case."""
    path = f"/{case.id}"
    lab.web.pages[path] = Page(case.body, headers={"Content-Type": case.content_type or "text/html"})
    keys = {"platform": f'"{case.platform}"', "expect": "{ at_least = 0, at_most = 900 }"}
    if case.platform == "ical":
        keys["feed_url"] = f'"{lab.web.url(path)}"'
    else:
        keys["page_urls"] = f'["{lab.web.url(path)}"]'
    keys |= {name: _as_toml(value) for name, value in case.options.items()}
    if case.zone:
        keys["timezone"] = f'"{case.zone}"'
    lab.source(case.id, path, **keys)


def _as_toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f'"{name}" = {_as_toml(each)}' for name, each in value.items()) + " }"
    return json.dumps(value)


def found_in(lab: Lab) -> dict[str, list[Listing]]:
    """Return the listings in the store, by source."""
    found: dict[str, list[Listing]] = {}
    with lab.store.reading() as db:
        for listing in listings.load_listings(db):
            found.setdefault(listing.source, []).append(listing)
    return found


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_a_reported_situation_gives_its_right_value(crawled: Crawled, name: str, case: Case) -> None:
    run = crawled.runs[case.id]
    assert run.verdict.value == "healthy", run.message
    assert case.rejection in run.rejection
    waiting = list(crawled.listings.get(case.id, []))
    for expected in case.expect:
        match = next((each for each in waiting if said_of(each, expected) == dict(expected)), None)
        assert match is not None, (name, expected, [said_of(each, expected) for each in waiting])
        waiting.remove(match)
    assert [each.title for each in waiting] == [], f"{name}: nothing else is listed"


def said_of(listing: Listing, expected: Expected) -> dict[str, Any]:
    """Return what a listing says of the expected fields, in the form of the tables."""
    when = listing.when
    values = {
        "title": listing.title,
        "start": _written(when.start),
        "end": _written(when.end),
        "city": " ".join(each.city for each in listing.places),
        "country": " ".join(each.country for each in listing.places),
        "venue": " ".join(each.venue for each in listing.places),
        "status": listing.lifecycle.value,
        "cost": listing.cost.kind.value,
        "mode": listing.mode.value,
        "organizer": ", ".join(listing.organizers),
        "description": listing.description,
        "deadlines": [_written(each.at) for each in sorted(listing.deadlines, key=lambda each: str(each.at))],
    }
    return {name: values[name] for name in expected}


def _written(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    return stamp(moment) if isinstance(moment, datetime) else moment.isoformat()
