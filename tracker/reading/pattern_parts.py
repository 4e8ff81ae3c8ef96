"""Takes the source of a regular expression apart: its alternatives, and the first part of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_FEW = 8
"""Maximum number of characters of a set that are told apart."""
_ASSERTION = re.compile(r"\\[bBAZ]|[\^$]|(?=\(\?<?[=!])")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{(\d*)(?:,\d*)?\})[?+]?")
_OPENING = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")


@dataclass(frozen=True, slots=True)
class Part:
    """The first part of an alternative."""

    choices: tuple[str, ...] | None
    """What it may match: characters, or the alternatives of a group; None if that is anything."""
    is_group: bool
    is_optional: bool
    is_repeated: bool
    rest: str
    """What follows it."""


def first_part(source: str) -> Part | None:
    r"""Return the first part of an alternative that matches a character; None if there is none.

    >>> first_part(r"\bd[ée]lai").choices, first_part("(?:is|are)? over").choices, first_part(r"\d+ days").choices
    (('d',), ('is', 'are'), None)
    """
    while source and (assertion := _ASSERTION.match(source)):
        source = source[assertion.end() or end_of_group(source) :]
    if not source:
        return None
    choices: tuple[str, ...] | None = (source[0],)
    end, is_group = 1, False
    if source[0] == "(":
        end, is_group, opening = end_of_group(source), True, _OPENING.match(source)
        choices = tuple(split_alternatives(source[opening.end() : end - 1])) if opening else None
    elif source[0] == "[":
        end = source.index("]", 2) + 1
        is_plain = source[1 : end - 1].isalnum() and end - 2 <= _FEW
        choices = tuple(source[1 : end - 1]) if is_plain else None
    elif source[0] == "\\":
        end = 2
        choices = None if source[1].isalnum() else (source[1],)
    elif source[0] == ".":
        choices = None
    quantifier = _QUANTIFIER.match(source, end)
    return Part(
        choices,
        is_group,
        is_optional=quantifier is not None and (quantifier[0][0] in "?*" or quantifier[1] in {"", "0"}),
        is_repeated=quantifier is not None and quantifier[0][0] != "?",
        rest=source[quantifier.end() if quantifier else end :],
    )


def end_of_group(source: str) -> int:
    """Return the position after the group with which ``source`` begins."""
    return next(at for at, depth in depths(source) if depth == 0 and source[at] == ")") + 1


def split_alternatives(source: str) -> list[str]:
    """Return the alternatives of a pattern, without those inside brackets.

    >>> split_alternatives("a|b(?:c|d)|[|]")
    ['a', 'b(?:c|d)', '[|]']
    """
    cuts = [-1, *(at for at, depth in depths(source) if depth == 0 and source[at] == "|"), len(source)]
    return [source[start + 1 : end] for start, end in pairwise(cuts)]


def depths(source: str) -> Iterator[tuple[int, int]]:
    """Yield the position of each character that is neither escaped nor in a set, with the depth of groups after it."""
    depth, at, is_set = 0, 0, False
    while at < len(source):
        char = source[at]
        if char == "\\":
            at += 2
            continue
        if is_set:
            is_set = char != "]"
        elif char == "[":
            is_set = True
        else:
            depth += (char == "(") - (char == ")")
            yield at, depth
        at += 1
