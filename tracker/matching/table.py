"""Stores profiles as columns of numbers (NumPy arrays), so that a million pairs are compared at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.matching.columns import Flags, Ints, fill, pack, row_type, unpack
from tracker.matching.entry_states import EntryStates
from tracker.matching.names import MOST_ALIASES
from tracker.matching.profile_columns import COLUMNS, TITLE_COLUMNS, Columns, TitleColumns
from tracker.matching.profiles import Profile
from tracker.matching.titles import Title, read_title
from tracker.matching.words import Word
from tracker.models.listing import ListingKey


class TitleTable(TitleColumns):
    """One row per distinct title."""

    def __init__(self, texts: Sequence[str], columns: Mapping[str, npt.NDArray[Any]]) -> None:
        self.texts = texts
        """The titles as the sources give them."""
        self._parsed: dict[int, Title] = {}
        for name, column in columns.items():
            setattr(self, name, column)

    def parsed(self, row: int) -> Title:
        """Return a parsed title; it is parsed on first use."""
        if row not in self._parsed:
            self._parsed[row] = read_title(self.texts[row])
        return self._parsed[row]

    def word(self, row: int, place: int) -> Word:
        """Return a word of a title, by its column in ``words``, ``spellings`` and ``weights``."""
        return self.parsed(row).words[place]


class Table(Columns):
    """All profiles, sorted by key; it does not change."""

    def __init__(self, profiles: Iterable[Profile] = (), states: EntryStates | None = None) -> None:
        keys: list[ListingKey] = []
        texts: list[tuple[str, ...]] = []
        titles: dict[str, int] = {}
        columns, title_columns = [fill(COLUMNS, [])], [fill(TITLE_COLUMNS, [])]
        rows = iter(profiles)
        # In batches, because a profile takes ten times as much memory as its row.
        while batch := list(islice(rows, _BATCH)):
            keys += [each.key for each in batch]
            texts += [(each.title.written, *(alias.written for alias, _ in each.aliases)) for each in batch]
            named = chain.from_iterable((each.title, *(alias for alias, _ in each.aliases)) for each in batch)
            new = list({each.written: each for each in named if each.written not in titles}.values())
            titles |= {each.written: row for row, each in enumerate(new, len(titles))}
            columns.append(fill(COLUMNS, batch))
            title_columns.append(fill(TITLE_COLUMNS, new))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._fill(
            [keys[row] for row in order],
            [texts[row] for row in order],
            {name: column[order] for name, column in _joined(columns).items()},
            TitleTable(list(titles), _joined(title_columns)),
            titles,
            states,
        )

    def _fill(
        self,
        keys: list[ListingKey],
        texts: Sequence[tuple[str, ...]],
        columns: Mapping[str, npt.NDArray[Any]],
        titles: TitleTable,
        row_of: Mapping[str, int],
        states: EntryStates | None,
    ) -> None:
        self.keys = keys
        self.titles = titles
        self._columns = columns
        for name, column in columns.items():
            setattr(self, name, column)
        numbers = np.full((len(keys), 1 + MOST_ALIASES), -1, dtype=np.int64)
        for row, named in enumerate(texts):
            for place, text in enumerate(named):
                numbers[row, place] = row_of[text]
        self.title, self.aliases = numbers[:, 0].copy(), numbers[:, 1:].copy()
        for name, column in (states or EntryStates()).columns(keys).items():
            setattr(self, name, column)

    def __len__(self) -> int:
        return len(self.keys)

    def packed(self) -> tuple[list[str], list[bytes]]:
        """Return the titles of each listing, one per line, and its numbers as bytes; the key completes them."""
        named = np.concatenate([self.title[:, None], self.aliases], axis=1)
        own = pack(COLUMNS, self._columns, len(self))
        titles = pack(
            TITLE_COLUMNS, {name: getattr(self.titles, name) for name in TITLE_COLUMNS}, len(self.titles.texts)
        )
        texts, rows = [], []
        for numbers, packed in zip(named.tolist(), own, strict=True):
            there = [number for number in numbers if number >= 0]
            texts.append("\n".join(self.titles.texts[number] for number in there))
            rows.append(packed + b"".join(titles[number] for number in there))
        return texts, rows

    @classmethod
    def unpacked(
        cls, keys: list[ListingKey], texts: Sequence[str], rows: Sequence[bytes], states: EntryStates | None = None
    ) -> Table:
        """Return a table of packed rows, which are sorted by key.

        Raises:
            ValueError: the rows were packed by another version.
        """
        named = [tuple(text.split("\n")) for text in texts]
        titles: dict[str, bytes] = {}
        for lines, row in zip(named, rows, strict=True):
            if len(row) != _SIZE + len(lines) * _TITLE_SIZE:
                raise ValueError(f"a profile of {len(row)} bytes")
            for place, text in enumerate(lines):
                if text not in titles:
                    start = _SIZE + place * _TITLE_SIZE
                    titles[text] = row[start : start + _TITLE_SIZE]
        table = cls.__new__(cls)
        table._fill(
            keys,
            named,
            unpack(COLUMNS, [row[:_SIZE] for row in rows]),
            TitleTable(list(titles), unpack(TITLE_COLUMNS, list(titles.values()))),
            {text: number for number, text in enumerate(titles)},
            states,
        )
        return table


_BATCH = 5_000


def _joined(parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


class Rows(Columns):
    """Some rows of a table; their columns are gathered on first use."""

    def __init__(self, table: Table, rows: Ints) -> None:
        self.table = table
        self.rows = rows

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        column: npt.NDArray[Any] = (
            getattr(self.table.titles, name)[self.title]
            if name in TITLE_COLUMNS
            else getattr(self.table, name)[self.rows]
        )
        setattr(self, name, column)
        return column

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, chosen: Ints | Flags) -> Rows:
        """Return some of the rows."""
        return Rows(self.table, self.rows[chosen])


_SIZE, _TITLE_SIZE = row_type(COLUMNS).itemsize, row_type(TITLE_COLUMNS).itemsize
