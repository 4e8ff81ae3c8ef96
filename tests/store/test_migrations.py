"""The migrations create the schema's tables, and what cannot be upgraded says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from tests.databases import address_of, make_database
from tests.factories import NOW, a_listing
from tests.sources_that_speak import say
from tracker.errors import StoreUnreadableError
from tracker.pipeline.build import build_events
from tracker.store import Store, notifications, open_store, schema
from tracker.store.migrations import alembic_config, upgrade

SEARCH_TABLES = ("event_search", "event_word")


def test_the_newest_migration_is_the_schemas_version() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == schema.SCHEMA_VERSION


def test_the_migrations_create_the_tables_of_the_schema(store: Store) -> None:
    def is_compared(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not str(name).startswith(SEARCH_TABLES)

    with store.reading() as db:
        context = MigrationContext.configure(db, opts={"include_name": is_compared})
        assert compare_metadata(context, schema.metadata) == []


@pytest.mark.parametrize("revision", sorted(schema.PRE_RELEASE_VERSIONS))
def test_a_database_from_before_the_first_release_is_named_and_left_alone(store: Store, revision: str) -> None:
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
    with pytest.raises(StoreUnreadableError, match=r"before the first release .* rulings.toml"):
        open_store(store.url, create=True)


def test_an_empty_database_gets_its_tables(tmp_path: Path) -> None:
    address = address_of(tmp_path)
    if not address.startswith("sqlite"):
        make_database(address.rpartition("/")[2].partition("?")[0])
    opened = open_store(address, create=True)
    assert opened.check_schema() == schema.SCHEMA_VERSION
    opened.close()


def test_listings_of_the_first_release_keep_keys_events_and_sequences(store: Store) -> None:
    say(store, a_listing(), 0)
    say(store, a_listing(title="Winter Social at Betahaus"), 1)
    with store.engine.begin() as connection:
        settings = alembic_config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0011")
        columns = set(connection.execute(text("SELECT * FROM listing LIMIT 0")).keys())
        assert not columns & {"shown_as", "missing_since", "moved_from", "is_relocated"}
        connection.execute(text("UPDATE listing SET missed = 2"))
    before = entries(store)
    upgrade(store.engine)
    with store.reading() as db:
        (listing,) = db.execute(select(schema.listing)).all()
    assert (listing.shown_as, listing.missed, listing.missing_since) == ("evt-1", 2, listing.last_seen)
    assert entries(store) == before
    with store.writing() as db:
        db.execute(schema.listing.update().values(missed=0, missing_since=None))
    assert build_events(store, NOW, rebuild=True).changed == []
    assert entries(store) == before


def test_channels_of_before_subscriptions_keep_since_when_they_are_told(store: Store) -> None:
    with store.engine.begin() as connection:
        settings = alembic_config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0012")
        rows = "('c1', 'beginning', '2026-11-01T12:00:00Z'), ('c1', 'new/e1', '2026-11-02T12:00:00Z')"
        connection.execute(text(f"INSERT INTO notification (channel, item, sent_at) VALUES {rows}"))
    upgrade(store.engine)
    with store.reading() as db:
        (delivery,) = notifications.load_deliveries(db).values()
        assert notifications.sent_items(db, "c1") == {"new/e1"}
    assert (delivery.subscription, delivery.channel) == ("@digest", "c1")
    assert delivery.began_at == datetime(2026, 11, 1, 12, tzinfo=UTC)


def entries(store: Store) -> list[tuple[object, ...]]:
    """Return id, SEQUENCE and entry of each event."""
    event = schema.event.c
    with store.reading() as db:
        return [tuple(row) for row in db.execute(select(event.id, event.sequence, event.vevent))]
