"""The routes, and the small app that serves them without a dashboard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from tracker.config import Settings
from tracker.web.feeds import Feeds
from tracker.web.health import HealthRoute
from tracker.web.pages import Pages


def routes(settings: Settings) -> list[Route]:
    """Return our routes, those that are asked for most first."""
    return [
        *Feeds(settings).routes(),
        Route("/healthz", HealthRoute(settings).answer, methods=["GET"]),
        *Pages(settings).routes(),
    ]


def feed_app(settings: Settings) -> Starlette:
    """Return an app of the routes alone."""
    return Starlette(routes=routes(settings))
