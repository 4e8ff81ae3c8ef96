"""Parses the cards of AISafety.com's newsletters, in each of the three forms that an issue contains.

The forms are HTML with ``<!--card:…-->`` markers, the plain-text part, and a JSON manifest in a comment. The card's key
is the record's id in the data API, so that an entry in both is recognised as the same. Links in the HTML are
redirectors; the manifest and the text have the original URLs.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.reading.links import without_tracking
from tracker.sources.platform import Page

_CARD = re.compile(r"(?:\w{1,20}:)?(\w{1,40})-->")
_FIELD = re.compile(r"(\w{1,20})(?::[\w-]{1,40})?-->")
_HREF = re.compile(r"<a\s[^<>]{0,300}?href=[\"']([^\"'<>]{1,2000})", re.IGNORECASE)
_TYPE = re.compile(r"<table class=[\"']pb[\"']><tr><td>([^<]{0,200})</td>")
_LONGEST = 50_000
_BULLET = re.compile(r"^\* (.+)$", re.MULTILINE)
_REDIRECTOR = re.compile(r"https?://(?:www\.)?aisafety\.com/api/nl/")
_LENGTH = re.compile(r"(?i)(?:about |~)?\d[\d–\-to ]*\+? ?(?:hour|day|week|month|year)s?")
_STARTS = re.compile(r"(?i)^starts?(?: in| on)? ")
_CLOCKS = re.compile(r"\d{1,2}[:.]\d{2}")
_STIPEND = re.compile(r"(?i)stipend|expenses|unpaid|salary")
_COMMITMENT = re.compile(r"(?i)(?:full|part|half)[- ]time|flexible")
_APPLY = re.compile(r"(?i)\b(?:appl(?:y|ications?)|register|registration|rsvp|sign.?up|deadline|rolling|submit)\b")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = re.compile(rf"(?i)\d|\b(?:{_MONTHS})\b")


@dataclass(frozen=True, slots=True)
class Card:
    """One card, parsed from any of the three forms."""

    title: str
    key: str = ""
    url: str = ""
    type: str = ""
    facts: tuple[str, ...] = field(default=())
    """Place, duration, dates, clock times: the line under the title."""
    badges: tuple[str, ...] = field(default=())
    """Stipend, time commitment, entry bar, focus, cost, host, deadline."""
    description: str = ""
    redirector: str = ""
    """A link of the newsletter that leads to the event's page: for people, if no other is known."""


def cards_in_html(text: str) -> list[Card]:
    """Return the cards of an issue's HTML, with the URLs of its manifest if there is one."""
    found = [_card(key, inner) for key, inner in _between(text, "<!--card:", "<!--/card-->", _CARD)]
    manifest = text.partition("<!--aisafety-cards:")[2].partition("-->")[0]
    known = {card.key: card for card in cards_in_manifest(_decoded(manifest))} if manifest else {}
    return [replace(card, url=known[card.key].url if card.key in known else card.url) for card in found]


def _between(text: str, opener: str, closer: str, name: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return (name, content) of each marked part. Splits, since a pattern takes quadratic time on malformed input."""
    parts = [(name.match(part), part.partition(closer)) for part in text.split(opener)[1:]]
    return [(match[1], content[match.end() :][:_LONGEST]) for match, (content, end, _) in parts if match and end]


def cards_in_manifest(manifest: Any) -> list[Card]:
    """Return the cards of a decoded manifest, which holds the card texts of the plain-text part by key."""
    texts = manifest.get("text") if isinstance(manifest, Mapping) else None
    cards = []
    for block in texts if isinstance(texts, list) else []:
        if isinstance(block, Mapping) and isinstance(block.get("t"), str) and block.get("c"):
            key = str(block["c"]).rpartition(":")[2]
            cards += [replace(card, key=key) for card in cards_in_text(block["t"])]
    return cards


def cards_in_text(text: str) -> list[Card]:
    """Return the cards of an issue's plain-text part."""
    edges = [*(match.start() for match in _BULLET.finditer(text)), len(text)]
    return [_bullet(text[at:end]) for at, end in pairwise(edges)]


def as_listing(card: Card, page: Page, published: str) -> RawListing:
    """Convert a card to a raw listing. ``published``, the day of the issue, resolves dates without a year."""
    said: dict[str, Any] = {"places": (), "deadlines": (), "topics": (), "costs": (), "organizers": ()}
    for fact in card.facts:
        _take_fact(fact, said)
    for badge in card.badges:
        _take_badge(badge, said)
    return RawListing(
        source=page.source,
        source_id=card.key or card.title,
        page_url=page.url,
        fetched_at=page.fetched_at,
        published=published,
        title=card.title,
        description=card.description,
        url=without_tracking(card.url),
        apply_url="" if card.url else card.redirector,
        types=(card.type,) if card.type else (),
        **said,
    )


def _take_fact(fact: str, said: dict[str, Any]) -> None:
    if _LENGTH.fullmatch(fact):
        said["length"] = fact
    elif _CLOCKS.search(fact) and "starts" in said:
        said["starts"] += f" {fact}"
    elif _STARTS.match(fact) or fact.lower().startswith("week of ") or (_DATE.search(fact) and "," not in fact):
        said["starts"] = _STARTS.sub("", fact)
    else:
        said["places"] += (RawPlace(text=fact),)


def _take_badge(badge: str, said: dict[str, Any]) -> None:
    name, colon, value = badge.partition(": ")
    if colon and name.lower() == "entry bar":
        said["level"] = value
    elif colon and name.lower() == "focus":
        said["topics"] += tuple(value.split(", "))
    elif _APPLY.search(badge):
        is_unopened = "not yet open" in badge.lower()
        kind = "registration" if re.match(r"(?i)regist|rsvp|sign", badge) else ""
        said["deadlines"] += (RawDeadline(text="" if is_unopened else badge, kind=kind, not_yet_open=is_unopened),)
    elif _STIPEND.search(badge):
        said["stipend"] = badge
    elif _COMMITMENT.fullmatch(badge):
        said["time_commitment"] = badge
    elif badge.startswith("By "):
        said["organizers"] += (badge[3:],)
    elif _LENGTH.fullmatch(badge):
        said["length"] = badge
    else:
        said["costs"] += (badge,)


def _card(key: str, inner: str) -> Card:
    fields = {name: _plain(text) for name, text in _between(inner, "<!--f:", "<!--/f-->", _FIELD)}
    link, kind = _HREF.search(inner), _TYPE.search(inner)
    url = html.unescape(link[1]) if link else ""
    return Card(
        key=key,
        title=fields.get("title", ""),
        url="" if _REDIRECTOR.match(url) else url,
        redirector=url if _REDIRECTOR.match(url) else "",
        type=_plain(kind[1]) if kind else "",
        facts=tuple(part for name in sorted(fields) if name[0] == "m" for part in _parts(fields[name])),
        badges=tuple(fields[name] for name in sorted(fields) if re.fullmatch(r"b\d+", name)),
        description=fields.get("desc", ""),
    )


def _bullet(text: str) -> Card:
    """Parse ``* Title``, a line of facts, a line of badges, a description and a URL; all but the title are optional."""
    title, *lines = [line.strip() for line in text.strip().splitlines() if line.startswith(("* ", "  "))]
    urls = [line for line in lines if line.startswith(("https://", "http://"))]
    lines = [line for line in lines if line not in urls]
    kind, *facts = _parts(lines[0]) if lines else [""]
    has_badges = len(lines) > 1 and (" · " in lines[1] or bool(_APPLY.search(lines[1])) or len(lines[1]) < 60)
    return Card(
        title=title.removeprefix("* "),
        url=urls[-1] if urls else "",
        type=kind,
        facts=tuple(facts),
        badges=tuple(_parts(lines[1])) if has_badges else (),
        description=" ".join(lines[2 if has_badges else 1 :]),
    )


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split(" · ") if part.strip()]


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).strip()


def _decoded(text: str) -> Any:
    try:
        return json.loads(base64.b64decode(text))
    except (binascii.Error, ValueError, RecursionError):
        return None
