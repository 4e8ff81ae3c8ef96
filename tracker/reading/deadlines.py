"""Parses deadlines into moments with a kind and a time zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tracker.models.deadline import Deadline
from tracker.models.moments import ANYWHERE_ON_EARTH, zone_of
from tracker.models.raw_listing import RawDeadline
from tracker.models.text import clean_line
from tracker.models.vocabulary import DeadlineKind, ZoneSource
from tracker.reading.announcements import Announcement, ParsedDeadline, read_announcement
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.dates.feed_formats import WrittenMoment, as_moment, read_moment
from tracker.reading.dates.resolution import DateContext, ResolvedDate
from tracker.reading.dates.years import Span
from tracker.reading.lookups import meaning_of
from tracker.reading.time_zones import read_zone

_ZONE = tuple[str | None, ZoneSource]


@dataclass(frozen=True, slots=True)
class DeadlineContext:
    """Context of the deadlines of a listing."""

    published: date | None = None
    """Day of publication; deadlines without a year lie after it."""
    event: Span | None = None
    """First and last day of the event; deadlines without a year lie before it."""
    around: DateContext = DateContext()  # noqa: RUF009 - frozen


def read_deadlines(raw_deadlines: Iterable[RawDeadline], setting: DeadlineContext) -> Reading[tuple[Deadline, ...]]:
    """Return the deadlines that can be read. One without a zone is taken as AoE, with zone source ``assumed``."""
    deadlines: list[Deadline] = []
    doubts: list[str] = []
    for raw in raw_deadlines:
        kind = DeadlineKind(meaning_of("deadlines", raw.kind) or ("other" if raw.kind else "application"))
        shared = {
            "label": raw.kind if kind is DeadlineKind.OTHER else "",
            "not_yet_open": raw.not_yet_open,
            "rolling": raw.rolling,
        }
        written = read_moment(raw.text).value
        if written is not None:
            deadlines.append(_from_feed(raw, written, kind, shared, setting.around.source_zone))
            continue
        words = clean_line(raw.text)
        read, read_doubts = _from_words(words, kind, shared, setting)
        deadlines += read
        doubts += read_doubts
    certainty = Certainty.SURE if deadlines else Certainty.NONE
    return Reading(tuple(deadlines), certainty, "", tuple(doubts))


def _from_feed(
    raw: RawDeadline, written: WrittenMoment, kind: DeadlineKind, shared: dict[str, Any], source_zone: str | None
) -> Deadline:
    stated = read_zone(raw.timezone)
    zone, zone_source = stated, ZoneSource.STATED
    if stated is None and written.clock is not None and written.offset is None and source_zone:
        zone, zone_source = source_zone, ZoneSource.SOURCE
    elif stated is None and written.offset is None:
        zone, zone_source = ANYWHERE_ON_EARTH, ZoneSource.ASSUMED
    return Deadline(
        kind=kind,
        at=as_moment(written, zone),
        timezone=zone,
        timezone_source=zone_source if zone else ZoneSource.STATED,
        text="" if stated or zone_source is ZoneSource.ASSUMED else clean_line(raw.text),
        **shared,
    )


def _from_words(
    words: str, kind: DeadlineKind, shared: dict[str, Any], setting: DeadlineContext
) -> tuple[list[Deadline], list[str]]:
    if not words:
        return ([Deadline(kind=kind, **shared)] if shared["rolling"] or shared["not_yet_open"] else []), []
    said = read_announcement(words, setting.published, setting.around, event=setting.event, due=kind)
    found = [deadline for due in said.deadlines if (deadline := as_deadline(due, setting.around.source_zone))]
    if any(deadline.at or deadline.opens for deadline in found):
        return [_shared(deadline, shared) for deadline in found], list(said.doubts)
    state = _stated(said, shared)
    doubt = (
        []
        if any(state[key] for key in ("rolling", "not_yet_open", "closed")) or said.tba
        else [f"the deadline {words!r} cannot be read"]
    )
    return [Deadline(kind=kind, text=words, **state)], doubt


def _stated(said: Announcement, shared: dict[str, Any]) -> dict[str, Any]:
    return shared | {
        "rolling": shared["rolling"] or bool(said.rolling),
        "not_yet_open": shared["not_yet_open"] or bool(said.not_yet_open),
        "closed": bool(said.closed),
    }


def _shared(deadline: Deadline, shared: dict[str, Any]) -> Deadline:
    said = {key: value for key, value in shared.items() if value and key != "label"}
    label = {"label": shared["label"]} if shared["label"] and deadline.kind is DeadlineKind.OTHER else {}
    return Deadline.model_validate(deadline.model_dump() | said | label) if said or label else deadline


def deadlines_in_text(said: Announcement, zone: str | None, *, is_programme: bool) -> tuple[Deadline, ...]:
    """Return the deadlines in running text.

    For a programme without any, return a deadline that says that applications are closed, not open yet or rolling.
    """
    found = tuple(deadline for due in said.deadlines if due.at and (deadline := as_deadline(due, zone)))
    state = {"closed": said.closed, "not_yet_open": said.not_yet_open, "rolling": said.rolling}
    words = [(name, words) for name, words in state.items() if words]
    if found or not (words and is_programme):
        return found
    return (Deadline.model_validate({"text": words[0][1], words[0][0]: True}),)


def as_deadline(due: ParsedDeadline, zone: str | None) -> Deadline | None:
    """Convert a deadline read from words; return None if it has neither a closing date nor words.

    Args:
        due: deadline as read.
        zone: zone of a clock time without one; a day without a time ends AoE, by convention of the field.
    """
    opens = _opening(due.opens)
    if due.at is None:
        words = clean_line(due.words)
        return Deadline(kind=due.kind, opens=opens, not_yet_open=opens is not None, text=words) if words else None
    at, (its_zone, zone_source) = _moment(due.at, zone)
    text = clean_line(due.words) if zone_source is not ZoneSource.STATED else ""
    return Deadline(kind=due.kind, at=at, timezone=its_zone, timezone_source=zone_source, opens=opens, text=text)


def _moment(dated: ResolvedDate, fallback: str | None) -> tuple[date | datetime, _ZONE]:
    is_stated = dated.zone_source is ZoneSource.STATED
    if dated.starts is None:
        zone = dated.zone if is_stated else ANYWHERE_ON_EARTH
        return dated.first, (zone, ZoneSource.STATED if is_stated else ZoneSource.ASSUMED)
    instant = dated.instant(dated.first, dated.starts)
    if instant is not None:
        return instant, (dated.zone or _zone_of_offset(dated), dated.zone_source)
    zone, zone_source = (fallback, ZoneSource.SOURCE) if fallback else (ANYWHERE_ON_EARTH, ZoneSource.ASSUMED)
    return datetime.combine(dated.first, dated.starts, zone_of(zone)).astimezone(UTC), (zone, zone_source)


def _zone_of_offset(dated: ResolvedDate) -> str | None:
    """Return a zone with the written offset, so that local 23:59 is the end of the day; None if there is none."""
    hours = dated.offset.utcoffset(None).total_seconds() / 3600 if dated.offset else 0.5
    if hours == -12:
        return ANYWHERE_ON_EARTH
    # The names of these zones have the sign of POSIX: Etc/GMT-2 lies east of Greenwich.
    return f"Etc/GMT{-int(hours):+d}" if hours == int(hours) and hours else None


def _opening(dated: ResolvedDate | None) -> date | datetime | None:
    if dated is None:
        return None
    instant = dated.instant(dated.first, dated.starts) if dated.starts else None
    return instant or dated.first
