"""Computes the expected events of the practice web: what a perfect crawl publishes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tracker.demo.fixtures import FixtureEvent, fixture_events, monday_of


def true_events(today: date, *, later: bool = False) -> list[dict[str, Any]]:
    """Return the expected facts of every event, sorted by title and start. Times are in UTC; days have no time."""
    facts = [_facts(occasion, monday_of(today)) for occasion in fixture_events(today, later=later)]
    return sorted(facts, key=lambda each: (each["title"], each["start"] or ""))


def truth_document(today: date, *, later: bool = False) -> dict[str, Any]:
    """Return the content of ``truth.json``."""
    events = true_events(today, later=later)
    return {
        "about": "What is true in the practice web. Every event here, and no other, should be published.",
        "week_of": monday_of(today).isoformat(),
        "later": later,
        "count": len(events),
        "count_in_calendar": sum(each["precision"] in {"exact", "day"} for each in events),
        "events": events,
    }


_DEADLINES = (
    ("apply", "application", "AoE"),
    ("register", "registration", "AoE"),
    ("closes", "application", None),
    ("abstract", "abstract", "AoE"),
    ("submit", "submission", "AoE"),
)


def _closes(day: date, key: str) -> str:
    """Return a deadline as published: a day, or its last second in UTC (job board) or AoE (conferences)."""
    if key == "closes":
        return f"{day}T23:59:59Z"
    return f"{day + timedelta(days=1)}T11:59:59Z" if key in {"abstract", "submit"} else day.isoformat()


def _facts(occasion: FixtureEvent, monday: date) -> dict[str, Any]:
    row = occasion.row
    start, end, precision = occasion.start, occasion.end, "day"
    if row.get("approximate") and start is not None:
        start, end = start.replace(day=1), start.replace(day=10)  # "early March 2027"
        precision = "season"
    elif start is None:
        precision = "unknown"
    elif isinstance(start, datetime):
        precision = "exact"
    return {
        "title": occasion.title,
        # Occurrences of a weekly series have no detail page.
        "url": None if "weekly" in row else occasion.url,
        "start": _written(start),
        "end": _written(end),
        "precision": precision,
        "timezone": occasion.zone if precision == "exact" else None,
        "types": row["types"],
        "mode": _mode(occasion),
        "cities": [place.city for place in occasion.places],
        "countries": [place.country for place in occasion.places],
        "lifecycle": "cancelled" if row.get("cancelled") else "scheduled",
        "deadlines": [
            {"kind": kind, "at": _closes(monday + timedelta(days=row[key]), key), "timezone": zone}
            for key, kind, zone in _DEADLINES
            if key in row
        ],
        "not_yet_open": bool(row.get("not_yet_open")),
        "recurring": bool(row.get("recurring")),
        "sources": sorted(f"practice_{site}" for site in occasion.sites),
    }


def _mode(occasion: FixtureEvent) -> str:
    if "mode" in occasion.row:
        return str(occasion.row["mode"])
    if occasion.is_online:
        return "hybrid_choice" if occasion.places else "online"
    return "in_person"


def _written(moment: date | datetime | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None if moment is None else moment.isoformat()
