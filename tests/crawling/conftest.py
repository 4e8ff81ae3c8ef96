from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.crawling.faulty_web import FaultyWeb
from tests.crawling.lab import Lab
from tests.databases import an_empty_store

collect_ignore = [] if find_spec("procrastinate") else ["test_jobs.py", "test_workers.py"]
"""Workers need packages of the extra ``scale``."""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    web = FaultyWeb()
    store = an_empty_store(tmp_path)
    with web.serving(), store.keep_open():
        yield Lab(tmp_path, web, store)
    store.close()
