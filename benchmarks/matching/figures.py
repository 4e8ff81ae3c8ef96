"""What a labelled set holds, in figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from tracker.models.listing import Listing


def report(labels: list[tuple[str, str]], listings: list[Listing]) -> str:
    """Return the figures of a set as lines of text; ``labels`` holds event and series of each listing."""
    sizes = Counter(event for event, _ in labels)
    series_of = dict(labels)
    events_of = Counter(series for series in series_of.values() if series)
    siblings = sum(events_of[series] > 1 for series in series_of.values() if series)
    pairs = sum(size * (size - 1) // 2 for size in sizes.values())
    days = sorted(_day(listing) for listing in listings if listing.when.start is not None)
    cut = len(days) // 50
    middle = days[cut : len(days) - cut]
    span = (middle[-1] - middle[0]).days + 1
    by_size = Counter(sizes.values())
    lines = {
        "records": len(labels),
        "events": len(sizes),
        "true pairs": pairs,
        "duplicates": f"{1 - len(sizes) / len(labels):.1%}",
        "events with siblings": f"{siblings / len(sizes):.1%}",
        "series": len(events_of),
        "records a day": f"{len(middle) / span:.1f} (middle 96 %)",
        "cluster sizes": " ".join(f"{size}:{by_size[size]}" for size in sorted(by_size)),
        "dated": f"{len(days) / len(labels):.1%}",
        "with place": f"{sum(bool(listing.places) for listing in listings) / len(labels):.1%}",
        "with link": f"{sum(listing.url is not None for listing in listings) / len(labels):.1%}",
        "one row in two sources": _shared_rows(labels, listings),
        "sources": len({listing.source for listing in listings}),
    }
    return "\n".join(f"{name:<24}{value}" for name, value in lines.items())


def _day(listing: Listing) -> date:
    start = listing.when.start
    assert start is not None
    return start.date() if isinstance(start, datetime) else start


def _shared_rows(labels: list[tuple[str, str]], listings: list[Listing]) -> str:
    """Return how many events have two listings with the same id of a row."""
    rows = Counter(listing.source_id for listing in listings if listing.source_id.startswith("rec"))
    return f"{sum(number > 1 for number in rows.values()) / len({event for event, _ in labels}):.1%} of the events"
