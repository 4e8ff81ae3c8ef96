"""Addresses that lead to the same page → one address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(r"utm_.*|mc_.*|hsa_.*|pk_.*|fbclid|gclid|ref|referrer|si|igshid|aff|tk", re.IGNORECASE)
_ALIASES = {"lu.ma": "luma.com"}


def canonical_link(url: str) -> str:
    """Return ``url`` without scheme, ``www.``, tracking parameters and trailing slash; hosts by one name.

    The fragment stays: ``#a`` and ``#b`` may be two programmes on one page.

    >>> canonical_link("https://www.lu.ma/x/?utm_source=mail") == canonical_link("http://luma.com/x")
    True
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    host = _ALIASES.get(host, host) + (f":{parts.port}" if parts.port else "")
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    query = urlencode(sorted(pair for pair in kept if not _TRACKING.fullmatch(pair[0])))
    path = re.sub(r"/index\.html?$", "/", parts.path).rstrip("/")
    return host + path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")
