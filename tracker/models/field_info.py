"""Defines the metadata of an event's fields: label, CSV column, comparison, facet.

Each field of ``Details`` is annotated with a ``FieldInfo``. Fact lists, CSV, the lists of contradictions, the parser of
overrides and the facets of the store are derived from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """Metadata of one field."""

    label: str
    """Heading on pages: ``Stipend``."""
    is_fact: bool = False
    """True if event pages list it among the facts."""
    names_source: bool = False
    """True if event pages name the source of the value."""
    is_csv_column: bool = False
    """True if the CSV has a column with the field's name and plain value."""
    contradicts: Callable[[Any, Any], bool] | None = None
    """Returns whether a source's value contradicts the published one. None: differences are not reported."""
    facet: str = ""
    """The filter on the field's values. Empty: there is none, or it filters by more than the plain values."""


def field_infos(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the metadata of a model's fields by name, in the order of the model."""
    return {
        name: info
        for name, field in model.model_fields.items()
        for info in field.metadata
        if isinstance(info, FieldInfo)
    }


def differs_if_known(one: str, other: str) -> bool:
    """Return whether two words of a vocabulary differ, unless one of them is ``unknown``."""
    return one != other and "unknown" not in {one, other}
