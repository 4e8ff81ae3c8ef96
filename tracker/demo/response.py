"""Types for the pages of the practice web."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.demo.fixtures import FixtureEvent

HTML = "text/html; charset=utf-8"
JSON = "application/json"
CALENDAR = "text/calendar; charset=utf-8"
FEED = "application/rss+xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class SiteResponse:
    """The response for one URL."""

    body: bytes
    content_type: str


Pages = dict[str, SiteResponse]
"""Responses by URL, without the scheme."""

Site = Callable[[Sequence[FixtureEvent], date], Pages]
"""Renders a site's pages from its events; the date is the Monday of the week."""


def page(text: str, content_type: str = HTML) -> SiteResponse:
    """Return a text as a response."""
    return SiteResponse(text.encode(), content_type)
