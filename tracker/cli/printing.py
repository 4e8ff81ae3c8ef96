"""How commands print: rich tables on a terminal, plain and wide lines otherwise."""

from __future__ import annotations

import sys
from functools import cache

from rich.console import Console

_WIDE = 160


@cache
def console() -> Console:
    """Return the console of standard output; text is never read as markup unless it says so."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
