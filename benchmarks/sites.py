"""Many organisers' sites on this machine, all behind one proxy: ``http://s7.example/p3`` is page 3 of site 7.

The server is a process of its own. It writes down when it was asked for what, so that politeness can be looked at.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

NOW = "2026-11-23T12:00:00Z"
TOPICS = ("deception", "evals", "corrigibility", "governance", "oversight", "control", "forecasting", "biosecurity")
CITIES = (
    "Berlin, Germany", "Paris, France", "Madrid, Spain", "Rome, Italy", "Vienna, Austria", "Prague, Czechia",
    "Warsaw, Poland", "Oslo, Norway", "Helsinki, Finland", "Lisbon, Portugal", "Athens, Greece", "Dublin, Ireland",
    "Toronto, Canada", "Tokyo, Japan", "Seoul, South Korea", "Sydney, Australia", "Nairobi, Kenya", "Lima, Peru",
    "Bogota, Colombia", "Cairo, Egypt", "Bangkok, Thailand", "Manila, Philippines", "Jakarta, Indonesia",
)  # fmt: skip
_CARD = (
    '<article class="card"><h3>Earlier meeting {}</h3><p>We read and discussed. Thanks to all who came.</p></article>'
)


@dataclass(frozen=True)
class FeedRequest:
    """One request as the server saw it; Unix times."""

    host: str
    path: str
    agent: str
    """The user agent: who asked, if each has a contact address of its own."""
    began: float
    ended: float


@dataclass(frozen=True)
class Sites:
    """So many sites, pages of each, and events on each page."""

    count: int
    pages: int
    events: int = 1
    cards: int = 120
    """What else stands on a page: 120 make it 25 kB."""

    def write_sources(self, folder: Path) -> None:
        """Write a source file for each site."""
        tier = folder / "organisers"
        tier.mkdir(parents=True)
        for number in range(self.count):
            addresses = ", ".join(f'"http://s{number}.example/p{page}"' for page in range(self.pages))
            (tier / f"s{number:04}.toml").write_text(
                f'name = "Group {number}"\nhomepage = "https://s{number}.example/"\nplatform = "schema_org"\n'
                f"page_urls = [{addresses}]\n"
            )

    def environment(self, folder: Path, port: int, **settings: str) -> dict[str, str]:
        """Return the environment in which ``tracker`` crawls these sites."""
        return os.environ | {
            "TRACKER_SOURCE_FOLDERS": json.dumps([str(folder)]),
            "TRACKER_ONLY_OWN_SOURCES": "1",
            "TRACKER_PROXY": f"http://127.0.0.1:{port}",
            "TRACKER_DOWNLOAD_DELAY": "0",
            "TRACKER_NOW": NOW,
            **settings,
        }

    @contextmanager
    def serving(self, latency: float = 0.0) -> Iterator[Server]:
        """Serve them from a process of its own. Each answer takes ``latency`` seconds."""
        here, there = multiprocessing.get_context("fork").Pipe()
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(self, latency, there), daemon=True)
        process.start()
        try:
            yield Server(here.recv(), here)
        finally:
            process.terminate()
            process.join()


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    line: Connection

    def asked(self) -> list[FeedRequest]:
        """Return what it was asked for so far, in order."""
        self.line.send("log")
        return [FeedRequest(*each) for each in self.line.recv()]


def by_host(asked: list[FeedRequest]) -> dict[str, list[FeedRequest]]:
    """Return the requests of each site, in order."""
    found: dict[str, list[FeedRequest]] = defaultdict(list)
    for each in sorted(asked, key=lambda one: one.began):
        found[each.host].append(each)
    return found


def smallest_gap(asked: list[FeedRequest]) -> float:
    """Return the seconds between two requests to one site, where they are fewest."""
    gaps = [after.began - before.began for found in by_host(asked).values() for before, after in pairwise(found)]
    return min(gaps, default=float("inf"))


def overlaps(asked: list[FeedRequest]) -> int:
    """Count how often a site was asked by one crawler while another was not done with it."""
    count = 0
    for found in by_host(asked).values():
        agents = [each.agent for each in found]
        turns = [agent for agent, before in zip(agents, ["", *agents], strict=False) if agent != before]
        count += len(turns) - len(set(turns))
    return count


@lru_cache(maxsize=100_000)
def page(site: int, number: int, events: int, cards: int) -> bytes:
    """Return a page of events with structured data, as organisers' sites have them."""
    blocks = []
    for index in range(events):
        # No two sites tell of meetings that could be taken for one: they differ in day, hour or city.
        begins = datetime(2027, 1, 4, tzinfo=UTC) + timedelta(
            weeks=number, days=site % 7, hours=site // 7 % 24, minutes=index
        )
        name = f"{TOPICS[(site + index) % len(TOPICS)].title()} group {site} meets {number}.{index}"
        event = {
            "@context": "https://schema.org", "@type": "Event", "name": name, "startDate": begins.isoformat(),
            "endDate": (begins + timedelta(hours=2)).isoformat(), "url": f"http://s{site}.example/e/{number}/{index}",
            "location": {"@type": "Place", "name": "Room 1", "address": CITIES[site % len(CITIES)]},
            "description": f"We read and discuss. {name}. Everybody is welcome, no knowledge is needed. " * 3,
            "organizer": {"@type": "Organization", "name": f"Group {site}"},
        }  # fmt: skip
        blocks.append(f'<script type="application/ld+json">{json.dumps(event)}</script><p>{name}</p>')
    blocks += map(_CARD.format, range(cards))
    return f"<!doctype html><html><head><title>Events</title></head><body>{''.join(blocks)}</body></html>".encode()


def _serve(sites: Sites, latency: float, line: Connection) -> None:
    asked: list[tuple[str, str, str, float, float]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A crawler that is killed hangs up in the middle.
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                began = time.time()
                if latency:
                    await asyncio.sleep(latency)
                parts = urlsplit(head.split(b" ", 2)[1].decode())
                writer.write(_answer(sites, str(parts.hostname), parts.path, head))
                await writer.drain()
                asked.append((str(parts.hostname), parts.path, _agent(head), began, time.time()))
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1_000)
        loop = asyncio.get_running_loop()

        def tell() -> None:
            line.recv()
            line.send(list(asked))

        loop.add_reader(line.fileno(), tell)
        line.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(run())


def _agent(head: bytes) -> str:
    return head.partition(b"User-Agent: ")[2].partition(b"\r\n")[0].decode()


def _answer(sites: Sites, host: str, path: str, head: bytes) -> bytes:
    if not path.startswith("/p"):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    etag = f'"{host}{path}"'.encode()
    if b"If-None-Match: " + etag in head:
        return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
    body = page(int(host[1:].partition(".")[0]), int(path[2:]), sites.events, sites.cards)
    fields = b"Content-Type: text/html; charset=utf-8\r\nETag: " + etag
    return b"HTTP/1.1 200 OK\r\n" + fields + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
