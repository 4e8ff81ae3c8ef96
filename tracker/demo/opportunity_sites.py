"""Boards and organisers of the practice web: JSON in a page, Algolia, hand-made HTML, prose, entries by hand."""

from __future__ import annotations

import html
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


def fellowships(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render HTML cards and detail pages; the deadline is only on the detail pages."""
    cards = "".join(
        f'<article class="card"><h2><a href="/{each.slug}?utm_campaign=list">{html.escape(each.title)}</a></h2>'
        f'<p class="dates">{_spelled(each)}</p><p class="where">{each.places[0].text}</p></article>'
        for each in occasions
    )
    pages = {"fellowships.example/": page(_document("Programmes", f"<main>{cards}</main>"))}
    for each in occasions:
        closes = monday + timedelta(days=each.row["apply"])
        text = (
            f"<main><h1>{html.escape(each.title)}</h1><p>Housing and a stipend are provided.</p>"
            f'<p class="deadline">Apply by {closes.day} {closes:%B %Y}</p></main>'
        )
        pages[f"fellowships.example/{each.slug}"] = page(_document(each.title, text))
    return pages


def programme(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render one page in prose, with an Open Graph title and a canonical URL."""
    (each,) = occasions
    closes = monday + timedelta(days=each.row["apply"])
    text = (
        f"<nav><a href='/'>Home</a></nav><main><h1>{html.escape(each.title)}</h1>"
        f"<p>The programme runs from {_spelled(each)} in Canberra.</p>"
        f"<p>Applications close on {closes.day} {closes:%B %Y}.</p></main><footer>© Practice</footer>"
    )
    head = f"<meta property='og:title' content='{each.title}'><link rel='canonical' href='{each.url}'>"
    return {"programme.example/": page(_document(each.title, text, head))}


def manual_source_file(occasions: Sequence[FixtureEvent], monday: date) -> str:
    """Return a source file of the platform ``manual``, with inline entries: nothing is fetched for it."""
    entries = []
    for each in occasions:
        is_timed = "time" in each.row
        starts = f"{each.starts_local():%Y-%m-%d %H:%M}" if is_timed else str(each.start)
        ends = f"{each.ends_local():%Y-%m-%d %H:%M}" if is_timed else str(each.end or "")
        fields = {"title": each.title, "url": each.url, "starts": starts, "ends": ends, "place": each.places[0].text}
        if "register" in each.row:
            fields["register_by"] = str(monday + timedelta(days=each.row["register"]))
        lines = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in fields.items()]
        entries.append("\n".join(["[[entries]]", *lines, f'types = ["{each.row["types"][0]}"]']))
    head = (
        "# A site of the practice web that has no page worth reading.\n"
        'name     = "Kept by hand (practice)"\nhomepage = "https://by-hand.example/"\nplatform = "manual"\n'
        'expect   = { at_least = 1, at_most = 20 }\nverified = "never"\n'
    )
    return "\n\n".join([head, *entries]) + "\n"


def _spelled(each: FixtureEvent) -> str:
    first, last = each.start, each.end
    if first is None or last is None:
        raise TypeError(f"{each.title} has no dates")
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _document(title: str, body: str, head: str = "") -> str:
    head = f"<title>{html.escape(title)}</title>{head}"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"
