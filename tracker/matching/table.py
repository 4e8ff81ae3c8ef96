"""Profiles as columns of numbers, so that a million pairs are compared as fast as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tracker.matching.profiles import MOST_DEADLINES, MOST_LINKS, MOST_NAMES, MOST_PLACES, MOST_SHINGLES, Profile
from tracker.matching.titles import Word

MOST_WORDS = 12
MOST_NUMBERS = 3
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Table:
    """One row per profile. Columns of several values are padded with 0 (places: with NaN)."""

    profiles: Sequence[Profile]

    def __len__(self) -> int:
        return len(self.profiles)

    @cached_property
    def source(self) -> Ints:
        """Code of the source."""
        return self._column([each.source for each in self.profiles])

    @cached_property
    def times(self) -> Ints:
        """Kind, minute, first day, last day, end minute, whether the end is stated, whether it is long."""
        rows = [each.times for each in self.profiles]
        return np.array(
            [(t.kind, t.minute, t.first, t.last, t.end, t.end_is_stated, t.is_long) for t in rows], dtype=np.int64
        ).reshape(-1, 7)

    @cached_property
    def mode(self) -> Ints:
        """0 unknown, 1 online, 2 in person, 3 hybrid."""
        return self._column([each.mode for each in self.profiles])

    @cached_property
    def spots(self) -> Floats:
        """Latitude, longitude, city, country and width of up to three places."""
        nothing = (float("nan"), float("nan"), 0.0, 0.0, 0.0)
        table = np.empty((len(self), MOST_PLACES, 5))
        table[:] = nothing
        for row, each in enumerate(self.profiles):
            for number, spot in enumerate(each.spots):
                table[row, number] = (spot.latitude, spot.longitude, spot.city, spot.country, spot.is_wide)
        return table

    @cached_property
    def spot_count(self) -> Ints:
        """How many places are known."""
        return self._column([len(each.spots) for each in self.profiles])

    @cached_property
    def statement(self) -> Ints:
        """Code of what, when and where it says it is: equal ones are one entry, listed twice."""
        return self._column([each.statement for each in self.profiles])

    @cached_property
    def words(self) -> Ints:
        """Codes of the title's words."""
        return self._padded(
            [[word.code for word in each.title.words[:MOST_WORDS]] for each in self.profiles], MOST_WORDS
        )

    @cached_property
    def weights(self) -> npt.NDArray[np.float32]:
        """Weights of the title's words."""
        rows = [[word.weight for word in each.title.words[:MOST_WORDS]] for each in self.profiles]
        return self._padded_as(rows, MOST_WORDS, np.float32)

    @cached_property
    def vocabulary(self) -> list[Word]:
        """All words of the titles, each spelling once; the first is none."""
        words = [Word("", 0, 0.0, "", 0)]
        words += [self.profiles[row].title.words[place] for row, place in self._numbered_spellings[1]]
        return words

    @cached_property
    def spellings(self) -> Ints:
        """Numbers of the title's words in ``vocabulary``."""
        return self._numbered_spellings[0]

    @cached_property
    def _numbered_spellings(self) -> tuple[Ints, list[tuple[int, int]]]:
        codes = self._padded(
            [[word.spelling for word in each.title.words[:MOST_WORDS]] for each in self.profiles], MOST_WORDS
        )
        kinds, first, numbers = np.unique(codes, return_index=True, return_inverse=True)
        has_none = len(kinds) > 0 and kinds[0] == 0
        rows, places = np.divmod(first[1:] if has_none else first, MOST_WORDS)
        return numbers.reshape(codes.shape) + (not has_none), list(zip(rows.tolist(), places.tolist(), strict=True))

    @cached_property
    def letters(self) -> Ints:
        """Code of the first three letters, and a bit for each letter that occurs, of each word of ``vocabulary``."""
        return np.array([_letters(word.text) for word in self.vocabulary], dtype=np.int64)

    @cached_property
    def letters_spelled(self) -> Ints:
        """Likewise of the words as they stand in titles."""
        return np.array([_letters(word.spelled) for word in self.vocabulary], dtype=np.int64)

    @cached_property
    def is_short(self) -> Flags:
        """Whether each word of ``vocabulary`` may be an abbreviation of several."""
        return np.array([3 <= len(word.text) <= 5 for word in self.vocabulary], dtype=np.bool_)

    @cached_property
    def initials(self) -> list[str]:
        """First letters of the title's words, of all and of those that say something."""
        return [each.title.initials for each in self.profiles]

    @cached_property
    def is_cut(self) -> Flags:
        """Whether the source cut the title off."""
        return np.array([each.title.is_cut for each in self.profiles], dtype=np.bool_)

    @cached_property
    def formats(self) -> Ints:
        """Bits of the kinds of thing that the title names."""
        return self._column([each.title.formats for each in self.profiles])

    @cached_property
    def editions(self) -> Ints:
        """Session, part of the year, month."""
        rows = [each.title.edition for each in self.profiles]
        return np.array([(e.session, e.part_of_year, e.month) for e in rows], dtype=np.int64).reshape(-1, 3)

    @cached_property
    def numbers(self) -> Ints:
        """Cohort, round, version…, in hundredths."""
        return self._padded([each.title.edition.number for each in self.profiles], MOST_NUMBERS)

    @cached_property
    def years(self) -> Ints:
        """Years named in the title."""
        return self._padded([each.title.edition.years for each in self.profiles], 2)

    @cached_property
    def names(self) -> Ints:
        """Telling words of the organisers' names."""
        return self._padded([each.names for each in self.profiles], MOST_NAMES)

    @cached_property
    def around(self) -> Ints:
        """Words of organisers and places."""
        return self._padded([each.around for each in self.profiles], MOST_NAMES)

    @cached_property
    def page(self) -> Ints:
        """Code of its own page."""
        return self._column([each.page for each in self.profiles])

    @cached_property
    def links(self) -> Ints:
        """Codes of all that may name it."""
        return self._padded([each.links for each in self.profiles], MOST_LINKS)

    @cached_property
    def mention(self) -> Ints:
        """Code of an address that was only found in the running text."""
        return self._column([each.mention for each in self.profiles])

    @cached_property
    def entries(self) -> Ints:
        """Platform and id of up to two entries, platform first."""
        flat = [tuple(chain.from_iterable(each.entries[:2])) for each in self.profiles]
        return self._padded(flat, 4).reshape(-1, 2, 2)

    @cached_property
    def deadlines(self) -> Ints:
        """Last days to apply."""
        return self._padded([each.deadlines for each in self.profiles], MOST_DEADLINES)

    @cached_property
    def is_training(self) -> Flags:
        """Whether it is a course, fellowship, bootcamp…"""
        return np.array([each.is_training for each in self.profiles], dtype=np.bool_)

    @cached_property
    def has_nodes(self) -> Flags:
        """Whether its online part and its nodes in cities are events of their own."""
        return np.array([each.has_nodes for each in self.profiles], dtype=np.bool_)

    @cached_property
    def is_recurring(self) -> Flags:
        """Whether it is an evergreen entry."""
        return np.array([each.is_recurring for each in self.profiles], dtype=np.bool_)

    @cached_property
    def shingles(self) -> Ints:
        """Sketch of the description."""
        return self._padded([each.shingles for each in self.profiles], MOST_SHINGLES)

    def _column(self, values: Sequence[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    def _padded(self, rows: Sequence[Sequence[int]], width: int) -> Ints:
        return self._padded_as(rows, width, np.int64)

    @staticmethod
    def _padded_as(rows: Sequence[Sequence[Any]], width: int, kind: Any) -> npt.NDArray[Any]:
        table = np.zeros((len(rows), width), dtype=kind)
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        filled = np.arange(width) < lengths[:, None]
        table[filled] = np.fromiter(chain.from_iterable(rows), dtype=kind, count=int(lengths.sum()))
        return table


def _letters(word: str) -> tuple[int, int]:
    word = word.removesuffix("s")
    mask = 0
    for letter in word:
        mask |= 1 << ord(letter) % 61
    return crc32(word[:3].encode()), mask
