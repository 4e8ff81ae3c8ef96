"""Suggestions as visitors make them: how often one may, and who one is without anybody knowing."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque

import streamlit as st

from dashboard.loading import writing
from dashboard.settings import settings
from tracker.clock import current_time
from tracker.curating.suggesting import suggest
from tracker.errors import SuggestionError
from tracker.models.raw_listing import RawListing
from tracker.models.suggestion import SUGGESTED, Suggestion
from tracker.scouting.preview import Preview, preview

_MOST_PAGES = 10
"""Pages that one visitor may have read within an hour."""
_AT_ONCE = threading.BoundedSemaphore(2)
_HOUR = 3600.0
_SALT = secrets.token_bytes(16)
"""Of this process: nobody can tell later who suggested what."""


def read_page(url: str) -> Preview:
    """Return what a page gives.

    Raises:
        UsageError: it is no address, or the visitor has had too many pages read.
    """
    read = _pages_read().setdefault(visitor(), deque())
    now = time.monotonic()
    while read and now - read[0] > _HOUR:
        read.popleft()
    if len(read) >= _MOST_PAGES:
        raise SuggestionError(f"That were {_MOST_PAGES} pages within an hour. Go on in an hour.")
    if not _AT_ONCE.acquire(timeout=20):
        raise SuggestionError("Other people's pages are being read just now. Try again in a minute.")
    try:
        read.append(now)
        return preview(settings(), url)
    finally:
        _AT_ONCE.release()


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
    raw = raw.model_copy(update={"source": SUGGESTED.id, "source_id": "", "fetched_at": now, "is_on_topic": True})
    with writing() as db:
        return suggest(db, Suggestion(raw=raw, note=note, at=now, visitor=visitor()))


def visitor() -> str:
    """Return what tells this visitor from others, and does not say who it is."""
    return hashlib.sha256(_SALT + str(st.context.ip_address or "").encode()).hexdigest()[:32]


@st.cache_resource(show_spinner=False)
def _pages_read() -> dict[str, deque[float]]:
    return {}
