"""Whose site an address belongs to: the domain that somebody registered."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

_SAME_SITE = {"lu.ma": "luma.com"}
"""Domains of one and the same site."""


@cache
def _public_suffixes() -> TLDExtract:
    # The list that ships with the library: no look-up in the network.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def _of_host(host: str) -> str:
    """Return the domain; empty for an address in numbers and for a name of one word, which nobody registered.

    Where people get a name under somebody's own (``someone.github.io``), that somebody runs the servers.
    """
    domain = _public_suffixes()(host).top_domain_under_public_suffix
    if not domain and "." in host and not host.replace(".", "").isdigit():
        domain = ".".join(host.split(".")[-2:])  # publicsuffix.org: "if no rules match, the prevailing rule is *"
    return _SAME_SITE.get(domain, domain)


def registrable_domain(url: str) -> str:
    """Return the domain somebody registered (``luma.com``), or host and port of what has none.

    >>> registrable_domain("https://calendar.luma.com/x"), registrable_domain("http://127.0.0.1:80/x")
    ('luma.com', '127.0.0.1:80')
    """
    parts = urlsplit(url)
    return _of_host(parts.hostname or "") or parts.netloc
