"""Defines the filters of a selection: flags, URLs, OpenAPI and the dashboard are derived from this table.

Does not import pydantic, so that ``tracker --help`` stays fast. A test compares the table with ``Selection``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, under its name in URLs and flags."""

    name: str
    label: str
    """Heading in the dashboard."""
    help: str
    """Allowed values, for ``--help``."""
    description: str = ""
    """Description in OpenAPI."""
    shape: Mapping[str, object] = field(default_factory=dict)
    """JSON Schema of a value; empty: a text of at most 100 characters, or the values of an enum."""
    is_repeatable: bool = True
    needs_label: bool = False
    """True if a value is unclear without the label: "Level low"."""
    is_facet: bool = False
    """True if the store has an index of every event's values, so that they can be counted."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Display texts of values, where they differ: ``mid`` → ``Medium``."""


_SPAN = {"type": "string", "pattern": "^[0-9]{1,4}d$", "example": "14d"}
_ALL = (
    Filter("type", "Type", "hackathon, course, fellowship…", is_facet=True),
    Filter(
        "country", "Country", "Two letters: DE", is_facet=True,
        shape={"type": "string", "pattern": "^(?!UK$)[A-Z]{2}$", "example": "DE"},
    ),
    Filter("city", "City", "Berlin", is_facet=True),
    Filter(
        "near", "Near", "The middle of a circle: Berlin, or 52.52,13.41", is_repeatable=False, needs_label=True,
        description="The middle of a circle: a city, or latitude,longitude in degrees.",
    ),
    Filter(
        "within", "Within", "Its radius: 300km. Default: 100km", is_repeatable=False,
        description="Its radius; 100km if nothing is said.",
        shape={"type": "string", "pattern": "^([1-9]|[1-9][0-9]{1,3}|1[0-9]{4})km$", "example": "300km"},
    ),
    Filter(
        "mode", "Attend", "online, in_person or hybrid; with online beside another, online ones need no place",
        is_facet=True, description="With online beside another, country, city and near leave online events in.",
        words={"in_person": "In person"},
    ),
    Filter(
        "from", "From", "First day: 2026-12-01, today, +30d", is_repeatable=False, needs_label=True,
        description="First day: 2026-12-01, today or +30d.",
        shape={"type": "string", "pattern": "^(today|[+-][0-9]{1,4}d)$", "example": "today"},
    ),
    Filter(
        "to", "To", "Last day: 2026-12-31, +30d", is_repeatable=False, needs_label=True, description="Last day.",
        shape={"type": "string", "pattern": "^[+][0-9]{1,4}d$", "example": "+30d"},
    ),
    Filter(
        "q", "Search", "Words that must all occur", is_repeatable=False,
        description="Words that must all occur; a city also in another spelling of its name (Wien, SF).",
    ),
    Filter("topic", "Topic", "technical, governance or general", is_facet=True),
    Filter(
        "level", "Level", "low, mid or high", needs_label=True, is_facet=True,
        words={"mid": "Medium", "unknown": "Not stated"},
    ),
    Filter("cost", "Cost", "free, paid or unknown", needs_label=True, is_facet=True, words={"unknown": "Not stated"}),
    Filter(
        "stipend", "Pay", "stipend, expenses or none", needs_label=True, is_facet=True,
        words={"none": "Unpaid", "unknown": "Not stated"},
    ),
    Filter(
        "language", "Language", "Two letters: en", needs_label=True, is_facet=True,
        shape={"type": "string", "pattern": "^[a-z]{2}$", "example": "en"},
    ),
    Filter("source", "Source", "Id of a source", needs_label=True, is_facet=True),
    Filter(
        "status", "Applications", "open, not_closed, closing_soon, not_yet_open, rolling, closed…", needs_label=True,
        description="Whether one can apply; open also finds what closes soon and what is rolling, not_closed also what "
        "does not say. A calendar keeps what was ever found so, until it is over.",
        words={"open": "Open now", "unknown": "Not stated"},
    ),
    Filter(
        "deadline_within", "Deadline within", "Something has to be done within so many days: 14d",
        is_repeatable=False, needs_label=True,
        description="Something has to be done within so many days. A calendar keeps what was ever found so, until it "
        "is over.",
        shape=_SPAN,
    ),
    Filter(
        "past", "Past events", "How long ended events stay: 30d, or all", is_repeatable=False,
        description="How long ended events stay.",
        shape={"type": "string", "pattern": "^([0-9]{1,4}d|all)$", "example": "30d"},
    ),
    Filter(
        "scope", "Scope", "xrisk, ea_general, rationalist, adjacent", is_facet=True,
        words={"xrisk": "Existential risk", "ea_general": "Effective altruism", "unknown": "Not stated"},
    ),
    Filter("sort", "Order", "start, deadline or new", is_repeatable=False),
    Filter(
        "fit", "Fits me", "Best first: level:low;near:Berlin;months:2027-02..2027-09", is_repeatable=False,
        needs_label=True, description="What somebody can and wants: best first, nothing is left out, with reasons.",
        shape={"type": "string", "pattern": "^level:(low|mid|high)$", "example": "level:low"},
    ),
)  # fmt: skip

FILTERS: Mapping[str, Filter] = {each.name: each for each in _ALL}
"""Filters by name, in the order of URL parameters."""
FACETS = tuple(each.name for each in _ALL if each.is_facet)
