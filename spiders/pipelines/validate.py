"""Values → listing, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass

from spiders.pipelines.read import Draft
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing
from tracker.models.rejected import Rejected
from tracker.reading.listings import validate


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a raw listing."""

    raw: RawListing
    result: Listing | Rejected


class Validate:
    """Holds the values against the model. A rejection is a result, not an exception."""

    def process_item(self, item: Draft) -> Outcome:
        """Validate one draft."""
        return Outcome(item.raw, validate(item.values, item.raw))
