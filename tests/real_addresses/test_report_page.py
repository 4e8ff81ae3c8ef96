"""The report of a verification in a browser: what a person chooses there becomes ``answers.toml``."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.browser.conftest import browser_type_launch_args
from tests.real_addresses.conftest import Command
from tests.real_addresses.standin import Answer, StandIn
from tests.real_addresses.test_first_day import ICS, first_day, host, mine

pytestmark = pytest.mark.browser
__all__ = ["browser_type_launch_args", "first_day", "mine"]


def test_answers_are_chosen_by_clicks_and_saved_with_a_name(
    web: StandIn, first_day: Command, page: Any, tmp_path: Path
) -> None:
    evil = b"<img src=x onerror=alert(1)>"
    good = web.answers[f"https://{host('right')}/calendar.ics"]
    assert isinstance(good, Answer)
    web.answers[f"https://{host('right')}/calendar.ics"] = Answer(200, ICS, good.body.replace(b"Evening 1", evil))
    first_day("verify", "right", "wrong_zone", "missing_404", "--out", "day.zip")
    with zipfile.ZipFile(tmp_path / "day.zip") as file:
        file.extract("report.html", tmp_path)
    page.on("dialog", lambda dialog: pytest.fail(f"a script of a page ran: {dialog.message}"))
    page.goto(f"file://{tmp_path}/report.html")
    article = page.locator("article[data-source=right]")
    assert "Thu 10 December 2026, 19:00" in article.inner_text()
    assert evil.decode() in article.inner_text()
    article.get_by_role("button", name="right").click()
    page.locator("article[data-source=wrong_zone]").get_by_role("button", name="wrong").click()
    page.locator("article[data-source=wrong_zone]").get_by_label("date").check()
    assert page.locator("article[data-source=missing_404]").get_by_role("button").count() == 0
    page.get_by_role("button", name="Save answers.toml").click()
    assert page.locator("#count").inner_text() == "Write your name first."
    page.fill("#by", 'Ann "A" O\\Neill')
    with page.expect_download() as download:
        page.get_by_role("button", name="Save answers.toml").click()
    answers = tomllib.loads(Path(download.value.path()).read_text())
    assert answers["by"] == 'Ann "A" O\\Neill'
    assert answers["sources"] == {"right": {"right": True}, "wrong_zone": {"right": False, "wrong": ["date"]}}
