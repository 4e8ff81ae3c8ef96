"""Determines the registrable domain of a URL, by the public suffix list."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

_SAME_SITE = {"lu.ma": "luma.com"}
"""Alias domains of the same site."""


@cache
def _public_suffixes() -> TLDExtract:
    # The list that ships with the library, without network access.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def _of_host(host: str) -> str:
    """Return the registrable domain of a host; empty for an IP address and a single-label name.

    Private suffixes do not count: the domain of ``someone.github.io`` is ``github.io``, whose owner runs the servers.
    """
    domain = _public_suffixes()(host).top_domain_under_public_suffix
    if not domain and "." in host and not host.replace(".", "").isdigit():
        domain = ".".join(host.split(".")[-2:])  # publicsuffix.org: "if no rules match, the prevailing rule is *"
    return _SAME_SITE.get(domain, domain)


def registrable_domain(url: str) -> str:
    """Return the registrable domain of a URL (``luma.com``), or its host and port if it has none.

    >>> registrable_domain("https://calendar.luma.com/x"), registrable_domain("http://127.0.0.1:80/x")
    ('luma.com', '127.0.0.1:80')
    """
    parts = urlsplit(url)
    return _of_host(parts.hostname or "") or parts.netloc
