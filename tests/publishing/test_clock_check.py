"""May this machine's clock be believed? Decided from what crawls recorded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories import NOW
from tests.health.test_state import a_run
from tracker.models.run import Run
from tracker.publishing.clock_check import CLOCK_OFF, judge_clock


def off(days: float) -> Run:
    return a_run("suspect", days, diagnosis=CLOCK_OFF, message="The server's clock is 8760 hours behind ours.")


OK, FINE, REFUSED, WARNED = a_run, "", "refused", "warned"
CASES: dict[str, tuple[list[Run], float | None, str]] = {
    "nothing was crawled": ([], None, FINE),
    "an hour ago": ([OK(days=-0.04), OK(days=-1)], -0.04, FINE),
    "the clock is an hour slow": ([OK(days=0.04)], 0.04, FINE),
    "the clock is a year behind": ([OK(days=365), OK(days=364)], 365, REFUSED),
    "two days behind, slow sources lie in the past": ([OK(days=2), OK(days=-3)], 2, REFUSED),
    "it was a year ahead, and a crawl since then was right": ([OK(days=-0.1), OK(days=365)], 365, FINE),
    "it was a year ahead, the crawl noticed, now it is right": ([off(365), off(365), OK(days=-1)], -1, WARNED),
    "a year ahead, as the last crawl noticed": ([off(-0.1), off(-0.1), OK(days=-365)], -365, REFUSED),
    "a source without a server agrees with any clock": ([off(-0.1), OK(days=-0.1), off(-0.1)], -0.1, REFUSED),
    "one server of several has another time": ([OK(days=-0.1), off(-0.1), OK(days=-0.1)], -0.1, FINE),
    "it was off days ago": ([off(-3), off(-3)], -4, FINE),
    "nobody crawled for most of a year": ([OK(days=-301)], -301, WARNED),
    "nobody crawled for some months": ([OK(days=-200)], -200, FINE),
    "all fail for most of a year": ([a_run("failed", -0.1, diagnosis="unreachable")], -301, WARNED),
    "never with success": ([a_run("failed", -400, diagnosis="unreachable")], None, FINE),
}


@pytest.mark.parametrize(("recorded", "last_success", "outcome"), CASES.values(), ids=CASES)
def test_the_clock_is_judged_by_what_was_recorded(
    recorded: list[Run], last_success: float | None, outcome: str
) -> None:
    at: datetime | None = None if last_success is None else NOW + timedelta(days=last_success)
    judged = judge_clock(NOW, recorded, at)
    assert (bool(judged.refusal), bool(judged.warning)) == (outcome == REFUSED, outcome == WARNED), judged
    for words in filter(None, (judged.refusal, judged.warning)):
        assert "tracker crawl" in words, "the next step is named"
        assert f"{NOW:%Y-%m-%d}" in words
