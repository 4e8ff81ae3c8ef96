"""What we know of a visitor: the zone of the clock on the wall, and the address we are reached under."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from dashboard.settings import settings
from tracker.models.moments import check_zone


def visitor_zone() -> str:
    """Return the visitor's time zone as the browser says it; UTC where it says none that we know."""
    try:
        return check_zone(st.context.timezone or "UTC")
    except ValueError:
        return "UTC"


def base_url() -> str:
    """Return the address under which the visitor reaches us, without a trailing slash."""
    configured = settings().public_url
    if configured:
        return configured.rstrip("/")
    parts = urlsplit(st.context.url or "http://127.0.0.1:8501/")
    # The pages of the dashboard lie side by side in one folder.
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"


def is_dark() -> bool:
    """Say whether the visitor looks at the dark theme."""
    return st.context.theme.type == "dark"


def main_button() -> Literal["primary", "secondary"]:
    """Return the look of a page's main button. In the dark an outline: Streamlit writes white on every accent, and on
    one that is bright enough for other words nobody could read that."""
    return "secondary" if is_dark() else "primary"
