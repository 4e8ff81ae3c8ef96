from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawling.faulty_web import FaultyWeb
from tests.crawling.lab import Lab
from tracker.store import open_store


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    web = FaultyWeb()
    store = open_store(f"sqlite:///{tmp_path / 'tracker.db'}", create=True)
    with web.serving():
        yield Lab(tmp_path, web, store)
    store.close()
