"""Builds the feed of a selection in each format, for web routes, export and the static site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.health.scheduling import source_states
from tracker.models.calendar_options import Deadlines, ExpectedRounds
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection, Sort
from tracker.publishing.atom import AtomEntry, render_atom
from tracker.publishing.best_first import find_best
from tracker.publishing.communities_json import render_communities
from tracker.publishing.csv_events import render_csv
from tracker.publishing.digest import build_digest, past_weeks, to_html, week_span
from tracker.publishing.expected import with_expected
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.ical.deadline_entries import OPENING, alarms, with_alarms
from tracker.publishing.ical.event_entry import render_calendar
from tracker.publishing.json_events import render_json
from tracker.publishing.news import fair_share, summarize_changes
from tracker.publishing.phrases import deadline_line, format_places, format_when, humanize
from tracker.publishing.sources_json import render_sources
from tracker.reading.places.fields import locate
from tracker.store import change_log, communities, queries, runs, sources
from tracker.store.queries import Entry

CALENDAR_NAME = "AI safety events"
CALENDAR_DESCRIPTION = (
    "AI-safety events and opportunities from many sources. Includes data of AISafety.com (CC-BY-4.0); "
    "each entry names its sources."
)
KEEP_PAST = timedelta(days=30)
"""How long a calendar keeps ended events: they must not vanish from people's calendars overnight."""
_NEWEST = 100
"""Maximum number of entries of an Atom feed."""
_CHANGES_SINCE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Feed:
    """A rendered feed."""

    body: bytes
    media_type: str
    changed_at: datetime | None = None
    """When it last changed. None: not known, because its content also depends on the current time."""


Build = Callable[[Connection, FeedRequest], Feed]


def build_calendar(db: Connection, request: FeedRequest) -> Feed:
    """Return the calendar of a selection, with entries for deadlines if requested."""
    selection, options = with_the_past(request.selection), request.options
    entries, changed_at = queries.find_entries(
        db,
        selection,
        request.now,
        events=options.deadlines is not Deadlines.ONLY,
        deadlines=options.deadlines is not Deadlines.NONE,
    )
    if options.expected is ExpectedRounds.WITH:
        entries = with_expected(db, request.selection, entries, request.now)
        changed_at = max((datetime.fromisoformat(each.changed_at) for each in entries), default=None)
    reminders = alarms(options.alarms)
    body = render_calendar(
        [with_alarms(each.vevent, reminders) if reminders and _has_alarms(each) else each.vevent for each in entries],
        name=_named(CALENDAR_NAME, request),
        description=CALENDAR_DESCRIPTION,
        changed_at=changed_at,
        url=request.own_address("events.ics"),
    )
    # With a Last-Modified date, conditional requests would miss what entered or left as time passed.
    is_of_today = selection.depends_on_time or options.expected is ExpectedRounds.WITH
    at = None if is_of_today else queries.feed_changed_at(db, selection, request.now)
    return Feed(body, "text/calendar; charset=utf-8", at)


def _named(name: str, request: FeedRequest) -> str:
    return f"{name}: {request.words}" if request.words else name


def _has_alarms(entry: Entry) -> bool:
    """Return whether an entry gets reminders: deadlines that are not cancelled do, opening days do not."""
    is_deadline = bool(entry.part) and not entry.part.startswith((OPENING, "expected"))
    return is_deadline and b"\nSTATUS:CANCELLED" not in entry.vevent


def with_the_past(selection: Selection) -> Selection:
    """Return the selection as calendars use it: with recently ended events, sorted by start."""
    update: dict[str, object] = {"sort": Sort.START}
    if selection.past is None and selection.starts_from is None:
        update["past"] = KEEP_PAST
    return selection.model_copy(update=update)


def build_json(db: Connection, request: FeedRequest) -> Feed:
    """Return the JSON of a selection; best first and with reasons, if it says what fits."""
    if request.selection.fit:
        ranked = find_best(db, request.selection, request.now)
        body = render_json(
            [each.published for each in ranked], request.selection, request.now, [each.fitness for each in ranked]
        )
        return Feed(body, "application/json; charset=utf-8")
    found = queries.find_events(db, request.selection, request.now)
    return Feed(render_json(found, request.selection, request.now), "application/json; charset=utf-8")


def build_csv(db: Connection, request: FeedRequest) -> Feed:
    """Return the CSV of a selection."""
    found = queries.find_events(db, request.selection, request.now)
    return Feed(render_csv(found, request.now), "text/csv; charset=utf-8; header=present")


def build_atom(db: Connection, request: FeedRequest) -> Feed:
    """Return the Atom feed of the events of a selection, newly listed first."""
    newest = request.selection.model_copy(update={"sort": Sort.NEW})
    found = queries.find_events(db, newest, request.now, most=_NEWEST)
    return _atom(request, "events.atom", "New: " + CALENDAR_NAME, [_new_entry(each, request) for each in found])


def build_changes(db: Connection, request: FeedRequest) -> Feed:
    """Return the Atom feed of changes to the events of a selection: old value, new value, source."""
    names = {each.id: each.name for each in sources.load_sources(db).values()}
    happened = change_log.find_changes(
        db, with_the_past(request.selection), request.now, since=request.now - _CHANGES_SINCE
    )
    entries = []
    for each in fair_share(summarize_changes(happened), _NEWEST):
        event, sayer = each.published.event, names.get(each.source, each.source)
        said = f"{event.title}. {each.headline}{': ' + each.words if each.words else ''}."
        entries.append(
            AtomEntry(
                id=f"change/{each.number}",
                title=f"{each.headline}: {event.title}",
                link=request.page_address(f"events/{event.id}") or event.link,
                updated=each.at,
                text=f"{said} Source: {sayer}." if sayer else said,
            )
        )
    return _atom(request, "changes.atom", "Changes: " + CALENDAR_NAME, entries)


def build_digests(db: Connection, request: FeedRequest) -> Feed:
    """Return the Atom feed of the digests of the last full weeks."""
    entries = []
    for year, week in past_weeks(request.now):
        since, until = week_span(year, week)
        digest = build_digest(db, request.selection, since=since, until=until)
        if digest.sections:
            name = f"digest/{year}-w{week:02}"
            entries.append(
                AtomEntry(name, digest.title, request.page_address(name), until, html=to_html(digest), published=until)
            )
    return _atom(request, "digest.atom", "Weekly digest: " + CALENDAR_NAME, entries)


def build_sources(db: Connection, request: FeedRequest) -> Feed:
    """Return the JSON of the sources with their licences and health."""
    known = sources.load_sources(db)
    states = source_states(known.values(), runs.load_histories(db, known))
    body = render_sources(known, states, queries.facet_counts(db, "source", Selection(), request.now))
    return Feed(body, "application/json; charset=utf-8")


def build_communities(db: Connection, request: FeedRequest) -> Feed:
    """Return the JSON of the communities."""
    del request
    body = render_communities(communities.load_communities(db), sources.load_sources(db))
    return Feed(body, "application/json; charset=utf-8")


def _located(build: Build) -> Build:
    """Return a builder that first looks up the place of ``near``.

    It raises ``SelectionError`` if the place is unknown.
    """

    def build_located(db: Connection, request: FeedRequest) -> Feed:
        return build(db, replace(request, selection=locate(request.selection)))

    return build_located


class FeedFormat(NamedTuple):
    """One entry of ``FEEDS``; OpenAPI, routes, ``tracker publish``, ``export`` and the dashboard follow it."""

    build: Build
    title: str
    media_type: str
    takes_selection: bool = True


_ATOM = "application/atom+xml"
FEEDS: dict[str, FeedFormat] = {
    "events.ics": FeedFormat(_located(build_calendar), "Calendar", "text/calendar"),
    "events.json": FeedFormat(_located(build_json), "Events as JSON", "application/json"),
    "events.csv": FeedFormat(_located(build_csv), "Events as CSV", "text/csv"),
    "events.atom": FeedFormat(_located(build_atom), "Newly listed events", _ATOM),
    "changes.atom": FeedFormat(_located(build_changes), "What changed about events", _ATOM),
    "digest.atom": FeedFormat(_located(build_digests), "Weekly digests", _ATOM),
    "sources.json": FeedFormat(build_sources, "Sources, their licences and their state", "application/json", False),
    "communities.json": FeedFormat(build_communities, "Groups to join", "application/json", False),
}
"""Every feed by file name. ``events.ics`` also takes calendar options."""
FORMATS = {name.removeprefix("events."): each.build for name, each in FEEDS.items() if name.startswith("events.")}
"""The formats of a selection's events, by file extension."""


def _atom(request: FeedRequest, name: str, title: str, entries: list[AtomEntry]) -> Feed:
    body = render_atom(
        f"{name}?{request.query}",
        entries,
        title=_named(title, request),
        subtitle=CALENDAR_DESCRIPTION,
        home=request.address(""),
        url=request.own_address(name),
    )
    return Feed(body, "application/atom+xml; charset=utf-8")


def _new_entry(published: PublishedEvent, request: FeedRequest) -> AtomEntry:
    event = published.event
    facts = [format_when(event.when), format_places(event), *map(deadline_line, event.deadlines)]
    credit = ", ".join(dict.fromkeys(each.attribution or each.name for each in event.sources))
    text = "\n".join([*filter(None, facts), event.summary or event.description, f"Source: {credit}"])
    return AtomEntry(
        id=f"event/{event.id}",
        title=event.title,
        link=request.page_address(f"events/{event.id}") or event.link,
        updated=published.changed_at,
        text=text,
        published=published.first_seen,
        categories=tuple(humanize(each.value) for each in event.types),
    )
