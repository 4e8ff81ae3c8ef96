"""Serves dashboard and feeds in one process: Streamlit's app with the routes of the feeds."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.settings import settings
from dashboard.shell import HeadMiddleware, SecurityHeaders
from dashboard.theme import theme_options
from tracker.web.app import routes

_settings = settings()

app = st.App(
    Path(__file__).with_name("app.py"),
    secrets={"auth": dict(_settings.login)} if _settings.login else None,
    routes=routes(_settings),
    middleware=[
        Middleware(SecurityHeaders, may_embed=not _settings.local_curator),
        Middleware(HeadMiddleware, base_url=_settings.public_url),
    ],
)


def run(host: str, port: int) -> None:
    """Serve until interrupted, without contacting any other server."""
    app.run(
        config={
            "server.address": host,
            "server.port": port,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
            "client.toolbarMode": "minimal",
            "client.showErrorDetails": "none",
            "server.enableWebsocketCompression": True,
        }
        | theme_options()
    )
