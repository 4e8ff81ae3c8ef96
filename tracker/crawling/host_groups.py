"""Groups sources by registrable domain, because those of one site are crawled one after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tracker.clock import current_time
from tracker.crawling.throttling.domains import registrable_domain
from tracker.models.source import Source
from tracker.sources.files import options_of
from tracker.sources.platform import load_platform


def group_by_host(sources: Iterable[Source]) -> list[list[Source]]:
    """Return the sources in groups that share a registrable domain."""
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        groups[domain_of(source)].append(source)
    return list(groups.values())


def domain_of(source: Source) -> str:
    """Return the registrable domain of a source's first page."""
    return registrable_domain(first_address(source))


def first_address(source: Source) -> str:
    """Return the URL of a source's first page."""
    first = next(iter(load_platform(source.platform).first_pages(options_of(source), current_time().date())))
    return str(first.url)
