"""Dashboard and feeds in one process: Streamlit's app with our routes beside it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.headers import SecurityHeaders
from dashboard.shell import Shell
from tracker.config import Settings
from tracker.web.app import routes

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

_settings = Settings.load()

app = st.App(
    Path(__file__).with_name("app.py"),
    routes=routes(_settings),
    middleware=[Middleware(SecurityHeaders), Middleware(Shell, base_url=_settings.public_url)],
)


def run(host: str, port: int) -> None:
    """Serve until interrupted. Nothing is asked of, or told to, any other server."""
    app.run(
        config={
            "server.address": host,
            "server.port": port,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
            "client.toolbarMode": "minimal",
            "client.showErrorDetails": "none",
            "theme.font": _FONT,
            "theme.headingFont": _FONT,
            "theme.paddingTop": "2rem",
            # Both are set, so that the visitor's own choice of light or dark is followed.
            "theme.light.primaryColor": "#1f6f78",
            "theme.dark.primaryColor": "#5fb3bc",
        }
    )
