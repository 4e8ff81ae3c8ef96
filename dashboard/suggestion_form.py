"""Suggestions as visitors make them: how often one may, and who one is without anybody knowing."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from ipaddress import ip_address, ip_network

import streamlit as st

from dashboard.loading import writing
from dashboard.settings import settings
from tracker.clock import current_time
from tracker.curation.visitor_suggestions import suggest
from tracker.errors import SuggestionError
from tracker.models.raw_listing import RawListing
from tracker.models.suggestion import SUGGESTED, Suggestion
from tracker.models.text import check_link
from tracker.probing.preview import Preview, preview

_MOST_PAGES = 10
"""Pages that one visitor may have read within an hour."""
_AT_ONCE = 2
_COUNTING, _KEEPING = threading.Lock(), threading.Lock()
_READING: set[str] = set()
"""Visitors whose page is being read."""
_READ: dict[str, deque[float]] = {}
"""When each visitor had pages read."""
_HOUR = 3600.0
_SALT = secrets.token_bytes(16)
"""Of this process: nobody can tell later who suggested what."""


def read_page(url: str) -> Preview:
    """Return what a page gives.

    Raises:
        UsageError: it is no address, or the visitor has had too many pages read.
    """
    who, now = visitor(), time.monotonic()
    with _COUNTING:
        for each, times in list(_READ.items()):
            while times and now - times[0] > _HOUR:
                times.popleft()
            if not times:
                del _READ[each]
        read = _READ.setdefault(who, deque())
        if len(read) >= _MOST_PAGES:
            raise SuggestionError(f"That were {_MOST_PAGES} pages within an hour. Go on in an hour.")
        if who in _READING:
            raise SuggestionError("Your last page is still being read. Wait for it.")
        if len(_READING) >= _AT_ONCE:
            raise SuggestionError("Other people's pages are being read just now. Try again in a minute.")
        read.append(now)
        _READING.add(who)
    try:
        return preview(settings(), url)
    finally:
        with _COUNTING:
            _READING.discard(who)


def keep_suggestion(raw: RawListing, note: str) -> int:
    """Keep what a visitor suggests for a person to decide, and return its number.

    Raises:
        SuggestionError: it says too little, or there are too many.
        StoreError: the database cannot be written.
    """
    if not settings().suggestions:
        raise SuggestionError("Suggestions are switched off here.")
    now = current_time()
    # Whoever suggests it says that it belongs here; a person decides.
    try:
        url = check_link(raw.url) if raw.url else ""
    except ValueError as error:
        raise SuggestionError(f"The event's address is none of the web: {error}.") from error
    raw = raw.model_copy(
        update={"url": url, "source": SUGGESTED.id, "source_id": "", "fetched_at": now, "is_on_topic": True}
    )
    # Counted and kept in one go: what comes at once is counted as well.
    with _KEEPING, writing() as db:
        return suggest(db, Suggestion(raw=raw, note=note, at=now, visitor=visitor()))


def visitor() -> str:
    """Return what tells this visitor from others, and does not say who it is."""
    return fingerprint_of(st.context.ip_address or "")


def fingerprint_of(address: str) -> str:
    """Return a fingerprint of an address; of IPv6, what one household has is one visitor (a /64)."""
    try:
        found = ip_address(address)
        network = ip_network((found, 64), strict=False) if found.version == 6 else found
    except ValueError:
        network = None
    return hashlib.sha256(_SALT + str(network).encode()).hexdigest()[:32]
