"""Assembles all routes, and an app that serves them without the dashboard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Lifespan

from tracker.config import Settings
from tracker.web.feed_routes import Feeds
from tracker.web.health import HealthRoute
from tracker.web.page_routes import Pages


def routes(settings: Settings) -> list[Route]:
    """Return all routes, the most requested first."""
    return [
        *Feeds(settings).routes(),
        Route("/healthz", HealthRoute(settings).answer, methods=["GET"]),
        *Pages(settings).routes(),
    ]


def feed_app(settings: Settings, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """Return an app with these routes only."""
    app = Starlette(routes=routes(settings), lifespan=lifespan)
    app.router.redirect_slashes = False
    return app
