"""Resolves dotted paths in JSON, such as ``props.pageProps.opportunities``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 12


def values_at(tree: Any, path: str) -> list[Any]:
    """Return the values at ``path``. A list in between is expanded to its items; ``*`` to all values of an object.

    >>> values_at({"a": [{"b": 1}, {"b": 2}, {}]}, "a.b")
    [1, 2]
    >>> values_at({"apps": {"x": {"events": [3]}}}, "apps.*.events.0")
    [3]
    """
    found = [tree]
    for step in path.split(".") if path else ():
        found = [inner for value in found for inner in _step(value, step)]
    return found


def rows_at(tree: Any, path: str) -> list[Any]:
    """Return the rows at ``path``: the items of a list, or the values of an object whose keys are ids."""
    rows: list[Any] = []
    for value in values_at(tree, path):
        if isinstance(value, list):
            rows.extend(value)
        elif isinstance(value, Mapping):
            is_keyed = value and all(isinstance(each, Mapping) for each in value.values())
            rows.extend(value.values() if is_keyed else [value])
    return rows


def lists_of_objects(tree: Any, depth: int = 0) -> Iterator[list[Any]]:
    """Yield every list in ``tree`` that contains objects."""
    if depth > _DEEPEST:
        return
    if isinstance(tree, list):
        if any(isinstance(each, Mapping) for each in tree):
            yield tree
        for each in tree:
            yield from lists_of_objects(each, depth + 1)
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from lists_of_objects(value, depth + 1)


def _step(value: Any, step: str) -> Iterator[Any]:
    if isinstance(value, list):
        if step.isdigit():
            yield from value[int(step) : int(step) + 1]
        elif step == "*":
            yield from value
        else:
            for each in value:
                if isinstance(each, Mapping):
                    yield from _step(each, step)
    elif isinstance(value, Mapping):
        if step == "*":
            yield from value.values()
        elif step in value and value[step] is not None:
            yield value[step]
