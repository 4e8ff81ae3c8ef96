"""The examples in the docstrings are the documentation of the accepted spellings: they are run."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import pytest

import dashboard.components
import tracker.crawling
import tracker.matching
import tracker.models
import tracker.publishing
import tracker.reading

ROOMS = (tracker.models, tracker.reading, tracker.matching, tracker.crawling, tracker.publishing, dashboard.components)
HAS_WORKERS = find_spec("procrastinate") is not None


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_the_examples_are_true(room: ModuleType) -> None:
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if HAS_WORKERS or not module.name.startswith("tracker.crawling.workers."):
            assert doctest.testmod(import_module(module.name)).failed == 0, module.name
