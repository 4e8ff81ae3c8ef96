"""A selection → the feed of it, in each format. What web routes, export and published files have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from tracker.models.selection import Selection
from tracker.publishing.files import write_file
from tracker.publishing.icalendar import render_calendar
from tracker.publishing.json_events import render_json
from tracker.store import Store, events

CALENDAR_NAME = "AI safety events"
CALENDAR_DESCRIPTION = (
    "AI-safety events and opportunities from many sources. Includes data of AISafety.com (CC-BY-4.0); "
    "each entry names its sources."
)
KEEP_PAST = timedelta(days=30)
"""How long a calendar keeps what has ended: it must not vanish from people's calendars overnight."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A rendered feed."""

    body: bytes
    media_type: str
    changed_at: datetime | None = None
    """When it last changed. None: not known, since it also tells what depends on the time."""


def build_calendar(db: Connection, selection: Selection, now: datetime, url: str = "") -> Feed:
    """Return the calendar of a selection."""
    if selection.past is None and selection.starts_from is None:
        selection = selection.model_copy(update={"past": KEEP_PAST})
    vevents, changed_at = events.find_vevents(db, selection, now)
    body = render_calendar(
        vevents,
        name=CALENDAR_NAME,
        description=CALENDAR_DESCRIPTION,
        changed_at=changed_at,
        url=url,
    )
    return Feed(body, "text/calendar; charset=utf-8", events.feed_changed_at(db, selection, now))


def build_json(db: Connection, selection: Selection, now: datetime, url: str = "") -> Feed:  # noqa: ARG001
    """Return the JSON of a selection."""
    found = events.find_events(db, selection, now)
    return Feed(render_json(found, selection, now), "application/json; charset=utf-8")


FORMATS = {"ics": build_calendar, "json": build_json}
"""Every format a selection can be had in, by file ending."""


def publish_files(store: Store, folder: Path, now: datetime) -> list[Path]:
    """Write the feed of all events in every format into ``folder``; return what was written."""
    with store.reading() as db:
        feeds = {ending: build(db, Selection(), now) for ending, build in FORMATS.items()}
    paths = []
    for ending, feed in feeds.items():
        path = folder / f"events.{ending}"
        write_file(path, feed.body)
        paths.append(path)
    return paths
