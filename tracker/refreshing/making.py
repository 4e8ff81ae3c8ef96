"""Events that are due → published: merge, compare with what was published, render what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from tracker.matching.merging import merge_listings
from tracker.matching.rulings import apply_to
from tracker.models.change import Change
from tracker.models.event import Event
from tracker.models.listing import Listing
from tracker.models.ruling import Ruling
from tracker.models.source import Source
from tracker.refreshing import history
from tracker.refreshing.outcome import Refreshed
from tracker.refreshing.planning import Due
from tracker.refreshing.rendering import hide, render
from tracker.store import basis, change_log, events, listings, rulings, sources
from tracker.store.events import RenderedEvent

AT_A_TIME = 1_000
"""Events that are in memory together."""


def make_events(db: Connection, due: Sequence[Due], now: datetime) -> Refreshed:
    """Make some events of the listings that belong to them by now, and publish them."""
    made = _Making(sources.load_sources(db), rulings.load_rulings(db), now)
    ids = [each.event_id for each in due]
    behind, published = listings.listings_of_events(db, ids), events.load_rendered(db, ids)
    for each in due:
        if each.event_id in behind:  # what was forgotten since the plan was made, the next plan forgets
            made.make(each, behind[each.event_id], published.get(each.event_id))
    events.save_events(db, made.rendered)
    change_log.save_changes(db, made.changes)
    basis.save_events_made_of(db, made.made_of)
    return made.outcome


class _Making:
    def __init__(self, known_sources: Mapping[str, Source], standing: Mapping[int, Ruling], now: datetime) -> None:
        self._sources, self._rulings, self._now = known_sources, standing, now
        self.rendered: list[RenderedEvent] = []
        self.changes: list[Change] = []
        self.made_of: dict[str, str] = {}
        self.outcome = Refreshed()

    def make(self, due: Due, behind: Sequence[Listing], old: RenderedEvent | None) -> None:
        event_id, now = due.event_id, self._now
        try:
            event = self._event(due, behind)
            new = hide(event, old, now) if due.hidden_by is not None else render(event, old, now)
        except Exception as error:  # noqa: BLE001 - one event never costs the others their publication
            self.outcome.faulty.append(f"{behind[0].key}: {type(error).__name__}: {error}")
            if due.hidden_by is None or old is None:
                return
            event = old.published.event
            new = hide(event, old, now)
        else:
            self.made_of[event_id] = due.made_of
        if new.series != due.series:
            new = replace(new, series=due.series)
        if new is not old:
            self.rendered.append(new)
        self._note(due, event, old, new)

    def _event(self, due: Due, behind: Sequence[Listing]) -> Event:
        event = merge_listings(due.event_id, behind, self._sources)
        return apply_to(event, {each: self._rulings[each] for each in due.rulings if each in self._rulings})

    def _note(self, due: Due, event: Event, old: RenderedEvent | None, new: RenderedEvent) -> None:
        event_id, now = due.event_id, self._now
        if due.hidden_by is not None:
            if old is None or not old.hidden:
                self.outcome.hidden.append(event_id)
                self.changes.append(history.no_longer_listed(event_id, now, f"hidden by ruling {due.hidden_by}"))
        elif old is None:
            self.outcome.new.append(event_id)
            self.changes.append(history.first_listed(event, now))
        elif old.is_struck_out:
            self.outcome.changed.append(event_id)
            self.changes.append(history.listed_again(event_id, now))
        elif new.published.sequence != old.published.sequence:
            self.outcome.changed.append(event_id)
        if old is not None and old.published.event != event:
            self.changes.extend(history.changed_fields(old.published.event, event, now))
