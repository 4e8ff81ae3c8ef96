"""Defines the option type for regular expressions in source files, validated when the file is loaded."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator


def _is_a_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


Pattern = Annotated[str, AfterValidator(_is_a_pattern)]
"""A regular expression in Python syntax."""
