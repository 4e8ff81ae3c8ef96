"""Renders pages without scripts: an event, a digest, the index. For people, search engines and link previews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tracker.models.application_status import application_status, may_have_closed, next_deadline
from tracker.models.details import FIELDS
from tracker.models.event import Event, PublishedEvent
from tracker.models.listing import Listing, ListingKey
from tracker.models.vocabulary import ApplicationStatus, Lifecycle
from tracker.publishing.calendar_links import google_link, outlook_link
from tracker.publishing.countdown import MAY_HAVE_CLOSED
from tracker.publishing.expected import series_expectations
from tracker.publishing.map_link import map_link
from tracker.publishing.news import ChangeSummary
from tracker.publishing.phrases import (
    action_words,
    day_words,
    deadline_line,
    fact_words,
    field_words,
    format_addresses,
    format_places,
    format_when,
    humanize,
    instant_words,
    other_clock,
    place_words,
)
from tracker.publishing.place_map import coordinates_of, draw_map, map_svg
from tracker.publishing.schema_org import schema_org
from tracker.publishing.series_patterns import series_patterns

PAGE_HEADERS = {
    # The style is inline; pages load no other resources.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_STATES = {
    Lifecycle.CANCELLED: "This event is cancelled.",
    Lifecycle.WITHDRAWN: "This event is no longer listed by its sources.",
    Lifecycle.POSTPONED: "This event is postponed.",
    Lifecycle.MOVED_ONLINE: "This event takes place online only.",
    Lifecycle.TENTATIVE: "This event is not certain yet.",
}

_MAP_SIZE = (640, 320)
"""Pixels."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Data of an event's page."""

    published: PublishedEvent
    now: datetime
    base_url: str = ""
    ending: str = ""
    """File extension of pages that are files: ``.html``."""
    listings: Sequence[tuple[Listing, str]] = ()
    """Listings of the event, each with the reason why it belongs to it."""
    news: Sequence[ChangeSummary] = ()
    siblings: Sequence[PublishedEvent] = ()
    whole: PublishedEvent | None = None
    """The larger event that it is a part of."""
    parts: Sequence[PublishedEvent] = ()
    source_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.published.event

    @property
    def states(self) -> list[str]:
        """Notices at the top of the page: cancelled, postponed, over…"""
        said = [_STATES[self.event.lifecycle]] if self.event.lifecycle in _STATES else []
        if self.event.ends_at <= self.now:
            said.append("This event is over.")
        return said

    @property
    def status(self) -> str:
        """Application status in words; empty if it is not known or the event has ended."""
        status = application_status(self.event, self.now)
        unsaid = {ApplicationStatus.UNKNOWN, ApplicationStatus.ENDED}
        deadline = next_deadline(self.event, self.now)
        if deadline is not None and may_have_closed(self.event, deadline, self.now):
            return f"Applications: {MAY_HAVE_CLOSED}"
        return "" if status in unsaid else f"Applications: {humanize(status.value).lower()}"

    @property
    def address(self) -> str:
        """Public URL of the page; empty if that of the site is not known."""
        return f"{self.base_url.rstrip('/')}/events/{self.event.id}{self.ending}" if self.base_url else ""

    @property
    def picture(self) -> str:
        """Public URL of the picture for link previews; empty if that of the site is not known."""
        return f"{self.base_url.rstrip('/')}/events/{self.event.id}.png" if self.base_url else ""

    @property
    def description(self) -> str:
        """The page in one or two sentences, for search engines and link previews."""
        event = self.event
        facts = " · ".join(text for text in (format_when(event.when), format_places(event), self.status) if text)
        return f"{facts}. {event.summary or event.description}"[:300]

    def place_map(self, **colours: str) -> str:
        """Return a small map of the places as SVG, in colours for ``map_svg``; empty if none has coordinates."""
        points = coordinates_of(self.event.places)
        return map_svg(draw_map(points, *_MAP_SIZE), **colours) if points else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Known facts, as (label, value in words)."""
        return [
            (info.label, words)
            for name, info in FIELDS.items()
            if info.is_fact and (words := fact_words(self.event, name))
        ]

    @property
    def says(self) -> list[tuple[str, str, str, str, str]]:
        """Fields whose source is known, as (field, value in words, source, its page for people, day)."""
        pages = {each.source: each.url or each.homepage for each in self.event.sources}
        return [
            (
                info.label,
                field_words(self.event, name),
                self.source_names.get(each.source, each.source),
                pages.get(each.source, ""),
                day_words(each.fetched_at.date()),
            )
            for name, info in FIELDS.items()
            if info.names_source and (each := self.event.provenance.get(name)) is not None
        ]

    @property
    def disagreements(self) -> list[tuple[str, str, str]]:
        """Values of sources that contradict the published ones, as (source, field, value in words)."""
        behind = {listing.key: listing for listing, _ in self.listings}
        found = []
        for each in self.event.disagreements:
            listing = behind.get(ListingKey((each.source, each.source_id)))
            if listing is not None:
                name = FIELDS[each.field].label
                found.append((self.source_names.get(each.source, each.source), name, field_words(listing, each.field)))
        return found

    @property
    def patterns(self) -> list[str]:
        """Sentences about the usual pattern of its series, and about the next round if none is announced."""
        if not self.siblings:
            return []
        usual = series_patterns([self.event, *(each.event for each in self.siblings)])
        return [*usual, *series_expectations([self.published, *self.siblings], self.now)]


def render_event_page(page: EventPage) -> str:
    """Return the HTML page of an event."""
    event, canonical = page.event, page.address
    return render_template(
        "event.html",
        page=page,
        event=event,
        canonical=canonical,
        title=event.title,
        action=action_words(next_deadline(event, page.now)),
        in_utc=other_clock(event, "UTC"),
        description=page.description,
        picture=page.picture,
        place_map=page.place_map(land="var(--line)", place="var(--accent)", edge="Canvas"),
        maps=[(place_words(each), link) for each in event.places if (link := map_link(each))],
        json_ld=schema_org(event, canonical),
        google=google_link(event),
        outlook=outlook_link(event),
    )


def render_template(name: str, **values: Any) -> str:
    """Return a rendered template; every value is escaped."""
    return _templates().get_template(name).render(**values)


def render_sitemap(base_url: str, events: Iterable[PublishedEvent], ending: str = "") -> bytes:
    """Return a sitemap (sitemaps.org) of event pages; empty if the public URL of the site is not known."""
    base = base_url.rstrip("/")
    rows = (
        [(f"{base}/events/{each.event.id}{ending}", each.changed_at.date().isoformat()) for each in events]
        if base
        else []
    )
    return render_template("sitemap.xml", home=f"{base}/" if base else "", rows=rows).encode()


def render_robots(base_url: str) -> bytes:
    """Return robots.txt, which allows all crawlers."""
    base = base_url.rstrip("/")
    return ("User-agent: *\nAllow: /\n" + (f"Sitemap: {base}/sitemap.xml\n" if base else "")).encode()


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("tracker.publishing"),
        autoescape=select_autoescape(("html", "xml")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "when": format_when,
        "places": format_places,
        "addresses": format_addresses,
        "deadline": deadline_line,
        "instant": instant_words,
    }
    return templates
