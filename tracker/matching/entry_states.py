"""What the life of entries tells beside what they say: which are gone, have moved, or were one event before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.matching.profiles import TimeKind
from tracker.models.listing import ListingKey


@dataclass(frozen=True, slots=True)
class EntryStates:
    """What the life of entries tells about them (see ``tracker.lifecycle``); it is no part of what they say."""

    absent_since: Mapping[ListingKey, datetime] = field(default_factory=dict)
    """When listings that their source does not show any more were seen last."""
    known_since: Mapping[ListingKey, datetime] = field(default_factory=dict)
    """When each listing was first seen. One that is newer than an absent one may have taken its place."""
    moved_from: Mapping[ListingKey, date | datetime] = field(default_factory=dict)
    """The start before it moved; another source may still say it."""
    relocated: Collection[ListingKey] = frozenset()
    """Listings that have another place than before; another source of the same event may still say that."""
    event_of: Mapping[ListingKey, str] = field(default_factory=dict)
    """The event that each listing belonged to in the last build."""

    def columns(self, keys: Sequence[ListingKey]) -> dict[str, npt.NDArray[Any]]:
        """Return the columns of ``Table`` that are not part of the profiles, for rows with these keys."""
        moved = np.zeros((len(keys), 3), dtype=np.int64)
        for row, key in enumerate(keys) if self.moved_from else ():
            start = self.moved_from.get(key)
            if isinstance(start, datetime):
                moved[row] = (TimeKind.INSTANT, int(start.timestamp()) // 60, start.toordinal())
            elif start is not None:
                moved[row] = (TimeKind.DAY, 0, start.toordinal())
        codes = {event: number for number, event in enumerate(sorted(set(self.event_of.values())), 1)}
        return {
            "absent_since": _seconds(self.absent_since, keys),
            "known_since": _seconds(self.known_since, keys),
            "moved_kind": moved[:, 0],
            "moved_minute": moved[:, 1],
            "moved_day": moved[:, 2],
            "is_relocated": np.fromiter((key in self.relocated for key in keys), np.bool_, len(keys)),
            "last_event": np.fromiter((codes.get(self.event_of.get(key, ""), 0) for key in keys), np.int64, len(keys)),
        }


def _seconds(instants: Mapping[ListingKey, datetime], keys: Sequence[ListingKey]) -> npt.NDArray[np.int64]:
    found = (int(instants[key].timestamp()) if key in instants else 0 for key in keys)
    return np.fromiter(found, np.int64, len(keys))
