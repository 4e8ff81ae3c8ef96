"""Telling of sources that have begun to fail: through apprise, to a real server, once a day at most."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.factories import NOW, a_listing
from tests.notifying.conftest import Channel
from tests.sources_that_speak import a_store, say
from tracker.errors import ConfigurationError
from tracker.models.crawl_result import CrawlResult
from tracker.models.run import Run
from tracker.models.vocabulary import Verdict
from tracker.notifying.alerts import alert
from tracker.store import Store, runs

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def fail(store: Store, source: str, times: int, hours: float = 1) -> None:
    at = NOW + timedelta(hours=hours)
    for _ in range(times):
        run = Run(source=source, started_at=at, finished_at=at, verdict=Verdict.FAILED, diagnosis="gone",
                  message="The page is not there (HTTP 404). @everyone")  # fmt: skip
        with store.writing() as db:
            runs.record_run(db, run, CrawlResult())


def test_only_what_keeps_failing_is_told_once_and_once_a_day(tmp_path: Path, channel: Channel) -> None:
    store = a_store(tmp_path)
    say(store, a_listing(), days=0)

    def told(hours: float) -> list[int | None]:
        return alert(store, [channel.address], now=NOW + timedelta(hours=hours))

    fail(store, "berlin", 2)
    assert told(1) == [0], "a hiccup is none"
    fail(store, "berlin", 1)
    assert told(2) == [1]
    (message,) = channel.messages
    assert message["title"] == "1 source cannot be read"
    assert "AI Safety Berlin, since 23 November. The page is not there" in message["message"]
    assert "@everyone" not in message["message"]
    fail(store, "berlin", 5)
    fail(store, "forum", 5)
    assert told(3) == [0], "one message a day"
    assert told(26) == [1]
    assert told(60) == [0]
    say(store, a_listing(), days=3)
    fail(store, "berlin", 3, hours=80)
    assert told(90) == [1], "another spell of failing"
    assert len(channel.messages) == 3
    store.close()


def test_what_could_not_be_sent_is_sent_next_time(tmp_path: Path, channel: Channel) -> None:
    store = a_store(tmp_path)
    fail(store, "berlin", 3)
    channel.status = 500
    assert alert(store, [channel.address], now=NOW) == [None]
    channel.status = 200
    assert alert(store, [channel.address], now=NOW) == [1]
    assert "never could be" in channel.messages[0]["message"]
    with pytest.raises(ConfigurationError, match="Channel 1 of the setting 'alert'"):
        alert(store, ["nonsense://x"], now=NOW)
    store.close()
