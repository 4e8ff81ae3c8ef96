"""Caches the robots.txt files of a crawl, so that each is fetched once, however many sources are on its site."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class RobotsFile:
    """robots.txt of one site."""

    answer: bytes | Exception | None = None
    """Its content, or the error that fetching it gave; None: not requested yet."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while it is being fetched."""


class RobotsCache(defaultdict[str, RobotsFile]):
    """robots.txt of all sites of a crawl, by origin (``https://a.example``)."""

    def __init__(self) -> None:
        super().__init__(RobotsFile)
