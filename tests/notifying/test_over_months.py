"""Months of random news, dead channels and killed processes: what a reader of the messages believes is what is true."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.factories import NOW
from tests.notifying.conftest import Channel
from tests.notifying.test_pushing import START, camp, subscription
from tests.sources_that_speak import a_store, say
from tracker.models.application_status import APPLICATION_KINDS
from tracker.models.listing import Listing
from tracker.models.selection import Selection
from tracker.models.vocabulary import Lifecycle
from tracker.notifying.delivery import begin, run_subscription
from tracker.notifying.subscription_file import save_subscriptions
from tracker.publishing.phrases import deadline_line, format_when
from tracker.store import Store, notifications, queries

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
AGAIN = "may be a repetition"


class KilledError(BaseException):
    """Stands for a kill: nothing after it runs."""


class Months:
    """Camps that appear, move, extend their deadline and are called off."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.camps: dict[str, Listing] = {}

    def day(self, today: int) -> list[Listing]:
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            name = f"Camp{len(self.camps):03}"
            start = today + self.random.randint(30, 120)
            closes = START + timedelta(days=today + self.random.randint(3, 25))
            self.camps[name] = camp(name, day=start, deadline=closes)
        for name, each in self.camps.items():
            if each.lifecycle is not Lifecycle.SCHEDULED or self.random.random() > 0.04:
                continue
            days = (each.when.starts_at.date() - START).days
            closes_on = closing_day(each)
            match self.random.choice(("move", "back", "extend", "cancel")):
                case "move":
                    self.camps[name] = camp(name, day=days + 7, deadline=closes_on)
                case "back":
                    self.camps[name] = camp(name, day=max(days - 7, today + 2), deadline=closes_on)
                case "extend":
                    self.camps[name] = camp(name, day=days, deadline=closes_on + timedelta(days=4))
                case _:
                    self.camps[name] = each.model_copy(update={"lifecycle": Lifecycle.CANCELLED})
        return list(self.camps.values())


@pytest.mark.parametrize("seed", range(2, 4))
def test_what_a_reader_believes_is_what_is_true(
    tmp_path: Path, channel: Channel, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    store = a_store(tmp_path)
    with store.keep_open():
        live(store, channel, monkeypatch, seed)
    store.close()


def live(store: Store, channel: Channel, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    months, wanted = Months(seed), subscription(channel, burst=20)
    begin(store, "mine", wanted, NOW)
    kills = 0
    for today in range(1, 60):
        if listings := months.day(today):
            say(store, listings, today)
        channel.status = 500 if (today // 5) % 4 == 1 else 200
        for hour in range(0, 24, 6):
            now = NOW + timedelta(days=today, hours=hour)
            if channel.status == 200 and months.random.random() < 0.05:
                kills += kill_in_the_middle(store, wanted, now, monkeypatch)
            else:
                run_subscription(store, "mine", wanted, now)
    channel.status = 200
    run_subscription(store, "mine", wanted, NOW + timedelta(days=60))
    check_beliefs(store, channel)
    bodies = Counter((each["title"], each["message"]) for each in channel.messages if AGAIN not in each["message"])
    repeated = sum(AGAIN in each["message"] for each in channel.messages)
    # Only a camp that moves there and back again says the same twice; the days left to its deadline make them differ.
    assert sum(count - 1 for count in bodies.values()) <= repeated <= kills


def closing_day(listing: Listing) -> date:
    day = listing.deadlines[0].at
    assert day is not None
    return day


def kill_in_the_middle(store: Store, wanted: object, now: object, monkeypatch: pytest.MonkeyPatch) -> int:
    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(notifications, "save_delivered", killed)
        patch.setattr(notifications, "release", lambda *_: None)
        try:
            run_subscription(store, "mine", wanted, now)  # type: ignore[arg-type]
        except KilledError:
            return 1
    return 0


def check_beliefs(store: Store, channel: Channel) -> None:
    """Hold the last message about each camp against the store."""
    last: dict[str, tuple[str, str]] = {}
    reminded = Counter[tuple[str, str]]()
    for message in channel.messages:
        if "news of" in message["title"]:  # after days in which the channel was dead
            items = re.findall(r"(?m)^- \*\*\[(\w+)\].*$", message["message"])
            lines = [line for line in message["message"].splitlines() if line.startswith("- ")]
            last |= {title: (line, line) for title, line in zip(items, lines, strict=True)}
            continue
        headline, _, title = message["title"].partition(": ")
        last[title] = message["message"], headline
        if "Closes" in headline and AGAIN not in message["message"]:
            reminded[title, message["message"]] += 1
    now = NOW + timedelta(days=60)
    with store.reading() as db:
        listed = queries.find_events(db, Selection(), now)
    assert len(listed) > 20
    for published in listed:
        event = published.event
        if event.lifecycle is Lifecycle.CANCELLED and event.title not in last:
            continue  # called off before anybody was told of it
        body, headline = last[event.title]
        assert ("Cancelled" in headline) == (event.lifecycle is Lifecycle.CANCELLED), event.title
        assert format_when(event.when) in body, event.title
        for deadline in event.deadlines:
            if deadline.kind in APPLICATION_KINDS and deadline.closes_at and deadline.closes_at > now:
                assert deadline_line(deadline) in body, event.title
    assert max(reminded.values()) == 1


def test_nothing_is_lost_if_the_process_is_killed_again_and_again(tmp_path: Path, channel: Channel) -> None:
    """With SIGKILL, at moments spread over its whole run; each next run comes eleven minutes later."""
    store = a_store(tmp_path)
    wanted = subscription(channel, burst=20)
    begin(store, "mine", wanted, NOW)
    say(store, [camp(f"Camp{number}") for number in range(20)], 0)
    save_subscriptions(tmp_path, {"mine": wanted})
    store.close()
    channel.delay = 0.1
    command = [sys.executable, "-m", "tracker", "notify", "run", "--data", str(tmp_path)]
    kills, number = 0, 0
    while True:
        number += 1
        now = NOW + timedelta(minutes=11 * number)
        started, before = time.monotonic(), len(channel.messages)
        process = subprocess.Popen(
            command, env=os.environ | {"TRACKER_NOW": now.isoformat()}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if kills < 12:
            # Some before anything is sent, most while messages are on their way.
            while kills % 4 and len(channel.messages) < before + 2 and time.monotonic() < started + 30:
                time.sleep(0.005)
            time.sleep(0.03 * (kills % 4) + 0.2 * (kills % 4 == 0))
            process.send_signal(signal.SIGKILL)
            kills += process.wait() == -signal.SIGKILL
            process.stdout.close()  # type: ignore[union-attr]
            continue
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        break
    told = Counter(each["title"] for each in channel.messages)
    assert set(told) == {f"New: Camp{number}" for number in range(20)}, "nothing is lost"
    repeated = sum(AGAIN in each["message"] for each in channel.messages)
    assert sum(told.values()) - 20 <= repeated <= kills
