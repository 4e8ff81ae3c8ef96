"""Decides, without the network, whether this machine's clock may be believed when files are published.

What is published depends on the day: with a clock a year ahead every event has ended, with one a year behind no
deadline has passed. A crawl compares the clock with those of servers; here counts what crawls recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.models.run import Run

CLOCK_OFF = "clock_off"
"""Diagnosis of a run whose server has quite another time."""
APART = timedelta(days=1)
"""As far as the clocks of servers may be from ours in a crawl; less is a time zone, or a slow battery."""
LONG_AGO = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class ClockJudgement:
    """What is wrong with the clock, in words; empty if nothing is known to be."""

    refusal: str = ""
    """Why nothing may be published."""
    warning: str = ""
    """What the operator should look at; publishing goes on."""


def judge_clock(now: datetime, recorded: Sequence[Run], last_success: datetime | None) -> ClockJudgement:
    """Judge the clock by the runs in the store.

    - The newest run lies in the future: the clock is behind, or was ahead then. Refused, unless that crawl itself found
      the clock to be off.
    - The newest crawl found the clock to be off, and ran within a day of now: it still is. Refused.
    - The last success is long ago: a clock ahead looks like a crawl that nobody started. A warning.

    Args:
        now: the current time.
        recorded: runs in the order in which they were recorded, the newest first; those of one crawl are enough. The
            order is that of the table: times are what is in question.
        last_success: when a source was last crawled with success; None: never.
    """
    if not recorded:
        return ClockJudgement()
    newest = recorded[0].finished_at
    crawl = [run for run in recorded if abs(newest - run.finished_at) <= APART]
    found_off = [run for run in crawl if run.diagnosis == CLOCK_OFF]
    # The clock of one server may be off, and a source without a server agrees with any: the majority counts.
    was_off = len(found_off) > sum(run.is_successful for run in crawl)
    here = f"It is {now:%Y-%m-%d %H:%M} UTC here"
    if newest > now + APART:
        words = f"{here}, but the last crawl ended at {newest:%Y-%m-%d %H:%M}."
        if was_off:
            return ClockJudgement(warning=f"{words} Its clock was wrong then. Crawl again: tracker crawl")
        return ClockJudgement(
            refusal=f"{words} Nothing was published. Set the clock right; if it is right now, first run: tracker crawl"
        )
    if was_off and now - newest <= APART:
        return ClockJudgement(
            refusal=f"{here}, but the servers of the last crawl have another time: {found_off[0].message} Nothing was "
            "published. Set the clock right, then run: tracker crawl"
        )
    if last_success is not None and now - last_success > LONG_AGO:
        days = (now - last_success).days
        return ClockJudgement(
            warning=f"{here}, and the last successful crawl was {days} days ago, on {last_success:%Y-%m-%d}. Is the "
            "clock right? Does cron run 'tracker crawl'?"
        )
    return ClockJudgement()
