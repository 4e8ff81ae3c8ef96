"""A function in a process of its own: its peak memory is nobody else's, and its crash ends nothing but itself."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class NoAnswerError(Exception):
    """The process raised, died or took too long; the text says which."""


def apart(work: Callable[..., Answer], *given: Any, minutes: float) -> Answer:
    """Return ``work(*given)``, run in a new process.

    Raises:
        NoAnswerError: it raised, its process died, or it had no answer after ``minutes``.
    """
    context = multiprocessing.get_context("spawn")  # a fork would begin with the memory of this process
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(sender, work, given))
    child.start()
    sender.close()
    answer: Answer | NoAnswerError | None = None
    try:
        if not receiver.poll(minutes * 60):
            raise NoAnswerError(f"stopped after {minutes:g} minutes")
        answer = receiver.recv()
    except EOFError:
        child.join()
        raise NoAnswerError(f"its process died, exit code {child.exitcode}") from None
    finally:
        receiver.close()
        child.join(timeout=10 if answer is not None else 0)
        if child.pid is not None:
            with suppress(ProcessLookupError):  # what it started goes too: some peers leave workers behind
                os.killpg(child.pid, signal.SIGKILL)
        child.kill()
        child.join()
    if isinstance(answer, NoAnswerError):
        raise answer
    return answer


def peak_megabytes() -> float:
    """Return the most memory that this process has held so far; on Linux never less than what started it held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _answer(sender: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    os.setsid()
    with suppress(OSError):  # where memory runs out, this process goes first, and not a neighbour
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.dup2(2, 1)  # what a peer prints is no line of the table
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        answer = work(*given)
    except ImportError as error:
        answer = NoAnswerError(f"left out: {error}")
    except Exception as error:  # noqa: BLE001 - whatever a peer raises, the others still run
        traceback.print_exc()
        answer = NoAnswerError(f"failed: {type(error).__name__}: {error}")
    sender.send(answer)
    sender.close()
