"""``tracker doctor``: is all well with this installation?"""

from __future__ import annotations

import typer

from tracker.cli.options import Data


def doctor(data: Data = None) -> None:
    """Look at configuration, database, clock, disk, network and versions, and say what is wrong.

    Ends with 1 if anything is.
    """
    from tracker.config import Settings
    from tracker.operating.doctor import examine

    bad = 0
    for sign in examine(Settings.load(data)):
        bad += not sign.is_well
        typer.echo(f"{'ok   ' if sign.is_well else 'WRONG'}  {sign.about}: {sign.words}")
    typer.echo("All is well." if not bad else f"{bad} thing{'s' if bad > 1 else ''} to mend.")
    if bad:
        raise typer.Exit(1)
