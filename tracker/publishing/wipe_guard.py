"""Stops a publication that would take events out of people's calendars although nobody has cancelled them.

A data folder that is missing, or not the one of last time, publishes without fault: empty feeds, or the same events
under other ids. Calendar programs then delete what they had.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from tracker.errors import PublicationRefusedError
from tracker.publishing.ical.vevent import UID_DOMAIN
from tracker.store import queries, runs

_ENTRY = re.compile(r"BEGIN:VEVENT\r?\n(.*?)END:VEVENT", re.DOTALL)
_EVENT_ID = re.compile(rf"^UID:([0-9a-z]{{12}})@{re.escape(UID_DOMAIN)}", re.MULTILINE)
_DAY = re.compile(r"^DT(?:START|END)[^:\n]*:(\d{8})", re.MULTILINE)
_CANCELLED = re.compile(r"^STATUS:CANCELLED", re.MULTILINE)
_MAIN = "events.ics"
ANYWAY = "If that is right: --allow-empty"


@dataclass(slots=True)
class _Calendar:
    """Ids of the events in a calendar."""

    live: set[str] = field(default_factory=set)
    """Events that are on and not over."""
    cancelled: set[str] = field(default_factory=set)


def check_was_crawled(db: Connection, data: str) -> None:
    """Check that there is something to publish.

    Args:
        db: the transaction.
        data: the data folder or database URL, for the message.

    Raises:
        PublicationRefusedError: no source was ever crawled with success.
    """
    if not runs.has_success(db) and not queries.count_listed(db):
        raise PublicationRefusedError(
            f"Nothing has been crawled with success into {data}, so there is nothing to publish. "
            f"Is it the right data folder? Otherwise: tracker crawl. {ANYWAY}."
        )


def check_feeds(folder: Path, calendars: Mapping[str, bytes], now: datetime) -> None:
    """Compare new calendars with those published in ``folder``.

    Args:
        folder: where the site was published before.
        calendars: the new calendars by file name.
        now: the current time.

    Raises:
        PublicationRefusedError: a feed that had events would become empty, or lose more than half of them, although
            they are neither cancelled nor over nor in the feed of all events.
    """
    today = f"{now:%Y%m%d}"
    everywhere = _read(calendars.get(_MAIN, b""), today)
    for name, body in calendars.items():
        path = folder / name
        if not path.is_file():
            continue
        before, after = _read(path.read_bytes(), today), _read(body, today)
        lost = before.live - after.live - after.cancelled - everywhere.live - everywhere.cancelled
        if lost and (not after.live or 2 * len(lost) > len(before.live)):
            raise PublicationRefusedError(
                f"{path} has {len(before.live)} events to come, of which {len(lost)} would vanish without having been "
                f"cancelled. Nothing was written. Is it the right data folder? {ANYWAY}."
            )


def _read(body: bytes, today: str) -> _Calendar:
    found = _Calendar()
    for entry in _ENTRY.findall(body.decode("utf-8", "replace").replace("\r\n", "\n")):
        event_id, days = _EVENT_ID.search(entry), _DAY.findall(entry)
        if event_id is None or not days:
            continue  # the entry of a deadline
        if _CANCELLED.search(entry):
            found.cancelled.add(event_id[1])
        elif max(days) >= today:
            found.live.add(event_id[1])
    return found
