"""What a refresh changed."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Refreshed:
    """What the refresh changed, as event ids."""

    total: int = 0
    """Events that are shown."""
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    """Ids of events that turned out to be others."""
    hidden: list[str] = field(default_factory=list)
    """Events that a person has hidden since."""
    doubtful: int = 0
    """Pairs that a person should look at."""
    faulty: list[str] = field(default_factory=list)
    """Events that could not be merged or rendered; they stay as they were published before."""
    refused: list[str] = field(default_factory=list)
    """Rulings without effect, because by now they contradict earlier ones."""

    def add(self, other: Refreshed) -> None:
        """Count what another part of the same refresh changed."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
