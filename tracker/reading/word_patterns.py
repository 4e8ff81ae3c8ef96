"""Compiles long lists of words (regular expressions, compared without case) so that searching them is fast.

``re`` tries the alternatives of ``deadline|due|closes|…`` one by one at every position, and each of them slowly when
case is ignored. The same list as ``d(?:eadline|ue)|c(?:loses)|…`` on text in lower case is found some 20 times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from tracker.reading.pattern_parts import depths, split_alternatives
from tracker.reading.pattern_prefilters import starts_of, texts_within

_LONG = 400
"""Characters of a text from which looking for words in it costs less than searching it."""
_WORD_START = (r"(?<!\w)", r"(?<![\w-])")
"""What begins a pattern that ``re`` itself only tries where a word begins."""


class WordPattern:
    """A regular expression that is compared without case; its matches are those of the text in lower case."""

    def __init__(self, source: str) -> None:
        """Compile ``source``, which is written in lower case."""
        self._pattern = re.compile(source, re.MULTILINE)

    @cached_property
    def _starts(self) -> re.Pattern[str] | None:
        source = self._pattern.pattern
        return None if source.startswith(_WORD_START) else starts_of(source)

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return texts_within(self._pattern.pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""
        return self.search_lowered(lowered(text))

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning."""
        return self._pattern.match(lowered(text))

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole text."""
        return self._pattern.fullmatch(lowered(text))

    def blanked(self, text: str) -> str:
        """Return ``text`` with a space for each match."""
        pieces, end = [], 0
        for match in self.finditer(text):
            pieces.append(text[end : match.start()])
            end = match.end()
        return " ".join([*pieces, text[end:]])

    def search_lowered(self, text: str) -> re.Match[str] | None:
        """Return the first match in a text that is in lower case."""
        if len(text) > _LONG and not self._may_be_in(text):
            return None
        if self._starts is None:
            return self._pattern.search(text)
        at = 0
        while (start := self._starts.search(text, at)) is not None:
            at = start.start()
            if (found := self._pattern.match(text, at)) is not None or at == len(text):
                return found
            at += 1
        return None

    def match_lowered(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of a text that is in lower case."""
        return self._pattern.match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield all matches."""
        return self.finditer_lowered(lowered(text))

    def finditer_lowered(self, text: str) -> Iterator[re.Match[str]]:
        """Return all matches in a text that is in lower case."""
        if len(text) > _LONG and not self._may_be_in(text):
            return iter(())
        return self._pattern.finditer(text) if self._starts is None else self._at_starts(text, self._starts)

    def _may_be_in(self, text: str) -> bool:
        return not self._texts or any(map(text.__contains__, self._texts))

    def _at_starts(self, text: str, starts: re.Pattern[str]) -> Iterator[re.Match[str]]:
        at = 0
        while at <= len(text) and (start := starts.search(text, at)) is not None:
            at = start.start()
            found = self._pattern.match(text, at)
            if found is not None:
                yield found
            at = max(found.end() if found else 0, at + 1)


@lru_cache(maxsize=64)
def lowered(text: str) -> str:
    """Return ``text`` in lower case, with each character where it was."""
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(char if len(char.lower()) > 1 else char.lower() for char in text)
    )


def alternation(alternatives: Iterable[str]) -> str:
    """Return one pattern for the alternatives, grouped by their first letter.

    It matches what ``"|".join(alternatives)`` does: alternatives of different first letters exclude each other, and
    those of one letter keep their order.

    >>> alternation(["due", "closes?", "d[ée]lai"])
    'd(?:ue|[ée]lai)|c(?:loses?)'
    """
    groups: dict[str, list[str]] = {}
    others: list[str] = []
    for alternative in alternatives:
        for each in _expanded(alternative):
            if _begins_with_letter(each):
                groups.setdefault(each[0], []).append(each[1:])
            else:
                others.append(each)
    # Those that do not begin with a letter begin with a condition: "(?<=open )until".
    return "|".join([*others, *(f"{letter}(?:{'|'.join(rests)})" for letter, rests in groups.items())])


def _begins_with_letter(source: str) -> bool:
    return source[:1].isalnum() and source[1:2] not in {"*", "+", "{", "?"}


def _expanded(source: str) -> list[str]:
    """Write out what a pattern may begin with: "(?:is|was) off" → "is off", "was off"; "[ée]t" → "ét", "et"."""
    if source.startswith("(?:"):
        end = next(at for at, depth in depths(source) if depth == 0 and source[at] == ")") + 1
        choices = split_alternatives(source[3 : end - 1])
    elif source.startswith("[") and source[1:].partition("]")[0].isalnum():
        end = source.index("]") + 1
        choices = list(source[1 : end - 1])
    elif source[:1].isalnum() and source[1:2] == "?":
        end, choices = 1, [source[0]]
    else:
        return [source]
    rest = source[end:]
    if rest[:1] in {"*", "+", "{"} or rest[:2] in {"??", "?+"}:
        return [source]
    is_optional = rest.startswith("?")
    rest = rest.removeprefix("?")
    written = [each for choice in choices for each in _expanded(choice + rest)]
    return written + (_expanded(rest) if is_optional else [])
