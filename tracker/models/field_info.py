"""What is known of a field of an event beside its type: label, CSV column, comparison, facet.

Each field of ``Details`` carries one of these as an annotation. Fact lists, CSV, the lists of contradictions, the
parser of overrides and the facets of the store follow from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """Description of one field."""

    label: str
    """Heading on pages: ``Stipend``."""
    is_fact: bool = False
    """True if event pages list it among the facts."""
    names_source: bool = False
    """True if event pages say which source it comes from."""
    is_csv_column: bool = False
    """True if CSV has a column of the field's name with its plain value."""
    contradicts: Callable[[Any, Any], bool] | None = None
    """Whether a source's value contradicts the published one; None: differences are not reported."""
    facet: str = ""
    """The filter that finds events by the field's values; empty: none, or more than plain values."""


def field_infos(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the descriptions of a model's fields, in its order."""
    return {
        name: info
        for name, field in model.model_fields.items()
        for info in field.metadata
        if isinstance(info, FieldInfo)
    }


def differs_if_known(one: str, other: str) -> bool:
    """Return whether two words of a vocabulary differ, unless one of them is ``unknown``."""
    return one != other and "unknown" not in {one, other}
