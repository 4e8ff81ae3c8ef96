"""Translates errors of the database drivers into ``StoreError``s that say what to do."""

from __future__ import annotations

import sqlalchemy
from sqlalchemy.exc import DBAPIError, OperationalError

from tracker.errors import NoStoreError, StoreError, StoreReadOnlyError, StoreUnreadableError

SQLITE = "sqlite:///"


def without_password(url: str) -> str:
    """Return a database URL without its password."""
    return url.removeprefix(SQLITE) if url.startswith(SQLITE) else sqlalchemy.make_url(url).render_as_string()


def translate_error(error: DBAPIError, url: str) -> StoreError:
    """Return the ``StoreError`` to raise for a driver's error in the database at ``url``."""
    words = str(error.orig).lower()
    place = without_password(url)
    if "readonly" in words or "read-only" in words or "unable to open" in words:
        return StoreReadOnlyError(
            f"The database {place} cannot be written ({error.orig}). Check who owns it and its folder, or choose "
            "another with --data."
        )
    if "not a database" in words or "malformed" in words or "corrupt" in words:
        return StoreUnreadableError(
            f"The database {place} is damaged or not a database ({error.orig}). Nothing was overwritten. Move it "
            "away and restore a backup, or choose another --data folder."
        )
    if "locked" in words:
        return StoreError(f"The database {place} is busy: another program is writing to it. Try again.")
    if "disk i/o" in words:
        return StoreError(
            f"The database {place} could not be written ({error.orig}). Is the disk full, or failing? Nothing of this "
            "step was kept."
        )
    if "full" in words:
        return StoreError(f"The disk is full: {place} could not be written. Nothing of this step was kept.")
    if "does not exist" in words and "database" in words:
        name = sqlalchemy.make_url(url).database
        return NoStoreError(
            f"There is no database {name!r} on the server of {place}. Make one (createdb {name}), "
            "then run: tracker crawl"
        )
    said = " ".join(str(error.orig).split()).rstrip(".?")
    if not isinstance(error, OperationalError) or url.startswith(SQLITE):
        return StoreError(f"The database {place} refused: {said}")
    if "authentication" in words or "password" in words or "permission" in words:
        return StoreError(f"The database {place} does not let us in: {said}. Check user and password in its address.")
    if error.connection_invalidated or "terminating" in words:
        return StoreError(
            f"The database {place} broke off: {said}. Nothing of this step was kept; all before it was. Try again "
            "when the server is back."
        )
    return StoreError(
        f"The database {place} could not be reached: {said}. Is the server running, and TRACKER_DATABASE_URL right?"
    )
