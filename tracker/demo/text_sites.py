"""Renders a feed with dates in its titles, a weekly newsletter and a list of deadlines for the practice web."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from datetime import date, timedelta

from tracker.demo.fixtures import FixtureEvent
from tracker.demo.response import FEED, PLAIN, Pages, page

_STIPENDS = {"none": "No stipend", "expenses": "Expenses covered"}
_TIMES = {"full_time": "Full-time", "part_time": "Part-time"}


def blog(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render an RSS feed: date (without year) and place are in the title; ``pubDate`` is the day of the post."""
    items = "".join(
        f"<item><title>{html.escape(each.title)} — {each.starts_local():%a} {each.starts_local().day} "
        f"{each.starts_local():%b, %H:%M}–{each.ends_local():%H:%M} — {each.places[0].text}</title>"
        f"<link>{each.url}</link><guid isPermaLink='false'>{each.slug}</guid>"
        f"<pubDate>{monday:%a, %d %b %Y} 06:00:00 +0000</pubDate>"
        f"<description>&lt;p&gt;Coffee &amp;amp; cake afterwards.&lt;/p&gt;</description></item>"
        for each in occasions
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>AI Safety Zurich</title>'
        f"<link>https://blog.example/</link><description>News</description>{items}</channel></rss>"
    )
    return {"blog.example/feed.xml": page(text, FEED)}


def letter(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render this week's issue, the only one. Its links are redirectors, and its dates have no year."""
    year, week, _ = monday.isocalendar()
    cards = "".join(_card(each, monday, number) for number, each in enumerate(occasions))
    texts = [
        {"c": f"g0:{_key(each)}", "t": f"* {each.title}\n  Type\n  {each.url}?utm_source=letter\n"}
        for each in occasions
    ]
    manifest = base64.b64encode(json.dumps({"v": 1, "groups": [], "text": texts}).encode()).decode()
    text = (
        f"<!doctype html><html lang='en'><head><title>Week {week}, {year}</title></head><body><h1>New programmes</h1>"
        f"{cards}<!--aisafety-cards:{manifest}--></body></html>"
    )
    return {f"letter.example/newsletter/week-{week:02}-{year}": page(text)}


def deadlines(occasions: Sequence[FixtureEvent], monday: date) -> Pages:
    """Render YAML as of ai-deadlines: several typed deadlines, and dates that are not deadlines."""
    return {"deadlines.example/conferences.yml": page("".join(_conference(each, monday) for each in occasions), PLAIN)}


def _card(each: FixtureEvent, monday: date, number: int) -> str:
    row, start = each.row, each.start
    if start is None:
        raise TypeError(f"{each.title} has no date")
    where = "Online" if each.is_online else " &amp; ".join(place.text for place in each.places)
    closes = monday + timedelta(days=row.get("apply", 0))
    apply_by = "Applications not yet open" if row.get("not_yet_open") else f"Apply by {closes.day} {closes:%B}"
    badges = [_STIPENDS[row["stipend"]], _TIMES[row["time_commitment"]], f"Entry bar: {row['level']}",
              f"Focus: {', '.join(row['topics'])}", apply_by]  # fmt: skip
    marks = "".join(f"<td><!--f:b{n}:icon-->{badge}<!--/f--></td>" for n, badge in enumerate(badges))
    return (
        f'<!--card:g0:{_key(each)}--><a href="https://aisafety.com/api/nl/0/{number}">'
        f'<table class="pb"><tr><td>{row["types"][0].title()}</td></tr></table>'
        f"<!--f:title-->{html.escape(each.title)}<!--/f--><!--f:m0:pin-->{where}<!--/f-->"
        f"<!--f:m1:calendar-->2 weeks · Starts {start.day} {start:%B}<!--/f-->"
        f"<!--f:desc-->For newcomers to AI safety.<!--/f--><table><tr>{marks}</tr></table></a><!--/card-->"
    )


def _key(each: FixtureEvent) -> str:
    return "rec" + each.slug.replace("-", "").ljust(14, "0")[:14]


def _conference(each: FixtureEvent, monday: date) -> str:
    place = each.places[0]
    due = [("abstract", each.row["abstract"]), ("submission", each.row["submit"])]
    listed = [*due, ("review_release", each.row["submit"] + 30)]
    rows = "".join(
        f"  - type: {kind}\n    label: {kind.title()}\n"
        f"    date: '{monday + timedelta(days=day)} 23:59:59'\n    timezone: AoE\n"
        for kind, day in listed
    )
    return (
        f"- title: {each.title.rpartition(' ')[0]}\n  year: {str(each.start)[:4]}\n  id: {each.slug.strip('/')}\n"
        f"  link: {each.url}\n  deadlines:\n{rows}  start: {each.start}\n  end: {each.end}\n"
        f"  city: {place.city}\n  country: {place.text.rpartition(', ')[2]}\n  note: Held for the first time.\n"
    )
