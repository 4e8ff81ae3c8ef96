"""Defines a ruling: a person's permanent decision about events; overrides sources, matching and later versions."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import JsonValue, ValidationError, model_validator

from tracker.models.details import Details
from tracker.models.moments import Instant
from tracker.models.record import Record
from tracker.models.text import PlainLine

FIELDS = tuple(Details.model_fields)
"""The fields of an event that a person may set."""


class RulingKind(StrEnum):
    """Kind of decision."""

    SAME = "same"
    DIFFERENT = "different"
    HIDE = "hide"
    EDIT = "edit"
    LOCK = "lock"

    @property
    def is_about_two(self) -> bool:
        """True for the kinds that are about two events."""
        return self in {RulingKind.SAME, RulingKind.DIFFERENT}

    @property
    def sets_a_field(self) -> bool:
        """True for the kinds that set the value of a field."""
        return self in {RulingKind.EDIT, RulingKind.LOCK}


class Ruling(Record):
    """One decision. Events are named by listings: unlike event ids, their keys survive the loss of a database.

    A name is ``source source_id``, or the URL of an entry on a platform (``https://luma.com/abc``). Several names are
    several listings of one event: the first one that exists is used.
    """

    kind: RulingKind
    a: tuple[str, ...]
    """Names of the event."""
    b: tuple[str, ...] = ()
    """Names of the other event, for ``same`` and ``different``."""
    field: str = ""
    """The field that ``edit`` or ``lock`` sets."""
    value: JsonValue = None
    """The field's value, as in an event's JSON."""
    at: Instant
    """When it was decided."""
    by: PlainLine = ""
    """Who decided; empty for decisions on the command line."""
    note: PlainLine = ""
    """The reason, in the person's words."""

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if not self.a or not all(self.a) or not all(self.b):
            raise ValueError("a names the event: 'source source_id', or the address of its entry")
        if bool(self.b) != self.kind.is_about_two:
            raise ValueError("exactly 'same' and 'different' are about a second event, b")
        if bool(self.field) != self.kind.sets_a_field or (self.value is not None and not self.field):
            raise ValueError("exactly 'edit' and 'lock' have a field and a value")
        if self.field and self.field not in FIELDS:
            raise ValueError(f"there is no field {self.field!r}. Fields: {', '.join(FIELDS)}")
        if self.field:
            check_value(self.field, self.value)
        return self

    def __str__(self) -> str:
        if self.kind.is_about_two:
            return f"{self.a[0]} and {self.b[0]} are {'one event' if self.kind is RulingKind.SAME else 'two events'}"
        if self.kind is RulingKind.HIDE:
            return f"{self.a[0]} is not shown"
        return f"{self.field} of {self.a[0]} is {'locked' if self.kind is RulingKind.LOCK else 'set'}"


def check_value(field: str, value: JsonValue) -> None:
    """Check that a value is valid for a field.

    Raises:
        ValueError: the value is invalid; the message says why.
    """
    try:
        Details.model_validate({"title": "Any", field: value})
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
