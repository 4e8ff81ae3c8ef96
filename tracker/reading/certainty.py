"""Defines the result of reading text: a value, its certainty, and the words it is based on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


class Certainty(IntEnum):
    """Certainty of a reading; higher values are more certain."""

    NONE = 0
    """Nothing could be read."""
    GUESS = 1
    """A convention of the field, or a default."""
    LIKELY = 2
    """Inferred from other words of the same listing."""
    SURE = 3
    """Stated in the text."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value read from text."""

    value: T
    """The value read; empty or unknown if nothing could be read."""
    certainty: Certainty = Certainty.NONE
    text: str = ""
    """The words the value is based on."""
    doubts: tuple[str, ...] = ()
    """Contradictions and assumptions, in words that a reader of the listing understands."""
