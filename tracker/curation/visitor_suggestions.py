"""Handles suggestions of visitors: limited in number, queued for review, published only when a person accepts them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.curation.review_session import ReviewSession
from tracker.errors import SuggestionError
from tracker.models.listing import Listing
from tracker.models.raw_listing import Rejected
from tracker.models.suggestion import SUGGESTED, SourceSuggestion, Suggestion
from tracker.reading.listings import read_listing
from tracker.store import presence, sources, suggestions

MOST_PER_HOUR = 5
"""Maximum number of suggestions per visitor."""
MOST_PER_DAY = 200
MOST_WAITING = 500


def suggest(db: Connection, suggestion: Suggestion | SourceSuggestion) -> int:
    """Queue a suggestion of an event or a source for review, and return its number.

    Raises:
        SuggestionError: it says too little, or there are too many.
    """
    now = suggestion.at
    if suggestions.count_since(db, now - timedelta(hours=1), suggestion.visitor) >= MOST_PER_HOUR:
        raise SuggestionError(f"That is {MOST_PER_HOUR} suggestions within an hour: thank you! Go on in an hour.")
    if suggestions.count_since(db, now - timedelta(days=1)) >= MOST_PER_DAY:
        raise SuggestionError("Too many suggestions came in today. Come back tomorrow.")
    if suggestions.count_waiting(db) >= MOST_WAITING:
        raise SuggestionError("More suggestions are waiting than can be looked at. Come back in some days.")
    if isinstance(suggestion, Suggestion):
        read_suggestion(suggestion)
    else:
        _check_source(db, suggestion)
    return suggestions.add_suggestion(db, suggestion)


def _check_source(db: Connection, suggestion: SourceSuggestion) -> None:
    proposal = suggestion.proposal
    if not proposal.name:
        raise SuggestionError("Say who publishes these events, so that people know whom they come from.")
    if proposal.known_as:
        raise SuggestionError(f"{proposal.known_as} is read already; its events come by themselves.")
    if any(each.proposal.url == proposal.url for each in suggestions.waiting_sources(db).values()):
        raise SuggestionError("Somebody has suggested this address already; it waits to be looked at.")


def read_suggestion(suggestion: Suggestion) -> Listing:
    """Return the listing that a suggestion would be published as.

    Raises:
        SuggestionError: it says too little, or cannot be read.
    """
    read = read_listing(suggestion.raw, SUGGESTED)
    if isinstance(read, Rejected):
        raise SuggestionError(f"This cannot be read: {read.detail}.")
    return read


def accept(session: ReviewSession, number: int, by: str) -> Listing:
    """Accept a suggestion, to be published when the session ends, and return its listing.

    Raises:
        SuggestionError: it is not waiting, or cannot be read.
    """
    suggestion = _waiting(session.db, number)
    listing = read_suggestion(suggestion)
    raw = suggestion.raw.model_copy(update={"source_id": str(number)})
    listing = listing.model_copy(update={"source_id": str(number)})
    sources.save_sources(session.db, [SUGGESTED])
    presence.save_listings(session.db, [(raw, listing)], session.now)
    suggestions.decide_suggestion(session.db, number, accepted=True, at=session.now, by=by)
    return listing


def mark_added(db: Connection, number: int, now: datetime, by: str) -> None:
    """Record that the source of a suggestion has been added.

    Raises:
        SuggestionError: it is not waiting.
    """
    waiting_source(db, number)
    suggestions.decide_suggestion(db, number, accepted=True, at=now, by=by)


def waiting_source(db: Connection, number: int) -> SourceSuggestion:
    """Return a suggested source that waits to be decided.

    Raises:
        SuggestionError: there is none of this number.
    """
    found = suggestions.waiting_sources(db).get(number)
    if found is None:
        raise _not_waiting(number)
    return found


def refuse(db: Connection, number: int, now: datetime, by: str) -> None:
    """Reject a suggestion.

    Raises:
        SuggestionError: it is not waiting.
    """
    if number not in suggestions.waiting_sources(db):
        _waiting(db, number)
    suggestions.decide_suggestion(db, number, accepted=False, at=now, by=by)


def _waiting(db: Connection, number: int) -> Suggestion:
    found = suggestions.waiting_suggestions(db).get(number)
    if found is None:
        raise _not_waiting(number)
    return found


def _not_waiting(number: int) -> SuggestionError:
    return SuggestionError(f"Suggestion {number} does not wait. 'tracker suggestions list' shows those that do.")
