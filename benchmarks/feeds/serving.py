"""The feed over HTTP, beside nginx serving the same bytes as a file; under load, cold, and over many selections."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.feeds.events import CITIES, NOW, SUBJECTS
from tracker.models.vocabulary import EventType

SECONDS = 5
MANY = 10_000
"""Different selections that are asked for."""
_LUA = """done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('{"per_second": %.1f, "bytes_each": %.0f, "errors": %d, "p95_ms": %.1f}\\n',
    summary.requests / summary.duration * 1e6, summary.bytes / summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(95) / 1e3))
end
"""
_NGINX = """{user} worker_processes 1; daemon off; pid {work}/pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{ access_log off; types {{ text/calendar ics; }} sendfile on; tcp_nopush on; keepalive_requests 1000000000;
open_file_cache max=100; client_body_temp_path {work}/a; proxy_temp_path {work}/b; fastcgi_temp_path {work}/c;
uwsgi_temp_path {work}/d; scgi_temp_path {work}/e; server {{ listen 127.0.0.1:{port}; root {work}/site; }} }}
"""


def serving(data: Path) -> dict[str, Any]:
    """Return what was measured; needs nginx and wrk."""
    with _ours(data) as (port, process):
        feed = _get(port, "/events.ics")
        etag = _header(port, "/events.ics", "ETag")
        found: dict[str, Any] = {"ours": _rates(port, etag)}
        found["50 readers"] = _wrk(port, "/events.ics", connections=50, headers=["Accept-Encoding: gzip"])
        found["50 readers, not compressed"] = _wrk(port, "/events.ics", connections=50)
        found["cold filtered, ms"] = _cold(port)
        found["memory, MB"] = _memory(port, process.pid)
    with _nginx(feed) as port:
        found["nginx"] = _rates(port, _header(port, "/events.ics", "ETag"))
    return found


def _rates(port: int, etag: str) -> dict[str, Any]:
    return {
        "full": _wrk(port, "/events.ics"),
        "304": _wrk(port, "/events.ics", headers=[f"If-None-Match: {etag}"]),
    }


def _wrk(port: int, path: str, *, connections: int = 16, headers: list[str] | None = None) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA)
        script.flush()
        given = [part for header in headers or [] for part in ("-H", header)]
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--timeout", "20s", "-s", script.name, *given]
        done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _cold(port: int) -> dict[str, float]:
    times = []
    for city, country, *_ in CITIES:
        for kind in EventType:
            for query in (f"type={kind.value}&country={country}", f"near={city}&within=300km&type={kind.value}"):
                started = time.perf_counter()
                _get(port, f"/events.ics?{query}")
                times.append((time.perf_counter() - started) * 1_000)
    for subject in SUBJECTS:
        started = time.perf_counter()
        _get(port, f"/events.ics?q={subject}&mode=online")
        times.append((time.perf_counter() - started) * 1_000)
    times.sort()
    return {"p50": statistics.median(times), "p95": times[int(len(times) * 0.95)], "max": times[-1]}


def _memory(port: int, pid: int) -> dict[str, float]:
    before = _rss(pid)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    half = 0.0
    for number in range(MANY):
        connection.request("GET", f"/events.ics?q=number+{number}&type=talk")
        connection.getresponse().read()
        if number == MANY // 2:
            half = _rss(pid)
    return {"before": before, "half-way": half, f"after {MANY:,} selections": _rss(pid)}


def _rss(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:200])
    return body


def _header(port: int, path: str, name: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("HEAD", path)
    return connection.getresponse().getheader(name) or ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


@contextmanager
def _ours(data: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = _free_port()
    command = [sys.executable, "-m", "tracker", "serve", "--no-dashboard", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"TRACKER_NOW": NOW.isoformat()}, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _nginx(feed: bytes) -> Iterator[int]:
    port, work = _free_port(), Path(tempfile.mkdtemp())
    (work / "site").mkdir()
    (work / "site" / "events.ics").write_bytes(feed)
    work.chmod(0o755)
    user = "user root;" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(_NGINX.format(user=user, work=work, port=port))
    process = subprocess.Popen(["nginx", "-p", str(work), "-e", "stderr", "-c", str(work / "nginx.conf")])
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(work)
