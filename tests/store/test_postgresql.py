"""What only a server does: going down, keeping people out, sorting as its language does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import text

from tests.databases import make_database, on_server
from tests.factories import NOW, a_listing, a_raw
from tests.sources_that_speak import say
from tracker.errors import (
    ConfigurationError,
    LockHeldError,
    NoStoreError,
    StoreError,
    StoreTooNewError,
    StoreUnreadableError,
)
from tracker.models.listing import Listing
from tracker.models.selection import Selection
from tracker.pipeline.build import build_events
from tracker.store import Store, maintenance, open_store, presence, queries, schema

pytestmark = pytest.mark.postgres
OF_OURS = ("event_word", "event_words")


@pytest.fixture
def empty() -> str:
    """The address of a database without any table."""
    return make_database("empty")


@pytest.fixture
def server(empty: str) -> Iterator[Store]:
    """A new store on a server."""
    opened = open_store(empty, create=True)
    yield opened
    opened.close()


def test_what_is_sorted_is_sorted_as_on_every_other_engine(server: Store) -> None:
    columns = "SELECT table_name, column_name, collation_name FROM information_schema.columns"
    of_ours = "table_schema = 'public' AND data_type = 'character varying' AND table_name <> 'alembic_version'"
    with server.reading() as db:
        found = db.execute(text(f"{columns} WHERE {of_ours}")).all()
    assert len(found) > 30
    assert {each.collation_name for each in found} == {"C"}


def test_an_address_that_leads_nowhere_says_what_to_check() -> None:
    with pytest.raises(NoStoreError, match=r"no database 'nosuch'.*createdb nosuch"):
        open_store(on_server("nosuch"), create=True)
    with pytest.raises(StoreError, match="Is the server running"):
        open_store("postgresql+psycopg://u:s3cret@127.0.0.1:9/tracker?connect_timeout=3", create=True)
    with pytest.raises(
        ConfigurationError, match=r"pg8000' is neither .* Write .* postgresql\+psycopg://user@host/name"
    ):
        open_store("postgresql+pg8000://u@127.0.0.1/tracker", create=True)


def test_an_address_is_never_shown_with_its_password() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql+psycopg://u:s3cret@127.0.0.1:9/tracker?connect_timeout=3")
    assert "s3cret" not in str(caught.value)


def test_what_is_empty_older_newer_or_not_ours_is_named(empty: str) -> None:
    with pytest.raises(NoStoreError, match="is empty"):
        open_store(empty)
    store = open_store(empty, create=True)
    for version, error, says in (("0000", StoreError, "tracker db upgrade"), ("9999", StoreTooNewError, "Update")):
        with store.writing() as db:
            db.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
        with pytest.raises(error, match=says):
            open_store(empty)
    store.close()
    with pytest.raises(StoreUnreadableError, match="other tables"):
        _open_with_a_strange_table(make_database("strange"))


def _open_with_a_strange_table(address: str) -> None:
    engine = sa.create_engine(address)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE photos (id integer)"))
    engine.dispose()
    open_store(address, create=True)


def test_a_server_that_goes_down_on_the_way_costs_the_step_and_no_more(server: Store) -> None:
    say(server, a_listing(), days=0)
    with pytest.raises(StoreError, match="broke off"), server.writing() as db:
        db.execute(sa.delete(schema.listing))
        other = sa.create_engine(on_server("postgres"), isolation_level="AUTOCOMMIT")
        with other.connect() as killer:
            killer.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'empty'"))
        other.dispose()
        db.execute(sa.delete(schema.event))
    with server.reading() as db:
        assert len(queries.find_events(db, Selection(past="all"), NOW)) == 1


def test_two_who_publish_at_once_do_so_one_after_the_other(server: Store) -> None:
    for number in range(60):
        with server.writing() as db:
            keep(db, a_listing(source_id=f"e{number}", title=f"Talk number {number} of many", url=None))
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda _: build_events(server, NOW), range(4)))
    assert sorted(len(each.new) for each in found) == [0, 0, 0, found[0].total]
    with server.reading() as db:
        assert list(maintenance.integrity_errors(db)) == []


def keep(db: Any, listing: Listing) -> None:
    raw = a_raw(source=listing.source, source_id=listing.source_id, title=listing.title)
    presence.save_listings(db, [(raw, listing)], NOW)


def test_two_crawls_on_one_database_are_one_too_many(server: Store) -> None:
    with server.exclusive_crawl():
        other = open_store(server.url)
        with pytest.raises(LockHeldError), other.exclusive_crawl():
            pass
        other.close()
    with server.exclusive_crawl():
        pass
