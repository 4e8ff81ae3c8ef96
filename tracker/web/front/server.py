"""Serves the feeds on the public port, and the dashboard of another process behind it."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import cast

import uvicorn
from starlette.applications import Starlette

from tracker.config import Settings
from tracker.errors import UsageError
from tracker.web.app import feed_app
from tracker.web.front.connections import BoundedProtocol, Connections
from tracker.web.front.dashboard_process import DashboardProcess
from tracker.web.front.limits import Limits
from tracker.web.front.pass_through import PassThrough
from tracker.web.front.tunnel import Tunnel, Tunnels

_ENOUGH_FILES = 8_192
_LONGEST_FOLDER = 70
"""A Unix socket's path has 103 characters on macOS, 107 on Linux."""
_SECONDS_TO_END = 2


def serve_feeds(settings: Settings, listener: socket.socket) -> None:
    """Serve the feeds alone until interrupted."""
    _run(server_of(feed_app(settings), Limits().for_files(_raise_file_limit())), listener)


def serve_with_dashboard(
    settings: Settings, listener: socket.socket, module: str, environment: Mapping[str, str]
) -> None:
    """Serve the feeds, and the dashboard that ``module`` serves in a process of its own, until interrupted.

    Raises:
        UsageError: there is no folder for the socket between the two.
    """
    if len(gettempdir()) > _LONGEST_FOLDER:
        raise UsageError(f"{gettempdir()} is too long for the path of a socket. Set TMPDIR to a shorter folder.")
    limits = Limits().for_files(_raise_file_limit())
    # Only this user may enter the folder, so that nobody else reaches the dashboard past the limits.
    with TemporaryDirectory(prefix="tracker-") as folder:
        dashboard = DashboardProcess(module, Path(folder) / "socket", environment)
        _run(server_of(front_app(settings, dashboard, limits), limits, dashboard.socket), listener)


def front_app(settings: Settings, dashboard: DashboardProcess, limits: Limits) -> Starlette:
    """Return an app with the routes of the feeds; what is none of them goes to the dashboard."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        running = asyncio.create_task(dashboard.keep_running())
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    app = feed_app(settings, lifespan=lifespan)
    app.router.default = PassThrough(dashboard.socket, limits)
    return app


def server_of(app: Starlette, limits: Limits, dashboard: Path | None = None) -> uvicorn.Server:
    """Return a server of an app within limits; ``dashboard``: the Unix socket for its WebSockets."""
    config = uvicorn.Config(
        app,
        ws=Tunnel,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    tunnels = Tunnels(dashboard, limits, config.forwarded_allow_ips) if dashboard else None
    protocol = partial(BoundedProtocol, limits, Connections(limits.connections), tunnels)
    config.http = cast("type[asyncio.Protocol]", protocol)
    return uvicorn.Server(config)


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    # uvicorn passes the signal that has ended it on to the handler from before: SIGTERM, too, shall end us in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def _raise_file_limit() -> int:
    """Allow this process more open files, as far as the system lets it; return how many it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(_ENOUGH_FILES, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    with suppress(ValueError, OSError):  # a system may have a limit below the one that it tells
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
