from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.factories import NOW, a_source
from tracker.health.expectations import expectation_line, learn_expectation
from tracker.health.scheduling import source_state
from tracker.models.run import Run, State
from tracker.models.source import Expectation
from tracker.models.vocabulary import Verdict


def a_run(verdict: str = "healthy", days: float = 0, **values: object) -> Run:
    at = NOW + timedelta(days=days)
    return Run.model_validate(
        {"source": "berlin", "started_at": at, "finished_at": at, "verdict": verdict, "kept": 9} | values
    )


@pytest.mark.parametrize(
    ("verdicts", "state", "hours"),
    [
        ("h", State.HEALTHY, 15),
        ("hf", State.DEGRADED, 2),
        ("hs", State.DEGRADED, 2),
        ("hff", State.DEGRADED, 4),
        ("hfff", State.FAILING, 8),
        ("hsfsf", State.FAILING, 16),
        ("hfffh", State.HEALTHY, 18.75),
        ("f" * 9, State.FAILING, 168),
        ("f" * 10, State.PAUSED, 168),
        ("f" * 30, State.PAUSED, 168),
    ],
)
def test_a_source_fails_step_by_step_and_recovers_at_once(verdicts: str, state: State, hours: float) -> None:
    words = {"h": Verdict.HEALTHY, "f": Verdict.FAILED, "s": Verdict.SUSPECT}
    found = source_state(a_source(), [a_run(words[each]) for each in verdicts])
    assert (found.state, found.wait / 3600) == (state, hours)
    assert (found.last_success is None) == ("h" not in verdicts)


def test_a_source_never_crawled_is_due_now() -> None:
    found = source_state(a_source(), [])
    assert (found.state, found.next_try) == (State.NEW, None)


def test_what_changes_is_asked_more_often_down_to_six_hours_or_what_its_file_says() -> None:
    changing = [a_run(changed=3)] * 12
    assert source_state(a_source(), changing).wait == 6 * 3600
    assert source_state(a_source(every="24h"), changing).wait == 24 * 3600


def test_what_stays_the_same_is_asked_less_often_up_to_a_week() -> None:
    same = [a_run("unchanged")] * 20
    assert source_state(a_source(), same).wait == 7 * 86_400
    assert source_state(a_source(every="14d"), same).wait == 14 * 86_400


def test_retries_respect_what_the_file_asks_for() -> None:
    assert source_state(a_source(every="24h"), [a_run(), a_run("failed"), a_run("failed")]).wait == 24 * 3600


def test_sources_do_not_come_due_all_at_once() -> None:
    tries = [source_state(a_source(), [a_run(source=f"s{number}")]).next_try for number in range(50)]
    assert len(set(tries)) > 45
    assert all(each is not None and timedelta(hours=13.3) <= each - NOW <= timedelta(hours=16.4) for each in tries)
    assert tries == [source_state(a_source(), [a_run(source=f"s{number}")]).next_try for number in range(50)]


def test_pages_of_single_listings_that_are_gone_do_not_pause_the_source() -> None:
    assert source_state(a_source(), [a_run("suspect", diagnosis="gone_for_good")]).state is State.DEGRADED
    assert source_state(a_source(), [a_run("failed", diagnosis="gone_for_good")]).state is State.PAUSED


def test_what_a_server_asks_for_comes_first() -> None:
    until = NOW + timedelta(days=5)
    assert source_state(a_source(), [a_run("failed", not_before=until)]).next_try == until


def test_unchanged_runs_are_no_part_of_the_trend() -> None:
    runs = [a_run(kept=4), a_run("unchanged", kept=0), a_run(kept=6)]
    assert source_state(a_source(), runs).trend == (4, 6)


def test_a_move_is_told_only_if_it_is_the_same_three_times() -> None:
    moves = ["https://a.example/1", "https://a.example/2", "https://a.example/2", "https://a.example/2"]
    told = [source_state(a_source(), [a_run(moved_to=each) for each in moves[: n + 1]]).moved_to for n in range(4)]
    assert told == ["", "", "", "https://a.example/2"]


def test_expectations_are_learned_from_healthy_runs_that_read_everything() -> None:
    full, partly = {"date": 1.0, "place": 0.75, "url": 0.3}, {"date": 0.9, "place": 0.7, "url": 0.2}
    runs = [a_run(kept=10, fills=full), a_run("failed"), a_run(kept=30, fills=partly)]
    assert learn_expectation(runs) is None
    runs += [a_run(kept=1, pages_unchanged=2), a_run("unchanged", kept=0)]
    expected = learn_expectation(runs)
    assert expected == Expectation(at_least=8, at_most=60, fills={"date": 0.7, "place": 0.5})
    assert expectation_line(expected) == "expect = { at_least = 8, at_most = 60, fills = { date = 0.7, place = 0.5 } }"


def test_waits_only_grow_while_it_fails() -> None:
    waits = [source_state(a_source(), [a_run("failed")] * number).wait for number in range(1, 30)]
    assert all(before <= after for before, after in pairwise(waits))
