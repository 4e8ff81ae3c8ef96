"""Defines the frozen pydantic models, without I/O. Raw listings are read into listings, listings merged into events."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.models.change import Change as Change
    from tracker.models.cost import Cost as Cost
    from tracker.models.deadline import Deadline as Deadline
    from tracker.models.event import Attribution as Attribution
    from tracker.models.event import Event as Event
    from tracker.models.event import Provenance as Provenance
    from tracker.models.event import PublishedEvent as PublishedEvent
    from tracker.models.listing import Listing as Listing
    from tracker.models.listing import ListingKey as ListingKey
    from tracker.models.place import Place as Place
    from tracker.models.raw_listing import RawDeadline as RawDeadline
    from tracker.models.raw_listing import RawListing as RawListing
    from tracker.models.raw_listing import RawPlace as RawPlace
    from tracker.models.rejected import Rejected as Rejected
    from tracker.models.run import Run as Run
    from tracker.models.selection import Selection as Selection
    from tracker.models.source import Defaults as Defaults
    from tracker.models.source import Expectation as Expectation
    from tracker.models.source import Source as Source
    from tracker.models.when import When as When

_MODULES = {
    "Attribution": "event",
    "Change": "change",
    "Cost": "cost",
    "Deadline": "deadline",
    "Defaults": "source",
    "Event": "event",
    "Expectation": "source",
    "Listing": "listing",
    "ListingKey": "listing",
    "Place": "place",
    "Provenance": "event",
    "PublishedEvent": "event",
    "RawDeadline": "raw_listing",
    "RawListing": "raw_listing",
    "RawPlace": "raw_listing",
    "Rejected": "rejected",
    "Run": "run",
    "Selection": "selection",
    "Source": "source",
    "When": "when",
}


def __getattr__(name: str) -> Any:
    """Import a model on first use: ``tracker --help`` needs the names of the filters, but not pydantic."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
