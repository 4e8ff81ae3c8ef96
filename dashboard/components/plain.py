"""Escapes scraped text, because Streamlit interprets Markdown, colours, emoji and LaTeX in labels and captions."""

from __future__ import annotations

import re
from urllib.parse import quote

from tracker.models.text import check_link

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=@/^])")

# URLs become links after unescaping (GitHub's Markdown, "extended autolinks"), so the beginning of each is broken up.
_AUTOLINKED = re.compile(r"https?:(?=//)|www(?=\.)|[\w.+-](?=@)|\b(?:mailto|xmpp):", re.IGNORECASE)
_NOT_IN_LINKS = re.compile(r"[\s<>\\\[\]`\"^{|}]")
_WORD_JOINER = "\u2060"
"""A character without width that does not allow a line break."""


def plain(text: str) -> str:
    """Escape ``text`` so that Markdown shows it literally, on one line.

    >>> plain("[x](y) $z$")
    '\\\\[x\\\\]\\\\(y\\\\) \\\\$z\\\\$'
    """
    unlinked = _AUTOLINKED.sub(lambda found: f"{found[0]}{_WORD_JOINER}", " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", unlinked)


def link(text: str, url: str) -> str:
    """Return a Markdown link with the literal ``text``; only the text if ``url`` is not a web address."""
    try:
        checked = check_link(url)
    except ValueError:
        return plain(text)
    return f"[{plain(text)}](<{_NOT_IN_LINKS.sub(lambda found: quote(found[0]), checked)}>)"
