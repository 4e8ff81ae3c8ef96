"""Returns the current time, which ``TRACKER_NOW`` overrides."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from tracker.errors import ConfigurationError


def is_overridden() -> bool:
    """Return whether ``TRACKER_NOW`` overrides the current time."""
    return bool(os.environ.get("TRACKER_NOW"))


def current_time() -> datetime:
    """Return the current time, or that of ``TRACKER_NOW`` (for bug reports and rehearsals), to the second.

    Raises:
        ConfigurationError: ``TRACKER_NOW`` is not an instant with a zone.
    """
    pretended = os.environ.get("TRACKER_NOW")
    if not pretended:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(pretended)
    except ValueError:
        moment = datetime(1, 1, 1)  # noqa: DTZ001 - stands for "no zone" below
    if moment.tzinfo is None:
        raise ConfigurationError(
            f"TRACKER_NOW={pretended!r} is not an instant. Write it as TRACKER_NOW=2026-12-01T18:00:00Z."
        )
    return moment.astimezone(UTC).replace(microsecond=0)
