"""Renders a WordPress site of the practice web: The Events Calendar's REST API in two pages, times mislabelled."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import JSON, Pages, page

_API = "seattle.example/wp-json/tribe/events/v1/events"


def wordpress_rest(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render two pages that overlap by one event, as happens if one is published between the requests."""
    del monday
    rows = [_row(each) for each in occasions]
    first = {"events": rows[:2], "total": len(rows), "total_pages": 2, "next_rest_url": f"http://{_API}?page=2"}
    second = {"events": rows[1:], "total": len(rows), "total_pages": 2}
    return {_API: page(json.dumps(first), JSON), f"{_API}?page=2": page(json.dumps(second), JSON)}


def _row(each: FixtureEvent) -> dict[str, Any]:
    is_whole_day = "time" not in each.row
    place = each.places[0]
    starts = f"{each.start} 00:00:00" if is_whole_day else f"{each.starts_local():%Y-%m-%d %H:%M:%S}"
    ends = f"{each.end or each.start} 23:59:59" if is_whole_day else f"{each.ends_local():%Y-%m-%d %H:%M:%S}"
    return {
        "id": each.slug,
        "status": "publish",
        "url": each.url,
        "title": html.escape(each.title).replace("’", "&#8217;"),
        "description": f"<p>{html.escape(each.title)}. All welcome.</p>",
        "excerpt": "<p>All welcome.</p>",
        "all_day": is_whole_day,
        "start_date": starts,
        "end_date": ends,
        # The plugin's default if the site's zone is not set; the times are Seattle's nevertheless.
        "timezone": "UTC+0",
        "cost": "",
        "website": "",
        "categories": [{"name": each.row["types"][0].replace("_", " ").title()}],
        "venue": {"venue": "Town Hall", "city": place.city, "country": "United States"},
        "organizer": [],
        "is_virtual": False,
    }
