"""Newly listed events, changes and digests → Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

_TAG = "tag:aisafety-tracker,2026:"
"""Part of every id (RFC 4151). Changing it would show every reader everything again."""
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One entry; texts are plain unless ``html`` is given."""

    id: str
    """``event/k3v9q2m8xa01``; never used for something else."""
    title: str
    link: str
    """Empty where our own address is not known."""
    updated: datetime
    text: str = ""
    html: str = ""
    """Instead of ``text``: HTML whose every value is escaped."""
    published: datetime | None = None
    categories: tuple[str, ...] = ()


def render_atom(name: str, entries: Iterable[AtomEntry], *, title: str, subtitle: str, home: str, url: str) -> bytes:
    """Return an Atom feed. The same entries give the same bytes.

    Args:
        name: what tells this feed from our others, with its selection: ``events?type=talk``.
        entries: newest first.
        title: what feed readers call it.
        subtitle: what it holds, and whom to credit.
        home: address of the page for people; empty if it is not known.
        url: address of the feed itself; empty if it is not known.
    """
    entries = list(entries)
    feed = FeedGenerator()
    feed.id(_TAG + name)
    feed.title(title)
    feed.subtitle(subtitle)
    feed.author(name="AI Safety Tracker")
    feed.generator("AI Safety Tracker")
    feed.updated(max((each.updated for each in entries), default=_EPOCH))
    for address, rel in ((home, "alternate"), (url, "self")):
        if address:
            feed.link(href=address, rel=rel)
    for each in entries:
        entry = feed.add_entry(order="append")
        entry.id(_TAG + each.id)
        entry.title(each.title)
        entry.updated(each.updated)
        if each.published is not None:
            entry.published(each.published)
        if each.link:
            entry.link(href=each.link)
        if each.html:
            entry.content(each.html, type="html")
        elif each.text:
            entry.content(each.text, type="text")
        for category in each.categories:
            entry.category(term=category)
    rendered: bytes = feed.atom_str(pretty=True)
    return rendered
