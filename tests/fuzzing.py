"""Coverage-guided fuzzing of one reader, all the way to the calendar: ``python -m tests.fuzzing PLATFORM [CPU_SECONDS]``.

Needs atheris, which is in no lock: ``pip install atheris``. It begins with the pages of the practice web, and with the
recorded payloads if ``TRACKER_CORPUS`` names them. What it finds is written beside it as ``crash-…`` or ``timeout-…``;
each becomes a case of a test.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import atheris
import icalendar

with atheris.instrument_imports(include=["spiders", "tracker.reading", "tracker.models", "tracker.publishing"]):
    from tracker.config import Settings
    from tracker.demo.practice_web import write_sites
    from tracker.demo.run_demo import practice_settings
    from tracker.errors import SourceError
    from tracker.matching.merging import merge_listings
    from tracker.models.event import PublishedEvent
    from tracker.models.listing import Listing
    from tracker.models.source import Source
    from tracker.publishing.ical.event_entry import render_vevent
    from tracker.reading.listings import read_values, validate
    from tracker.sources.files import load_sources, options_of
    from tracker.sources.hooks import platform_of
    from tracker.sources.platform import Page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SLOW = 5.0
"""CPU seconds that nothing of this size may take."""
MOST_BYTES = 30_000


def sources_of(platform: str) -> list[Source]:
    """Return the practice sources that a platform reads."""
    with tempfile.TemporaryDirectory() as folder:
        settings = practice_settings(Settings.load(Path(folder)), "127.0.0.1:9", NOW.date())
        return [each for each in load_sources(settings) if each.platform == platform]


def seeds(sources: list[Source]) -> list[bytes]:
    """Return the pages of the sites that the sources are on."""
    hosts = {
        urlsplit(page.url).netloc
        for each in sources
        for page in platform_of(each).first_pages(options_of(each), NOW.date())
    }
    return [page.body for where, page in write_sites(NOW.date()).items() if where.partition("/")[0] in hosts]


def read_through(source: Source, body: bytes) -> None:
    """Read a page as a crawl does, and publish what it says; nothing but a ``SourceError`` may come of it."""
    platform, options = platform_of(source), options_of(source)
    first = platform.first_pages(options, NOW.date())[0]
    began = time.process_time()
    try:
        content = platform.read(Page(source.id, first.name, body, NOW), options)
    except SourceError:
        return
    for raw in content.listings[:20]:
        result = validate(read_values(raw, source), raw)
        if isinstance(result, Listing):
            _publish(result, source)
    if (took := time.process_time() - began) > SLOW:
        raise RuntimeError(f"{len(body)} bytes took {took:.1f} seconds")


def _publish(listing: Listing, source: Source) -> None:
    event = merge_listings("k3v9q2m8xa01", [listing], {source.id: source})
    vevent = render_vevent(PublishedEvent(event=event, first_seen=NOW, changed_at=NOW))
    if vevent is not None:
        calendar = icalendar.Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + vevent + b"END:VCALENDAR\r\n")
        if len(calendar.walk("VEVENT")) != 1:
            raise RuntimeError("one event became several entries, or none")


def main(platform: str, seconds: float = 600) -> None:
    """Fuzz for so many CPU seconds."""
    known = sources_of(platform)
    folder = Path(tempfile.mkdtemp())
    for number, seed in enumerate(seeds(known)):
        (folder / f"seed{number}").write_bytes(seed[:MOST_BYTES])
    rounds = 0

    def one_input(data: bytes) -> None:
        nonlocal rounds
        rounds += 1
        if time.process_time() > seconds:
            print(f"{platform}: {rounds:,} inputs in {time.process_time():.0f} CPU seconds, nothing found", flush=True)
            sys.stdout.flush()
            import os

            os._exit(0)
        read_through(known[rounds % len(known)], data)

    options: list[Any] = [
        sys.argv[0],
        str(folder),
        f"-max_len={MOST_BYTES}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        "-verbosity=0",
    ]
    atheris.Setup(options, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
