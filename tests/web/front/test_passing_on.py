"""What reaches the dashboard, and what comes back."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.web.front.conftest import Front, Start
from tracker.web.front.limits import Limits

pytestmark = pytest.mark.long

FORGED = {"X-Tracker-Client": "127.0.0.1", "X-Tracker-Scheme": "https"}


def test_paths_queries_and_headers_pass_unchanged(front: Front) -> None:
    answer = front.get("/map?country=DE&q=a%20b", cookie="a=b; c=d", accept_language="de")
    told = answer.json()
    assert (told["target"], told["query"]) == ("/map", "country=DE&q=a%20b")
    assert told["headers"]["host"] == f"127.0.0.1:{front.port}"
    assert told["headers"]["cookie"] == "a=b; c=d"
    assert told["headers"]["accept-language"] == "de"


def test_head_and_304_have_no_body(front: Front) -> None:
    head = httpx2.head(f"{front.http}/map")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 100
    known = front.get("/map", if_none_match='"known"')
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", '"known"')


def test_a_long_answer_comes_whole(front: Front) -> None:
    assert len(front.get("/much").content) == 20_000_000


def test_the_dashboard_is_only_read(front: Front) -> None:
    answer = httpx2.post(f"{front.http}/map", content=b"x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_the_dashboard_learns_who_asked_whatever_they_claim(front: Front) -> None:
    told = front.get("/map", X_Tracker_Client="1.2.3.4", X_Forwarded_For="6.6.6.6, 203.0.113.7").json()["headers"]
    assert told["x-tracker-client"] == "203.0.113.7"
    assert told["x-forwarded-for"] == "6.6.6.6, 203.0.113.7"
    told = front.get("/map", X_Forwarded_Proto="https").json()["headers"]
    assert (told["x-tracker-client"], told["x-tracker-scheme"]) == ("127.0.0.1", "https")
    with connect(front.stream, additional_headers=FORGED | {"X-Forwarded-For": "203.0.113.7"}) as stream:
        told = json.loads(stream.recv())
    assert (told["x-tracker-client"], told["x-tracker-scheme"]) == ("203.0.113.7", "http")


def test_feeds_are_answered_by_the_front_itself(front: Front) -> None:
    assert front.get("/events.ics").status_code == 503  # there is no database
    assert front.get("/nope.ics").status_code == 404
    assert front.get("/robots.txt").headers["content-type"].startswith("text/plain")


def test_a_websocket_passes_in_both_directions(front: Front) -> None:
    with connect(f"{front.stream}?a=b", subprotocols=["streamlit"], max_size=None) as stream:  # type: ignore[list-item]
        assert stream.subprotocol == "streamlit"
        assert json.loads(stream.recv())["host"] == f"127.0.0.1:{front.port}"
        for message in (b"", b"short", b"x" * 70_000, b"y" * 300_000):
            stream.send(message)
            assert stream.recv() == message
        stream.send([b"in ", b"three ", b"frames"])
        assert stream.recv() == b"in three frames"


def test_a_websocket_that_the_dashboard_refuses_is_refused(front: Front) -> None:
    with pytest.raises(InvalidStatus, match="403"), connect(f"{front.stream}?refuse"):
        pass


def test_nothing_follows_a_handshake_that_is_none(front: Front) -> None:
    hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\nX-Tracker-Client: 127.0.0.1\r\n\r\n"
    with front.connect() as client:
        client.sendall(b"GET /_stcore/stream HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        client.sendall(hidden)
        answer = b""
        with suppress(ConnectionResetError):  # what was sent after the handshake is not even read
            while part := client.recv(65_536):
                answer += part
    assert b"hidden" not in answer


def test_there_is_one_websocket_and_none_without_a_dashboard(front: Front, start: Start) -> None:
    for address in (front.stream.replace("stream", "other"), start(module="").stream):
        with pytest.raises(InvalidStatus, match="404"), connect(address):
            pass


def test_messages_beyond_the_rate_come_late_and_in_order(start: Start) -> None:
    front = start(Limits(messages_of_websocket=(10, 3)))
    with connect(front.stream) as stream:
        stream.recv()
        began = time.monotonic()
        for number in range(10):
            stream.send(b"%d" % number)
        assert [stream.recv() for _ in range(10)] == [b"%d" % number for number in range(10)]
        # The handshake was the first of the burst of three.
        assert 0.7 < time.monotonic() - began < 3


def test_a_message_that_is_too_long_ends_its_websocket(start: Start) -> None:
    with connect(start(Limits(message_bytes=1_000)).stream) as stream:
        stream.recv()
        stream.send(b"x" * 900)
        assert stream.recv() == b"x" * 900
        stream.send(os.urandom(1_100))  # nothing that could be compressed
        with pytest.raises(ConnectionClosed):
            stream.recv()


def test_a_client_has_only_so_many_websockets(start: Start) -> None:
    front = start(Limits(websockets_each=2))
    with connect(front.stream), connect(front.stream) as last:
        with pytest.raises(InvalidStatus, match="503"), connect(front.stream):
            pass
        with connect(front.stream, additional_headers={"X-Forwarded-For": "203.0.113.7"}):
            pass
        last.close()
        time.sleep(0.2)
        with connect(front.stream):
            pass


def test_a_dashboard_that_is_not_there_costs_no_feed(start: Start) -> None:
    front = start(module="tests.web.front.no_such_module")
    assert front.get("/robots.txt").status_code == 200
    page = front.get("/map", accept="text/html,*/*")
    assert (page.status_code, page.headers["retry-after"]) == (503, "2")
    assert 'href="events.ics"' in page.text
    assert page.headers["cache-control"] == "no-store"
    plain = front.get("/_stcore/health", accept="*/*")
    assert (plain.status_code, plain.headers["content-type"]) == (503, "text/plain; charset=utf-8")
    with pytest.raises(InvalidStatus, match="503"), connect(front.stream):
        pass


def test_a_dashboard_that_ends_starts_again(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    front = start()
    assert front.get("/end").status_code == 504
    assert front.get("/robots.txt").status_code == 200
    front.wait_for_dashboard()
    assert "The dashboard has ended (exit code 3). It starts again in 0.5 seconds; the feeds go on." in caplog.messages
