"""Parses clock times with the zone written beside them: ``6–9pm BST``, ``10:00 IST (UTC+5:30)``, ``19:00 (Berlin)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timezone

from tracker.reading.dates.clocks import Clock
from tracker.reading.dates.partial_dates import is_word, kind_at, skip
from tracker.reading.dates.tokens import Kind, Token
from tracker.reading.time_zones import read_offset, zone_of_city

_GLUE_AFTER = frozenset({Kind.COMMA, Kind.OPEN, Kind.CLOSE, Kind.MARK, Kind.DASH, Kind.COLON})
_TIME_LABELS = frozenset({"time", "times", "uhrzeit", "heure", "hora", "horario", "ora", "tijd", "from", "at", "um"})
_MOST_GLUE = 5


@dataclass(frozen=True, slots=True)
class ZonedClock:
    """A clock time with the zone written beside it."""

    clock: Clock
    zone: str = ""
    """Name of the zone, as written."""
    offset: timezone | None = None
    """UTC offset, if written in digits."""


def read_clock_near(tokens: Sequence[Token], index: int) -> tuple[ZonedClock | None, int]:
    """Parse the time at ``index``, after separators such as commas and "at"."""
    return clock_at(tokens, skip_separators(tokens, index))


def clock_at(tokens: Sequence[Token], index: int) -> tuple[ZonedClock | None, int]:
    """Return the time that begins at ``index``, with its zone, and the index after it; None if no time begins there."""
    if kind_at(tokens, index) is not Kind.TIME:
        return None, index
    clock = tokens[index].clock
    assert clock is not None
    zone, offset, after = zone_at(tokens, index + 1)
    joined = skip(tokens, after, frozenset({Kind.DASH}), "to", "and", most=1)
    if clock.end is None and joined > after and kind_at(tokens, joined) is Kind.TIME:
        second = tokens[joined].clock
        following = kind_at(tokens, joined + 1)
        if second is not None and second.end is None and following not in {Kind.NUMBER, Kind.MONTH, Kind.WEEKDAY}:
            crosses = second.start <= clock.start
            clock = Clock(clock.start, second.start, ends_next_day=crosses, midnight=False)
            end_zone, end_offset, after = zone_at(tokens, joined + 1)
            zone, offset = zone or end_zone, offset or end_offset
    return ZonedClock(clock, zone, offset), after


def zone_at(tokens: Sequence[Token], index: int) -> tuple[str, timezone | None, int]:
    """Parse a zone after a time: ``BST``, ``(UTC+5:30)``, ``IST (UTC+5:30)``, ``, Anywhere on Earth``."""
    zone, offset, end = "", None, index
    for _ in range(3):
        at = skip(tokens, end, frozenset({Kind.COMMA, Kind.OPEN, Kind.SLASH, Kind.DASH}), "the", "in", most=2)
        kind = kind_at(tokens, at)
        if kind is Kind.ZONE and not zone:
            zone = tokens[at].text
        elif not zone and kind is Kind.WORD and tokens[at].text in {"Central", "Mountain"} and _is_time(tokens, at - 1):
            zone = f"{tokens[at].text} Time"
        elif not zone and offset is None and (city := _city_zone(tokens, at) or _local_time(tokens, at)) is not None:
            zone, at = city
        elif kind is Kind.OFFSET and offset is None:
            offset = read_offset(tokens[at].text.replace("−", "-").replace("–", "-").replace(" ", ""))
        else:
            break
        end = skip(tokens, at + 1, frozenset({Kind.CLOSE}), most=1)
    return zone, offset, end


def _city_zone(tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Parse a city that names the zone: "19:00 (Berlin) / 18:00 (London)", "8am San Francisco | 11am New York"."""
    is_open = kind_at(tokens, index - 1) is Kind.OPEN
    for length in (2, 1):
        words_said = tokens[index : index + length]
        if len(words_said) < length or any(
            word.kind is not Kind.WORD or not word.text[0].isupper() for word in words_said
        ):
            continue
        following = kind_at(tokens, index + length)
        if following is Kind.CLOSE if is_open else following in {Kind.MARK, Kind.SLASH}:
            name = " ".join(word.text for word in words_said)
            return (name, index + length - 1) if zone_of_city(name) else None
    return None


def _is_time(tokens: Sequence[Token], index: int) -> bool:
    return kind_at(tokens, index) is Kind.TIME


_LOCAL = frozenset({"hora", "heure", "ora", "horario", "ortszeit", "tijd"})
_OF = frozenset({"de", "del", "d", "di", "da", "do", "la", "el", "des", "du", "in", "en", "von"})
_LONGEST_NAME = 4


def _local_time(tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Parse the local time of a city: "hora de la Ciudad de México", "heure de Bruxelles", "Ortszeit Wien"."""
    if kind_at(tokens, index) is not Kind.WORD or tokens[index].word not in _LOCAL:
        return None
    start = index + 1
    while kind_at(tokens, start) is Kind.WORD and tokens[start].word in _OF:
        start += 1
    for length in range(_LONGEST_NAME, 0, -1):
        name = tokens[start : start + length]
        is_name = len(name) == length and all(word.kind is Kind.WORD for word in name) and name[0].text[0].isupper()
        if is_name and zone_of_city(said := " ".join(word.text for word in name)):
            return said, start + length - 1
    return None


def skip_separators(tokens: Sequence[Token], index: int) -> int:
    """Return the index after the separators between a day and its time: commas, bullets, words such as "at"."""
    at = index
    for _ in range(_MOST_GLUE):
        kind = kind_at(tokens, at)
        if (
            kind in _GLUE_AFTER
            or is_word(tokens, at, "at")
            or (kind is Kind.WEEKDAY and kind_at(tokens, at - 1) is Kind.OPEN)
            or (kind is Kind.BREAK and _is_time_line(tokens, at + 1))
            or (kind is Kind.DOT and kind_at(tokens, at + 1) is Kind.WORD and tokens[at + 1].word in _TIME_LABELS)
        ):
            at += 1
        else:
            break
    return at


def _is_time_line(tokens: Sequence[Token], index: int) -> bool:
    if kind_at(tokens, index) is Kind.TIME:
        return True
    return kind_at(tokens, index) is Kind.WORD and tokens[index].word in _TIME_LABELS
