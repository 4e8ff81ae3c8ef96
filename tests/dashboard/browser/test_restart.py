"""The server is started anew while a page is open: what is on screen stays, and the first click counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit, free_port, serving_at


def test_the_first_click_after_a_restart_counts(page: Any, practice_data: Path, tmp_path: Path) -> None:
    port = free_port()
    for name in ("Hackathon", "Type: Hackathon"):
        with serving_at(port, practice_data, tmp_path / "log") as base:
            visit = Visit(page, base)
            visit.open()
            visit.press("Hackathon")  # one navigation: the widgets have other keys than those of a new session
            visit.expect_count(3)
        page.wait_for_timeout(500)
        with serving_at(port, practice_data, tmp_path / "log"):
            page.wait_for_selector('[data-testid="stApp"][data-test-connection-state="CONNECTED"]', timeout=60_000)
            visit.expect_count(3)
            visit.press(name)
            visit.expect_count(79)
            expect(page).to_have_url(f"{base}/")
            visit.press("Talk")
            visit.expect_count(10)
