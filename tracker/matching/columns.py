"""Columns of numbers: what is compared of many rows, one value or a fixed number of values per row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.signedinteger[Any]]
"""Hashes of words or names; 0 is none."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Column(Generic[Item]):
    """Definition of a column: how a value is read, up to how many values a row has (padded with 0), and their type."""

    read: Callable[[Item], Any]
    width: int = 0
    """Number of values per row; 0 for a single value."""
    dtype: type[np.generic] = np.int64

    def filled(self, items: Sequence[Item]) -> npt.NDArray[Any]:
        """Return the values of all items."""
        values = list(map(self.read, items))
        if not self.width:
            return np.array(values, dtype=self.dtype)
        table = np.zeros((len(values), self.width), dtype=self.dtype)
        lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
        flat = np.fromiter(chain.from_iterable(values), dtype=self.dtype, count=int(lengths.sum()))
        table[np.arange(self.width) < lengths[:, None]] = flat
        return table


def row_type(columns: Mapping[str, Column[Any]]) -> np.dtype[np.void]:
    """Return the structured type of a row with these columns."""
    return np.dtype([(name, each.dtype, (each.width,) if each.width else ()) for name, each in columns.items()])


def fill(columns: Mapping[str, Column[Item]], items: Sequence[Item]) -> dict[str, npt.NDArray[Any]]:
    """Return all columns of ``items``."""
    return {name: each.filled(items) for name, each in columns.items()}


def pack(columns: Mapping[str, Column[Any]], values: Mapping[str, npt.NDArray[Any]], count: int) -> list[bytes]:
    """Return each of ``count`` rows as bytes."""
    rows = np.empty(count, dtype=row_type(columns))
    for name in columns:
        rows[name] = values[name]
    return list(map(np.void.tobytes, rows))


def unpack(columns: Mapping[str, Column[Any]], rows: Sequence[bytes]) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of packed rows.

    Raises:
        ValueError: the rows were packed by another version.
    """
    unpacked = np.frombuffer(b"".join(rows), dtype=row_type(columns))
    if len(unpacked) != len(rows):
        raise ValueError(f"{len(unpacked)} rows instead of {len(rows)}")
    return {name: np.ascontiguousarray(unpacked[name]) for name in columns}


def any_shared(one: Codes, other: Codes) -> Flags:
    """Return for each pair of rows whether they have a value in common; 0 is no value."""
    answer: Flags = np.zeros(len(one), dtype=np.bool_)
    fewer, more = (one, other) if one.shape[1] <= other.shape[1] else (other, one)
    for values in fewer.T:
        answer |= (more == values[:, None]).any(axis=1) & (values > 0)
    return answer


def among(values: Codes, others: Codes) -> Flags:
    """Return which ``values`` of each row are among the ``others`` of the same row; 0 is no value."""
    answer: Flags = np.zeros(values.shape, dtype=np.bool_)
    for other in others.T:
        answer |= values == other[:, None]
    return answer & (values > 0)


def looked_up(values: Codes, known: Ints, meanings: Ints) -> Ints:
    """Return what each value means, 0 if it is not among the ``known`` ones, which are sorted."""
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    answer: Ints = np.where(known[at] == values, meanings[at], 0)
    return answer
