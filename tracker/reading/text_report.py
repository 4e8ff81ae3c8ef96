"""Reports which dates and places are read from a text, and why. For ``tracker read`` and bug reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tracker.models.place import Place
from tracker.models.vocabulary import CostKind, DatePrecision, Level, PlacePrecision, Stipend, ZoneSource
from tracker.reading.announcements import Announcement, ParsedDeadline, read_announcement
from tracker.reading.classification import level_in_text
from tracker.reading.costs import cost_in_text, stipend_in_text
from tracker.reading.dates.resolution import DateContext, ResolvedDate
from tracker.reading.deadlines import as_deadline
from tracker.reading.event_times import date_context
from tracker.reading.places.lines import PlacesAndMode, read_line
from tracker.reading.places.prose import find_places


@dataclass(frozen=True, slots=True)
class TextReport:
    """Dates and places read from one text."""

    announcement: Announcement
    where: PlacesAndMode
    around: DateContext
    cost: str = ""
    """What attending costs, in words; empty if the text does not say."""
    stipend: str = ""
    """``yes``, ``no``, or empty."""
    level: str = ""
    """``low``, ``mid``, ``high``, or empty."""


def _place_doubt(name: str) -> str:
    return f"{name} is named, but it is not clear whether the event takes place there"


def report_text(text: str, published: date | None = None, place: str = "") -> TextReport:
    """Parse the dates and places of ``text``.

    Args:
        text: a date, a place, a line or a whole page.
        published: day of publication; dates without a year are resolved to after it.
        place: place of the event; replaces the places in the text.
    """
    where = read_line(place, keeps_unknown=False) if place else find_places(text)
    around = replace(date_context(where.places, None), assumed_zone=where.likely_zone)
    cost = cost_in_text(text).value
    level = level_in_text("", text).value
    stipend = stipend_in_text(text).value
    return TextReport(
        read_announcement(text, published, around),
        where,
        around,
        cost="" if cost is None or cost.kind is CostKind.UNKNOWN else cost.text or cost.kind.value,
        stipend="" if stipend in {None, Stipend.UNKNOWN} else str(stipend),
        level="" if level in {None, Level.UNKNOWN} else str(level),
    )


def as_json(understood: TextReport) -> dict[str, Any]:
    """Return the report as JSON values. Days and times are local to ``timezone``; ``end`` is inclusive.

    If a text gives a deadline and no event date, ``start`` is the deadline and ``kind`` is ``deadline``.
    """
    announcement = understood.announcement
    when = announcement.when or next((due.at for due in announcement.deadlines if due.at is not None), None)
    repeats = announcement.repeats[0] if announcement.repeats else None
    return {
        "kind": kind_of(announcement),
        **_when(when),
        "deadlines": [_deadline(due, understood) for due in announcement.deadlines],
        "recurrence": repeats.rule if repeats else None,
        "occurrences": _occurrences(announcement),
        "status": _status(announcement),
        "phases": [_when(mention.dated) for mention in announcement.phases],
        "opens": [_local(due.opens.first, due.opens.starts) for due in announcement.deadlines if due.opens],
        "cost": understood.cost,
        "stipend": understood.stipend,
        "level": understood.level,
        "places": [_place(place) for place in understood.where.places],
        "mode": mode_of(understood.where),
        "dates": [
            {"text": mention.words, "role": mention.role.value} | _when(mention.dated)
            for mention in announcement.mentions
        ],
        "doubts": [*announcement.doubts, *map(_place_doubt, understood.where.uncertain)],
    }


def kind_of(announcement: Announcement) -> str:
    """Return single, range, deadline, recurring, rolling, tba or nodate."""
    when = announcement.when
    if when is not None:
        return "range" if when.last is not None or when.ends is not None else "single"
    if any(due.at is not None for due in announcement.deadlines):
        return "deadline"
    said = {"recurring": announcement.repeats, "rolling": announcement.rolling, "tba": announcement.tba}
    return next((kind for kind, words in said.items() if words), "nodate")


def mode_of(where: PlacesAndMode) -> str:
    """Return physical, online, hybrid, country (only the country is known) or none."""
    if where.says_online:
        return "hybrid" if where.places or where.says_in_person else "online"
    if not where.places:
        return "physical" if where.says_in_person or where.uncertain else "none"
    is_country = all(place.precision is PlacePrecision.COUNTRY for place in where.places)
    return "country" if is_country else "physical"


def _when(dated: ResolvedDate | None) -> dict[str, Any]:
    if dated is None:
        return dict.fromkeys(("start", "end"), None) | {
            "precision": DatePrecision.UNKNOWN.value,
            "timezone": None,
            "utc_offset": None,
            "timezone_source": ZoneSource.UNKNOWN.value,
            "year_inferred": False,
        }
    end = None
    if dated.ends is not None:
        end = _local(dated.last or dated.first, dated.ends)
    elif dated.last is not None:
        end = _local(dated.last, None)
    return {
        "start": _local(dated.first, dated.starts),
        "end": end,
        "precision": dated.precision.value,
        "timezone": dated.zone,
        "utc_offset": _offset(dated),
        "timezone_source": dated.zone_source.value,
        "year_inferred": dated.year_inferred,
    }


def _local(day: date, clock: time | None) -> str:
    return day.isoformat() if clock is None else f"{day.isoformat()}T{clock:%H:%M}"


def _offset(dated: ResolvedDate) -> str | None:
    offset = dated.utc_offset
    if offset is None:
        return None
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _deadline(due: ParsedDeadline, understood: TextReport) -> dict[str, Any]:
    deadline = as_deadline(due, understood.around.place_zone)
    closes_at = deadline.closes_at if deadline else None
    return {
        "kind": due.kind.value,
        "at": _local(due.at.first, due.at.starts) if due.at else None,
        "timezone": deadline.timezone if deadline else None,
        "utc_offset": _offset(due.at) if due.at else None,
        "timezone_source": deadline.timezone_source.value if deadline else ZoneSource.UNKNOWN.value,
        "open_until": _utc(closes_at - timedelta(seconds=1)) if closes_at else None,
        "closes_at": _utc(closes_at) if closes_at else None,
        "opens": _local(due.opens.first, due.opens.starts) if due.opens else None,
        "year_inferred": bool(due.at and due.at.year_inferred),
        "text": due.words,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _occurrences(announcement: Announcement) -> list[str]:
    origin = announcement.when.first if announcement.when else announcement.published
    if not announcement.repeats or origin is None:
        return []
    repeats = announcement.repeats[0]
    clock = repeats.at.clock.start if repeats.at else None
    return [_local(day, clock) for day in repeats.occurrences(origin)]


def _status(announcement: Announcement) -> str | None:
    for status in ("cancelled", "postponed", "closed", "not_yet_open", "rolling", "tba"):
        if getattr(announcement, status):
            return status
    return None


def _place(place: Place) -> dict[str, Any]:
    return {
        "city": place.city or None,
        "region": place.region or None,
        "country": place.country or None,
        "lat": place.latitude,
        "lon": place.longitude,
        "timezone": place.timezone,
        "venue": place.venue or None,
        "text": place.raw,
    }


def read_day(text: str) -> date | None:
    """Parse a day written as YYYY-MM-DD, alone or before a time; None if ``text`` is neither."""
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None
