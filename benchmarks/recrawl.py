"""What a crawl costs in which nothing has changed: ``python -m benchmarks.recrawl [SOURCES] [PAGES]``.

The peer is the first crawl of the same sources, in the same run: both as a user starts them (``tracker crawl --all``),
with the CPU time of all their processes. The web server runs in a process of its own and is not counted.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.scores import note

EVENTS = 12
TOPICS = ("deception", "evals", "corrigibility", "governance", "oversight", "control", "forecasting", "biosecurity")
HISTORY = ("event", "change", "listing", "membership", "deadline_entry")


@dataclass(frozen=True)
class Cost:
    """What one crawl took."""

    cpu: float
    wall: float
    megabytes: float
    code: int


def page(source: int, number: int) -> bytes:
    """Return a page of events with structured data, as organisers' sites have them."""
    blocks = []
    for index in range(EVENTS):
        begins = datetime(2027, 1, 4, 18, tzinfo=UTC) + timedelta(days=index * 7 + number, hours=source % 5)
        name = f"{TOPICS[(source + index) % len(TOPICS)].title()} group {source} meets {number}.{index}"
        event = {
            "@context": "https://schema.org", "@type": "Event", "name": name, "startDate": begins.isoformat(),
            "endDate": (begins + timedelta(hours=2)).isoformat(), "url": f"http://s{source}.example/e/{number}/{index}",
            "location": {"@type": "Place", "name": "Room 1", "address": "Berlin, Germany"},
            "description": f"We read and discuss. {name}. Everybody is welcome, no knowledge is needed. " * 3,
            "organizer": {"@type": "Organization", "name": f"Group {source}"},
        }  # fmt: skip
        script = f'<script type="application/ld+json">{json.dumps(event)}</script>'
        blocks.append(f"{script}<p>{name}</p>" + "<div>·</div>" * 80)
    return f"<!doctype html><html><head><title>Events</title></head><body>{''.join(blocks)}</body></html>".encode()


def serve(announce: Callable[[int], None]) -> None:
    """Answer as a proxy for all sites, with validators."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            site, _, path = parts.netloc.partition(".")[0], "", parts.path
            if path == "/robots.txt":
                self._answer(404, b"", "")
                return
            etag = f'"{site}{path}"'
            is_known = self.headers.get("If-None-Match") == etag
            self._answer(304 if is_known else 200, b"" if is_known else page(int(site[1:]), int(path[2:])), etag)

        def _answer(self, status: int, body: bytes, etag: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if etag:
                self.send_header("ETag", etag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    announce(server.server_port)
    server.serve_forever()


def write_sources(folder: Path, sources: int, pages: int) -> None:
    """Write the source files."""
    tier = folder / "organisers"
    tier.mkdir(parents=True)
    for number in range(sources):
        addresses = ", ".join(f'"http://s{number}.example/p{page}"' for page in range(pages))
        (tier / f"s{number:04}.toml").write_text(
            f'name = "Group {number}"\nhomepage = "https://s{number}.example/"\nplatform = "schema_org"\n'
            f"page_urls = [{addresses}]\n"
        )


def crawl(data: Path, environment: dict[str, str]) -> Cost:
    """Crawl everything once, as cron does."""
    began = time.monotonic()
    with (data / "log").open("ab") as log:
        command = [sys.executable, "-m", "tracker", "crawl", "--all", "--data", str(data)]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss / 1024, code)


def rows(data: Path) -> dict[str, int]:
    """Count the rows that tell of events and their history."""
    with closing(sqlite3.connect(data / "tracker.db")) as db:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in HISTORY}


def main(sources: int = 200, pages: int = 5) -> None:
    """Print both crawls, and their ratio."""
    there, here = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(there.send,), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        write_sources(Path(folder) / "sources", sources, pages)
        environment = os.environ | {
            "TRACKER_SOURCE_FOLDERS": json.dumps([f"{folder}/sources"]),
            "TRACKER_ONLY_OWN_SOURCES": "1",
            "TRACKER_PROXY": f"http://127.0.0.1:{here.recv()}",
            "TRACKER_DOWNLOAD_DELAY": "0",
            "TRACKER_NOW": "2026-11-23T12:00:00Z",
        }
        first = crawl(data, environment)
        before = rows(data)
        again = [crawl(data, environment) for _ in range(2)]
        after = rows(data)
    server.terminate()
    print(f"{sources} sources × {pages} pages × {EVENTS} events: {before}")
    print(f"{'':14}{'CPU s':>8}{'wall s':>8}{'MB':>7}{'exit':>6}{'of the first':>14}")
    for name, cost in (("first", first), *(("unchanged", each) for each in again)):
        ratio = f"{cost.cpu / first.cpu:13.1%}"
        print(f"{name:14}{cost.cpu:8.1f}{cost.wall:8.1f}{cost.megabytes:7.0f}{cost.code:6}{ratio:>14}")
    best = min(cost.cpu for cost in again)
    note("recrawl: CPU, nothing changed", best, first.cpu, "the first crawl", "s", more_is_better=False)
    print(f"rows written by the unchanged crawls: { {name: after[name] - before[name] for name in HISTORY} }")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
