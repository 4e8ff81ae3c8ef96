"""Converts a JSON row into a raw listing, by the paths declared in the source file, then by common key names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from spiders.formats import json_times
from spiders.formats.json_values import (
    by_normalized_key,
    keys_for,
    lists_of_objects,
    normalize_key,
    raw_place,
    to_text,
    values_at,
)
from tracker.models.raw_listing import RawDeadline, RawListing, RawPlace
from tracker.reading.links import read_link
from tracker.sources.platform import Page

Row = Mapping[str, Any]

Field = Literal[
    "source_id", "title", "summary", "description", "url", "apply_url", "starts", "ends", "timezone", "deadline",
    "place", "mode", "organizers", "types", "topics", "cost", "price", "currency", "stipend", "level", "length",
    "time_commitment", "languages", "status", "published", "span", "undated",
]  # fmt: skip
_LISTS = ("types", "topics", "organizers")
_LINES = (
    "source_id", "title", "summary", "description", "url", "apply_url", "mode", "price", "currency", "stipend", "level",
    "length", "time_commitment", "status",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{([\w.*]+)\}")
_ENOUGH = 3
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?$", re.IGNORECASE)
_OF_A_POST = frozenset({"modified", "dategmt", "publishedat", "datepublished"})
"""If a row has one of these keys, its ``date`` is the day of publication."""
_OWN_PLACE = ("city", "country", "latitude", "longitude")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,2})?")
_LANGUAGE = re.compile(r"[A-Za-z]{2}(?:[-_].*)?")


class RowFormat(BaseModel):
    """How to interpret the rows of one response."""

    model_config = ConfigDict(frozen=True)

    paths: dict[Field, tuple[str, ...]] = {}
    """Declared paths; they take precedence over guesses. ``https://x.example/{slug}`` is filled in from the row."""
    zone: str = ""
    """Zone of times without one."""
    epochs: Literal["utc", "local"] = "utc"
    """``local``: Unix times are local time encoded as if it were UTC."""
    end_is_exclusive: bool = False
    """True if an end is exclusive: the day after the last."""
    whole_days: bool = False
    """True if clock times are meaningless, as where a database stores days as midnight."""


def raw_listing(row: Any, page: Page, format: RowFormat) -> RawListing:  # noqa: A002 - the natural name
    """Convert a row to a raw listing.

    Raises:
        TypeError: the row is not an object.
    """
    if not isinstance(row, Mapping):
        raise TypeError("a row is an object")
    get = _Getter(_flatten_envelope(row), format)
    starts, start_zone = get.moment("starts")
    ends = get.moment("ends")[0] or get.second("starts")
    ends = ends or json_times.add_duration(starts, get.value("span"))
    deadline, deadline_zone = get.moment("deadline")
    zone = get.to_text("timezone") or start_zone or format.zone
    if format.whole_days or get.is_true("all_day"):
        starts, ends = json_times.day_of(starts, zone), json_times.day_of(ends, zone)
    if format.whole_days:
        deadline = json_times.day_of(deadline, zone)
    if get.is_true("undated"):
        starts = ends = ""
    lines = {name: get.to_text(name) for name in _LINES}
    modes = [lines["mode"], "online" if get.is_true("online") else ""]
    lines["price"] = lines["price"] or next((text for text in [get.to_text("cost")] if _NUMBER.fullmatch(text)), "")
    lines["url"], lines["apply_url"] = get.link("url", page), get.link("apply_url", page)
    return RawListing(
        source=page.source,
        page_url=page.url,
        fetched_at=page.fetched_at,
        **lines | {"mode": next(filter(None, modes), ""), "length": "" if ends else lines["length"]},
        **{name: tuple(dict.fromkeys(get.each(name))) for name in _LISTS},
        languages=tuple(text[:2].lower() for text in get.each("languages") if _LANGUAGE.fullmatch(text)),
        starts=starts,
        ends="" if ends == starts else ends,
        end_is_exclusive=format.end_is_exclusive or json_times.is_whole_day(get.value("starts")),
        timezone=zone,
        published=get.moment("published")[0],
        deadlines=(RawDeadline(text=deadline, timezone=deadline_zone),) if deadline else (),
        places=tuple(get.places()),
        costs=(*get.each("cost"), *(["Free"] if get.is_true("free") else [])),
    ).model_copy(update={"status": "cancelled"} if get.is_true("cancelled") else {})


def guess_rows(tree: Any, row_format: RowFormat) -> list[Any]:
    """Return the list in ``tree`` that most resembles events: rows with titles and dates under known key names."""
    best: tuple[int, list[Any]] = (0, [])
    for rows in lists_of_objects(tree):
        looks = [_looks_like_an_event(row, row_format) for row in rows[:200] if isinstance(row, Mapping)]
        score = sum(looks) * (2 if all(looks) else 1)
        if score > best[0]:
            best = (score, rows)
    return best[1]


def epochs_are_days(rows: list[Any], row_format: RowFormat) -> bool:
    """Return whether the rows give their dates as Unix times of midnight UTC only, which then stand for days.

    Starts alone do not tell: seven in the evening in New York is midnight UTC. Some end must be one, too.
    """
    ends = 0
    for row in rows:
        get = _Getter(_flatten_envelope(row), row_format) if isinstance(row, Mapping) else None
        if get is None:
            continue
        start, *second = _as_list(get.value("starts")) or [None]
        for value, is_end in ((start, False), *((each, True) for each in (*second, *_as_list(get.value("ends"))))):
            if value in (None, ""):
                continue
            if not json_times.epoch_to_iso(value).endswith("T00:00:00Z"):
                return False
            ends += is_end
    return ends > 0


def filter_rows(rows: list[Any], keep: Mapping[str, tuple[str, ...]]) -> list[Any]:
    """Return the rows that have one of the given values at each path of ``keep``."""
    wanted = {path: {word.casefold() for word in to_text} for path, to_text in keep.items()}
    return [row for row in rows if all(_said_at(row, path) & to_text for path, to_text in wanted.items())]


def as_path_lists(value: object) -> object:
    """Accept a single path where a source file may give several."""
    if not isinstance(value, Mapping):
        return value
    return {key: (each,) if isinstance(each, str) else each for key, each in value.items()}


def _said_at(row: Any, path: str) -> set[str]:
    found = values_at(row, path)
    return {str(word).casefold() for each in found for word in (each if isinstance(each, list) else [each])}


def _looks_like_an_event(row: Row, row_format: RowFormat) -> int:
    """Return 3 if the row has a title and a date, else 0."""
    get = _Getter(_flatten_envelope(row), row_format)
    has_date = any(any(char.isdigit() for char in get.moment(name)[0]) for name in ("starts", "deadline"))
    return _ENOUGH if get.to_text("title") and has_date else 0


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flatten_envelope(row: Row) -> Row:
    """Return the row merged with a nested row: ``{"node": {…}}``, ``{"event": {…}, "hosts": […]}``."""
    inner = next(
        (row[key] for key in row if normalize_key(key) in keys_for("objects", "rows") and _is_full(row[key])), None
    )
    return row if inner is None else {**row, **inner}


def _is_full(value: Any) -> bool:
    return isinstance(value, Mapping) and any(normalize_key(key) in keys_for("keys", "title") for key in value)


class _Getter:
    def __init__(self, row: Row, row_format: RowFormat) -> None:
        self._row = row
        self._format = row_format
        self._by_name = by_normalized_key(row)

    def value(self, name: str) -> Any:
        """Return the unconverted value of a field."""
        return next(self._values(name), None)

    def to_text(self, name: str) -> str:
        return next((text for value in self._values(name) if (text := to_text(value))), "")

    def link(self, name: str, page: Page) -> str:
        """Return the first value of a field that is a web address; ``javascript:`` is not."""
        found = (text for value in self._values(name) if (text := to_text(value)))
        return next((text for text in found if read_link(text, page.url)), "")

    def each(self, name: str) -> list[str]:
        """Return the texts of a field that may have several, from its first key with a value."""
        for value in self._values(name):
            several = value if isinstance(value, list) else [value]
            # A bare number is the id of an object that is not part of the response.
            found = [text for each in several if (text := to_text(each)) and not text.isdigit()]
            if found:
                return found
        return []

    def moment(self, name: str) -> tuple[str, str]:
        """Return a field as a written moment, and the zone given beside it."""
        for value in self._values(name):
            if isinstance(value, Mapping):
                inner = by_normalized_key(value)
                zone = to_text(inner.get("timezone", ""))
                for key in keys_for("objects", "moments"):
                    if written := self._written(inner.get(key)):
                        clock = inner.get("time") if key == "date" else None
                        return json_times.join_date_time(written, clock), "" if zone[:1] in {"+", "-"} else zone
            elif written := self._written(value):
                return json_times.join_date_time(written, self._clock(name)), ""
        return "", ""

    def second(self, name: str) -> str:
        """Return the second of a pair of moments, ``[start, end]``, as written."""
        pair = self.value(name)
        return self._written(pair[1]) if isinstance(pair, list) and len(pair) == 2 else ""

    def _clock(self, name: str) -> Any:
        """Return the clock time under a separate key."""
        return next((self._by_name[key] for key in keys_for("clocks", name) if self._by_name.get(key)), None)

    def _written(self, value: Any) -> str:
        if isinstance(value, list):
            value = next(iter(value), "")
        text = json_times.epoch_to_iso(value, is_local=self._format.epochs == "local")
        if text or not isinstance(value, str):
            return text
        return "" if _CLOCK.match(value.strip()) else value.strip()

    def is_true(self, name: str) -> bool:
        said = [self._by_name.get(key) for key in keys_for("true", name)]
        declared = self._format.paths.get(name, ())  # type: ignore[call-overload]
        said += [value for path in declared for value in values_at(self._row, path)]
        return any(value in (True, "true", "True", 1, "1") for value in said)

    def places(self) -> Iterator[RawPlace]:
        for value in self._values("place"):
            found = [place for each in (value if isinstance(value, list) else [value]) if (place := raw_place(each))]
            if found:
                yield from found
                return
        # A row that has no place, but says itself where it is.
        own = {
            key: self._by_name[key] for part in _OWN_PLACE for key in keys_for("place", part) if key in self._by_name
        }
        if place := raw_place(own):
            yield place

    def _values(self, name: str) -> Iterator[Any]:
        declared = self._format.paths.get(name)  # type: ignore[call-overload]
        for path in declared or ():
            yield from [self._filled(path)] if "{" in path else values_at(self._row, path)
        if declared is None:
            is_post = name == "starts" and bool(_OF_A_POST & self._by_name.keys())
            said = (self._by_name.get(key) for key in keys_for("keys", name) if not (is_post and key == "date"))
            yield from (value for value in said if value not in (None, ""))

    def _filled(self, template: str) -> str:
        """Fill in a template; empty if a value is missing. A value that is a complete URL replaces the template."""
        found = {path: next(map(to_text, values_at(self._row, path)), "") for path in _PLACEHOLDER.findall(template)}
        if not all(found.values()):
            return ""
        whole = next((text for text in found.values() if text.startswith(("https://", "http://"))), "")
        return whole or _PLACEHOLDER.sub(lambda match: found[match[1]], template)
