"""Which listings are one event: ours beside its peers, from one run.

    python -m benchmarks.matching                                   # both mixes, 10,000 listings each
    python -m benchmarks.matching --records 100k --data hard --only ours title_and_day
    python -m benchmarks.matching --lists FOLDER --data lists       # real lists; or the environment's MATCHING_LISTS

Every system runs in a process of its own. Those with a threshold are shown at the one that does best on the very
listings measured, and learn from labelled pairs of them, both of which is generous; ours has one fixed threshold.
Speed is shown beside Splink's in the same run, as machines differ. Peers that are not installed are left out
(requirements-bench.lock holds them all).
"""

from __future__ import annotations

import argparse
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.matching.apart import NoAnswerError, apart
from benchmarks.matching.generator import MIXES
from benchmarks.matching.lists import LISTINGS, TRUTH
from benchmarks.matching.peers.outcome import Labels
from benchmarks.matching.systems import (
    LEARNERS,
    OURS,
    PEERS,
    SPLINK,
    Data,
    Generated,
    RealLists,
    Row,
    draw_labels,
    run,
)
from benchmarks.scores import note

VARIABLE = "MATCHING_LISTS"
REAL_LISTS = "lists"
HEADER = (
    f"{'system':<17}{'P':>7}{'R':>7}{'F1':>7}{'B³ F1':>7}{'series':>8}"
    f"{'s':>9}{'per s':>8}{'× Splink':>9}{'MB':>8}  setting"
)
LEGEND = """
P, R, F1  over pairs; of real lists only those from two sources that are not ambiguous · B³ F1  over records
series    share of the records put together with a sibling of their event
s, per s  wall time and records a second, labelling left out · × Splink  that speed over Splink's · MB  most memory"""


def count_of(text: str) -> int:
    """Return the number in ``text``, which may end in k or M.

    >>> count_of("100k"), count_of("1M"), count_of("10_000")
    (100000, 1000000, 10000)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([km]?)", text.replace("_", "").replace(",", "").lower())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write 10000, 10k or 1M")
    return int(float(found[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2]])


def line(name: str, row: Row, splink: Row | None) -> str:
    """Return one line of the table."""
    pairs, seconds = row.measures.pairs, max(row.seconds, 1e-9)
    speed = f"{row.measures.records / seconds:>8.0f}{splink.seconds / seconds:>9.2f}" if splink else f"{'–':>8}{'–':>9}"
    series = f"{row.measures.series_false_share:>8.4f}" if row.measures.knows_series else f"{'–':>8}"
    return (
        f"{name:<17}{pairs.precision:>7.3f}{pairs.recall:>7.3f}{pairs.f1:>7.3f}{row.measures.b_cubed.f1:>7.3f}"
        f"{series}{row.seconds:>9.1f}{speed}{row.megabytes:>8.0f}  {row.setting}"
    )


def blocking_line(row: Row) -> str:
    """Say how good our candidate pairs were."""
    if isinstance(row.blocking, str):
        return f"blocking of ours not measured: {row.blocking}"
    return (
        f"blocking of ours: {row.blocking.completeness:.2%} of the true pairs meet, "
        f"{row.blocking.pairs / max(row.measures.records, 1):.1f} candidate pairs per record, "
        f"{row.blocking.reduction:.3%} of all pairs never compared"
    )


def table(names: Sequence[str], data: Data, minutes: float) -> None:
    """Run the systems one after the other and print a line for each as it ends."""
    print(f"\n{data.about}\n{HEADER}", flush=True)
    labels: Labels | None = None
    splink: Row | None = None
    rows: dict[str, Row] = {}
    for name in names:
        try:
            if labels is None and name in LEARNERS:
                labels = apart(draw_labels, data, minutes=minutes)
            rows[name] = row = apart(run, name, data, labels, minutes=minutes)
        except NoAnswerError as error:
            print(f"{name:<17}{error}", flush=True)
            continue
        splink = row if name == SPLINK else splink
        print(line(name, row, splink), flush=True)
    others = [(row.measures.pairs.f1, name) for name, row in rows.items() if name != OURS]
    if OURS in rows and others:
        about, (best, name) = f"matching: {data.about}", max(others)
        note(f"{about}, F1", rows[OURS].measures.pairs.f1, best, name, "")
        if splink is not None:
            note(f"{about}, speed", splink.seconds / rows[OURS].seconds, 1, SPLINK, "times")
    if OURS in rows:
        print(blocking_line(rows[OURS]))
    if rows:
        print(f"of the memory, making the listings took {max(row.made_in for row in rows.values()):.0f} MB", flush=True)


def main() -> None:
    """Print one table per mix."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=count_of, default=10_000, help="how many: 10000, 100k, 1M")
    parser.add_argument("--data", choices=[*MIXES, REAL_LISTS], help="one set instead of all")
    folder = os.environ.get(VARIABLE)
    parser.add_argument(
        "--lists", type=Path, default=Path(folder) if folder else None, metavar="FOLDER", help=f"or ${VARIABLE}"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=[*PEERS, OURS], help="these systems, and Splink to compare speed")
    parser.add_argument("--alone", action="store_true", help="without Splink; then no speed is shown")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop a system after so long")
    given = parser.parse_args()
    for file in (LISTINGS, TRUTH) if given.lists else ():
        if not (given.lists / file).is_file():
            parser.error(f"{given.lists} holds no {file}; name the folder of both with --lists or {VARIABLE}")
    names = [name for name in (*PEERS, OURS) if given.only is None or name in given.only or name == SPLINK]
    if given.alone:
        names.remove(SPLINK)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, seed {given.seed}{LEGEND}")
    for chosen in (given.data,) if given.data else (REAL_LISTS, *MIXES):
        if chosen != REAL_LISTS:
            table(names, Generated(given.records, chosen, given.seed), given.minutes)
        elif given.lists is None:
            print(f"\nreal lists: left out; name their folder with --lists or {VARIABLE}")
        else:
            table(names, RealLists(given.lists), given.minutes)


if __name__ == "__main__":
    main()
