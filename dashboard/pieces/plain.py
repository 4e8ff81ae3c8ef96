"""Scraped text shown as what it is: Streamlit reads labels and captions as Markdown, colours, emoji and LaTeX."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=@/^])")


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it letter by letter, on one line.

    >>> plain("[x](y) $z$")
    '\\\\[x\\\\]\\\\(y\\\\) \\\\$z\\\\$'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def link(text: str, url: str) -> str:
    """Return a Markdown link with ``text`` shown letter by letter. ``url`` is a checked web link of the model."""
    return f"[{plain(text)}](<{url.replace('<', '%3C').replace('>', '%3E')}>)"
