"""robots.txt (RFC 9309): what a response to its request means, and what its rules say about a URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from protego import Protego

from tracker.health.bot_walls import is_challenge
from tracker.health.diagnosis import diagnose, diagnose_response

USER_AGENT = "aisafety-tracker"
"""Our product token, which a group of robots.txt may name."""
_MAX_BYTES = 512 * 1024
"""RFC 9309, section 2.5: at least 500 kibibytes are parsed."""
_OK, _TOO_MANY_REQUESTS = 200, 429
_SERVER_ERRORS = range(500, 600)

DOCUMENTED_FEEDS = {
    re.compile(r"https://calendar\.google\.com/calendar/ical/[^/?#]+/public/"): (
        "https://support.google.com/calendar/answer/37083"
    ),
}
"""Addresses that their host documents for calendar programs, with the page that says so, although its robots.txt
forbids all: the public addresses of Google's calendars."""


def is_documented_feed(url: str) -> bool:
    """Return whether the host of ``url`` documents it for calendar programs, so that robots.txt does not apply."""
    return any(pattern.match(url) for pattern in DOCUMENTED_FEEDS)


def robots_url(url: str) -> str:
    """Return the URL of the robots.txt that governs ``url``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def robots_text(status: int, headers: Mapping[str, str], body: bytes, url: str) -> bytes:
    """Return the rules in a response to the request for robots.txt; empty if the site has no such file (4xx).

    Raises:
        SourceError: the site cannot say now what it allows (5xx, 429), so nothing may be requested.
    """
    if status == _TOO_MANY_REQUESTS or (status in _SERVER_ERRORS and is_challenge(headers, body)):
        raise diagnose_response(status, headers, body, url)
    if status in _SERVER_ERRORS:
        raise diagnose("robots_unreachable", url, status=status)
    return body[:_MAX_BYTES] if status == _OK else b""


class RobotsRules:
    """The rules of one robots.txt."""

    def __init__(self, text: bytes) -> None:
        self._rules = Protego.parse(text.decode("utf-8", "ignore").lstrip("\ufeff"))

    def allows(self, url: str) -> bool:
        """Return whether the rules allow us to fetch ``url``."""
        return bool(self._rules.can_fetch(url, USER_AGENT))

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the rules ask of us; 0 if they ask for nothing."""
        return float(self._rules.crawl_delay(USER_AGENT) or 0.0)
