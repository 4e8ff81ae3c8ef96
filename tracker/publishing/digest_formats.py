"""Renders a digest as Markdown, HTML or plain text, to paste into a newsletter."""

from __future__ import annotations

import re

from tracker.publishing.digest import Digest, DigestItem
from tracker.publishing.pages import render_template

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~]|&(?=#?\w+;))")
_WOULD_BE_LINKS = re.compile(r"(?i)\b(https?|ftp)(?=:)|\bwww(?=\.)")
_NOTHING = "Nothing new."


def to_markdown(digest: Digest) -> str:
    """Return the digest as Markdown; markup in the texts of sources is escaped."""
    lines = [f"## {_escaped(digest.title)}", ""]
    for section in digest.sections:
        lines += [f"### {section.heading}", ""]
        lines += [_markdown_item(item) for item in section.items]
        lines += [f"- … and {section.more} more"] if section.more else []
        lines.append("")
    return "\n".join(lines if digest.sections else [*lines, _NOTHING, ""])


def to_text(digest: Digest) -> str:
    """Return the digest as plain text."""
    lines = [digest.title, "=" * len(digest.title), ""]
    for section in digest.sections:
        lines += [section.heading, "-" * len(section.heading)]
        for item in section.items:
            lines += [f"* {item.title}", *(f"  {fact}" for fact in item.facts), f"  {item.link}"]
            lines += [f"  (via {item.credit})"] if item.credit else []
        lines += [f"… and {section.more} more"] if section.more else []
        lines.append("")
    return "\n".join(lines if digest.sections else [*lines, _NOTHING, ""])


def to_html(digest: Digest) -> str:
    """Return the digest as an HTML fragment."""
    return render_template("digest_list.html", digest=digest)


DIGEST_FORMATS = {"md": to_markdown, "html": to_html, "text": to_text}


def _markdown_item(item: DigestItem) -> str:
    link = item.link.replace("(", "%28").replace(")", "%29")
    facts = " · ".join(map(_escaped, item.facts))
    credit = f" *(via {_escaped(item.credit)})*" if item.credit else ""
    return f"- **[{_escaped(item.title)}]({link})**" + (f": {facts}" if facts else "") + credit


def _escaped(text: str) -> str:
    return _WOULD_BE_LINKS.sub(r"\g<0>\\", _MARKUP.sub(r"\\\1", text))
