"""What must hold for all sources at once, and for each saved case."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from tracker.config import Settings
from tracker.models.source import Source
from tracker.sources.cases import case_folder, load_case
from tracker.sources.checks import find_problems
from tracker.sources.files import load_sources
from tracker.sources.hooks import hooks_file
from tracker.sources.platform import load_platform, platform_names
from tracker.sources.replay import replay
from tracker.sources.robots import robots_url

SOURCES = load_sources(Settings.load(Path("/nonexistent")))
BY_ID = {source.id: source for source in SOURCES}
CASES = sorted(file.name for file in Path(__file__).parent.iterdir() if file.is_dir() and file.name != "__pycache__")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_source_has_nothing_to_complain_of(source: Source) -> None:
    assert find_problems(source) == []


@pytest.mark.parametrize("name", CASES)
def test_a_case_holds_the_robots_txt_of_each_host_and_says_where_it_is_known_from(name: str) -> None:
    case = load_case(case_folder(BY_ID[name]))
    known = {each.url for each in case.access.robots}
    assert {robots_url(page.url) for page in case.pages} <= known
    if case.access.recorded_at is None:
        assert all(each.evidence for each in (*case.access.robots, *case.access.responses))


@pytest.mark.parametrize("name", [name for name in CASES if not load_case(case_folder(BY_ID[name])).expected_failure])
def test_a_case_belongs_to_a_source_and_reads_without_failure(name: str) -> None:
    source = BY_ID[name]
    result = replay(source, load_case(case_folder(source)))
    assert result.failures == []
    assert result.problems == []
    assert result.kept
    assert result.found == result.kept + len(result.rejected) + result.repeated


def test_there_are_a_hundred_sources_and_they_are_short() -> None:
    assert len(SOURCES) >= 100
    lengths = [len(source.path.read_text("utf-8").splitlines()) for source in SOURCES if source.path]
    assert statistics.median(lengths) <= 12


def test_nine_sources_of_ten_need_no_python() -> None:
    assert sum(hooks_file(source) is not None for source in SOURCES) <= len(SOURCES) / 10


def test_what_is_disabled_says_what_is_missing_and_what_is_enabled_has_a_case() -> None:
    for source in SOURCES:
        assert source.path is not None
        first = source.path.read_text("utf-8").split("\n", 1)[0]
        assert first.startswith("# Missing before it may be enabled:") is not source.enabled, source.id
        assert not source.enabled or case_folder(source).is_dir(), source.id


def test_only_platforms_that_exist_are_used() -> None:
    assert {source.platform for source in SOURCES} <= set(platform_names())


@pytest.mark.parametrize("name", platform_names())
def test_every_platform_and_each_of_its_keys_is_documented(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
    for key in load_platform(name).Options.model_fields:
        assert f"`{key}`" in line, f"{name}.{key} is not in docs/sources.md"
