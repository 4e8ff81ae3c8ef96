"""Normalises text before it is read for dates: blanks what is no text, and adds blanks that somebody forgot."""

from __future__ import annotations

import re
import unicodedata

from tracker.reading.dates.vocabulary import fold_word, words

LONGEST = 20_000
"""Maximum number of characters read; text further down a page is not the date of an announcement."""
_BLANKED = re.compile(
    r"(?:https?://|www\.)[^\s<>]+|[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{1,60}"
    # Strikethrough text no longer holds.
    r"|~~[^~\n]{1,80}~~|<(s|del|strike)>[^<\n]{1,80}</\1>",
    re.IGNORECASE,
)
_MARKS_OF_BLANKED = ("@", "://", "www.", "WWW.", "~~", "<")
_TABLE_ROW = re.compile(r"^\s*\|.*$", re.MULTILINE)
_ISO_INTERVAL = re.compile(r"(\d{4}([-/])\d\d?\2\d\d?(?:T[\d:]{4,8}Z?)?)[/-](?=\d{4}\2\d\d?\2)")
# "December 10,2026" and "10December": blanks that somebody forgot. Without a word before it, 10,2026 is a number.
_YEAR_AFTER_COMMA = re.compile(r"(?<=[^\W\d_])(\.?\s{0,3}\d{1,2}(?:st|nd|rd|th)?),(?=\d{4}(?!\d))", re.IGNORECASE)
_DAY_BEFORE_MONTH = re.compile(r"(?<![\w.,:/-])(\d{1,2})(?=[^\W\d_]{3,12}(?![^\W\d_]))")
_LETTERS = re.compile(r"[^\W\d_]+")


_MILITARY = re.compile(r"(?<!\d)([01]\d|2[0-3])([0-5]\d)\s?(?=(?:hrs|hours|h)\b)")
"""A time of four digits: "1800hrs"."""
_UP_TO = re.compile(
    r"\b([Bb]is) (?:(?:einschlie(?:ß|ss)lich|einschl\.|inklusive|inkl\.|zum|zur) ){1,2}(?=\d|[MDFS]\w{4,9}(?:tag|woch))"
)
"""German "bis zum", "bis einschließlich" between the ends of a span."""


def normalise(text: str) -> str:
    """Return at most :data:`LONGEST` characters, NFKC-normalised, without links, e-mails and strikethrough text."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:LONGEST].replace("\u2028", "\n").replace("\u2029", "\n")
    if any(mark in text for mark in _MARKS_OF_BLANKED):
        text = _BLANKED.sub(lambda match: " " * len(match[0]), text)
    if "|" in text:
        text = _TABLE_ROW.sub(lambda match: match[0].replace("|", " "), text)
    if "," in text:
        text = _YEAR_AFTER_COMMA.sub(r"\1, ", text)
    text = text.replace(" do dia ", " dia ")  # "do" is also short for Donnerstag
    text = _MILITARY.sub(r"\1:\2 ", text)
    if "bis " in text:
        text = _UP_TO.sub(r"\1 ", text)
    text = _DAY_BEFORE_MONTH.sub(_separated, text)
    return _ISO_INTERVAL.sub(r"\1–", text)


def _separated(match: re.Match[str]) -> str:
    word = _LETTERS.match(match.string, match.end())
    return f"{match[1]} " if word and fold_word(word[0]) in words().months else match[1]
