"""Stops a publication that would take events out of people's calendars although nobody has cancelled them.

A data folder that is missing, or not the one of last time, publishes without fault: empty feeds, or the same events
under other ids. Calendar programs then delete what they had.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from tracker.errors import PublicationRefusedError
from tracker.publishing.ical.vevent import UID_DOMAIN
from tracker.store import queries, runs

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


def check_feeds(folder: Path, calendars: Mapping[str, bytes], known: Collection[str], last_success: datetime) -> None:
    """Compare new calendars with those published in ``folder``.

    What was to come then is judged by the last successful crawl, for the clock may be wrong now.

    Args:
        folder: where the site was published before.
        calendars: the new calendars by file name.
        known: ids of all events in the store. One that has another date, place or type now may leave a feed.
        last_success: when a source was last crawled with success.

    Raises:
        PublicationRefusedError: a feed would become empty, or lose more than half of its events, that the store does
            not know; or the feed of all events would become empty.
    """
    today = f"{last_success:%Y%m%d}"
    for name, body in calendars.items():
        path = folder / name
        if not path.is_file():
            continue
        before, after = _read(path.read_bytes(), today), _read(body, today)
        lost = before.live - set(known)
        if lost and (not after.live or 2 * len(lost) > len(before.live)):
            raise PublicationRefusedError(
                f"{path} has {len(before.live)} events to come, of which {len(lost)} are not known to this database, "
                f"{min(lost)} among them. Nothing was written. Is it the right data folder? {ANYWAY}."
            )
        if name == _MAIN and before.live and not (after.live or after.cancelled):
            raise PublicationRefusedError(
                f"{path} has {len(before.live)} events to come, and would have none. Nothing was written. The last "
                f"successful crawl was on {last_success:%Y-%m-%d}. Is the clock right, and does cron run 'tracker "
                f"crawl'? {ANYWAY}."
            )


def _read(body: bytes, today: str) -> _Calendar:
    found = _Calendar()
    for entry in body.decode("utf-8", "replace").replace("\r\n", "\n").split("BEGIN:VEVENT\n")[1:]:
        event_id, days = _EVENT_ID.search(entry), _DAY.findall(entry)
        if event_id is None or not days:
            continue  # the entry of a deadline
        if _CANCELLED.search(entry):
            found.cancelled.add(event_id[1])
        elif max(days) >= today:
            found.live.add(event_id[1])
    return found
