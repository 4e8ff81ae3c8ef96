"""Writes what outlets give to programs: JSON, YAML, feeds; and the file that a curator keeps by hand."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from tests.life.outlets import Entry, Outlet, Pages
from tests.life.truths import Moment
from tests.life.webpages import spelled_time

_KEY = "world0key0for0searching0only0000"


def board(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a Next.js board of opportunities."""
    rows = []
    for each in entries:
        values = each.values(now)
        rows.append(
            {
                "id": each.key,
                "title": values.title,
                "applicationDeadline": str(values.deadline) if values.deadline else None,
                "startDate": str(values.first_day),
                "endDate": str(values.last_day),
                "opportunityTypes": [each.truth.kind.title()],
                "location": values.place or "Remote",
            }
        )
    script = json.dumps({"props": {"pageProps": {"opportunities": rows}}}).replace("</", "<\\/")
    body = f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{script}</script>'
    return {
        f"{_host(outlet)}/": f"<!doctype html><html><head><title>Board</title></head><body>{body}</body></html>".encode()
    }


def jobs(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a board on Algolia: the page with the key, and the index; only deadlines have dates."""
    hits = []
    for each in entries:
        values = each.values(now)
        closes = datetime.combine(values.deadline or values.first_day, time(23, 59, 59), UTC)
        hits.append(
            {
                "objectID": each.key,
                "post_pk": each.key,
                "title": values.title,
                "card_locations": [values.place or "Remote"],
                "tags_role_type": ["Fellowship"],
                "closes_at": int(closes.timestamp()),
                "url_external": f"https://employer.example/{each.key}",
            }
        )
    front = f'<!doctype html><html><head></head><body><script>{{algoliaApiKey:"{_KEY}"}}</script></body></html>'
    index = {"hits": hits, "nbHits": len(hits), "nbPages": 1, "page": 0}
    host = _host(outlet)
    return {f"{host}/": front.encode(), f"{host}/1/indexes/jobs_prod/query": json.dumps(index).encode()}


def localist(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a university's calendar on Localist."""
    events = []
    for each in entries:
        values = each.values(now)
        event: dict[str, Any] = {
            "id": int(hashlib.sha256(each.key.encode()).hexdigest()[:8], 16),
            "title": values.title,
            "localist_url": each.url,
            "address": values.place,
            "experience": "inperson" if values.place else "virtual",
            "description_text": "A public event on AI safety.",
            "event_instances": [{"event_instance": {"start": _iso(values.start), "end": _iso(values.end)}}],
        }
        if each.says_cancelled:
            event["status"] = "canceled"
        events.append({"event": event})
    return {
        f"{_host(outlet)}/api/2/events": json.dumps({"events": events, "page": {"current": 1, "total": 1}}).encode()
    }


def forum(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a forum's GraphQL answer: copies under the forum's own ids and addresses."""
    posts: list[dict[str, Any]] = []
    for each in entries:
        values = each.values(now)
        start, end = values.start, values.end
        if not isinstance(start, datetime):
            continue
        wall = f"{start:%Y-%m-%dT%H:%M:%S}.000Z"
        posts.append(
            {
                "_id": each.key,
                "title": ("[Cancelled] " if each.says_cancelled else "") + values.title,
                "pageUrl": f"https://{_host(outlet)}/events/{each.key}",
                "website": each.url or None,
                "isEvent": True,
                "startTime": _stamp(start),
                "endTime": _stamp(end) if isinstance(end, datetime) else None,
                "localStartTime": wall if values.place else None,
                "localEndTime": f"{end:%Y-%m-%dT%H:%M:%S}.000Z" if values.place and isinstance(end, datetime) else None,
                "onlineEvent": not values.place,
                "location": values.place or None,
                "postedAt": f"{each.shown_from:%Y-%m-%dT%H:%M:%S}.000Z",
                "tags": [],
                "contents": {
                    "plaintextDescription": f"More at {each.url}. We talk about AI safety." if each.url else ""
                },
            }
        )
    data = {"globalEvents": {"results": []}, "nearbyEvents": {"results": posts}}
    return {f"{_host(outlet)}/graphql": json.dumps({"data": data}).encode()}


def directory_rows(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write the rows of AISafety.com's interface: days and clock times without a zone."""
    rows = []
    for each in entries:
        values = each.values(now)
        start, end = values.start, values.end
        rows.append(
            {
                "id": "rec" + hashlib.sha256(each.key.encode()).hexdigest()[:14],
                "name": ("Cancelled: " if each.says_cancelled else "") + values.title,
                "type": each.truth.kind.title(),
                "url": f"{each.url}?utm_source=aisafety" if each.url else "#",
                "location": values.place or "Online",
                "mode": "In person" if values.place else "Online",
                "startDate": str(values.first_day),
                "endDate": str(values.last_day),
                "startTime": f"{start:%H:%M}" if isinstance(start, datetime) else None,
                "endTime": f"{end:%H:%M}" if isinstance(end, datetime) else None,
                "applicationsClose": str(values.deadline) if values.deadline else None,
                "deadlineType": "Registration" if values.deadline else None,
                "notYetOpen": False,
            }
        )
    meta = {"count": len(rows), "license": "CC-BY-4.0", "generatedAt": f"{now.date()}T00:00:00.000Z"}
    return {f"{_host(outlet)}/api/v1/events": json.dumps({"data": rows, "meta": meta}).encode()}


def conferences(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write a YAML list of conference deadlines."""
    rows = []
    for each in entries:
        values = each.values(now)
        title, _, year = values.title.rpartition(" ")
        city, _, country = values.place.rpartition(", ")
        rows.append(
            f"- title: {title}\n  year: {year}\n  id: {each.key}\n  link: {each.url}\n  deadlines:\n"
            f"  - type: submission\n    label: Papers\n    date: '{values.deadline} 23:59:59'\n    timezone: AoE\n"
            f"  start: {values.first_day}\n  end: {values.last_day}\n  city: {city}\n  country: {country}\n"
        )
    return {f"{_host(outlet)}/conferences.yml": ("".join(rows) or "[]\n").encode()}


def feed(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write an RSS feed whose titles hold date and place; old posts stay, and never change their words."""
    items = "".join(
        f"<item><title>{html.escape(each.values(now).title)} — "
        f"{each.words or spelled_time(each.values(now).start, each.values(now).end)} — "
        f"{each.values(now).place or 'Online'}</title><link>{each.url}</link><guid isPermaLink='false'>{each.key}</guid>"
        f"<pubDate>{each.shown_from:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for each in entries
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title>'
        f"<link>https://{_host(outlet)}/</link><description>News</description>{items}</channel></rss>"
    )
    return {f"{_host(outlet)}/feed.xml": text.encode()}


def by_hand(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> Pages:
    """Write the entries of a source file that a curator keeps."""
    found = []
    for each in entries:
        values = each.values(now)
        fields = {
            "title": values.title,
            "url": each.url,
            "starts": _local(values.start),
            "place": values.place or "Online",
        }
        if values.end is not None:
            fields["ends"] = _local(values.end)
        if values.deadline is not None:
            fields["apply_by"] = str(values.deadline)
        lines = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in fields.items()]
        found.append("\n".join(["[[entries]]", *lines, *(["cancelled = true"] if each.says_cancelled else [])]))
    return {f"{_host(outlet)}/": "\n\n".join(found).encode()}


def _local(moment: Moment) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else str(moment)


def _iso(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def _host(outlet: Outlet) -> str:
    return f"{outlet.id.replace('_', '-')}.example"
