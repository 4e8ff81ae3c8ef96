"""Sites of the practice web with pages of events: schema.org in several forms, and WordPress's REST interface."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import JSON, Pages, page

_TYPES = {"hackathon": "Hackathon", "workshop": "EducationEvent", "social": "SocialEvent"}


def conference(occasions: Sequence[FixtureEvent]) -> str:
    """Render the page of one conference: the event in a @graph, among other typical nodes."""
    graph = [
        {
            "@type": "WebSite",
            "@id": "https://safety-forum.example/#website",
            "name": "Pacific AI Safety Forum",
        },
        *(_node(each) | {"@type": "Event"} for each in occasions),
        {"@type": "Organization", "name": "Pacific AI Safety Forum"},
    ]
    return _page("Pacific AI Safety Forum", {"@context": "https://schema.org", "@graph": graph})


def ticket_shop(occasions: Sequence[FixtureEvent]) -> str:
    """Render an organiser's page in a ticket shop: an ItemList, UTC offsets without a colon, cancelled in two ways."""
    items = []
    for position, each in enumerate(occasions, start=1):
        node = _node(each)
        node["startDate"] = f"{each.starts_local():%Y-%m-%dT%H:%M:%S%z}"
        node["endDate"] = f"{each.ends_local():%Y-%m-%dT%H:%M:%S%z}"
        if each.row.get("cancelled"):
            node["name"] = f"CANCELLED - {each.title}"
            node["eventStatus"] = "https://schema.org/EventCancelled"
        items.append({"@type": "ListItem", "position": position, "item": node})
    return _page("Tickets", {"@context": "http://schema.org", "@type": "ItemList", "itemListElement": items})


def microdata(occasions: Sequence[FixtureEvent]) -> str:
    """Render a hand-made page with microdata, and an empty JSON-LD script that breaks careless parsers."""
    blocks = []
    for each in occasions:
        start, end, place = each.starts_local(), each.ends_local(), each.places[0]
        blocks.append(
            f"""
<div itemscope itemtype="http://schema.org/EducationEvent">
  <h2><a itemprop="url" href="{each.url}"><span itemprop="name">{html.escape(each.title)}</span></a></h2>
  <time itemprop="startDate" datetime="{start.isoformat()}">{start:%d %B}</time> –
  <time itemprop="endDate" datetime="{end.isoformat()}">{end:%H:%M}</time>
  <div itemprop="location" itemscope itemtype="http://schema.org/Place">
    <span itemprop="name">Conference Centre</span>
    <div itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">
      <span itemprop="addressLocality">{place.city}</span>, <span itemprop="addressCountry">{place.country}</span>
    </div>
  </div>
</div>"""
        )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Workshops</title>"
        "<script type='application/ld+json'></script></head><body><h1>Workshops</h1>"
        + "".join(blocks)
        + "</body></html>"
    )


PAGES: dict[str, Callable[[Sequence[FixtureEvent]], str]] = {
    "safety_forum": conference,
    "tickets": ticket_shop,
    "workshops": microdata,
}


def _node(each: FixtureEvent) -> dict[str, Any]:
    amount, _, currency = str(each.row.get("price", "0 EUR")).partition(" ")
    node: dict[str, Any] = {
        "@type": _TYPES.get(each.row["types"][0], "Event"),
        "name": each.title,
        "url": each.url,
        "startDate": _iso(each.start, each),
        "endDate": _iso(each.end, each),
        "description": f"<p>{html.escape(each.title)}. Doors open half an hour before.</p>",
        "eventStatus": "https://schema.org/EventScheduled",
        "offers": [{"@type": "Offer", "price": amount, "priceCurrency": currency}],
        "organizer": {"@type": "Organization", "name": "Practice Organisers"},
    }
    if each.is_online:
        node["eventAttendanceMode"] = "https://schema.org/OnlineEventAttendanceMode"
        node["location"] = {"@type": "VirtualLocation", "url": each.url}
    else:
        place = each.places[0]
        node["eventAttendanceMode"] = "https://schema.org/OfflineEventAttendanceMode"
        node["location"] = {
            "@type": "Place",
            "name": "Conference Centre",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "1 Example Street",
                "addressLocality": place.city,
                "addressCountry": place.country,
            },
        }
    return node


def _iso(moment: object, each: FixtureEvent) -> str:
    if not isinstance(moment, datetime):
        raise TypeError(f"{each.title} has clock times")
    return moment.astimezone(each.starts_local().tzinfo).isoformat()


def _page(title: str, data: dict[str, Any]) -> str:
    script = json.dumps(data, ensure_ascii=False, indent=2).replace("</", "<\\/")
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{html.escape(title)}</title>"
        f"<script type='application/ld+json'>{script}</script></head><body><h1>{html.escape(title)}</h1></body></html>"
    )


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
