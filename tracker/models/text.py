"""Cleans scraped text and links: plain, limited in length, and safe to display anywhere.

Removes C0 controls (except newlines in multi-line text), DEL, C1 controls, bidirectional
overrides and isolates, byte-order marks, non-characters and lone surrogates. One control byte makes
libical and Home Assistant refuse a whole calendar, and a bidi override can disguise a link.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, BeforeValidator

MAX_LINE = 255
MAX_TEXT = 10_000
MAX_LINK = 2_048

_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_UNWANTED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f"
    r"\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\ud800-\udfff]"
)
_HALVES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_SEPARATORS = re.compile(r"[\s_\-–—]+")


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return ``text`` without control and bidi characters, line breaks as ``\\n``, at most ``limit`` long.

    >>> clean_text("Apply\\u202e now\\x07\\r\\n\\r\\n\\r\\n\\r\\nHere")
    'Apply now\\n\\nHere'
    """
    if _is_plain(text):
        return _shorten(text.strip(), limit)
    # A page can be far longer than the limit; cutting first bounds the work below.
    text = text[: limit * 4]
    text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    text = _SPACES.sub(" ", text)
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _shorten(_BLANK_LINES.sub("\n\n", text).strip(), limit)


def without_surrogates(text: str) -> str:
    """Return ``text`` without lone surrogates: JSON can contain them as escapes, but UTF-8 cannot encode them.

    >>> without_surrogates("18:00\\ud83d")
    '18:00'
    """
    return text if text.isascii() else _HALVES.sub("", text)


def clean_line(text: str, limit: int = MAX_LINE) -> str:
    """Return ``text`` as one clean line.

    >>> clean_line("  AI Safety\\n Camp ")
    'AI Safety Camp'
    """
    if len(text) <= limit and _is_plain(text):
        return text.strip()
    return _shorten(" ".join(clean_text(text, limit * 4).split()), limit)


def fold(text: str) -> str:
    """Return ``text`` normalised for comparison: no accents, lower case, single spaces.

    >>> fold("  Zürich–Meetup ")
    'zurich meetup'
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if char.isascii() or not unicodedata.combining(char))
        text = text.replace("ß", "ss")
    return _SEPARATORS.sub(" ", text.casefold()).strip()


def _is_plain(text: str) -> bool:
    """Return whether there is nothing to clean, as in most texts; cleaning takes ten times as long."""
    return text.isascii() and text.isprintable() and "  " not in text


def _shorten(text: str, limit: int) -> str:
    """Return ``text`` cut at a word boundary and ended by an ellipsis, if it is longer than ``limit``."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rfind(" ", limit // 2)
    return (cut[:at_word] if at_word > 0 else cut).rstrip() + "…"


@lru_cache(maxsize=4_096)
def check_link(text: str) -> str:
    """Return ``text`` as a safe web link, percent-encoded.

    Raises:
        ValueError: not http(s), no host, a user name in it, control characters, or over 2,048 characters.
    """
    text = text.strip()
    if len(text) > MAX_LINK:
        raise ValueError(f"a link has at most {MAX_LINK} characters, this one has {len(text)}")
    if _UNWANTED.search(text) or "\\" in text:
        raise ValueError("a link holds no control characters and no backslash")
    parts = urlsplit(text)
    if parts.scheme.lower() not in {"http", "https"}:
        raise ValueError(f"only http and https links are kept, not {parts.scheme or 'a bare text'!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a link carries no user name or password")
    host = parts.hostname or ""
    if not host or " " in host:
        raise ValueError("a link names a host")
    port = f":{parts.port}" if parts.port is not None else ""
    bracketed = f"[{host}]" if ":" in host else host
    return urlunsplit(
        (
            parts.scheme.lower(),
            bracketed.encode("idna").decode() + port if not host.isascii() else bracketed + port,
            quote(parts.path, safe="/%:@!$&'()*+,;=~-._"),
            quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]"),
            quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?"),
        )
    )


def _as_str(value: object) -> object:
    return "" if value is None else value


PlainLine = Annotated[str, BeforeValidator(_as_str), AfterValidator(clean_line)]
"""One line of plain text, at most 255 characters."""

PlainText = Annotated[str, BeforeValidator(_as_str), AfterValidator(clean_text)]
"""Plain text with line breaks, at most 10,000 characters."""

WebLink = Annotated[str, AfterValidator(check_link)]
"""An http or https link, percent-encoded, at most 2,048 characters."""
