"""Clients that begin and do not go on, say too much, or do not read: others are answered all the same."""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.web.front.conftest import Start
from tracker.web.front.limits import Limits

pytestmark = pytest.mark.long

BEGUN = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n"


def ended(client: socket.socket) -> bool:
    """Say whether the server has closed a connection, in whichever way."""
    try:
        while client.recv(65_536):
            pass
    except ConnectionError:
        return True
    return True


def test_half_open_requests_give_way_to_whole_ones(start: Start) -> None:
    front = start(Limits(connections=20), module="")
    with ExitStack() as stack:
        half_open = [stack.enter_context(front.connect()) for _ in range(60)]
        for client in half_open:
            client.sendall(BEGUN)
        for _ in range(5):
            assert front.get("/robots.txt").status_code == 200
        assert all(ended(client) for client in half_open[:40])
        # Those that are left may still finish.
        half_open[-1].sendall(b"\r\n")
        assert half_open[-1].recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"", BEGUN])
def test_a_request_has_to_come_in_time(start: Start, sent: bytes) -> None:
    with start(Limits(head_seconds=0.3), module="").connect() as client:
        began = time.monotonic()
        client.sendall(sent)
        assert ended(client)
        assert 0.2 < time.monotonic() - began < 3


def test_one_that_drips_has_no_more_time(start: Start) -> None:
    with start(Limits(head_seconds=0.5), module="").connect() as client, pytest.raises(ConnectionError):
        client.sendall(b"GET / HTTP/1.1\r\n")
        for number in range(40):
            client.sendall(b"X-%d: y\r\n" % number)
            time.sleep(0.05)


def test_headers_without_end_are_refused(start: Start) -> None:
    with start(Limits(head_bytes=5_000), module="").connect() as client:
        client.sendall(BEGUN + b"X: " + b"y" * 6_000)
        assert client.recv(65_536).startswith(b"HTTP/1.1 431")


def test_a_body_without_end_is_not_read(start: Start) -> None:
    with start(module="").connect() as client, pytest.raises(ConnectionError):
        client.sendall(b"POST /events.ics HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(100):
            client.sendall(b"x" * 65_536)
            time.sleep(0.02)


def test_a_connection_is_used_again(start: Start) -> None:
    with start(Limits(head_seconds=0.2), module="").connect() as client:
        for _ in range(3):
            client.sendall(BEGUN + b"\r\n")
            answer = b""
            while not answer.endswith(b"Allow: /\n"):
                answer += client.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200")
            time.sleep(0.3)


def test_who_does_not_read_is_left(start: Start) -> None:
    front = start(Limits(stall_seconds=0.3))
    with front.connect() as client:
        client.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.5)
        received = 0
        with suppress(ConnectionError):  # it may be reset or closed
            while part := client.recv(65_536):
                received += len(part)
        assert received < 20_000_000


def test_who_does_not_read_its_websocket_is_left(start: Start) -> None:
    plenty = (1_000.0, 1_000)
    limits = Limits(stall_seconds=0.3, messages_of_websocket=plenty, messages_of_client=plenty, messages=plenty)
    with connect(start(limits).stream, max_queue=1, close_timeout=0.1) as stream, pytest.raises(ConnectionClosed):
        for _ in range(200):
            stream.send(os.urandom(500_000))


def test_who_reads_slowly_gets_it_all(start: Start) -> None:
    front = start(Limits(stall_seconds=0.2, head_seconds=0.2))
    with front.connect() as client:
        client.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = 0
        while part := client.recv(1_000_000):
            received += len(part)
            time.sleep(0.03)
        assert received > 20_000_000


def test_a_client_has_only_so_many_requests_to_the_dashboard(start: Start) -> None:
    front = start(Limits(requests_each=1))
    with front.connect() as client:
        client.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        client.recv(1_000)
        answer = front.get("/map")
        assert answer.status_code == 503
        assert "The feeds answer as usual" in answer.text
        assert front.get("/map", X_Forwarded_For="203.0.113.7").status_code == 200
