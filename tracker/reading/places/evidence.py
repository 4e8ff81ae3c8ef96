"""Weighs the words around a place in running text: does the event take place there, or is it only mentioned?"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from tracker.reading.places.evidence_patterns import pattern, whole_word
from tracker.reading.places.pieces import SENTENCE_END, end_of_line, line_breaks, pieces_around
from tracker.reading.word_patterns import WordPattern

LABEL = "label"
ADDRESS = "address"
HOLDS = "takes place"
HOST = "host"
INSTITUTION = "institution"
NAMED_AFTER = "in the name of a venue"
AT = "preposition"
IN = "in"
LAST = "end of an address"
ALONE = "line of its own"
TITLE = "name of the event"
QUALIFIED = "country beside it"
DATED = "beside a date"
VENUE = "after a venue"
STREET = "a street's name"
ZONE = "a time zone"
ROOM = "a room's name"
DATELINE = "dateline"
DATED_SENTENCE = "in a sentence with a date"
ELSEWHERE = "another edition"
AMONG = "an example"
PERSON = "a person's"
ORIGIN = "origin"
FOOTER = "organiser's address"


PLACING = frozenset({LABEL, ADDRESS, HOLDS, HOST, AT, IN, LAST, ALONE, TITLE, QUALIFIED, DATED, VENUE, NAMED_AFTER})
"""Evidence that an event takes place somewhere."""

AGAINST = frozenset({ELSEWHERE, AMONG, PERSON, ORIGIN, FOOTER, STREET, ZONE, ROOM})
"""Evidence that an event does not take place somewhere."""


def label_spans(text: str, most: int) -> list[tuple[int, int]]:
    """Return where the values of labels such as "Venue:" stand: to the end of the line, or the next lines."""
    spans: list[tuple[int, int]] = []
    for match in pattern("label").finditer(text):
        end = end_of_line(text, match.end())
        block = _end_of_block(text, end)
        if not text[match.end() : end].strip() or _ADDRESS_LINE.search(text, end, block):
            end = block
        following = _next_label(text, match.end(), end)
        spans.append((match.end(), following))
        if len(spans) >= most:
            return spans
    for match in pattern("bare_label").finditer(text):
        if not any(start <= match.end() <= end + 1 for start, end in spans):
            spans.append((match.end(), _end_of_block(text, match.end())))
    return spans[:most]


_ADDRESS_LINE = re.compile(r"\n\s*(?:\d{4,5}\s+[^\W\d_a-z]|\d{1,4}\s?[a-z]?,?\s+(?:rue|avenue|place|boulevard)\b)")
_ANY_LABEL = re.compile(r"(?:^|(?<=[.;!?|•·]\s))[^\S\n]{0,6}[^\W\d_][\w /’'-]{1,28}\s?[:：]\s", re.MULTILINE)


def _next_label(text: str, start: int, end: int) -> int:
    match = _ANY_LABEL.search(text, start, end)
    return match.start() if match and match.start() > start else end


def _end_of_block(text: str, start: int) -> int:
    """Return the end of the lines after ``start``: at most four, until an empty line."""
    end = start
    for _ in range(4):
        following = end_of_line(text, end + 1)
        if not text[end:following].strip():
            break
        end = following
        if end >= len(text):
            break
    return end


_SIGNS = (
    (HOLDS, "holds", "before"),
    (HOLDS, "cities", "shortly before"),
    (HOST, "hosts_after", "after"),
    (ADDRESS, "postcode", "just before"),
    (ADDRESS, "postcode_after", "after"),
    (ADDRESS, "street", "line before"),
    (DATED, "date_before", "shortly before"),
    (DATED, "date_after", "after"),
    (VENUE, "venue_before", "before"),
    (ORIGIN, "origin", "before"),
    (ELSEWHERE, "elsewhere", "sentence"),
    (ELSEWHERE, "year_after", "after"),
    (AMONG, "among", "sentence"),
    (PERSON, "people", "end of sentence"),
    (FOOTER, "footer", "line before"),
    (FOOTER, "footer_line", "line"),
    (DATED_SENTENCE, "some_date", "whole sentence"),
    ("contact", "contact", "whole sentence"),
    ("past", "past", "whole sentence"),
    ("kind of event", "event_named", "whole sentence"),
    ("clock", "clock", "whole sentence"),
    ("beside a clock", "clock_after", "after"),
    (DATELINE, "dateline", "line"),
    ("among others", "list_after", "after in sentence"),
    ("among others", "list_before", "sentence"),
)
"""Evidence, its pattern, and the piece of text around the place that it is looked for in."""
_NEVER = (
    (STREET, "street_named", "shortly before"),
    (STREET, "street_after", "after"),
    (ZONE, "zone_before", "shortly before"),
    (ZONE, "zone_after", "after"),
    (ROOM, "room_after", "after"),
)
"""Evidence that a name is none of a place here; then the rest says nothing."""


def signs_of(text: str, start: int, end: int) -> set[str]:
    """Return the evidence for and against the place at ``start`` to ``end`` being that of the event."""
    pieces, lower = pieces_around(text, start, end)
    never, signs = _tests()
    for sign, is_found, is_lower, piece in never:
        if is_found((lower if is_lower else pieces)[piece]):
            return {sign}
    before, after, shortly = pieces["before"], pieces["after"], lower["shortly before"]
    if pattern("times").search(shortly) and len(_TIMES.findall(text)) > 1:
        return {ZONE}
    found = {sign for sign, is_found, is_lower, piece in signs if is_found((lower if is_lower else pieces)[piece])}
    if HOLDS not in found and pattern("at").search(shortly):
        found.add(IN if pattern("in").search(shortly) else AT)
    if pattern("last_before").search(before[-90:]) and pattern("last_after").match(after):
        found.add(LAST)
    if (
        ADDRESS in found
        and pattern("postcode").search(pieces["just before"])
        and pattern("street").search(before[-60:])
    ):
        found.add("whole address")
    found |= _names_of_venues(before, after)
    found |= _position(text, start, end)
    found |= _in_brackets(before, is_dated=DATED in found)
    if NAMED_AFTER in found:
        found.discard(DATELINE)
    if any(year < _latest_year(text) for year in _YEAR.findall(pieces["whole sentence"])):
        found.add("an earlier year")
    if {HOLDS, PERSON} <= found and not pattern("people").search(_after_holds(pieces["before"])):
        found.discard(PERSON)  # "the Young Researchers' Academy, taking place in Lisbon"
    return found


_Test = tuple[str, Callable[[str], object], bool, str]
"""(evidence, its test, whether that is of text in lower case, the piece of text)"""


def _after_holds(before: str) -> str:
    """Return what stands between the verb that holds an event and the place: "in cooperation with" of "held in …"."""
    held = pattern("holds").search(before)
    return before[held.start() :] if held else before


@cache
def _tests() -> tuple[list[_Test], list[_Test]]:
    return [_test(*each) for each in _NEVER], [_test(*each) for each in _SIGNS]


def _test(sign: str, name: str, piece: str) -> _Test:
    words, is_after = pattern(name), piece.startswith("after")
    if isinstance(words, WordPattern):
        return sign, words.match_lowered if is_after else words.search_lowered, True, piece
    return sign, words.match if is_after else words.search, False, piece


def _names_of_venues(before: str, after: str) -> set[str]:
    """Return the evidence of "Universität Hamburg" and "Leeds University", stronger after "at" and "is held at"."""
    if not pattern("institution_before").search(before[-60:]):
        return set(_institution(before)) if pattern("institution_after").match(after) else set()
    named = _INSTITUTION_NAME.sub("", before)
    is_at = pattern("holds").search(named) or pattern("at").search(named[-40:])
    return {NAMED_AFTER, "at a venue of its name"} if is_at else {NAMED_AFTER}


def _position(text: str, start: int, end: int) -> set[str]:
    """Return the evidence of where in its text a place stands."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, end_of_line(text, end)
    line = text[line_start:line_end] if line_end - line_start < 60 else ""
    first_break, last_break = line_breaks(text)
    following = next((at for at in range(end, len(text)) if text[at] != "\n"), len(text))
    checks = {
        ALONE: line.strip(" .,;:*•-–📍") == text[start:end].strip(),
        TITLE: _is_title(text, start, end, line_start),
        "begins its line": not text[line_start:start].strip(" -•*–—·☆▪▶>📍"),
        "last line": last_break < following and text.find("\n", 0, end) >= 0,
        "first line": not 0 <= first_break < end,
    }
    return {name for name, holds in checks.items() if holds}


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@lru_cache(maxsize=4)
def _latest_year(text: str) -> str:
    return max(_YEAR.findall(text), default="")


def names_a_venue(text: str) -> bool:
    """Return whether a text says where an event is, be it in a town or not: "in the library", with a date beside it."""
    sentences = SENTENCE_END.split(text)
    return any(
        pattern("some_date").search(each) and (pattern("at_venue").search(each) or pattern("venue_named").search(each))
        for each in sentences[:60]
    )


@lru_cache(maxsize=8192)
def is_label(word: str) -> bool:
    """Return whether a word is a label of places, such as "Location", which may stand without a colon."""
    return whole_word("label").match(word) is not None


def begins_sentence(text: str, start: int) -> bool:
    """Return whether a sentence or line begins at ``start``; then a capital does not make a name."""
    return re.search(r"(?:\A|\n|[.!?:]\s)\W{0,3}\Z", text[max(0, start - 6) : start]) is not None


@lru_cache(maxsize=8192)
def is_never_meant(name: str) -> bool:
    """Return whether a name in the gazetteer nearly always means something else: "March", "Date", "University"."""
    return whole_word("never").match(name.rstrip(".")) is not None


def is_embedded(text: str, start: int, end: int) -> bool:
    """Return whether a name is part of that of an institution, event or group which says where it is.

    "Leeds University", "Feira do Livro de Pelotas", "Toronto PostgreSQL User Group".
    """
    before, after = text[max(0, start - 60) : start], text[end : end + 60].split("\n")[0]
    return bool(
        pattern("institution_before").search(before)
        or pattern("institution_after").match(after)
        or pattern("event_before").search(before)
        or pattern("event_after").match(after)
        or pattern("group_before").search(before)
        or pattern("group_after").match(after)
        or pattern("named_after_town").search(before)
    )


_TIMES = re.compile(r"\d{1,2}\s?(?:[:.h]\s?\d{2}|h|uhr)\s?(?:uhr|h)?\s(?:à|em|in|en|a)\s[A-Z]", re.IGNORECASE)


def _institution(before: str) -> list[str]:
    """Return the evidence of "University of Leeds": strong after "at" and after a verb such as "is held at"."""
    cut = _INSTITUTION_NAME.sub("", before)
    if pattern("holds").search(cut):
        return [INSTITUTION, HOLDS]
    return [INSTITUTION, AT] if pattern("at").search(cut[-40:]) else [INSTITUTION]


_INSTITUTION_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w’'.-]*\s+|(?:of|de|di|degli|studi|d['’]|du|do|da|della|zu|van|for|für|la|and|und|et|y|e)\s*){1,8}$"
)


def _is_title(text: str, start: int, end: int, line_start: int) -> bool:
    if text[line_start:start].count(" ") > 9:
        return False
    after = text[end : end + 60].split("\n")[0]
    return bool(pattern("event_after").match(after) or pattern("event_before").search(text[max(0, start - 40) : start]))


def _in_brackets(before: str, *, is_dated: bool) -> set[str]:
    """Return the evidence of brackets: "Ada Lovelace (University of Leeds", "the congress (Leeds, 3 May)"."""
    opening = before.rfind("(")
    if opening < 0 or ")" in before[opening:] or len(before) - opening > 70:
        return set()
    found = {"in brackets"} if len(before) - opening <= 2 else set()
    if is_dated or pattern("event_named").search(before[max(0, opening - 40) : opening]):
        return found | {"in brackets after an event"}
    return found | {PERSON} if _NAME_OF_PERSON.search(before[:opening]) else found


_NAME_OF_PERSON = re.compile(r"[^\W\d_a-z][\w’'.-]+\s(?:(?:van|de|von|der|di)\s){0,2}[^\W\d_a-z][\w’'-]+\s$")
