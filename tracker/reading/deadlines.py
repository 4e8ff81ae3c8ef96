"""Parses deadlines into moments with a kind and a time zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from tracker.models.deadline import Deadline
from tracker.models.moments import ANYWHERE_ON_EARTH, is_instant, zone_of
from tracker.models.raw_listing import RawDeadline
from tracker.models.text import clean_line
from tracker.models.vocabulary import DeadlineKind, ZoneSource
from tracker.reading.announcements import Announcement, ParsedDeadline, read_announcement
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.dates.feed_formats import WrittenMoment, as_moment, read_moment
from tracker.reading.dates.resolution import DateContext, ResolvedDate
from tracker.reading.dates.years import Span
from tracker.reading.lookups import meaning_of
from tracker.reading.zone_choice import choose_zone, zone_of_offset

_END_OF_DAY = time(23, 59, 59)
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
        reading = read_moment(raw.text)
        if (written := reading.value) is not None:
            deadline, zone_doubts = _from_feed(raw, written, kind, shared, setting.around)
            said = _with_zone_in_words(raw, kind, shared, setting) if reading.certainty is not Certainty.SURE else None
            deadlines.append(said or deadline)
            doubts += [] if said else [f"{doubt}: {raw.text}" for doubt in zone_doubts]
            continue
        words = clean_line(raw.text)
        read, read_doubts = _from_words(words, kind, shared, setting)
        deadlines += read
        doubts += read_doubts
    certainty = Certainty.SURE if deadlines else Certainty.NONE
    return Reading(tuple(deadlines), certainty, "", tuple(doubts))


def _from_feed(
    raw: RawDeadline, written: WrittenMoment, kind: DeadlineKind, shared: dict[str, Any], around: DateContext
) -> tuple[Deadline, tuple[str, ...]]:
    """Return a deadline in a feed format, and the doubts about it.

    A day without a stated zone ends AoE, by convention of the field; a clock time is local to the place or source.
    """
    zoned = choose_zone(written, raw.timezone or (around.stated_zone if written.clock else ""), around)
    has_clock = written.clock is not None
    zone, zone_source, written = zoned.zone, zoned.source, zoned.written
    if written.offset is not None:
        zone, zone_source = zone_of_offset(written.offset), ZoneSource.STATED
        if zone is None and not has_clock:  # no zone has this offset, or it is UTC: the end of the day is an instant
            written = replace(written, clock=_END_OF_DAY)
    elif zone is None or (not has_clock and zone_source is not ZoneSource.STATED):
        zone, zone_source = ANYWHERE_ON_EARTH, ZoneSource.ASSUMED
    deadline = Deadline(
        kind=kind,
        at=as_moment(written, zone),
        timezone=zone,
        timezone_source=zone_source,
        text=clean_line(raw.text) if zone_source in {ZoneSource.PLACE, ZoneSource.SOURCE} else "",
        **shared,
    )
    return deadline, zoned.doubts if has_clock else ()


def _with_zone_in_words(
    raw: RawDeadline, kind: DeadlineKind, shared: dict[str, Any], setting: DeadlineContext
) -> Deadline | None:
    """Return the one instant that the words around a moment state: ``2027-01-15 23:59 AoE``."""
    around = replace(setting.around, stated_zone=raw.timezone or setting.around.stated_zone)
    read, _ = _from_words(clean_line(raw.text), kind, shared, replace(setting, around=around))
    return read[0] if len(read) == 1 and is_instant(read[0].at) else None


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
        return instant, (dated.zone or (zone_of_offset(dated.offset) if dated.offset else None), dated.zone_source)
    zone, zone_source = (fallback, ZoneSource.SOURCE) if fallback else (ANYWHERE_ON_EARTH, ZoneSource.ASSUMED)
    return datetime.combine(dated.first, dated.starts, zone_of(zone)).astimezone(UTC), (zone, zone_source)


def _opening(dated: ResolvedDate | None) -> date | datetime | None:
    if dated is None:
        return None
    instant = dated.instant(dated.first, dated.starts) if dated.starts else None
    return instant or dated.first
