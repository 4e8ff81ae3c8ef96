"""Checks source files and their saved cases; each problem says how to fix it. Fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tracker.errors import SourceFileError
from tracker.health.verdict import judge_run
from tracker.models.crawl_result import CrawlResult
from tracker.models.source import Source
from tracker.sources.cases import EXPECTED, Case, case_folder, load_case
from tracker.sources.files import first_pages_of
from tracker.sources.replay import as_expected, replay

_FIRST_YEAR = 2_020
_OFTEN = timedelta(hours=6)


def find_problems(source: Source) -> list[str]:
    """Return the problems of a source, each with its fix; empty if there are none."""
    return [*_structure(source), *_politeness(source), *_case(source)]


def _structure(source: Source) -> Iterator[str]:
    if "expect" not in source.model_fields_set:
        yield "says nothing of what to expect. Add: expect = { at_least = 1, at_most = 60 }"
    if source.verified != "never" and not _is_day(source.verified):
        yield f'verified = {source.verified!r} is neither a day nor "never". Write the day somebody last saw it work.'
    if source.attribution and not source.licence:
        yield "gives credit without naming the licence that asks for it. Add: licence."
    first = source.path.read_text("utf-8").split("\n", 1)[0] if source.path else "#"
    if not first.startswith("#"):
        yield "says nothing of its evidence. Begin the file with a comment: where the address and format were seen."


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year > _FIRST_YEAR
    except ValueError:
        return False


def _politeness(source: Source) -> Iterator[str]:
    if source.every is not None and source.every < _OFTEN:
        yield f'is crawled more often than is polite. Write every = "{int(_OFTEN.total_seconds() // 3600)}h" or more.'
    for page in first_pages_of(source, date(2026, 1, 5)):
        if page.inline_body is None and not page.url.startswith("https://"):
            yield f"is read without encryption: {page.url}. Write https://."
    if not source.homepage.startswith("https://"):
        yield f"has a homepage without encryption: {source.homepage}. Write https://."


def _case(source: Source) -> Iterator[str]:
    folder = case_folder(source)
    if not folder.is_dir():
        # An installed package has no tests, so the cases of its sources are not available.
        if source.enabled and (folder.parent.is_dir() or folder.parent.name == "checks"):
            yield f"is enabled without a saved case. Make one: tracker sources check {source.id} --fetch"
        return
    try:
        case = load_case(folder)
        expected = case.expected
    except SourceFileError as error:
        yield str(error)
        return
    result = replay(source, case)
    if case.expected_failure:
        yield from _failing_case(source, case, result)
        return
    if case.wrong:
        yield (
            f"has a case of which a person found wrong: {', '.join(case.wrong)}. Mend the reader or the file, look at "
            f"{folder / EXPECTED}, then: tracker sources check {source.id} --approve"
        )
    elif not case.reviewed:
        yield (
            f"has a case that nobody has reviewed. Look at {folder / EXPECTED}, then: "
            f"tracker sources check {source.id} --approve"
        )
    if found := difference(expected, as_expected(result)):
        yield f"reads its case differently: {found}. If it is better now: tracker sources check {source.id} --approve"


def _failing_case(source: Source, case: Case, result: CrawlResult) -> Iterator[str]:
    """Yield what is wrong with the case of a source that could not be read: it must give the same diagnosis."""
    found = judge_run(result, source, case.now)
    if found.diagnosis != case.expected_failure:
        now = found.diagnosis or "works"
        yield (
            f"has a case that gives {now!r}, not {case.expected_failure!r}. If it is mended, save it anew: "
            f"tracker sources check {source.id} --fetch"
        )
    elif source.enabled:
        yield (
            f"is enabled, but could not be read on {case.now:%Y-%m-%d}: {found.diagnosis}: {found.message} Give it "
            "another address, or write: enabled = false"
        )


def difference(expected: dict[str, Any], found: dict[str, Any]) -> str:
    """Return the first difference in words; empty if there is none."""
    for key in ("rejected", "notes"):
        if expected.get(key) != found[key]:
            return f"{key}: expected {expected.get(key)}, found {found[key]}"
    if expected.get("communities", []) != found.get("communities", []):
        return "the communities differ"
    wanted, read = expected.get("listings", []), found["listings"]
    if len(wanted) != len(read):
        return f"{len(wanted)} listings are expected, {len(read)} found"
    for one, other in zip(wanted, read, strict=True):
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                return f"{one.get('title')!r}, {name}: expected {one.get(name)!r}, found {other.get(name)!r}"
    return ""
