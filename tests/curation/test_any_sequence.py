"""Whatever sources say and people decide, in whatever order: rulings hold, and every id leads to an event."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import a_store, say
from tracker.curation.decisions import decide_pair, undo_ruling_number
from tracker.errors import RulingError
from tracker.matching.rulings import resolve_rulings
from tracker.models.listing import Listing, ListingKey
from tracker.models.ruling import RulingKind
from tracker.pipeline.build import build_events
from tracker.store import Store, listings, queries, rulings

KEYS = [("berlin", "evt-1"), ("directory", "rec1"), ("directory", "rec2"), ("forum", "post")]
DAYS = [date(2026, 12, 10), date(2026, 12, 17)]

speaks = st.tuples(st.just("say"), st.integers(0, 3), st.integers(0, 1))
rules = st.tuples(st.sampled_from(["same", "different"]), st.integers(0, 3), st.integers(0, 3))
undoes = st.tuples(st.just("undo"), st.integers(1, 6), st.just(0))


def listing(number: int, day: int) -> Listing:
    source, source_id = KEYS[number]
    return a_listing(
        source=source, source_id=source_id, title="Interpretability Night", url="https://berlin.example/night",
        when=a_when(DAYS[day]),
    )  # fmt: skip


def placed(store: Store) -> dict[ListingKey, str]:
    with store.reading() as db:
        return {key: member.event_id for key, member in listings.load_memberships(db).items()}


@pytest.mark.long
@settings(max_examples=25)
@given(st.lists(st.one_of(speaks, rules, undoes), max_size=8))
def test_rulings_hold_and_ids_survive(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = a_store(Path(folder))
        seen: set[str] = set()
        for number in range(len(KEYS)):
            say(store, listing(number, 0), 0)
        for at, (what, one, other) in enumerate(steps, 1):
            before = placed(store)
            if what == "say":
                say(store, listing(one, other), at)
            else:
                try:
                    with store.writing() as db:
                        if what == "undo":
                            undo_ruling_number(db, one, NOW)
                        else:
                            names = (" ".join(KEYS[one]), " ".join(KEYS[other]))
                            decide_pair(db, RulingKind(what), *names, now=NOW)
                except RulingError:
                    assert placed(store) == before
                build_events(store, NOW + timedelta(days=at))
            after = placed(store)
            seen |= set(before.values()) | set(after.values())
            with store.reading() as db:
                bound = resolve_rulings(rulings.load_rulings(db), listings.load_listings(db))
                # An id that was ever given leads to an event for ever.
                assert {queries.find_event(db, each).event.id for each in seen} <= set(after.values())
            assert not bound.refused
            assert all(after[a] == after[b] for a, b in bound.together.same)
            assert all(after[a] != after[b] for a, b in bound.together.different)
        settled = placed(store)
        again = build_events(store, NOW + timedelta(days=99))
        assert (again.new, again.changed, again.merged, again.gone) == ([], [], [], [])
        assert placed(store) == settled
        store.close()
