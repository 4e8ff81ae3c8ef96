"""Only what changed is made again, and that is as good as making everything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.factories import NOW, a_listing, a_source, a_when
from tests.sources_that_speak import say
from tracker.models.listing import Listing
from tracker.models.ruling import Ruling, RulingKind
from tracker.pipeline import build
from tracker.pipeline.build import build_batch, build_events
from tracker.pipeline.planning import _PROFILE_VERSION, StaleEvent
from tracker.store import Store, build_state, rulings, schema, sources

DAY = date(2026, 12, 10)
NIGHTS = [
    a_listing(source_id=f"n{week}", title="Interpretability Night Berlin", url=f"https://berlin.example/night/{week}",
              when=a_when(DAY + timedelta(days=7 * week)), organizers=("AI Safety Berlin",))
    for week in range(3)
]  # fmt: skip
DINNER = a_listing(source_id="dinner", title="Governance Dinner", url="https://berlin.example/dinner", when=a_when(DAY),
                   organizers=("AI Safety Berlin",))  # fmt: skip


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[str]:
    """Titles of the events that are made from now on."""
    say(store, [*NIGHTS, DINNER], 0)
    titles: list[str] = []

    def make(db: Any, due: list[StaleEvent], now: Any) -> Any:
        table = schema.event
        ids = [each.event_id for each in due]
        outcome = build_batch(db, due, now)
        titles.extend(db.execute(select(table.c.document).where(table.c.id.in_(ids))).scalars())
        return outcome

    monkeypatch.setattr(build, "build_batch", make)
    return titles


def state(store: Store) -> dict[str, Any]:
    with store.reading() as db:
        event, member = schema.event.c, schema.membership.c
        return {
            "events": db.execute(select(event.id, event.document, event.vevent, event.series).order_by(event.id)).all(),
            "members": db.execute(select(*member).order_by(member.source, member.source_id)).all(),
        }


def longer(listing: Listing) -> Listing:
    return listing.model_copy(update={"description": "There will be cake."})


def test_only_the_event_is_made_whose_listing_says_something_else(store: Store, made: list[str]) -> None:
    assert len(say(store, longer(DINNER), 1).changed) == 1
    assert len(made) == 1
    assert "Governance Dinner" in made[0]


def test_an_event_that_joins_a_series_is_made_with_the_others_if_they_were_alone(store: Store, made: list[str]) -> None:
    again = {"source_id": "d2", "url": "https://berlin.example/d2", "when": a_when(DAY + timedelta(days=30))}
    say(store, DINNER.model_copy(update=again), 1)
    assert len(made) == 2


def test_a_source_with_another_name_has_its_events_made_again(store: Store, made: list[str]) -> None:
    with store.writing() as db:
        sources.save_sources(db, [a_source(name="Another name")])
    build_events(store, NOW)
    assert len(made) == 4


def test_a_ruling_has_the_event_made_again_that_it_is_about(store: Store, made: list[str]) -> None:
    said = Ruling(kind=RulingKind.EDIT, a=(str(DINNER.key),), field="title", value="Feast", at=NOW)
    with store.writing() as db:
        rulings.add_ruling(db, said)
    build_events(store, NOW)
    assert len(made) == 1
    assert "Feast" in made[0]


@pytest.mark.parametrize("said", [longer(DINNER), NIGHTS[1].model_copy(update={"title": "Cancelled for good"})])
def test_making_what_is_due_gives_what_making_everything_gives(store: Store, made: list[str], said: Listing) -> None:
    say(store, said, 1)
    before = state(store)
    with store.writing() as db:
        db.execute(delete(schema.profile))
    made.clear()
    build_events(store, NOW, rebuild=True)
    assert len(made) == 4
    assert state(store) == before


def test_a_profile_is_computed_once_and_again_if_the_listing_changes(store: Store, made: list[str]) -> None:
    def stale() -> list[str]:
        with store.reading() as db:
            return [each.source_id for each in build_state.stale_profiles(db, _PROFILE_VERSION)]

    assert stale() == []
    with store.writing() as db:
        db.execute(delete(schema.profile).where(schema.profile.c.source_id == "dinner"))
    assert stale() == ["dinner"]
    say(store, longer(DINNER), 1)
    assert stale() == [], "computed by the build"


def test_the_profile_of_a_listing_that_is_gone_is_forgotten(store: Store, made: list[str]) -> None:
    with store.writing() as db:
        for table in (schema.listing, schema.listing_document):
            db.execute(delete(table).where(table.c.source_id == "dinner"))
    assert len(build_events(store, NOW).gone) == 1
    with store.reading() as db:
        assert "dinner" not in db.execute(select(schema.profile.c.source_id)).scalars().all()
