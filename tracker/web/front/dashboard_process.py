"""Keeps the dashboard's process running: starts it, starts it again after it has ended, and ends it with the server."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
_LONG_ENOUGH = 60.0
"""Seconds after which a process counts as having worked, so that the next pause is short again."""
_PATIENCE = 5.0
"""Seconds that it has to end by itself."""
_log = logging.getLogger(__name__)


class DashboardProcess:
    """The process of a module that is run with the path of a Unix socket, on which it has to serve.

    Its standard input is a pipe that we hold: when it ends, we are gone, and the module has to end as well.
    """

    def __init__(self, module: str, socket: Path, environment: Mapping[str, str]) -> None:
        self.socket = socket
        # With our own search path: -m would otherwise add the current folder, whatever lies in it.
        self._command = [sys.executable, "-P", "-m", module, str(socket)]
        self._environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    async def keep_running(self) -> None:
        """Run until cancelled."""
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE
        while True:
            started = loop.time()
            reason = await self._run_once()
            if loop.time() - started > _LONG_ENOUGH:
                pause = _FIRST_PAUSE
            _log.warning("The dashboard has ended (%s). It starts again in %g seconds; the feeds go on.", reason, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run_once(self) -> str:
        """Run until it ends, and return how it ended."""
        try:
            self.socket.unlink(missing_ok=True)
            # In a session of its own: Ctrl-C is for this process, which then ends that one.
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, env=self._environment, start_new_session=True
            )
        except OSError as error:
            return str(error)
        try:
            code = await process.wait()
            return f"signal {-code}" if code < 0 else f"exit code {code}"
        finally:
            if process.returncode is None:
                await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
