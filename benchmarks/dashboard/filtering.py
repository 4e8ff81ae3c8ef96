"""Filtering alone: our rows of a selection with counts of one facet, and a pandas frame of the same events."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.feeds.events import NOW
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection
from tracker.store import open_store, queries

_TIMES = 5


def filtering(folder: Path) -> dict[str, tuple[float, float, float]]:
    """Return (rows, facet counts, pandas) in milliseconds, the best of some, by query string."""
    store = open_store(f"sqlite:///{folder / 'tracker.db'}")
    found = {}
    with store.reading() as db:
        frame = _frame(queries.find_events(db, Selection.from_query("past=all"), NOW))
        for query, by_pandas in _QUERIES.items():
            selection = Selection.from_query(query)
            found[query] = (
                _best(lambda selection=selection: queries.find_rows(db, selection, NOW)),  # type: ignore[misc]
                _best(lambda selection=selection: queries.facet_counts(db, "type", selection, NOW)),  # type: ignore[misc]
                _best(lambda by_pandas=by_pandas: by_pandas(frame)),  # type: ignore[misc]
            )
            assert len(by_pandas(frame)) == len(queries.find_rows(db, selection, NOW)), query
    store.close()
    return found


def _frame(events: list[PublishedEvent]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "ends_at": each.event.ends_at,
                "type": each.event.types[0].value,
                "country": each.event.places[0].country if each.event.places else "",
                "mode": each.event.mode.value,
                "text": f"{each.event.title} {each.event.description}".casefold(),
            }
            for each in events
        ]
    )


def _on(frame: pd.DataFrame) -> Any:
    return frame["ends_at"] > NOW


_QUERIES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "": lambda frame: frame[_on(frame)],
    "type=hackathon": lambda frame: frame[_on(frame) & (frame["type"] == "hackathon")],
    "country=DE&mode=in_person": lambda frame: frame[
        _on(frame) & (frame["country"] == "DE") & (frame["mode"] == "in_person")
    ],
    "q=control": lambda frame: frame[_on(frame) & frame["text"].str.contains("control", regex=False)],
}


def _best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) * 1_000
