"""What the robots.txt of each site said: asked for once in a crawl, whatever number of sources are on the site."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class RobotsFile:
    """One site's file."""

    answer: bytes | Exception | None = None
    """Its rules, or why it cannot be had; None: not asked yet."""
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while it is asked for."""


class RobotsFiles(defaultdict[str, RobotsFile]):
    """The files of all sites of a crawl, by origin (``https://a.example``)."""

    def __init__(self) -> None:
        super().__init__(RobotsFile)
