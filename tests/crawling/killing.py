"""Crawls that are ended with SIGKILL: ``python -m tests.crawling.killing DATA ROUNDS SEED`` prints what each left behind.

A process of its own, so that its children are forked with everything imported and nothing running.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tracker.cli.main import app
from tracker.crawling import crawler  # noqa: F401 - imported once, for all children
from tracker.matching import matcher  # noqa: F401
from tracker.pipeline import build  # noqa: F401 - likewise

SPAN = 1.2
"""Seconds within which a crawl is ended; it takes about as long."""


def main(data: str, rounds: int, seed: int) -> None:
    """Start crawls and end each at a random moment; print when, and whether it was quicker."""
    chance = random.Random(seed)
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            _crawl(data)
        moment = chance.uniform(0, SPAN)
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"moment": round(moment, 3), "killed": os.WIFSIGNALED(status)}), flush=True)
        sys.stdin.readline()  # whoever counts looks at what is left


def _crawl(data: str) -> None:
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        app(["crawl", "--all", "--data", data], standalone_mode=False)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(str(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
