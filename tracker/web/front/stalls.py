"""Ends connections whose client has stopped reading: what is ready for it would stay in memory."""

from __future__ import annotations

import asyncio

from tracker.web.front.limits import Limits


class StallTimer:
    """Watches one connection while its client has something to read."""

    def __init__(self, transport: asyncio.Transport, limits: Limits) -> None:
        self._transport, self._limits = transport, limits
        self._timer: asyncio.TimerHandle | None = None
        self._unread = 0

    def start(self) -> None:
        """Watch, unless it is watched already."""
        if self._timer is not None:
            return
        self._unread = self._transport.get_write_buffer_size()
        self._timer = asyncio.get_running_loop().call_later(self._limits.stall_seconds, self._look)

    def stop(self) -> None:
        """Watch no longer: the client has read, or is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        unread = self._transport.get_write_buffer_size()
        if unread and self._unread - unread < self._limits.stall_bytes:
            self._transport.abort()
        elif unread:
            self.start()
