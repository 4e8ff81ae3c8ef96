"""Parses the HTTP headers ``Retry-After``, ``Cache-Control``, ``Expires``, ``Date`` and ``Age``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)
"""Upper bound of all durations, because a typo in a header could otherwise block a source for ever."""
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"no-cache|no-store", re.IGNORECASE)
_MOST_DIGITS = 10


def retry_after(header: str, now: datetime) -> timedelta | None:
    """Parse ``Retry-After``, seconds or a date (RFC 9110, section 10.2.3); return None if it is neither."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return _within(timedelta(seconds=int(text[:_MOST_DIGITS])))
    at = http_date(text)
    return None if at is None else _within(at - now)


def freshness(cache_control: str, expires: str, age: str, now: datetime) -> timedelta:
    """Return the remaining freshness lifetime of a response (RFC 9111, section 4.2); zero if it has none."""
    if _NOT_KEPT.search(cache_control):
        return timedelta()
    if (found := _MAX_AGE.search(cache_control)) is not None:
        old = int(age[:_MOST_DIGITS]) if age.isascii() and age.isdigit() else 0
        return _within(timedelta(seconds=int(found[1]) - old))
    at = http_date(expires)
    return timedelta() if at is None else _within(at - now)


def clock_skew(date: str, age: str, now: datetime) -> timedelta | None:
    """Return how far the server's clock is ahead of ours; None without a valid ``Date`` header."""
    shown = http_date(date)
    if shown is None:
        return None
    old = int(age[:_MOST_DIGITS]) if age.isascii() and age.isdigit() else 0
    return shown - now + timedelta(seconds=old)


def http_date(text: str) -> datetime | None:
    """Parse an HTTP date such as ``Sun, 06 Nov 1994 08:49:37 GMT``; return None if it is not one."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _within(span: timedelta) -> timedelta:
    return min(max(span, timedelta()), LONGEST)
