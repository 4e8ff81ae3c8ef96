"""The words for time zones → IANA names."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

from tracker.models.moments import ANYWHERE_ON_EARTH, zone_of
from tracker.reading.lookups import load

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?(?::?00)?$", re.IGNORECASE)
_AOE = re.compile(r"a\.?o\.?e\.?|anywhere on earth", re.IGNORECASE)
# Mozilla, Evolution and others put a path before the name: /freeassociation.sourceforge.net/Europe/Berlin
_IANA_TAIL = re.compile(r"([A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)$")


def read_zone(word: str) -> str | None:
    """Return the IANA name (or ``AoE``, ``UTC``) that ``word`` means, or None.

    >>> read_zone("GMT Standard Time"), read_zone("europe/berlin"), read_zone("AoE"), read_zone("Mars")
    ('Europe/London', 'Europe/Berlin', 'AoE', None)
    """
    word = word.strip().strip('"')
    if not word:
        return None
    if _AOE.fullmatch(word):
        return ANYWHERE_ON_EARTH
    if word.upper() in {"UTC", "Z", "GMT", "ETC/UTC"}:
        return "UTC"
    windows: dict[str, str] = load("windows_zones")
    tail = _IANA_TAIL.search(word)
    for name in (word, windows.get(word, ""), tail[1] if tail else "", _title(word)):
        if name and "/" in name:
            try:
                zone_of(name)
            except ValueError:
                continue
            return name
    return None


def read_offset(word: str) -> timezone | None:
    """Return the fixed offset that ``word`` states, or None.

    >>> read_offset("+0100"), read_offset("UTC-7")
    (datetime.timezone(datetime.timedelta(seconds=3600)), datetime.timezone(datetime.timedelta(days=-1, seconds=61200)))
    """
    match = _OFFSET.match(word.strip())
    if not match:
        return None
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if span > timedelta(hours=14):
        return None
    return timezone(-span if match[1] == "-" else span)


def _title(word: str) -> str:
    return "/".join("_".join(part.capitalize() for part in piece.split("_")) for piece in word.split("/"))
