"""Parses requests for feeds: a selection, calendar options, and the public URL of the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from tracker.models.calendar_options import CalendarOptions, Deadlines
from tracker.models.filters import FILTERS
from tracker.models.selection import Selection, check_length
from tracker.reading.places import country_name

_SILENT = frozenset({"within", "sort", "past"})
"""Filters that are not part of a feed's name."""
_BEFORE = {"from": "from ", "to": "to ", "country": "in ", "city": "in ", "level": "level ", "source": "from "}
"""What stands before the values of filters that are unclear without it."""


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """Request for one feed at one time."""

    selection: Selection
    now: datetime
    base_url: str = ""
    """Public URL of the site without a trailing slash; empty if it is not known."""
    options: CalendarOptions = field(default_factory=CalendarOptions)
    published_as: str = ""
    """Name of the file without extension, if feeds are files: ``country-de``. Empty if they are served over HTTP."""

    @classmethod
    def from_query_string(cls, query: str, now: datetime, base_url: str = "", *, calendar: bool = False) -> FeedRequest:
        """Parse a query string. Only calendars accept calendar options.

        Raises:
            SelectionError: unknown name or value, or too long. The message lists what is allowed.
        """
        selection, options = _parse(query, calendar)
        return cls(selection, now, base_url.rstrip("/"), options)

    @property
    def query(self) -> str:
        """The canonical query string of selection and options."""
        return urlencode([*self.selection.to_pairs(), *self.options.to_pairs()])

    @property
    def words(self) -> str:
        """Name of this feed in a list of calendars: ``fellowship, within 300 km of Berlin``."""
        only = ["deadlines"] if self.options.deadlines is Deadlines.ONLY else []
        return ", ".join([*only, *filter(None, [calendar_words(self.selection)])])

    def address(self, path: str) -> str:
        """Return the public URL of a page or feed of this site; empty if it is not known."""
        return f"{self.base_url}/{path}" if self.base_url else ""

    def own_address(self, name: str) -> str:
        """Return the public URL of this feed with its filters; empty if it is not known."""
        if self.published_as:
            return self.address(name.replace("events.", f"{self.published_as}.", 1))
        return self.address(f"{name}{'?' + self.query if self.query else ''}")

    def page_address(self, page: str) -> str:
        """Return the public URL of a page: ``events/k3v9q2m8xa01``; empty if it is not known."""
        return self.address(f"{page}.html" if self.published_as else page)


@lru_cache(maxsize=2_048)
def _parse(query: str, calendar: bool) -> tuple[Selection, CalendarOptions]:
    check_length(query)
    pairs = parse_qsl(query, keep_blank_values=True)
    options, filters = CalendarOptions.split(pairs) if calendar else (CalendarOptions(), pairs)
    return Selection.from_pairs(filters), options


def calendar_words(selection: Selection) -> str:
    """Return a selection as part of a calendar's name: ``free or not stated, not closed, in Germany``.

    >>> calendar_words(Selection.from_query("cost=free&cost=unknown&status=not_closed&country=DE"))
    'in Germany, free or cost not stated, not closed'
    """
    said: dict[str, list[str]] = {}
    for name, value in selection.to_pairs():
        if words := _value_words(name, value, selection):
            said.setdefault(name, []).append(words)
    return ", ".join(f"{_BEFORE.get(name, '')}{' or '.join(each)}" for name, each in said.items())


def _value_words(name: str, value: str, selection: Selection) -> str:
    if name in _SILENT:
        return ""
    if name == "near":
        return f"within {selection.within} km of {value}"
    if name == "deadline_within":
        return f"closing within {value.removesuffix('d')} days"
    if name == "country":
        return country_name(value)
    known = FILTERS[name]
    if not known.words and not known.is_facet:
        return value
    if value == "unknown":
        return f"{known.label.lower()} not stated"
    return known.words.get(value, value.replace("_", " ")).lower()
