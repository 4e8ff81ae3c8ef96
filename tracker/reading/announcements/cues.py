"""The words that say what a date is for, from ``data/cues.toml``, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.lookups import load
from tracker.reading.pattern_parts import split_alternatives
from tracker.reading.word_patterns import WordPattern, alternation

SENT_IN = frozenset({
    DeadlineKind.SUBMISSION, DeadlineKind.ABSTRACT, DeadlineKind.CAMERA_READY, DeadlineKind.EARLY_BIRD,
})  # fmt: skip
"""Kinds of deadlines that a label tells without a word for deadlines: "Full papers: 3 March"."""
_LONGEST = 6_000
"""Maximum number of characters of a text that are searched for statements such as "rolling"."""


@cache
def cues(group: str) -> WordPattern:
    """Return the cues of a group; the name of the group that matched is the role."""
    roles: dict[str, list[str]] = load("cues")[group]
    # The longer first: of "d'ici" and "d'ici le", the latter, or "le" would be a cue of its own.
    parts = (
        f"(?P<{role}>{alternation(sorted(words, key=len, reverse=True))})" for role, words in roles.items() if words
    )
    return WordPattern(rf"(?<!\w)(?=\w)(?:{'|'.join(parts)})(?!\w)")


@cache
def deadline_kinds(group: str = "deadline_kinds") -> list[tuple[DeadlineKind, WordPattern]]:
    """Return the words of each kind of deadline; the first kind that matches counts."""
    return [(DeadlineKind(kind), WordPattern(alternation(words))) for kind, words in load("cues")[group].items()]


@cache
def _any_kind(group: str) -> WordPattern:
    return WordPattern(alternation(word for words in load("cues")[group].values() for word in words))


@lru_cache(maxsize=512)
def kind_in(piece: str, group: str = "deadline_kinds") -> DeadlineKind | None:
    """Return the kind of deadline that a piece of text names."""
    if _any_kind(group).search(piece) is None:
        return None
    return next((kind for kind, words in deadline_kinds(group) if words.search(piece)), None)


@cache
def all_kinds() -> WordPattern:
    """Return the words of all kinds of deadlines; the name of the group that matched is the kind."""
    groups = {
        f"{prefix}{kind}": alternation(words)
        for prefix, name in (("said_", "said_kinds"), ("", "deadline_kinds"))
        for kind, words in load("cues")[name].items()
    }
    return WordPattern("|".join(f"(?P<{name}>{words})" for name, words in groups.items()))


@cache
def _statement(name: str) -> tuple[WordPattern, re.Pattern[str] | None]:
    """Return the words of a statement, and those that make it in capitals only: "CANCELLED"."""
    words: list[str] = load("cues")["statements"][name]
    shouted = [word for word in words if _CAPITALS in word]
    return (
        WordPattern(rf"(?<!\w)(?=\w)(?:{alternation(word for word in words if word not in shouted)})"),
        re.compile("|".join(shouted)) if shouted else None,
    )


_CAPITALS = "(?-i:"


def find_statements(text: str, statement: str) -> str:
    """Return the words of ``text`` that make ``statement`` (rolling, not_yet_open, closed, tba, past, …), or "".

    >>> find_statements("Applications are reviewed on a rolling basis", "rolling")
    'rolling'
    """
    return next((text[start:end] for start, end in statements_in(text, statement)), "")


def statements_in(text: str, statement: str) -> Iterator[tuple[int, int]]:
    """Yield where a text makes a statement."""
    words, shouted = _statement(statement)
    text = text[:_LONGEST]
    matches = words.finditer(text) if shouted is None else chain(words.finditer(text), shouted.finditer(text))
    yield from sorted(match.span() for match in matches) if shouted else (match.span() for match in matches)


@cache
def pattern(name: str) -> re.Pattern[str] | WordPattern:
    """Return one of the single patterns; compared without case."""
    source: str = load("cues")["patterns"][name]
    if _CAPITALS in source:
        return re.compile(source, re.IGNORECASE)
    return WordPattern(alternation(split_alternatives(source)))


def is_deadline(text: str) -> bool:
    """Return whether the words of a date call it a deadline: "Apply by 13 October", "Closes Oct 13"."""
    return kind_in(text) is not None or any(match.lastgroup == "deadline" for match in cues("roles").finditer(text))


def says_deadline(text: str) -> bool:
    """Return whether a text has a word for deadlines."""
    return pattern("says_deadline").search(text) is not None


def deadline_kind(before: str, after: str, label: str) -> DeadlineKind | None:
    """Return the kind of deadline named before the date, else after it, else in the line above."""
    return kind_in(before) or kind_in(after) or kind_in(label)
