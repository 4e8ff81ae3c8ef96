"""What every way to serve the dashboard shares, and what ``streamlit run`` needs beside it: feeds, and data to show."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import Any

import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, net_util

from dashboard.curator_key import CuratorKey
from dashboard.first_page import PRINT, first_page, print_page
from dashboard.known_paths import KnownPaths
from dashboard.navigation import views
from dashboard.settings import settings
from dashboard.shell import HeadMiddleware, SecurityHeaders
from dashboard.static_files import StaticFiles, preload_tags
from dashboard.theme import theme_options
from tracker.config import Settings
from tracker.web.app import feed_app

PRIVATE_OPTIONS: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
}
_MIRROR_SECONDS, _MIRROR_TIMEOUT = 3_600.0, 120.0

# To a WebSocket of another origin Streamlit asks a server on the internet for this machine's address, and waits.
net_util.get_external_ip = lambda: None


class FeedsFirst:
    """ASGI middleware that answers for feeds and pages without scripts; what is none of them passes."""

    def __init__(self, app: ASGIApp, feeds: Starlette) -> None:
        self._app, self._feeds = app, feeds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        is_feed = scope["type"] == "http" and any(
            route.matches(scope)[0] is not Match.NONE for route in self._feeds.routes
        )
        await (self._feeds if is_feed else self._app)(scope, receive, send)


def middleware(known: Settings) -> list[Middleware]:
    """Return what stands around Streamlit, the outermost first."""
    paths = [view.path for view in views()]
    head = Middleware(
        HeadMiddleware, base_url=known.public_url, views=paths, preloads=preload_tags(), first_page=first_page,
        print_page=print_page,
    )  # fmt: skip
    return [
        Middleware(SecurityHeaders, may_embed=not known.local_curator),
        *([Middleware(CuratorKey)] if known.local_curator else []),
        Middleware(KnownPaths, views=[*paths, PRINT], has_login=bool(known.login)),
        head,
        Middleware(StaticFiles),
    ]


def secrets(known: Settings) -> dict[str, Any] | None:
    """Return Streamlit's secrets for the login of curators; None without it."""
    return {"auth": dict(known.login)} if known.login else None


def alone() -> dict[str, Any]:
    """Return the arguments of ``st.App`` for ``streamlit run`` and hosts that use it: the feeds come with it.

    It sets the theme and the privacy settings, and fetches the events of another tracker if ``mirror_of`` names one.
    """
    st.secrets.load_if_toml_exists()  # a host's secrets are settings: TRACKER_MIRROR_OF = "…"
    for name, value in (PRIVATE_OPTIONS | theme_options()).items():
        config.set_option(name, value)
    known = settings()
    if known.mirror_of:
        _mirror(known)
        threading.Thread(target=_keep_mirroring, args=(known,), name="mirror", daemon=True).start()
    return {
        "secrets": secrets(known),
        "middleware": [Middleware(FeedsFirst, feeds=feed_app(known)), *middleware(known)],
    }


def _keep_mirroring(known: Settings) -> None:
    while True:
        time.sleep(_MIRROR_SECONDS)
        _mirror(known)


def _mirror(known: Settings) -> None:
    """Fetch the events in a process of its own; if that fails, what was there is shown, with its age."""
    command = [sys.executable, "-m", "tracker", "mirror", "--data", str(known.data_dir)]
    try:
        subprocess.run(command, env=os.environ.copy(), timeout=_MIRROR_TIMEOUT, check=False)  # noqa: S603 - our own command
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"{known.mirror_of} did not answer within {_MIRROR_TIMEOUT:.0f} seconds.\n")
