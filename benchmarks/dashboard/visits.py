"""A server and its visitors in Chromium: how long things take, what is sent, how much memory they need."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.feeds.events import NOW

VIEWS = ("", "deadlines", "timeline", "month", "map", "table", "year")
_CHOICES = ("Hackathon", "Talk", "Course", "Online", "Fellowship", "In person", "Workshop", "Meetup", "Social", "Grant")
_VISITORS = 20
_CLICK = """
async name => {
  const called = [...document.querySelectorAll('button')].find(each => each.innerText.startsWith(name + ' '))
  const heading = () => document.querySelector('h1').innerText
  const app = document.querySelector('[data-testid=stApp]')
  const before = heading(), start = performance.now()
  called.click()
  for (;;) {
    await new Promise(requestAnimationFrame)
    const rests = app.dataset.testScriptState === 'notRunning' && !document.querySelector('[data-stale="true"]')
    if (heading() !== before && rests) return performance.now() - start
    if (performance.now() - start > 30000) throw new Error('no rest after ' + name)
  }
}
"""


@dataclass(slots=True)
class Click:
    """How long filters took on a view, in milliseconds, and what was sent."""

    p50: float
    p95: float
    worst: float
    kilobytes: float


_SLOW_4G = {
    "offline": False, "latency": 562.5, "downloadThroughput": 1.6 * 2**20 / 8 * 0.9,
    "uploadThroughput": 750 * 2**10 / 8 * 0.9,
}  # fmt: skip
"""Lighthouse's throttling of requests, as its DevTools mode applies it."""
_SHIFTS = """
window.shifted = 0
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value
}).observe({type: 'layout-shift', buffered: true})
const isSeen = each => each && getComputedStyle(each).visibility === 'visible'
const watch = setInterval(() => {
  const app = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
  if (!window.readable && isSeen(document.querySelector('h3'))) window.readable = performance.now()
  if (app && isSeen(document.querySelector('#root h3'))) { window.usable = performance.now(); clearInterval(watch) }
}, 20)
"""


@dataclass(slots=True)
class FirstLoad:
    """What a browser that was never here loads."""

    seconds: float
    """Until the first event can be read."""
    usable: float
    """Until the filters are there, too."""
    requests: int
    megabytes: float
    """As sent, compressed."""
    shifted: float
    """Cumulative layout shift."""


@dataclass(slots=True)
class Measured:
    """What was seen of one server."""

    start: float = 0.0
    first_content: float = 0.0
    again: float = 0.0
    memory_start: float = 0.0
    memory_first: float = 0.0
    memory_views: float = 0.0
    per_visitor: float = 0.0
    views: dict[str, Click] = field(default_factory=dict)
    first_loads: dict[str, FirstLoad] = field(default_factory=dict)


def measure(folder: Path) -> Measured:
    """Serve a data folder and visit it."""
    found = Measured()
    chromium = shutil.which("chromium")
    with _serving(folder) as (base, process, seconds), sync_playwright() as playwright:
        found.start = seconds
        found.memory_start = _memory(process.pid)
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        found.first_content = _open(page, base)
        found.memory_first = _memory(process.pid)
        found.again = _open(page, base)
        for view in VIEWS:
            found.views[view] = _clicks(page, f"{base}/{view}")
        found.memory_views = _memory(process.pid)
        for width in (1280, 390):
            for slow in (False, True):
                name = f"{width} px, {'slow 4G' if slow else 'not throttled'}"
                found.first_loads[name] = _first_load(browser, base, width, slow=slow)
        pages = []
        for number in range(_VISITORS):
            pages.append(browser.new_context().new_page())
            _open(pages[-1], f"{base}/{VIEWS[number % 3]}")
        found.per_visitor = (_memory(process.pid) - found.memory_views) / _VISITORS
        browser.close()
    return found


def _open(page: Page, address: str) -> float:
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    seconds = time.perf_counter() - start
    _rest(page)
    return seconds


def _first_load(browser: Any, base: str, width: int, *, slow: bool) -> FirstLoad:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.add_init_script(_SHIFTS)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    if slow:
        devtools.send("Network.emulateNetworkConditions", _SLOW_4G)
    sizes: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    _open(page, base)
    page.wait_for_function("window.usable")
    page.wait_for_timeout(3_000)
    readable, usable = (float(page.evaluate(f"window.{name}")) / 1_000 for name in ("readable", "usable"))
    found = FirstLoad(readable, usable, len(sizes), sum(sizes) / 1e6, float(page.evaluate("window.shifted")))
    context.close()
    return found


def _clicks(page: Page, address: str) -> Click:
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(len(frame))))
    _open(page, address)
    page.wait_for_timeout(500)
    times, sizes = [], []
    for name in _CHOICES:
        for _ in range(2):  # chosen, and taken away again
            sent.clear()
            times.append(float(page.evaluate(_CLICK, name)))
            page.wait_for_timeout(150)
            sizes.append(sum(sent) / 1_000)
    times.sort()
    return Click(median(times), times[int(len(times) * 0.95) - 1], times[-1], median(sizes))


def _rest(page: Page) -> None:
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tracker", "serve", "--data", str(folder), "--port", str(port)]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"TRACKER_NOW": NOW.isoformat()}, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(timeout=20)


def _memory(pid: int) -> float:
    """Return the resident memory of a process and its children in MB: the feeds' process starts the dashboard's."""
    status: Any = Path(f"/proc/{pid}/status").read_text("utf-8")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024 + sum(_memory(int(child)) for child in children)
