"""Parses sitemaps (sitemaps.org protocol) into the URLs of a site's pages, last modified first."""

from __future__ import annotations

import gzip
import html
import re
import zlib
from io import BytesIO

from tracker.reading.links import read_link
from tracker.sources.platform import Page

_MOST = 50_000
"""Maximum number of URLs in one sitemap: the protocol's limit."""
_ENTRY = 20_000
_LARGEST = 50 * 1024 * 1024
"""Maximum size in bytes, uncompressed: the protocol's limit."""


def addresses(page: Page) -> tuple[list[str], list[str]] | None:
    """Return the URLs of (pages, further sitemaps), last modified first; None if the page is not a sitemap."""
    body = _unpacked(page.body)
    if not re.search(rb"<(?:urlset|sitemapindex)\b", body[:4_096]):
        return None
    pages: list[tuple[str, str]] = []
    maps: list[tuple[str, str]] = []
    for kind, found in ((b"url", pages), (b"sitemap", maps)):
        for entry in body.split(b"<" + kind + b">", _MOST)[1:]:
            entry = entry.partition(b"</" + kind + b">")[0][:_ENTRY]
            address = html.unescape(_inside(entry, b"loc"))
            if link := read_link(address, page.url):
                found.append((_inside(entry, b"lastmod"), link))
    return _newest_first(pages), _newest_first(maps)


def _inside(entry: bytes, tag: bytes) -> str:
    """Return the text of an element."""
    text = entry.partition(b"<" + tag + b">")[2].partition(b"</" + tag + b">")[0].decode("utf-8", "replace").strip()
    return text.removeprefix("<![CDATA[").removesuffix("]]>").strip()


def _newest_first(found: list[tuple[str, str]]) -> list[str]:
    return [url for _, url in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _unpacked(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as file:
            return file.read(_LARGEST)
    except (OSError, EOFError, zlib.error):
        return b""
