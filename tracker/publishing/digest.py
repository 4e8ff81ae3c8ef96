"""Builds the digest (what is on, closes soon, is new, comes up, changed) and renders it as Markdown, HTML or text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from tracker.models.application_status import next_deadline
from tracker.models.event import PublishedEvent
from tracker.models.moments import day_of
from tracker.models.selection import Selection
from tracker.models.vocabulary import Kind, Lifecycle
from tracker.publishing.countdown import line_at
from tracker.publishing.news import summarize_changes
from tracker.publishing.pages import render_template
from tracker.publishing.phrases import format_places, format_when
from tracker.store import change_log, queries
from tracker.store.sources import load_sources

AHEAD = timedelta(days=14)
"""How far "closing soon" and "coming up" look ahead."""
WEEK = timedelta(days=7)
MOST = 40
"""Maximum number of items under one heading: longer lists are not read to the end."""
_WEEKS = 8
_NEW = {Kind.EVENT: "New events", Kind.TRAINING: "New programmes", Kind.OPPORTUNITY: "New opportunities"}
_KINDS = {Kind.EVENT: "Events", Kind.TRAINING: "Programmes", Kind.OPPORTUNITY: "Opportunities"}
_OFF = frozenset({Lifecycle.CANCELLED, Lifecycle.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One event under one heading."""

    key: str
    """Permanent key of the item: an item that has been announced is not announced again."""
    title: str
    link: str
    facts: tuple[str, ...]
    """Date, place, cost and deadlines, as far as known, the most important first."""
    credit: str
    """Sources that list it."""
    short: tuple[str, ...] = ()
    """The facts that a post needs: no deadline that has passed. Empty: all of them."""


@dataclass(frozen=True, slots=True)
class DigestSection:
    """Items under a heading."""

    heading: str
    items: tuple[DigestItem, ...]
    more: int = 0
    """Number of items left out."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Items of a time span, by heading."""

    since: datetime
    until: datetime
    sections: tuple[DigestSection, ...]
    name: str = ""
    """Its title, if it is not about a time span."""

    @property
    def title(self) -> str:
        """``AI safety: 23 to 30 November 2026``, the week that lies ahead at its end."""
        return self.name or f"AI safety: {span_words(self.until, self.until + WEEK)}"


def build_digest(
    db: Connection, selection: Selection, *, since: datetime, until: datetime, most: int | None = MOST
) -> Digest:
    """Return the digest of what was listed and changed in a time span, and of what lies ahead at its end.

    Each event appears under the first heading that fits; changes are always listed. ``most`` limits the items under
    one heading.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    on = [each for each in queries.find_events(db, selection, until) if each.event.lifecycle not in _OFF]
    known = [each for each in on if each.first_seen <= until]
    closing = sorted((_closing(known, until)), key=lambda pair: (pair[0], pair[1].event.id))
    told = {each.event.id for _, each in closing}
    on_soon = [each for each in known if each.event.id not in told and _begins_in(each, until, WEEK)]
    told |= {each.event.id for each in on_soon}
    new = [each for each in known if each.first_seen > since and each.event.id not in told]
    told |= {each.event.id for each in new}
    coming = [each for each in known if each.event.id not in told and _begins_in(each, until, AHEAD)]
    changed = summarize_changes(change_log.find_changes(db, selection, until, since=since, until=until))
    names = {each.id: each.name for each in load_sources(db).values()}
    sections = (
        _section("On in the next 7 days", (_item(each, "on", until) for each in on_soon)),
        _section("Closing soon", (_item(each, "closing", until) for _, each in closing)),
        *(
            _section(heading, (_item(each, "new", until) for each in new if each.event.kind is kind))
            for kind, heading in _NEW.items()
        ),
        _section("Coming up", (_item(each, "coming", until) for each in coming)),
        _section(
            "Changed",
            (
                DigestItem(
                    f"change/{each.number}",
                    each.published.event.title,
                    each.published.event.link,
                    tuple(fact for fact in (each.headline, each.words) if fact),
                    names.get(each.source, "") or _credit(each.published),
                )
                for each in changed
            ),
        ),
    )
    return Digest(since, until, tuple(_cut(section, most) for section in sections if section.items))


def list_selection(db: Connection, selection: Selection, now: datetime, *, most: int | None) -> Digest:
    """Return the events of a selection that are on, in its order, as a digest; only the first ``most`` if given.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    found = queries.find_events(db, selection, now, most=most)
    on = [each for each in found if each.event.lifecycle not in _OFF]
    sections = (
        _section(heading, (_item(each, "all", now) for each in on if each.event.kind is kind))
        for kind, heading in _KINDS.items()
    )
    total = len(on) if most is None or len(found) < most else queries.count_events(db, selection, now)
    count = f"{total:,} event{'s' if total != 1 else ''}"
    words = count if len(found) == total or total == len(on) else f"the first {len(found):,} of {count}"
    return Digest(now, now, tuple(filter(lambda each: each.items, sections)), f"AI safety: {words}, {_day(now)}")


def week_span(year: int, week: int) -> tuple[datetime, datetime]:
    """Return the time span of an ISO week, from Monday to Monday in UTC.

    Raises:
        ValueError: the year has no such week.
    """
    monday = datetime.combine(date.fromisocalendar(year, week, 1), datetime.min.time(), UTC)
    return monday, monday + WEEK


def past_weeks(now: datetime) -> list[tuple[int, int]]:
    """Return the last full ISO weeks as (year, week), newest first."""
    return [(now - ago * WEEK).isocalendar()[:2] for ago in range(1, _WEEKS + 1)]


def _closing(known: Iterable[PublishedEvent], until: datetime) -> Iterator[tuple[datetime, PublishedEvent]]:
    for each in known:
        deadline = next_deadline(each.event, until)
        if deadline is not None and deadline.closes_at is not None and deadline.closes_at <= until + AHEAD:
            yield deadline.closes_at, each


def _begins_in(published: PublishedEvent, now: datetime, span: timedelta) -> bool:
    """Return whether an event begins today at its place, or later and within a time span."""
    when = published.event.when
    if when.first_day is None or not when.is_exact_to_the_day:
        return False
    return day_of(now, when.timezone) <= when.first_day and when.starts_at <= now + span


def _section(heading: str, items: Iterable[DigestItem]) -> DigestSection:
    return DigestSection(heading, tuple(items))


def _cut(section: DigestSection, most: int | None) -> DigestSection:
    if most is None or len(section.items) <= most:
        return section
    return DigestSection(section.heading, section.items[:most], len(section.items) - most)


def _item(published: PublishedEvent, why: str, now: datetime) -> DigestItem:
    event = published.event
    when, where, next_one = format_when(event.when), format_places(event), next_deadline(event, now)
    facts = (when, where, event.cost.text, *(line_at(event, each, now) for each in event.deadlines))
    short = (when, where, line_at(event, next_one, now) if next_one else "", event.cost.text)
    return DigestItem(
        f"{why}/{event.id}",
        event.title,
        event.link,
        tuple(filter(None, facts)),
        _credit(published),
        tuple(filter(None, short)),
    )


def _credit(published: PublishedEvent) -> str:
    return ", ".join(dict.fromkeys(each.attribution or each.name for each in published.event.sources))


def span_words(since: datetime, until: datetime) -> str:
    """Return a span of days in words.

    >>> span_words(datetime(2026, 12, 1), datetime(2026, 12, 8))
    '1 to 8 December 2026'
    >>> span_words(datetime(2026, 12, 28), datetime(2027, 1, 4))
    '28 December 2026 to 4 January 2027'
    """
    first = _day(since)
    if since.year == until.year:
        first = str(since.day) if since.month == until.month else f"{since.day} {since:%B}"
    return f"{first} to {_day(until)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~]|&(?=#?\w+;))")
_WOULD_BE_LINKS = re.compile(r"(?i)\b(https?|ftp)(?=:)|\bwww(?=\.)")
_NOTHING = "Nothing new."


def to_markdown(digest: Digest) -> str:
    """Return the digest as Markdown; markup in the texts of sources is escaped."""
    lines = [f"## {_escaped(digest.title)}", ""]
    return "\n".join([*lines, *(markdown_lines(digest.sections) if digest.sections else [_NOTHING, ""])])


def markdown_lines(sections: Iterable[DigestSection]) -> Iterator[str]:
    """Yield the lines of sections as Markdown."""
    for section in sections:
        yield from (f"### {section.heading}", "")
        yield from map(_markdown_item, section.items)
        if section.more:
            yield f"- … and {section.more} more"
        yield ""


def to_text(digest: Digest) -> str:
    """Return the digest as plain text."""
    lines = [digest.title, "=" * len(digest.title), ""]
    for section in digest.sections:
        lines += [section.heading, "-" * len(section.heading)]
        for item in section.items:
            lines += [f"* {item.title}", *(f"  {fact}" for fact in item.facts), f"  {item.link}"]
            lines += [f"  via {item.credit}"] if item.credit else []
        lines += [f"… and {section.more} more"] if section.more else []
        lines.append("")
    return "\n".join(lines if digest.sections else [*lines, _NOTHING, ""])


def to_html(digest: Digest) -> str:
    """Return the digest as an HTML fragment."""
    return render_template("digest_list.html", digest=digest)


def _markdown_item(item: DigestItem) -> str:
    link = item.link.replace("(", "%28").replace(")", "%29")
    credit = [f"*via {_escaped(item.credit)}*"] if item.credit else []
    facts = " · ".join([*map(_escaped, item.facts), *credit])
    return f"- **[{_escaped(item.title)}]({link})**" + (f": {facts}" if facts else "")


def _escaped(text: str) -> str:
    return _WOULD_BE_LINKS.sub(r"\g<0>\\", _MARKUP.sub(r"\\\1", text))
