"""Normalises text before it is read for dates: blanks what is no text, and adds blanks that somebody forgot."""

from __future__ import annotations

import re
import unicodedata

from tracker.reading.dates.line_breaks import without_breaks_in_dates
from tracker.reading.dates.vocabulary import fold_word, words
from tracker.reading.line_wrapping import unwrapped

LONGEST = 20_000
"""Maximum number of characters read; text further down a page is not the date of an announcement."""
_LINK = re.compile(r"(?:[hH](?i:ttps?://)|[wW](?i:ww\.))[^\s<>]+")
_HOST = re.compile(r"@[\w-]{1,60}\.[\w.-]{1,60}")
_MAILBOX = re.compile(r"[\w.+-]{1,60}\Z")
_LONGEST_MAILBOX = 60
_STRUCK = re.compile(r"~~[^~\n]{1,80}~~|<(s|del|strike)>[^<\n]{1,80}</\1>", re.IGNORECASE)
"""Strikethrough text, which no longer holds."""
_TABLE_ROW = re.compile(r"^\s*\|.*$", re.MULTILINE)
# A digit first, then what stands before it: only where a digit stands are these tried.
_ISO_INTERVAL = re.compile(r"(\d\d\d\d([-/])\d\d?\2\d\d?(?:T[\d:]{4,8}Z?)?)[/-](?=\d{4}\2\d\d?\2)")
# "December 10,2026" and "10December": blanks that somebody forgot. Without a word before it, 10,2026 is a number.
_COMMA_YEAR = re.compile(r",\d{4}(?!\d)")
_YEAR_AFTER_COMMA = re.compile(r"(?<=[^\W\d_])(\.?\s{0,3}\d{1,2}(?:st|nd|rd|th)?),(?=\d{4}(?!\d))", re.IGNORECASE)
_DAY_BEFORE_MONTH = re.compile(r"(\d(?<![\w.,:/-]\d)\d?)(?=[^\W\d_]{3,12}(?![^\W\d_]))")
_GLUED_DAYS = re.compile(
    r",(?:(?<=^\d,)|(?<=^\d\d,)|(?<=[^\d.,]\d,)|(?<=[^\d.,]\d\d,))(?=\d{1,2}(?:,\s?\d{1,2})*(?:,|\s(?:and|und|et|y|e|en|&))?"
    r"\s\d{1,2}(?:st|nd|rd|th|\.)?\s(?:de\s|of\s)?[^\W\d_]{3})",
    re.MULTILINE,
)
"""The days of "15,16, 17 October"; "15,16" alone is a number."""
_GLUED_YEAR = re.compile(r"(?<=[^\W\d_] )(20\d\d)(?=[^\W\d_a-zß-öø-ÿ][^\W\d_A-ZÀ-Þ])")
"""The year at the end of a cell of a table whose next cell follows at once: "15 de Maio de 2026Envio"."""
_LETTERS = re.compile(r"[^\W\d_]+")


_MILITARY = re.compile(r"([0-2](?<!\d\d)\d)(?<!2[4-9])([0-5]\d)\s?(?=(?:hrs|hours|h)\b)")
"""A time of four digits: "1800hrs"."""
_EMPHASIS = re.compile(r"(?<!\w)(_{1,3})(?=[^\W_])([^\n]{1,60}?)(?<=[^\W_])\1(?!\w)")
"""Words in emphasis of Markdown: "_March 3rd_"; other marks than "_" are no part of a word."""
_ELIDED = re.compile(r"(?<=[\sd])all['’](?=\d)")
"""Italian "all'8 giugno"."""
_TWO_WORDS = re.compile(r"\b([Mm]ei[ao])[- ](noite|dia)\b")
"""Portuguese "meia-noite" and "meio-dia", midnight and noon."""
_ORDINAL_WITH_STOP = re.compile(r"(?<=\d)\.[oa]\s(?=de\b)")
"""Spanish "1.º de marzo", after normalisation."""
_WEEKDAY_IN_SHORT = re.compile(r"\b([Ss]egunda|[Tt]er[çc]a|[Qq]uarta|[Qq]uinta|[Ss]exta)(?=\s\(\d\d?[/)])")
"""Portuguese "segunda (21/04)", which alone is also "second"."""
_UP_TO = re.compile(
    r"\b([Bb]is) (?:(?:einschlie(?:ß|ss)lich|einschl\.|inklusive|inkl\.|zum|zur) ){1,2}(?=\d|[MDFS]\w{4,9}(?:tag|woch))"
)
"""German "bis zum", "bis einschließlich" between the ends of a span."""


def normalise(text: str) -> str:
    """Return at most :data:`LONGEST` characters, NFKC-normalised, without links, e-mails and strikethrough text."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:LONGEST].replace("\u2028", "\n").replace("\u2029", "\n")
    text = unwrapped(_blanked(text))
    if "\n" in text:
        text = without_breaks_in_dates(text)
    if "|" in text:
        text = _TABLE_ROW.sub(lambda match: match[0].replace("|", " "), text)
    if _COMMA_YEAR.search(text):
        text = _YEAR_AFTER_COMMA.sub(r"\1, ", text)
    text = _GLUED_DAYS.sub(", ", text)
    text = _GLUED_YEAR.sub(r"\1 ", text)
    text = text.replace(" do dia ", " dia ")  # "do" is also short for Donnerstag
    text = _ELIDED.sub("al ", text)
    if "noite" in text or "dia" in text:
        text = _TWO_WORDS.sub(r"\1\2", text)
    text = _ORDINAL_WITH_STOP.sub(" ", text)
    text = _WEEKDAY_IN_SHORT.sub(r"\1-feira", text)
    text = _MILITARY.sub(r"\1:\2 ", text)
    if "bis " in text:
        text = _UP_TO.sub(r"\1 ", text)
    text = _DAY_BEFORE_MONTH.sub(_separated, text)
    return _ISO_INTERVAL.sub(r"\1–", text)


def _blanked(text: str) -> str:
    """Return ``text`` with spaces for links, e-mail addresses and strikethrough text."""
    if "~~" in text or "<" in text:
        text = _STRUCK.sub(_spaces, text)
    if "://" in text or "www." in text.lower():
        text = _LINK.sub(_spaces, text)
    if "_" in text:
        text = _EMPHASIS.sub(lambda match: f"{'*' * len(match[1])}{match[2]}{'*' * len(match[1])}", text)
    if "@" in text:
        for host in reversed(list(_HOST.finditer(text))):
            at = host.start()
            if mailbox := _MAILBOX.search(text, max(0, at - _LONGEST_MAILBOX), at):
                text = f"{text[: mailbox.start()]}{' ' * (host.end() - mailbox.start())}{text[host.end() :]}"
    return text


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _separated(match: re.Match[str]) -> str:
    word = _LETTERS.match(match.string, match.end())
    return f"{match[1]} " if word and fold_word(word[0]) in words().months else match[1]
