"""What is compared of listings and titles: the columns of a profile, and how each is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from tracker.matching.columns import Column, Flags, Floats, Ints
from tracker.matching.earlier_days import MOST_EARLIER_DAYS
from tracker.matching.editions import MOST_NUMBERS, MOST_YEARS
from tracker.matching.geo_points import MOST_PLACES
from tracker.matching.names import MOST_ALIASES
from tracker.matching.profiles import (
    MOST_DEADLINES,
    MOST_ENTRIES,
    MOST_LINKS,
    MOST_NAMES,
    Profile,
)
from tracker.matching.running_text import MOST_SHINGLES, MOST_TOLD
from tracker.matching.titles import MOST_INITIALS, MOST_JOINS, MOST_TRACKS, MOST_WORDS, Title


class TitleColumns:
    """What is compared of titles, one row per distinct title."""

    words: npt.NDArray[np.int32]
    """Codes of the words."""
    spellings: Ints
    """Codes of the words with their spellings."""
    weights: npt.NDArray[np.float32]
    """Weights of the words, from 0 to 1."""
    squeezed: Ints
    """Hash of the title without spaces and edition: "JS Heroes" and "JSHeroes" have the same."""
    joins: npt.NDArray[np.int32]
    """Codes of two neighbouring words written as one: "vuejs" of "vue js"."""
    initials: npt.NDArray[np.int32]
    """Codes of the acronyms that its first letters form."""
    core: Ints
    """Hash of all words in any order; 0 if they are too common. Equal for events of one series."""
    is_telling: Flags
    """Whether the words are distinctive."""
    is_generic: Flags
    """Whether none of the words is a name: "AI Safety Social"."""
    whole: npt.NDArray[np.int32]
    """Codes of the words for what it names a part of: ``Rust devroom at FOSDEM``."""
    is_kind_of_part: Flags
    """Whether it says what kind of part."""
    tracks: Ints
    """Tracks of a programme that it ends with."""
    is_cut: Flags
    """Whether the source truncated it."""
    formats: Ints
    """Bits of the kinds of event that it names."""
    part_of_year: Ints
    """1–4 spring to winter, 11–14 quarters, 21–22 halves, 31–34 terms."""
    month: Ints
    """The month that it names."""
    setting: Ints
    """1 online, 2 in person."""
    pace: Ints
    """1 part-time, 2 full-time."""
    numbers: Ints
    """Cohort, round, version…, in hundredths."""
    years: Ints
    """Years that it names."""


class Columns(TitleColumns):
    """What is compared of listings, one row per listing. The inherited columns are those of its title."""

    source: Ints
    """Code of the source."""
    time_kind: Ints
    """A ``TimeKind``."""
    start_minute: Ints
    """Start in minutes since 1970, if an instant."""
    first_day: Ints
    """Ordinal of the first local day, or of the first day of the span that contains it."""
    last_day: Ints
    """Ordinal of the last local day, or of the last day of the span that contains it."""
    end_minute: Ints
    """End in minutes since 1970, if stated as an instant; else −1."""
    end_is_stated: Flags
    """Whether the source says when it ends."""
    is_long: Flags
    """Whether it lasts 20 hours or longer."""
    utc_offset: Ints
    """Minutes from UTC of the zone of an instant; 0 if not known."""
    mode: Ints
    """A ``ModeCode``."""
    latitude: Floats
    """Of up to three places, in degrees; NaN where not known."""
    longitude: Floats
    """Of up to three places, in degrees; NaN where not known."""
    city: Ints
    """Codes of the cities of up to three places; 0 where not known."""
    city_sound: Ints
    """Codes of the consonants in the names of these cities."""
    country: Ints
    """Codes of the countries of up to three places; 0 where not known."""
    is_wide: Flags
    """Which of the places are regions: any place in them may be meant."""
    is_guess: Flags
    """Which of the places are guesses."""
    place_count: Ints
    """Number of known places."""
    statement: Ints
    """Hash of what, when and where: equal ones of one source are one entry, listed twice."""
    session: Ints
    """Session, week or part that the title names."""
    organizers: Ints
    """Codes of the organisers' names and of the distinctive words in them."""
    around: Ints
    """Codes of words of organisers and places."""
    page: Ints
    """Code of its own page."""
    site: Ints
    """Code of the host of its own page; 0 if that is a platform."""
    links: Ints
    """Codes of all links and ids that may identify it."""
    mention: Ints
    """Code of a link that was only found in the running text."""
    entry_platform: Ints
    """Platforms of up to two entries on which another id is always another event."""
    entry_id: Ints
    """Ids of these entries."""
    deadlines: Ints
    """Ordinals of the last days to apply or register."""
    may_start_later: Flags
    """Whether its day is the last day to apply, so that it may start later."""
    is_day_to_apply: Flags
    """Whether the words of its date call it a deadline."""
    says_moved: Flags
    """Whether it is marked as moved."""
    earlier_days: Ints
    """Ordinals of the days on which it was to take place before it moved, as its text says."""
    room: Ints
    """Code of the room that it names; 0 for none."""
    is_training: Flags
    """Whether it is a course, fellowship, bootcamp…"""
    has_nodes: Flags
    """Whether its online part and its nodes in cities are separate events."""
    is_recurring: Flags
    """Whether it is an evergreen entry."""
    told: npt.NDArray[np.int32]
    """Codes of distinctive words of summary and description."""
    shingles: Ints
    """MinHash sketch of the description."""
    title: Ints
    """Row of its title in ``Table.titles``."""
    aliases: Ints
    """Rows of its other names in ``Table.titles``; −1 for none."""
    alias_is_verified: Flags
    """Whether each alias is seen to be the title by itself: its acronym, or what the acronym stands for."""
    absent_since: Ints
    """When it was seen last, in seconds since 1970, if the source does not show it any more, else 0. Unlike the columns
    above, this and what follows is no part of the profile."""
    known_since: Ints
    """When it was first seen, in seconds since 1970; 0 if that is not known."""
    is_relocated: Flags
    """Whether it has another place than before."""
    last_event: Ints
    """Code of the event that it belonged to in the last build; 0 for none."""
    moved_kind: Ints
    """0 it has not moved, else the ``TimeKind`` of the start before it moved."""
    moved_minute: Ints
    """That start in minutes since 1970, if an instant."""
    moved_day: Ints
    """Ordinal of the day of that start."""


TITLE_COLUMNS: Mapping[str, Column[Title]] = {
    "words": Column(attrgetter("codes"), MOST_WORDS, np.int32),
    "spellings": Column(attrgetter("spellings"), MOST_WORDS),
    "weights": Column(attrgetter("weights"), MOST_WORDS, np.float32),
    "squeezed": Column(attrgetter("squeezed")),
    "joins": Column(attrgetter("joins"), MOST_JOINS, np.int32),
    "initials": Column(attrgetter("initials"), MOST_INITIALS, np.int32),
    "core": Column(attrgetter("core")),
    "is_telling": Column(attrgetter("is_telling"), dtype=np.bool_),
    "is_generic": Column(attrgetter("is_generic"), dtype=np.bool_),
    "whole": Column(attrgetter("whole"), MOST_WORDS, np.int32),
    "is_kind_of_part": Column(attrgetter("is_kind_of_part"), dtype=np.bool_),
    "tracks": Column(attrgetter("tracks"), MOST_TRACKS),
    "is_cut": Column(attrgetter("is_cut"), dtype=np.bool_),
    "formats": Column(attrgetter("formats")),
    "part_of_year": Column(attrgetter("edition.part_of_year")),
    "month": Column(attrgetter("edition.month")),
    "setting": Column(attrgetter("edition.setting")),
    "pace": Column(attrgetter("edition.pace")),
    "numbers": Column(attrgetter("edition.number"), MOST_NUMBERS),
    "years": Column(attrgetter("edition.years"), MOST_YEARS),
}


def _of_places(name: str) -> Callable[[Profile], list[float]]:
    def read(profile: Profile) -> list[float]:
        return [getattr(place, name) for place in profile.places]

    return read


COLUMNS: Mapping[str, Column[Profile]] = {
    "source": Column(attrgetter("source")),
    "time_kind": Column(attrgetter("times.kind")),
    "start_minute": Column(attrgetter("times.minute")),
    "first_day": Column(attrgetter("times.first")),
    "last_day": Column(attrgetter("times.last")),
    "end_minute": Column(attrgetter("times.end")),
    "end_is_stated": Column(attrgetter("times.end_is_stated"), dtype=np.bool_),
    "is_long": Column(attrgetter("times.is_long"), dtype=np.bool_),
    "utc_offset": Column(attrgetter("times.offset")),
    "mode": Column(attrgetter("mode")),
    "latitude": Column(_of_places("latitude"), MOST_PLACES, np.float64),
    "longitude": Column(_of_places("longitude"), MOST_PLACES, np.float64),
    "city": Column(_of_places("city"), MOST_PLACES),
    "city_sound": Column(_of_places("city_sound"), MOST_PLACES),
    "country": Column(_of_places("country"), MOST_PLACES),
    "is_wide": Column(_of_places("is_wide"), MOST_PLACES, np.bool_),
    "is_guess": Column(_of_places("is_guess"), MOST_PLACES, np.bool_),
    "place_count": Column(lambda each: len(each.places)),
    "statement": Column(attrgetter("statement")),
    "session": Column(attrgetter("session")),
    "organizers": Column(attrgetter("organizers"), MOST_NAMES),
    "around": Column(attrgetter("around"), MOST_NAMES),
    "page": Column(attrgetter("page")),
    "site": Column(attrgetter("site")),
    "links": Column(attrgetter("links"), MOST_LINKS),
    "mention": Column(attrgetter("mention")),
    "entry_platform": Column(lambda each: [platform for platform, _ in each.entries], MOST_ENTRIES),
    "entry_id": Column(lambda each: [number for _, number in each.entries], MOST_ENTRIES),
    "deadlines": Column(attrgetter("deadlines"), MOST_DEADLINES),
    "may_start_later": Column(attrgetter("may_start_later"), dtype=np.bool_),
    "is_day_to_apply": Column(attrgetter("is_day_to_apply"), dtype=np.bool_),
    "says_moved": Column(attrgetter("says_moved"), dtype=np.bool_),
    "earlier_days": Column(attrgetter("earlier_days"), MOST_EARLIER_DAYS),
    "room": Column(attrgetter("room")),
    "is_training": Column(attrgetter("is_training"), dtype=np.bool_),
    "has_nodes": Column(attrgetter("has_nodes"), dtype=np.bool_),
    "is_recurring": Column(attrgetter("is_recurring"), dtype=np.bool_),
    "told": Column(attrgetter("told"), MOST_TOLD, np.int32),
    "shingles": Column(attrgetter("shingles"), MOST_SHINGLES),
    "alias_is_verified": Column(lambda each: [verified for _, verified in each.aliases], MOST_ALIASES, np.bool_),
}
