"""What reading a text gives: a value, how sure it is, and the words it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


class Certainty(IntEnum):
    """How sure a reading is. Higher is surer."""

    NONE = 0
    """Nothing could be read."""
    GUESS = 1
    """Custom of the field, or a default."""
    LIKELY = 2
    """Inferred from other words of the same listing."""
    SURE = 3
    """Stated."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value read from text."""

    value: T
    """What was understood; empty or unknown where nothing was."""
    certainty: Certainty = Certainty.NONE
    """How sure that is."""
    text: str = ""
    """The words it rests on."""
    doubts: tuple[str, ...] = ()
    """What is contradictory or assumed, in words a reader of the listing understands."""
