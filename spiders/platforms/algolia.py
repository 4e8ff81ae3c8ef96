"""Parses boards on Algolia search, such as the 80,000 Hours job board: fellowships, courses, internships, funding.

The search-only API key is part of the page's configuration and changes; each run reads it again, and it is not stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import Field, field_validator

from spiders.formats import json_rows
from spiders.formats.documents import html_of, json_of, reject_login_or_captcha, text_of
from spiders.formats.raw_listings import Pattern
from tracker.errors import UnreadablePageError
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_HITS = 1_000
"""Maximum number of hits that Algolia returns in one response."""
_KEY = r"""(?i)(?:algolia\w{0,30}key|search\w{0,20}key)["':=\s]{1,9}([\w+/=-]{20,500})"""
_ANY_KEY = r"""(?i)api_?key["':=\s]{1,9}([\w+/=-]{20,500})"""


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "algolia"``."""

    page_url: WebLink
    """URL of the board's page, which contains the search key."""
    app_id: str = Field(pattern=r"^[A-Za-z0-9]+$")
    """Algolia's application ID: ``W6KM1UDIB3``."""
    index: str = Field(pattern=r"^[\w.-]+$")
    """Name of the index: ``jobs_prod``."""
    api_url: str = ""
    """Base URL of the application, if not Algolia's default host."""
    key_pattern: Pattern = _KEY
    """Regular expression whose first group is the key."""
    keep: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Keep only rows with one of these values under this key: ``{ tags_role_type = ["Fellowship"] }``."""
    fields: dict[json_rows.Field, tuple[str, ...]] = Field(default_factory=dict)
    """Paths of fields that are not found by common key names: ``{ deadline = ["closes_at"] }``."""

    @field_validator("key_pattern")
    @classmethod
    def _has_a_group(cls, value: str) -> str:
        if not re.compile(value).groups:
            raise ValueError("put the key itself in brackets: key=(\\w+)")
        return value

    @field_validator("fields", mode="before")
    @classmethod
    def _each_one_or_several(cls, value: object) -> object:
        return json_rows.as_path_lists(value)


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the page that contains the search key."""
    del today
    return [PageRequest(options.page_url)]


def read(page: Page, options: Options) -> PageContent:
    """Extract the search key from the board's page, or parse the hits of the query's response."""
    if not page.posted:
        return PageContent(follow=[_query(_key(page, options), options)])
    answer = json_of(page)
    hits = answer.get("hits") if isinstance(answer, Mapping) else None
    if not isinstance(hits, list):
        message = "Not Algolia's answer: a list of hits is missing."
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    content = PageContent()
    wanted = json_rows.filter_rows(hits, options.keep)
    if len(wanted) < len(hits):
        content.notes.append(f"{len(hits) - len(wanted)} of {len(hits)} rows are of other kinds and left out")
    total = answer.get("nbHits")
    if isinstance(total, int) and total > len(hits):
        content.problems.append(f"the answer holds {len(hits)} of {total} rows; name fewer with a filter")
    row_format = json_rows.RowFormat(paths=options.fields)
    content.read_each(page, wanted, lambda row: [json_rows.raw_listing(row, page, row_format)])
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest nothing: application IDs and index names cannot be guessed."""
    del page
    yield from ()


def _key(page: Page, options: Options) -> str:
    html_of(page)
    text = text_of(page)
    # The page contains keys of other services too, so a key named for search takes precedence.
    found = re.search(options.key_pattern, text) or re.search(_ANY_KEY, text)
    if found is None:
        reject_login_or_captcha(page)
        message = "The page names no search key. Set key_pattern to how it is written now."
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    return found[1]


def _query(key: str, options: Options) -> PageRequest:
    host = options.api_url or f"https://{options.app_id.lower()}-dsn.algolia.net"
    headers = (("X-Algolia-Application-Id", options.app_id), ("X-Algolia-API-Key", key))
    # Values within a list are ORed, lists are ANDed (Algolia's facetFilters).
    filters = [[f"{key}:{word}" for word in words] for key, words in options.keep.items()]
    query = {"query": "", "hitsPerPage": _HITS, "facetFilters": filters, "analytics": False}
    return PageRequest(
        f"{host}/1/indexes/{options.index}/query", posted=json.dumps(query), headers=headers, allow_offsite=True
    )
