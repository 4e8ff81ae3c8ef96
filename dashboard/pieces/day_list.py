"""The events of one day, under a calendar."""

from __future__ import annotations

from datetime import date

from dashboard.loading import Found
from dashboard.pieces.card_list import show_cards
from tracker.publishing.phrases import day_words
from tracker.store.catalogue import Positions


def positions_of_day(found: Found, day: date) -> Positions:
    """Return the events that take place on a day, of those whose dates are certain enough to say so."""
    at = day.isoformat().encode()
    catalogue = found.catalogue
    on = catalogue.has_day & (catalogue.first_day <= at) & (catalogue.last_day >= at)
    return found.positions[on[found.positions]]


def show_day(found: Found, day: date) -> None:
    """Show the events of a day as cards."""
    show_cards(day_words(day), found, positions_of_day(found, day), "on this day")
