"""Renders organisers of the practice web: a hand-made list with detail pages, a page in prose, a manual source."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import date, timedelta

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import Pages, page


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
