"""Parses bullet lists in posts: ``[Name](URL). _dates_ (place). Description``, as Markdown or HTML.

The format varies from issue to issue: the place may lack its brackets, the comma may be inside the italics, and the
description may be on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MARKDOWN_BULLET = re.compile(r"^ {0,3}(?:[-*+•]|\d+[.)])\s+(.*)$")
_MARKDOWN_HEADING = re.compile(r"^(?:#{1,6}\s+(.{1,200})|\*\*([^*]{1,200})\*\*:?|={2,6} ?([^=]{1,200}?) ?={2,6})$")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^)\s]{1,2000})[^)]{0,300}\)")
_EMPHASIS = re.compile(r"(?<![\w*_])[*_]{1,3}([^*_]{1,300})[*_]{1,3}(?!\w)")
_LONGEST_LINE = 3_000
_NOT_A_TITLE = re.compile(r"(?i)^(?:here|link|apply|apply here|more|read more|sign up|register|this|website)$")
_PLACE = re.compile(r"[\s.,:–—-]*(?:\(([^()]{2,80})\)|([A-Z][^.()\n]{1,60})\.?$|(online)\.?$)")


@dataclass(frozen=True, slots=True)
class Bullet:
    """One list item."""

    title: str
    url: str
    emphasis: str
    """The text in italics after the name: usually dates."""
    place: str
    """The text in brackets after the dates, or a bare place there."""
    text: str
    """The text of the whole item."""
    section: str
    """The heading above the list."""


def bullets_in_html(document: lxml.html.HtmlElement) -> Iterator[Bullet]:
    """Yield each list item that has a link, with the heading above it."""
    section = ""
    for element in document.iter():
        if element.tag in _HEADINGS or _is_bold_line(element):
            section = _text(element)
        elif element.tag == "li" and next(element.iterdescendants("li"), None) is None:
            link = next((link for link in element.iter("a") if _is_title(_text(link))), None)
            if link is not None:
                italics = next((_text(each) for each in element.iter("em", "i") if not each.xpath(".//a")), "")
                first_block = next(iter(element.xpath("./p")), element)
                yield _bullet(_text(link), link.get("href") or "", italics, _text(first_block), _text(element), section)


def bullets_in_markdown(text: str) -> Iterator[Bullet]:
    """Yield each bullet that has a link, with the heading above it and the indented lines below it."""
    section, item = "", ""
    for line in [*text.splitlines(), "# end"]:
        line = line[:_LONGEST_LINE]
        heading = _MARKDOWN_HEADING.match(line.strip())
        bullet = _MARKDOWN_BULLET.match(line)
        if (heading or bullet) and item:
            yield from _from_markdown(item, section)
            item = ""
        if heading:
            section = next(group for group in heading.groups() if group).strip("* ")
        elif bullet:
            item = bullet[1]
        elif item and line.startswith(("  ", "\t")):
            item += f"\n{line.strip()}"


def _from_markdown(item: str, section: str) -> Iterator[Bullet]:
    link = next((link for link in _MARKDOWN_LINK.finditer(item) if _is_title(link[1].strip("*_ "))), None)
    if link is not None:
        italics = _EMPHASIS.search(item, link.end())
        plain = _EMPHASIS.sub(r"\1", _MARKDOWN_LINK.sub(r"\1", item))
        title = link[1].strip("*_ ")
        yield _bullet(title, link[2], italics[1] if italics else "", plain.partition("\n")[0], plain, section)


def _bullet(title: str, url: str, emphasis: str, head: str, text: str, section: str) -> Bullet:
    """Build a bullet; ``head`` is the item's first line, in which the place follows the dates."""
    place = _PLACE.match(head.partition(emphasis or title)[2])
    where = next((group for group in place.groups() if group), "") if place else ""
    return Bullet(title.strip(" :."), url, emphasis.strip(" (),."), where.strip(), text, section)


def _is_bold_line(element: lxml.html.HtmlElement) -> bool:
    """Return whether an element is an entirely bold paragraph: many editors write headings so."""
    if element.tag != "p" or (element.text or "").strip() or len(element) != 1 or element[0].tag not in {"strong", "b"}:
        return False
    return not (element[0].tail or "").strip() and len(_text(element)) <= 80


def _is_title(text: str) -> bool:
    return len(text) > 2 and not _NOT_A_TITLE.match(text)


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join((element.text_content() or "").split())
