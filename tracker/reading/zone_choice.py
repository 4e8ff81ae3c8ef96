"""Chooses the time zone of a written moment: one rule for starts, ends and deadlines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta, timezone

from tracker.models.moments import ANYWHERE_ON_EARTH, zone_of
from tracker.models.vocabulary import ZoneSource
from tracker.reading.dates.feed_formats import WrittenMoment
from tracker.reading.dates.resolution import DateContext
from tracker.reading.time_zones import read_offset, read_zone, zone_on, zone_phrases


@dataclass(frozen=True, slots=True)
class ZonedMoment:
    """A written moment with the zone that applies to it."""

    written: WrittenMoment
    """With the UTC offset that is stated beside it, if it has none itself."""
    zone: str | None = None
    """Zone to show it in, and to resolve it in if no offset is written."""
    source: ZoneSource = ZoneSource.UNKNOWN
    doubts: tuple[str, ...] = ()

    @property
    def says_offset(self) -> bool:
        """True if the page states the UTC offset, so that the instant is certain."""
        return self.written.offset is not None


def choose_zone(written: WrittenMoment, word: str, around: DateContext) -> ZonedMoment:
    """Return a moment with its zone: the stated one, else that of the place, else that of the source.

    Args:
        written: moment as written.
        word: the page's own word for the zone: ``Europe/Berlin``, ``PST``, ``UTC-4``.
        around: zones of the places and the source.
    """
    stated, doubt_of_name = _named(word, written.day, around)
    offset = read_offset(word)
    if written.offset is None and stated is None and offset is not None:
        written = replace(written, offset=offset)
    doubts = [f"the time zone {word!r} is not known"] if word and stated is None and offset is None else []
    doubts += doubt_of_name
    if written.offset is not None:
        zone, source, doubt = _zone_beside_offset(written, stated, around)
        return ZonedMoment(written, zone, source, (*doubts, *doubt))
    if stated:
        return ZonedMoment(written, stated, ZoneSource.STATED, tuple(doubts))
    for zone, source, whose in (
        (around.place_zone, ZoneSource.PLACE, "place"),
        (around.source_zone, ZoneSource.SOURCE, "source"),
    ):
        if zone:
            if written.clock is not None:
                doubts.append(f"no time zone stated; taken from the {whose} ({zone})")
            return ZonedMoment(written, zone, source, tuple(doubts))
    return ZonedMoment(written, doubts=tuple(doubts))


def _named(word: str, day: date, around: DateContext) -> tuple[str | None, tuple[str, ...]]:
    """Return the zone that a word means; of abbreviations that several regions use, that of the place."""
    if word.strip() in zone_phrases():
        return zone_on(word.strip(), day, around.country, around.near)
    return read_zone(word), ()


def _zone_beside_offset(
    written: WrittenMoment, stated: str | None, around: DateContext
) -> tuple[str | None, ZoneSource, list[str]]:
    """Return the zone in which to show a moment whose offset determines the instant."""
    offset = written.offset.utcoffset(None) if written.offset else timedelta()
    for zone, source in (
        (stated if stated != "UTC" else None, ZoneSource.STATED),
        (around.place_zone, ZoneSource.PLACE),
        (None if around.place_zone else around.source_zone, ZoneSource.SOURCE),
    ):
        if not zone:
            continue
        if written.clock is None or not offset or written.at("UTC").astimezone(zone_of(zone)).utcoffset() == offset:
            return zone, source, []
        return (
            None,
            ZoneSource.UNKNOWN,
            [f"the offset {written.offset} is not that of {zone} on this day; the offset is taken"],
        )
    return None, ZoneSource.UNKNOWN, []


def zone_of_offset(offset: timezone) -> str | None:
    """Return a zone with the given UTC offset, so that local 23:59 is the end of the day; None if there is none.

    >>> zone_of_offset(timezone(timedelta(hours=2))), zone_of_offset(timezone(timedelta(hours=-12)))
    ('Etc/GMT-2', 'AoE')
    """
    hours = offset.utcoffset(None).total_seconds() / 3600
    if hours == -12:
        return ANYWHERE_ON_EARTH
    # The names of these zones have the sign of POSIX: Etc/GMT-2 lies east of Greenwich.
    return f"Etc/GMT{-int(hours):+d}" if hours == int(hours) and hours else None
