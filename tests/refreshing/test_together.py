"""Several workers publish together: the same as one would, also if some of them die on the way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.databases import make_database
from tests.factories import NOW, a_listing, a_raw, a_when
from tracker.models import Listing
from tracker.refreshing import refresh
from tracker.refreshing.refresh import help_out, refresh_events, refresh_together
from tracker.store import Store, open_store, schema, sightings, upkeep
from tracker.store.basis import code_of

pytestmark = pytest.mark.postgres
DAY = date(2026, 12, 10)
EVENTS = 40


@pytest.fixture(autouse=True)
def _few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "AT_A_TIME", 3)


@pytest.fixture
def servers() -> Iterator[tuple[Store, Store]]:
    """Two stores that hold the same listings: of each event two, which are merged."""
    opened = [open_store(make_database(name), create=True) for name in ("one", "several")]
    for each in opened:
        for source in ("berlin", "directory"):
            for number in range(EVENTS):
                keep(each, told(source, number))
    yield opened[0], opened[1]
    for each in opened:
        each.close()


def told(source: str, number: int) -> Listing:
    url = f"https://berlin.example/talks/{number}"
    when = a_when(DAY + timedelta(days=number))
    return a_listing(
        source=source, source_id=f"e{number}", title=f"Talk {'abcdefgh'[number % 8] * 5}", url=url, when=when
    )


def keep(store: Store, listing: Listing) -> None:
    raw = a_raw(source=listing.source, source_id=listing.source_id, title=listing.title)
    with store.writing() as db:
        sightings.save_listings(db, [(raw, listing)], NOW)


def published(store: Store) -> dict[str, Any]:
    """Return what is published, with each event called after its first listing instead of its id, which is random."""
    event, member = schema.event.c, schema.membership.c
    with store.reading() as db:
        members = db.execute(select(member.event_id, member.source, member.source_id, member.reason).order_by(*member))
        rows = [tuple(row) for row in members]
        names: dict[str, str] = {}
        for event_id, source, source_id, _ in sorted(rows, key=lambda row: row[1:]):
            names.setdefault(event_id, f"{source} {source_id}")
        events = db.execute(select(event.id, event.document, event.sequence, event.series)).all()
        changes = db.execute(select(func.count()).select_from(schema.change)).scalar_one()
        assert list(upkeep.complaints(db)) == []
        assert db.execute(select(func.count()).select_from(schema.portion)).scalar() == 0
    return {
        "members": sorted((names[row[0]], *row[1:]) for row in rows),
        "events": sorted(
            (names[row.id], row.document.replace(row.id, ""), row.sequence, row.series is None) for row in events
        ),
        "changes": changes,
    }


def helping(store: Store) -> int:
    made = 0
    other = open_store(store.url)
    while help_out(other, NOW):
        made += 1
    other.close()
    return made


def test_several_publish_what_one_would(servers: tuple[Store, Store]) -> None:
    one, several = servers
    alone = refresh_events(one, NOW)
    with ThreadPoolExecutor() as pool:
        helpers: list[Future[int]] = []

        def call(portions: int) -> None:
            assert portions == -(-EVENTS // 3)
            helpers.extend(pool.submit(helping, several) for _ in range(3))

        together = refresh_together(several, NOW, call)
    assert sum(each.result() for each in helpers) > 0
    assert (len(together.new), together.total) == (len(alone.new), alone.total) == (EVENTS, EVENTS)
    assert published(several) == published(one)
    assert refresh_together(several, NOW, lambda _: pytest.fail("nothing is due")).new == [], (
        "and nothing is due after that"
    )


def test_what_a_helper_had_in_hand_when_it_died_is_made_all_the_same(
    servers: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, several = servers
    refresh_events(one, NOW)

    def dies(*_: Any) -> Any:
        raise SystemExit

    def call(_: int) -> None:
        with monkeypatch.context() as dying:
            dying.setattr(refresh, "make_events", dies)
            with pytest.raises(SystemExit):
                help_out(several, NOW)

    refresh_together(several, NOW, call)
    assert published(several) == published(one)


def test_what_is_left_when_the_one_who_publishes_dies_is_due_for_the_next(servers: tuple[Store, Store]) -> None:
    one, several = servers
    refresh_events(one, NOW)

    def call(_: int) -> None:
        help_out(several, NOW)
        raise SystemExit

    with pytest.raises(SystemExit):
        refresh_together(several, NOW, call)
    refreshed = refresh_together(several, NOW, lambda _: None)
    assert 0 < len(refreshed.new) < EVENTS
    assert published(several) == published(one)


def test_a_helper_of_another_version_leaves_portions_alone(servers: tuple[Store, Store]) -> None:
    _, several = servers

    def call(_: int) -> None:
        with several.writing() as db:
            db.execute(update(schema.portion).values(code="newer"))
        assert not help_out(several, NOW)
        with several.writing() as db:
            db.execute(update(schema.portion).values(code=code_of()))

    assert len(refresh_together(several, NOW, call).new) == EVENTS
