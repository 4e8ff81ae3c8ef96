"""Options that several commands share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from tracker.models.filters import FILTERS, Filter

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Data folder. Default: TRACKER_DATA_DIR, or the user's data folder.",
    ),
]

EVENT = "An event's id as 'tracker list' shows it, its address, or a listing as 'tracker show' does: 'source its-id'."
"""Help text for arguments that name an event."""


def takes_selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add one flag per filter to a command, whose parameter ``filters`` gets the given (name, value) pairs.

    The flags have the names and values of a feed URL's query parameters.
    """

    @wraps(command)
    def run(**values: Any) -> None:
        filters = [(name, value) for name in FILTERS for value in values.pop(_key(name)) or ()]
        command(filters=filters, **values)

    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(command).parameters.values()
        if parameter.name != "filters"
    ]
    flags = [
        inspect.Parameter(
            _key(name),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[list[str] | None, typer.Option(*_flags(name), metavar="TEXT", help=_help(each))],
        )
        for name, each in FILTERS.items()
    ]
    run.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in [*own, *flags]}
    return run


def _help(each: Filter) -> str:
    return each.help + (" (repeatable)" if each.is_repeatable else "")


def _flags(name: str) -> list[str]:
    # With underscores as in a URL, and with hyphens as is usual for flags.
    return list(dict.fromkeys([f"--{name}", "--" + name.replace("_", "-")]))


def _key(name: str) -> str:
    # "from" is a keyword of Python.
    return f"filter_{name}"


def days(written: str, option: str) -> timedelta:
    """Parse a number of days, such as ``7d``.

    Raises:
        UsageError: it is not a number of days.
    """
    from tracker.errors import UsageError

    number = written.removesuffix("d")
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= 3_650):
        raise UsageError(f"{option} {written} is not a number of days. Write it as 7d.")
    return timedelta(days=int(number))
