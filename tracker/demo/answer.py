"""What one address of the practice web answers."""

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
class Answer:
    """One page."""

    body: bytes
    content_type: str


Pages = dict[str, Answer]
"""Pages by address, without the scheme."""

Site = Callable[[Sequence[FixtureEvent], date], Pages]
"""Writes a site's pages from what is true; the day is the Monday of the week."""


def page(text: str, content_type: str = HTML) -> Answer:
    """Return a text as a page."""
    return Answer(text.encode(), content_type)
