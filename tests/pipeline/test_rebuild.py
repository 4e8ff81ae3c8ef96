"""Everything is read and matched anew from what was kept: nothing visible changes unless the reader has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from tests.crawling.calendars import events
from tests.crawling.faulty_web import FaultyWeb
from tests.crawling.lab import Lab, OfflineLab
from tests.crawling.test_entry_life import page
from tests.databases import an_empty_store
from tracker.clock import current_time
from tracker.curation.decisions import decide_hidden
from tracker.models.listing import Listing
from tracker.pipeline.rebuild import rebuild
from tracker.reading import read_listing
from tracker.store import maintenance, schema


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """A store with a calendar, and a page that says "12–14 January" and was seen first a year ago."""
    store, web = an_empty_store(tmp_path), FaultyWeb()
    web.close()
    opened = OfflineLab(tmp_path, web, store)
    opened.source("group", expect="{ at_least = 0 }")
    opened.source("page", platform='"html_listing"', page_urls=f'["{web.url("/list")}"]', each='"article"',
                  fields='{ title = "h2", starts = ".when" }', expect="{ at_least = 0 }")  # fmt: skip
    web.pages |= {"/calendar.ics": events(*range(6)), "/list": page("12–14 January")}
    opened.crawl()
    with store.writing() as db:
        decide_hidden(db, opened.events()[0].event.id, current_time())
    opened.wait(days=30)
    opened.crawl()
    opened.wait(days=200)
    yield opened
    store.close()


def rows(db: Connection) -> list[object]:
    return [tuple(row) for table in (schema.event, schema.membership) for row in db.execute(select(table))]


def test_a_rebuild_with_the_same_reader_changes_nothing(lab: Lab) -> None:
    with lab.store.reading() as db:
        before = rows(db)
    done = rebuild(lab.store, current_time(), {})
    assert (done.read, done.changed, done.events.new, done.events.changed, done.events.gone) == (7, [], [], [], [])
    with lab.store.reading() as db:
        assert rows(db) == before


def test_a_better_reader_improves_what_was_crawled_before(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def better(raw: object, source: object, first_seen: object) -> object:
        listing = read_listing(raw, source, first_seen)  # type: ignore[arg-type]
        assert isinstance(listing, Listing)
        return listing.model_copy(update={"title": listing.title.replace("Reading group", "Reading circle")})

    monkeypatch.setattr("tracker.pipeline.rebuild.read_listing", better)
    before = {each.event.id: each for each in lab.events()}
    would = rebuild(lab.store, current_time(), {}, dry_run=True)
    assert (len(would.changed), len(would.events.changed)) == (6, 5)
    assert {each.event.id: each for each in lab.events()} == before, "a dry run changes nothing"
    done = rebuild(lab.store, current_time(), {})
    assert done.changed == would.changed
    after = {each.event.id: each for each in lab.events()}
    assert after.keys() == before.keys()
    raised = {name for name in after if after[name].sequence == before[name].sequence + 1}
    assert raised == {name for name in after if after[name].event.title.startswith("Reading circle")}


def test_what_has_no_text_any_more_stays_as_it_was(lab: Lab) -> None:
    with lab.store.writing() as db:
        maintenance.prune(db, current_time() - timedelta(days=10))
    before = lab.events()
    assert rebuild(lab.store, current_time(), {}).pruned == 7
    assert lab.events() == before
