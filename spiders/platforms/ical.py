"""Parses iCalendar feeds (RFC 5545): Luma, Google Calendar, Outlook, Meetup, Teamup, pretalx, Indico, WordPress."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Any, Self

from icalendar import Component
from pydantic import BeforeValidator, Field, model_validator

from spiders.formats.calendar_embeds import embedded_calendars
from spiders.formats.calendar_hosts import HOSTS, luma_feed, luma_id
from spiders.formats.calendar_identity import separate_events
from spiders.formats.calendar_properties import unreadable
from spiders.formats.calendars import parse_calendar
from spiders.formats.documents import looks_like_html, reject_login_or_captcha
from spiders.formats.rrule_expansion import Horizon, RefusedSeries, expand
from tracker.errors import UnreadablePageError
from tracker.models.moments import zone_of
from tracker.models.raw_listing import SERIES_NOT_EXPANDED, RawListing, RawPlace, bounded_id
from tracker.models.text import WebLink
from tracker.reading.links import first_link
from tracker.reading.time_zones import read_zone
from tracker.sources.platform import Page, PageContent, PageRequest, PlatformOptions


def _as_https(value: object) -> object:
    # The scheme of links copied from a "subscribe" button.
    return re.sub(r"^webcals?://", "https://", value) if isinstance(value, str) else value


_LONGEST_UID = 180


class Options(PlatformOptions):
    """Keys of a source file for ``platform = "ical"``: ``feed_url``, or a calendar's id under the key of its host."""

    feed_url: Annotated[WebLink | None, BeforeValidator(_as_https)] = None
    """URL of the ``.ics`` feed; ``webcal://`` is replaced by ``https://``."""
    luma: str = ""
    """Slug (``AISafetyBerlin``) or id (``cal-…``) of a Luma calendar."""
    meetup: str = ""
    """Name of a Meetup group as in its URL: ``ai-safety-awareness-group-chicago``."""
    google: str = ""
    """Id of a public Google calendar: ``…@group.calendar.google.com``."""
    outlook: str = ""
    """The two parts after ``/owa/calendar/`` of a published Outlook calendar."""
    teamup: str = ""
    """Key of a Teamup calendar: ``ks…``."""
    pretalx: str = ""
    """URL of an event on a pretalx site."""
    indico: str = ""
    """URL of a category on an Indico site."""
    ahead_days: int = Field(default=400, ge=1, le=1_500)
    """Days into the future for which recurring entries are expanded."""
    history_days: int = Field(default=60, ge=0, le=1_500)
    """Days into the past for which recurring entries are expanded."""

    @model_validator(mode="after")
    def _one_calendar(self) -> Self:
        given = [name for name in ("feed_url", *HOSTS) if getattr(self, name)]
        if len(given) != 1:
            said = f"not {' and '.join(given)}" if given else "none is given"
            raise ValueError(f"one of feed_url, {', '.join(HOSTS)} is needed, {said}")
        self.address  # noqa: B018 - raises ValueError for an id from which no URL can be built
        return self

    @property
    def address(self) -> str:
        """URL of the first page: the feed, or a Luma page that names it."""
        return self.feed_url or next(address(name) for host, address in HOSTS.items() if (name := getattr(self, host)))


def first_pages(options: Options, today: date) -> list[PageRequest]:
    """Return the feed, or the Luma page that names it."""
    del today
    return [PageRequest(options.address)]


def read(page: Page, options: Options) -> PageContent:
    """Parse a calendar; recurring entries become one listing per occurrence within the horizon."""
    content = PageContent()
    if options.luma and page.url == options.address and looks_like_html(page):
        content.follow.append(_luma_feed(page))
        return content
    calendar = parse_calendar(page, content)
    content.fresh_for = calendar.refresh_interval
    entries = separate_events(calendar.entries)
    statuses = Counter(str(entry.get("STATUS", "")).upper() for entry in entries)
    # Luma marks every event TENTATIVE: a status that all entries share carries no information.
    is_luma = bool(options.luma) or b"//Luma//" in page.body[:1_000]
    is_on_all = statuses["TENTATIVE"] == len(entries) and (len(entries) > 1 or is_luma)
    silent = "TENTATIVE" if is_on_all else ""
    dated = [entry for entry in entries if "DTSTART" in entry or _is_unmoved(entry)]
    undated = [entry for entry in entries if "DTSTART" not in entry and not _is_unmoved(entry)]
    span = Horizon(page.fetched_at, options.history_days, options.ahead_days)
    zone = _known_zone(calendar.zone) or _known_zone(page.timezone)
    for found in expand(dated, span, zone):
        if isinstance(found, RefusedSeries):
            _reject_series(found, page, content)
        else:
            content.read_each(page, [found], lambda entry: _raw(entry, page, calendar.zone, silent), id_of=_id_of)
    content.listings = list(_told_apart(content.listings))
    content.read_each(page, undated, lambda entry: _raw(entry, page, calendar.zone, silent), id_of=_id_of)
    return content


def suggest(page: Page) -> Iterator[Mapping[str, Any]]:
    """Suggest the page itself if it is a calendar, that of a Luma or Meetup page, and those that a page embeds."""
    if b"BEGIN:VCALENDAR" in page.body[:4_096].upper():
        yield {"feed_url": page.url}
    elif match := re.match(r"https?://(?:www\.)?(?:lu\.ma|luma\.com)/(?:calendar/)?([\w-]+)/?$", page.url):
        yield {"luma": luma_id(page.body) or match[1]}
    elif match := re.match(r"https?://www\.meetup\.com/(?:[a-z]{2}-[A-Z]{2}/)?([\w-]+)/", page.url):
        yield {"meetup": match[1]}
    else:
        yield from embedded_calendars(page)


def _luma_feed(page: Page) -> PageRequest:
    calendar = luma_id(page.body)
    if not calendar:
        reject_login_or_captcha(page)
        message = "The Luma page names no calendar: is it a person's or an event's page?"
        raise UnreadablePageError(message, diagnosis="layout_changed", url=page.url)
    return PageRequest(luma_feed(calendar), allow_offsite=True)


def _told_apart(listings: list[RawListing]) -> Iterator[RawListing]:
    """Append the time to the ids of occurrences of a series that takes place twice a day."""
    counts = Counter(listing.source_id for listing in listings)
    for listing in listings:
        occurrence = listing.extra.get("occurrence", "")
        if occurrence and counts[listing.source_id] > 1:
            yield listing.model_copy(update={"source_id": listing.source_id + occurrence[10:]})
        else:
            yield listing


def _reject_series(refused: RefusedSeries, page: Page, content: PageContent) -> None:
    """Record a series of which only the first date is read; the others count neither as listed nor as missing."""
    detail = f"{_texts(refused.entry)('SUMMARY')!r}: {refused.reason}"
    if refused.is_note:
        content.notes.append(detail)
    else:
        content.reject(page, SERIES_NOT_EXPANDED, detail, source_id=_uid(refused.uid), is_series=True)


def _uid(uid: str) -> str:
    """Return a UID that has room for a day behind it: a long one is shortened by a hash."""
    return bounded_id(uid, _LONGEST_UID)


def _id_of(entry: Component) -> str:
    return _uid(_texts(entry)("UID"))


def _is_unmoved(entry: Component) -> bool:
    """Return whether an entry changes one date of a series, but not its time."""
    return "RECURRENCE-ID" in entry and "DTSTART" not in entry and "X-DTSTART" not in entry


def _known_zone(name: str) -> tzinfo | None:
    known = read_zone(name)
    return zone_of(known) if known else None


def _raw(entry: Component, page: Page, zone: str, silent: str) -> Iterator[RawListing]:
    text = _texts(entry)
    start, timezone = _moment(entry, "DTSTART", zone)
    end, _ = _moment(entry, "DTEND", zone)
    if not end and "DTSTART" in entry and "DURATION" in entry:
        begins: Any = entry["DTSTART"]
        length: Any = entry["DURATION"]
        end = _after(begins.dt, length.dt).isoformat()
    uid = _uid(text("UID"))
    occurrence = _moment(entry, "RECURRENCE-ID", zone)[0] if "RECURRENCE-ID" in entry else ""
    if occurrence:
        # By day, so that occurrences keep their ids if the series moves to another hour.
        uid = f"{uid}/{occurrence[:10]}"
    place = text("LOCATION")
    latitude, longitude = _coordinates(entry)
    description = text("DESCRIPTION")
    status = text("STATUS").upper()
    yield RawListing(
        source=page.source,
        source_id=uid or f"{text('URL')} {text('SUMMARY')} {start}".strip(),
        page_url=page.url,
        fetched_at=page.fetched_at,
        title=text("SUMMARY"),
        description=description,
        url=text("URL") or _luma_page(description) or _own_page(place),
        starts=start or text("X-DTSTART"),
        ends=end if start else "",
        end_is_exclusive=True,
        timezone=timezone,
        types=tuple(_categories(entry)),
        places=(RawPlace(text=place, latitude=latitude, longitude=longitude),) if place else (),
        organizers=tuple(_organizers(entry)),
        status="" if status == silent else status,
        extra={"occurrence": occurrence} if occurrence else {"is_series": "true"} if "X-DTSTART" in entry else {},
        doubts=tuple(f"{each} in the calendar cannot be read" for each in unreadable(entry)),
    )


def _luma_page(description: str) -> str:
    """Return the event's page, which Luma gives only in the description; a link in LOCATION may be a video call."""
    named = re.search(r"Get up-to-date information at: (https?://\S+)", description)
    return named[1] if named else ""


def _own_page(place: str) -> str:
    """Return the link in LOCATION, where Luma puts the page of an external event; a video call is not a page."""
    return first_link(place) or "" if place.startswith("http") else ""


def _after(begins: date | datetime, length: timedelta) -> date | datetime:
    """Return the moment after a duration, which is exact: over a change of clocks, two hours stay two hours."""
    if isinstance(begins, datetime) and begins.tzinfo is not None:
        return (begins.astimezone(UTC) + length).astimezone(begins.tzinfo)
    return begins + length


def _texts(entry: Component) -> Callable[[str], str]:
    def text(name: str) -> str:
        value = entry.get(name, "")
        return str(value[0] if isinstance(value, list) else value).strip()

    return text


def _moment(entry: Component, name: str, zone: str) -> tuple[str, str]:
    """Return (moment, zone) as written; the zone defaults to that of the calendar."""
    prop = entry.get(name)
    if prop is None:
        return "", zone
    prop = prop[0] if isinstance(prop, list) else prop
    moment: date | datetime = prop.dt
    stated = str(prop.params.get("TZID", ""))
    return moment.isoformat(), stated or zone


def _categories(entry: Component) -> Iterator[str]:
    groups = entry.get("CATEGORIES", [])
    for group in groups if isinstance(groups, list) else [groups]:
        yield from (str(word) for word in getattr(group, "cats", ()))


def _coordinates(entry: Component) -> tuple[str, str]:
    geo = entry.get("GEO")
    return (str(geo.latitude), str(geo.longitude)) if geo is not None and hasattr(geo, "latitude") else ("", "")


def _organizers(entry: Component) -> Iterator[str]:
    """Yield the organizer's name, but no email address: that is personal data."""
    organizer = entry.get("ORGANIZER")
    name = str(getattr(organizer, "params", {}).get("CN", "")).strip('" ')
    if name and "@" not in name:
        yield name
