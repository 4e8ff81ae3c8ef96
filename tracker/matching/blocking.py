"""Which pairs are worth comparing: those that share a block. A million listings make 10¹² pairs; few matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tracker.matching.table import Flags, Ints, Table

MOST_IN_BLOCK = 50
"""Larger blocks are split by what else their members say."""
_LINK, _CITY, _WORD, _NAME, _MINUTE, _DEADLINE, _MONTH, _UNDATED, _PLACELESS = range(1, 10)
NAMES = {
    _LINK: "same link",
    _CITY: "same days, same city",
    _WORD: "same days, a word of the title",
    _NAME: "same days, same organiser",
    _MINUTE: "same minute",
    _DEADLINE: "same deadline, a word of the title",
    _MONTH: "same month, a word of the title",
    _UNDATED: "one without a date: two words, or a word and organiser or city",
    _PLACELESS: "same days, online",
}
_TELLING_TOGETHER = 0.85
"""Weight that two words of an undated title have together, to be looked up by."""
Keys: TypeAlias = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Blocks:
    """Block keys of rows, one entry per membership."""

    keys: Keys
    rows: Ints
    kinds: Ints
    """What the key is made of: an index of ``NAMES``; of a block that was split, how large it was."""
    active: Flags
    """Two members meet only if one is active: dated listings sit in a month's block to be found, not to meet."""


def mix(*parts: Ints | int) -> Keys:
    """Return a hash of numbers, the same in every process (the finaliser of SplitMix64)."""
    mixed: Keys = np.zeros(1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + np.asarray(part).astype(np.uint64)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed ^= mixed >> np.uint64(31)
    return mixed


def block_keys(table: Table) -> Blocks:
    """Return the blocks that each row of ``table`` is in; it depends on no other row."""
    parts: list[tuple[Keys, Ints, int, Flags]] = []

    def add(kind: int, rows: Ints, *values: Ints, active: bool | Flags = True) -> None:
        keys = mix(kind, *values)
        flags = np.broadcast_to(np.asarray(active, dtype=np.bool_), len(rows))
        parts.append((keys if len(rows) else keys[:0], rows, kind, flags))

    times, words = table.times, table.words
    telling = np.where(table.weights >= 0.5, words, 0)
    for column in range(table.links.shape[1]):
        rows = np.flatnonzero(table.links[:, column])
        add(_LINK, rows, table.links[rows, column])
    dated = (times[:, 0] == 1) | (times[:, 0] == 2)
    # Days d and d+1 share the block of d+1; so do two listings of one day.
    for shift in (0, 1):
        day = times[:, 2] + shift
        for spot in range(table.spots.shape[1]):
            rows = np.flatnonzero(dated & (table.spots[:, spot, 2] > 0))
            add(_CITY, rows, day[rows], table.spots[rows, spot, 2].astype(np.int64))
        rows = np.flatnonzero(dated & (table.spot_count == 0) & (table.mode == 1))
        add(_PLACELESS, rows, day[rows])
        for column in range(words.shape[1]):
            rows = np.flatnonzero(dated & (words[:, column] > 0))
            add(_WORD, rows, day[rows], words[rows, column])
        for column in range(min(4, table.names.shape[1])):
            rows = np.flatnonzero(dated & (table.names[:, column] > 0))
            add(_NAME, rows, day[rows], table.names[rows, column])
    rows = np.flatnonzero(times[:, 0] == 1)
    add(_MINUTE, rows, times[rows, 1])
    for column in range(table.deadlines.shape[1]):
        for place in range(words.shape[1]):
            rows = np.flatnonzero((table.deadlines[:, column] > 0) & (telling[:, place] > 0))
            for shift in (0, 1):
                add(_DEADLINE, rows, table.deadlines[rows, column] + shift, telling[rows, place])
    _add_months(add, table, telling)
    _add_undated(add, table)
    return Blocks(
        keys=np.concatenate([part[0] for part in parts]),
        rows=np.concatenate([part[1] for part in parts]),
        kinds=np.concatenate([np.full(len(part[1]), part[2]) for part in parts]),
        active=np.concatenate([part[3] for part in parts]),
    )


def _add_months(add, table: Table, telling: Ints) -> None:  # type: ignore[no-untyped-def]
    """A month meets the days in it by the words of the title."""
    times = table.times
    months = (times[:, 2] - 1) // 31
    spanned = times[:, 0] == 3
    for column in range(telling.shape[1]):
        rows = np.flatnonzero(((times[:, 0] == 1) | (times[:, 0] == 2)) & (telling[:, column] > 0))
        add(_MONTH, rows, months[rows], telling[rows, column], active=False)
        for step in range(5):
            # A span of at most five months is looked up in each; a year is not.
            month = months + step
            within = spanned & (month <= (times[:, 3] - 1) // 31) & (telling[:, column] > 0)
            rows = np.flatnonzero(within)
            add(_MONTH, rows, month[rows], telling[rows, column])


def _add_undated(add, table: Table) -> None:  # type: ignore[no-untyped-def]
    """What has no date meets others by its two most telling words."""
    undated = table.times[:, 0] == 0
    order = np.argsort(-table.weights, axis=1, kind="stable")[:, :4]
    words, weights = np.take_along_axis(table.words, order, axis=1), np.take_along_axis(table.weights, order, axis=1)
    for one in range(words.shape[1]):
        for other in range(one + 1, words.shape[1]):
            # "AI safety" would be most of the field.
            rows = np.flatnonzero((words[:, other] > 0) & (weights[:, one] + weights[:, other] >= _TELLING_TOGETHER))
            both = np.sort(words[rows][:, [one, other]], axis=1)
            add(_UNDATED, rows, both[:, 0], both[:, 1], active=undated[rows])
    for column in range(min(2, table.names.shape[1])):
        for one in range(2):
            rows = np.flatnonzero((table.names[:, column] > 0) & (words[:, one] > 0))
            add(_UNDATED, rows, table.names[rows, column], words[rows, one], active=undated[rows])
    for one in range(3):
        rows = np.flatnonzero((table.spots[:, 0, 2] > 0) & (words[:, one] > 0))
        add(_UNDATED, rows, table.spots[rows, 0, 2].astype(np.int64), words[rows, one], active=undated[rows])
