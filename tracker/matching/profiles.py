"""Computes the profile of a listing, the values that listings are compared by. It depends on no other listing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache

from tracker.matching.deadline_dates import entry_days, is_day_to_apply, may_start_later
from tracker.matching.earlier_days import SAYS_MOVED, earlier_days
from tracker.matching.geo_points import MOST_PLACES, GeoPoint, place_words, places_of, point_of
from tracker.matching.links import canonical_link, is_overview, shared_hosts, typed_link, universal_id
from tracker.matching.names import aliases_of
from tracker.matching.running_text import TELLING, shingles_of, told_codes
from tracker.matching.text_editions import edition_in_text
from tracker.matching.titles import Title, read_title
from tracker.matching.words import WORD, code, fold_title, format_bit, words_of
from tracker.models.listing import Listing, ListingKey
from tracker.models.moments import When, zone_of
from tracker.models.vocabulary import TRAINING_TYPES, DatePrecision, EventType, Lifecycle, Mode
from tracker.reading.places.lines import read_line
from tracker.reading.places.modes import says_mode

MOST_LINKS, MOST_ENTRIES, MOST_DEADLINES, MOST_NAMES = 4, 2, 3, 8
_MINUTE = 60
_LONG = 20 * 60
_SPANS = {
    DatePrecision.WEEK: 6,
    DatePrecision.MONTH: 30,
    DatePrecision.SEASON: 91,
    DatePrecision.QUARTER: 91,
    DatePrecision.YEAR: 365,
}
_NODED = frozenset({EventType.HACKATHON, EventType.COMPETITION})


class TimeKind(IntEnum):
    """How exactly a start is known."""

    UNDATED = 0
    INSTANT = 1
    DAY = 2
    SPAN = 3
    """Only a span that contains it: a month, a season."""


class ModeCode(IntEnum):
    """How people take part; a number per ``Mode``."""

    UNKNOWN = 0
    ONLINE = 1
    IN_PERSON = 2
    HYBRID = 3


_MODES = {
    Mode.UNKNOWN: ModeCode.UNKNOWN,
    Mode.ONLINE: ModeCode.ONLINE,
    Mode.IN_PERSON: ModeCode.IN_PERSON,
    Mode.HYBRID_CHOICE: ModeCode.HYBRID,
    Mode.HYBRID_REQUIRED: ModeCode.HYBRID,
}


@dataclass(frozen=True, slots=True)
class Times:
    """Start and end of an event as integers."""

    kind: TimeKind = TimeKind.UNDATED
    minute: int = 0
    """Start in minutes since 1970, if an instant."""
    first: int = 0
    """Ordinal of the first local day, or of the first day of the span."""
    last: int = 0
    """Ordinal of the last local day, or of the last day of the span."""
    end: int = -1
    """End in minutes since 1970, if stated as an instant; else −1."""
    end_is_stated: bool = False
    is_long: bool = False
    """True if it lasts 20 hours or longer: then starts are compared by day rather than by minute."""
    offset: int = 0
    """UTC offset of the zone in minutes, if an instant and known: local time is often mistaken for UTC."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The values that a listing is compared by."""

    key: ListingKey
    source: int
    """Code of the source."""
    statement: int
    """Hash of what, when and where: two entries of one source with the same hash are one event, listed twice."""
    title: Title
    session: int
    """Session, week or part that the title names, unless that is the date of the event."""
    aliases: tuple[tuple[Title, bool], ...]
    """Other names, and whether each is verified: see ``tracker.matching.names``."""
    times: Times
    mode: ModeCode
    places: tuple[GeoPoint, ...]
    organizers: tuple[int, ...]
    """Codes of the organisers' names and of the distinctive words in them, without the city of a local group."""
    around: tuple[int, ...]
    """Codes of words of organisers and places: in a title they add little information."""
    page: int
    """Code of the canonical link or platform entry of its own page; 0 if it has none."""
    site: int
    """Code of the host of its own page; 0 if that is a platform."""
    links: tuple[int, ...]
    """Codes of all links and ids that may identify it, its own page first."""
    mention: int
    """Code of a link that was only found in the running text; 0 if there is none."""
    entries: tuple[tuple[int, int], ...]
    """Platform and id, for platforms on which another id is always another event."""
    deadlines: tuple[int, ...]
    """Ordinals of the last days to apply or register."""
    may_start_later: bool
    """True if its day is the last day to apply: see ``tracker.matching.deadline_dates``."""
    is_day_to_apply: bool
    """Whether the words of its date call it a deadline."""
    says_moved: bool
    """Whether it is marked as moved: "[New date] …"."""
    earlier_days: tuple[int, ...]
    """Ordinals of the days on which it was to take place before it moved, as its text says."""
    room: int
    """Code of the room or house number that its place line names: "KTH, Lecture Hall 2"; 0 if it names none."""
    is_training: bool
    has_nodes: bool
    """True for hackathons and competitions: their online part and their nodes in cities are separate events."""
    is_recurring: bool
    """An evergreen entry without dates of its own."""
    told: tuple[int, ...]
    """Codes of the words of address, summary and description that are names or near it, without those of the title."""
    shingles: tuple[int, ...]
    """MinHash sketch: the smallest hashes of three consecutive words of the description; equal texts share them."""


def read_profile(listing: Listing) -> Profile:
    """Return the profile of ``listing``."""
    told = edition_in_text(listing)
    title = read_title(f"{listing.title} ({told})" if told else listing.title)
    edition = title.edition
    if edition.of and (day := listing.when.first_day):
        edition = edition.without_date(day.month, day.day)
    names = tuple(word for name in listing.organizers[:4] for word in _name_words(name))
    where = places_of(listing)
    places = tuple(word for place, _ in where for word in place_words(place))
    page, links, mention, entries = _links(listing, title)
    has_nodes = bool(title.formats & format_bit("hackathon")) or not _NODED.isdisjoint(listing.types)
    times = _times(listing.when, next((place.timezone for place, _ in where if place.timezone), None))
    return Profile(
        key=listing.key,
        source=code(listing.source),
        statement=code(f"{title.text} {edition.code} {times.kind} {times.minute} {times.first} {page} {places}"),
        title=title,
        session=edition.session,
        aliases=tuple((read_title(name), is_verified) for name, is_verified in aliases_of(listing)),
        times=times,
        mode=_mode(listing, has_nodes=has_nodes),
        places=tuple(point for place, is_guess in where if (point := point_of(place, is_guess)))[:MOST_PLACES],
        organizers=tuple(dict.fromkeys(telling for name in listing.organizers[:4] for telling in _telling(name)))[
            :MOST_NAMES
        ],
        around=tuple(dict.fromkeys([*places, *(word for word, _ in names)]))[:MOST_NAMES],
        page=page,
        site=_site(listing) if page else 0,
        links=links,
        mention=mention,
        entries=entries,
        deadlines=tuple(day.toordinal() for day in entry_days(listing))[:MOST_DEADLINES],
        may_start_later=may_start_later(listing),
        is_day_to_apply=is_day_to_apply(listing),
        says_moved=listing.lifecycle is Lifecycle.POSTPONED or SAYS_MOVED.search(listing.title) is not None,
        earlier_days=earlier_days(listing),
        room=_room(listing),
        is_training=not TRAINING_TYPES.isdisjoint(listing.types),
        has_nodes=has_nodes,
        is_recurring=listing.recurring and times.kind is TimeKind.UNDATED,
        told=told_codes(listing, title),
        shingles=shingles_of(listing.description or listing.summary),
    )


def _mode(listing: Listing, *, has_nodes: bool) -> ModeCode:
    """Return how people take part; "Zoom" as the only place of a hackathon means its online part."""
    mode = _MODES[listing.mode]
    if mode is ModeCode.UNKNOWN or (mode is ModeCode.HYBRID and has_nodes):
        said = [says_mode(place.raw) for place in listing.places if not place.city]
        if said and len(said) == len(listing.places) and all(online and not there for online, there in said):
            return ModeCode.ONLINE
    return mode


_MOST_OF_ROOM, _OF_STREET = 6, 3
"""Number of words within which a line of a place names its room, and of those that name a house in a street."""


def _room(listing: Listing) -> int:
    words = WORD.findall(fold_title(listing.places[0].raw)) if len(listing.places) == 1 else []
    at = next((number for number, word in enumerate(words[:_MOST_OF_ROOM]) if any(map(str.isdigit, word))), None)
    if at is None:
        return 0
    return code(" ".join(words[: at + 1] if at else words[:_OF_STREET]))


@lru_cache(maxsize=16_384)
def _name_words(name: str) -> tuple[tuple[int, float], ...]:
    spelled = re.findall(r"[^\W\d_]+", name)
    capitals = "".join(word[0] for word in spelled if word[0].isupper())
    # "Forum für sichere KI" is also called FSKI.
    all_words = "".join(word if word.isupper() else word[0] for word in spelled if words_of(word))
    initials = " ".join(each for each in (capitals, all_words) if 3 <= len(each) <= 8)
    found = words_of(name) + words_of(initials)
    return tuple((word.code, word.weight) for word in found)


@lru_cache(maxsize=16_384)
def _telling(name: str) -> tuple[int, ...]:
    words, spelled = _name_words(name), name.split()
    towns: set[int] = set()
    for last in (2, 1):
        town = " ".join(spelled[-last:])
        if len(spelled) > last and any(each.city for each in read_line(town, keeps_unknown=False).places):
            towns = {word for word, _ in _name_words(town)}
            break
    whole = code(" ".join([word.text for word in words_of(name)]))
    return (whole, *(word for word, weight in words if weight >= TELLING and word not in towns))


def _times(when: When, zone_of_place: str | None) -> Times:
    first, last = when.first_day, when.last_day
    if when.start is None or first is None or last is None:
        return Times()
    if isinstance(when.start, datetime):
        minute = int(when.start.timestamp()) // _MINUTE
        end = int(when.end.timestamp()) // _MINUTE if isinstance(when.end, datetime) else -1
        zone = when.timezone or zone_of_place
        offset = when.start.astimezone(zone_of(zone)).utcoffset() if zone else None
        return Times(
            kind=TimeKind.INSTANT,
            minute=minute,
            first=first.toordinal(),
            last=last.toordinal(),
            end=end,
            end_is_stated=end >= 0,
            is_long=end - minute >= _LONG,
            offset=int(offset.total_seconds()) // _MINUTE if offset else 0,
        )
    if when.precision is DatePrecision.DAY:
        days = last.toordinal() - first.toordinal()
        return Times(TimeKind.DAY, 0, first.toordinal(), last.toordinal(), -1, when.end is not None, days > 0)
    # "March" without an end spans one month, "spring 2027" three.
    length = 0 if when.end is not None else _SPANS.get(when.precision, 0)
    return Times(TimeKind.SPAN, 0, first.toordinal(), last.toordinal() + length)


def _links(listing: Listing, title: Title) -> tuple[int, tuple[int, ...], int, tuple[tuple[int, int], ...]]:
    found: dict[str, None] = {}
    entries: dict[tuple[int, int], None] = {}
    page = mention = ""
    for url in (listing.url, listing.apply_url):
        if not url:
            continue
        typed = typed_link(url)
        name = str(typed) if typed else canonical_link(url)
        if name:
            if is_overview(name):
                name = f"{name} {title.text}"  # it says something only of what is called the same
            found[name] = None
            if url == listing.url:
                page, mention = (name, "") if listing.url_is_stated else ("", name)
        if typed and typed.names_one_event and name != mention:
            entries[code(typed.platform), code(typed.id)] = None
    if own := universal_id(listing.source_id):
        found[str(own)] = None
    codes = tuple(code(name) for name in found)[:MOST_LINKS]
    return (codes[0] if page else 0), codes, (code(mention) if mention else 0), tuple(entries)[:MOST_ENTRIES]


def _site(listing: Listing) -> int:
    if not listing.url or typed_link(listing.url):
        return 0
    host = canonical_link(listing.url).partition("/")[0]
    return code(host) if host not in shared_hosts() else 0
