"""The description of our interface, held against the running server by Schemathesis."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.factories import NOW

pytestmark = pytest.mark.referee
_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture
def address(practice_data: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tracker", "serve", "--no-dashboard", "--data", str(practice_data)]
    server = subprocess.Popen([*command, "--port", str(port)], env=os.environ | {"TRACKER_NOW": NOW.isoformat()})
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx2.get(f"{address}/healthz")
            break
        except httpx2.HTTPError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(10)


def test_no_answer_is_undocumented_and_none_is_a_server_error(address: str, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists():
        pytest.skip("needs schemathesis, which is in the extra 'dev'")
    bounds = ["--max-examples", "30", "--generation-deterministic", "--workers", "2", "--request-timeout", "10"]
    done = subprocess.run(
        [str(program), "run", f"{address}/openapi.json", "--checks", _CHECKS, *bounds, "--no-color"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:]
