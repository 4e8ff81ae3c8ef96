"""Collects the evidence for what each date of an announcement is for: the words around it, its place in the text.

What each piece counts is learned from labelled announcements (``data/date_weights.toml``); see ``date_judgement.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from tracker.reading.announcements.cues import all_kinds, cues, pattern
from tracker.reading.announcements.date_role import Role
from tracker.reading.announcements.parts import Mention
from tracker.reading.announcements.surroundings import Surroundings, TextSpan
from tracker.reading.dates.resolution import ResolvedDate
from tracker.reading.dates.vocabulary import fold_word, words
from tracker.reading.places.evidence_patterns import pattern as place_pattern

_REACH = 60
"""Characters before and after a date that are searched for cues."""
_DAYS = ((-30, "long ago"), (-1, "past"), (0, "the day of publication"), (7, "a week"), (21, "three weeks"),
         (60, "two months"), (150, "five months"), (400, "a year"))  # fmt: skip
_LENGTHS = ((1, "two days"), (7, "a week"), (40, "weeks"))
_COUNTED = 5
_FIFTHS = 5
_WORD = re.compile(r"[^\W\d_]+")
_OPEN_BRACKET = re.compile(r"\([^)]*\Z")
_BEFORE = {
    "colon before": re.compile(r":\s*\Z"),
    "comma before": re.compile(r"[,·|]\s*\Z"),
}
_AFTER = {
    "colon after": re.compile(r"\s*[:–—-]\s"),
    "comma after": re.compile(r"\s*[,·|]"),
}
_PATTERNS = ("kinds_of_event", "says_deadline", "exhibition", "for_others")


def evidence_of(
    text: str,
    spans: Sequence[TextSpan],
    mentions: Sequence[Mention],
    chosen: Mention | None,
    published: date | None,
) -> list[frozenset[str]]:
    """Return the evidence for each of ``mentions`` at ``spans``; the rules say that ``chosen`` is the event's."""
    dated = [mention.dated for mention in mentions]
    firsts = [each.first for each in dated if each is not None]
    ahead = [first for first in firsts if published is None or first >= published]
    roles = [mention.role for mention in mentions]
    found: list[frozenset[str]] = []
    for number, (span, mention) in enumerate(zip(spans, mentions, strict=True)):
        evidence = {*_of_rules(mention), *_of_neighbours(roles, number), *_of_position(text, span)}
        evidence |= {*_of_words(mention.purpose.around)}
        if mention is chosen:
            evidence.add("rule: the event's")
        if mention.dated is not None:
            evidence |= {*_of_same_day(mention, mentions)}
            evidence |= {*_of_date(mention.dated, mention, published), *_of_order(mention.dated.first, firsts, ahead)}
        found.append(frozenset(evidence))
    return found


def _of_rules(mention: Mention) -> Iterator[str]:
    purpose = mention.purpose
    yield f"rule: {purpose.role}"
    yield f"rule: {purpose.role}, {'weak' if purpose.is_weak else 'strong'}"
    if purpose.deadline is not None:
        yield f"kind: {purpose.deadline}"
    if purpose.replaces:
        yield "replaces another"
    if purpose.is_past:
        yield "past"


def _of_neighbours(roles: Sequence[Role], number: int) -> Iterator[str]:
    before, after = roles[:number], roles[number + 1 :]
    if Role.DEADLINE in before:
        yield "a deadline earlier"
    if Role.DEADLINE in after:
        yield "a deadline later"
    if {Role.EVENT, Role.STARTS} & {*before, *after}:
        yield "an event elsewhere"
    if before:
        yield f"previous: {before[-1]}"
    if after:
        yield f"next: {after[0]}"
    yield f"dates: {min(len(roles), _COUNTED + 1)}"
    yield f"number: {min(number, _COUNTED)}"
    if not after:
        yield "last"


def _of_same_day(mention: Mention, mentions: Sequence[Mention]) -> Iterator[str]:
    """Yield what the same day is for where the text says it again, and a span that it lies in."""
    mine = mention.dated
    for other in mentions:
        theirs = other.dated
        if other is mention or theirs is None or mine is None:
            continue
        if theirs.first == mine.first and theirs.last == mine.last:
            yield f"same day: {other.role}"
        elif theirs.last is not None and theirs.first <= mine.first and (mine.last or mine.first) <= theirs.last:
            yield "within another span"
        elif mine.last is not None and mine.first <= theirs.first and (theirs.last or theirs.first) <= mine.last:
            yield "around another date"


def _of_position(text: str, span: TextSpan) -> Iterator[str]:
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    yield f"fifth: {span.start * _FIFTHS // max(1, len(text))}"
    if line_start == 0:
        yield "first line"
    if line_end == len(text):
        yield "last line"
    if "\n" in text:
        yield "lines"
        if not text[line_start : span.start].strip(" -•*–—·"):
            yield "begins its line"
        if not text[span.end : line_end].strip(" .;,"):
            yield "ends its line"
    if _OPEN_BRACKET.search(text, max(0, span.start - 80), span.start):
        yield "in brackets"


def _of_words(around: Surroundings) -> Iterator[str]:
    yield from (name for name, sign in _BEFORE.items() if sign.search(around.before))
    yield from (name for name, sign in _AFTER.items() if sign.match(around.after))
    pieces = (
        ("before", around.before[-_REACH:]),
        ("after", around.after[:_REACH]),
        ("above", around.label[-_REACH:]),
        ("sentence", around.sentence),
    )
    for where, piece in pieces:
        if not piece:
            continue
        for group in ("roles", "weak", "asking"):
            yield from (f"{where}: {group} {match.lastgroup}" for match in cues(group).finditer(piece))
        if where != "sentence":
            yield from (f"{where}: {match.lastgroup}" for match in all_kinds().finditer(piece))
            yield from (f"{where}: {name}" for name in _PATTERNS if pattern(name).search(piece))
    if place_pattern("past").search(f"{around.sentence} {around.rest}"):
        yield "sentence: past"


def _of_date(dated: ResolvedDate, mention: Mention, published: date | None) -> Iterator[str]:
    if published is None:
        yield "no publication"
    else:
        ahead = (dated.first - published).days
        within = next((name for days, name in _DAYS if ahead <= days), "years")
        yield f"within: {within}"
        if dated.last is not None:
            yield f"span within: {within}"
    if dated.last is not None:
        days = (dated.last - dated.first).days
        yield "span"
        yield f"span of: {next((name for most, name in _LENGTHS if days <= most), 'months')}"
    if dated.starts is not None:
        yield "clock"
        if dated.first == published:
            yield "clock on the day of publication"
    if not dated.precision.is_exact_to_the_day:
        yield "coarse"
    if not dated.year_inferred:
        yield "year written"
    if any(fold_word(word) in words().weekdays for word in _WORD.findall(mention.words)):
        yield "weekday"


def _of_order(first: date, firsts: Sequence[date], ahead: Sequence[date]) -> Iterator[str]:
    yield f"dates before it: {min(sum(other < first for other in firsts), _COUNTED)}"
    yield f"dates after it: {min(sum(other > first for other in firsts), _COUNTED)}"
    if ahead and first == max(ahead):
        yield "latest ahead"
    if ahead and first == min(ahead):
        yield "earliest ahead"
