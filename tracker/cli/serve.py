"""``tracker serve``: serves dashboard and feeds in one process, or the feeds alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from tracker.config import Settings

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
        UsageError: the port is taken.
    """
    _check_port(host, port)
    base = f"{host}:{port}"
    typer.echo(
        (f"\nDashboard:  http://{base}/\n" if dashboard else "\n")
        + f"Calendar:   http://{base}/events.ics   (in a calendar program: webcal://{base}/events.ics)\n"
        f"JSON:       http://{base}/events.json\n\nCtrl-C stops."
    )
    if dashboard:
        from importlib import import_module

        # The dashboard reads its settings from the environment when its module is imported.
        os.environ["TRACKER_DATA_DIR"] = str(settings.data_dir)
        os.environ["TRACKER_DATABASE_URL"] = settings.database_url
        if curator:
            os.environ["TRACKER_LOCAL_CURATOR"] = curator
        import_module(DASHBOARD).run(host, port)
        return
    import uvicorn

    from tracker.web.app import feed_app

    uvicorn.run(feed_app(settings), host=host, port=port, log_level="warning", server_header=False, access_log=False)


def _check_port(host: str, port: int) -> None:
    import socket

    from tracker.errors import UsageError

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: --port N."
            ) from error
