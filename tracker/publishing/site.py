"""Writes all feeds and pages as static files for any web server: atomically, without touching unchanged files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Connection

from tracker.errors import SelectionError, StoreError, UsageError
from tracker.models.calendar_options import Deadlines
from tracker.models.event import PublishedEvent
from tracker.models.selection import Selection
from tracker.publishing.atomic_files import write_file
from tracker.publishing.digest import WEEK, past_weeks, week_span
from tracker.publishing.event_pages import digest_page, event_calendar, event_page, event_preview
from tracker.publishing.feed_request import FeedRequest
from tracker.publishing.feeds import FEEDS, FORMATS, Build
from tracker.publishing.json_events import dump, json_schema
from tracker.publishing.pages import render_robots, render_sitemap
from tracker.publishing.site_index import render_index
from tracker.publishing.wipe_guard import check_feeds, check_was_crawled
from tracker.reading.places.fields import locate
from tracker.store import Store, events, queries, runs

_PAGE = ".html"
_RESERVED_PATHS = re.compile(r"[0-9a-z]{12}\.(?:html|ics|png)")
"""File names of single events; other files in their folder are not removed."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_TAKEN = frozenset({"changes", "communities", "digest", "index", "robots", "sitemap", "sources"})
_ALL = "events"
"""Name of the feeds that hold everything, if no selection of this name says otherwise."""
Render = Callable[[], bytes]


@dataclass(slots=True)
class Published:
    """Result of publishing the site."""

    paths: list[Path] = field(default_factory=list)
    """Feeds and pages that are in the folder now, without those of single events."""
    events: int = 0
    """Number of events with a page."""
    changed: int = 0
    """Number of files that are new or have changed."""
    kept: list[str] = field(default_factory=list)
    """Files that could not be rendered, with the reason; their last version is kept."""
    left_out: list[str] = field(default_factory=list)
    """Selections that name an unknown place or source, with the reason; the last version of their files is kept."""


def publish_site(
    store: Store,
    folder: Path,
    now: datetime,
    *,
    base_url: str = "",
    selections: Mapping[str, str] | None = None,
    allow_empty: bool = False,
) -> Published:
    """Write feeds of the selections, pages of all events, digests and an index into ``folder``.

    Args:
        store: the store with the events.
        folder: target folder; created if it does not exist.
        now: current time.
        base_url: public URL of the folder, for links within the site; empty if it is not known.
        selections: query strings by file name; default: all, by type, by country, online, free, deadlines.
        allow_empty: publish even if events vanish that nobody has cancelled.

    Raises:
        PublicationRefusedError: events would vanish that nobody has cancelled; nothing was written.
        UsageError: a selection or its name is invalid; one of which only a place or source is unknown is left out.
        StoreReadOnlyError: the folder cannot be written.
    """
    done = Published()
    base_url = base_url.rstrip("/")
    with store.reading() as db:
        chosen = {_ALL: ""} | dict(selections) if selections else usual_selections(db) | _published_countries(folder)
        asked = {}
        for name, query in chosen.items():
            request = FeedRequest.from_query_string(query, now, base_url, calendar=True)
            try:
                asked[_checked(name)] = _looked_up(db, replace(request, published_as=name))
            except SelectionError as error:
                if name == _ALL:
                    raise
                done.left_out.append(f"{name}: {error}")
        feeds = dict(_feeds(db, asked))
        if not allow_empty:
            check_was_crawled(db, store.url)
            calendars = {name: _rendered(render) for name, render in feeds.items() if name.endswith(".ics")}
            last_success = max(runs.last_successes(db).values(), default=now)
            rendered = {name: body for name, body in calendars.items() if body is not None}
            check_feeds(folder, rendered, events.load_stubs(db).keys(), min(now, last_success))
            feeds |= {name: partial(_same, body) for name, body in calendars.items() if body is not None}
        for name, render in feeds.items():
            _write(done, folder / name, render)
        for name, render in _pages(db, asked):
            _write(done, folder / name, render)
        standing = set()
        for event_id in queries.ids_with_page(db):
            done.events += 1
            for name, render in _event_files(db, event_id, now, base_url, folder):
                standing.add(folder / name)
                _write(done, folder / name, render)
    for path in (folder / "events").glob("*.*"):
        if path not in standing and path.is_file() and _RESERVED_PATHS.fullmatch(path.name):
            path.unlink()
    return done


def _rendered(render: Render) -> bytes | None:
    """Return what ``render`` gives, or None if it fails, which is reported when it is written."""
    try:
        return render()
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - see above
        return None


def _same(body: bytes) -> bytes:
    return body


def usual_selections(db: Connection) -> dict[str, str]:
    """Return the default selections: query strings by name."""
    found = {"events": "", "online": "mode=online", "free": "cost=free", "deadlines": "deadlines=only"}
    for facet, prefix in (("type", ""), ("country", "country-")):
        # Values of all events ever: subscribers of a country must learn that its last event was cancelled.
        for value in queries.facet_values(db, facet):
            found[prefix + value.lower().replace("_", "-")] = urlencode({facet: value})
    return found


def _published_countries(folder: Path) -> dict[str, str]:
    """Return the selections of countries that have feeds already: they must tell that their last event has moved."""
    names = [path.stem for path in folder.glob("country-??.ics")]
    return {name: f"country={name[-2:].upper()}" for name in names if name[-2:].isalpha()}


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise UsageError(
            f"A feed cannot be called {name!r}: write small letters, digits and '-', "
            f"and none of {', '.join(sorted(_TAKEN))}."
        )
    return name


def _looked_up(db: Connection, asked: FeedRequest) -> FeedRequest:
    """Return the request with the coordinates of its place.

    Raises:
        SelectionError: it names an unknown place or source.
    """
    asked = replace(asked, selection=locate(asked.selection))
    _count(db, asked)
    return asked


def _feeds(db: Connection, asked: Mapping[str, FeedRequest]) -> Iterator[tuple[str, Render]]:
    for name, each in asked.items():
        # Calendar options do not apply to the other formats.
        formats = {"ics": FORMATS["ics"]} if each.options.to_pairs() else FORMATS
        for ending, build in formats.items():
            yield f"{name}.{ending}", partial(_body, build, db, each)
    for name, feed in FEEDS.items():
        if not name.startswith("events."):
            yield name, partial(_body, feed.build, db, asked["events"])


def _body(build: Build, db: Connection, asked: FeedRequest) -> bytes:
    return build(db, asked).body


def _pages(db: Connection, asked: Mapping[str, FeedRequest]) -> Iterator[tuple[str, Render]]:
    now, base_url = asked["events"].now, asked["events"].base_url
    upcoming = queries.find_events(db, Selection(), now)
    yield "index.html", partial(_index, db, asked, upcoming)
    yield "events.schema.json", lambda: dump(json_schema())
    yield "robots.txt", partial(render_robots, base_url)
    yield "sitemap.xml", partial(render_sitemap, base_url, upcoming, _PAGE)
    yield f"digest{_PAGE}", partial(digest_page, db, (now - WEEK, now), now, root="", ending=_PAGE)
    for year, week in past_weeks(now):
        span = week_span(year, week)
        yield f"digest/{year}-w{week:02}{_PAGE}", partial(digest_page, db, span, now, root="../", ending=_PAGE)


def _title(name: str) -> str:
    kind, _, value = name.partition("-")
    if kind == "country" and len(value) == 2:
        return f"Country: {value.upper()}"
    return {"events": "All events", "deadlines": "Deadlines only"}.get(name, name.replace("-", " ").capitalize())


def _count(db: Connection, asked: FeedRequest) -> int:
    if asked.options.deadlines is Deadlines.ONLY:
        return len(queries.find_entries(db, asked.selection, asked.now, events=False)[0])
    return queries.count_events(db, asked.selection, asked.now)


def _index(db: Connection, asked: Mapping[str, FeedRequest], upcoming: Sequence[PublishedEvent]) -> bytes:
    feeds = [
        {
            "name": name,
            "title": _title(name),
            "count": _count(db, each),
            "address": each.address(f"{name}.ics"),
            "webcal": "webcal://" + each.address(f"{name}.ics").partition("://")[2] if each.base_url else "",
            "others": [] if each.options.to_pairs() else [ending for ending in FORMATS if ending != "ics"],
        }
        for name, each in asked.items()
    ]
    # A calendar of deadlines or with reminders is none of all the events that a selection shows.
    alike = {name: each.selection.to_query() for name, each in asked.items() if not each.options.to_pairs()}
    return render_index(feeds, alike, upcoming, asked["events"].now, asked["events"].address(""))


def _event_files(
    db: Connection, event_id: str, now: datetime, base_url: str, folder: Path
) -> Iterator[tuple[str, Render]]:
    url = f"{base_url}/events/{event_id}.ics" if base_url else ""
    yield f"events/{event_id}{_PAGE}", partial(event_page, db, event_id, now, base_url, _PAGE)
    yield f"events/{event_id}.ics", partial(event_calendar, db, event_id, url)
    if base_url:  # a page names its picture by its full address
        name = f"events/{event_id}.png"
        before = (folder / name).read_bytes() if (folder / name).is_file() else b""
        yield name, partial(event_preview, db, event_id, before)


def _write(done: Published, path: Path, render: Callable[[], bytes]) -> None:
    try:
        body = render()
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - one failing file must not stop the others
        done.kept.append(f"{path.name}: {type(error).__name__}: {error}")
        return
    done.changed += write_file(path, body)
    if path.parent.name != "events":
        done.paths.append(path)
