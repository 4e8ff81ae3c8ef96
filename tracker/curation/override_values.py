"""Parses what a person types for a field of an event, in the same way as the values of a source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tracker.errors import RulingError
from tracker.models.details import Details
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace, Rejected
from tracker.models.ruling import FIELDS
from tracker.models.source import Source
from tracker.models.vocabulary import Scope
from tracker.reading.listings import read_values


def check_field(field: str) -> None:
    """Check that events have a field.

    Raises:
        RulingError: there is no such field.
    """
    if field not in FIELDS:
        raise RulingError(f"There is no field {field!r}. Fields: {', '.join(FIELDS)}.")


def read_value(field: str, text: str, raw: RawListing, source: Source, now: datetime) -> Any:
    """Return the value of ``field`` as plain JSON.

    Args:
        field: a field of an event.
        text: what the person typed; several places or deadlines are separated by ``;``, other lists by commas.
        raw: the raw listing of the event's most trusted source; its place determines the zone of a time.
        source: that source.
        now: a date without a year is resolved to the next one after it.

    Raises:
        RulingError: there is no such field, or the text cannot be read.
    """
    check_field(field)
    if not text.strip():
        raise RulingError(f"{field} needs a value. What sources say counts again after: tracker rule undo N")
    if (allowed := _FORMS.get(field)) and not allowed.fullmatch(text.strip()):
        raise RulingError(f"{field}={text!r} cannot be read. Write it as here{_EXAMPLES[field]}.")
    if field == "scope":
        if text not in {each.value for each in Scope}:
            raise RulingError(f"scope={text!r} is not known. Write one of: {', '.join(Scope)}.")
        return text
    changed = {"description_is_html": False, "published": f"{now:%Y-%m-%d}", **_raw_values(field, text.strip())}
    read = read_values(RawListing.model_validate({**raw.model_dump(), **changed}), source)
    if isinstance(read, Rejected):
        raise RulingError(f"{field}={text!r} cannot be read: {read.detail}")
    value = Details.model_validate({"title": read["title"] or "-", field: read[field]})
    if field == "when" and value.when.start is None:
        raise RulingError(f"when={text!r} cannot be read as a date. Write it as a source would{_EXAMPLES['when']}.")
    if any(each.at is None and not each.rolling and each.opens is None for each in value.deadlines):
        raise RulingError(f"deadlines={text!r} cannot be read. Write it as a source would{_EXAMPLES['deadlines']}.")
    unknown = read["unmapped_values"].get(_SAID_AS.get(field, field))
    if unknown or (getattr(value, field) == getattr(_NOTHING, field) and text.strip() and field not in _MAY_BE_DEFAULT):
        raise RulingError(f"{field}={text!r} cannot be read. Write it as a source would{_EXAMPLES.get(field, '')}.")
    # Without nulls, which TOML does not have.
    return value.model_dump(mode="json", include={field}, exclude_none=True)[field]


_NOTHING = Details(title="-")
_FORMS = {
    "url": re.compile(r"https?://\S+"),
    "apply_url": re.compile(r"https?://\S+"),
    "recurring": re.compile(r"yes|true|no|false", re.IGNORECASE),
    "languages": re.compile(r"[a-z]{2}(?:\s*,\s*[a-z]{2})*"),
}
_SAID_AS = {"lifecycle": "status"}
_MAY_BE_DEFAULT = {"recurring", "lifecycle"}
_EXAMPLES = {
    "when": ": when='12 March 2027, 18:00-20:00 Berlin time'",
    "deadlines": ": deadlines='31 January 2027, AoE'",
    "places": ": places='Trajan House, Oxford, UK'",
    "cost": ": cost=free, or cost='20 EUR'",
    "mode": ": mode=online, mode='in person' or mode=hybrid",
    "types": ": types='hackathon, workshop'",
    "url": ": url=https://example.org/event",
    "apply_url": ": apply_url=https://example.org/apply",
    "recurring": ": recurring=yes, or recurring=no",
    "languages": ": languages='en, de'",
}


def _commas(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _raw_values(field: str, text: str) -> dict[str, Any]:
    """Return the fields of a raw listing that state a value for a field of an event."""
    if field in _RAW:
        return _RAW[field](text)
    return {field: _commas(text) if isinstance(getattr(_NOTHING, field), tuple) else text}


_RAW: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "when": lambda text: {"starts": text, "ends": "", "timezone": "", "approximate": ""},
    "recurring": lambda text: {"recurring": text.casefold() in {"yes", "true"}},
    "deadlines": lambda text: {"deadlines": tuple(RawDeadline(text=part) for part in _parts(text))},
    "places": lambda text: {"places": tuple(RawPlace(text=part) for part in _parts(text))},
    "cost": lambda text: {"costs": (text,), "price": "", "currency": ""},
    "lifecycle": lambda text: {"status": text},
}
"""Fields whose raw form has another name or shape."""
