"""Converts HTML to plain text with readable line breaks and list items."""

from __future__ import annotations

import html
import re

import lxml.etree
import lxml.html

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset({"script", "style", "template", "noscript", "head", "iframe", "svg"})
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]{0,400}>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,10});")
_MAX_HTML = 200_000


def read_text(text: str, *, is_html: bool | None = None) -> str:
    """Return ``text`` without markup. With ``is_html=None``, text that contains tags or entities is taken as HTML.

    >>> read_text("<p>Apply <b>now</b></p><script>x()</script>")
    'Apply now'
    >>> read_text("Chartered Cities &amp; Network States")
    'Chartered Cities & Network States'
    """
    text = text[:_MAX_HTML]
    if is_html is None:
        is_html = bool(_LOOKS_LIKE_HTML.search(text))
    if not is_html or not text.strip():
        return text
    if "<" not in text:
        return html.unescape(text)
    try:
        # Without huge_tree, libxml2 drops elements nested deeper than 255 levels; the length is bounded above.
        root = lxml.html.fromstring(f"<div>{text}</div>", parser=lxml.html.HTMLParser(huge_tree=True))
    except (lxml.etree.LxmlError, ValueError):
        return html.unescape(re.sub(r"<[^<>]*>", " ", text))
    pieces: list[str] = []
    # Depth-first without recursion: a page may nest a thousand elements.
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if name in _BLOCKS:
            pieces.append("\n")
        if event == "start":
            if name in _SILENT or not name:
                continue
            if name == "li":
                pieces.append("• ")
            pieces.append(_inline(element.text))
        elif element is not root:
            pieces.append(_inline(element.tail))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _inline(text: str | None) -> str:
    return "" if text is None else re.sub(r"\s+", " ", text)
