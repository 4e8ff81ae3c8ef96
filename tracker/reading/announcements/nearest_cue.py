"""Finds the cue that decides about a date: the words that say what it is for, where they stand nearest."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from tracker.reading.announcements.cues import cues, kind_in, pattern
from tracker.reading.announcements.surroundings import Surroundings, says_something
from tracker.reading.word_patterns import WordPattern

NEAR = 40
ADJACENT, _CLOSE = 14, 30
_LEADS_ON = re.compile(r"[\s:(]*(?:(?:on|the|am|den|le|el|il|op|em|a|dia)[\s:]+){0,2}", re.IGNORECASE)
"""Between a cue and the next date, which it is about: "until 7 February, start on 3 March"."""
_LISTED_DATE = re.compile(r"(?:\A|\n)\W*\Z")


@dataclass(frozen=True, slots=True)
class Cue:
    """The cue that decides about a date."""

    match: re.Match[str]
    gap: int
    """Characters between it and the date."""
    where: Literal["before", "after", "above"]
    """Before the date in its clause, after it, or in the label above."""

    @property
    def name(self) -> str:
        """The group of ``cues.toml`` that it belongs to: a role, or ``replacement``."""
        return self.match.lastgroup or ""


def cue_after(around: Surroundings) -> re.Match[str] | None:
    """Return the first cue after the date that is about it."""
    strong = cues("roles")
    following = strong.search(around.after)
    if _LISTED_DATE.search(around.before):  # "8 August: Paper acceptance notification"
        notes = (match for match in strong.finditer(around.after) if match.lastgroup == "notification")
        following = next(notes, following)
    if following is not None and pattern("instead").fullmatch(following[0]):
        return None  # "19 March instead of the 12th"
    is_of_next = following is not None and around.has_next and _LEADS_ON.fullmatch(around.after[following.end() :])
    return None if is_of_next else following  # "21 March (registration until 13 March": about the next date


def nearest_cue(around: Surroundings, following: re.Match[str] | None) -> Cue | None:
    """Return the nearest cue: of the clause before the date, after it, or in the label above."""
    strong = cues("roles")
    after = Cue(following, following.start(), where="after") if following is not None else None
    if not says_something(around.before) or around.is_answer:
        above = last_match(strong, around.label)
        is_limit = after is not None and pattern("latest").fullmatch(after.match[0]) is not None
        if above is None or (after is not None and after.gap <= NEAR and not is_limit):
            return after
        return Cue(above, 0, where="above")
    last = last_match(strong, around.before)
    if last is None:
        return after and replace(after, gap=0)
    if after is not None and _is_of_previous(last, around):
        return after
    before = _what_is_limited(Cue(last, len(around.before) - last.end(), where="before"), around)
    return after if after is not None and after.gap <= _CLOSE < before.gap else before


def _what_is_limited(cue: Cue, around: Surroundings) -> Cue:
    """Return what "at the latest" is said of: "Start: now, at the latest on 1 September" is no deadline."""
    if pattern("latest").fullmatch(cue.match[0]) is None:
        return cue
    said = around.before[: cue.match.start()]
    earlier = last_match(cues("roles"), said)
    between = said[earlier.end() :] if earlier is not None else said
    if kind_in(between) or cues("asking").search(between):
        return cue  # "starts on Monday, apply at the latest"
    earlier = earlier or last_match(cues("roles"), around.label)
    return cue if earlier is None else Cue(earlier, 0, where="before")


_JOINS = re.compile(r"\s*(?:,|und|en)\s(?:am|op|bis(?: zum)?|tot)?\s?", re.IGNORECASE)


def _is_of_previous(cue: re.Match[str], around: Surroundings) -> bool:
    """Return whether a verb belongs to the date before it: "am 1. März freigeschaltet und am 30. April geschlossen"."""
    follows_date = len(around.sentence) > len(around.before) and not around.before[: cue.start()].strip()
    return follows_date and _JOINS.fullmatch(around.before[cue.end() :]) is not None


def is_about_something_else(cue: Cue, around: Surroundings) -> bool:
    """Return whether a cue is too far from the date to say something about it."""
    if cue.where != "before":
        return False
    if cue.name == "other":  # "After last year's edition, we invite you on 18 March"
        return cue.gap > NEAR
    if cue.name not in {"event", "starts"} or cue.gap <= ADJACENT:
        return False
    faint = last_match(cues("weak"), around.before)  # "rooms can be held for participants until 30 May"
    is_due = faint is not None and faint.lastgroup == "deadline"
    return is_due and faint is not None and not parts_from_date(around.before[faint.end() :])


def parts_from_date(text: str) -> bool:
    """Return whether the words between a preposition and a date separate them: a clock time or "next" does not."""
    return bool(text.strip()) and not any(pattern(name).fullmatch(text) for name in ("clock_between", "day_between"))


def last_match(words: WordPattern, text: str) -> re.Match[str] | None:
    """Return the last match in a text."""
    found = None
    for match in words.finditer(text):
        found = match
    return found
