"""The words that say what a date is for, from ``data/cues.toml``, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.lookups import load

_LONGEST = 6_000
"""Maximum number of characters of a text that are searched for statements such as "rolling"."""


@cache
def cues(group: str) -> re.Pattern[str]:
    """Return the cues of a group; the name of the group that matched is the role."""
    roles: dict[str, list[str]] = load("cues")[group]
    # The longer first: of "d'ici" and "d'ici le", the latter, or "le" would be a cue of its own.
    parts = (f"(?P<{role}>{'|'.join(sorted(words, key=len, reverse=True))})" for role, words in roles.items() if words)
    return re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@cache
def deadline_kinds() -> list[tuple[DeadlineKind, re.Pattern[str]]]:
    """Return the words of each kind of deadline; the first kind that matches counts."""
    return [
        (DeadlineKind(kind), re.compile("|".join(patterns), re.IGNORECASE))
        for kind, patterns in load("cues")["deadline_kinds"].items()
    ]


@cache
def _statement(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?=\w)(?:{'|'.join(load('cues')['statements'][name])})", re.IGNORECASE)


def find_statements(text: str, statement: str) -> str:
    """Return the words of ``text`` that make ``statement`` (rolling, not_yet_open, closed, tba, past, …), or "".

    >>> find_statements("Applications are reviewed on a rolling basis", "rolling")
    'rolling'
    """
    match = _statement(statement).search(text[:_LONGEST])
    return match[0] if match else ""


def statements_in(text: str, statement: str) -> Iterator[re.Match[str]]:
    """Yield all places where a text makes a statement."""
    yield from _statement(statement).finditer(text[:_LONGEST])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the single patterns; compared without case."""
    source: str = load("cues")["patterns"][name]
    return re.compile(source, re.IGNORECASE)
