"""Parses and writes filter values such as days, numbers of days and distances. Each value has one canonical form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from tracker.models.text import clean_line

NO_PAST_LIMIT = timedelta.max
DEFAULT_DISTANCE = 100
"""Radius around ``near`` in kilometres, if none is given."""
LONGEST_DISTANCE = 20_100  # kilometres: half of the Earth's circumference

_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FROM_TODAY = re.compile(r"([+\- ])(\d{1,4})d")
_DAYS = re.compile(r"(\d{1,5})d")
_KILOMETRES = re.compile(r"(\d{1,5})(?: ?km)?", re.IGNORECASE)
_APPENDED = re.compile(
    r"utm_\w+|(?:fb|g|dc|tw|y|ms|tt)cl(?:id|kid)|gclsrc|[gw]braid|mc_[ce]id|_ga|_gl|_hs\w+|hsctatracking|mkt_tok|igshid|igsh"
    r"|li_fat_id|s_cid|trk|ref|ref_src|ref_url|no_?cache|cache_?bust(?:er)?|cachebreaker|cb|_|ts|timestamp|rnd|rand|random|nonce",
    re.IGNORECASE,
)
_COORDINATES = re.compile(r"(-?\d{1,2}(?:\.\d+)?) ?, ?(-?\d{1,3}(?:\.\d+)?)")


def coordinates(near: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) in degrees if ``near`` has this form, else None.

    >>> coordinates("52.52,13.405"), coordinates("Berlin")
    ((52.52, 13.405), None)
    """
    if written := _COORDINATES.fullmatch(near):
        return float(written[1]), float(written[2])
    return None


def says_nothing(name: str) -> bool:
    """Return whether a parameter is one that newsletters, networks and caches append to any URL.

    >>> says_nothing("utm_source"), says_nothing("fbclid"), says_nothing("type")
    (True, True, False)
    """
    return _APPENDED.fullmatch(name) is not None


def write(value: Any) -> str:
    """Return the canonical form of a filter's value."""
    if isinstance(value, timedelta):
        return "all" if value == NO_PAST_LIMIT else f"{value.days}d"
    return str(value)


def write_day(value: date | timedelta) -> str:
    """Return a day as ``2026-12-31``, ``today`` or ``+30d``."""
    if isinstance(value, timedelta):
        return "today" if not value else f"{value.days:+d}d"
    return value.isoformat()


def write_distance(value: int) -> str:
    """Return a distance as ``300km``."""
    return f"{value}km"


def _read_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value == "today":
        return timedelta()
    if offset := _FROM_TODAY.fullmatch(value):  # an unescaped plus in a URL is decoded as a space
        return timedelta(days=int(offset[2]) * (-1 if offset[1] == "-" else 1))
    if not _DAY.fullmatch(value):
        raise ValueError("a day is written as 2026-12-31, today or +30d")
    return date.fromisoformat(value)


def _read_span(value: object) -> object:
    if isinstance(value, str):
        if days := _DAYS.fullmatch(value):
            return timedelta(days=int(days[1]))
        raise ValueError("write a number of days such as '14d'")
    return value


def _read_past(value: object) -> object:
    if value == "all":
        return NO_PAST_LIMIT
    try:
        return _read_span(value)
    except ValueError as error:
        raise ValueError("write a number of days such as '30d', or 'all'") from error


def _read_distance(value: object) -> object:
    if isinstance(value, str):
        if (written := _KILOMETRES.fullmatch(value)) and 1 <= int(written[1]) <= LONGEST_DISTANCE:
            return int(written[1])
        raise ValueError("write a distance such as '300km'")
    return value


def _read_near(value: object) -> object:
    if not isinstance(value, str):
        return value
    near = clean_line(value)
    spot = coordinates(near)
    if spot is None:
        return near
    latitude, longitude = spot
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError("latitude goes from -90 to 90, longitude from -180 to 180")
    # Round to about ten metres, and write -0.0 as 0.
    return ",".join(f"{round(degrees, 4) + 0.0:.4f}".rstrip("0").rstrip(".") for degrees in spot)


def _check_country(code: str) -> str:
    # "UK" is reserved in ISO 3166-1, but no country has it: an error is better than an empty result.
    if not _COUNTRY.fullmatch(code) or code == "UK":
        raise ValueError("a country is two letters of ISO 3166-1")
    return code


def _check_language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        raise ValueError("a language is two letters of ISO 639-1, such as 'en'")
    return code


def _each(change: Callable[[str], str]) -> BeforeValidator:
    def change_all(value: object) -> object:
        if isinstance(value, (tuple, list)):
            return tuple(change(each) if isinstance(each, str) else each for each in value)
        return value

    return BeforeValidator(change_all)


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _sorted_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(set(values)))


AS_TUPLE = BeforeValidator(_as_tuple)
"""Converts a single value into a tuple of one."""
SORTED_UNIQUE = AfterValidator(_sorted_once)
"""Sorts the values and removes duplicates."""
Countries = Annotated[
    tuple[Annotated[str, AfterValidator(_check_country)], ...], _each(str.upper), AS_TUPLE, SORTED_UNIQUE
]
Languages = Annotated[
    tuple[Annotated[str, AfterValidator(_check_language)], ...], _each(str.lower), AS_TUPLE, SORTED_UNIQUE
]
RelativeDay = Annotated[date | timedelta | None, BeforeValidator(_read_day)]
"""A day, or a number of days relative to the day on which the filter is applied."""
Span = Annotated[timedelta | None, BeforeValidator(_read_span)]
Past = Annotated[timedelta | None, BeforeValidator(_read_past)]
Distance = Annotated[int, BeforeValidator(_read_distance)]
Near = Annotated[str, BeforeValidator(_read_near)]
