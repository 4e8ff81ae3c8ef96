from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import file_util

from dashboard.behind_front import BehindFront
from dashboard.known_paths import KnownPaths


def anything(request: Request) -> Response:
    return PlainTextResponse("a page")


def client_of(*, has_login: bool = False) -> TestClient:
    known = Middleware(KnownPaths, views=["", "map", "event"], has_login=has_login)
    return TestClient(Starlette(routes=[Route("/{path:path}", anything)], middleware=[known]))


@pytest.mark.parametrize(
    "path",
    ["/", "/map", "/map/", "/event?id=x", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/media/x.csv",
     "/component/a/b.js", "/_stcore/bidi-components/x"],
)  # fmt: skip
def test_views_and_what_they_are_made_of_are_known(path: str) -> None:
    assert client_of().get(path).status_code == 200


def test_streamlits_own_files_are_known() -> None:
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    script = page.split('src="./', 1)[1].split('"', 1)[0]
    assert script.endswith(".js")
    assert client_of().get(f"/{script}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/nope", "/map/more", "/static/nope.js", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/wp-login.php",
     "/_stcore/upload_file/a/b", "/_stcore/script-health-check", "/%2e%2e/etc/passwd", "/favicon.ico", "/auth/login"],
)  # fmt: skip
def test_everything_else_is_not_found(path: str) -> None:
    answer = client_of().get(path)
    assert answer.status_code == 404
    assert "The dashboard is at /" in answer.text


def test_login_has_paths_only_where_there_is_a_login() -> None:
    assert {client_of(has_login=True).get(path).status_code for path in ("/auth/login", "/oauth2callback")} == {200}


def test_the_front_server_says_who_a_visitor_is() -> None:
    def who(request: Request) -> Response:
        assert request.client is not None
        headers = [name for name in request.headers if "tracker" in name]
        return JSONResponse([request.client.host, request.url.scheme, headers])

    client = TestClient(BehindFront(Starlette(routes=[Route("/", who)])))
    told = {"X-Tracker-Client": "203.0.113.7", "X-Tracker-Scheme": "https", "X-Tracker-Other": "x"}
    assert client.get("/", headers=told).json() == ["203.0.113.7", "https", []]
    assert client.get("/").json() == ["", "http", []]
