from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import httpx2
import pytest

from tracker.cli.serve import listen
from tracker.config import Settings
from tracker.web.app import feed_app
from tracker.web.front.dashboard_process import DashboardProcess
from tracker.web.front.limits import Limits
from tracker.web.front.server import front_app, server_of

STAND_IN = "tests.web.front.stand_in"


@dataclass(frozen=True)
class Front:
    """A front server that runs."""

    port: int
    dashboard: DashboardProcess | None

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stream(self) -> str:
        return f"ws://127.0.0.1:{self.port}/_stcore/stream"

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(self.http + path, headers={k.replace("_", "-"): v for k, v in headers.items()}, timeout=10)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def wait_for_dashboard(self) -> None:
        for _ in range(100):
            if self.get("/ready").status_code == 200:
                return
            time.sleep(0.1)
        raise AssertionError("the stand-in has not started")


Start = Callable[..., Front]


@contextmanager
def running(settings: Settings, limits: Limits, module: str) -> Iterator[Front]:
    """Run a front server in a thread, with the dashboard that a module serves; without one if it is empty."""
    # Short, because a socket's path is.
    folder = Path(mkdtemp(prefix="front-"))
    dashboard = DashboardProcess(module, folder / "s", {}) if module else None
    app = front_app(settings, dashboard, limits) if dashboard else feed_app(settings)
    server = server_of(app, limits, dashboard.socket if dashboard else None)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    try:
        yield Front(port, dashboard)
    finally:
        server.should_exit = True
        thread.join(20)
        shutil.rmtree(folder)


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Start front servers with limits of their own; they end with the test."""
    with ExitStack() as stack:

        def begin(limits: Limits | None = None, module: str = STAND_IN) -> Front:
            front = stack.enter_context(running(settings, limits or Limits(), module))
            if module == STAND_IN:
                front.wait_for_dashboard()
            return front

        yield begin


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A front server with the usual limits, for all tests of a file."""
    with running(Settings.load(tmp_path_factory.mktemp("front")), Limits(), STAND_IN) as front:
        front.wait_for_dashboard()
        yield front
