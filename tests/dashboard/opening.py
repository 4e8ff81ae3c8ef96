"""The dashboard's script as Streamlit's own test harness runs it: no browser, no server."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

APP = str(Path(__file__).parents[2] / "dashboard" / "app.py")


def opened(data: Path, monkeypatch: pytest.MonkeyPatch, view: str = "", /, **address: str | list[str]) -> AppTest:
    """Return the page at an address, run once; nothing may have gone wrong."""
    monkeypatch.setenv("TRACKER_DATA_DIR", str(data))
    # The dashboard has no components of other packages; to look through all that are installed takes longer than a page.
    monkeypatch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
    app = AppTest.from_file(APP, default_timeout=30)
    if view:
        # Its own switch_page knows pages that are files; Streamlit names ours by their address.
        app._page_hash = calc_hash(view)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def heading(app: AppTest) -> str:
    """Return what the page is called."""
    return str(app.title[0].value)


def shown(app: AppTest) -> str:
    """Return the text of the page, as Markdown."""
    return "\n".join(str(each.value) for each in app.markdown)
