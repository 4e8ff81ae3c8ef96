"""Each check finds what it is for, and stays silent where nobody could know better."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.life import cast
from tests.life.checks import CHECKS, Seen, Violation, check_growth
from tests.life.ledger import Ledger
from tests.life.observing import Behind, EventView
from tests.life.outlets import Entry
from tests.life.subscriber import CalendarEntry, Subscriber
from tests.life.truths import Moment, Truth, Values, instant
from tests.life.world import World

DAY = timedelta(days=1)
START = datetime(2026, 12, 20, 18, 0, tzinfo=UTC)
EVENING = Values("Safety Evening", START, START + timedelta(hours=2), "Berlin, Germany")


class Stage:
    """A world with one event of Berlin's, crawled every day; the test says what the tracker publishes."""

    def __init__(self) -> None:
        self.world = World(1, date(2026, 11, 30))
        self.now = self.world.begins
        self.ledger, self.subscriber = Ledger(), Subscriber()
        self.truth = self.new_truth(EVENING)
        self.entry = self.world.entry(self.world.outlets["berlin"], self.truth)
        self.events: dict[str, EventView] = {}
        self.found: list[Violation] = []
        self._known: dict[str, frozenset[str]] = {}
        self._memory: dict[str, dict[str, Any]] = {check.__name__: {} for check in CHECKS}

    def new_truth(self, values: Values) -> Truth:
        return self.world.truth(self.world.outlets["berlin"], "meetup", values)

    def publishes(self, uid: str, truths: Iterable[Truth], start: Moment = START, **more: Any) -> CalendarEntry:
        """Let the tracker publish an entry in place of that it published under this id."""
        ids = frozenset(each.id for each in truths)
        behind = [Behind("berlin", EVENING.title, start, withdrawn=False)]
        self.events[uid] = EventView(uid, more.pop("into", ""), behind, ids)
        end = start + timedelta(hours=2) if isinstance(start, datetime) else start + DAY
        given: dict[str, Any] = {"status": "CONFIRMED", "sequence": 0, "title": EVENING.title, "content": b""} | more
        entry = CalendarEntry(uid=f"{uid}@aisafety-tracker", start=start, end=end, modified=self.now, **given)
        self.subscriber.before |= self.subscriber.feed
        self.subscriber.last_feed = frozenset(self.subscriber.feed)
        self.subscriber.feed[entry.uid] = self.subscriber.calendar[entry.uid] = entry
        return entry

    def passes(self, days: int = 1, verdict: str = "healthy", fault: str = "") -> set[str]:
        """Let days pass, each with a crawl; return the kinds of what the checks found."""
        for _ in range(days):
            self.now += DAY
            for outlet in self.world.outlets.values():
                if outlet.entries:
                    visit = self.ledger.note(outlet, self.now, outlet.shown(self.now), fault)
                    visit.verdict = verdict
            seen = Seen(self.now, self.world, self.ledger, self.events, self.subscriber, self._known)
            for check in CHECKS:
                self.found += check(seen, self._memory[check.__name__])
        return {each.kind for each in self.found}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_nothing_is_wrong_with_what_is_right(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    assert stage.passes(25) == set()


def test_an_id_that_stands_for_another_event(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes()
    other = stage.new_truth(EVENING.shifted(28 * DAY))
    stage.world.entry(stage.world.outlets["berlin"], other)
    stage.publishes("a", [other], START + 28 * DAY, sequence=1, content=b"x")
    assert "id_reused" in stage.passes()


def test_an_id_that_stands_for_two_events(stage: Stage) -> None:
    other = stage.new_truth(Values("Governance Dinner", START, None, "Berlin, Germany"))
    stage.publishes("a", [stage.truth, other])
    assert "id_reused" in stage.passes()


def test_cancelled_although_it_takes_place(stage: Stage) -> None:
    stage.publishes("a", [stage.truth], status="CANCELLED")
    assert stage.passes() == {"false_cancel"}


def test_one_of_two_entries_may_be_struck_out(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.publishes("b", [stage.truth])
    stage.passes()
    stage.publishes("b", [stage.truth], status="CANCELLED", sequence=1, content=b"x", into="a")
    assert stage.passes(3) == set()


def test_cancelled_beside_a_new_entry(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes()
    stage.publishes("a", [stage.truth], status="CANCELLED", sequence=1, content=b"x", into="b")
    stage.publishes("b", [stage.truth])
    assert stage.passes() == {"false_cancel"}


def test_cancelled_rightly(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes(2)
    stage.entry.says_cancelled, stage.truth.called_off = True, stage.now
    stage.publishes("a", [stage.truth], status="CANCELLED", sequence=1, content=b"x")
    assert stage.passes(3) == set()


def test_back_from_the_past(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes(25)
    stage.publishes("a", [stage.truth], START + 365 * DAY, sequence=1, content=b"x")
    assert stage.passes() == {"resurrected"}


def test_a_time_that_nobody_said(stage: Stage) -> None:
    stage.publishes("a", [stage.truth], START + timedelta(hours=1))
    assert stage.passes() == {"wrong_time"}


def test_two_crawls_late_is_in_time(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes()
    stage.truth.set(stage.now, EVENING.shifted(DAY))
    assert stage.passes(2) == set()
    assert stage.passes() == {"wrong_time"}


def test_a_copy_that_says_less_than_the_organiser(stage: Stage) -> None:
    stage.world.entry(stage.world.outlets["round_up"], stage.truth, is_vague=True)
    stage.publishes("a", [stage.truth], START.date())
    assert stage.passes(3) == {"wrong_time"}


def test_a_wrong_deadline(stage: Stage) -> None:
    stage.truth.change(stage.now, deadline=date(2026, 12, 18))
    stage.publishes("a", [stage.truth])
    stage.publishes("a-deadline-application", [stage.truth], date(2027, 12, 18))
    assert stage.passes() == {"wrong_time"}


def test_still_shown_though_called_off(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes()
    stage.entry.gone_from = stage.truth.called_off = stage.now + timedelta(hours=1)
    assert stage.passes(4) == set()
    assert stage.passes(2) == {"gone_but_shown"}


def test_a_dead_source_says_nothing(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes()
    stage.entry.gone_from = stage.truth.called_off = stage.now + timedelta(hours=1)
    assert stage.passes(8, "failed", "http_500") == set()


def test_listed_and_not_published(stage: Stage) -> None:
    assert stage.passes(2) == set()
    assert stage.passes() == {"lost"}


def test_two_entries_for_one_event(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.publishes("b", [stage.truth])
    assert stage.passes(2) == set()
    assert stage.passes() == {"duplicate"}


@pytest.mark.parametrize(
    ("sequence", "content"), [(3, b"x"), (4, b""), (2, b"x")], ids=["not risen", "risen for nothing", "fallen"]
)
def test_a_wrong_sequence(stage: Stage, sequence: int, content: bytes) -> None:
    stage.publishes("a", [stage.truth], sequence=3)
    stage.passes()
    stage.publishes("a", [stage.truth], sequence=sequence, content=content)
    assert stage.passes() == {"sequence"}


def test_a_sequence_that_rises_with_a_change(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes()
    stage.publishes("a", [stage.truth], sequence=1, content=b"x")
    assert stage.passes() == set()


def test_a_source_that_is_not_believed(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    assert stage.passes(3, "suspect") == {"false_alarm"}
    assert stage.passes(1, "suspect") == {"false_alarm", "stuck"}


def test_doubts_are_right_when_much_has_vanished(stage: Stage) -> None:
    stage.publishes("a", [stage.truth])
    stage.passes(3)
    stage.world.outlets["berlin"].excused.append(stage.now + timedelta(hours=1))
    assert stage.passes(3, "suspect") == set()


def test_growth() -> None:
    steady = [5] * 60
    assert not [*check_growth(steady, [0.1] * 60, START.date())]
    assert [each.kind for each in check_growth([*range(0, 600, 10)], [0.1] * 60, START.date())] == ["growth"]
    assert [each.kind for each in check_growth(steady, [0.05 * n for n in range(60)], START.date())] == ["growth"]


def test_events_are_told_by_what_was_shown_not_by_ids() -> None:
    world, ledger = World(1, date(2026, 11, 30)), Ledger()
    outlet = next(each for each in cast.outlets() if each.id == "berlin")
    first, second = (world.truth(outlet, "meetup", EVENING.shifted(days * DAY)) for days in (0, 28))
    now = world.now
    ledger.note(outlet, now, [Entry(first, "k", "", now), Entry(second, "k", "", now)], "")
    assert ledger.truths_of("berlin", EVENING.title, instant(START)) == {first.id}
    assert ledger.truths_of("berlin", EVENING.title, START + 28 * DAY) == {second.id}
    assert ledger.truths_of("berlin", EVENING.title, START + 365 * DAY) == {first.id, second.id}
    assert ledger.truths_of("forum", EVENING.title, START) == set()
