"""The routes, and the small app that serves them without a dashboard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tracker.config import Settings
from tracker.web.feeds import FeedRoutes
from tracker.web.health import HealthRoute

_ROBOTS = "User-agent: *\nAllow: /\n"


def routes(settings: Settings) -> list[Route]:
    """Return our routes. A mistyped feed is a 404, never the dashboard's page."""
    feeds = FeedRoutes(settings)
    return [
        *feeds.routes(),
        Route("/healthz", HealthRoute(settings).answer, methods=["GET"]),
        Route("/robots.txt", _robots, methods=["GET"]),
        *(Route(f"/{{path:path}}.{ending}", _not_found) for ending in ("ics", "json", "atom", "csv", "xml")),
    ]


def feed_app(settings: Settings) -> Starlette:
    """Return an app of the routes alone."""
    return Starlette(routes=routes(settings), middleware=[Middleware(GZipMiddleware, minimum_size=1_000)])


def _robots(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
    return PlainTextResponse(_ROBOTS)


def _not_found(request: Request) -> Response:
    return PlainTextResponse(f"There is no {request.url.path}. Feeds: /events.ics, /events.json.\n", status_code=404)
