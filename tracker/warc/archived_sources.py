"""Reads sources from archived pages as a crawl at that time would have read them, on one core or many."""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.crawling.throttling.domains import registrable_domain
from tracker.errors import ConfigurationError
from tracker.models.listing import Listing
from tracker.models.source import Source
from tracker.sources.cases import Case
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.sources.replay import replay
from tracker.warc.records import ArchivedPage, as_row, from_row, pages_of

_ANY_DAY = date(2026, 1, 1)
"""The URLs of first pages may depend on the day; their site does not."""


@dataclass(frozen=True, slots=True)
class ArchivedSource:
    """The listings of one source in the archives."""

    source: str
    listings: tuple[Listing, ...]
    rejected: int
    missing: tuple[str, ...]
    """Why pages could not be read, most often because they are in none of the archives."""


def read_archives(paths: Iterable[Path], sources: Sequence[Source]) -> Iterator[ArchivedSource]:
    """Read sources from archives, in the order of their ids; of a page that was saved twice the later version counts.

    Raises:
        UsageError: an archive cannot be read.
        ConfigurationError: the packages that read archives are not installed.
    """
    sites = _sites_of(sources)
    by_site: dict[str, list[ArchivedPage]] = defaultdict(list)
    for path in paths:
        for found in pages_of(path, frozenset(sites)):
            by_site[found.site].append(found)
    read = [each for site, pages in by_site.items() for each in _read_site(sites[site], pages)]
    yield from sorted(read, key=lambda each: each.source)


def read_archives_on_ray(paths: Iterable[Path], sources: Sequence[Source]) -> Iterator[ArchivedSource]:
    """Do the same on a Ray cluster, or on all cores of this machine: first files, then sites are read in parallel.

    Raises:
        ConfigurationError: Ray is not installed.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ConfigurationError(f"Ray is missing: {error}. Install aisafety-tracker[archives].") from error
    if not ray.is_initialized() and "RAY_ADDRESS" not in os.environ:
        ray.init(
            include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR, _node_ip_address="127.0.0.1"
        )
    by_site = _sites_of(sources)
    known = {site: [each.model_dump_json() for each in some] for site, some in by_site.items()}
    sites = frozenset(known)

    def rows_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        return map(as_row, pages_of(Path(row["item"]), sites))

    def read(rows: Any) -> Any:
        site = str(rows["site"][0])
        count = len(rows["url"])
        pages = [from_row({name: column[at] for name, column in rows.items()}) for at in range(count)]
        some = [Source.model_validate_json(each) for each in known[site]]
        found = list(_read_site(some, pages))
        return {
            "source": [each.source for each in found],
            "listings": [[one.model_dump_json() for one in each.listings] for each in found],
            "rejected": [each.rejected for each in found],
            "missing": [list(each.missing) for each in found],
        }

    pages = ray.data.from_items([str(path) for path in paths]).flat_map(rows_of)
    for row in sorted(pages.groupby("site").map_groups(read).take_all(), key=lambda each: str(each["source"])):
        listings = tuple(Listing.model_validate_json(each) for each in row["listings"])
        yield ArchivedSource(str(row["source"]), listings, int(row["rejected"]), tuple(map(str, row["missing"])))


def _sites_of(sources: Iterable[Source]) -> dict[str, list[Source]]:
    """Return the sources by the site of their first page."""
    found: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        first = next(iter(platform_of(source).first_pages(options_of(source), _ANY_DAY)))
        found[registrable_domain(first.url)].append(source)
    return found


def _read_site(sources: Iterable[Source], pages: Sequence[ArchivedPage]) -> Iterator[ArchivedSource]:
    latest: dict[str, ArchivedPage] = {}
    for found in sorted(pages, key=lambda each: each.saved_at):
        latest[found.page.url] = found
    now = max(each.saved_at for each in latest.values())
    for source in sources:
        case = Case(Path(), now, tuple(each.page for each in latest.values()), reviewed=True)
        result = replay(source, case)
        if not result.pages:
            continue
        missing = tuple(map(str, (*result.failures, *result.details_missing)))
        yield ArchivedSource(source.id, tuple(result.listings()), len(result.rejected), missing)
