"""Accepts suggestions of visitors: limits their number, and identifies visitors by an anonymous fingerprint."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from dashboard.loading import writing
from dashboard.settings import settings
from dashboard.turns import turns
from dashboard.visitor import visitor_zone
from tracker.clock import current_time
from tracker.curation.visitor_suggestions import suggest
from tracker.errors import SuggestionError
from tracker.models.moments import zone_of
from tracker.models.raw_listing import RawListing
from tracker.models.suggestion import SUGGESTED, SourceProposal, SourceSuggestion, Suggestion
from tracker.models.text import check_link, clean_line
from tracker.probing.preview import Preview, preview
from tracker.probing.proposal import renamed
from tracker.web.front.limits import client_of

_MOST_PAGES = 10
"""Maximum number of pages that one visitor may have read within an hour."""
_AT_ONCE = 2
_readers = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="reads-pages")
_COUNTING, _KEEPING = threading.Lock(), threading.Lock()
_in_progress: set[str] = set()
"""Visitors whose page is being read."""
_read_times: dict[str, deque[float]] = {}
"""Times at which each visitor had pages read."""
_HOUR = 3600.0
_SALT = secrets.token_bytes(16)
"""New in each process, so that fingerprints cannot be traced to visitors later."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A page that is being read, or has been."""

    url: str
    done: Future[Preview]

    def wait(self) -> Preview:
        """Return the preview once it is there.

        Raises:
            UsageError: the URL is invalid.
        """
        with turns.lent():
            return self.done.result()


def start_reading(url: str) -> Reading:
    """Begin to read a page, in a thread of its own: Streamlit gives up a script that waits once something is pressed.

    Raises:
        SuggestionError: too many pages are read, by the visitor or at once.
    """
    who, now, given = visitor(), time.monotonic(), settings()
    with _COUNTING:
        for each, times in list(_read_times.items()):
            while times and now - times[0] > _HOUR:
                times.popleft()
            if not times:
                del _read_times[each]
        read = _read_times.setdefault(who, deque())
        if len(read) >= _MOST_PAGES:
            free = current_time() + timedelta(seconds=_HOUR - (now - read[0]), minutes=1)
            again = f"{free.astimezone(zone_of(visitor_zone())):%H:%M}"
            raise SuggestionError(f"You have had {_MOST_PAGES} pages read within an hour; try again after {again}.")
        if who in _in_progress:
            raise SuggestionError("Your last page is still being read. Wait for it.")
        if len(_in_progress) >= _AT_ONCE:
            raise SuggestionError("Other people's pages are being read just now. Try again in a minute.")
        read.append(now)
        _in_progress.add(who)

    def read_it() -> Preview:
        try:
            return preview(given, url)
        finally:
            with _COUNTING:
                _in_progress.discard(who)

    return Reading(url, _readers.submit(read_it))


def keep_suggestion(raw: RawListing, note: str) -> int:
    """Store a visitor's suggestion for a curator to decide, and return its number.

    Raises:
        SuggestionError: it says too little, there are too many, or suggestions are switched off.
        StoreError: the database cannot be written.
    """
    _check_open()
    now = current_time()
    # A suggested event counts as on topic; a curator decides.
    try:
        url = check_link(raw.url) if raw.url else ""
    except ValueError as error:
        raise SuggestionError(f"The event's address is none of the web: {error}.") from error
    raw = raw.model_copy(
        update={"url": url, "source": SUGGESTED.id, "source_id": "", "fetched_at": now, "is_on_topic": True}
    )
    return _keep(Suggestion(raw=raw, note=note, at=now, visitor=visitor()))


def keep_source(proposal: SourceProposal, name: str, examples: Sequence[str], note: str) -> int:
    """Store a source that a visitor suggests for a curator to decide, and return its number.

    Raises:
        SuggestionError: it has no name, is known, there are too many, or suggestions are switched off.
        StoreError: the database cannot be written.
    """
    _check_open()
    named = renamed(proposal, clean_line(name, 80))
    return _keep(
        SourceSuggestion(
            proposal=named, examples=tuple(map(clean_line, examples)), note=note, at=current_time(), visitor=visitor()
        )
    )


def _check_open() -> None:
    if not settings().suggestions:
        raise SuggestionError("Suggestions are switched off here.")


def _keep(suggestion: Suggestion | SourceSuggestion) -> int:
    # Counted and stored under one lock, so that concurrent suggestions are counted too.
    with _KEEPING, writing() as db:
        return suggest(db, suggestion)


def visitor() -> str:
    """Return the anonymous fingerprint of this visitor."""
    return fingerprint_of(st.context.ip_address or "")


def fingerprint_of(address: str) -> str:
    """Return the fingerprint of an IP address; all IPv6 addresses of a /64, as a household has, are one visitor."""
    return hashlib.sha256(_SALT + client_of(address).encode()).hexdigest()[:32]
