"""Serves the dashboard on a Unix socket, in a process of its own behind the front server (``tracker serve``)."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from streamlit import net_util
from streamlit.web.bootstrap import load_config_options

from dashboard.behind_front import BehindFront
from dashboard.curator_key import CuratorKey
from dashboard.first_page import first_page
from dashboard.known_paths import KnownPaths
from dashboard.navigation import views
from dashboard.settings import settings
from dashboard.shell import HeadMiddleware, SecurityHeaders
from dashboard.static_files import StaticFiles, preload_tags
from dashboard.theme import theme_options

_NICENESS = 5
"""Lower priority than the front server's: the feeds come first."""
_PING_SECONDS = 30
_MESSAGE_BYTES = 1_000_000
"""What a visitor may send at once, unpacked: the front server limits what is packed."""
_SECONDS_TO_END = 1
# To a WebSocket of another origin Streamlit asks a server on the internet for this machine's address, and waits.
net_util.get_external_ip = lambda: None
_settings = settings()

app = st.App(
    Path(__file__).with_name("app.py"),
    secrets={"auth": dict(_settings.login)} if _settings.login else None,
    middleware=[
        Middleware(SecurityHeaders, may_embed=not _settings.local_curator),
        *([Middleware(CuratorKey)] if _settings.local_curator else []),
        Middleware(KnownPaths, views=[view.path for view in views()], has_login=bool(_settings.login)),
        Middleware(
            HeadMiddleware,
            base_url=_settings.public_url,
            views=[view.path for view in views()],
            preloads=preload_tags(),
            first_page=first_page,
        ),
        Middleware(StaticFiles),
    ],
)


def serve(path: str) -> None:
    """Serve on a Unix socket until interrupted or until standard input ends, without contacting any other server."""
    load_config_options(
        {
            "server.headless": True,
            "server.fileWatcherType": "none",
            "server.maxWidgetStateSize": 1,
            "browser.gatherUsageStats": False,
            "client.toolbarMode": "minimal",
            "client.showErrorDetails": "none",
        }
        | theme_options()
    )
    os.nice(_NICENESS)
    threading.Thread(target=_end_with_the_front, name="end-with-the-front", daemon=True).start()
    uvicorn.run(
        BehindFront(app),
        uds=path,
        # The front server decides what is a WebSocket as this parser does.
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=_MESSAGE_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        proxy_headers=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )


def _end_with_the_front() -> None:
    """Wait until the front server is gone, however it ended, and end this process."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(2 * _SECONDS_TO_END)
    os._exit(1)


if __name__ == "__main__":
    serve(sys.argv[1])
