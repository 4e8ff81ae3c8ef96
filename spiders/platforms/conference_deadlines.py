"""Parses YAML lists of conference deadlines: ai-deadlines (Hugging Face, Papers with Code), ccfddl, sec-deadlines.

Pitfalls: a conference has several typed deadlines, a list of rounds, or one per row with the abstract's in a separate
key; ccfddl nests the editions (``confs``) and their rounds (``timeline``) under the conference;
Anywhere-on-Earth zones are written in five ways; ``start`` is a string, a date, or absent, and ``date`` then gives it
in words; ``rebuttal_start`` and ``review_release`` are not deadlines for submitters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

import yaml
from pydantic import Field

from spiders.formats.documents import looks_like_html, reject_empty, reject_login_or_captcha, text_of
from tracker.errors import UnreadablePageError
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.models.text import WebLink
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions

_KINDS = {"paper": "submission", "full paper": "submission", "registration": "registration"}
_IGNORED_KINDS = frozenset({"review_release", "rebuttal_start", "rebuttal_end", "rebuttal", "rebuttal_and_revision"})
_DEEPEST = 40
_OLD_KEYS = {"abstract_deadline": "abstract", "deadline": "submission"}


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "conference_deadlines"``."""

    page_urls: tuple[WebLink, ...] = Field(min_length=1)
    """URLs of the YAML files."""
    only: tuple[str, ...] = ()
    """Keep only conferences with one of these titles: ``["FAccT", "SaTML"]``."""


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the YAML files."""
    del today
    return [PageRequest(url) for url in options.page_urls]


def read(page: Page, options: Options) -> PageContent:
    """Parse one file into a listing per edition of a conference."""
    rows = _rows(page)
    wanted = {title.casefold() for title in options.only}
    chosen = [row for row in rows if not wanted or _text(row, "title").casefold() in wanted]
    content = PageContent()
    if len(chosen) < len(rows):
        content.notes.append(f"{len(rows) - len(chosen)} of {len(rows)} conferences are left out")
    content.read_each(page, [edition for row in chosen for edition in _editions(row)], lambda row: _raw(row, page))
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself if it is a YAML file."""
    if page.url.endswith((".yml", ".yaml")):
        yield {"page_urls": [page.url]}


def _rows(page: Page) -> list[Any]:
    reject_empty(page)
    if looks_like_html(page):
        reject_login_or_captcha(page)
        raise UnreadablePageError("Not YAML: a web page came back.", diagnosis="not_yaml", url=page.url)
    text = text_of(page)
    try:
        _reject_yaml_bombs(text)
        rows = yaml.load(text, Loader=_Loader)  # nosec B506  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"Not YAML: {str(error).splitlines()[0]}."
        raise UnreadablePageError(message, diagnosis="not_yaml", url=page.url) from error
    if not isinstance(rows, list):
        message = "Not a list of conferences."
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    return rows


def _reject_yaml_bombs(text: str) -> None:
    """Refuse small files that exhaust the parser: deep nesting crashes the process.

    Raises:
        ValueError: the text has aliases, a few of which can expand to a billion nodes, or is nested too deep.
    """
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", text):
        depth = max(0, depth + (1 if bracket[0] in "[{" else -1))
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases are not read")  # noqa: TRY004 - an error of the text, not of a Python type
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError("nested too deep")


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Loads scalars as plain strings; ``tracker.reading`` interprets them."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def _editions(row: Any) -> Iterator[Any]:
    """Yield the editions of a conference that ccfddl nests under it; another row is one itself."""
    nested = row.get("confs") if isinstance(row, Mapping) else None
    if not isinstance(nested, list):
        yield row
        return
    shared = {name: value for name, value in row.items() if name != "confs"}
    for edition in nested:
        yield {"full_name": row.get("description"), **shared, **edition} if isinstance(edition, Mapping) else edition


def _raw(row: Any, page: Page) -> Iterator[RawListing]:
    if not isinstance(row, Mapping):
        raise TypeError("a conference is a mapping")
    title, year = _text(row, "title") or _text(row, "name"), _text(row, "year")
    zone = _text(row, "timezone")
    place = _text(row, "place") or ", ".join(filter(None, (_text(row, "city"), _text(row, "country"))))
    yield RawListing(
        source=page.source,
        source_id=_text(row, "id") or f"{title} {year}",
        page_url=page.url,
        fetched_at=page.fetched_at,
        title=f"{title} {year}" if title and year and year not in title else title,
        summary=_text(row, "full_name"),
        description=_text(row, "note"),
        description_is_html=True,
        url=_text(row, "link"),
        types=("conference",),
        starts=_text(row, "start") or _with_year(_text(row, "date") or _text(row, "data"), year),
        ends=_text(row, "end") if _text(row, "start") else "",
        deadlines=tuple(_deadlines(row, zone)),
        places=tuple(_places(place)),
    )


def _with_year(date: str, year: str) -> str:
    """Return the days of an edition with its year: sec-deadlines writes "November 15-19" beside ``year: 2026``."""
    is_day = re.search(r"[^\W\d]{3}", date) and re.search(r"\d", date) and not re.search(r"\d{4}", date)
    return f"{date}, {year}" if is_day and re.fullmatch(r"\d{4}", year) else date


def _places(text: str) -> Iterator[RawPlace]:
    """Split two venues joined with "and", but not Bosnia and Herzegovina, whose halves have no comma each."""
    parts = text.split(" and ")
    yield from (RawPlace(text=part) for part in (parts if all("," in part for part in parts) else [text]) if part)


def _deadlines(row: Mapping[str, Any], zone: str) -> Iterator[RawDeadline]:
    several = row.get("deadlines")
    for each in several if isinstance(several, list) else []:
        if isinstance(each, Mapping) and (text := _text(each, "date")) and _text(each, "type") not in _IGNORED_KINDS:
            kind = _text(each, "type").replace("_", " ")
            yield RawDeadline(text=text, kind=_KINDS.get(kind, kind), timezone=_text(each, "timezone") or zone)
    rounds = row.get("timeline")
    for part in [row, *(each for each in (rounds if isinstance(rounds, list) else []) if isinstance(each, Mapping))]:
        for key, kind in _OLD_KEYS.items():
            value = part.get(key)
            texts = [each for each in value if isinstance(each, str)] if isinstance(value, list) else [_text(part, key)]
            for text in texts:
                if text.strip()[:1].isdigit() and not several:
                    yield RawDeadline(text=text.strip(), kind=kind, timezone=_text(part, "timezone") or zone)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) and value not in {"null", "~", "None"} else ""
