"""The stand-in of the web, and the tracker as a command that reaches the web through it only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.real_addresses.standin import StandIn

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path).serving() as web:
        yield web


@pytest.fixture
def tracker(web: StandIn, tmp_path: Path) -> Command:
    """Run the tracker in a process of its own: certificates are loaded once for each."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "TRACKER_PROXY": web.address,
            "SSL_CERT_FILE": str(web.certificates),
            "TRACKER_DOWNLOAD_DELAY": "0",
            "TRACKER_DATA_DIR": str(tmp_path / "data"),
            "COLUMNS": "200",
            **settings,
        }
        command = [sys.executable, "-m", "tracker", *arguments]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )

    return run
