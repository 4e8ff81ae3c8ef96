"""Derives from a regular expression two cheap tests of whether, and where, it can match at all.

``re`` tries a long expression at every position of a text. Most texts have none of its words, and most positions none
of their first letters. Both tests let through more than the expression does, never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.reading.pattern_parts import Part, first_part, split_alternatives

_LONGEST = 5
"""Maximum number of characters of the beginning of a match that are told apart."""
_SHORTEST = 2
"""Minimum number of characters that make a part of a match worth looking for."""


@dataclass(frozen=True, slots=True)
class _Other:
    """An alternative of which it is not known what it begins with."""

    source: str


def starts_of(source: str) -> re.Pattern[str]:
    r"""Return a pattern that is found at every position where ``source`` matches, and at few others.

    >>> starts_of(r"deadlines?|due\b|d[ée]lai").pattern
    'd(?:e(?:adl|lai)|ue|élai)'
    """
    starts = [start for alternative in split_alternatives(source) for start in _starts(alternative, "")]
    texts = sorted({start for start in starts if isinstance(start, str)})
    others = dict.fromkeys(start.source for start in starts if isinstance(start, _Other))
    return re.compile("|".join([*_tree(texts, ""), *others]), re.MULTILINE)


def _starts(source: str, before: str) -> Iterator[str | _Other]:
    """Yield what matches of an alternative begin with; ``before`` is known already."""
    part = first_part(source) if len(before) < _LONGEST else None
    if part is None or part.choices is None:
        yield before or _Other(source)
        return
    if part.is_optional:
        yield from _starts(part.rest, before)
    for choice in part.choices:
        if part.is_group:
            yield from _starts(choice if part.is_repeated else choice + part.rest, before)
        elif part.is_repeated:
            yield before + choice
        else:
            yield from _starts(part.rest, before + choice)


def _tree(texts: Sequence[str], before: str) -> list[str]:
    """Return alternatives for sorted texts, the common beginning of which is written once."""
    found = []
    for letter, group in groupby(texts, key=lambda text: text[len(before)]):
        same = list(group)
        further = [] if before + letter in same else _tree(same, before + letter)  # the shorter includes the longer
        found.append(re.escape(letter) + (f"(?:{'|'.join(further)})" if len(further) > 1 else "".join(further)))
    return found


def texts_within(source: str) -> tuple[str, ...]:
    r"""Return texts of which every match of ``source`` contains one; none if there are no such texts.

    >>> texts_within(r"(?<!\w)(?:deadlines?|\d[dht])(?!\w)")
    ()
    >>> texts_within(r"(?<!\w)(?:deadlines?|(?:is|are) over)(?!\w)")
    ('deadline', ' over')
    """
    found: dict[str, None] = {}
    for alternative in split_alternatives(source):
        texts = _within(alternative)
        if not texts:
            return ()
        found |= dict.fromkeys(texts)
    return tuple(text for text in found if not any(other in text for other in found if other != text))


def _within(source: str) -> tuple[str, ...]:
    longest = run = ""
    groups: list[tuple[str, ...]] = []
    while (part := first_part(source)) is not None:
        run = _continued(run, part)
        longest = max(longest, run, key=len)
        if part.is_group and not part.is_optional and part.choices is not None:
            each = [_within(choice) for choice in part.choices]
            groups += [tuple(text for texts in each for text in texts)] if all(each) else []
        if part.is_repeated or part.is_group:
            run = ""
        source = part.rest
    if len(longest) >= _SHORTEST:
        return (longest,)
    return min(groups, key=len, default=())


def _continued(run: str, part: Part) -> str:
    """Return the text that ends with a part, which every match contains."""
    is_certain = part.choices is not None and len(part.choices) == 1 and not (part.is_group or part.is_optional)
    return run + part.choices[0] if is_certain and part.choices else ""
