"""Renders a selection as a bare list for a frame in another site, which tells that site its height."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files

from sqlalchemy import Connection

from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.publishing.feeds import CALENDAR_DESCRIPTION, CALENDAR_NAME
from tracker.publishing.pages import render_template
from tracker.publishing.site_index import by_week
from tracker.reading.places.fields import locate
from tracker.store import queries

MOST = 100
"""Maximum number of events in a frame."""


def embed_page(db: Connection, query: str, now: datetime, base_url: str = "") -> tuple[bytes, bool]:
    """Return the page of a query string, and whether its filters are known; if not, the page says what is wrong."""
    problem, events, asked = "", [], Selection()
    try:
        asked = Selection.from_query(query)
        events = queries.find_events(db, locate(asked), now)
    except SelectionError as error:
        problem = str(error)
    page = render_template(
        "embed.html",
        title=CALENDAR_NAME,
        description=CALENDAR_DESCRIPTION,
        canonical="",
        weeks=list(by_week(events[:MOST], now)),
        more=max(0, len(events) - MOST),
        problem=problem,
        query=asked.to_query(),
        root=f"{base_url}/" if base_url else "",
        ending="",
        is_framed=True,
        credit=CALENDAR_DESCRIPTION,
        script=_script(),
    )
    return page.encode(), not problem


def embed_headers() -> dict[str, str]:
    """Return the headers of the page: any site may frame it, and only our script runs."""
    digest = base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; frame-ancestors *"
    return {"Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'"}


def embed_snippet(address: str) -> str:
    """Return the HTML that shows a page of ours in another site, as high as it is."""
    return (
        f'<iframe id="ai-safety-events" src="{escape(address)}" title="{CALENDAR_NAME}" loading="lazy"\n'
        '  style="width: 100%; height: 40rem; border: 0"></iframe>\n'
        "<script>addEventListener('message', event => {\n"
        "  const frame = document.getElementById('ai-safety-events');\n"
        "  if (event.source === frame.contentWindow && event.data.eventsHeight)\n"
        "    frame.style.height = event.data.eventsHeight + 'px';\n"
        "})</script>"
    )


@cache
def _script() -> str:
    return (files("tracker.publishing") / "templates" / "embed.js").read_text("utf-8")
