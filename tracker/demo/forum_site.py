"""Renders the forum of the practice web: ForumMagnum's GraphQL API, which supports only the newer query form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import JSON, Pages, page

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
