from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reading.dates.feed_formats import read_moment

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-12-01T18:00:00Z", datetime(2026, 12, 1, 18, tzinfo=UTC)),
        ("20261201T180000Z", datetime(2026, 12, 1, 18, tzinfo=UTC)),
        ("2026-12-01T18:00:00+01:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("2017-06-12T20:00:00+0100", datetime(2017, 6, 12, 19, tzinfo=UTC)),
        ("2025-06-01T11:00:00:00+01:00", datetime(2025, 6, 1, 10, tzinfo=UTC)),
        ("2026-07-08T17:00+10:00", datetime(2026, 7, 8, 7, tzinfo=UTC)),
        ("2026-12-01 18:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("2026-12-01T18:00:00.588", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("2026-12-01 6:00 pm", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("2026-12-01T24:00", datetime(2026, 12, 1, 23, tzinfo=UTC)),
        ("2026-12-01 18:00 UTC", datetime(2026, 12, 1, 18, tzinfo=UTC)),
        ("2026-12-01T18:00:00-0800 (PST)", datetime(2026, 12, 2, 2, tzinfo=UTC)),
        ("2026-12-01 10:00-12:00", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("Tue, 01 Dec 2026 18:00:00 GMT", datetime(2026, 12, 1, 18, tzinfo=UTC)),
        ("Tue, 01 Dec 2026 18:00:00 -0500", datetime(2026, 12, 1, 23, tzinfo=UTC)),
    ],
)
def test_feed_formats_are_read(written: str, instant: datetime) -> None:
    moment = read_moment(written).value
    assert moment is not None
    assert moment.at(BERLIN) == instant


@pytest.mark.parametrize(
    "written",
    [
        "2026-12-01",
        "20261201",
        " 2026-12-01 ",
        "2026-12-01T25:00",
        "2026-12-01 6:00 PM - 8:00 PM",
        "2026-12-01 18:00 CET",
    ],
)
def test_a_bare_day_has_no_clock_time(written: str) -> None:
    moment = read_moment(written).value
    assert moment is not None
    assert (moment.day, moment.clock) == (date(2026, 12, 1), None)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30",
        "99",
        "20261301",
        "TBA",
        "2026",
        "12/01/2026",
        "0000-00-00",
        "9999-12-31",
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:00:00-05:00",
        "Fri, 31 Dec 9999 23:00:00 GMT",
    ],
)
def test_what_is_no_date_is_read_as_none(written: str) -> None:
    assert read_moment(written).value is None


@given(st.text(max_size=300))
def test_no_text_makes_reading_fail(text: str) -> None:
    read_moment(text)


def test_a_day_without_a_clock_is_no_instant() -> None:
    written = read_moment("2026-12-01").value
    assert written is not None
    with pytest.raises(ValueError, match="without a clock time"):
        written.at("UTC")


@pytest.mark.parametrize("text", ["Tue, 99 Dec 2026 18:00:00 GMT", "1000-01-01, noon", "2026-13-45, noon"])
def test_a_day_that_does_not_exist_is_none(text: str) -> None:
    assert read_moment(text).value is None
