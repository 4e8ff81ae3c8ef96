"""``tracker serve``: serves the feeds, and the dashboard in a process of its own."""

from __future__ import annotations

import errno
import secrets
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from socket import socket

    from tracker.config import Settings

_LAST_PORT, _BACKLOG = 65_535, 2_048
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
DASHBOARD = "dashboard.server"
"""Module of the dashboard; imported by name, because the tracker works without it."""


def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8501,
    dashboard: Annotated[bool, typer.Option(help="With the dashboard, or the feeds alone.")] = True,
    curator: Annotated[
        str, typer.Option(metavar="NAME", help="Decide about events on the dashboard, as NAME, from this machine.")
    ] = "",
) -> None:
    """Serve the dashboard and the feeds until interrupted."""
    from tracker.config import Settings
    from tracker.errors import UsageError

    if curator and host not in _THIS_MACHINE:
        raise UsageError(
            f"--curator is for this machine alone, and --host {host} lets others in. To let people log in, set "
            "TRACKER_LOGIN and TRACKER_CURATORS (docs/dashboard.md)."
        )
    start(Settings.load(data), host=host, port=port, dashboard=dashboard, curator=curator)


def start(settings: Settings, *, host: str, port: int, dashboard: bool, curator: str = "") -> None:
    """Serve until interrupted.

    Raises:
        UsageError: host or port cannot be used.
    """
    from tracker.web.front.server import serve_feeds, serve_with_dashboard

    with listen(host, port) as listener:
        base = f"{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        typer.echo(
            (f"\nDashboard:  http://{base}/\n" if dashboard else "\n")
            + f"Calendar:   http://{base}/events.ics   (in a calendar program: webcal://{base}/events.ics)\n"
            f"JSON:       http://{base}/events.json\n\nCtrl-C stops."
        )
        if not dashboard:
            serve_feeds(settings, listener)
            return
        # The dashboard's process reads its settings from its environment.
        environment = {"TRACKER_DATA_DIR": str(settings.data_dir), "TRACKER_DATABASE_URL": settings.database_url}
        if curator:
            key = settings.local_curator_key or secrets.token_urlsafe(16)
            environment |= {"TRACKER_LOCAL_CURATOR": curator, "TRACKER_LOCAL_CURATOR_KEY": key}
            typer.echo(f"To decide:  http://{base}/?key={quote(key, safe='')}   (for {curator} alone, in this browser)")
        serve_with_dashboard(settings, listener, DASHBOARD, environment)


def listen(host: str, port: int) -> socket:
    """Return a socket that listens on a port; 0 for any free one.

    Raises:
        UsageError: host or port cannot be used.
    """
    import socket as sockets

    from tracker.errors import UsageError

    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"There is no port {port}. Choose one from 1 to {_LAST_PORT}: --port N.")
    listener = sockets.socket(sockets.AF_INET6 if ":" in host else sockets.AF_INET)
    try:
        listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if isinstance(error, sockets.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(
                f"{host} is no address of this machine ({error.strerror}). For all of them: --host 0.0.0.0."
            ) from error
        raise UsageError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: --port N."
        ) from error
    return listener
