"""Equal canonical links are one event: the rule of aisopportunities.com.

Source: github kaustubhkislay/aisafety-opportunities, backend/dedup.py (September 2026). The key is the link without
scheme, ``www.``, trailing slash, fragment and eight tracking parameters, its query sorted. Without a link it is
organiser, title and deadline, in lower case. The rule knows no start date.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.models.listing import Listing

NAME = "URL key (aisopportunities)"

_TRACKING = {f"utm_{name}" for name in ("source", "medium", "campaign", "term", "content")} | {"fbclid", "gclid", "ref"}


def cluster(listings: Sequence[Listing]) -> list[int]:
    """Return the cluster of each listing."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(_key(listing), len(numbers)) for listing in listings]


def _key(listing: Listing) -> str:
    link = listing.url or listing.apply_url
    if link:
        parts = urlsplit(link)
        kept = sorted(pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _TRACKING)
        return f"url {(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')} {urlencode(kept)}"
    deadline = next((due.closes_at for due in listing.deadlines), None)
    return f"text {' '.join(listing.organizers).lower()}|{listing.title.lower()}|{deadline or ''}"
