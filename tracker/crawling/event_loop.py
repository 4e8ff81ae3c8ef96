"""Runs a coroutine to completion in an asyncio loop of its own or, by a setting, in that of Twisted's reactor."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from scrapy.utils.reactor import install_reactor

from tracker.config import Settings
from tracker.errors import StoppedError

_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_ENDS = (signal.SIGINT, signal.SIGTERM)
Result = TypeVar("Result")


def run_until_complete(work: Callable[[], Coroutine[Any, Any, Result]], settings: Settings) -> Result:
    """Run ``work``; SIGINT and SIGTERM cancel it, so that it can clean up. A second signal ends the process at once.

    Raises:
        StoppedError: a signal has cancelled it.
    """
    if settings.twisted_reactor:
        return _in_reactor_loop().run_until_complete(_until_asked_to_end(work))
    return asyncio.run(_until_asked_to_end(work))


async def _until_asked_to_end(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work())
    asked: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        asked.append(number)
        _remove_signal_handlers(loop)
        task.cancel()

    if threading.current_thread() is threading.main_thread():
        for number in _ENDS:
            loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not asked:
            raise
        raise StoppedError(f"Asked to end ({asked[0].name}).") from None
    finally:
        if not asked:
            _remove_signal_handlers(loop)


def _remove_signal_handlers(loop: asyncio.AbstractEventLoop) -> None:
    for number in _ENDS:
        with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread
            loop.remove_signal_handler(number)


def _in_reactor_loop() -> asyncio.AbstractEventLoop:
    """Return the loop of Twisted's reactor, which the first call installs and starts."""
    install_reactor(_REACTOR)
    # install_reactor() has imported it; our code does not import Twisted.
    reactor: Any = sys.modules["twisted.internet.reactor"]
    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop
    return loop
