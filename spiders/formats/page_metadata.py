"""Extracts a page's metadata (title, Open Graph, canonical URL) and its visible text."""

from __future__ import annotations

import lxml.html

from tracker.models.raw_listing import RawListing, RawPlace
from tracker.reading.links import read_link
from tracker.sources.platform import Page

_LONGEST = 40_000
_SITE_AFTER = (" | ", " – ", " — ", " · ", " - ")
_UNREAD = frozenset({"script", "style", "noscript", "template", "svg", "nav", "iframe"})


def metadata_listing(document: lxml.html.HtmlElement, page: Page) -> RawListing:
    """Return the raw listing that the metadata of a page describes; missing fields stay empty."""
    said = {
        (element.get("property") or element.get("name") or "").lower(): (element.get("content") or "").strip()
        for element in reversed(list(document.iter("meta")))
    }

    def first(*names: str) -> str:
        return next((said[name] for name in names if said.get(name)), "")

    site = first("og:site_name")
    title = first("og:title", "twitter:title") or (document.findtext(".//title") or "")
    canonical = next(iter(document.xpath("//link[@rel='canonical']/@href")), "")
    place = first("event:location", "place:location", "og:locality")
    return RawListing(
        source=page.source,
        page_url=page.url,
        fetched_at=page.fetched_at,
        published=first("article:published_time", "og:published_time"),
        title=without_site(" ".join(title.split()), site),
        summary=first("og:description", "description", "twitter:description"),
        url=read_link(first("og:url"), page.url) or read_link(canonical, page.url) or page.url,
        starts=first("event:start_time", "event:starts_at", "og:start_time"),
        ends=first("event:end_time", "event:ends_at", "og:end_time"),
        places=(RawPlace(text=place),) if place else (),
    )


def without_site(title: str, site: str) -> str:
    """Return a page's title without the site name.

    >>> without_site("Winter School | Example Institute", "Example Institute")
    'Winter School'
    """
    for separator in _SITE_AFTER if site else ():
        head, _, tail = title.rpartition(separator)
        if head and tail.strip().casefold() == site.casefold():
            return head.strip()
    return title


def visible_text(element: lxml.html.HtmlElement) -> str:
    """Return the visible text of an element, one line per block, without the site's menus and forms."""
    lines: list[str] = []
    _gather(element, lines, depth=0, is_inside=element.tag not in {"html", "body"})
    text = "".join(lines)[:_LONGEST]
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


_INLINE = frozenset({"a", "abbr", "b", "em", "i", "small", "span", "strong", "time", "u", "sup", "sub", "code", "mark"})
_DEEPEST = 200


def _gather(element: lxml.html.HtmlElement, lines: list[str], depth: int, *, is_inside: bool) -> None:
    """Collect the text of an element; ``is_inside``: within an article, whose header is not the site's."""
    is_block = element.tag not in _INLINE
    is_inside = is_inside or element.tag in {"main", "article"}
    if is_block:
        lines.append("\n")
    lines.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and depth < _DEEPEST and not _is_left_out(child, is_inside=is_inside):
            _gather(child, lines, depth + 1, is_inside=is_inside)
        lines.append(child.tail or "")
    if is_block:
        lines.append("\n")


def _is_left_out(element: lxml.html.HtmlElement, *, is_inside: bool) -> bool:
    if element.tag in _UNREAD:
        return True
    if element.tag in {"header", "footer"}:
        return not is_inside
    # Some content management systems wrap the whole page in a form.
    return element.tag == "form" and not element.xpath(".//h1 | .//h2 | .//h3 | .//p")
