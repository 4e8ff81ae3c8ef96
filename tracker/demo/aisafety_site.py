"""Renders both collections of AISafety.com's data API for the practice web, including its pitfalls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tracker.demo.fixtures import FixtureEvent

_STIPENDS = {"none": "No stipend", "expenses": "Expenses covered", "stipend": "Stipend included"}
_TIMES = {"full_time": "Full-time", "part_time": "Part-time"}


def collection(name: str, occasions: Sequence[FixtureEvent], monday: date) -> str:
    """Return the API's response for one collection. ``generatedAt`` is constant: it does not indicate a change."""
    build = _event if name == "events" else _training
    rows = [build(each, monday) for each in occasions]
    meta = {
        "count": len(rows),
        "license": "CC-BY-4.0",
        "attribution": "AISafety.com",
        "source": "https://aisafety.com",
        "generatedAt": f"{monday}T00:00:00.000Z",
    }
    return json.dumps({"data": rows, "meta": meta}, ensure_ascii=False)


def _event(each: FixtureEvent, monday: date) -> dict[str, Any]:
    row = each.row
    own = each.site == "aisafety_events"
    is_timed = own and isinstance(each.start, datetime)
    places = [place.text for place in each.places]
    types = [kind.replace("_", " ").capitalize() for kind in row["types"]]
    closes = _day(monday, row, "register")
    return _shared(each) | {
        # A plain string in the API's documentation, a list in its code: both occur.
        "type": types[0] if len(types) == 1 else types,
        "url": each.url if own else f"{each.url}?utm_source=aisafety.com&utm_medium=events",
        "location": " & ".join((["Online"] if each.is_online else []) + places),
        "mode": "Hybrid" if each.is_online and places else "Online" if each.is_online else "In person",
        "host": "Practice Organisers",
        "cost": [row["cost"]] if "cost" in row else [],
        "startTime": f"{each.starts_local():%H:%M}" if is_timed else None,
        "endTime": f"{each.ends_local():%H:%M}" if is_timed else None,
        "applicationsClose": closes,
        "deadlineType": "Registration" if closes else None,
        "notYetOpen": False,
    }


def _training(each: FixtureEvent, monday: date) -> dict[str, Any]:
    row = each.row
    places = [place.text for place in each.places]
    mode = "Online" if each.is_online else "Hybrid" if row.get("mode") == "hybrid_required" else "In person"
    approximate = isinstance(each.start, date) and row.get("approximate")
    return _shared(each) | {
        "type": [kind.replace("_", " ").capitalize() for kind in row["types"]],
        "url": each.url,
        "location": " & ".join(places) or "Online",
        "mode": mode,
        "focus": [topic.capitalize() for topic in row["topics"]],
        "entryBar": row["level"].capitalize(),
        "timeCommitment": _TIMES[row["time_commitment"]],
        "stipend": _STIPENDS[row["stipend"]],
        "lengthBucket": "1–3 months",
        "recurring": bool(row.get("recurring")),
        "startDateApprox": f"early {each.start:%B %Y}" if approximate else None,
        "applicationsClose": _day(monday, row, "apply"),
        "notYetOpen": bool(row.get("not_yet_open")),
        "typicalLength": "3–6 months" if row.get("recurring") else None,
    }


def _shared(each: FixtureEvent) -> dict[str, Any]:
    start, end = _local_day(each.start, each), _local_day(each.end, each)
    return {
        # An Airtable record id: "rec" and fourteen characters.
        "id": "rec" + hashlib.sha256(f"{each.site}/{each.slug}".encode()).hexdigest()[:14],
        "name": each.title,
        "description": f"{each.title}. Apply on the organiser's page.",
        "startDate": start,
        "endDate": end or start,
        "applicationStatus": "Open",
        "logo": None,
    }


def _local_day(moment: date | datetime | None, each: FixtureEvent) -> str | None:
    if isinstance(moment, datetime):
        return str(moment.astimezone(each.starts_local().tzinfo).date())
    return None if moment is None else str(moment)


def _day(monday: date, row: dict[str, Any], key: str) -> str | None:
    return str(monday + timedelta(days=row[key])) if key in row else None
