"""The scoreboard: each benchmark notes how ours stands beside a peer; the notes of one run are kept and compared."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "BENCHMARK_SCORES"
"""Variable with the file that notes are added to; without it they are only printed by who makes them."""
TOLERATED = 0.20
"""A score that is worse than the recorded one by more than this share has to be explained."""


@dataclass(frozen=True)
class Score:
    """Ours beside one peer, both from one run."""

    name: str
    """What was measured: ``dates: right``."""
    ours: float
    peer: float
    against: str
    """Who the peer is."""
    unit: str
    more_is_better: bool = True

    @property
    def ratio(self) -> float:
        """How many times better ours is; below 1 it is worse."""
        above, below = (self.ours, self.peer) if self.more_is_better else (self.peer, self.ours)
        return above / below if below else float("inf")


def note(name: str, ours: float, peer: float, against: str, unit: str, *, more_is_better: bool = True) -> None:
    """Note a score for whoever gathers them."""
    if path := os.environ.get(FILE):
        with Path(path).open("a") as file:
            file.write(json.dumps(asdict(Score(name, ours, peer, against, unit, more_is_better))) + "\n")


def read_notes(path: Path) -> list[Score]:
    """Return what was noted in a file."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [Score(**json.loads(line)) for line in lines]


def fallen(scores: list[Score], recorded: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return the scores that are worse than recorded by more than is tolerated: (recorded, now) by name."""
    return {
        score.name: (recorded[score.name], score.ratio)
        for score in scores
        if score.name in recorded and score.ratio < recorded[score.name] * (1 - TOLERATED)
    }
