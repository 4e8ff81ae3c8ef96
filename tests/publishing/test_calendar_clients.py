"""How late calendar programs are is said the same everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.publishing.calendar_clients import LATENESS

PAGE = (Path(__file__).parents[2] / "docs" / "feed.md").read_text("utf-8")


@pytest.mark.parametrize(("program", "late"), LATENESS.items())
def test_the_page_of_the_feed_says_the_same(program: str, late: str) -> None:
    assert any(line.startswith(f"| {program}") and late in line for line in PAGE.splitlines())
