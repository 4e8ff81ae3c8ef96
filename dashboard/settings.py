"""Caches the settings, which a page needs dozens of times."""

from __future__ import annotations

import os
from functools import lru_cache

from tracker.config import Settings


def settings() -> Settings:
    """Return the settings, which are loaded once; a change of ``tracker.toml`` needs a restart.

    Raises:
        ConfigurationError: a setting is unknown, or its value cannot be read.
    """
    return _settings(tuple(sorted(each for each in os.environ.items() if each[0].startswith("TRACKER_"))))


@lru_cache(maxsize=4)
def _settings(environment: tuple[tuple[str, str], ...]) -> Settings:
    del environment  # only the cache key
    return Settings.load()
