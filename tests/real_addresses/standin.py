"""A stand-in for the whole web on 127.0.0.1: an HTTP proxy that ends TLS with a certificate authority of its own.

Sources are crawled unchanged, at their real https addresses, with ``TRACKER_PROXY`` and ``SSL_CERT_FILE`` set.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tracker.sources.cases import Case


@dataclass(frozen=True)
class Answer:
    """One answer of a host."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0


NOT_FOUND = Answer(404, {"Content-Type": "text/html"}, b"<html><title>404</title><body>Not found</body></html>")


class StandIn:
    """The proxy. ``answers`` maps whole URLs to answers; what is not in it is not found; ``asked`` holds what was asked."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, Answer | Callable[[bytes], Answer]] = {}
        self.untrusted: set[str] = set()
        """Hosts with a certificate that nobody trusts."""
        self.asked: list[tuple[str, str]] = []
        import trustme  # only where marked tests run: requirements-ci.lock has it, requirements.lock does not

        self._authority, self._stranger = trustme.CA(), trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.certificates = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(self.certificates)
        web = self

        class Handler(BaseHTTPRequestHandler):
            host = ""
            timeout = 30

            def do_CONNECT(self) -> None:
                self.host = self.path.rpartition(":")[0]
                self.send_response(200)
                self.end_headers()
                try:
                    self.connection = web.context(self.host).wrap_socket(self.connection, server_side=True)
                except OSError:
                    self.close_connection = True
                    return
                self.rfile = self.connection.makefile("rb", -1)
                self.wfile = self.connection.makefile("wb", 0)
                self.close_connection = False

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                sent = self.rfile.read(length)
                url = f"https://{self.host}{self.path}" if self.host else self.path
                answer = web.answer(self.command, url, sent)
                time.sleep(answer.delay)
                with suppress(OSError):  # who asked may have given up
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.send_header("Connection", "close")
                    self.end_headers()
                    self.wfile.write(answer.body)
                self.close_connection = True

            do_POST = do_GET  # noqa: N815 - the name that the class looks for

            def finish(self) -> None:
                super().finish()
                self.connection.close()  # the server closes the socket below TLS only

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def context(self, host: str) -> ssl.SSLContext:
        with self._lock:
            if host not in self._contexts:
                authority = self._stranger if host in self.untrusted else self._authority
                self._contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                authority.issue_cert(host).configure_cert(self._contexts[host])
            return self._contexts[host]

    def answer(self, method: str, url: str, sent: bytes) -> Answer:
        self.asked.append((method, url))
        found = self.answers.get(url, self.answers.get(url.replace("@", "%40"), NOT_FOUND))  # a client may send either
        return found(sent) if callable(found) else found

    def add_case(self, case: Case) -> None:
        """Answer as the hosts of a saved case do: its robots.txt files, redirects, refusals and pages."""
        for each in (*case.access.robots, *case.access.responses):
            self.answers[each.url] = Answer(each.status, dict(each.headers), each.body)
        posts: dict[str, list[tuple[str, Answer]]] = {}
        for page in case.pages:
            answer = Answer(200, {"Content-Type": page.content_type} if page.content_type else {}, page.body)
            if page.posted:
                posts.setdefault(page.url, []).append((page.posted, answer))
            else:
                self.answers[page.url] = answer
        for url, known in posts.items():
            self.answers[url] = _by_body(known)

    @contextmanager
    def serving(self) -> Iterator[StandIn]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stop()
            thread.join()

    def stop(self) -> None:
        """Die: connections are refused from now on."""
        self._server.shutdown()
        self._server.server_close()

    def urls(self) -> list[str]:
        return [url for _, url in self.asked]


def _by_body(known: Iterable[tuple[str, Answer]]) -> Callable[[bytes], Answer]:
    answers = {posted.encode(): answer for posted, answer in known}
    return lambda sent: answers.get(sent, NOT_FOUND)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
