from __future__ import annotations

import pytest

from tests.factories import NOW, a_listing, a_raw, a_source
from tracker.health.diagnosis import ADVICE, diagnose, diagnose_status
from tracker.health.verdict import judge_run
from tracker.models.crawl_result import CrawlResult, PageState
from tracker.models.raw_listing import Rejected
from tracker.models.vocabulary import Verdict

SOURCE = a_source(expect={"at_least": 2, "at_most": 5})
PAGE = PageState("https://berlin.example/calendar.ics")


def result(kept: int = 0, rejected: int = 0, *, pages: int = 1) -> CrawlResult:
    found = CrawlResult(pages=[PAGE] * pages, changed_pages=pages, found=kept + rejected)
    for number in range(kept):
        found.keep(a_raw(), a_listing(source_id=str(number)))
    found.rejected = [Rejected(reason="no date", source="berlin")] * rejected
    return found


@pytest.mark.parametrize(
    ("kept", "rejected", "verdict", "diagnosis"),
    [
        (3, 0, Verdict.HEALTHY, ""),
        (3, 2, Verdict.HEALTHY, ""),
        (0, 0, Verdict.SUSPECT, "emptied"),
        (1, 0, Verdict.SUSPECT, "emptied"),
        (6, 0, Verdict.SUSPECT, "flooded"),
        (2, 9, Verdict.SUSPECT, "layout_changed"),
    ],
)
def test_counts_are_held_against_expectations(kept: int, rejected: int, verdict: Verdict, diagnosis: str) -> None:
    judgement = judge_run(result(kept, rejected), SOURCE, NOW)
    assert (judgement.verdict, judgement.diagnosis) == (verdict, diagnosis)


def test_no_answer_at_all_is_a_failure() -> None:
    found = result(pages=0)
    assert judge_run(found, SOURCE, NOW).diagnosis == "no_answer"
    found.failures.append(diagnose("timeout", "https://berlin.example/"))
    assert judge_run(found, SOURCE, NOW).verdict is Verdict.FAILED


def test_some_pages_missing_is_suspect() -> None:
    found = result(3)
    found.failures.append(diagnose_status(503, "https://berlin.example/2"))
    judgement = judge_run(found, SOURCE, NOW)
    assert (judgement.verdict, judgement.diagnosis) == (Verdict.SUSPECT, "server_error")


def test_a_page_that_is_not_trusted_makes_the_run_suspect() -> None:
    found = result(3)
    found.problems.append("the calendar is cut off")
    assert judge_run(found, SOURCE, NOW).verdict is Verdict.SUSPECT


def test_nothing_new_is_unchanged_not_empty() -> None:
    found = CrawlResult(unchanged_pages=[PAGE.url])
    assert judge_run(found, SOURCE, NOW).verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(("status", "name"), [(404, "gone"), (410, "gone_for_good"), (403, "access_denied"), (429, "rate_limited"), (502, "server_error"), (418, "http_error")])  # fmt: skip
def test_a_status_has_a_name(status: int, name: str) -> None:
    error = diagnose_status(status, "https://a.example/")
    assert error.diagnosis == name
    assert "{status}" not in str(error)


@pytest.mark.parametrize("name", ADVICE)
def test_every_diagnosis_says_something(name: str) -> None:
    assert len(str(diagnose(name, "https://a.example/", status=500))) > 20


def test_a_second_listing_with_the_same_id_is_counted() -> None:
    found = result(1)
    found.keep(a_raw(), a_listing(source_id="0", title="Another"))
    assert [each.reason for each in found.rejected] == ["listed twice"]
