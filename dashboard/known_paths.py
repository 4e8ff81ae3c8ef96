"""Answers 404 for what the dashboard does not have. Streamlit answers every unknown path with its page and 200."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import streamlit as st
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.web.responses import text_response

_BACKEND = frozenset({"/_stcore/health", "/_stcore/host-config"})
"""Not among them: metrics, the agent API and uploads, which are for nobody or not used."""
_FOLDERS = ("/media/", "/component/", "/_stcore/bidi-components/")
_LOGIN = frozenset({"/auth/login", "/auth/logout", "/oauth2callback"})


class KnownPaths:
    """ASGI middleware that passes on only requests for the views, Streamlit's files and its backend."""

    def __init__(self, app: ASGIApp, *, views: Collection[str], has_login: bool) -> None:
        """``views``: the paths of the views, without slashes; empty for the first one."""
        self._app = app
        static = Path(str(st.__file__)).with_name("static")
        files = {f"/{path.relative_to(static).as_posix()}" for path in static.rglob("*") if path.is_file()}
        self._known = frozenset({f"/{view}" for view in views} | files | _BACKEND | (_LOGIN if has_login else set()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 404."""
        if scope["type"] != "http" or self._is_known(scope["path"]):
            await self._app(scope, receive, send)
            return
        text = (
            f"There is no {scope['path'][:200]}. The dashboard is at /, the feeds are at /events.ics and /events.json."
        )
        await text_response(404, text).send(scope, send)

    def _is_known(self, path: str) -> bool:
        # Streamlit redirects /map/ to /map.
        return path in self._known or (path.rstrip("/") or "/") in self._known or path.startswith(_FOLDERS)
