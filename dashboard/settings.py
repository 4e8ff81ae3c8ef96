"""The settings, read once: a page asks for them dozens of times."""

from __future__ import annotations

import os
from functools import lru_cache

from tracker.config import Settings


def settings() -> Settings:
    """Return the settings as they were when they were first asked for; a change of the file needs a new start.

    Raises:
        ConfigurationError: unknown setting, or a value that cannot be read.
    """
    return _settings(tuple(sorted(each for each in os.environ.items() if each[0].startswith("TRACKER_"))))


@lru_cache(maxsize=4)
def _settings(environment: tuple[tuple[str, str], ...]) -> Settings:
    del environment  # only there to tell one server's settings from another's
    return Settings.load()
