"""Finding a platform by its name. Spiders are known by path only, so that reading never depends on fetching."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from tracker.errors import SourceFileError
from tracker.models.source import Defaults, Expectation

PACKAGE = "spiders.platforms"
_NESTED: dict[str, type[BaseModel]] = {"expect": Expectation, "defaults": Defaults}


@cache
def platform_names() -> tuple[str, ...]:
    """Return the names of all platforms."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(import_module(PACKAGE).__path__)))


def load_platform(name: str) -> ModuleType:
    """Return the module of a platform: ``Options``, ``start_urls`` and ``read``."""
    return import_module(f"{PACKAGE}.{name}")


def read_options(name: str, options: Mapping[str, Any], where: str) -> Any:
    """Return the platform's checked options.

    Raises:
        SourceFileError: unknown platform, key or value; the message names ``where``, the key and what is allowed.
    """
    if name not in platform_names():
        raise SourceFileError(f"{where}: platform = {name!r} is not known. Platforms: {', '.join(platform_names())}.")
    kind = load_platform(name).Options
    try:
        return kind.model_validate(options)
    except ValidationError as error:
        raise SourceFileError(f"{where}: {explain(error, list(kind.model_fields), name)}") from error


def explain(error: ValidationError, known: list[str], platform: str = "") -> str:
    """Return the first thing wrong with a source file in words."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    whose = f" of the platform {platform!r}" if platform else ""
    if first["type"] == "extra_forbidden":
        inner = _NESTED.get(str(first["loc"][0])) if len(first["loc"]) > 1 else None
        return f"the key {key!r} is not known. Keys{whose}: {', '.join(inner.model_fields if inner else known)}."
    if first["type"] == "tuple_type":
        return f'{key} = {first["input"]!r} is wrong: write a list, such as {key} = ["{first["input"]}"].'
    if first["type"] == "missing":
        return f"the key {key!r}{whose} is missing."
    allowed = first.get("ctx", {}).get("expected")
    reason = f"allowed: {allowed}" if allowed else first["msg"].removeprefix("Value error, ")
    if not key:
        return f"{reason}."
    return f"{key} = {first['input']!r} is wrong: {reason}."


def page_type() -> Any:
    """Return the class of saved pages that readers take."""
    return import_module("spiders.platform").Page


def page_request_type() -> Any:
    """Return the class of pages to ask for."""
    return import_module("spiders.platform").PageRequest


def page_content_type() -> Any:
    """Return the class of what readers find."""
    return import_module("spiders.platform").PageContent
