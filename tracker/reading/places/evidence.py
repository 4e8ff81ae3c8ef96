"""Weighs the words around a place in running text: does the event take place there, or is it only mentioned?"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tracker.reading.lookups import load

_MONTH = r"(?:Jan|J[äa]n|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
_SENTENCE_END = re.compile(rf"(?:(?<=[^\W\d_]{{3}})|(?<=\d)|(?<=[)\"]))[.!?]\s+(?!{_MONTH})(?=[^\s\da-z])|\n")
"""The end of a sentence; "3. März" goes on."""
_REACH = 140
_LINE = 160
"""Characters of a line to either side that are searched; some texts are one line."""
_WORDS = re.compile(r"<([a-z_]+)>")
"""Stands for the words of that name in a pattern."""


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
DATED_SENTENCE = "in a sentence with a date"
ELSEWHERE = "another edition"
AMONG = "an example"
PERSON = "a person's"
ORIGIN = "origin"
FOOTER = "organiser's address"


PLACING = frozenset({LABEL, ADDRESS, HOLDS, HOST, AT, IN, LAST, ALONE, TITLE, QUALIFIED, DATED, VENUE, NAMED_AFTER})
"""Evidence that an event takes place somewhere."""

AGAINST = frozenset({ELSEWHERE, AMONG, PERSON, ORIGIN, FOOTER, STREET, ZONE})
"""Evidence that an event does not take place somewhere."""


@cache
def _words(name: str) -> str:
    words: str = load("place_evidence")["words"][name]
    return words


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return the pattern of a piece of evidence."""
    data = load("place_evidence")
    flags = re.MULTILINE if name in data["patterns_with_case"] else re.MULTILINE | re.IGNORECASE
    source: str = data["patterns"].get(name) or data["patterns_with_case"][name]
    return re.compile(_WORDS.sub(lambda match: _words(match[1]), source), flags)


def label_spans(text: str, most: int) -> list[tuple[int, int]]:
    """Return where the values of labels such as "Venue:" stand: to the end of the line, or the next lines."""
    spans: list[tuple[int, int]] = []
    for match in _pattern("label").finditer(text):
        end = _end_of_line(text, match.end())
        block = _end_of_block(text, end)
        if not text[match.end() : end].strip() or _ADDRESS_LINE.search(text, end, block):
            end = block
        following = _next_label(text, match.end(), end)
        spans.append((match.end(), following))
        if len(spans) >= most:
            return spans
    for match in _pattern("bare_label").finditer(text):
        if not any(start <= match.end() <= end + 1 for start, end in spans):
            spans.append((match.end(), _end_of_block(text, match.end())))
    return spans[:most]


_ADDRESS_LINE = re.compile(r"\n\s*(?:\d{4,5}\s+[^\W\d_a-z]|\d{1,4}\s?[a-z]?,?\s+(?:rue|avenue|place|boulevard)\b)")
_ANY_LABEL = re.compile(r"(?:^|(?<=[.;!?|•·]\s))[^\S\n]{0,6}[^\W\d_][\w /’'-]{1,28}\s?[:：]\s", re.MULTILINE)


def _next_label(text: str, start: int, end: int) -> int:
    match = _ANY_LABEL.search(text, start, end)
    return match.start() if match and match.start() > start else end


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _end_of_block(text: str, start: int) -> int:
    """Return the end of the lines after ``start``: at most four, until an empty line."""
    end = start
    for _ in range(4):
        following = _end_of_line(text, end + 1)
        if not text[end:following].strip():
            break
        end = following
        if end >= len(text):
            break
    return end


def signs_of(text: str, start: int, end: int) -> list[str]:
    """Return the evidence for and against the place at ``start`` to ``end`` being that of the event."""
    before, sentence = text[max(0, start - _REACH) : start], _sentence_before(text, start)
    line_start, line_end = text.rfind("\n", 0, start) + 1, _end_of_line(text, end)
    line_start, line_end = max(line_start, start - _LINE), min(line_end, end + _LINE)
    line, after = text[line_start:line_end], text[end : end + 60]
    found = [
        sign
        for name, sign in (
            ("holds", HOLDS),
            ("postcode", ADDRESS),
            ("origin", ORIGIN),
        )
        if _pattern(name).search(before)
    ]
    if _pattern("cities").search(before[-60:]):
        found.append(HOLDS)
    if HOLDS not in found and _pattern("at").search(before[-40:]):
        found.append(IN if _pattern("in").search(before[-40:]) else AT)
    if _pattern("last_before").search(before[-90:]) and _pattern("last_after").match(after):
        found.append(LAST)
    if ADDRESS not in found and _pattern("postcode_after").match(after):
        found.append(ADDRESS)
    if _pattern("street_named").search(before[-40:]) or _pattern("street_after").match(after):
        return [STREET]
    if _pattern("zone_before").search(before[-40:]) or _pattern("zone_after").match(after):
        return [ZONE]
    if _pattern("times").search(before[-40:]) and len(_TIMES.findall(text)) > 1:
        return [ZONE]
    if _pattern("date_after").match(after) or _pattern("date_before").search(before[-40:]):
        found.append(DATED)
    if _pattern("venue_before").search(before[-100:]):
        found.append(VENUE)
    if _pattern("hosts_after").match(after):
        found.append(HOST)
    if ADDRESS not in found and _pattern("street").search(text[line_start:start][-80:]):
        found.append(ADDRESS)
    if ADDRESS in found and _pattern("postcode").search(before) and _pattern("street").search(before[-60:]):
        found.append("whole address")
    if _pattern("institution_before").search(before[-60:]):
        found.append(NAMED_AFTER)
        named = _INSTITUTION_NAME.sub("", before)
        if _pattern("holds").search(named) or _pattern("at").search(named[-40:]):
            found.append("at a venue of its name")
    elif _pattern("institution_after").match(after):
        found += _institution(before)
    if line.strip(" .,;:*•-–📍") == text[start:end].strip() and len(line) < 60:
        found.append(ALONE)
    if _is_title(text, start, end, line_start):
        found.append(TITLE)
    found += _sentence_signs(text, end, sentence, line)
    if _pattern("elsewhere").search(sentence) or _pattern("year_after").match(after):
        found.append(ELSEWHERE)
    if _pattern("among").search(sentence):
        found.append(AMONG)
    if _pattern("people").search(sentence[-50:]) or _in_persons_brackets(before):
        found.append(PERSON)
    if _pattern("footer").search(line[: start - line_start]) or _pattern("footer_line").search(line):
        found.append(FOOTER)
    return found


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@lru_cache(maxsize=4)
def _latest_year(text: str) -> str:
    return max(_YEAR.findall(text), default="")


def _sentence_signs(text: str, end: int, sentence: str, line: str) -> list[str]:
    following = _SENTENCE_END.split(text[end : end + _REACH])[0]
    whole = f"{sentence} {following}"
    checks = {
        DATED_SENTENCE: _pattern("some_date").search(whole),
        "an earlier year": any(year < _latest_year(text) for year in _YEAR.findall(whole)),
        "contact": _pattern("contact").search(whole) or "@" in whole,
        "past": _pattern("past").search(whole),
        "kind of event": _pattern("event_named").search(whole),
        "clock": _pattern("clock").search(whole),
        "dateline": _pattern("dateline").search(line),
        "last line": not text[end:].strip("\n").count("\n") and "\n" in text[:end],
        "first line": "\n" not in text[:end].strip("\n"),
        "among others": _pattern("list_after").match(following) or _pattern("list_before").search(sentence),
    }
    return [name for name, holds in checks.items() if holds]


def names_a_venue(text: str) -> bool:
    """Return whether a text says where an event is, be it in a town or not: "in the library", with a date beside it."""
    sentences = _SENTENCE_END.split(text)
    return any(_pattern("some_date").search(each) and _pattern("at_venue").search(each) for each in sentences[:60])


def is_label(word: str) -> bool:
    """Return whether a word is a label of places, such as "Location", which may stand without a colon."""
    return _pattern("label_word").fullmatch(word) is not None


def begins_sentence(text: str, start: int) -> bool:
    """Return whether a sentence or line begins at ``start``; then a capital does not make a name."""
    return re.search(r"(?:\A|\n|[.!?:]\s)\W{0,3}\Z", text[max(0, start - 6) : start]) is not None


def is_never_meant(name: str) -> bool:
    """Return whether a name in the gazetteer nearly always means something else: "March", "Date", "University"."""
    return re.fullmatch(_words("never"), name.rstrip("."), re.IGNORECASE) is not None


def is_embedded(text: str, start: int, end: int) -> bool:
    """Return whether the words around a name make it part of an institution's or event's name that says where it is."""
    before, after = text[max(0, start - 60) : start], text[end : end + 60].split("\n")[0]
    return bool(
        _pattern("institution_before").search(before)
        or _pattern("institution_after").match(after)
        or _pattern("event_before").search(before)
        or _pattern("event_after").match(after)
    )


_TIMES = re.compile(r"\d{1,2}\s?(?:[:.h]\s?\d{2}|h|uhr)\s?(?:uhr|h)?\s(?:à|em|in|en|a)\s[A-Z]", re.IGNORECASE)


def _institution(before: str) -> list[str]:
    """Return the evidence of "University of Leeds": strong after "at" and after a verb such as "is held at"."""
    cut = _INSTITUTION_NAME.sub("", before)
    if _pattern("holds").search(cut):
        return [INSTITUTION, HOLDS]
    return [INSTITUTION, AT] if _pattern("at").search(cut[-40:]) else [INSTITUTION]


_INSTITUTION_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w’'.-]*\s+|(?:of|de|di|degli|studi|d['’]|du|do|da|della|zu|van|for|für|la|and|und|et|y|e)\s*){1,8}$"
)


def _is_title(text: str, start: int, end: int, line_start: int) -> bool:
    if text[line_start:start].count(" ") > 9:
        return False
    after = text[end : end + 60].split("\n")[0]
    return bool(
        _pattern("event_after").match(after) or _pattern("event_before").search(text[max(0, start - 40) : start])
    )


def _in_persons_brackets(before: str) -> bool:
    """Return whether it stands in brackets after a name: "Ada Lovelace (University of Leeds"."""
    opening = before.rfind("(")
    if opening < 0 or ")" in before[opening:] or len(before) - opening > 70:
        return False
    return bool(_NAME_OF_PERSON.search(before[:opening]))


_NAME_OF_PERSON = re.compile(r"[^\W\d_a-z][\w’'.-]+\s(?:(?:van|de|von|der|di)\s){0,2}[^\W\d_a-z][\w’'-]+\s$")


def _sentence_before(text: str, start: int) -> str:
    piece = text[max(0, start - 2 * _REACH) : start]
    return _SENTENCE_END.split(piece)[-1]
