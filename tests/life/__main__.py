"""``python -m tests.life``: runs a simulated year and prints what was broken."""

from __future__ import annotations

import argparse
import tempfile
from datetime import date
from pathlib import Path

from tests.life.checks import HARD, KINDS
from tests.life.simulation import Report, Simulation

_FEW = 3


def main() -> None:
    """Run one year and print a table of the violations."""
    parser = argparse.ArgumentParser(prog="python -m tests.life", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=390)
    parser.add_argument("--schedule", choices=["every3", "daily"], default="every3")
    parser.add_argument("--start", type=date.fromisoformat, default=date(2026, 11, 1))
    parser.add_argument("--show", choices=KINDS, help="print all violations of this kind")
    parser.add_argument("--happened", action="store_true", help="print how often each thing has happened")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Simulation(Path(folder), asked.seed, asked.start).run(asked.days, asked.schedule)
    print_report(report, asked.show)
    if asked.happened:
        print("\n".join(f"{count:5} {name}" for name, count in report.happened.items()))


def print_report(report: Report, show: str | None) -> None:
    """Print counts by kind, and the first violations of each."""
    print(
        f"{report.truths} truths, {report.crawls} crawls with {report.runs} runs, {report.uids} UIDs, {report.seconds:.0f} s"
    )
    for kind in KINDS:
        found = [each for each in report.violations if each.kind == kind]
        print(f"{kind:15} {len(found):4} {'hard' if kind in HARD else ''}")
        for each in found if show == kind else found[: 0 if show else _FEW]:
            print(f"      {each}")
            if show and each.listings:
                print(f"          {each.listings}")


if __name__ == "__main__":
    main()
