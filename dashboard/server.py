"""Serves the dashboard on a Unix socket, in a process of its own behind the front server (``tracker serve``)."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import streamlit as st
import uvicorn
from streamlit.web.bootstrap import load_config_options

from dashboard.behind_front import BehindFront
from dashboard.hosting import PRIVATE_OPTIONS, middleware, secrets
from dashboard.settings import settings
from dashboard.theme import theme_options

_NICENESS = 5
"""Lower priority than the front server's: the feeds come first."""
_PING_SECONDS = 30
_MESSAGE_BYTES = 1_000_000
"""What a visitor may send at once, unpacked: the front server limits what is packed."""
_SECONDS_TO_END = 1
_settings = settings()

app = st.App(Path(__file__).with_name("app.py"), secrets=secrets(_settings), middleware=middleware(_settings))


def serve(path: str) -> None:
    """Serve on a Unix socket until interrupted or until standard input ends, without contacting any other server."""
    load_config_options(
        {
            "server.headless": True,
            "server.fileWatcherType": "none",
            "server.maxWidgetStateSize": 1,
        }
        | PRIVATE_OPTIONS
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
