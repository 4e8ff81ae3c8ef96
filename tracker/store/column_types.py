"""Column types that sort and compare identically on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import String, types
from sqlalchemy.dialects.postgresql import VARCHAR
from sqlalchemy.engine import Dialect

from tracker.models.moments import stamp


class InstantText(types.TypeDecorator[datetime]):
    """An aware instant stored as ``2026-12-01T18:00:00Z``, which sorts as text, identically on every engine."""

    impl = String(20).with_variant(VARCHAR(20, collation="C"), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Convert an aware datetime to its stored text."""
        return None if value is None else _cached_stamp(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a stored text to an aware datetime."""
        return None if value is None else datetime.fromisoformat(value)


_cached_stamp = lru_cache(maxsize=4_096)(stamp)
"""Cached, because rows that are written together mostly share their instants."""


def sorted_text(length: int) -> types.TypeEngine[str]:
    """Return a text type that sorts by code point on every engine, whatever the server's locale."""
    return String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")
