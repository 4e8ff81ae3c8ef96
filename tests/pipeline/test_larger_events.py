"""A part of a larger event is linked with it, on the page and for the command line, and stays an event of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.publishing.event_pages import event_page
from tracker.store import Store, relations

BRUSSELS = (Place(raw="Brussels", city="Brussels", country="BE"),)


def fosdem(source_id: str, title: str, **changes: Any) -> Listing:
    days = a_when(date(2027, 2, 6), date(2027, 2, 7))
    url = f"https://fosdem.example/{source_id}"
    return a_listing(**{"source_id": source_id, "title": title, "when": days, "places": BRUSSELS, "url": url} | changes)


def test_a_devroom_is_shown_as_a_part_and_its_conference_shows_it(store: Store) -> None:
    say(store, fosdem("fosdem", "FOSDEM 2027"), 0)
    new = say(store, fosdem("rust", "Rust devroom at FOSDEM 2027"), 0).new
    with store.reading() as db:
        whole = relations.larger_event(db, new[0])
        assert whole is not None
        assert whole.event.title == "FOSDEM 2027"
        assert [each.event.id for each in relations.parts_of_event(db, whole.event.id)] == new
        assert relations.larger_event(db, whole.event.id) is None
        page = event_page(db, new[0], NOW).decode()
        assert f'Part of <a href="{whole.event.id}">FOSDEM 2027</a>' in page
        assert "Parts of it" in event_page(db, whole.event.id, NOW).decode()


def test_an_event_that_is_renamed_is_a_part_no_more(store: Store) -> None:
    say(store, fosdem("fosdem", "FOSDEM 2027"), 0)
    (part,) = say(store, fosdem("rust", "Rust devroom at FOSDEM 2027"), 0).new
    say(store, fosdem("rust", "Rust Day of Brussels"), 1)
    with store.reading() as db:
        assert relations.larger_event(db, part) is None
