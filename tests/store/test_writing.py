"""Few rows and many are written alike; so are they on every engine (STORE_ON=postgresql)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import NOW
from tracker.errors import StoreError
from tracker.store import Store, schema
from tracker.store.bulk_writes import append, replace, upsert

HOW_MANY = pytest.mark.parametrize("count", [3, 120])
NOON = NOW.replace(microsecond=0)


def pages(count: int, **changes: Any) -> list[dict[str, Any]]:
    same = {"etag": "", "last_modified": "", "body_hash": "x", "reader_hash": "", "read_at": NOON, "has_links": False}
    return [{"source": "s", "url": f"https://a.example/“{number}”\t\\n", **same, **changes} for number in range(count)]


def found(db: Any, *names: str) -> list[Any]:
    table = schema.page
    return list(db.execute(select(*(table.c[name] for name in names)).order_by(table.c.url)))


@HOW_MANY
def test_rows_are_inserted_and_then_updated(store: Store, count: int) -> None:
    with store.writing() as db:
        upsert(db, schema.page, pages(count))
        assert set(found(db, "etag", "read_at", "has_links")) == {("", NOON, False)}
        later = NOON + timedelta(days=1)
        upsert(db, schema.page, pages(count, etag="new", read_at=later, has_links=True), keep=["read_at"])
        assert set(found(db, "etag", "read_at", "has_links")) == {("new", NOON, True)}
        assert len(found(db, "url")) == count


@HOW_MANY
def test_of_two_with_one_key_the_later_counts(store: Store, count: int) -> None:
    with store.writing() as db:
        upsert(db, schema.page, [*pages(count, etag="first"), *pages(count, etag="second")])
        assert set(found(db, "etag")) == {("second",)}


@HOW_MANY
def test_rows_are_told_apart_by_other_columns_than_their_number(store: Store, count: int) -> None:
    rows = [{"name": f"n{number}", "value": str(number)} for number in range(count)]
    with store.writing() as db:
        upsert(db, schema.marker, rows, by=["name"])
        upsert(db, schema.marker, rows, by=["name"])
        assert db.execute(select(func.count()).select_from(schema.marker)).scalar() == count


@HOW_MANY
def test_what_is_replaced_is_gone(store: Store, count: int) -> None:
    rows: list[dict[str, Any]] = [{"channel": "c", "item": f"{number:03}", "sent_at": NOON} for number in range(count)]
    with store.writing() as db:
        append(db, schema.notification, rows)
        replace(db, schema.notification, "item", [row["item"] for row in rows[1:]], rows[1:2])
        items = db.execute(select(schema.notification.c.item).order_by(schema.notification.c.item)).scalars()
        assert list(items) == ["000", "001"]


@HOW_MANY
def test_nothing_is_kept_of_rows_that_are_refused(store: Store, count: int) -> None:
    rows = [{"event_id": f"none{number}", "closes_at": NOON} for number in range(count)]
    with pytest.raises(StoreError), store.writing() as db:
        upsert(db, schema.page, pages(count))
        append(db, schema.event_closing, rows)
    with store.writing() as db:
        assert found(db, "url") == []
        upsert(db, schema.page, pages(count))


def test_no_rows_are_no_work(store: Store) -> None:
    with store.writing() as db:
        upsert(db, schema.page, [])
        append(db, schema.page, [])
        replace(db, schema.notification, "item", [], [])
        assert found(db, "url") == []
        assert db.execute(select(func.count()).select_from(schema.notification)).scalar() == 0
