"""Sitemaps (sitemaps.org protocol): the addresses of a site's pages, newest first."""

from __future__ import annotations

import gzip
import re
import zlib
from io import BytesIO

from spiders.platform import Page

_URL = re.compile(rb"<(url|sitemap)>(.*?)</\1>", re.DOTALL)
_LOCATION = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</loc>", re.DOTALL)
_CHANGED = re.compile(rb"<lastmod>\s*(.*?)\s*</lastmod>", re.DOTALL)
_LARGEST = 50 * 1024 * 1024
"""The protocol's own limit."""


def addresses(page: Page) -> tuple[list[str], list[str]] | None:
    """Return (pages, further sitemaps) of a sitemap, those changed last first; None if the page is none."""
    body = _unpacked(page.body)
    if not re.search(rb"<(?:urlset|sitemapindex)\b", body[:4_096]):
        return None
    pages: list[tuple[str, str]] = []
    maps: list[tuple[str, str]] = []
    for entry in _URL.finditer(body):
        if location := _LOCATION.search(entry[2]):
            changed = _CHANGED.search(entry[2])
            url = location[1].decode("utf-8", "replace").replace("&amp;", "&")
            stamp = changed[1].decode("ascii", "replace") if changed else ""
            (pages if entry[1] == b"url" else maps).append((stamp, url))
    return _newest_first(pages), _newest_first(maps)


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
