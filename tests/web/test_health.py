from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.factories import NOW, a_listing
from tests.sources_that_speak import say
from tracker.store import Store


def test_health_turns_bad_when_cron_is_forgotten(
    site: TestClient, spoken: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(spoken, a_listing(), days=0)
    assert site.get("/healthz").status_code == 200
    assert site.get("/healthz").json()["healthy"] == 1
    assert site.get("/healthz").json()["calendar_programs_show_changes_after"]["Google Calendar"] == "8 to 24 hours"
    assert site.get("/sources.json").json()["health"]["healthy"] == 1
    monkeypatch.setenv("TRACKER_NOW", (NOW + timedelta(days=3)).isoformat())
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert "Run: tracker crawl" in answer.json()["error"]
