"""Accuracy and time of this project's date reader beside its peers, on the same labelled strings in one run.

    pip install --require-hashes -r requirements-bench.lock && pip install --no-deps -e .
    python benchmarks/dates.py                          # the strings of tests/reading/data
    python benchmarks/dates.py --gold FILE.json         # rows with text, ref, start, end, tz, granularity, kind

A row is right if start, end, clock time and UTC offset are, where the label has them; and nothing is found where
nothing is due. A peer that gives a midnight for a day is not blamed for it. Peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import time
import tomllib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.scores import note
from tracker.reading.announcements import read_announcement

DATA = Path(__file__).parents[1] / "tests" / "reading" / "data"
ROUNDS = 3
DAY = len("2026-01-01")

Answer = tuple[datetime | None, datetime | None, timedelta | None]
"""Start and end as local times without zone, and the offset at the start."""
Reader = Callable[[str, date], Answer]
NOTHING: Answer = (None, None, None)


@dataclass(frozen=True)
class Row:
    """One labelled string."""

    text: str
    published: date
    start: str | None
    end: str | None
    zone: str | None
    has_clock: bool

    def is_right(self, answer: Answer) -> bool:
        """Say whether ``answer`` is what the label asks for."""
        start, end, offset = answer
        if self.start is None or start is None:
            return start is None and self.start is None
        length = None if self.has_clock else DAY
        said = [start.isoformat(timespec="minutes")[:length], (end or start).isoformat(timespec="minutes")[:length]]
        wanted = [self.start[:length], (self.end or self.start)[:length]]
        return said == wanted and (self.zone is None or offset == self._offset())

    def _offset(self) -> timedelta | None:
        at = datetime.fromisoformat(self.start or "")
        if self.zone is None or self.zone == "UTC":
            return timedelta(0)
        if "/" in self.zone:
            return at.replace(tzinfo=ZoneInfo(self.zone)).utcoffset()
        return datetime.fromisoformat(f"{at:%Y-%m-%d}T00:00{self.zone}").utcoffset()


def ours(text: str, published: date) -> Answer:
    """Read with this project."""
    said = read_announcement(text, published)
    when = said.when or next((due.at for due in said.deadlines if due.at is not None), None)
    if when is None:
        return NOTHING
    start = datetime.combine(when.first, when.starts or datetime.min.time())
    has_end = when.last is not None or when.ends is not None
    end = datetime.combine(when.last or when.first, when.ends or datetime.min.time()) if has_end else None
    return start, end, when.utc_offset if when.zone or when.offset else None


def dateparser(text: str, published: date) -> Answer:
    """Read with ``dateparser.search.search_dates``, the first find as start and the second as end."""
    settings = {"RELATIVE_BASE": _at(published), "PREFER_DATES_FROM": "future"}
    found = import_module("dateparser.search").search_dates(text, languages=["en", "de", "fr"], settings=settings)
    return _pair([moment for _, moment in found or ()][:2])


def dateutil(text: str, published: date) -> Answer:
    """Read with ``dateutil.parser.parse(fuzzy=True)``."""
    return _pair([import_module("dateutil.parser").parse(text, fuzzy=True, default=_at(published))])


def ctparse(text: str, published: date) -> Answer:
    """Read with ``ctparse.ctparse``."""
    found = import_module("ctparse").ctparse(text, ts=_at(published), timeout=2)
    moment = found.resolution if found else None
    if moment is None:
        return NOTHING
    ends = [moment.t_from, moment.t_to] if hasattr(moment, "t_from") else [moment]
    return _pair([each.dt for each in ends if each is not None and each.year])


def timefhuman(text: str, published: date) -> Answer:
    """Read with ``timefhuman``."""
    library = import_module("timefhuman")
    found = library.timefhuman(text, library.tfhConfig(now=_at(published)))
    while isinstance(found, list):
        found = found[0] if found else None
    moments = found if isinstance(found, tuple) else (found,)
    return _pair([each for each in moments if isinstance(each, (datetime, date))])


def daterangeparser(text: str, published: date) -> Answer:
    """Read with ``daterangeparser.parse``, which takes the current year where none is written."""
    del published
    return _pair([each for each in import_module("daterangeparser").parse(text) if each])


PEERS: dict[str, Reader] = {
    "dateparser": dateparser,
    "dateutil": dateutil,
    "ctparse": ctparse,
    "timefhuman": timefhuman,
    "DateRangeParser": daterangeparser,
}


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the peers want it without a zone


def _pair(moments: list[Any]) -> Answer:
    if not moments:
        return NOTHING
    times = [each if isinstance(each, datetime) else _at(each) for each in moments]
    offset = times[0].utcoffset()
    local = [each.replace(tzinfo=None) for each in times]
    return local[0], local[1] if len(local) > 1 else None, offset


def labelled(gold: Path | None) -> Iterator[Row]:
    """Yield the rows of a gold file, or of the project's own labelled set with its traps."""
    if gold is not None:
        for row in json.loads(gold.read_text("utf-8"))["rows"]:
            yield _row(row, date.fromisoformat(row["ref"]))
        return
    for row in tomllib.loads((DATA / "dates.toml").read_text("utf-8"))["rows"]:
        yield _row(row, row["ref"])
    for text in (DATA / "date_traps.txt").read_text("utf-8").splitlines():
        yield Row(text, date(2026, 3, 10), None, None, None, has_clock=False)


def _row(row: dict[str, Any], published: date) -> Row:
    has_clock = row["granularity"] == "minute"
    return Row(row["text"], published, row.get("start"), row.get("end"), row.get("tz"), has_clock)


def measure(reader: Reader, rows: list[Row]) -> tuple[int, int, float]:
    """Return (rows right, dates found where none is due, milliseconds per string: the best of several rounds)."""
    right = false = 0
    best = float("inf")
    for number in range(ROUNDS):
        started = time.perf_counter()
        answers = [_quietly(reader, row) for row in rows]
        best = min(best, time.perf_counter() - started)
        if number == 0:
            right = sum(row.is_right(answer) for row, answer in zip(rows, answers, strict=True))
            false = sum(row.start is None and answer[0] is not None for row, answer in zip(rows, answers, strict=True))
        if best > 20:
            break
    return right, false, best / len(rows) * 1000


def _quietly(reader: Reader, row: Row) -> Answer:
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return reader(row.text, row.published)
        except Exception:  # noqa: BLE001 - a peer that raises has found nothing
            return NOTHING


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="JSON with rows of text, ref, start, end, tz, granularity, kind")
    rows = list(labelled(parser.parse_args().gold))
    undated = sum(row.start is None for row in rows)
    print(f"{len(rows)} strings, {undated} of them without a date\n")
    print(f"{'reader':<18}{'right':>8}{'%':>8}{'false dates':>14}{'ms/string':>12}{'× ours':>10}")
    base, best = 0.0, (0, "")
    for name, reader in {"this project": ours, **PEERS}.items():
        if name != "this project" and not _is_installed(name):
            print(f"{name:<18}  not installed")
            continue
        _quietly(reader, rows[0])  # tables are loaded at first use
        right, false, each = measure(reader, rows)
        base = base or each
        if name != "this project":
            best = max(best, (right, name))
        else:
            own = right
        share = 100 * right / len(rows)
        print(f"{name:<18}{right:>8}{share:>8.1f}{false:>14}{each:>12.2f}{each / base:>10.1f}")
    note("dates: right", own, best[0], best[1], f"of {len(rows)}")


def _is_installed(name: str) -> bool:
    try:
        import_module(name.lower())
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    main()
