"""Renders the boards of the practice web: one with JSON embedded in the page, one with an Algolia search API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import JSON, Pages, page

_KEY = "practice0key0for0searching0only0"


def openings(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render a Next.js page; its rows include an ordinary job, which is to be left out."""
    rows = [_opening(each, monday) for each in occasions]
    rows.append({"id": "manager", "title": "Office Manager", "opportunityTypes": ["Full-time"]})
    data = {"props": {"pageProps": {"opportunities": rows, "totalCount": len(rows)}}, "page": "/opportunities"}
    script = json.dumps(data).replace("</", "<\\/")
    body = f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{script}</script>'
    text = f"<!doctype html><html lang='en'><head><title>Opportunities</title></head><body>{body}</body></html>"
    return {"openings.example/": page(text)}


def jobs(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render the board's page, with the search key in Nuxt's configuration script, and the response of its index."""
    config = f'window.__NUXT__={{}};window.__NUXT__.config={{public:{{env:"prod",algoliaApiKey:"{_KEY}"}}}}'
    front = f"<!doctype html><html><head><title>Jobs</title></head><body><script>{config}</script></body></html>"
    hits = [_hit(each, monday) for each in occasions]
    answer = {"hits": hits, "nbHits": len(hits), "nbPages": 1, "page": 0, "hitsPerPage": 1000}
    return {
        "jobs.example/": page(front),
        "jobs.example/1/indexes/jobs_prod/query": page(json.dumps(answer), JSON),
    }


def _opening(each: FixtureEvent, monday: date) -> dict[str, Any]:
    return {
        "id": each.slug,
        "title": each.title,
        "organizations": [{"name": "Practice Organisers", "link": None}],
        "applicationLink": "https://openings.example/apply",
        "applicationDeadline": str(monday + timedelta(days=each.row["apply"])),
        "startDate": str(each.start) if each.start else None,
        "endDate": str(each.end) if each.end else None,
        "opportunityTypes": ["Fellowship" if "fellowship" in each.row["types"] else "Contest"],
        "location": "Remote" if each.is_online else each.places[0].text,
        "description": "A chance to work on the governance of advanced AI.",
    }


def _hit(each: FixtureEvent, monday: date) -> dict[str, Any]:
    number = int(each.slug.rpartition("=")[2])
    closes = datetime.combine(monday + timedelta(days=each.row["closes"]), time(23, 59, 59), UTC)
    return {
        "objectID": str(number),
        "post_pk": number,
        "title": each.title,
        "company_name": "Practice Organisers",
        "card_locations": [each.places[0].text],
        "tags_role_type": [each.row["types"][0].title()],
        "tags_area": ["AI safety & policy"],
        "posted_at": 1_767_225_600,
        "closes_at": int(closes.timestamp()),
        "url_external": f"https://jobs.example/apply/{number}?utm_source=board",
        "description": "",
        "description_short": "<ul>\n<li>Red teaming &amp; evaluations.</li>\n</ul>",
    }
