from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import file_util

import dashboard
from dashboard.static_files import NO_ANSWER, WORDS, StaticFiles, preload_tags

ROOT = Path(file_util.get_static_dir())


def anything(request: Request) -> Response:
    return PlainTextResponse("passed on")


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/{path:path}", anything)], middleware=[Middleware(StaticFiles)]))


def path_of(pattern: str) -> str:
    return f"/{min(ROOT.rglob(pattern)).relative_to(ROOT).as_posix()}"


def test_scripts_are_compressed_and_kept_for_a_year(client: TestClient) -> None:
    path = path_of("protobuf.*.js")
    packed = client.get(path)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(packed.content) / 5
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert client.head(path).content == b""


def test_fonts_that_the_theme_does_not_use_are_not_asked_for(client: TestClient) -> None:
    styles = client.get(path_of("index.*.css")).text
    assert "Source Sans" not in styles
    assert "Material Symbols" in styles, "icons are"


def test_the_words_of_an_outage_are_ours(client: TestClient) -> None:
    """If this fails, a new Streamlit says something else: look for it in its script."""
    said = "".join(path.read_text("utf-8") for path in ROOT.rglob("index.*.js"))
    assert all(theirs.decode() in said for theirs in WORDS)
    shown = "".join(client.get(f"/{path.relative_to(ROOT).as_posix()}").text for path in ROOT.rglob("index.*.js"))
    assert NO_ANSWER in shown
    assert not re.search("Streamlit (?:still running|server is not responding)", shown)


def test_everything_else_passes(client: TestClient) -> None:
    for path in ("/", "/static/js/none.js", "/favicon.png"):
        assert client.get(path).text == "passed on"
    assert client.post(path_of("protobuf.*.js")).status_code == 405


def test_every_icon_that_somebody_names_is_in_our_font(client: TestClient) -> None:
    """If this fails, an icon is new: run ``dashboard/data/build_icons.py``, with fonttools and brotli."""
    font = client.get(path_of("MaterialSymbols-Rounded.*.woff2"))
    assert len(font.content) < 30_000
    assert font.headers["cache-control"] == "public, max-age=86400"
    ours = Path(dashboard.__file__).parent
    names = {name for path in ours.rglob("*.py") for name in re.findall(r":material/(\w+):", path.read_text("utf-8"))}
    assert names <= set((ours / "data" / "icons.txt").read_text("utf-8").split())


def test_what_the_first_view_needs_is_loaded_with_the_page() -> None:
    tags = preload_tags()
    assert 'as="font"' in tags[0]
    for part in ("TextInput", "Selectbox", "ButtonGroup", "PageLink"):
        assert sum(f"/{part}." in tag for tag in tags) == 1, f"{part}: is it called so in this Streamlit?"
    files = [re.findall(r'href="\./([^"]+)"', tag)[0] for tag in tags]
    assert all((ROOT / name).is_file() for name in files)
    assert not set(files) & set(re.findall(r'href="\./([^"]+)"', (ROOT / "index.html").read_text("utf-8")))
