"""The path of one calendar entry through the code, from the server's answer to ``/events.ics``, counted.

One calendar with one entry is served on loopback and crawled by the shipped spider in this process. From the moment
the spider gets the answer until the feed is rendered, ``sys.setprofile`` counts the files and functions of ours that
are entered, and how often the call stack moves on to another file or another room (the first folder below the
package). Run: ``python -m benchmarks.record_path [--show]``.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from spiders.source_spider import SourceSpider
from tracker.config import Settings
from tracker.crawling.crawler import Crawl, run_crawl
from tracker.crawling.page_reader import read_source_page
from tracker.models.selection import Selection
from tracker.pipeline.build import build_events
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.sources.files import load_source
from tracker.store import open_store

ROOT = Path(__file__).parents[1]
PACKAGES = ("spiders", "tracker", "dashboard")
CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//AI Safety Berlin//EN\r
BEGIN:VEVENT\r
UID:evt-1@berlin.example\r
DTSTAMP:20261101T120000Z\r
DTSTART;TZID=Europe/Berlin:20301203T190000\r
DTEND;TZID=Europe/Berlin:20301203T210000\r
SUMMARY:AI safety reading group: debate\r
LOCATION:Factory Berlin\\, Rheinsberger Str. 76\\, 10115 Berlin\\, Germany\r
URL:https://berlin.example/debate\r
DESCRIPTION:We read and discuss. Free. Register by 1 December 2030.\r
END:VEVENT\r
END:VCALENDAR\r
"""
SOURCE = """# Seen: made up for counting.
name      = "AI Safety Berlin"
homepage  = "http://127.0.0.1:{port}/"
platform  = "ical"
feed_url  = "http://127.0.0.1:{port}/calendar.ics"
timezone  = "Europe/Berlin"
expect    = {{ at_least = 1, at_most = 60 }}
"""


class EntryPath:
    """Counts what is entered between ``start`` and ``stop``."""

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.functions: Counter[tuple[str, str]] = Counter()
        self.switches: Counter[tuple[str, str]] = Counter()
        self.room_switches = 0
        self._last = ""

    def start(self) -> None:
        """Begin to count."""
        sys.setprofile(self._note)

    def stop(self) -> None:
        """Count no more."""
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, arg: object) -> None:
        del arg
        if event != "call":
            return
        name = frame.f_code.co_filename
        if not name.startswith(str(ROOT)):
            return
        name = name[len(str(ROOT)) + 1 :]
        if not name.startswith(PACKAGES) or frame.f_code.co_name == "<module>":
            return
        self.files[name] += 1
        self.functions[name, frame.f_code.co_qualname] += 1
        if self._last and name != self._last:
            self.switches[self._last, name] += 1
            self.room_switches += room_of(name) != room_of(self._last)
        self._last = name


def room_of(name: str) -> str:
    """Return the room of a file: ``tracker/store``, ``spiders/platforms``, ``tracker``."""
    return "/".join(name.split("/")[:-1][:2])


class _Calendar(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/calendar.ics"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/calendar; charset=utf-8")
        self.end_headers()
        self.wfile.write(CALENDAR if found else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def _serving() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Calendar)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def measure() -> EntryPath:
    """Return what one entry passes. Everything is imported and warmed up by another entry before."""
    _journey(EntryPath())
    path = EntryPath()
    _journey(path)
    return path


def _journey(path: EntryPath) -> None:
    parse = SourceSpider.parse

    def counted(self: SourceSpider, *args: object, **kwargs: object) -> object:
        path.start()
        return parse(self, *args, **kwargs)  # type: ignore[arg-type]

    with tempfile.TemporaryDirectory() as folder, _serving() as port:
        file = Path(folder) / "sources" / "communities" / "berlin.toml"
        file.parent.mkdir(parents=True)
        file.write_text(SOURCE.format(port=port), "utf-8")
        source = load_source(file)
        settings = Settings(data_dir=Path(folder), allowed_addresses=[f"127.0.0.1:{port}"], download_delay=0)
        store = open_store(settings.store_url, create=True)
        SourceSpider.parse = counted  # type: ignore[method-assign,assignment]
        try:
            with patch("tracker.crawling.crawler.SubprocessPageReader", _Here):
                run_crawl(Crawl(store, settings), [source])
            now = datetime.now(UTC).replace(microsecond=0)
            build_events(store, now)
            with store.reading() as db:
                feed = FEEDS["events.ics"].build(db, FeedRequest(Selection(), now))
        finally:
            path.stop()
            SourceSpider.parse = parse  # type: ignore[method-assign]
            store.close()
        assert b"reading group" in feed.body, feed.body


class _Here:
    """Reads pages in this process: a profile ends at a process's end."""

    async def read(self, source: object, page: object) -> object:
        """Read a page."""
        return read_source_page(source, page)  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing to end."""


def main() -> None:
    """Print the counts; with ``--show`` the files, and the switches made most."""
    path = measure()
    rooms = {room_of(name) for name in path.files}
    print(
        f"{len(path.files)} files, {len(path.functions)} functions, {sum(path.switches.values())} switches between "
        f"files, {path.room_switches} between rooms, {len(rooms)} rooms"
    )
    if "--show" in sys.argv:
        for name, count in sorted(path.files.items()):
            print(f"{count:6} {name}")
        print()
        for (one, other), count in path.switches.most_common(60):
            print(f"{count:6} {one} -> {other}")


if __name__ == "__main__":
    main()
