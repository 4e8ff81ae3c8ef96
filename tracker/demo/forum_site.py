"""The forum of the practice web: ForumMagnum's GraphQL, which knows only the newer form of the query."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tracker.demo.answer import JSON, Pages, page
from tracker.demo.fixtures import FixtureEvent

REFUSES_TERMS = json.dumps({"errors": [{"message": 'Unknown argument "input" on field "Query.posts".'}]})
"""Sent with status 400 where a query has ``input: {terms: …}``."""


def forum(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Events, a post that is none of our field, and one that stands in both lists."""
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
        # The clock on the wall, written as if it were UTC; null where there is no place.
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
