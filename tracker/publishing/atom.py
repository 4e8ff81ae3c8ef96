"""Renders newly listed events, changes and digests as Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

_TAG = "tag:aisafety-tracker,2026:"
"""Prefix of every id (RFC 4151). Changing it would make feed readers show all entries again."""
_NAMESPACE = "http://www.w3.org/2005/Atom"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One entry; texts are plain unless ``html`` is given."""

    id: str
    """``event/k3v9q2m8xa01``; never reused."""
    title: str
    link: str
    """Empty if the public URL of the site is not known."""
    updated: datetime
    text: str = ""
    html: str = ""
    """HTML instead of ``text``, with every value escaped."""
    published: datetime | None = None
    categories: tuple[str, ...] = ()


def render_atom(name: str, entries: Iterable[AtomEntry], *, title: str, subtitle: str, home: str, url: str) -> bytes:
    """Return an Atom feed. The same entries give the same bytes.

    Args:
        name: name and selection, which identify the feed: ``events?type=talk``.
        entries: newest first.
        title: title in feed readers.
        subtitle: what it contains, and whom to credit.
        home: URL of the page for people; empty if it is not known.
        url: URL of the feed itself; empty if it is not known.
    """
    entries = list(entries)
    feed = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})
    _add(feed, "id", _TAG + name)
    _add(feed, "title", title)
    _add(feed, "subtitle", subtitle)
    _add(feed, "updated", _stamp(max((each.updated for each in entries), default=_EPOCH)))
    _add(_add(feed, "author"), "name", "AI Safety Tracker")
    for address, rel in ((home, "alternate"), (url, "self")):
        if address:
            _add(feed, "link", href=address, rel=rel)
    for each in entries:
        entry = _add(feed, "entry")
        _add(entry, "id", _TAG + each.id)
        _add(entry, "title", each.title)
        _add(entry, "updated", _stamp(each.updated))
        if each.published is not None:
            _add(entry, "published", _stamp(each.published))
        if each.link:
            _add(entry, "link", href=each.link, rel="alternate")
        for category in each.categories:
            _add(entry, "category", term=category)
        if each.html:
            _add(entry, "content", each.html, type="html")
        elif each.text:
            _add(entry, "content", each.text, type="text")
    rendered: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return rendered


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    child = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes)
    child.text = text or None
    return child


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
