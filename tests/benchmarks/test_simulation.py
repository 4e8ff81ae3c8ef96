from __future__ import annotations

from importlib.util import find_spec

import pytest

if find_spec("procrastinate") is None:
    pytest.skip("the benchmark's workers need the extra 'scale'", allow_module_level=True)

from benchmarks.simulation import Costs, Net, draw_sites, simulate, workers_for_a_day

pytestmark = pytest.mark.long

FREE = Costs(0, 0)


@pytest.mark.parametrize(
    ("sites", "workers", "costs", "net", "seconds"),
    [
        ([3], 1, FREE, Net(latency=1, delay=2), 3 * 1 + 2 * 2),
        ([1, 1], 1, FREE, Net(latency=1, delay=9), 1),  # side by side
        ([1] * 24, 1, FREE, Net(latency=1, delay=0), 2),  # twelve at once
        ([1] * 24, 2, FREE, Net(latency=1, delay=0), 1),
        ([1] * 12, 1, Costs(0, 0.5), Net(latency=1, delay=0), 1 + 12 * 0.5),  # the processor is the limit
        ([1] * 12, 2, Costs(0, 0.5), Net(latency=1, delay=0), 1 + 6 * 0.5),
    ],
)
def test_it_counts_what_can_be_counted_by_hand(
    sites: list[int], workers: int, costs: Costs, net: Net, seconds: float
) -> None:
    found = simulate(sites, workers, costs, net, places=12)
    assert found.seconds == pytest.approx(seconds)
    assert found.busy == pytest.approx(sum(sites) * costs.page + len(sites) * costs.job)


def test_a_site_that_takes_longer_than_a_day_is_no_question_of_workers() -> None:
    with pytest.raises(ValueError, match="longer than a day"):
        workers_for_a_day([100], FREE, Net(latency=0, delay=1_000), 12)


def test_sites_are_drawn_alike_each_time_and_few_are_large() -> None:
    sites = draw_sites(10_000, 2_000, pages=2)
    assert sites == draw_sites(10_000, 2_000, pages=2)
    assert sum(sites) == pytest.approx(2 * 10_000, rel=0.3)
    assert sum(sorted(sites)[-400:]) > 0.4 * sum(sites)


@pytest.mark.long
def test_the_fewest_workers_for_a_day_are_found() -> None:
    pages, net = [100] * 600, Net(latency=0, delay=800)
    count, found = workers_for_a_day(pages, FREE, net, 12)
    assert count == 50
    assert found.seconds <= 86_400 < simulate(pages, count - 1, FREE, net, places=12).seconds
