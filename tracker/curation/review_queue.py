"""Loads the review queue: suggestions, pairs that may be one event, and events that may be off topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from tracker.matching.explaining import Explanation, explain_pair
from tracker.matching.rulings import resolve_rulings
from tracker.models.event import PublishedEvent
from tracker.models.listing import Listing
from tracker.models.ruling import Ruling
from tracker.models.suggestion import SourceSuggestion, Suggestion
from tracker.store import listings, queries, rulings, sources, suggestions

RELEVANCE = "relevance: "
"""Prefix of an event's doubt that its topic is relevant."""


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two listings that may be one event."""

    one: Listing
    other: Listing
    points: float
    """Score of the pair."""


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """Everything that waits for review, and the rulings in force."""

    suggestions: Mapping[int, Suggestion]
    sources: Mapping[int, SourceSuggestion]
    pairs: int
    """Number of all waiting pairs; ``doubtful`` may contain fewer."""
    doubtful: tuple[ReviewPair, ...]
    off_topic: tuple[tuple[PublishedEvent, str], ...]
    """Events that may be off topic, each with the reason."""
    rulings: Mapping[int, Ruling]
    source_names: Mapping[str, str]


def load_review_queue(db: Connection, most: int) -> ReviewQueue:
    """Return the review queue, with at most ``most`` pairs, the likeliest ones."""
    pairs = rulings.load_doubtful_pairs(db)
    standing = rulings.load_rulings(db)
    found = listings.load_listings(db) if pairs or standing else []
    by_key = {each.key: each for each in found}
    return ReviewQueue(
        suggestions.waiting_suggestions(db),
        suggestions.waiting_sources(db),
        len(pairs),
        tuple(
            ReviewPair(by_key[pair.one], by_key[pair.other], pair.points)
            for pair in pairs[:most]
            if pair.one in by_key and pair.other in by_key
        ),
        tuple(_off_topic(db, standing, found)),
        standing,
        {each.id: each.name for each in sources.load_sources(db).values()},
    )


def explain(db: Connection, pair: ReviewPair) -> Explanation:
    """Return the explanation of a pair; takes seconds if there are thousands of listings."""
    return explain_pair(listings.load_listings(db), pair.one.key, pair.other.key)


def rulings_about(db: Connection, event_listings: list[Listing]) -> dict[int, Ruling]:
    """Return the rulings that name one of an event's listings."""
    keys = {str(each.key) for each in event_listings} | {each.url for each in event_listings if each.url}
    return {number: ruling for number, ruling in rulings.load_rulings(db).items() if keys & {*ruling.a, *ruling.b}}


def _off_topic(
    db: Connection, standing: Mapping[int, Ruling], found: list[Listing]
) -> list[tuple[PublishedEvent, str]]:
    decided = {
        key for key, by_number in resolve_rulings(standing, found).fields.items()
        if any(each.field == "scope" for each in by_number.values())
    }  # fmt: skip
    return [
        (published, doubt.removeprefix(RELEVANCE))
        for published in queries.find_with_doubt(db, RELEVANCE)
        for doubt in published.event.doubts
        if doubt.startswith(RELEVANCE)
        and not any((each.source, each.source_id) in decided for each in published.event.sources)
    ]
