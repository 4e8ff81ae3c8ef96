"""Hashes that say whether a record still says the same."""

from __future__ import annotations

import hashlib
from typing import Any

from tracker.models.record import Record, canonical_json


def fingerprint(record: Record, *leave_out: str) -> str:
    """Return the SHA-256 of a record's canonical JSON without the fields ``leave_out``."""
    document: dict[str, Any] = record.model_dump(mode="json", exclude_defaults=True, exclude=set(leave_out))
    return fingerprint_bytes(canonical_json(document).encode())


def fingerprint_bytes(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def what_is_said(*records: Record) -> str:
    """Return a hash that differs when one of some records of one reading says something else than before."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(record.model_dump_json(exclude_defaults=True, exclude={"fetched_at"}).encode())
    return digest.hexdigest()
