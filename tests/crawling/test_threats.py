"""Hostile sources, through the real crawler: what they try, and that nothing comes of it. Numbered as in SECURITY.md."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import icalendar
import pytest

from spiders import settings as scrapy_settings
from tests.crawling.calendars import HEADERS, entry, events
from tests.crawling.faulty_web import FaultyWeb, Page
from tests.crawling.lab import Lab
from tests.factories import NOW
from tests.spiders.platforms.test_ical import calendar
from tracker.crawling import fetcher, page_reader
from tracker.errors import SourceFileError
from tracker.models.run import Run
from tracker.models.selection import Selection
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS
from tracker.publishing.site import publish_site
from tracker.sources import traversal
from tracker.sources.files import load_source

HTML = {"Content-Type": "text/html"}
RSS = {"Content-Type": "application/rss+xml"}
EVERYTHING = Selection.from_query("past=all")


def published(lab: Lab, name: str) -> bytes:
    with lab.store.reading() as db:
        return FEEDS[name].build(db, FeedRequest(EVERYTHING, NOW)).body


def crawl_one(lab: Lab, page: Page, platform: str = "ical", **keys: str) -> Run:
    """Let one source answer with a page, beside another that is well."""
    path = "/hostile"
    lab.web.pages |= {path: page, "/calendar.ics": events(1)}
    address = lab.web.url(path)
    first = {"ical": ("feed_url", f'"{address}"'), "feed": ("feed_urls", f'["{address}"]')}
    key, value = first.get(platform, ("page_urls", f'["{address}"]'))
    lab.source("well")
    lab.source("hostile", platform=f'"{platform}"', **{key: value, **keys})
    runs = lab.crawl()
    assert runs["well"].is_successful, "a hostile source costs the others nothing"
    return runs["hostile"]


# 1: requests into the operator's network

INSIDE = [
    "127.0.0.1", "localhost", "[::1]", "0", "0x7f000001", "2130706433", "017700000001", "127.1", "[::ffff:127.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0.0.0.0", "169.254.169.254", "100.64.0.1", "[fd00::1]",
    "[fe80::1]", "10.0.0.1", "192.168.0.1", "metadata.rebind.example",
]  # fmt: skip


@pytest.fixture
def strange_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that lead inside: always, or only from the second time they are asked for."""
    look_up = socket.getaddrinfo
    asked = itertools.count()

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(host, str) and host.endswith("rebind.example"):
            address = "93.184.216.34" if host.startswith("twice") and not next(asked) else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
        return look_up(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.usefixtures("strange_names")
def test_1_no_spelling_of_an_address_leads_inside(lab: Lab) -> None:
    port = lab.web.address.partition(":")[2]
    for number, host in enumerate(INSIDE):
        lab.source(f"inside{number}", feed_url=f'"http://{host}:{port}/calendar.ics"', robots='"documented-api"',
                   evidence='"https://a.example/"')  # fmt: skip
        try:
            load_source(lab.folder / "sources" / "communities" / f"inside{number}.toml")
        except SourceFileError:  # refused before it is asked for
            (lab.folder / "sources" / "communities" / f"inside{number}.toml").unlink()
    lab.settings["allowed_addresses"] = []
    found = {INSIDE[int(name.removeprefix("inside"))]: run.diagnosis for name, run in lab.crawl().items()}
    assert len(found) > len(INSIDE) / 2
    assert set(found.values()) <= {"private_address", "odd_address"}, found
    assert lab.web.connections == 0


@pytest.mark.usefixtures("strange_names")
def test_1_a_name_that_changes_its_mind_does_not_lead_inside(lab: Lab) -> None:
    port = lab.web.address.partition(":")[2]
    lab.source("rebinding", feed_url=f'"http://twice.rebind.example:{port}/calendar.ics"')
    lab.settings["allowed_addresses"] = []
    assert lab.crawl()["rebinding"].verdict.value == "failed"
    assert lab.web.connections == 0


@pytest.mark.parametrize("kept", ["same name", "inside"])
def test_1_each_hop_of_a_redirect_is_checked(lab: Lab, kept: str) -> None:
    inside = FaultyWeb()
    host = "127.0.0.1" if kept == "same name" else "169.254.169.254"
    target = f"http://{host}:{inside.address.partition(':')[2]}/calendar.ics"
    with inside.serving():
        run = crawl_one(lab, Page(status=302, headers={"Location": target}))
    assert run.diagnosis in {"private_address", "redirected_away"}
    assert inside.connections == 0


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/calendar,BEGIN:VCALENDAR", "s3://b/x"])  # fmt: skip
def test_1_only_web_addresses_are_followed(lab: Lab, scheme: str) -> None:
    assert crawl_one(lab, Page(status=301, headers={"Location": scheme})).diagnosis == "redirected_away"
    lab.source("local", feed_url=f'"{scheme}"')
    with pytest.raises(SourceFileError):
        lab.crawl()


@pytest.mark.parametrize("link", ["http://127.0.0.1\\@evil.example/", "http://user:secret@evil.example/", "//evil.example/x"])  # fmt: skip
def test_1_links_of_a_page_do_not_lead_away(lab: Lab, link: str) -> None:
    page = f"<html><body><div class='e'><a href='{link}'>Talk</a> <p>5 December 2026</p></div></body></html>"
    keys = {"each": '".e"', "fields": '{ title = "a", url = "a@href", starts = "p" }', "detail": '{ deadline = ".d" }'}
    crawl_one(lab, Page(page.encode(), headers=HTML), "html_listing", **keys)
    assert {path for path, _, _ in lab.web.requests} <= {"/robots.txt", "/hostile", "/calendar.ics"}


# 2–5: what pages, tables and calendars could be made to say

NASTY = {
    2: ("URL:javascript:alert(1)", "LOCATION:data:text/html;base64,PHNjcmlwdD4=", "DESCRIPTION:vbscript:x javascript:y"),
    3: ("SUMMARY:<img src=x onerror=alert(1)><script>alert(2)</script> [x](javascript:alert(3))",),
    4: ("SUMMARY:=HYPERLINK(\"https://evil.example\")", "LOCATION:+1-1", "DESCRIPTION:@SUM(A1)\\n-2+3"),
    5: ("SUMMARY:Talk\\nEND:VEVENT\\nBEGIN:VEVENT\\nX-EVIL:1", "LOCATION:a\\nATTENDEE:mailto:x@y.example", "X-FOREIGN:1"),
}  # fmt: skip


def crawl_words(lab: Lab, words: tuple[str, ...]) -> None:
    own = [line for line in entry(2).split("\n") if not any(line.startswith(word.split(":")[0]) for word in words)]
    run = crawl_one(lab, Page(calendar("\n".join([*own, *words])), headers=HEADERS))
    assert run.kept == 1


def test_2_no_link_that_runs_something_is_published(lab: Lab) -> None:
    crawl_words(lab, NASTY[2])
    row = next(each for each in json.loads(published(lab, "events.json"))["events"] if "evals" in each["title"])
    assert not (row.get("url") or "").startswith(("javascript", "data", "vbscript"))
    text = publish(lab)
    assert not re.search(r"href=.?(javascript|data|vbscript):", text)


def publish(lab: Lab) -> str:
    folder = lab.folder / "site"
    publish_site(lab.store, folder, NOW)
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.html")))


def test_3_no_element_gets_into_a_page(lab: Lab) -> None:
    crawl_words(lab, NASTY[3])
    text = publish(lab)
    assert "<img" not in text
    assert "<script>alert" not in text


def test_4_no_cell_is_a_formula(lab: Lab) -> None:
    crawl_words(lab, NASTY[4])
    rows = list(csv.reader(io.StringIO(published(lab, "events.csv").decode("utf-8-sig"))))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "@", "\t", "\r"}]


def test_5_no_entry_or_property_gets_into_a_calendar(lab: Lab) -> None:
    crawl_words(lab, NASTY[5])
    found = icalendar.Calendar.from_ical(published(lab, "events.ics")).walk("VEVENT")
    assert len(found) == 2
    assert not {"X-EVIL", "X-FOREIGN", "ATTENDEE"} & {name for each in found for name in each}


# 6–11: bombs and traps

LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XML_BOMBS = {
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{LOL}]><rss><channel><item><title>&l9;</title></item></channel></rss>',
    "quadratic": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]><rss><channel><title>{"&a;" * 20_000}</title></channel></rss>',
    "external entity": '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
    "external document": '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/evil.dtd"><rss><channel></channel></rss>',
}  # fmt: skip


@pytest.mark.parametrize("name", XML_BOMBS)
def test_6_an_xml_bomb_does_not_go_off(lab: Lab, name: str, memory: Memory) -> None:
    run = crawl_one(lab, Page(XML_BOMBS[name].encode(), headers=RSS), "feed")
    assert run.kept == 0
    assert "root:" not in run.message
    assert memory.grown() < 100


class Memory:
    """How many megabytes this process has grown to, at most, since it was asked to watch."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._peak()

    def grown(self) -> float:
        return self._peak() - self._before

    def _peak(self) -> float:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


@pytest.fixture
def memory(lab: Lab) -> Memory:
    lab.web.pages["/calendar.ics"] = events(1)
    lab.source("well")
    lab.crawl()  # what all crawls load
    try:
        return Memory()
    except OSError:
        pytest.skip("this system does not show a process's memory")


def zeros(megabytes: int) -> Iterator[bytes]:
    return itertools.repeat(b"\0" * 2**20, megabytes)


def gzip_bomb() -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    return b"".join(squeeze.compress(piece) for piece in zeros(1_024)) + squeeze.flush()


def deflate_bomb() -> bytes:
    squeeze = zlib.compressobj(9)
    return b"".join(squeeze.compress(piece) for piece in zeros(1_024)) + squeeze.flush()


def brotli_bomb() -> bytes:
    squeeze = brotli.Compressor(quality=4)
    return bytes(b"".join(squeeze.process(piece) for piece in zeros(1_024)) + squeeze.finish())


@pytest.mark.long
@pytest.mark.parametrize(("coding", "bomb"), [("gzip", gzip_bomb), ("deflate", deflate_bomb), ("br", brotli_bomb)])
def test_7_a_gigabyte_in_a_megabyte_stays_packed(lab: Lab, coding: str, bomb: Any, memory: Memory) -> None:
    page = Page(bomb(), headers=HEADERS | {"Content-Encoding": coding})
    assert crawl_one(lab, page).diagnosis == "too_large"
    assert memory.grown() < 100


def test_8_a_page_without_end_is_cut_off(lab: Lab, memory: Memory) -> None:
    assert crawl_one(lab, Page(stream=itertools.repeat(b"x" * 65_536))).diagnosis == "too_large"
    assert memory.grown() < 100


@pytest.mark.long
def test_8_a_page_that_drips_is_given_up(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrapy_settings, "DOWNLOAD_TIMEOUT", 1)
    monkeypatch.setattr(scrapy_settings, "RETRY_TIMES", 0)

    def drip() -> Iterator[bytes]:
        for _ in range(60):
            time.sleep(0.2)
            yield b"x"

    assert crawl_one(lab, Page(stream=drip())).diagnosis == "timeout"


@pytest.mark.long
def test_8_a_source_has_its_time(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrapy_settings, "CLOSESPIDER_TIMEOUT", 1)
    pages = [f'"{lab.web.url(f"/slow/{number}")}"' for number in range(20)]
    lab.web.pages |= {f"/slow/{number}": Page(b"<html>", delay=0.4) for number in range(20)}
    lab.source("slow", platform='"schema_org"', page_urls=f"[{', '.join(pages)}]")
    run = lab.crawl()["slow"]
    assert run.diagnosis == "timeout"
    assert lab.web.asked("/slow/19") == 0


@pytest.mark.long
def test_8_a_source_that_scrapy_cannot_end_is_ended(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrapy_settings, "CLOSESPIDER_TIMEOUT", 1)
    monkeypatch.setattr(fetcher, "GRACE", 0)
    began = time.monotonic()
    run = crawl_one(lab, Page(b"<html>", delay=15))
    assert run.diagnosis == "timeout"
    assert time.monotonic() - began < 10


REPEATED = ["a", " ", "<", "(", "1", "\n", "1/", "<a ", "((", "Jan ", "BEGIN:VEVENT\n", "{", "[", '"', "&amp;"]


@pytest.mark.long
@pytest.mark.parametrize("platform", ["ical", "feed", "schema_org", "html_listing", "newsletter", "embedded_json", "open_graph"])  # fmt: skip
def test_9_no_text_keeps_a_reader_busy(lab: Lab, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_reader, "PAGE_SECONDS", 5.0)
    keys = {"html_listing": {"each": '"body"', "fields": '{ title = "h2", starts = "p" }'}}.get(platform, {})
    head = {"ical": "BEGIN:VCALENDAR\n", "feed": "<rss><channel><item><title>", "embedded_json": ""}.get(
        platform, "<html><body><h2>Events</h2><p>"
    )
    for text in REPEATED:
        page = Page((head + text * (100_000 // len(text))).encode(), headers=HTML)
        run = crawl_one(lab, page, platform, **keys)
        assert "longer than" not in run.message, text


def test_10_a_calendar_of_endless_months_ends(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traversal, "MAX_PAGES", 6)
    months = itertools.count(1)

    def month(_: int) -> Page:
        number = next(months)
        row = {"title": f"Talk {number}", "start": f"2027-01-{number % 28 + 1:02}", "id": number}
        return Page(json.dumps({"rows": [row], "next": lab.web.url(f"/month/{number}")}).encode())

    lab.web.pages |= {f"/month/{number}": month for number in range(40)}
    lab.source("endless", platform='"embedded_json"', page_urls=f'["{lab.web.url("/month/0")}"]', rows='"rows"',
               next_page='"next"', fields='{ title = "title", starts = "start", source_id = "id" }')  # fmt: skip
    run = lab.crawl()["endless"]
    assert (run.verdict.value, run.pages) == ("suspect", 6)
    assert "more than 6 pages" in run.message


RULES = ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;INTERVAL=0", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
def test_11_a_recurrence_bomb_costs_its_neighbours_nothing(lab: Lab, rule: str) -> None:
    run = crawl_one(lab, Page(calendar(f"{entry(0)}\nRRULE:{rule}", entry(1), entry(2)), headers=HEADERS))
    titles = {each.event.title for each in lab.events()}
    assert {"Reading group corrigibility 1", "Reading group evals 2"} <= titles
    assert run.kept <= 502


def hang(platform: Any, options: Any, page: Any) -> Any:
    if b"HANG" in page.body:
        while True:
            pass
    if b"EAT" in page.body:
        return [bytearray(2**26) for _ in range(2**10)]
    return REAL(platform, options, page)


REAL = page_reader.read_page


@pytest.mark.long
@pytest.mark.parametrize(
    ("word", "seconds", "says"), [("HANG", 1.0, "took longer than 1 seconds"), ("EAT", 30.0, "too much memory")]
)
def test_11_a_reader_that_hangs_or_eats_is_ended(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, word: str, seconds: float, says: str
) -> None:
    monkeypatch.setattr(page_reader, "PAGE_SECONDS", seconds)
    monkeypatch.setattr(page_reader, "PAGE_MEMORY", 2**28)
    monkeypatch.setattr(page_reader, "read_page", hang)
    run = crawl_one(lab, Page(calendar(entry(1, title=word)), headers=HEADERS))
    assert (run.verdict.value, run.diagnosis) == ("failed", "reader_failed")
    assert says in run.message


# 12, 15, 16, 18; 13 and 14 stand in test_wiping.py, 17 in tests/web/test_cache.py, 19 in test_ended.py


def test_12_what_robots_forbid_is_never_asked_for(lab: Lab) -> None:
    lab.web.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /hostile\n")
    assert crawl_one(lab, events(1)).diagnosis == "robots"
    assert lab.web.asked("/hostile") == 0
    assert all("(+https://" in headers["User-Agent"] for _, _, headers in lab.web.requests)


@pytest.mark.long
def test_15_no_secret_leaves_the_configuration(tmp_path: Path, lab: Lab) -> None:
    canary = "canary-7f3a9c"
    lab.web.pages["/calendar.ics"] = Page(b"<html>no calendar</html>")
    lab.source("broken")
    toml = [
        f'source_folders = ["{lab.folder / "sources"}"]',
        "only_own_sources = true",
        f'allowed_addresses = ["{lab.web.address}"]',
        "download_delay = 0.0",
        f'alert = ["json://127.0.0.1:9/{canary}"]',
        f'login = {{ client_secret = "{canary}", cookie_secret = "{canary}" }}',
    ]
    data = tmp_path / "data"
    data.mkdir()
    (data / "tracker.toml").write_text("\n".join(toml))
    secrets = {"AWS_SECRET_ACCESS_KEY": canary, "GITHUB_TOKEN": canary, "TRACKER_NOW": NOW.isoformat()}
    said = ""
    for words in (
        ["crawl"],
        ["crawl", "broken"],
        ["crawl", "broken"],
        ["crawl", "--json", "broken"],
        ["status"],
        ["doctor"],
    ):
        command = [sys.executable, "-m", "tracker", *words, "--data", str(data)]
        result = subprocess.run(command, env=os.environ | secrets, capture_output=True, text=True, check=False)
        said += result.stdout + result.stderr
    assert "broken" in said
    assert "Channel 1 of the setting 'alert' could not be reached" in said
    assert canary not in said
    kept = [path for path in data.rglob("*") if path.is_file() and path.name != "tracker.toml"]
    assert not [path for path in kept if canary.encode() in path.read_bytes()]
    assert all(canary not in str(headers) for _, _, headers in lab.web.requests)


def test_16_a_feed_has_no_token_to_leak(lab: Lab) -> None:
    crawl_one(lab, events(2))
    for name in ("events.ics", "events.json", "events.atom"):
        assert b"token" not in published(lab, name).lower()


def test_18_no_text_turns_round(lab: Lab) -> None:
    crawl_words(lab, ("SUMMARY:Talk \u202egnp.exe\u202c \u2066x\u2069 שלום",))
    titles = " ".join(each.event.title for each in lab.events())
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(titles)
    assert "שלום" in titles


def test_cookies_are_not_kept_and_no_port_is_opened(lab: Lab) -> None:
    seen: list[set[str]] = []

    def page(times: int) -> Page:
        seen.append(listening())
        return Page(events(times).body, headers=HEADERS | {"Set-Cookie": "id=1"})

    before = listening()
    lab.web.pages["/calendar.ics"] = page
    lab.source("nosy")
    lab.crawl()
    lab.crawl()
    assert seen == [before, before]
    assert not [headers for _, _, headers in lab.web.requests if "Cookie" in headers]


def listening() -> set[str]:
    """Return the addresses on which this process, or one that it started, listens."""
    sockets = set()
    for process in family(os.getpid()):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # the one that lists them
                sockets.add(str(file.readlink()))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and f"socket:[{parts[9]}]" in sockets:
                found.add(parts[1])
    return found


def family(process: int) -> Iterator[int]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


@pytest.mark.long
def test_certificates_are_checked(lab: Lab, tmp_path: Path) -> None:
    import ssl
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    key = tmp_path / "self-signed.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", str(key), "-out", str(tmp_path / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", key)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        lab.settings["allowed_addresses"] = ["127.0.0.1"]
        lab.source("secure", feed_url=f'"https://127.0.0.1:{server.server_port}/calendar.ics"')
        assert lab.crawl()["secure"].diagnosis == "bad_certificate"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_gzip_that_is_none_is_named(lab: Lab) -> None:
    good = gzip.compress(events(1).body)
    run = crawl_one(lab, Page(good[: len(good) // 2], headers=HEADERS | {"Content-Encoding": "gzip"}))
    assert not run.is_successful
