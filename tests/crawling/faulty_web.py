"""A small web server on loopback whose pages are whatever a test says, faults included."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    """One answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    stream: Iterable[bytes] | None = None
    """Sent instead of a body, piece by piece, without saying how long it is."""


class FaultyWeb:
    """A server on 127.0.0.1.

    ``pages`` maps paths to pages, or to what makes the page for the n-th time it is asked for, from 0; ``requests``
    holds what was asked, with the time.
    """

    def __init__(self, *, everywhere: bool = False) -> None:
        self.pages: dict[str, Any] = {}
        self.connections = 0
        self.requests: list[tuple[str, float, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = web.page(self.path, dict(self.headers))
                time.sleep(page.delay)
                self.send_response(page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if page.stream is None:
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                with suppress(OSError):  # who asked may have heard enough
                    self.wfile.write(page.body)
                    for piece in page.stream or ():
                        self.wfile.write(piece)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def get_request(self) -> Any:
                web.connections += 1
                return super().get_request()

        self._server = Server(("" if everywhere else "127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"

    def page(self, path: str, headers: dict[str, str] | None = None) -> Page:
        """Return the answer to a request, and note the request."""
        times = self.asked(path)
        self.requests.append((path, time.monotonic(), headers or {}))
        found = self.pages.get(path, Page(status=404))
        return found if isinstance(found, Page) else found(times)

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    def asked(self, path: str) -> int:
        return sum(each[0] == path for each in self.requests)

    def close(self) -> None:
        """Give up the port, without ever having served."""
        self._server.server_close()

    @contextmanager
    def serving(self) -> Iterator[FaultyWeb]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
