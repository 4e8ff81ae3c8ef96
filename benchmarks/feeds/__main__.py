"""Run: ``python -m benchmarks.feeds [COUNT]``. Needs the extra 'dev' (for ``ical``), and nginx and wrk for serving.

Every ratio is of one run on one machine; the absolute figures hold for that machine alone.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.feeds.building import building, sizes
from benchmarks.feeds.events import a_store
from benchmarks.feeds.serving import serving
from benchmarks.scores import note


def main(count: int = 10_000) -> None:
    """Measure, and print ours beside the peers'."""
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        store, rendered = a_store(Path(folder), count)
        bytes_ = sizes(store)
        console.print(
            f"{count:,} events, {bytes_['entries']:,} entries: {bytes_['plain']:,} bytes, {bytes_['gzip']:,} gzipped"
        )
        times = building(store, rendered)
        table = Table("building after one change", "ms", "× ours", box=None)
        for name, milliseconds in times.items():
            if name != "ours":
                note(f"feeds: building, beside {name}", times["ours"], milliseconds, name, "ms", more_is_better=False)
            table.add_row(name, f"{milliseconds:,.1f}", f"{milliseconds / times['ours']:.1f}")
        console.print(table)
        store.close()
        if not (shutil.which("nginx") and shutil.which("wrk")):
            console.print("Serving was not measured: install nginx and wrk.")
            return
        found = serving(Path(folder))
    table = Table("serving, one core each", "ours/s", "nginx/s", "ratio", "bytes", box=None)
    for name in ("full", "304"):
        ours, theirs = found["ours"][name], found["nginx"][name]
        ratio = ours["per_second"] / theirs["per_second"]
        note(f"feeds: serving, {name}", ours["per_second"], theirs["per_second"], "nginx, one core", "per second")
        sent = f"{ours['bytes_each']:,.0f} / {theirs['bytes_each']:,.0f}"
        table.add_row(name, f"{ours['per_second']:,.1f}", f"{theirs['per_second']:,.1f}", f"{ratio:.2f}", sent)
    console.print(table)
    for name in ("50 readers", "50 readers, not compressed", "cold filtered, ms", "memory, MB"):
        console.print(f"{name}: " + ", ".join(f"{key} {value:,.1f}" for key, value in found[name].items()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
