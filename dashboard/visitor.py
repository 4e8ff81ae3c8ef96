"""Reads the visitor's time zone, theme and the dashboard's URL from the browser's request."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from dashboard.settings import settings
from tracker.models.moments import check_zone


def visitor_zone() -> str:
    """Return the browser's time zone; UTC if it is missing or unknown."""
    try:
        return check_zone(st.context.timezone or "UTC")
    except ValueError:
        return "UTC"


def base_url() -> str:
    """Return the URL under which the visitor reaches the dashboard, without a trailing slash."""
    configured = settings().public_url
    if configured:
        return configured.rstrip("/")
    parts = urlsplit(st.context.url or "http://127.0.0.1:8501/")
    # All pages of the dashboard have the same parent path.
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"


def is_local() -> bool:
    """Return whether the visitor reaches the dashboard at this machine's own address, as whoever runs it does."""
    return urlsplit(base_url()).hostname in {"127.0.0.1", "localhost", "::1"}


def view_path() -> str:
    """Return the path of the view that the visitor looks at; empty for the first one."""
    return urlsplit(st.context.url or "").path.rpartition("/")[2]


def is_dark() -> bool:
    """Return whether the visitor uses the dark theme."""
    return st.context.theme.type == "dark"


def main_button() -> Literal["primary", "secondary"]:
    """Return the type of a page's main button: in the dark theme an outlined one, because Streamlit's white text is
    unreadable on an accent colour that is bright enough for links."""
    return "secondary" if is_dark() else "primary"
