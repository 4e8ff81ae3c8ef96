"""Feeds from several processes, one of them on a replica that nobody may write to: the same bytes, the same tags."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import make_database
from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.store import open_store

pytestmark = [pytest.mark.postgres, pytest.mark.long]
PATHS = (
    "/events.ics", "/events.ics?q=winter&deadlines=none", "/events.json?sort=new", "/events.csv", "/events.atom",
    "/changes.atom", "/sources.json", "/sitemap.xml",
)  # fmt: skip


@contextmanager
def serving(folder: Path, address: str) -> Iterator[str]:
    """Start ``tracker serve``, and give its address."""
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "tracker", "serve", "--no-dashboard", "--data", str(folder), "--port", port]
    settings = {"TRACKER_DATABASE_URL": address, "TRACKER_NOW": NOW.isoformat()}
    settings["TRACKER_PUBLIC_URL"] = "https://events.example.org"
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)
    found = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with suppress(urllib.error.URLError):
                ask(found, "/robots.txt")
                break
            time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait()


def ask(server: str, path: str) -> tuple[bytes, str | None]:
    with urllib.request.urlopen(server + path) as answer:
        return answer.read(), answer.headers["ETag"]


def test_all_give_the_same_and_all_see_what_changes(tmp_path: Path) -> None:
    address = make_database("served")
    store = open_store(address, create=True)
    for number in range(12):
        when = a_when(date(2026, 12, 1) + timedelta(days=number))
        say(store, a_listing(source_id=f"e{number}", title=f"Winter talk {number}", url=None, when=when), days=-3)
    replica = sa.make_url(address).update_query_dict({"options": "-c default_transaction_read_only=on"})
    addresses = [address, address, replica.render_as_string(hide_password=False)]
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(tmp_path / f"s{at}", each)) for at, each in enumerate(addresses)]
        for path in PATHS:
            answers = [ask(server, path) for server in servers]
            assert answers[0][1]
            assert answers == [answers[0]] * 3, path
        before = ask(servers[0], "/events.json")
        say(store, a_listing(source_id="e3", title="Another talk altogether", url=None), days=-1)
        time.sleep(3)
        after = [ask(server, "/events.json") for server in servers]
        assert after == [after[0]] * 3
        assert b"Another talk altogether" in after[0][0]
        assert after[0][1] != before[1]
    store.close()
