"""Scraped text shown as what it is: Streamlit reads labels and captions as Markdown, colours, emoji and LaTeX."""

from __future__ import annotations

import re
from urllib.parse import quote

from tracker.models.text import check_link

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=@/^])")

# Addresses become links after escapes are gone (GitHub's Markdown, "extended autolinks"): what begins one is broken up.
_AUTOLINKED = re.compile(r"https?:(?=//)|www(?=\.)|[\w.+-](?=@)|\b(?:mailto|xmpp):", re.IGNORECASE)
_NOT_IN_LINKS = re.compile(r"[\s<>\\\[\]`\"^{|}]")
_WORD_JOINER = "\u2060"
"""Has no width, and no line breaks at it."""


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it letter by letter, on one line.

    >>> plain("[x](y) $z$")
    '\\\\[x\\\\]\\\\(y\\\\) \\\\$z\\\\$'
    """
    unlinked = _AUTOLINKED.sub(lambda found: f"{found[0]}{_WORD_JOINER}", " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", unlinked)


def link(text: str, url: str) -> str:
    """Return a Markdown link with ``text`` shown letter by letter; without it where ``url`` is no web address."""
    try:
        checked = check_link(url)
    except ValueError:
        return plain(text)
    return f"[{plain(text)}](<{_NOT_IN_LINKS.sub(lambda found: quote(found[0]), checked)}>)"
