"""``tracker doctor``: prints the result of the checks of this installation."""

from __future__ import annotations

import typer

from tracker.cli.options import Data


def doctor(data: Data = None) -> None:
    """Look at configuration, database, clock, disk, network and versions, and say what is wrong.

    Ends with 1 if anything is.
    """
    from tracker.cli.doctor_checks import run_checks
    from tracker.config import Settings

    bad = 0
    for check in run_checks(Settings.load(data)):
        bad += not check.is_ok
        typer.echo(f"{'ok   ' if check.is_ok else 'WRONG'}  {check.about}: {check.words}")
    typer.echo("All is well." if not bad else f"{bad} thing{'s' if bad > 1 else ''} to mend.")
    if bad:
        raise typer.Exit(1)
