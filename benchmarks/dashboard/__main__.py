"""Run: ``python -m benchmarks.dashboard [COUNT…]``. Needs the extra 'dev' and Debian's chromium.

For each number of events: how soon the server answers and a page shows something, how long a filter takes from click
to rest on every view and what it sends, memory, and filtering alone beside pandas.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.dashboard.filtering import filtering
from benchmarks.dashboard.visits import VIEWS, Measured, measure
from benchmarks.feeds.events import a_store
from benchmarks.scores import note


def main(*counts: int) -> None:
    """Measure, and print what was seen."""
    console = Console(width=120)
    for count in counts or (5_000, 50_000):
        with tempfile.TemporaryDirectory() as folder:
            store, _ = a_store(Path(folder), count)
            store.close()
            times = filtering(Path(folder))
            found = measure(Path(folder))
        console.print(f"\n{count:,} events: {_summary(found)}")
        table = Table("filter, click to rest", "p50 ms", "p95 ms", "worst", "kB sent, p50", box=None)
        for view in VIEWS:
            each = found.views[view]
            table.add_row(view, f"{each.p50:,.0f}", f"{each.p95:,.0f}", f"{each.worst:,.0f}", f"{each.kilobytes:,.0f}")
        console.print(table)
        table = Table("first load", "readable, s", "usable, s", "requests", "MB sent", "layout shift", box=None)
        for name, first in found.first_loads.items():
            table.add_row(
                name,
                f"{first.seconds:.1f}",
                f"{first.usable:.1f}",
                str(first.requests),
                f"{first.megabytes:.2f}",
                f"{first.shifted:.2f}",
            )
        console.print(table)
        table = Table("filtering alone", "ours, ms", "facet counts, ms", "pandas, ms", box=None)
        for query, (ours, sql, pandas) in times.items():
            name = f"dashboard: filtering {count:,}, {query or 'everything'}"
            note(name, ours, pandas, "pandas with all rows in memory", "ms", more_is_better=False)
            table.add_row(query or "everything", f"{ours:.1f}", f"{sql:.1f}", f"{pandas:.1f}")
        console.print(table)


def _summary(found: Measured) -> str:
    return (
        f"start {found.start:.1f} s · first content {found.first_content:.2f} s (again {found.again:.2f} s) · "
        f"memory {found.memory_start:.0f} MB at the start, {found.memory_first:.0f} after a page, "
        f"{found.memory_views:.0f} after all views · each of 20 more visitors {found.per_visitor:.1f} MB"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
