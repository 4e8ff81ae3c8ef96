"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Data folder. Default: TRACKER_DATA_DIR, or the user's data folder.",
    ),
]
Types = Annotated[list[str] | None, typer.Option("--type", help="hackathon, course, fellowship… (repeatable)")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="Two letters: DE (repeatable)")]
Cities = Annotated[list[str] | None, typer.Option("--city", help="Berlin (repeatable)")]
Modes = Annotated[list[str] | None, typer.Option("--mode", help="online, in_person or hybrid (repeatable)")]
From = Annotated[str, typer.Option("--from", metavar="DAY", help="First day: 2026-12-01")]
To = Annotated[str, typer.Option("--to", metavar="DAY", help="Last day: 2026-12-31")]
Words = Annotated[str, typer.Option("--q", metavar="WORDS", help="Words that must all occur")]
More = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="NAME=VALUE",
        help="Any filter of a feed's address: cost=free (repeatable)",
    ),
]
