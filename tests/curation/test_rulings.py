"""Rulings: what a person decides holds, whatever sources say, until it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import a_store, mention, say
from tracker.curation.decisions import decide_edit, decide_hidden, decide_locked, decide_pair, undo_ruling_number
from tracker.curation.rulings_file import import_rulings, restore_backup, write_backup, write_rulings
from tracker.errors import RulingError
from tracker.models.event import Event
from tracker.models.ruling import RulingKind
from tracker.models.selection import Selection
from tracker.models.vocabulary import CostKind, Mode
from tracker.pipeline.build import build_events
from tracker.pipeline.planning import BuildResult
from tracker.store import Store, change_log, queries, rulings
from tracker.store.listings import load_memberships

DAY = date(2026, 12, 10)
OWN = a_listing(title="Interpretability Night Berlin", url="https://berlin.example/night", when=a_when(DAY))
COPY = a_listing(
    source="directory", source_id="rec1", title="Interpretability Night", url="https://berlin.example/night?utm_source=x",
    when=a_when(DAY),
)  # fmt: skip
OTHER = a_listing(
    source="directory", source_id="rec2", title="Compute Governance Dinner", url="https://luma.com/dinner1", when=a_when(date(2027, 1, 8))
)  # fmt: skip


@contextmanager
def review_session(store: Store, results: list[BuildResult] | None = None) -> Iterator[Connection]:
    with store.writing() as db:
        yield db
    done = build_events(store, NOW + timedelta(hours=1))
    if results is not None:
        results.append(done)


def shown(store: Store) -> dict[str, Event]:
    """Return what is shown, by title."""
    with store.reading() as db:
        return {each.event.title: each.event for each in queries.find_events(db, Selection(), NOW)}


def crawl(store: Store) -> None:
    mention(store, OWN, 0)
    say(store, [COPY, OTHER], 0)


def test_two_listings_of_one_event_are_told_apart_and_come_together_again(store: Store) -> None:
    crawl(store)
    (merged, _) = before = sorted(shown(store).values(), key=lambda each: each.when.starts_at)
    assert len(merged.sources) == 2
    with review_session(store) as db:
        number = decide_pair(db, RulingKind.DIFFERENT, "berlin evt-1", "directory rec1", NOW).number
    assert sorted(shown(store)) == [
        "Compute Governance Dinner",
        "Interpretability Night",
        "Interpretability Night Berlin",
    ]
    assert shown(store)["Interpretability Night Berlin"].id == merged.id
    with review_session(store) as db:
        undo_ruling_number(db, number, NOW)
    assert sorted(shown(store).values(), key=lambda each: each.when.starts_at) == before


def test_a_ruled_pair_is_one_event_against_any_veto(store: Store) -> None:
    crawl(store)
    ids = {title: event.id for title, event in shown(store).items()}
    one, other = ids.values()
    with review_session(store) as db:
        number = decide_pair(db, RulingKind.SAME, one, other, NOW).number
    (event,) = shown(store).values()
    assert len(event.sources) == 3
    assert {each.field for each in event.disagreements} >= {"title", "when"}
    with store.reading() as db:
        reasons = [reason for _, reason in _behind(db, event.id)]
    assert sum("ruling 1: one event with" in reason for reason in reasons) >= 1
    with review_session(store) as db:
        undo_ruling_number(db, number, NOW)
    assert {title: event.id for title, event in shown(store).items()} == ids


def _behind(db: Connection, event_id: str) -> list[tuple[object, str]]:
    from tracker.store.listings import listings_of_event

    return list(listings_of_event(db, event_id))


def test_a_merged_away_id_names_what_it_named(store: Store) -> None:
    crawl(store)
    ids = {title: event.id for title, event in shown(store).items()}
    one, other = ids.values()
    with review_session(store) as db:
        decide_pair(db, RulingKind.SAME, one, other, NOW)
    with (
        store.writing() as db,
        pytest.raises(RulingError, match=r"ruling 1: .* Take it back first: tracker rule undo 1"),
    ):
        decide_pair(db, RulingKind.DIFFERENT, one, other, NOW)


def test_a_hidden_event_is_struck_out_and_comes_back(store: Store) -> None:
    crawl(store)
    event = shown(store)["Compute Governance Dinner"]
    done: list[BuildResult] = []
    with review_session(store, done) as db:
        number = decide_hidden(db, "https://lu.ma/dinner1?utm_source=x", NOW).number
    assert done[0].hidden == [event.id]
    assert list(shown(store)) == ["Interpretability Night Berlin"]
    with store.reading() as db:
        entries = [each.vevent for each in queries.find_entries(db, Selection(), NOW)[0]]
        assert sum(b"STATUS:CANCELLED" in entry and event.id.encode() in entry for entry in entries) == 1
        assert queries.find_event(db, event.id).event.title == event.title
    say(store, OTHER.model_copy(update={"title": "Compute Governance Dinner Party"}), 1)
    assert list(shown(store)) == ["Interpretability Night Berlin"]
    with review_session(store) as db:
        undo_ruling_number(db, number, NOW)
    assert shown(store)["Compute Governance Dinner Party"].id == event.id


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("title", "A better title"), "A better title"),
        (("when", "12 January 2027, 18:00-20:00 Berlin time"), date(2027, 1, 12)),
        (("mode", "online"), Mode.ONLINE),
        (("cost", "free"), CostKind.FREE),
        (("places", "Trajan House, Oxford, UK"), "Oxford"),
        (("organizers", "LISA, FAR AI"), ("LISA", "FAR AI")),
        (("deadlines", "31 December 2026, AoE"), "01 Jan 12:00"),
        (("url", "https://dinner.example/"), "https://dinner.example/"),
    ],
)  # fmt: skip
def test_a_field_is_what_a_person_says(store: Store, change: tuple[str, str], expected: object) -> None:
    crawl(store)
    event = shown(store)["Compute Governance Dinner"]
    with review_session(store) as db:
        number = decide_edit(db, event.id, *change, NOW).number
    say(store, OTHER.model_copy(update={"title": "Dinner", "cost": OTHER.cost, "when": a_when(date(2027, 1, 9))}), 1)
    with store.reading() as db:
        edited = queries.find_event(db, event.id).event
    said = {
        "when": edited.when.first_day, "cost": edited.cost.kind, "places": edited.places and edited.places[0].city,
        "deadlines": edited.deadlines and f"{edited.deadlines[0].closes_at:%d %b %H:%M}",
    }  # fmt: skip
    assert said.get(change[0], getattr(edited, change[0])) == expected
    assert edited.provenance[change[0]].source == f"ruling {number}"


def test_a_newer_edit_replaces_the_older_and_undoing_it_asks_the_sources_again(store: Store) -> None:
    crawl(store)
    with review_session(store) as db:
        first = decide_edit(db, "directory rec2", "title", "One", NOW)
        second = decide_edit(db, "directory rec2", "title", "Two", NOW)
    assert second.replaces == (first.number,)
    assert "Two" in shown(store)
    with review_session(store) as db:
        undo_ruling_number(db, second.number, NOW)
    assert "Compute Governance Dinner" in shown(store)


def test_a_locked_field_stays_and_refuses_edits(store: Store) -> None:
    crawl(store)
    with review_session(store) as db:
        number = decide_locked(db, "directory rec2", "when", NOW).number
    say(store, OTHER.model_copy(update={"when": a_when(date(2027, 3, 3))}), 1)
    assert shown(store)["Compute Governance Dinner"].when == OTHER.when
    with store.writing() as db, pytest.raises(RulingError, match=f"tracker rule undo {number}"):
        decide_edit(db, "directory rec2", "when", "9 January 2027", NOW)


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (lambda db: decide_hidden(db, "nosuchevent1", NOW), "There is no event 'nosuchevent1'"),
        (lambda db: decide_hidden(db, "berlin evt-99", NOW), "There is no listing 'berlin evt-99'"),
        (lambda db: decide_hidden(db, "https://luma.com/unknown1", NOW), "No listing has the address"),
        (lambda db: decide_hidden(db, "https://elsewhere.example/", NOW), "No event has the address"),
        (lambda db: decide_pair(db, RulingKind.SAME, "berlin evt-1", "berlin evt-1", NOW), "A and B are both"),
        (lambda db: decide_edit(db, "berlin evt-1", "colour", "red", NOW), "There is no field 'colour'"),
        (lambda db: decide_edit(db, "berlin evt-1", "when", "someday", NOW), "cannot be read as a date"),
        (lambda db: decide_edit(db, "berlin evt-1", "mode", "telepathy", NOW), "mode='telepathy' cannot be read"),
        (lambda db: decide_edit(db, "berlin evt-1", "scope", "wide", NOW), "Write one of"),
        (lambda db: decide_edit(db, "berlin evt-1", "url", "javascript:alert(1)", NOW), "cannot be read"),
        (lambda db: decide_locked(db, "berlin evt-1", "apply_url", NOW), "is not known of this event"),
        (lambda db: undo_ruling_number(db, 7, NOW), "There is no ruling 7"),
    ],
)
def test_what_cannot_be_decided_says_why_and_changes_nothing(store: Store, decision: object, message: str) -> None:
    crawl(store)
    before = shown(store)
    with pytest.raises(RulingError, match=message), review_session(store) as db:
        decision(db)  # type: ignore[operator]
    with store.reading() as db:
        assert rulings.load_rulings(db) == {}
    assert shown(store) == before


def test_rulings_survive_an_empty_database(store: Store, tmp_path: Path) -> None:
    crawl(store)
    with review_session(store) as db:
        decide_pair(db, RulingKind.DIFFERENT, "berlin evt-1", "directory rec1", NOW)
        decide_hidden(db, "directory rec2", NOW, note="no dinner")
        decide_edit(db, "berlin evt-1", "when", "11 December 2026, 18:00 Berlin time", NOW)
    with store.reading() as db:
        write_backup(db, tmp_path)
    (tmp_path / "new").mkdir()
    fresh = a_store(tmp_path / "new")
    assert restore_backup(fresh, tmp_path, NOW) == 3
    assert restore_backup(fresh, tmp_path, NOW) == 0
    crawl(fresh)
    with store.reading() as db, fresh.reading() as fresh_db:
        assert rulings.load_rulings(db) == rulings.load_rulings(fresh_db)
    assert [_without_id(each) for each in shown(fresh).values()] == [
        _without_id(each) for each in shown(store).values()
    ]
    fresh.close()


def _without_id(event: Event) -> Event:
    return event.model_copy(update={"id": ""})


GOOD = '[[ruling]]\nkind = "hide"\na = "directory rec2"\n'
SAME = '[[ruling]]\nkind = "same"\na = "{}"\nb = "directory rec2"\n'
TORN = SAME.format("berlin evt-1") + SAME.format("directory rec1")
TORN += '[[ruling]]\nkind = "different"\na = "berlin evt-1"\nb = "directory rec1"\n'
EDIT = '[[ruling]]\nkind = "edit"\na = "berlin evt-1"\nfield = "title"\nvalue = "{}"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + '[[ruling]]\nkind = "hide"\na = "directory rec9"', "Ruling 2 of these .* there is no such listing"),
        (GOOD + '[[ruling]]\nkind = "hidee"\na = "directory rec1"', "ruling 2: kind: Input should be 'same'"),
        (GOOD + '[[ruling]]\nkind = "edit"\na = "directory rec1"\nfield = "colour"', "ruling 2: there is no field"),
        (GOOD + '[[ruling]]\nkind = "edit"\na = "directory rec1"\nfield = "mode"\nvalue = "x"', "ruling 2: mode"),
        (GOOD + '[[ruling]]\nkind = "same"\na = "directory rec1"', "exactly 'same' and 'different'"),
        (GOOD + '[[ruling]]\nkind = "hide"\na = "directory rec1"\nwhy = "x"', "ruling 2: why"),
        (TORN, "Ruling 3 of these .* contradicts ruling 1 of these and ruling 2 of these"),
        (EDIT.format("One") + EDIT.format("Two"), "Ruling 2 of these .* contradicts ruling 1 of these"),
        ("ruling = 3", "each ruling begins with"),
        ("[rulings]", "there is no 'rulings' here"),
        ("not toml", "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_with_one_bad_row_applies_none(store: Store, tmp_path: Path, text: str, message: str) -> None:
    crawl(store)
    file = tmp_path / "rulings.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(RulingError, match=message), store.writing() as db:
        import_rulings(db, file, NOW, may_wait=False)
    with store.reading() as db:
        assert rulings.load_rulings(db) == {}


def test_what_is_imported_twice_stands_once(store: Store, tmp_path: Path) -> None:
    crawl(store)
    file = tmp_path / "rulings.toml"
    file.write_text(GOOD, "utf-8")
    with store.writing() as db:
        assert len(import_rulings(db, file, NOW, may_wait=False)) == 1
        assert import_rulings(db, file, NOW, may_wait=False) == []
        write_rulings(tmp_path / "copy.toml", rulings.load_rulings(db).values())
        assert import_rulings(db, tmp_path / "copy.toml", NOW, may_wait=False) == []


def test_a_contradiction_that_only_shows_later_costs_nothing_but_the_later_ruling(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "rulings.toml"
    file.write_text(
        '[[ruling]]\nkind = "different"\na = "berlin evt-1"\nb = "directory rec1"\n'
        '[[ruling]]\nkind = "same"\na = "berlin evt-1"\nb = "directory rec2"\n'
        '[[ruling]]\nkind = "same"\na = "directory rec1"\nb = "directory rec2"\n', "utf-8"
    )  # fmt: skip
    with store.writing() as db:
        assert len(import_rulings(db, file, NOW, may_wait=True)) == 3
    crawl(store)
    assert build_events(store, NOW).refused == ["ruling 3 contradicts ruling 1"]
    assert sorted(len(event.sources) for event in shown(store).values()) == [1, 2]


THIRD = a_listing(
    source="forum", source_id="post", title="Karaoke", url="https://karaoke.example/", when=a_when(date(2027, 2, 2))
)


def ids_of(store: Store) -> dict[str, str]:
    """Return the event of each listing."""
    with store.reading() as db:
        return {str(key): member.event_id for key, member in load_memberships(db).items()}


def rule(store: Store, kind: RulingKind, one: str, other: str) -> int:
    with review_session(store) as db:
        return decide_pair(db, kind, one, other, NOW).number


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_chain_of_merges_is_undone_in_any_order(store: Store, order: tuple[int, int]) -> None:
    for listing in (OWN, OTHER, THIRD):
        say(store, listing, 0)
    before = ids_of(store)
    numbers = [
        rule(store, RulingKind.SAME, "berlin evt-1", "directory rec2"),
        rule(store, RulingKind.SAME, "directory rec2", "forum post"),
    ]
    for at in order:
        with review_session(store) as db:
            undo_ruling_number(db, numbers[at], NOW)
    assert ids_of(store) == before


def test_a_part_that_is_split_off_twice_has_the_same_id_twice(store: Store) -> None:
    crawl(store)
    split = []
    for _ in range(2):
        number = rule(store, RulingKind.DIFFERENT, "berlin evt-1", "directory rec1")
        split.append(ids_of(store))
        with review_session(store) as db:
            undo_ruling_number(db, number, NOW)
    assert split[0] == split[1]


def test_the_most_trusted_part_keeps_the_id(store: Store) -> None:
    crawl(store)
    before = ids_of(store)["berlin evt-1"]
    rule(store, RulingKind.DIFFERENT, "berlin evt-1", "directory rec1")
    assert ids_of(store)["berlin evt-1"] == before


def test_a_lock_holds_through_whichever_listing_it_is_tried(store: Store) -> None:
    crawl(store)
    with review_session(store) as db:
        decide_locked(db, "berlin evt-1", "title", NOW)
    with store.writing() as db, pytest.raises(RulingError, match="Take it back first"):
        decide_edit(db, "directory rec1", "title", "Bypassed", NOW)


def test_an_address_of_two_listings_does_not_tie_what_a_person_keeps_apart(store: Store) -> None:
    for source, listing in (("berlin", OTHER), ("forum", OTHER), ("directory", THIRD)):
        say(store, listing.model_copy(update={"source": source, "url": "https://www.eventbrite.com/e/x-1234567890"}), 0)
    rule(store, RulingKind.DIFFERENT, "berlin rec2", "forum rec2")
    with store.writing() as db, pytest.raises(RulingError, match="contradicts ruling 1"):
        decide_pair(db, RulingKind.SAME, "https://www.eventbrite.com/e/1234567890", "directory post", NOW)


def test_an_imported_edit_replaces_the_earlier_one(store: Store, tmp_path: Path) -> None:
    crawl(store)
    (tmp_path / "mine.toml").write_text(EDIT.format("One"), "utf-8")
    (tmp_path / "other.toml").write_text(EDIT.format("Two"), "utf-8")
    with review_session(store) as db:
        import_rulings(db, tmp_path / "mine.toml", NOW, may_wait=False)
        import_rulings(db, tmp_path / "other.toml", NOW, may_wait=False)
    assert "Two" in shown(store)
    assert "One" not in shown(store)


def test_an_event_that_is_shown_again_says_so(store: Store) -> None:
    crawl(store)
    event = shown(store)["Compute Governance Dinner"]
    with review_session(store) as db:
        number = decide_hidden(db, event.id, NOW).number
    done: list[BuildResult] = []
    with review_session(store, done) as db:
        undo_ruling_number(db, number, NOW)
    assert (done[0].new, done[0].changed) == ([], [event.id])
    with store.reading() as db:
        assert [change.after for change in change_log.changes_of_event(db, event.id)][-2:] == [
            "hidden by ruling 1",
            "listed again",
        ]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", " "),
        ("apply_url", ""),
        ("url", "zzqq"),
        ("recurring", "zzqq"),
        ("languages", "zzqq"),
        ("deadlines", "zzqq"),
    ],
)
def test_a_senseless_value_is_refused(store: Store, field: str, text: str) -> None:
    crawl(store)
    with store.writing() as db, pytest.raises(RulingError, match=r"cannot be read|needs a value"):
        decide_edit(db, "berlin evt-1", field, text, NOW)
