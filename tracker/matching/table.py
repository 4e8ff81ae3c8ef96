"""Stores profiles as columns of numbers (NumPy arrays), so that a million pairs are compared at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tracker.matching.editions import MOST_NUMBERS, MOST_YEARS
from tracker.matching.entry_states import EntryStates
from tracker.matching.geo_points import MOST_PLACES
from tracker.matching.profiles import (
    MOST_DEADLINES,
    MOST_ENTRIES,
    MOST_LINKS,
    MOST_NAMES,
    MOST_SHINGLES,
    Profile,
)
from tracker.matching.titles import MOST_TRACKS, MOST_WORDS, Title, read_title
from tracker.matching.words import Word
from tracker.models.listing import ListingKey

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Column:
    """Definition of a column: one value per profile, or up to ``width`` values, padded with 0."""

    read: Callable[[Profile], Any]
    width: int = 0
    kind: Any = np.int64

    def filled(self, profiles: Sequence[Profile]) -> npt.NDArray[Any]:
        values = list(map(self.read, profiles))
        if not self.width:
            return np.array(values, dtype=self.kind)
        table = np.zeros((len(values), self.width), dtype=self.kind)
        lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
        flat = np.fromiter(chain.from_iterable(values), dtype=self.kind, count=int(lengths.sum()))
        table[np.arange(self.width) < lengths[:, None]] = flat
        return table


class Table:
    """One row per profile. Rows are added at the end and never change."""

    source: Ints
    """Code of the source."""
    times: Ints
    """Kind, minute, first day, last day, end minute, whether the end is stated, whether it is long, minutes to UTC."""
    mode: Ints
    """0 unknown, 1 online, 2 in person, 3 hybrid."""
    spots: Floats
    """Latitude, longitude, city, country and uncertainty (1 a region, 2 a guess) of up to three places."""
    spot_count: Ints
    """Number of known places."""
    statement: Ints
    """Hash of what, when and where: equal ones of one source are one entry, listed twice."""
    words: Ints
    """Codes of the title's words."""
    spellings: Ints
    """Codes of the title's words with their spellings."""
    weights: npt.NDArray[np.float32]
    """Weights of the title's words."""
    core: Ints
    """Hash of all of the title's words; 0 if they are too common."""
    is_telling: Flags
    """Whether the title's words are distinctive."""
    tracks: Ints
    """Tracks of a programme that the title ends with."""
    is_cut: Flags
    """Whether the source truncated the title."""
    formats: Ints
    """Bits of the kinds of event that the title names."""
    editions: Ints
    """Session, part of the year, month, setting, pace."""
    numbers: Ints
    """Cohort, round, version…, in hundredths."""
    years: Ints
    """Years named in the title."""
    names: Ints
    """Codes of the organisers' names and of the distinctive words in them."""
    around: Ints
    """Codes of words of organisers and places."""
    page: Ints
    """Code of its own page."""
    links: Ints
    """Codes of all links and ids that may identify it."""
    mention: Ints
    """Code of a link that was only found in the running text."""
    entries: Ints
    """Platform and id of up to two entries, platform first."""
    deadlines: Ints
    """Ordinals of the last days to apply or register."""
    is_training: Flags
    """Whether it is a course, fellowship, bootcamp…"""
    has_nodes: Flags
    """Whether its online part and its nodes in cities are separate events."""
    is_recurring: Flags
    """Whether it is an evergreen entry."""
    shingles: Ints
    """MinHash sketch of the description."""
    absent_since: Ints
    """When it was seen last, in seconds since 1970, if the source does not show it any more, else 0. Unlike the columns
    above, this and what follows is no part of the profile."""
    known_since: Ints
    """When it was first seen, in seconds since 1970; 0 if that is not known."""
    is_relocated: Flags
    """Whether it has another place than before."""
    last_event: Ints
    """Code of the event that it belonged to in the last build; 0 for none."""
    moved_from: Ints
    """Kind (0 it has not moved, 1 instant, 2 day), minute and day of the start before it moved."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self.keys: list[ListingKey] = []
        self.titles: list[str] = []
        """Titles as the sources give them."""
        self._titles: list[Title | None] = []
        self._kept: dict[str, npt.NDArray[Any]] = {}
        self.mark(EntryStates())
        self.add(profiles)

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, profiles: Iterable[Profile]) -> None:
        """Add rows at the end."""
        added = list(profiles)
        self._titles += [each.title for each in added]
        self.titles += [each.titled for each in added]
        self._append([each.key for each in added], {name: each.filled(added) for name, each in _COLUMNS.items()})

    def mark(self, states: EntryStates) -> None:
        """Set what the life of the entries tells."""
        for name, column in states.columns(self.keys).items():
            setattr(self, name, column)

    def packed(self) -> Iterator[bytes]:
        """Yield each row as bytes; key and title are not included, and complete the row."""
        rows = np.empty(len(self), dtype=_ROW)
        for name in _COLUMNS:
            rows[name] = self._kept[name][: len(self)]
        return map(np.void.tobytes, rows)

    def add_packed(self, keys: Sequence[ListingKey], titles: Sequence[str], rows: Sequence[bytes]) -> None:
        """Add packed rows at the end.

        Raises:
            ValueError: the rows were packed by another version.
        """
        unpacked = np.frombuffer(b"".join(rows), dtype=_ROW)
        if len(unpacked) != len(keys):
            raise ValueError(f"{len(unpacked)} rows for {len(keys)} listings")
        self.titles += titles
        self._titles += [None] * len(keys)
        self._append(keys, {name: np.ascontiguousarray(unpacked[name]) for name in _COLUMNS})

    def reordered(self, rows: Sequence[int]) -> Table:
        """Return a table of the given rows, in the given order."""
        other, at = Table(), np.array(rows, dtype=np.int64)
        other.titles = [self.titles[row] for row in rows]
        other._titles = [self._titles[row] for row in rows]
        other._append([self.keys[row] for row in rows], {name: self._kept[name][at] for name in _COLUMNS})
        return other

    def title(self, row: int) -> Title:
        """Return the parsed title of a row; it is parsed on first use."""
        title = self._titles[row]
        if title is None:
            title = self._titles[row] = read_title(self.titles[row])
        return title

    def word(self, row: int, place: int) -> Word:
        """Return a word of the title of a row, by its column in ``words``, ``spellings`` and ``weights``."""
        return self.title(row).words[place]

    def _append(self, keys: Sequence[ListingKey], columns: Mapping[str, npt.NDArray[Any]]) -> None:
        start = len(self)
        self.keys += keys
        for name, column in EntryStates().columns(keys).items():
            setattr(self, name, np.concatenate([getattr(self, name), column]))
        for name, added in columns.items():
            kept = _with_room(self._kept.get(name), start, added)
            kept[start : len(self)] = added
            self._kept[name] = kept
            shown = kept[: len(self)]
            setattr(self, name, _SHAPED[name](shown) if name in _SHAPED else shown)


def _with_room(kept: npt.NDArray[Any] | None, used: int, added: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return ``kept`` with room for ``added`` after ``used`` rows; it grows by doubling, so that adding stays cheap."""
    if kept is not None and len(kept) >= used + len(added):
        return kept
    larger = np.zeros((used + max(used, len(added)), *added.shape[1:]), dtype=added.dtype)
    if kept is not None:
        larger[:used] = kept[:used]
    return larger


_NO_SPOT = (float("nan"), float("nan"), 0.0, 0.0, 0.0)


def _spots(profile: Profile) -> tuple[float, ...]:
    found = [
        (spot.latitude, spot.longitude, spot.city, spot.country, 2 * spot.is_guess or spot.is_wide)
        for spot in profile.spots
    ]
    return tuple(chain.from_iterable([*found, *[_NO_SPOT] * (MOST_PLACES - len(found))]))


def _times(profile: Profile) -> tuple[int, ...]:
    times = profile.times
    return (
        times.kind,
        times.minute,
        times.first,
        times.last,
        times.end,
        times.end_is_stated,
        times.is_long,
        times.offset,
    )


_COLUMNS: Mapping[str, _Column] = {
    "source": _Column(attrgetter("source")),
    "times": _Column(_times, 8),
    "mode": _Column(attrgetter("mode")),
    "spots": _Column(_spots, MOST_PLACES * 5, np.float64),
    "spot_count": _Column(lambda each: len(each.spots)),
    "statement": _Column(attrgetter("statement")),
    "words": _Column(attrgetter("title.codes"), MOST_WORDS),
    "spellings": _Column(attrgetter("title.spellings"), MOST_WORDS),
    "weights": _Column(attrgetter("title.weights"), MOST_WORDS, np.float32),
    "core": _Column(attrgetter("core")),
    "is_telling": _Column(attrgetter("is_telling"), kind=np.bool_),
    "tracks": _Column(attrgetter("title.tracks"), MOST_TRACKS),
    "is_cut": _Column(attrgetter("title.is_cut"), kind=np.bool_),
    "formats": _Column(attrgetter("title.formats")),
    "editions": _Column(
        attrgetter(*(f"title.edition.{name}" for name in ("session", "part_of_year", "month", "setting", "pace"))), 5
    ),
    "numbers": _Column(attrgetter("title.edition.number"), MOST_NUMBERS),
    "years": _Column(attrgetter("title.edition.years"), MOST_YEARS),
    "names": _Column(attrgetter("names"), MOST_NAMES),
    "around": _Column(attrgetter("around"), MOST_NAMES),
    "page": _Column(attrgetter("page")),
    "links": _Column(attrgetter("links"), MOST_LINKS),
    "mention": _Column(attrgetter("mention")),
    "entries": _Column(lambda each: tuple(chain.from_iterable(each.entries)), 2 * MOST_ENTRIES),
    "deadlines": _Column(attrgetter("deadlines"), MOST_DEADLINES),
    "is_training": _Column(attrgetter("is_training"), kind=np.bool_),
    "has_nodes": _Column(attrgetter("has_nodes"), kind=np.bool_),
    "is_recurring": _Column(attrgetter("is_recurring"), kind=np.bool_),
    "shingles": _Column(attrgetter("shingles"), MOST_SHINGLES),
}
_ROW = np.dtype([(name, each.kind, (each.width,) if each.width else ()) for name, each in _COLUMNS.items()])
_SHAPED: Mapping[str, Callable[[npt.NDArray[Any]], npt.NDArray[Any]]] = {
    "spots": lambda kept: kept.reshape(-1, MOST_PLACES, 5),
    "entries": lambda kept: kept.reshape(-1, MOST_ENTRIES, 2),
}
