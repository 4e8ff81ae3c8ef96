"""The routes, and the small app that serves them without a dashboard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.config import Settings
from tracker.web.feed_routes import Feeds
from tracker.web.health import HealthRoute
from tracker.web.page_routes import Pages


def routes(settings: Settings) -> list[Route]:
    """Return our routes, those that are asked for most first."""
    return [*Feeds(settings).routes(), *_other_routes(settings)]


def _other_routes(settings: Settings) -> list[Route]:
    return [
        Route("/healthz", HealthRoute(settings).answer, methods=["GET"]),
        *Pages(settings).routes(),
    ]


def feed_app(settings: Settings) -> ASGIApp:
    """Return an app of the routes alone."""
    feeds = Feeds(settings)
    app = Starlette(routes=[*feeds.routes(), *_other_routes(settings)])
    app.router.redirect_slashes = False
    return Shortcut(app, feeds)


class Shortcut:
    """Answers feeds before any routing: calendar programs ask for them all day long, mostly to hear 304."""

    def __init__(self, app: ASGIApp, feeds: Feeds) -> None:
        self._app = app
        self._endpoints = feeds.endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        endpoint = self._endpoints.get(scope["path"]) if scope["type"] == "http" else None
        await (endpoint or self._app)(scope, receive, send)
