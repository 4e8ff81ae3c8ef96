"""``tracker mcp``: lets an assistant ask, by the Model Context Protocol over standard input and output."""

from __future__ import annotations

from tracker.cli.options import Data


def mcp(data: Data = None) -> None:
    """Answer an assistant by the Model Context Protocol, over standard input and output. It only reads."""
    from tracker.assistants.server import make_server
    from tracker.config import Settings

    make_server(Settings.load(data)).run("stdio")
