"""Sending digests: through apprise, to a real server, each item once per channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.factories import NOW, a_listing, a_when
from tests.notifying.conftest import Channel
from tests.sources_that_speak import a_store, say
from tracker.errors import ConfigurationError
from tracker.models.deadline import Deadline
from tracker.models.selection import Selection
from tracker.models.vocabulary import ZoneSource
from tracker.notifying.delivery import announce
from tracker.publishing.digest import MOST
from tracker.store import Store

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
WEEK = timedelta(days=7)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = a_store(tmp_path)
    yield opened
    opened.close()


def listed(store: Store, name: str, days: int) -> None:
    day = NOW.date() + timedelta(days=30)
    say(store, a_listing(source_id=name, title=name, url=f"https://berlin.example/{name}", when=a_when(day)), days)


def send(store: Store, channel: Channel, days: int) -> list[int | None]:
    return announce(store, [channel.address], Selection(), now=NOW + timedelta(days=days), span=WEEK)


def test_each_item_is_announced_once(store: Store, channel: Channel) -> None:
    listed(store, "Night", 0)
    assert send(store, channel, 0) == [1]
    assert send(store, channel, 1) == [0]
    listed(store, "Dinner", 2)
    assert send(store, channel, 2) == [1]
    assert [("Night" in each["message"], "Dinner" in each["message"]) for each in channel.messages] == [
        (True, False),
        (False, True),
    ]
    assert channel.messages[0]["title"] == "AI safety: 23 to 30 November 2026"


def test_what_could_not_be_sent_is_sent_next_time(store: Store, channel: Channel) -> None:
    listed(store, "Night", 0)
    channel.status = 500
    assert send(store, channel, 0) == [None]
    channel.status = 200
    assert send(store, channel, 0) == [1]


@pytest.mark.long
def test_what_is_more_than_fits_is_sent_next_time(store: Store, channel: Channel) -> None:
    for number in range(MOST + 3):
        listed(store, f"Night of the {number}th", 0)
    assert [send(store, channel, days) for days in (0, 0, 0)] == [[MOST], [3], [0]]


def test_what_failed_for_longer_than_its_week_is_sent_all_the_same(store: Store, channel: Channel) -> None:
    listed(store, "Night", 0)
    channel.status = 500
    assert send(store, channel, 1) == [None]
    channel.status = 200
    assert send(store, channel, 9) == [1]


def test_what_was_told_before_is_not_new_later(store: Store, channel: Channel) -> None:
    day = NOW.date() + timedelta(days=3)
    say(store, a_listing(title="Camp", when=a_when(NOW.date() + timedelta(days=50)),
                         deadlines=(Deadline(at=day, timezone="AoE"),)), 0)  # fmt: skip
    assert send(store, channel, 0) == [1]
    assert send(store, channel, 6) == [0]


def test_nobody_is_called(store: Store, channel: Channel) -> None:
    listed(store, "@everyone come", 0)
    assert send(store, channel, 0) == [1]
    assert "@everyone" not in channel.messages[0]["message"]


def test_channels_are_told_for_themselves_and_their_secrets_are_not_kept(
    store: Store, channel: Channel, tmp_path: Path
) -> None:
    listed(store, "Night", 0)
    addresses = [channel.address, channel.address.replace("json://", "json://user:s3cret@")]
    assert announce(store, addresses, Selection(), now=NOW, span=WEEK) == [1, 1]
    store.close()
    assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.glob("tracker.db*"))


def test_an_address_that_is_none_is_named_without_its_secrets(store: Store) -> None:
    with pytest.raises(ConfigurationError, match=r"Channel 1 .*nonsense:….*") as caught:
        announce(store, ["nonsense://token-abc"], Selection(), now=NOW, span=WEEK)
    assert "token-abc" not in str(caught.value)


def test_a_deadline_whose_zone_is_not_stated_is_announced_as_written(store: Store, channel: Channel) -> None:
    due = Deadline(at=date(2026, 12, 7), timezone="AoE", timezone_source=ZoneSource.ASSUMED)
    say(store, a_listing(when=a_when(date(2027, 3, 1)), deadlines=(due,)), 0)
    assert send(store, channel, 0) == [1]
    message = channel.messages[0]["message"]
    assert "Apply by Mon 7 Dec 2026, time zone not stated" in message
    assert "8 Dec" not in message
