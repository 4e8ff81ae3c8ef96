"""A function in a child process, with limits: what hangs or eats all memory there costs one call, never the run."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
import signal
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

from tracker.errors import SourceError

_STREAMS = 3
_MOST_FILES = 4_096
_NO_LIMIT = -1
_GRACE = 2.0
Given = ParamSpec("Given")
Result = TypeVar("Result")


class WorkerDiedError(Exception):
    """The call took too long, or the process ended on the way."""


class SubprocessWorker(Generic[Given, Result]):
    """Calls ``function`` in a child process, one call after another; a child that fails is replaced.

    The child is forked, so it has all that was imported by then, and starts in milliseconds.

    Args:
        function: what to call. It may raise ``SourceError``, and nothing else.
        seconds: how long a call may take.
        memory: how many bytes more than at the start the child may use.
    """

    def __init__(self, function: Callable[Given, Result], seconds: float, memory: int) -> None:
        self._function, self._seconds, self._memory = function, seconds, memory
        self._turn = asyncio.Lock()
        self._child: BaseProcess | None = None
        self._line: Connection | None = None

    async def call(self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Call the function there.

        Raises:
            SourceError: the function did.
            BrokenOffError: the call took too long, or used too much memory.
        """
        async with self._turn:
            line = self._line or self._start()
            try:
                answer = await self._exchange(line, (args, kwargs))
            except (WorkerDiedError, asyncio.CancelledError):
                self.close()  # else its answer, should one come, would be taken for the next call's
                raise
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.join()
        if self._line is not None:
            self._line.close()
        self._child = self._line = None

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        with warnings.catch_warnings():
            # Newer Pythons warn of forking beside threads; ours hold no lock that a reader needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._child = multiprocessing.get_context("fork").Process(
                target=_serve, args=(theirs, self._function, self._seconds, self._memory), daemon=True
            )
            self._child.start()
        theirs.close()
        self._line = ours
        return ours

    async def _exchange(self, line: Connection, call: object) -> Result | SourceError:
        # No thread: its switches cost more than most pages. The child waits for the call, so sending it is quick.
        try:
            line.send(call)
            await _until_readable(line, self._seconds)
            answer: Result | SourceError = line.recv()
        except TimeoutError as error:
            raise WorkerDiedError(f"it took longer than {self._seconds:g} seconds") from error
        except (EOFError, OSError) as error:
            raise WorkerDiedError("it used too much memory, or crashed") from error
        return answer


async def _until_readable(line: Connection, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(line.fileno(), ready.set)
    try:
        async with asyncio.timeout(seconds):
            await ready.wait()
    finally:
        loop.remove_reader(line.fileno())


def _serve(line: Connection, function: Callable[..., object], seconds: float, memory: int) -> None:
    """Answer calls until the parent is gone."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.closerange(_STREAMS, line.fileno())
    os.closerange(line.fileno() + 1, _MOST_FILES)
    _limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            args, kwargs = line.recv()
            # The parent ends a call that takes too long; should it be gone, the alarm does.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
            try:
                answer = function(*args, **kwargs)
            except SourceError as error:
                answer = error
            signal.setitimer(signal.ITIMER_REAL, 0)
            line.send(answer)


def _limit_memory(more: int) -> None:
    with contextlib.suppress(OSError, ValueError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = used + more
        resource.setrlimit(resource.RLIMIT_AS, (wanted if most == _NO_LIMIT else min(wanted, most), most))
