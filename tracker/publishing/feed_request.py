"""What a reader asks a feed for: a selection, options of calendars, and the address we are known by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from tracker.models.calendar_options import CalendarOptions, Deadlines
from tracker.models.selection import Selection, check_length
from tracker.store.entries import EntryCache


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """One feed, asked for at one time."""

    selection: Selection
    now: datetime
    base_url: str = ""
    """Public address of the site, without a trailing slash; empty if it is not known."""
    options: CalendarOptions = field(default_factory=CalendarOptions)
    kept: EntryCache | None = None
    """Calendar entries that a server keeps in memory."""

    published_as: str = ""
    """Name of the file without its ending, where feeds are files: ``country-de``. Empty where they are served."""

    @classmethod
    def from_query_string(cls, query: str, now: datetime, base_url: str = "", *, calendar: bool = False) -> FeedRequest:
        """Read a query string; options of calendars are known to calendars alone.

        Raises:
            SelectionError: unknown name or value, or too long. The message lists what is allowed.
        """
        check_length(query)
        pairs = parse_qsl(query, keep_blank_values=True)
        options, filters = CalendarOptions.split(pairs) if calendar else (CalendarOptions(), pairs)
        return cls(Selection.from_pairs(filters), now, base_url.rstrip("/"), options)

    @property
    def query(self) -> str:
        """The normalised query string."""
        return urlencode([*self.selection.to_pairs(), *self.options.to_pairs()])

    @property
    def words(self) -> str:
        """What tells this feed from others in a list of calendars: ``fellowship, within 300 km of Berlin``."""
        only = ["deadlines"] if self.options.deadlines is Deadlines.ONLY else []
        said = [_said(name, value, self.selection) for name, value in self.selection.to_pairs()]
        return ", ".join([*only, *filter(None, said)])

    def address(self, path: str) -> str:
        """Return the public address of one of our pages or feeds; empty if it is not known."""
        return f"{self.base_url}/{path}" if self.base_url else ""

    def own_address(self, name: str) -> str:
        """Return the public address of this feed, filters and all; empty if it is not known."""
        if self.published_as:
            return self.address(name.replace("events.", f"{self.published_as}.", 1))
        return self.address(f"{name}{'?' + self.query if self.query else ''}")

    def page_address(self, page: str) -> str:
        """Return the public address of one of our pages: ``events/k3v9q2m8xa01``; empty if it is not known."""
        return self.address(f"{page}.html" if self.published_as else page)


def _said(name: str, value: str, selection: Selection) -> str:
    if name in {"within", "sort", "past"}:
        return ""
    if name == "near":
        return f"within {selection.within} km of {value}"
    if name in {"from", "to", "stipend", "level", "status"}:
        return f"{name} {value}".replace("_", " ")
    if name == "deadline_within":
        return f"closing within {value.removesuffix('d')} days"
    return value.replace("_", " ")
