"""Builds the answers for assistants: bounded, in plain words, each statement with its source and when it was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.health.scheduling import source_states
from tracker.models.application_status import APPLICATION_KINDS, application_status
from tracker.models.closing import time_left
from tracker.models.deadline import Deadline
from tracker.models.event import Event, Provenance, PublishedEvent
from tracker.models.moments import stamp
from tracker.models.run import State
from tracker.models.selection import Selection
from tracker.publishing.best_first import find_best
from tracker.publishing.expected import series_expectations
from tracker.publishing.phrases import deadline_line, fact_words, field_words, format_places, format_when
from tracker.publishing.sources_json import health_document, source_document
from tracker.reading.places.fields import locate
from tracker.store import change_log, listings, queries, relations, runs, sources

MOST_ROWS = 50
LARGEST_ANSWER = 40_000
"""Bytes of JSON; rows at the end are left out until an answer is no larger."""
_LONGEST_TEXT, _LONGEST_VALUE = 1_500, 300
_MOST_CHANGES, _MOST_SIBLINGS, _MOST_LISTINGS = 20, 10, 20
Filters = Mapping[str, Any]


def search_events(db: Connection, filters: Filters, limit: int, offset: int, now: datetime) -> dict[str, Any]:
    """Return the events of a selection, in its order.

    Raises:
        SelectionError: a filter or value is unknown.
        UsageError: limit or offset is out of range.
    """
    _check_page(limit, offset)
    selection = selection_of(filters)
    total = queries.count_events(db, selection, now)
    crawls = _Crawls(db, now)
    if selection.fit:
        best = find_best(db, selection, now, most=offset + limit)[offset:]
        rows = [_event_row(each, crawls) | {"fit": fitness.model_dump(mode="json")} for each, fitness in best]
    else:
        found = queries.find_events(db, selection, now, most=offset + limit)[offset:]
        rows = [_event_row(each, crawls) for each in found]
    return _bounded({**crawls.as_of, "selection": selection.to_query(), "total": total, "offset": offset}, rows)


def list_deadlines(db: Connection, filters: Filters, days: int, limit: int, now: datetime) -> dict[str, Any]:
    """Return what has to be done within some days, soonest first.

    Raises:
        SelectionError: a filter or value is unknown.
        UsageError: days or limit is out of range.
    """
    _check_page(limit, 0)
    if not 1 <= days <= 366:
        raise UsageError("days goes from 1 to 366.")
    until = now + timedelta(days=days)
    selection = selection_of({**filters, "deadline_within": f"{days}d"})
    ahead = sorted(
        (closes, published.event.id, number, published, deadline)
        for published in queries.find_events(db, selection, now)
        for number, deadline in enumerate(published.event.deadlines)
        if deadline.kind in APPLICATION_KINDS and (closes := deadline.closes_at) and now < closes <= until
    )
    crawls = _Crawls(db, now)
    rows = [
        {
            "event": published.event.title,
            "id": published.event.id,
            "link": published.event.apply_url or published.event.link,
            **_deadline(deadline, now),
            "according_to": crawls.said_by(published.event, "deadlines"),
            "doubts": list(published.event.doubts),
        }
        for *_, published, deadline in ahead[:limit]
    ]
    return _bounded({**crawls.as_of, "selection": selection.to_query(), "total": len(ahead)}, rows)


def show_event(db: Connection, event_id: str, now: datetime) -> dict[str, Any]:
    """Return everything known of one event: each field with who says so, doubts, contradictions, history, series.

    Raises:
        UnknownEventError: no event has this id.
    """
    published = queries.find_event(db, event_id)
    event = published.event
    crawls = _Crawls(db, now)
    names = {each.id: each.name for each in crawls.known.values()}
    history = change_log.changes_of_event(db, event.id)
    behind = listings.listings_of_event(db, event.id)
    siblings = relations.series_of_event(db, event.id)
    whole = relations.larger_event(db, event.id)
    text = event.description[:_LONGEST_TEXT]
    answer: dict[str, Any] = {
        **crawls.as_of,
        **_event_row(published, crawls),
        **({"became_part_of": event.id} if event.id != event_id else {}),
        **({"part_of": {"id": whole.event.id, "title": whole.event.title}} if whole else {}),
        "hidden": queries.is_hidden(db, event.id),
        "description": text + ("… (cut)" if len(event.description) > _LONGEST_TEXT else ""),
        "fields": {
            name: {
                "value": field_words(event, name)[:_LONGEST_VALUE] if name != "description" else "see description",
                "source": names.get(each.source, each.source),
                "page": each.page_url,
                **crawls.seen(each),
            }
            for name, each in event.provenance.items()
        },
        "contradictions": [
            {
                "field": each.field,
                "says": json.dumps(each.value, ensure_ascii=False)[:_LONGEST_VALUE],
                "source": names.get(each.source, each.source),
            }
            for each in event.disagreements[:_MOST_LISTINGS]
        ],
        "history": [
            {
                "at": stamp(each.at),
                "field": each.field,
                "before": each.before[:_LONGEST_VALUE],
                "after": each.after[:_LONGEST_VALUE],
            }
            for each in history[-_MOST_CHANGES:]
        ],
        "next_round": list(series_expectations([published, *siblings], now)) if siblings else [],
        "series": [
            {"id": each.event.id, "title": each.event.title, "when": format_when(each.event.when)}
            for each in siblings[:_MOST_SIBLINGS]
        ],
    }
    rows = [
        {"listing": str(listing.key), "title": listing.title, "page": listing.page_url, "why_it_belongs": reason}
        for listing, reason in behind[:_MOST_LISTINGS]
    ]
    return _bounded(answer, rows, "listings", total=len(behind))


def sources_health(db: Connection, state: str, limit: int, now: datetime) -> dict[str, Any]:
    """Return how well each source is read, those with problems first.

    Raises:
        UsageError: the state does not exist, or the limit is out of range.
    """
    _check_page(limit, 0)
    if state and state not in list(State):
        raise UsageError(f"state={state} is not known. Allowed: {', '.join(State)}.")
    crawls = _Crawls(db, now)
    known, states = crawls.known, crawls.states
    counts = queries.facet_counts(db, "source", Selection(), now)
    chosen = [each for each in known.values() if not state or states[each.id].state.value == state]
    chosen.sort(key=lambda each: (-states[each.id].consecutive_failures, each.id))
    rows = [
        {**source_document(each, states[each.id], counts.get(each.id, 0)), "message": states[each.id].message}
        for each in chosen[:limit]
    ]
    return _bounded({**crawls.as_of, **health_document(states)}, rows, "sources", total=len(chosen))


def selection_of(filters: Filters) -> Selection:
    """Return the selection of filters as an assistant gives them: a value, or a list of values.

    Raises:
        SelectionError: a filter or value is unknown.
    """
    pairs = [
        (name, str(value))
        for name, values in filters.items()
        for value in (values if isinstance(values, (list, tuple)) else [values])
        if value is not None
    ]
    return locate(Selection.from_pairs(pairs))


def _check_page(limit: int, offset: int) -> None:
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"limit goes from 1 to {MOST_ROWS}.")
    if offset < 0:
        raise UsageError("offset is 0 or more.")


def _event_row(published: PublishedEvent, crawls: _Crawls) -> dict[str, Any]:
    event, now = published.event, crawls.now
    facts = {name: words for name in ("cost", "stipend", "level", "length") if (words := fact_words(event, name))}
    return {
        "id": event.id,
        "title": event.title,
        "types": [each.value for each in event.types],
        "when": format_when(event.when),
        "where": format_places(event),
        "state": event.lifecycle.value,
        "applications": application_status(event, now).value,
        "deadlines": [_deadline(each, now) for each in event.deadlines],
        **facts,
        "link": event.link,
        "according_to": crawls.said_by(event, "when"),
        "doubts": list(event.doubts),
        "first_listed": stamp(published.first_seen),
        "last_changed": stamp(published.changed_at),
    }


def _deadline(deadline: Deadline, now: datetime) -> dict[str, Any]:
    """Return a deadline; one whose zone nobody states is given as the day it is written as, and never as an instant."""
    day, closes = deadline.day, deadline.closes_at
    stated = not deadline.zone_is_assumed
    return {
        "deadline": deadline_line(deadline),
        **({"last_day": day.isoformat(), "time_zone": deadline.timezone if stated else "not stated"} if day else {}),
        **({"closes_at": stamp(closes)} if closes and stated else {}),
        **({"time_left": time_left(deadline, now)} if closes and closes > now else {}),
    }


class _Crawls:
    """The sources and their last crawls: who says something, since when, and when that was last looked at."""

    def __init__(self, db: Connection, now: datetime) -> None:
        self.now = now
        self.known = sources.load_sources(db)
        self.states = source_states(self.known.values(), runs.load_histories(db, self.known))

    @property
    def as_of(self) -> dict[str, Any]:
        last = max((each.last_success for each in self.states.values() if each.last_success), default=None)
        return {"as_of": stamp(self.now), "last_successful_crawl": stamp(last) if last else None}

    def seen(self, provenance: Provenance) -> dict[str, str]:
        """Return since when a page says something, and when its source was last read with success."""
        checked = self._checked(provenance.source)
        return {"seen_since": stamp(provenance.fetched_at), **checked}

    def said_by(self, event: Event, field: str) -> list[dict[str, str]]:
        """Return the sources that list an event; first the one whose value of a field is shown."""
        shown = event.provenance.get(field)
        rows: list[dict[str, str]] = []
        for each in event.sources:
            row = {"source": each.attribution or each.name, "page": each.url or each.homepage}
            if shown and shown.source == each.source:
                rows.insert(0, row | {"page": shown.page_url or row["page"]} | self.seen(shown))
            else:
                rows.append(row | self._checked(each.source))
        return rows

    def _checked(self, source: str) -> dict[str, str]:
        state = self.states.get(source)
        return {"last_checked": stamp(state.last_success)} if state and state.last_success else {}


def _bounded(
    answer: dict[str, Any], rows: list[dict[str, Any]], name: str = "events", total: int | None = None
) -> dict[str, Any]:
    """Return an answer with as many rows as fit, and how many were left out."""
    total = answer.get("total", len(rows)) if total is None else total
    while True:
        whole = {**answer, "total": total, "shown": len(rows), name: rows}
        if not rows or len(json.dumps(whole, ensure_ascii=False).encode()) <= LARGEST_ANSWER:
            return whole
        rows = rows[:-1]
