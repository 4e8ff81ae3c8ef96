from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import a_raw
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.raw_listing import RawListing
from tracker.models.vocabulary import DatePrecision, ZoneSource
from tracker.reading.certainty import Reading
from tracker.reading.event_times import date_context, read_when
from tracker.reading.time_zones import read_offset, read_zone

LONDON = Place(raw="London, UK", city="London", country="GB", timezone="Europe/London")
AT_SIX = datetime(2026, 7, 1, 17, 0, tzinfo=UTC)


def when_of(raw: RawListing, places: tuple[Place, ...], source_zone: str | None) -> Reading[When]:
    return read_when(raw, replace(date_context(places, source_zone), stated_zone=raw.timezone))


@pytest.mark.parametrize(
    ("raw", "places", "source_zone", "start", "zone", "zone_source"),
    [
        # an offset wins over every word
        ({"starts": "2026-07-01T18:00+01:00"}, (LONDON,), None, AT_SIX, "Europe/London", ZoneSource.PLACE),
        ({"starts": "2026-07-01T17:00Z"}, (), "Europe/Berlin", AT_SIX, "Europe/Berlin", ZoneSource.SOURCE),
        ({"starts": "2026-07-01T17:00Z"}, (), None, AT_SIX, None, ZoneSource.UNKNOWN),
        # a stated zone, then the place's, then the source's
        (
            {"starts": "2026-07-01T18:00", "timezone": "GMT Standard Time"},
            (),
            "Europe/Berlin",
            AT_SIX,
            "Europe/London",
            ZoneSource.STATED,
        ),
        ({"starts": "2026-07-01T18:00"}, (LONDON,), "Europe/Berlin", AT_SIX, "Europe/London", ZoneSource.PLACE),
        ({"starts": "2026-07-01T19:00"}, (), "Europe/Berlin", AT_SIX, "Europe/Berlin", ZoneSource.SOURCE),
    ],
)
def test_a_clock_time_finds_its_zone(
    raw: dict[str, Any],
    places: tuple[Place, ...],
    source_zone: str | None,
    start: datetime,
    zone: str | None,
    zone_source: ZoneSource,
) -> None:
    when = when_of(a_raw(**raw), places, source_zone).value
    assert (when.start, when.timezone, when.timezone_source) == (start, zone, zone_source)


def test_a_clock_time_without_any_zone_is_not_trusted() -> None:
    reading = when_of(a_raw(starts="2026-07-01T18:00"), (), None)
    assert reading.value.start == date(2026, 7, 1)
    assert reading.value.precision is DatePrecision.DAY
    assert reading.doubts == ("time 18:00 without a time zone; only the day is kept",)


@pytest.mark.parametrize(
    ("starts", "ends", "exclusive", "start", "end", "doubts"),
    [
        ("2026-07-01", "2026-07-04", True, date(2026, 7, 1), date(2026, 7, 3), 0),
        ("2026-07-01", "2026-07-02", True, date(2026, 7, 1), None, 0),
        ("2026-07-01", "2026-07-01", True, date(2026, 7, 1), None, 0),
        ("2026-07-01", "2026-07-03", False, date(2026, 7, 1), date(2026, 7, 3), 0),
        ("2026-07-01T17:00Z", "2026-07-01T19:00Z", True, AT_SIX, datetime(2026, 7, 1, 19, 0, tzinfo=UTC), 0),
        ("2026-07-01T17:00Z", "2026-07-01T17:00Z", False, AT_SIX, None, 0),
        ("2026-07-01T17:00Z", "2026-07-01", False, AT_SIX, None, 0),
        ("2026-07-01T17:00Z", "2026-07-03", False, date(2026, 7, 1), date(2026, 7, 3), 1),
        ("2026-07-01T17:00Z", "2026-07-01T15:00Z", False, AT_SIX, None, 1),
        ("2026-07-01", "2026-06-01", False, date(2026, 7, 1), None, 1),
        # the end takes the offset of the start where it has none
        ("2026-07-01T18:00+01:00", "2026-07-01T20:00", False, AT_SIX, datetime(2026, 7, 1, 19, 0, tzinfo=UTC), 0),
    ],
)
def test_an_end_is_read_with_its_start(
    starts: str, ends: str, exclusive: bool, start: date, end: date | None, doubts: int
) -> None:
    reading = when_of(a_raw(starts=starts, ends=ends, end_is_exclusive=exclusive), (), None)
    assert (reading.value.start, reading.value.end) == (start, end)
    assert len(reading.doubts) == doubts


@pytest.mark.parametrize(
    ("starts", "ends", "last"),
    [
        ("2026-07-01", "2126-07-01", ""),
        ("2026-07-01", "9999-12-31", ""),
        ("2026-07-01T18:00Z", "2126-07-01T20:00Z", ""),
        ("2026-07-01T18:00Z", "9999-12-31T23:59:59Z", ""),
        ("2026-07-01T08:00-08:00", "9999-12-31T23:59:59-08:00", ""),
        ("2026-07-01T18:00Z", "2126-07-01", ""),
        ("2026-07-01 – 2126-07-01", "", ""),
        ("1 July 2026 to 30 June 2029", "", ""),
        ("2026-07-01", "2028-06-30", "2028-06-30"),
        ("2026-07-01T18:00Z", "2028-07-01T18:00Z", "2028-07-01"),
    ],
)
def test_an_end_that_is_many_years_away_is_a_doubt_and_no_end(starts: str, ends: str, last: str) -> None:
    reading = when_of(a_raw(starts=starts, ends=ends), (), "UTC")
    assert reading.value.first_day == date(2026, 7, 1)
    assert str(reading.value.end or "")[:10] == last
    is_doubted = any("only the start is kept" in doubt or "cannot be read" in doubt for doubt in reading.doubts)
    assert is_doubted != bool(last)
    assert reading.value.ends_at.year <= 2028


def test_an_unknown_zone_word_is_a_doubt() -> None:
    reading = when_of(a_raw(starts="2026-07-01T18:00", timezone="Mars Standard Time"), (), "Europe/Berlin")
    assert any("Mars Standard Time" in doubt for doubt in reading.doubts)


def test_an_offset_that_is_not_the_zones_is_a_doubt() -> None:
    reading = when_of(a_raw(starts="2026-07-01T18:00+05:00"), (LONDON,), None)
    assert reading.value.start == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
    assert reading.doubts


def test_an_approximate_date_keeps_the_sources_words() -> None:
    when = when_of(a_raw(starts="2026-09-01", approximate="early September 2026"), (), None).value
    assert (when.precision, when.text) == (DatePrecision.SEASON, "early September 2026")
    assert not when.is_exact_to_the_day


def test_words_that_are_no_date_are_kept() -> None:
    when = when_of(a_raw(starts="Dates TBD"), (), None).value
    assert (when.start, when.text) == (None, "Dates TBD")


def test_words_with_a_clock_and_no_zone_keep_only_the_day() -> None:
    reading = when_of(a_raw(starts="3 May 2027, 18:00"), (), None)
    assert (reading.value.start, reading.value.precision) == (date(2027, 5, 3), DatePrecision.DAY)
    assert reading.doubts == ("time 18:00 without a time zone; only the day is kept",)


def test_a_time_for_the_first_of_several_days_only_keeps_the_days() -> None:
    reading = when_of(a_raw(starts="12–15 Oct 2026, 17:00 UTC"), (), None)
    assert (reading.value.start, reading.value.end) == (date(2026, 10, 12), date(2026, 10, 15))
    assert "only one of start and end has a time; only the days are kept" in reading.doubts


@pytest.mark.parametrize(
    ("word", "zone"), [("GMT", "UTC"), ("EST", "America/New_York"), ("Mars", None), ("Anywhere on Earth", "AoE")]
)
def test_a_zone_word_is_known_or_not(word: str, zone: str | None) -> None:
    assert read_zone(word) == zone


def test_no_place_is_nineteen_hours_from_greenwich() -> None:
    assert read_offset("UTC+19") is None
