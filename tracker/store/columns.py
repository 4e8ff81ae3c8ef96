"""Types of columns that sort and compare alike on every engine."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import String, types
from sqlalchemy.dialects.postgresql import VARCHAR
from sqlalchemy.engine import Dialect

from tracker.models.moments import stamp


class InstantText(types.TypeDecorator[datetime]):
    """An aware instant as ``2026-12-01T18:00:00Z``: sorts as text and is the same on every engine."""

    impl = String(20).with_variant(VARCHAR(20, collation="C"), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write an aware datetime."""
        return None if value is None else _written(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read it back."""
        return None if value is None else datetime.fromisoformat(value)


_written = lru_cache(maxsize=4_096)(stamp)
"""Rows that are written together mostly share their instants."""


def text_of(length: int) -> types.TypeEngine[str]:
    """Return the type of a text that is sorted by its letters' numbers on every engine, whatever its language."""
    return String(length).with_variant(VARCHAR(length, collation="C"), "postgresql")
