"""The examples in the docstrings are the documentation of the accepted spellings: they are run."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import dashboard.components
import tracker.crawling
import tracker.matching
import tracker.models
import tracker.publishing
import tracker.reading

ROOMS = (tracker.models, tracker.reading, tracker.matching, tracker.crawling, tracker.publishing, dashboard.components)
MODULES = [module.name for room in ROOMS for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    if name.startswith("tracker.crawling.workers."):
        pytest.importorskip("procrastinate", reason="needs the extra 'scale'")
    assert doctest.testmod(import_module(name)).failed == 0
