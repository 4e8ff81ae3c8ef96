"""What is pushed when, over months: through apprise, to a real server, each piece of news once per channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW, a_listing, a_when
from tests.notifying.conftest import Channel
from tests.sources_that_speak import a_store, say
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.subscription import Subscription, read_subscription
from tracker.models.vocabulary import Lifecycle, ZoneSource
from tracker.notifying.delivery import Outcome, begin, run_subscription
from tracker.notifying.notices import own_items
from tracker.store import Store, notifications

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
START = NOW.date()
BERLIN, PARIS = Place(raw="Berlin", city="Berlin", country="DE"), Place(raw="Paris", city="Paris", country="FR")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = a_store(tmp_path)
    with opened.keep_open():
        yield opened
    opened.close()


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def subscription(channel: Channel, **changes: Any) -> Subscription:
    return read_subscription("mine", {"to": [channel.address], "burst": 20} | changes)


def run(store: Store, wanted: Subscription, days: float) -> list[Outcome]:
    return [each.outcome for each in run_subscription(store, "mine", wanted, at(days))]


def titles(channel: Channel) -> list[str]:
    return [each["title"] for each in channel.messages]


def camp(name: str = "Camp", *, deadline: date | datetime | None = None, day: int = 60, **changes: Any) -> Listing:
    zone = {"timezone": "Europe/Berlin", "timezone_source": ZoneSource.STATED}
    closing = (Deadline(at=deadline, **zone),) if deadline else ()
    values: dict[str, Any] = {"source_id": name, "title": name, "url": f"https://berlin.example/{name}"}
    values |= {"when": a_when(START + timedelta(days=day)), "deadlines": closing, "places": (BERLIN,)}
    return a_listing(**values | changes)


@pytest.mark.long
def test_a_camp_is_followed_from_new_to_cancelled(store: Store, channel: Channel) -> None:
    """Four months, a run every six hours: what is told, and on which day."""
    wanted = subscription(channel)
    begin(store, "mine", wanted, NOW)
    first, extended = START + timedelta(days=40), START + timedelta(days=50)
    story = {
        2: camp(deadline=first),
        20: camp(deadline=first, day=62),
        38: camp(deadline=extended, day=62),
        70: camp(deadline=extended, day=90),
        80: camp(deadline=extended, day=90, lifecycle=Lifecycle.CANCELLED),
    }
    told: list[tuple[float, str]] = []
    for quarter in range(120 * 4):
        days = quarter / 4
        if days in story:
            say(store, story[int(days)], int(days))
        before = len(channel.messages)
        run(store, wanted, days)
        told += [(days, title) for title in titles(channel)[before:]]
    assert told == [
        (2, "New: Camp"),
        (20, "Moved: Camp"),
        (33.5, "Closes in 6 days: Camp"),
        (38, "Deadline extended: Camp"),
        (43.5, "Closes in 6 days: Camp"),
        (48.5, "Closes in 47 hours: Camp"),
        (70, "Moved: Camp"),
        (80, "Cancelled: Camp"),
    ]


def test_a_message_says_what_changed_and_who_says_so(store: Store, channel: Channel) -> None:
    wanted = subscription(channel)
    say(store, camp(deadline=START + timedelta(days=20)), 0)
    begin(store, "mine", wanted, NOW)
    say(store, camp(deadline=START + timedelta(days=30)), 1)
    run(store, wanted, 1)
    (message,) = channel.messages
    assert message["message"].splitlines() == [
        "Fri 22 Jan 2027 · Berlin, Germany",
        "Deadline extended: from Apply by Sun 13 Dec 2026, Berlin time to Apply by Wed 23 Dec 2026, Berlin time",
        "Apply by Wed 23 Dec 2026, Berlin time",
        "https://berlin.example/Camp",
        "According to AI Safety Berlin",
    ]


def test_what_is_there_at_the_beginning_is_known(store: Store, channel: Channel) -> None:
    say(store, camp(), 0)
    wanted = subscription(channel)
    assert begin(store, "mine", wanted, NOW) == 1
    assert run(store, wanted, 1) == [Outcome.NOTHING]


def test_who_asks_for_berlin_is_told_that_it_goes_to_paris_and_then_is_cancelled(
    store: Store, channel: Channel
) -> None:
    wanted = subscription(channel, selection="city=Berlin")
    say(store, camp(), 0)
    begin(store, "mine", wanted, NOW)
    say(store, camp(places=(PARIS,)), 1)
    run(store, wanted, 1)
    say(store, camp(places=(PARIS,), lifecycle=Lifecycle.CANCELLED), 2)
    run(store, wanted, 2)
    assert titles(channel) == ["Other place: Camp", "Cancelled: Camp"]


def test_what_comes_into_the_selection_later_is_new_and_its_past_is_not_told(store: Store, channel: Channel) -> None:
    wanted = subscription(channel, selection="city=Paris")
    begin(store, "mine", wanted, NOW)
    say(store, camp(), 1)
    say(store, camp(day=61), 2)
    assert run(store, wanted, 2) == [Outcome.NOTHING]
    say(store, camp(day=61, places=(PARIS,)), 3)
    run(store, wanted, 3)
    run(store, wanted, 4)
    assert titles(channel) == ["New: Camp"]


def test_a_move_there_and_back_while_the_channel_was_dead_is_no_news_and_two_moves_are_one(
    store: Store, channel: Channel
) -> None:
    say(store, [camp("Camp"), camp("Other")], 0)
    wanted = subscription(channel)
    begin(store, "mine", wanted, NOW)
    channel.status = 500
    for days, there in ((1, 70), (2, 80)):
        say(store, [camp("Camp", day=there), camp("Other", day=there)], days)
        assert run(store, wanted, days) == [Outcome.FAILED]
    say(store, [camp("Camp"), camp("Other", day=80)], 3)
    channel.status = 200
    run(store, wanted, 3)
    assert titles(channel) == ["Moved: Other"]
    assert "from Fri 22 Jan 2027 to Thu 11 Feb 2027" in channel.messages[0]["message"]


def test_a_dead_channel_loses_nothing_and_keeps_no_other_waiting(
    store: Store, channel: Channel, other_channel: Channel
) -> None:
    wanted = subscription(channel, to=[channel.address, other_channel.address])
    begin(store, "mine", wanted, NOW)
    channel.status = 500
    for days in range(1, 15):
        say(store, camp(f"Camp {days}"), days)
        assert run(store, wanted, days) == [Outcome.FAILED, Outcome.SENT]
    with store.reading() as db:
        (dead,) = [each for each in notifications.load_deliveries(db).values() if each.failures]
    assert (dead.failures, dead.failing_since, "error=500" in dead.problem) == (14, at(1), True)
    channel.status = 200
    assert run(store, wanted, 15) == [Outcome.SENT, Outcome.NOTHING]
    expected = {f"New: Camp {days}" for days in range(1, 15)}
    assert set(titles(channel)) == set(titles(other_channel)) == expected
    assert len(channel.messages) == len(other_channel.messages) == len(expected)


def test_a_deadline_that_passed_while_the_channel_was_dead_is_not_told(store: Store, channel: Channel) -> None:
    say(store, camp(deadline=START + timedelta(days=9)), 0)
    wanted = subscription(channel)
    begin(store, "mine", wanted, NOW)
    channel.status = 500
    run(store, wanted, 5)
    channel.status = 200
    assert run(store, wanted, 11) == [Outcome.NOTHING]


def test_a_burst_is_one_digest(store: Store, channel: Channel) -> None:
    wanted = subscription(channel, burst=3)
    begin(store, "mine", wanted, NOW)
    say(store, [camp(f"Camp {number}") for number in range(7)], 1)
    run(store, wanted, 1)
    assert titles(channel) == ["mine: news of 7 events"]
    assert all(f"Camp {number}" in channel.messages[0]["message"] for number in range(7))
    assert run(store, wanted, 2) == [Outcome.NOTHING]


def test_quiet_hours_wait_and_then_everything_comes(store: Store, channel: Channel) -> None:
    wanted = subscription(channel, quiet="22:00-07:00", zone="Europe/Berlin")
    begin(store, "mine", wanted, NOW)
    say(store, camp(), 1)
    night = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    (result,) = run_subscription(store, "mine", wanted, night)
    assert (result.outcome, result.quiet_until) == (Outcome.QUIET, datetime(2026, 11, 25, 6, 0, tzinfo=UTC))
    assert titles(channel) == []
    (result,) = run_subscription(store, "mine", wanted, night + timedelta(hours=3))
    assert result.outcome is Outcome.SENT
    assert titles(channel) == ["New: Camp"]


def test_only_what_is_asked_for_is_told(store: Store, channel: Channel) -> None:
    wanted = subscription(channel, about=["closing"], remind=["48h"])
    begin(store, "mine", wanted, NOW)
    say(store, camp(deadline=START + timedelta(days=9)), 1)
    for quarter in range(4, 48):
        if quarter == 16:
            say(store, camp(deadline=START + timedelta(days=9), day=61), 4)
        run(store, wanted, quarter / 4)
    assert titles(channel) == ["Closes in 47 hours: Camp"]


def test_two_subscriptions_of_one_channel_tell_it_once(store: Store, channel: Channel) -> None:
    """Also where the first does not want what the second wants."""
    everything, deadlines = subscription(channel), subscription(channel, about=["closing"])
    begin(store, "deadlines", deadlines, NOW)
    begin(store, "everything", everything, NOW)
    begin(store, "berlin", subscription(channel, selection="city=Berlin"), NOW)
    for days, listing in ((1, camp()), (2, camp(day=61))):
        say(store, listing, days)
        run_subscription(store, "deadlines", deadlines, at(days))
        run_subscription(store, "everything", everything, at(days))
        run_subscription(store, "berlin", subscription(channel, selection="city=Berlin"), at(days))
    assert titles(channel) == ["New: Camp", "Moved: Camp"]


def test_an_event_that_becomes_part_of_another_is_not_new_again(store: Store, channel: Channel) -> None:
    wanted = subscription(channel)
    say(store, camp(), 0)
    begin(store, "mine", wanted, NOW)
    say(store, camp(source="directory", source_id="x-1"), 1)
    assert run(store, wanted, 1) == [Outcome.NOTHING]


def test_a_deadline_without_a_stated_zone_is_never_shown_as_later_than_meant(store: Store, channel: Channel) -> None:
    day = START + timedelta(days=10)
    assumed = Deadline(at=day, timezone="AoE", timezone_source=ZoneSource.ASSUMED)
    say(store, camp(deadlines=(assumed,)), 0)
    wanted = subscription(channel, remind=["48h"])
    begin(store, "mine", wanted, NOW)
    # The day ends first at 10:00 UTC; at noon two days before, less than 48 hours are left there.
    assert run(store, wanted, 7) == [Outcome.NOTHING]
    assert run(store, wanted, 8) == [Outcome.SENT]
    assert titles(channel) == ["Closes in 2 days: Camp"]


def test_a_killed_run_leaves_the_channel_to_others_after_ten_minutes_and_says_that_it_repeats(
    store: Store, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the service took the message, before that was recorded: the one moment in which it comes twice."""

    class KilledError(BaseException):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    wanted = subscription(channel)
    begin(store, "mine", wanted, NOW)
    say(store, camp(), 1)
    with monkeypatch.context() as patch:
        patch.setattr(notifications, "save_delivered", killed)
        patch.setattr(notifications, "release", lambda *_: None)
        with pytest.raises(KilledError):
            run(store, wanted, 1)
    assert run(store, wanted, 1) == [Outcome.BUSY]
    assert run(store, wanted, 1 + 11 / (24 * 60)) == [Outcome.SENT]
    assert titles(channel) == ["New: Camp", "New: Camp"]
    assert "may be a repetition" not in channel.messages[0]["message"]
    assert "may be a repetition" in channel.messages[1]["message"]
    assert run(store, wanted, 2) == [Outcome.NOTHING]


def test_a_channel_is_one_runs_at_a_time_whatever_the_subscription(store: Store, channel: Channel) -> None:
    wanted = subscription(channel)
    begin(store, "mine", wanted, NOW)
    begin(store, "other", wanted, NOW)
    (address,) = {key for _, key in deliveries(store)}
    with store.writing() as db:
        assert notifications.claim(db, "other", address, at(1))
    assert run(store, wanted, 1) == [Outcome.BUSY]
    with store.writing() as db:
        notifications.release(db, "other", address)
    assert run(store, wanted, 1) == [Outcome.NOTHING]


def deliveries(store: Store) -> set[tuple[str, str]]:
    with store.reading() as db:
        return set(notifications.load_deliveries(db))


def test_a_removed_subscription_forgets_what_it_follows_but_not_what_was_sent(store: Store, channel: Channel) -> None:
    wanted = subscription(channel)
    begin(store, "mine", wanted, NOW)
    say(store, camp(), 1)
    run(store, wanted, 1)
    with store.writing() as db:
        notifications.forget_subscription(db, "mine", own_items("mine"))
        assert notifications.load_deliveries(db) == {}
    begin(store, "mine", wanted, at(2))
    assert run(store, wanted, 3) == [Outcome.NOTHING]
    assert titles(channel) == ["New: Camp"]


def test_a_weekly_digest_comes_once_a_week(store: Store, channel: Channel) -> None:
    wanted = subscription(channel, digest="7d")
    told = []
    for days in range(1, 30):
        say(store, camp(f"Camp {days}"), days)
        if run(store, wanted, days) == [Outcome.SENT]:
            told.append(days)
    assert told == [1, 8, 15, 22, 29]
    assert all(sum(f"[Camp {days}]" in each["message"] for each in channel.messages) == 1 for days in range(1, 30)), (
        "each event is in exactly one digest"
    )
