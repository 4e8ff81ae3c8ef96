"""A database of every version there ever was is brought to this one, with what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from tests.databases import address_of, make_database
from tests.factories import NOW, a_listing, a_raw, an_event
from tests.sources_that_speak import say
from tracker.models import Selection
from tracker.store import finding, listings, open_store
from tracker.store.schema import SCHEMA_VERSION
from tracker.store.upgrading import config

OLDER = [f"{number:04}" for number in range(1, int(SCHEMA_VERSION))]


@pytest.mark.parametrize("revision", OLDER)
def test_it_keeps_what_it_holds(tmp_path: Path, revision: str) -> None:
    address = address_of(tmp_path)
    if (name := sa.make_url(address).database) and not address.startswith("sqlite"):
        make_database(name)
    _at_that_time(address, revision)
    store = open_store(address, create=True)
    with store.reading() as db:
        assert [each.event.title for each in finding.find_events(db, Selection(q="eetu", past="all"), NOW)] == [
            "Meetup"
        ]
        assert [each.title for each in listings.load_listings(db)] == ["Meetup"]
    say(store, a_listing(title="A talk"), days=0)
    with store.reading() as db:
        assert len(finding.find_events(db, Selection(q="talk", past="all"), NOW)) == 1
    store.close()


def _at_that_time(address: str, revision: str) -> None:
    """Make a database of a version, with an event in it and its listing."""
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
    listing, event = a_listing(source="old", title="Meetup", url=None), an_event(id="abcdefghij12", title="Meetup")
    said: dict[str, dict[str, Any]] = {
        "listing": {"source": "old", "source_id": listing.source_id, "raw": a_raw().canonical_json(), "page_url": ""},
        "event": {"id": event.id, "search_text": "meetup", "begins_at": "2026-12-03T18:00:00Z"},
        "event_text": {"id": 900, "event_id": event.id, "folded": "meetup"},
    }
    documents = {"listing": listing.canonical_json(), "event": event.canonical_json()}
    with engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        for name, values in said.items():
            if name in tables.tables:
                values = {"document": documents.get(name), **values}
                connection.execute(tables.tables[name].insert().values(_whole(tables.tables[name], values)))
    engine.dispose()


def _whole(table: sa.Table, values: dict[str, Any]) -> dict[str, Any]:
    """Return values for all columns that want one."""
    wanted = (each for each in table.c if (not each.nullable and each.server_default is None) or each.name in values)
    return {each.name: values.get(each.name, _any(each)) for each in wanted}


def _any(column: sa.Column[Any]) -> object:
    if column.name.endswith(("_at", "_seen")):
        return "2026-11-01T00:00:00Z"
    return 0 if isinstance(column.type, sa.Integer) else ""
