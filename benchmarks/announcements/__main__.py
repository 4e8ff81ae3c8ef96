"""How many facts of announcements are read rightly, and how many invented, beside dateparser and ctparse.

    pip install --require-hashes -r requirements-bench.lock && pip install --no-deps -e .
    python -m benchmarks.announcements                    # the announcements of benchmarks/announcements/material
    python -m benchmarks.announcements FILE.json [--lang de,fr]

The facts are the first day of the event, the days of its deadlines and its cities. The peers find dates and do not
say what they are for, so the first date counts as the event's and every further one as a deadline; they read no places.
Ours was developed on the material, so its figures there are not those of unseen text.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.announcements.fit_places import MATERIAL, answers_of
from benchmarks.scores import note
from tracker.models.text import fold
from tracker.reading.text_report import as_json, report_text


@dataclass(frozen=True)
class Facts:
    """What a program reads from an announcement."""

    start: str | None
    """First day of the event, or a month: ``2027-03``."""
    deadlines: tuple[str, ...] = ()
    """Days."""
    places: tuple[tuple[str, str], ...] | None = None
    """City and country; None: it reads no places."""


Reader = Callable[[str, date], Facts]


def ours(text: str, published: date) -> Facts:
    """Read with this project."""
    read = as_json(report_text(text, published))
    start = None if read["kind"] == "deadline" else read["start"]
    days = tuple(each["at"][:10] for each in read["deadlines"] if each["at"] and each["kind"] != "notification")
    places = tuple((place["city"], place["country"]) for place in read["places"] if place["city"])
    return Facts(start and start[:10], days, places)


def dateparser(text: str, published: date) -> Facts:
    """Read with ``dateparser.search.search_dates``."""
    settings = {"RELATIVE_BASE": datetime(published.year, published.month, published.day)}  # noqa: DTZ001 - as the peer wants it
    found = import_module("dateparser.search").search_dates(
        text, languages=["en", "de", "fr", "es", "pt", "it", "nl"], settings=settings | {"PREFER_DATES_FROM": "future"}
    )
    return _in_order([moment for _, moment in found or ()])


def ctparse(text: str, published: date) -> Facts:
    """Read with ``ctparse.ctparse``, which finds one date."""
    at = datetime(published.year, published.month, published.day)  # noqa: DTZ001 - as the peer wants it
    found = import_module("ctparse").ctparse(text, ts=at, timeout=2)
    moment = found.resolution if found else None
    first = getattr(moment, "t_from", None) or moment
    if first is None or not all(getattr(first, part, None) for part in ("year", "month", "day")):
        return _in_order([])
    return _in_order([first.dt])


def _in_order(moments: Sequence[datetime]) -> Facts:
    days = [f"{moment:%Y-%m-%d}" for moment in moments]
    return Facts(days[0] if days else None, tuple(days[1:]))


PEERS: dict[str, Reader] = {"dateparser": dateparser, "ctparse": ctparse}


def rows_of(files: Sequence[Path], languages: str) -> Iterator[dict[str, Any]]:
    """Yield the labelled announcements, of all languages if ``languages`` is empty."""
    for file in files:
        rows = json.loads(file.read_text("utf-8"))["rows"]
        yield from (row for row in rows if not languages or row["lang"] in languages.split(","))


def score(row: dict[str, Any], read: Facts, counts: Counter[str]) -> None:
    """Count the facts of a row that are right, missed and invented."""
    starts = {str(each)[:10] for each in _either(row["start"]) if each}
    if starts - {"__skip__"}:
        is_right = read.start is not None and any(read.start.startswith(each) for each in starts)
        counts["facts"] += 1
        counts["right"] += is_right
    elif not starts and read.start is not None:
        counts["invented"] += 1
    stated = _either(row["deadlines"])[0] if isinstance(row["deadlines"], dict) else row["deadlines"]
    dues = [due for due in stated if isinstance(due, dict) and isinstance(due.get("at"), str)]
    owed = [due["at"][:10] for due in dues if not due.get("optional")]
    counts["facts"] += len(owed)
    counts["right"] += sum(day in read.deadlines for day in owed)
    counts["invented"] += sum(day not in {due["at"][:10] for due in dues} for day in read.deadlines)
    cities = answers_of(row["places"])
    if cities is None:
        return
    wanted = min(_lists(row["places"]), key=len)
    counts["facts"] += len(wanted)
    if read.places is not None:
        named = {(fold(city), country) for city, country in read.places}
        counts["right"] += sum(any((fold(name), land) in named for name in names.split("|")) for names, land in wanted)
        counts["invented"] += len(named - cities)


def _either(value: Any) -> list[Any]:
    return list(value["any"]) if isinstance(value, dict) else [value]


def _lists(places: Any) -> list[list[list[str]]]:
    return list(places["any"]) if isinstance(places, dict) else [places]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(MATERIAL.glob("*.json")))
    parser.add_argument("--lang", default="", help="only these languages: de,fr")
    asked = parser.parse_args()
    rows = [row for row in rows_of(asked.files, asked.lang) if row.get("published")]
    print(f"{len(rows)} announcements\n\n{'reader':<16}{'facts right':>14}{'%':>8}{'invented':>10}{'ms/text':>10}")
    results: dict[str, float] = {}
    for name, reader in {"this project": ours, **PEERS}.items():
        try:
            reader("Talk on 3 March 2027", date(2027, 1, 1))  # tables are loaded at first use
        except ImportError:
            print(f"{name:<16}  not installed")
            continue
        counts: Counter[str] = Counter()
        begun = time.perf_counter()
        answers = [reader(row["text"], date.fromisoformat(row["published"])) for row in rows]
        each = (time.perf_counter() - begun) / len(rows) * 1000
        for row, answer in zip(rows, answers, strict=True):
            score(row, answer, counts)
        share = results[name] = 100 * counts["right"] / counts["facts"]
        right = f"{counts['right']}/{counts['facts']}"
        print(f"{name:<16}{right:>14}{share:>8.1f}{counts['invented']:>10}{each:>10.1f}")
    own = results.pop("this project")
    if results:
        best = max(results, key=results.__getitem__)
        note("announcements: facts right", round(own, 1), round(results[best], 1), best, "%")


if __name__ == "__main__":
    main()
