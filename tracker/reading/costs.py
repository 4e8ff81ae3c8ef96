"""Words and prices → what attending costs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from tracker.models.cost import Cost
from tracker.models.vocabulary import CostKind
from tracker.reading.lookups import fold
from tracker.reading.reading import Certainty, Reading

_PAID = re.compile(r"\b(?:pay|paid|ticket|fee)\b")
_FREE = re.compile(r"\bfree\b")


def read_cost(words: Iterable[str], price: str, currency: str) -> Reading[Cost]:
    """Return the cost that the words or the price state.

    >>> cost = read_cost(["Free (cash prize available)"], "", "").value
    >>> cost.kind.value, cost.cash_prize
    ('free', True)
    """
    said = [word.strip() for word in words if word.strip()]
    folded = fold(" ; ".join(said))
    kind = CostKind.UNKNOWN
    if _FREE.search(folded):
        kind = CostKind.FREE
    elif _PAID.search(folded):
        kind = CostKind.PAID
    amount = _amount(price)
    if amount is not None:
        kind = CostKind.FREE if amount == 0 else CostKind.PAID
    code = currency.strip().upper()
    cost = Cost(
        kind=kind,
        assistance="assistance" in folded,
        cash_prize="cash prize" in folded,
        minimum=amount or None,
        maximum=amount or None,
        currency=code if re.fullmatch(r"[A-Z]{3}", code) and amount else "",
        text="; ".join(said),
    )
    return Reading(cost, Certainty.SURE if said or amount is not None else Certainty.NONE, cost.text)


def _amount(price: str) -> Decimal | None:
    try:
        amount = Decimal(price.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal(10) ** 7 else None
