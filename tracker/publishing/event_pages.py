"""Renders pages from the store: an event, its calendar file, the digest of a time span."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from tracker.models.selection import Selection
from tracker.publishing.digest import Digest, build_digest, past_weeks, week_span
from tracker.publishing.feeds import CALENDAR_DESCRIPTION
from tracker.publishing.ical.event_entry import render_calendar
from tracker.publishing.news import summarize_changes
from tracker.publishing.pages import EventPage, render_event_page, render_template
from tracker.publishing.phrases import day_words
from tracker.publishing.preview_image import draw_preview
from tracker.store import change_log, listings, queries, relations, sources


def load_event_page(db: Connection, event_id: str, now: datetime, base_url: str = "", ending: str = "") -> EventPage:
    """Return the data of an event's page; an id that was merged into another event resolves to that event.

    Raises:
        UnknownEventError: no event has this id.
    """
    published = queries.find_event(db, event_id)
    own_id = published.event.id
    history = [(number, change, published) for number, change in enumerate(change_log.changes_of_event(db, own_id))]
    return EventPage(
        published,
        now,
        base_url,
        ending,
        listings=listings.listings_of_event(db, own_id),
        news=list(summarize_changes(reversed(history))),
        siblings=relations.series_of_event(db, own_id),
        whole=relations.larger_event(db, own_id),
        parts=relations.parts_of_event(db, own_id),
        source_names={each.id: each.name for each in sources.load_sources(db).values()},
    )


def event_page(db: Connection, event_id: str, now: datetime, base_url: str = "", ending: str = "") -> bytes:
    """Return the HTML page of an event.

    Raises:
        UnknownEventError: no event has this id.
    """
    return render_event_page(load_event_page(db, event_id, now, base_url, ending)).encode()


def event_preview(db: Connection, event_id: str, before: bytes = b"") -> bytes:
    """Return the picture that chats show beside a link to an event, as PNG; ``before`` if that says the same.

    Raises:
        UnknownEventError: no event has this id.
    """
    return draw_preview(queries.find_event(db, event_id).event, before)


def digest_page(
    db: Connection,
    span: tuple[datetime, datetime],
    now: datetime,
    *,
    root: str,
    ending: str = "",
    canonical: str = "",
) -> bytes:
    """Return the HTML page of a digest.

    Args:
        db: connection to the store.
        span: start and end of the digest.
        now: current time: the page links to the digests of the last full weeks.
        root: relative URL of the site's root: ``../``.
        ending: file extension of the other weeks' pages.
        canonical: public URL of this page; empty if it is not known.
    """
    digest = build_digest(db, Selection(), since=span[0], until=span[1])
    return render_digest_page(digest, now, root=root, ending=ending, canonical=canonical)


def render_digest_page(
    digest: Digest,
    now: datetime,
    *,
    root: str,
    ending: str = "",
    canonical: str = "",
    forms: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the HTML page of a digest; ``forms`` are (label, link) of the same in other forms."""
    return render_template(
        "digest.html",
        digest=digest,
        title=digest.title,
        description=", ".join(f"{section.heading.lower()}: {len(section.items)}" for section in digest.sections),
        canonical=canonical,
        root=root or "./",
        forms=forms,
        weeks=[
            (f"week of {day_words(week_span(year, week)[1].date())}", f"{root}digest/{year}-w{week:02}{ending}")
            for year, week in past_weeks(now)
        ],
    ).encode()


def event_calendar(db: Connection, event_id: str, url: str = "") -> bytes:
    """Return one event and its deadlines as a calendar file.

    Raises:
        UnknownEventError: no event has this id.
    """
    published = queries.find_event(db, event_id)
    return render_calendar(
        queries.entries_of_event(db, published.event.id),
        name=published.event.title,
        description=CALENDAR_DESCRIPTION,
        changed_at=published.changed_at,
        url=url,
    )
