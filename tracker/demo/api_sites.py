"""Renders AISafety.com's data API and ForumMagnum's GraphQL API for the practice web, including their pitfalls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import JSON, Pages, page

_STIPENDS = {"none": "No stipend", "expenses": "Expenses covered", "stipend": "Stipend included"}
_COMMUNITIES = (
    ("AI Safety Berlin", "Talks and reading groups.", "https://berlin.example/join", "Berlin, Germany", 52.52, 13.405),
    ("AI Safety Boston", "Students of five colleges.", "https://boston.example/", "Boston, MA, USA", 42.36, -71.06),
    ("AI Safety London", "Co-working on Wednesdays.", "https://london.example/join", "London, UK", 51.51, -0.13),
    ("AI Safety Sydney", "Meets in a library.", "https://sydney.example/join", "Sydney, Australia", -33.87, 151.21),
    ("Alignment study hall", "A chat about papers.", "https://study-hall.example/", "Online", None, None),
)  # fmt: skip
_TIMES = {"full_time": "Full-time", "part_time": "Part-time"}


def collection(name: str, occasions: Sequence[FixtureEvent], monday: date) -> str:
    """Return the API's response for one collection. ``generatedAt`` is constant: it does not indicate a change."""
    build = _event if name == "events" else _training
    return _enveloped([build(each, monday) for each in occasions], monday)


def communities(monday: date) -> str:
    """Return the API's response for the groups to join."""
    rows = [
        {
            "id": f"recCOMMUNITY{number:05}",
            "name": name,
            "description": description,
            "joinLink": link,
            "type": "Local group" if location != "Online" else "Online community",
            "location": location,
            "latitude": latitude,
            "longitude": longitude,
        }
        for number, (name, description, link, location, latitude, longitude) in enumerate(_COMMUNITIES)
    ]
    return _enveloped(rows, monday)


def _enveloped(rows: list[dict[str, Any]], monday: date) -> str:
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


REFUSES_TERMS = json.dumps({"errors": [{"message": 'Unknown argument "input" on field "Query.posts".'}]})
"""Response, with status 400, to a query with ``input: {terms: …}``."""


def forum(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render events, an off-topic post, and one post that is in both views."""
    del monday
    posts = [_post(each) for each in occasions]
    off_topic = posts[0] | {
        "_id": "boardgames",
        "title": "Board Games in the Park",
        "contents": {"plaintextDescription": "Bring a game."},
    }
    data = {"globalEvents": {"results": posts[1:2]}, "nearbyEvents": {"results": [*posts, off_topic]}}
    return {"forum.example/graphql": page(json.dumps({"data": data}), JSON)}


def _post(each: FixtureEvent) -> dict[str, Any]:
    place = each.places[0] if each.places else None
    return {
        "_id": each.slug,
        "title": each.title,
        "pageUrl": each.url,
        "isEvent": True,
        "eventType": "discussion" if each.is_online else None,
        "startTime": _stamp(each.start),
        "endTime": _stamp(each.end),
        # Local time encoded as if it were UTC; null without a place.
        "localStartTime": f"{each.starts_local():%Y-%m-%dT%H:%M:%S}.000Z" if place else None,
        "localEndTime": f"{each.ends_local():%Y-%m-%dT%H:%M:%S}.000Z" if place else None,
        "onlineEvent": each.is_online,
        "globalEvent": each.is_online,
        "location": place.text if place else None,
        "googleLocation": None,
        "postedAt": "2026-01-01T00:00:00.000Z",
        "tags": [],
        "contents": {"plaintextDescription": "We talk about AI safety; newcomers are welcome."},
    }


def _stamp(moment: date | datetime | None) -> str:
    if not isinstance(moment, datetime):
        raise TypeError("the forum's events have clock times")
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
