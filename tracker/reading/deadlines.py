"""Deadlines as written → typed, zoned moments."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.models.deadline import Deadline
from tracker.models.moments import ANYWHERE_ON_EARTH
from tracker.models.raw_listing import RawDeadline
from tracker.models.text import clean_line
from tracker.models.vocabulary import DeadlineKind, ZoneSource
from tracker.reading.dates import as_moment, read_moment
from tracker.reading.lookups import meaning_of
from tracker.reading.reading import Certainty, Reading
from tracker.reading.time_zones import read_zone


def read_deadlines(raw_deadlines: Iterable[RawDeadline], source_zone: str | None) -> Reading[tuple[Deadline, ...]]:
    """Return the deadlines that can be read. One without a zone is taken as anywhere on Earth, marked ``assumed``."""
    deadlines: list[Deadline] = []
    doubts: list[str] = []
    for raw in raw_deadlines:
        words = clean_line(raw.text)
        kind = DeadlineKind(meaning_of("deadlines", raw.kind) or ("other" if raw.kind else "application"))
        label = raw.kind if kind is DeadlineKind.OTHER else ""
        written = read_moment(raw.text).value
        if written is None:
            if raw.rolling or raw.not_yet_open or words:
                deadlines.append(
                    Deadline(
                        kind=kind,
                        label=label,
                        rolling=raw.rolling,
                        not_yet_open=raw.not_yet_open,
                        text=words,
                    )
                )
            if words:
                doubts.append(f"the deadline {words!r} cannot be read")
            continue
        stated = read_zone(raw.timezone)
        zone, zone_source = stated, ZoneSource.STATED
        if stated is None and written.clock is not None and written.offset is None and source_zone:
            zone, zone_source = source_zone, ZoneSource.SOURCE
        elif stated is None and written.offset is None:
            zone, zone_source = ANYWHERE_ON_EARTH, ZoneSource.ASSUMED
        deadlines.append(
            Deadline(
                kind=kind,
                label=label,
                at=as_moment(written, zone),
                timezone=zone,
                timezone_source=zone_source if zone else ZoneSource.STATED,
                not_yet_open=raw.not_yet_open,
                rolling=raw.rolling,
                text="" if stated or zone_source is ZoneSource.ASSUMED else words,
            )
        )
    certainty = Certainty.SURE if deadlines else Certainty.NONE
    return Reading(tuple(deadlines), certainty, "", tuple(doubts))
