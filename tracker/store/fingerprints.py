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


_FETCHED_AT = b'"fetched_at":"'
"""No text can hold it: there each quotation mark has a backslash before it."""


def what_is_said(*documents: bytes) -> str:
    """Return a hash that differs when one of some records says something else than before, whenever it was fetched."""
    digest = hashlib.sha256()
    for document in documents:
        before, _, rest = document.partition(_FETCHED_AT)
        digest.update(before)
        digest.update(rest.partition(b'"')[2])
    return digest.hexdigest()
