"""How fast each platform's reader is on its largest real payload, beside a bare parser on the same bytes.

Run: ``TRACKER_CORPUS=… python -m benchmarks.platforms``. Payloads that were never recorded are those of the practice
web, repeated to 200 rows. Times are CPU seconds of this process; a ratio against the bare parser holds on any machine,
the absolute figures only on this one.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import extruct
import feedparser
import lxml.html
import yaml
from icalendar import Calendar
from rich.console import Console
from rich.table import Table

from benchmarks.scores import note
from tracker.demo.practice_web import write_sites
from tracker.models.source import Source
from tracker.models.vocabulary import Tier
from tracker.reading import read_listing
from tracker.sources.platform import Page, load_platform

CORPUS = Path(os.environ.get("TRACKER_CORPUS", "/nonexistent"))
SECONDS = 1.0
"""How long each measurement goes on, at least; the best of its rounds counts."""
URL = "https://x.example/"
ICALENDAR = Calendar.from_ical
LXML = lxml.html.fromstring
LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One payload, its reader's options, and the bare parser that people would use instead."""

    platform: str
    file: str
    body: bytes
    options: dict[str, Any]
    bare: str
    parse: Callable[[bytes], Any]
    posted: str = ""
    now: datetime = LONG_AGO


def cases() -> Iterator[Case]:
    """Yield the largest payload of each platform that is at hand."""
    pages = {"page_urls": [URL]}
    squarespace = {
        "each": "article.eventlist-event",
        "fields": {"title": "h1", "url": "h1 a@href", "starts": "time@datetime"},
    }
    recorded: list[tuple[str, str, dict[str, Any], str, Callable[[bytes], Any]]] = [
        ("ical", "luma/nsnodes-network-school-calendar-2025-10-21.ics", {"feed_url": URL}, "icalendar", ICALENDAR),
        ("schema_org", "json-ld/placecal-dice-fm-venue.html", pages, "extruct", _extruct),
        ("embedded_json", "squarespace/placecal-events-format-json.json", pages | {"rows": "past"}, "json", json.loads),
        ("events_calendar", "tribe/nyckids-industrycity-rest-events.json", {"site_url": URL}, "json", json.loads),
        ("conference_deadlines", "deadlines/pwc-ai-deadlines-2024.yml", pages, "PyYAML (C)", _yaml),
        ("feed", "rss/community-calendar-toronto-latest.xml", {"feed_urls": [URL]}, "feedparser", feedparser.parse),
        ("newsletter", "newsletter/aisafety-training-week-41-2026.reconstructed.html", pages, "lxml", LXML),
        ("html_listing", "squarespace/placecal-events-page.html", pages | squarespace, "lxml", LXML),
        ("open_graph", "json-ld/placecal-outsavvy-event.html", pages, "extruct", _extruct),
    ]
    for platform, file, options, bare, parse in recorded:
        if (CORPUS / file).is_file():
            yield Case(platform, file, (CORPUS / file).read_bytes(), options, bare, parse)
    yield from _written()


def _written() -> Iterator[Case]:
    """Yield payloads in the real format with 200 rows, for what was never recorded."""
    web = write_sites(LONG_AGO.date())
    made: list[tuple[str, str, str, dict[str, Any], str]] = [
        ("aisafety_com", "aisafety.example/api/v1/events", "data", {"collection": "events"}, ""),
        ("forum_magnum", "forum.example/graphql", "data.nearbyEvents.results", {"api_url": "https://x.example/"}, "{}"),
        ("algolia", "jobs.example/1/indexes/jobs_prod/query", "hits",
         {"page_url": "https://x.example/", "app_id": "x", "index": "x"}, "{}"),
    ]  # fmt: skip
    for platform, address, path, options, posted in made:
        tree = json.loads(web[address].body)
        *way, last = path.split(".")
        inner = tree
        for step in way:
            inner = inner[step]
        rows = inner[last]
        inner[last] = [{**rows[n % len(rows)], "id": str(n), "_id": str(n), "post_pk": n} for n in range(200)]
        yield Case(platform, "practice web × 200 rows", json.dumps(tree).encode(), options, "json", json.loads, posted)


def _extruct(body: bytes) -> Any:
    return extruct.extract(body, syntaxes=["json-ld", "microdata"], errors="ignore")  # type: ignore[attr-defined]


def _yaml(body: bytes) -> Any:
    return yaml.load(body, Loader=yaml.CSafeLoader)


def seconds_per_call(call: Callable[[], Any]) -> float:
    """Return the CPU seconds of one call: the best of several rounds."""
    call()
    best, spent = float("inf"), 0.0
    gc.disable()
    try:
        while spent < SECONDS:
            began = time.process_time()
            call()
            took = time.process_time() - began
            best, spent = min(best, took), spent + max(took, 1e-6)
    finally:
        gc.enable()
    return best


COLUMNS = (
    "platform", "payload", "kB", "listings", "ms", "pages/s", "listings/s", "bare parser", "ms bare", "ours ÷ bare",
    "listings/s with reading",
)  # fmt: skip


def main() -> None:
    """Print one line per platform."""
    table = Table(title="One page, CPU time: ours beside the bare parser", box=None, header_style="bold")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in {"platform", "payload", "bare parser"} else "right")
    about: dict[str, Any] = {"id": "x", "tier": Tier.COMMUNITIES, "name": "x", "homepage": URL, "platform": "ical"}
    source = Source(**about, timezone="Europe/London")
    for case in sorted(cases(), key=lambda each: each.platform):
        platform = load_platform(case.platform)
        options = platform.Options.model_validate(case.options)
        page = Page("x", "https://x.example/", case.body, case.now, posted=case.posted)
        listings = platform.read(page, options).listings
        ours = seconds_per_call(lambda: platform.read(page, options))  # noqa: B023 - called at once
        bare = seconds_per_call(lambda: case.parse(case.body))  # noqa: B023
        reading = seconds_per_call(lambda: [read_listing(raw, source) for raw in listings])  # noqa: B023
        count = len(listings)
        figures = (len(case.body) / 1000, count, ours * 1000, 1 / ours, count / ours)
        beside = (case.bare, f"{bare * 1000:.1f}", f"{ours / bare:.2f}", f"{count / (ours + reading):.0f}")
        payload = case.file.rpartition("/")[2][:44]
        note(f"readers: {case.platform}", ours * 1000, bare * 1000, case.bare, "ms", more_is_better=False)
        table.add_row(case.platform, payload, *(f"{figure:.1f}".removesuffix(".0") for figure in figures), *beside)
    Console(width=220).print(table)


if __name__ == "__main__":
    main()
