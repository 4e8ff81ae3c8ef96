"""Block keys: listings that share one are worth comparing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tracker.matching.columns import Codes, Flags, Ints
from tracker.matching.pairs import FURTHEST_OVERLAP
from tracker.matching.profiles import ModeCode, TimeKind
from tracker.matching.table import Rows, Table

_LINK, _CITY, _WORD, _NAME, _MINUTE, _DEADLINE, _MONTH, _UNDATED, _PLACELESS, _OVERLAP = range(1, 11)
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
    _OVERLAP: "several days of the same week, a word of the title",
}
_MOST_MONTHS = 5
"""Maximum number of months of a date span that get a block each; of a year, only the first ones do."""
_TELLING = 0.5
"""Minimum weight of a title word in the keys of month and deadline blocks."""
_TELLING_TOGETHER = 0.85
"""Minimum combined weight of two words of an undated title from which they form a key."""
Keys: TypeAlias = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Blocks:
    """Block keys of rows, one entry per membership."""

    keys: Keys
    rows: Ints
    kinds: Ints
    """Kind of the key, an index of ``NAMES``; after a split, the size of the block that was split."""
    active: Flags
    """Two members form a pair only if one is active: dated listings are in the block of their month to be found by
    listings that only name the month, not to be compared with each other."""

    def part(self, chosen: Ints | Flags) -> Blocks:
        """Return a subset of the memberships."""
        return Blocks(self.keys[chosen], self.rows[chosen], self.kinds[chosen], self.active[chosen])


def mix(*parts: Codes | int) -> Keys:
    """Return a hash of numbers that is the same in every process (the finaliser of SplitMix64)."""
    mixed: Keys = np.zeros(1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + np.asarray(part).astype(np.uint64)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed ^= mixed >> np.uint64(31)
    return mixed


def block_keys(table: Table) -> Blocks:
    """Return the blocks of each row of ``table``; they depend on no other row."""
    of = Rows(table, np.arange(len(table)))
    words, weights, names, cities = of.words, of.weights, of.organizers, of.city
    first, last, placeless = of.first_day, of.last_day, (of.place_count == 0) & (of.mode == ModeCode.ONLINE)
    telling = np.where(weights >= _TELLING, words, 0)
    found = _Found(of.rows)
    found.add(_LINK, of.links > 0, of.links)
    dated = ((of.time_kind == TimeKind.INSTANT) | (of.time_kind == TimeKind.DAY))[:, None]
    # Days d and d+1 share the block of d+1; so do two listings of one day.
    for day in (first[:, None], first[:, None] + 1):
        found.add(_CITY, dated & (cities > 0), day, cities)
        found.add(_PLACELESS, dated & placeless[:, None], day)
        found.add(_WORD, dated & (words > 0), day, words)
        found.add(_NAME, dated & (names[:, :4] > 0), day, names[:, :4])
        found.add(_WORD, dated & (of.initials > 0), day, of.initials)
        for alias in of.aliases.T:
            named = np.where((alias >= 0)[:, None], table.titles.words[alias], 0)
            found.add(_WORD, dated & (named > 0), day, named)
    # Other sources may still say the day before it moved.
    for earlier in (of.moved_day[:, None], *(days[:, None] for days in of.earlier_days.T)):
        for day in (earlier, earlier + 1):
            found.add(_WORD, (earlier > 0) & (words > 0), day, words)
    found.add(_MINUTE, (of.time_kind == TimeKind.INSTANT)[:, None], of.start_minute[:, None])
    for named in (telling, of.initials):
        both = (of.deadlines[:, :, None] > 0) & (named[:, None, :] > 0)
        for shift in (0, 1):
            found.add(_DEADLINE, both, of.deadlines[:, :, None] + shift, named[:, None, :])
        # Some lists give the deadline as the date, see ``starts_by_deadline``.
        day = ((of.time_kind == TimeKind.DAY) & ~of.end_is_stated)[:, None] & (named > 0)
        found.add(_DEADLINE, day, first[:, None], named, active=False)
    # Events of several days are compared if these overlap, see ``Pairs.overlap``.
    lasting = dated & of.is_long[:, None] & ~of.is_training[:, None] & (telling > 0)
    for shift in (0, 1):
        found.add(_OVERLAP, lasting, first[:, None] // FURTHEST_OVERLAP + shift, telling)
    # A listing dated to a month shares blocks with those dated to a day in it, by words of the title.
    month, last_month = ((first - 1) // 31)[:, None], ((last - 1) // 31)[:, None]
    for named in (telling, of.initials):
        found.add(_MONTH, dated & (named > 0), month, named, active=False)
        for step in range(_MOST_MONTHS):
            within = (of.time_kind == TimeKind.SPAN)[:, None] & (month + step <= last_month) & (named > 0)
            found.add(_MONTH, within, month + step, named)
    for shift in (0, 1):
        initials = lasting[:, :1] & (of.initials > 0)
        found.add(_OVERLAP, initials, first[:, None] // FURTHEST_OVERLAP + shift, of.initials)
    undated = (of.time_kind == TimeKind.UNDATED) | of.is_day_to_apply
    found.add(_UNDATED, (cities[:, :1] > 0) & (of.initials > 0), cities[:, :1], of.initials, active=undated)
    for name in names[:, :2].T:
        found.add(_UNDATED, (name > 0)[:, None] & (of.initials > 0), name[:, None], of.initials, active=undated)
    _add_undated(found, words, weights, names, cities, undated)
    return found.blocks()


def _add_undated(
    found: _Found, words: Codes, weights: npt.NDArray[np.float32], names: Ints, cities: Ints, undated: Flags
) -> None:
    """Add the blocks of undated listings: two distinctive words of the title, or one with an organiser or city."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    words, weights = np.take_along_axis(words, order, axis=1), np.take_along_axis(weights, order, axis=1)
    one, other = np.triu_indices(words.shape[1], 1)
    # Without a minimum weight, the block "AI safety" would hold most listings.
    telling = (words[:, other] > 0) & (weights[:, one] + weights[:, other] >= _TELLING_TOGETHER)
    pairs = np.sort(np.stack([words[:, one], words[:, other]]), axis=0)
    found.add(_UNDATED, telling, pairs[0], pairs[1], active=undated)
    named = (names[:, :2, None] > 0) & (words[:, None, :2] > 0)
    found.add(_UNDATED, named, names[:, :2, None], words[:, None, :2], active=undated)
    found.add(_UNDATED, (cities[:, :1] > 0) & (words[:, :3] > 0), cities[:, :1], words[:, :3], active=undated)


class _Found:
    """Collects block keys."""

    def __init__(self, chosen: Ints) -> None:
        self._chosen = chosen
        self._parts: list[tuple[Keys, Ints, int, Flags]] = []

    def add(self, kind: int, where: Flags, *values: Codes, active: bool | Flags = True) -> None:
        """Add a key made of ``values`` wherever ``where`` is true; the first axis of ``where`` is the rows."""
        at = np.nonzero(where)
        if not len(at[0]):
            return
        keys = mix(kind, *(np.broadcast_to(each, where.shape)[at] for each in values))
        flags = np.full(len(keys), active) if isinstance(active, bool) else active[at[0]]
        self._parts.append((keys, self._chosen[at[0]], kind, flags))

    def blocks(self) -> Blocks:
        """Return all keys that were added."""
        if not self._parts:
            none = np.empty(0, dtype=np.int64)
            return Blocks(none.astype(np.uint64), none, none, none.astype(np.bool_))
        keys, rows, kinds, flags = zip(*self._parts, strict=True)
        every_kind = [np.full(len(each), kind, dtype=np.int64) for each, kind in zip(rows, kinds, strict=True)]
        return Blocks(np.concatenate(keys), np.concatenate(rows), np.concatenate(every_kind), np.concatenate(flags))
