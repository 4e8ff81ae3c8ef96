"""Converts links on pages into safe absolute links."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from tracker.models.text import check_link

# WordPress escapes its URLs as HTML even in JSON.
_AMPERSAND = re.compile(r"&(?:amp|#0*38|#x26);", re.IGNORECASE)
_CALL = re.compile(r"https?://(?:[\w.-]*\bzoom\.(?:us|com)|meet\.google\.com|teams\.(?:microsoft|live)\.com)/")
_TRACKING = re.compile(r"(?:utm_\w+|mc_[ce]id|fbclid|gclid)=", re.IGNORECASE)
_MAX_TEXT = 20_000
_FIRST_LINK = re.compile(r"https?://[^\s<>\"')\]]+")


def read_link(text: str, page_url: str = "") -> str | None:
    """Return ``text`` as an absolute http(s) link, resolved against ``page_url``, or None.

    >>> read_link("/events/1", "https://berlin.example/calendar")
    'https://berlin.example/events/1'
    >>> read_link("javascript:alert(1)") is None and read_link("#") is None
    True
    """
    text = _AMPERSAND.sub("&", text.strip())
    if not text or text.startswith("#"):
        return None
    try:
        return check_link(urljoin(page_url, text) if page_url else text)
    except ValueError:
        return None


def first_link(text: str) -> str | None:
    """Return the first safe link in running text, or None. Links to video calls are skipped: they are not pages."""
    for match in _FIRST_LINK.finditer(text[:_MAX_TEXT]):
        link = read_link(match[0].rstrip(".,;:!?"))
        if link and not _CALL.match(link):
            return link
    return None


def without_tracking(link: str) -> str:
    """Return a link without its tracking parameters (``utm_*``, ``mc_cid``, ``mc_eid``, ``fbclid``, ``gclid``).

    >>> without_tracking("https://x.example/?utm_source=mail&id=1")
    'https://x.example/?id=1'
    """
    kept, question, query = link.partition("?")
    query, hash_sign, fragment = query.partition("#")
    rest = "&".join(part for part in query.split("&") if not _TRACKING.match(part))
    return kept + (question + rest if rest else "") + hash_sign + fragment
