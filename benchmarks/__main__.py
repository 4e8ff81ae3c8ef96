"""All benchmarks, each beside its peers in one run: ``make bench``, or ``python -m benchmarks [NAME…]``.

What they print goes to ``benchmarks/RESULTS.md``, their scores to ``benchmarks/results.json``. ``--check`` writes
nothing: it runs what has become worse by more than 20 % twice more, and ends with 1 if it stays so.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.scores import FILE, Score, fallen, read_notes

HERE = Path(__file__).parent
RESULTS, SCORES = HERE / "RESULTS.md", HERE / "results.json"
_TRIES = 3
_OF_INTEREST = (
    "aisafety-tracker", "scrapy", "aiohttp", "pydantic", "sqlalchemy", "psycopg", "procrastinate", "icalendar", "lxml",
    "rapidfuzz", "streamlit", "numpy",
)  # fmt: skip


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: a module and what it is given."""

    name: str
    about: str
    command: tuple[str, ...]
    peers: bool = False
    """Whether it runs in the environment of the peers (``.venv-bench``), whose packages do not go with ours."""


BENCHMARKS = (
    Benchmark("crawling", "The crawl engine beside bare Scrapy", ("-m", "benchmarks.crawling")),
    Benchmark("recrawl", "A crawl in which nothing has changed beside the first", ("-m", "benchmarks.recrawl")),
    Benchmark("workers", "Workers that are killed", ("-m", "benchmarks.workers")),
    Benchmark("publishing", "Building the events, on SQLite and PostgreSQL", ("-m", "benchmarks.publishing")),
    Benchmark("store", "The store on SQLite and PostgreSQL", ("-m", "benchmarks.store")),
    Benchmark("growth", "A store that grows to a million", ("-m", "benchmarks.store", "grow", "10")),
    Benchmark("readers", "Readers of platforms beside bare parsers", ("-m", "benchmarks.platforms")),
    Benchmark(
        "places",
        "Places beside other readers, on strings that ours was made with",
        ("benchmarks/places.py",),
        peers=True,
    ),
    Benchmark(
        "dates", "Dates beside other readers, on strings that ours was made with", ("benchmarks/dates.py",), peers=True
    ),
    Benchmark(
        "announcements",
        "Announcements beside readers of dates, on texts that ours was made with",
        ("-m", "benchmarks.announcements"),
        peers=True,
    ),
    Benchmark(
        "matching", "Matching beside other matchers", ("-m", "benchmarks.matching", "--minutes", "10"), peers=True
    ),
    Benchmark("next_rounds", "Expected rounds, held against what happened", ("-m", "benchmarks.next_rounds")),
    Benchmark("feeds", "Feeds: building and serving", ("-m", "benchmarks.feeds")),
    Benchmark("dashboard", "The dashboard in a browser", ("-m", "benchmarks.dashboard")),
    Benchmark("simulation", "A million sources, simulated", ("-m", "benchmarks.simulation")),
)


def run(benchmark: Benchmark) -> tuple[str, list[Score]]:
    """Run a benchmark; return what it printed and what it noted."""
    python = sys.executable if not benchmark.peers else str(HERE.parent / ".venv-bench" / "bin" / "python")
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "scores"
        environment = os.environ | {FILE: str(notes), "COLUMNS": "120", "PYTHONPATH": str(HERE.parent)}
        began = time.monotonic()
        done = subprocess.run(
            [python, *benchmark.command], env=environment, capture_output=True, text=True, check=False, cwd=HERE.parent
        )
        said = done.stdout.rstrip()
        if done.returncode:
            said += f"\nended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
        print(f"{benchmark.name}: {time.monotonic() - began:.0f} s", flush=True)
        return said, read_notes(notes)


def machine() -> str:
    """Return what the figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = {each.metadata["Name"].lower(): each.version for each in importlib.metadata.distributions()}
    versions = ", ".join(f"{name} {found[name]}" for name in _OF_INTEREST if name in found)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores that others "
        f"use too, {memory:.0f} GB, Python {platform.python_version()}; {versions}"
    )


def write(said: dict[str, str], scores: list[Score]) -> None:
    """Write the page and the record; what was not run this time stays as it was."""
    kept = json.loads(SCORES.read_text()) if SCORES.exists() else {"scores": {}, "printed": {}}
    kept["machine"] = machine()
    kept["printed"] |= said
    kept["scores"] |= {
        each.name: {"ratio": round(each.ratio, 3), "ours": each.ours, "peer": each.peer, "against": each.against,
                    "unit": each.unit}
        for each in scores
    }  # fmt: skip
    SCORES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    lines = [
        "# Results", "", "Written by `make bench`. Each line was measured in one run beside its peer, on this machine:",
        kept["machine"] + ".", "", "A ratio above 1 says that ours is so many times better.", "",
        "| what | ours | peer | ratio |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, each in sorted(kept["scores"].items()):
        peer = f"{each['peer']:,.4g} {each['unit']}, {each['against']}"
        lines.append(f"| {name} | {each['ours']:,.4g} {each['unit']} | {peer} | {each['ratio']:.2f} |")
    for benchmark in BENCHMARKS:
        if benchmark.name in kept["printed"]:
            command = " ".join(benchmark.command)
            lines += ["", f"## {benchmark.about}", "", f"`python {command}`", "", "```text"]
            lines += [*kept["printed"][benchmark.name].splitlines(), "```"]
    RESULTS.write_text("\n".join(lines) + "\n")


def check(chosen: list[Benchmark]) -> int:
    """Run again what has become worse, and return how many scores stayed worse in all runs."""
    recorded = {name: each["ratio"] for name, each in json.loads(SCORES.read_text())["scores"].items()}
    bad = 0
    for benchmark in chosen:
        worse = fallen(run(benchmark)[1], recorded)
        for _ in range(_TRIES - 1):
            if not worse:
                break
            again = fallen(run(benchmark)[1], recorded)
            worse = {name: again[name] for name in worse if name in again}
        for name, (before, now) in worse.items():
            print(f"{name}: {before:.2f} when recorded, {now:.2f} now, and worse in {_TRIES} runs")
        bad += len(worse)
    return bad


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(each.name for each in BENCHMARKS))
    parser.add_argument("--check", action="store_true", help="compare with what is recorded, and write nothing")
    given = parser.parse_args()
    unknown = set(given.names) - {each.name for each in BENCHMARKS}
    if unknown:
        parser.error(f"there is no benchmark {min(unknown)}")
    chosen = [each for each in BENCHMARKS if not given.names or each.name in given.names]
    if given.check:
        sys.exit(1 if check(chosen) else 0)
    for benchmark in chosen:
        said, scores = run(benchmark)
        write({benchmark.name: said}, scores)


if __name__ == "__main__":
    main()
