"""Calls a function in a child process with time and memory limits, so that a call that exceeds them fails alone."""

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
Params = ParamSpec("Params")
Result = TypeVar("Result")


class WorkerDiedError(Exception):
    """The call took too long, or the child process ended during it."""


class SubprocessWorker(Generic[Params, Result]):
    """Calls ``function`` in a child process, one call at a time; a child that fails is replaced.

    The child is forked, so it has all modules imported before, and starts in milliseconds.

    Args:
        function: the function to call. It may raise ``SourceError`` only.
        seconds: time limit of a call.
        memory: number of bytes that the child may use in addition to those at its start.
    """

    def __init__(self, function: Callable[Params, Result], seconds: float, memory: int) -> None:
        self._function, self._seconds, self._memory = function, seconds, memory
        self._lock = asyncio.Lock()
        self._child: BaseProcess | None = None
        self._pipe: Connection | None = None

    async def call(self, *args: Params.args, **kwargs: Params.kwargs) -> Result:
        """Call the function in the child process.

        Raises:
            SourceError: the function raised it.
            WorkerDiedError: the call took too long, or used too much memory.
        """
        async with self._lock:
            pipe = self._pipe or self._start()
            try:
                answer = await self._exchange(pipe, (args, kwargs))
            except (WorkerDiedError, asyncio.CancelledError):
                self.close()  # else a late answer would be taken for that of the next call
                raise
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def close(self) -> None:
        """Kill the child process."""
        if self._child is not None:
            self._child.kill()
            self._child.join()
        if self._pipe is not None:
            self._pipe.close()
        self._child = self._pipe = None

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        with warnings.catch_warnings():
            # Newer Pythons warn of forks in multi-threaded processes; our threads hold no lock that a reader needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._child = multiprocessing.get_context("fork").Process(
                target=_serve, args=(theirs, self._function, self._seconds, self._memory), daemon=True
            )
            self._child.start()
        theirs.close()
        self._pipe = ours
        return ours

    async def _exchange(self, line: Connection, call: object) -> Result | SourceError:
        # No thread: switching costs more than reading most pages. Sending is quick, as the child waits for the call.
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
    """Answer calls until the parent process ends."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C and ends the child
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.closerange(_STREAMS, line.fileno())
    os.closerange(line.fileno() + 1, _MOST_FILES)
    _limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            args, kwargs = line.recv()
            # The parent ends a call that takes too long; if the parent is gone, the alarm does.
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
