"""Every enabled source, unchanged, at its real https address: each host answers as its saved case has it recorded."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tests.real_addresses.conftest import Command
from tests.real_addresses.standin import StandIn
from tracker.config import Settings
from tracker.sources.cases import Case, case_folder, load_case
from tracker.sources.files import load_sources

pytestmark = pytest.mark.long


@cache
def cases() -> dict[str, Case]:
    """Return the case of each enabled source."""
    sources = load_sources(Settings.load(Path("/nonexistent")))
    return {source.id: load_case(case_folder(source)) for source in sources if source.enabled}


@pytest.fixture
def real_web(web: StandIn) -> StandIn:
    for case in cases().values():
        web.add_case(case)
    return web


def test_a_crawl_reads_all_of_them(real_web: StandIn, tracker: Command) -> None:
    crawled = tracker("crawl", "--all", "--json", TRACKER_NOW="2026-11-23T12:00:00Z")
    runs = {run["source"]: run for run in map(json.loads, crawled.stdout.splitlines()) if "source" in run}
    wrong = {name: (run["diagnosis"], run["message"]) for name, run in runs.items() if run["verdict"] != "healthy"}
    assert (len(runs), wrong, crawled.returncode) == (len(cases()), {}, 0), crawled.stderr
    for name, case in cases().items():
        expected = case.expected
        assert runs[name]["kept"] == len(expected["listings"]) + len(expected.get("communities", [])), name


def test_a_verification_says_that_all_of_them_work_and_asks_each_host_for_robots_txt_once(
    real_web: StandIn, tracker: Command
) -> None:
    done = tracker("sources", "verify", "--only-enabled", "--out", "kit.zip", TRACKER_NOW="2026-11-23T12:00:00Z")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(cases())} sources: {len(cases())} works." in done.stdout
    robots = [url for url in real_web.urls() if url.endswith("/robots.txt")]
    assert len(robots) == len(set(robots))
    assert len(real_web.asked) == len(set(real_web.asked))

    before = len(real_web.asked)
    again = tracker("sources", "verify", "--only-enabled", "--resume", "--out", "kit.zip")
    assert (again.returncode, len(real_web.asked)) == (0, before)


@pytest.mark.parametrize("moment", ["2027-01-14T09:00:00Z", "2027-12-30T09:00:00Z", "2028-02-29T09:00:00Z"])
def test_no_request_has_an_address_that_its_host_cannot_know(real_web: StandIn, tracker: Command, moment: str) -> None:
    tracker("crawl", "--all", TRACKER_NOW=moment)
    weeks = {url.rpartition("/")[2] for url in real_web.urls() if "/newsletter/" in url}
    expected = {
        "2027-01-14T09:00:00Z": {"week-2-2027", "week-1-2027", "week-53-2026", "week-52-2026"},
        "2027-12-30T09:00:00Z": {"week-52-2027", "week-51-2027", "week-50-2027", "week-49-2027"},
        "2028-02-29T09:00:00Z": {"week-9-2028", "week-8-2028", "week-7-2028", "week-6-2028"},
    }
    assert weeks == expected[moment]
