"""Boards on Algolia's search, first of all the job board of 80,000 Hours: fellowships, courses, internships, funding.

The search-only key stands in the page's own configuration and changes; it is read anew in each run and kept nowhere.
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
from spiders.formats.patterns import Pattern
from tracker.errors import UnreadablePageError
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_HITS = 1_000
"""The most that Algolia gives in one answer."""
_KEY = r"""(?i)(?:algolia\w{0,30}key|search\w{0,20}key)["':=\s]{1,9}([\w+/=-]{20,500})"""
_ANY_KEY = r"""(?i)api_?key["':=\s]{1,9}([\w+/=-]{20,500})"""


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "algolia"``."""

    page_url: WebLink
    """The board's page, which names the search key."""
    app_id: str = Field(pattern=r"^[A-Za-z0-9]+$")
    """Algolia's name of the application: ``W6KM1UDIB3``."""
    index: str = Field(pattern=r"^[\w.-]+$")
    """Name of the index: ``jobs_prod``."""
    api_url: str = ""
    """Where the application lives, if not at Algolia's usual address."""
    key_pattern: Pattern = _KEY
    """Regular expression whose first group is the key."""
    keep: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Only rows that have one of these words under this key: ``{ tags_role_type = ["Fellowship"] }``."""
    fields: dict[json_rows.Field, tuple[str, ...]] = Field(default_factory=dict)
    """Where fields stand that are not found by their names: ``{ deadline = ["closes_at"] }``."""

    @field_validator("key_pattern")
    @classmethod
    def _has_a_group(cls, value: str) -> str:
        if not re.compile(value).groups:
            raise ValueError("put the key itself in brackets: key=(\\w+)")
        return value

    @field_validator("fields", mode="before")
    @classmethod
    def _each_one_or_several(cls, value: object) -> object:
        return json_rows.one_or_several(value)


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the page with the key."""
    del today
    return [PageRequest(options.page_url)]


def read(page: Page, options: Options) -> PageContent:
    """Read the key from the page, or the hits from the answer."""
    if not page.posted:
        return PageContent(follow=[_query(_key(page, options), options)])
    answer = json_of(page)
    hits = answer.get("hits") if isinstance(answer, Mapping) else None
    if not isinstance(hits, list):
        message = "Not Algolia's answer: a list of hits is missing."
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    content = PageContent()
    wanted = json_rows.only(hits, options.keep)
    if len(wanted) < len(hits):
        content.notes.append(f"{len(hits) - len(wanted)} of {len(hits)} rows are of other kinds and left out")
    total = answer.get("nbHits")
    if isinstance(total, int) and total > len(hits):
        content.problems.append(f"the answer holds {len(hits)} of {total} rows; name fewer with a filter")
    row_format = json_rows.RowFormat(paths=options.fields)
    content.read_each(page, wanted, lambda row: [json_rows.raw_listing(row, page, row_format)])
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest nothing: names of applications and indexes cannot be guessed."""
    del page
    yield from ()


def _key(page: Page, options: Options) -> str:
    html_of(page)
    text = text_of(page)
    # Other services have keys on the page too, so the one that names its purpose comes first.
    found = re.search(options.key_pattern, text) or re.search(_ANY_KEY, text)
    if found is None:
        reject_login_or_captcha(page)
        message = "The page names no search key. Set key_pattern to how it is written now."
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    return found[1]


def _query(key: str, options: Options) -> PageRequest:
    host = options.api_url or f"https://{options.app_id.lower()}-dsn.algolia.net"
    headers = (("X-Algolia-Application-Id", options.app_id), ("X-Algolia-API-Key", key))
    # Words of one list are alternatives, lists must all hold (Algolia's facetFilters).
    filters = [[f"{key}:{word}" for word in words] for key, words in options.keep.items()]
    query = {"query": "", "hitsPerPage": _HITS, "facetFilters": filters, "analytics": False}
    return PageRequest(
        f"{host}/1/indexes/{options.index}/query", posted=json.dumps(query), headers=headers, allow_offsite=True
    )
