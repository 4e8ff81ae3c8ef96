"""Frozen models without any I/O. Raw listing → listing → event is the whole system in three nouns."""

from tracker.models.change import Change
from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.event import Attribution, Event, Provenance, PublishedEvent
from tracker.models.listing import Listing, ListingKey
from tracker.models.place import Place
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.rejected import Rejected
from tracker.models.run import Run
from tracker.models.selection import Selection
from tracker.models.source import Defaults, Expectation, Source
from tracker.models.when import When

__all__ = [
    "Attribution",
    "Change",
    "Cost",
    "Deadline",
    "Defaults",
    "Event",
    "Expectation",
    "Listing",
    "ListingKey",
    "Place",
    "Provenance",
    "PublishedEvent",
    "RawDeadline",
    "RawListing",
    "RawPlace",
    "Rejected",
    "Run",
    "Selection",
    "Source",
    "When",
]
