"""Parses JSON responses and JSON embedded in pages: Devpost, Squarespace, Wix, Next.js sites, MLH, ticket shops.

Common keys are guessed (``spiders/formats/json_keys.toml``); ``rows`` and ``fields`` give the paths of the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import lxml.etree
import lxml.html
from pydantic import Field, field_validator
from w3lib.url import add_or_replace_parameter

from spiders.formats import json_rows, json_values
from spiders.formats.documents import html_of, json_of, looks_like_html, reject_login_or_captcha
from spiders.formats.json_values import rows_at, values_at
from tracker.errors import UnreadablePageError
from tracker.models.text import WebLink
from tracker.reading.links import read_link
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_ASSIGNED = re.compile(
    r"(?:(?<!_)__[A-Z]{1,40}(?:_[A-Z]{1,40}){0,5}__|initialState|window\.\w{1,60})\s{0,9}=\s{0,9}(?=[{\[])"
)
_MOST_ASSIGNMENTS = 50
_HOLDERS = "//script[contains(@type, 'json') and not(contains(@type, 'ld+json'))] | //*[@data-page]"
_WIX: dict[str, Any] = {
    "rows": "appsWarmupData.*.*.events.events",
    "fields": {
        "starts": "scheduling.config.startDate",
        "ends": "scheduling.config.endDate",
        "timezone": "scheduling.config.timeZoneId",
        "undated": "scheduling.config.scheduleTbd",
    },
}
_SQUARESPACE = {"rows": ["upcoming", "past", "items"], "zone": "website.timeZone"}


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "embedded_json"``."""

    page_urls: tuple[WebLink, ...] = Field(min_length=1)
    """URLs of the pages or API endpoints."""
    script: str = ""
    """XPath of the element that holds the JSON, if a page has several: ``//script[@id='__NEXT_DATA__']``."""
    rows: tuple[str, ...] = ()
    """Paths to the rows: ``["props.pageProps.opportunities"]``. Empty: the list that most resembles events."""
    fields: dict[json_rows.Field, tuple[str, ...]] = Field(default_factory=dict)
    """Paths within a row of fields not found by common key names: ``{ starts = "submission_period_dates" }``."""
    keep: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Keep only rows with one of these values at this path: ``{ "tags_role_type" = ["Fellowship"] }``."""
    zone: str = ""
    """Path to the time zone that the response gives for all rows: ``website.timeZone``."""
    epochs: Literal["utc", "local"] = "utc"
    """``local``: Unix times are local time encoded as if it were UTC."""
    end_is_exclusive: bool = False
    """True if an end is exclusive: the day after the last."""
    whole_days: bool = False
    """True if clock times are meaningless: ``2027-02-01T00:00:00Z`` for a day."""
    page_parameter: str = ""
    """Query parameter that counts the pages from 1: ``page``."""
    next_page: str = ""
    """Path to the URL of the next page, or to the cursor for ``cursor_parameter``."""
    cursor_parameter: str = ""
    """Query parameter for the cursor."""
    total: str = ""
    """Path to the total number of rows."""

    @field_validator("script")
    @classmethod
    def _is_an_xpath(cls, value: str) -> str:
        try:
            lxml.etree.XPath(value or "//script")
        except lxml.etree.XPathError as error:
            raise ValueError(f"not an XPath: {error}") from error
        return value

    @field_validator("rows", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("fields", "keep", mode="before")
    @classmethod
    def _each_one_or_several(cls, value: object) -> object:
        return json_rows.as_path_lists(value)


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the declared pages."""
    del today
    return [PageRequest(url) for url in options.page_urls]


def read(page: Page, options: Options) -> PageContent:
    """Parse the rows of one response, and request the next page."""
    row_format = json_rows.RowFormat(
        paths=options.fields,
        epochs=options.epochs,
        end_is_exclusive=options.end_is_exclusive,
        whole_days=options.whole_days,
    )
    tree, rows = _find(page, options, row_format)
    content = PageContent()
    if options.zone:
        zone = next((text for text in values_at(tree, options.zone) if isinstance(text, str)), "")
        row_format = row_format.model_copy(update={"zone": zone})
    if json_rows.epochs_are_days(rows, row_format):
        row_format = row_format.model_copy(update={"whole_days": True})
    wanted = json_rows.filter_rows(rows, options.keep)
    if len(wanted) < len(rows):
        content.notes.append(f"{len(rows) - len(wanted)} of {len(rows)} rows are of other kinds and left out")
    content.read_each(page, wanted, lambda row: [json_rows.raw_listing(row, page, row_format)])
    try:
        content.follow.extend(_next(page, options, tree, rows))
    except ValueError as error:
        content.problems.append(f"the address of the next page cannot be read: {error}")
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself, and Squarespace's own JSON for a Squarespace page."""
    if b"wix-warmup-data" in page.body:
        yield _WIX | {"page_urls": [page.url]}
    if b"static1.squarespace.com" in page.body:
        url = add_or_replace_parameter(page.url, "format", "json")
        yield _SQUARESPACE | {"page_urls": [url]}
    yield {"page_urls": [page.url]}


def _find(page: Page, options: Options, row_format: json_rows.RowFormat) -> tuple[Any, list[Any]]:
    """Return the JSON tree, and its rows.

    Raises:
        UnreadablePageError: there is no JSON, or it has no rows at the paths.
    """
    trees = list(_trees(page, options)) if looks_like_html(page) else [json_of(page)]
    for tree in trees:
        if options.rows:
            held = [path for path in options.rows if values_at(tree, path)]
            if held:
                return tree, [row for path in held for row in rows_at(tree, path)]
        elif isinstance(tree, list) or len(trees) == 1:
            return tree, json_rows.guess_rows(tree, row_format)
        elif rows := json_rows.guess_rows(tree, row_format):
            return tree, rows
    if not trees:
        reject_login_or_captcha(page)
        message = "The page holds no JSON. Has the site changed?"
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    said = f" nothing stands at {', '.join(options.rows)}." if options.rows else " no list in it looks like events."
    raise UnreadablePageError(f"The JSON has another layout:{said}", diagnosis="layout_changed", url=page.url)


def _trees(page: Page, options: Options) -> Iterator[Any]:
    document = html_of(page)
    for element in document.xpath(options.script or _HOLDERS):
        if isinstance(element, lxml.html.HtmlElement):
            held = [*_parsed(element.get("data-page") or ""), *_parsed(element.text_content() or "")]
            yield from (tree for tree in held if isinstance(tree, (dict, list)))
    if not options.script:
        for script in document.iter("script"):
            text = script.text_content() or ""
            for match in islice(_ASSIGNED.finditer(text), _MOST_ASSIGNMENTS):
                yield from _parsed(text, match.end())


def _parsed(text: str, start: int = 0) -> Iterator[Any]:
    try:
        yield json.JSONDecoder(strict=False).raw_decode(text if start else text.strip(), start)[0]
    except (ValueError, RecursionError):
        return


def _next(page: Page, options: Options, tree: Any, rows: list[Any]) -> Iterator[PageRequest]:
    if options.next_page:
        found = next((text for value in values_at(tree, options.next_page) if (text := json_values.as_text(value))), "")
        if found and options.cursor_parameter:
            found = add_or_replace_parameter(page.url, options.cursor_parameter, found)
        if found and (link := read_link(found, page.url)):
            yield PageRequest(link)
    elif options.page_parameter and rows:
        said = next(iter(parse_qs(urlsplit(page.url).query).get(options.page_parameter, [])), "1")
        number = int(said) if said.isascii() and said.isdigit() else 1
        total = next((n for n in values_at(tree, options.total) if isinstance(n, int)), None) if options.total else None
        if total is None or number * len(rows) < total:
            further = add_or_replace_parameter(page.url, options.page_parameter, str(number + 1))
            # Without a total, only an error response shows that the previous page was the last (WordPress).
            yield PageRequest(further, is_optional=total is None)
