"""Defines the cost of attending."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from tracker.models.record import Record
from tracker.models.text import PlainLine
from tracker.models.vocabulary import CostKind


class Cost(Record):
    """Price of attending. Money paid *to* participants is the stipend, not the cost."""

    kind: CostKind = CostKind.UNKNOWN
    """Free, paid or unknown."""
    assistance: bool = False
    """Help with the cost is available."""
    cash_prize: bool = False
    """Money can be won."""
    minimum: Decimal | None = Field(default=None, ge=0)
    """Lowest price, in ``currency``."""
    maximum: Decimal | None = Field(default=None, ge=0)
    """Highest price, in ``currency``."""
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    """ISO 4217: ``EUR``."""
    text: PlainLine = ""
    """The source's own words."""

    def contradicts(self, other: Cost) -> bool:
        """Return whether both are known and differ in kind, or in prices of one currency."""
        if CostKind.UNKNOWN in {self.kind, other.kind}:
            return False
        prices, others = (self.minimum, self.maximum), (other.minimum, other.maximum)
        return self.kind is not other.kind or (
            self.currency == other.currency and None not in prices + others and prices != others
        )
