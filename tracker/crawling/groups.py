"""Sources of one site are crawled one after another, so that its delay holds across all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

from tracker.clock import current_time
from tracker.models.source import Source
from tracker.sources.files import options_of
from tracker.sources.platforms import load_platform

_SAME_SITE = {"lu.ma": "luma.com"}
"""Domains of one and the same site."""


@cache
def _public_suffixes() -> TLDExtract:
    # The list that ships with the library: no look-up in the network.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable_domain(url: str) -> str:
    """Return the domain somebody registered (``luma.com``), or host and port of what has none.

    >>> registrable_domain("https://calendar.luma.com/x"), registrable_domain("http://127.0.0.1:80/x")
    ('luma.com', '127.0.0.1:80')
    """
    parts = urlsplit(url)
    domain = _public_suffixes()(parts.hostname or "").top_domain_under_public_suffix or parts.netloc
    return _SAME_SITE.get(domain, domain)


def group_by_host(sources: Iterable[Source]) -> list[list[Source]]:
    """Return the sources in groups that share a registrable domain."""
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        first = _first_address(source)
        groups[registrable_domain(first)].append(source)
    return list(groups.values())


def _first_address(source: Source) -> str:
    first = next(iter(load_platform(source.platform).first_pages(options_of(source), current_time().date())))
    return str(first.url)
