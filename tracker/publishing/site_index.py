"""Renders the index of the published site: the coming events by week, readable without scripts.

One script of our own filters them in the browser, by the parameters of the feeds, and finds the nearest published feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl

from tracker.models.application_status import next_deadline
from tracker.models.event import Event, PublishedEvent
from tracker.models.moments import day_of, zone_of
from tracker.models.text import fold
from tracker.publishing.feeds import CALENDAR_DESCRIPTION, CALENDAR_NAME
from tracker.publishing.pages import render_template
from tracker.publishing.phrases import deadline_line, fact_words, humanize
from tracker.reading.places import country_name
from tracker.store.events import ATTENDANCE

MOST = 500
"""Maximum number of events on the page: a phone has to show it."""
_WEEKS_AHEAD = 8
"""Number of weeks with a heading each; what is later stands under months."""
_LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """One event on the page."""

    event: Event
    rail: tuple[str, str, str]
    """Weekday, day, and time or year, beside it; empty where not known."""
    facts: tuple[str, ...]
    data: Mapping[str, str]
    """What the script filters by, as data attributes."""


def render_index(
    feeds: Sequence[Mapping[str, Any]], queries: Mapping[str, str], upcoming: Sequence[PublishedEvent], now: datetime,
    canonical: str,
) -> bytes:  # fmt: skip
    """Return the page.

    Args:
        feeds: the published feeds, for the table of addresses.
        queries: their query strings by name, without calendar options; the script chooses among them.
        upcoming: the coming events, by start.
        now: the current time.
        canonical: public URL of the page; empty if it is not known.
    """
    shown = upcoming[:MOST]
    return render_template(
        "index.html",
        title=CALENDAR_NAME,
        description=CALENDAR_DESCRIPTION,
        canonical=canonical,
        feeds=feeds,
        weeks=list(by_week(shown, now)),
        count=len(shown),
        more=len(upcoming) - len(shown),
        types=_options((each.value for item in shown for each in item.event.types), humanize),
        countries=_options((place.country for item in shown for place in item.event.places), country_name),
        published={name: sorted(parse_qsl(query)) for name, query in queries.items()},
        root="",
        ending=".html",
        is_framed=False,
        credit=CALENDAR_DESCRIPTION,
    ).encode()


def by_week(events: Iterable[PublishedEvent], now: datetime) -> Iterator[tuple[str, list[Entry]]]:
    """Yield (heading, entries) of runs of events, by week and later by month; the headings name days, as pages stay."""
    today = day_of(now, None)
    for heading, run in groupby(events, lambda each: _heading(each.event, today)):
        yield heading, [list_entry(each.event, now) for each in run]


def _heading(event: Event, today: date) -> str:
    day = event.when.first_day
    if day is None:
        return "Date not announced"
    if day < today:
        return "Has begun"
    monday = day - timedelta(days=day.weekday())
    if event.when.is_exact_to_the_day and monday < today + timedelta(weeks=_WEEKS_AHEAD):
        sunday = monday + timedelta(days=6)
        return f"{monday.day} {monday:%B} – {sunday.day} {sunday:%B %Y}"
    return f"{day:%B %Y}"


def list_entry(event: Event, now: datetime) -> Entry:
    """Return what a list shows of an event."""
    deadline = next_deadline(event, now)
    facts = (
        ", ".join(humanize(each.value) for each in event.types),
        fact_words(event, "cost"),
        deadline_line(deadline) if deadline else "",
    )
    return Entry(event, _rail(event), tuple(fact for fact in facts if fact), _data(event))


def _rail(event: Event) -> tuple[str, str, str]:
    when, start = event.when, event.when.start
    if start is None or not when.is_exact_to_the_day:
        return ("", "", "")
    local = start.astimezone(zone_of(when.timezone)) if isinstance(start, datetime) else start
    return (f"{local:%a}", f"{local.day} {local:%b}", f"{local:%H:%M}" if isinstance(local, datetime) else "")


def _data(event: Event) -> dict[str, str]:
    when = event.when
    text = [event.title, *event.organizers, *(place.raw or place.label for place in event.places),
            *map(humanize, event.types), event.summary]  # fmt: skip
    return {
        "type": " ".join(each.value for each in event.types),
        "country": " ".join(dict.fromkeys(place.country for place in event.places if place.country)),
        "mode": " ".join(each.value for each in ATTENDANCE[event.mode]),
        "cost": event.cost.kind.value,
        "from": when.first_day.isoformat() if when.first_day else "",
        "to": when.last_day.isoformat() if when.last_day else "",
        "q": fold(" ".join(text))[:_LONGEST_TEXT],
    }


def _options(values: Iterable[str], words: Any) -> list[tuple[str, str]]:
    return sorted(((value, words(value)) for value in set(values) if value), key=lambda pair: pair[1])
