from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import a_raw, a_source
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawDeadline
from tracker.reading import read_listing
from tracker.reading.dates.resolution import DateContext
from tracker.reading.deadlines import DeadlineContext, read_deadlines

SETTING = DeadlineContext(
    date(2026, 10, 1), (date(2027, 1, 5), date(2027, 3, 27)), DateContext(source_zone="Europe/Berlin")
)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"text": "16 Nov, AoE"}, [("application", "2026-11-17 11:59:00+00:00", "AoE", "stated")]),
        ({"text": "16 November"}, [("application", "2026-11-16", "AoE", "assumed")]),
        ({"text": "16 November, 18:00"}, [("application", "2026-11-16 17:00:00+00:00", "Europe/Berlin", "source")]),
        ({"text": "16 Nov, 23:59 UTC+2"}, [("application", "2026-11-16 21:59:00+00:00", "Etc/GMT-2", "stated")]),
        ({"text": "16 Nov, 23:59 UTC+5:30"}, [("application", "2026-11-16 18:29:00+00:00", "None", "stated")]),
        ({"text": "16 Nov, 23:59 UTC-12"}, [("application", "2026-11-17 11:59:00+00:00", "AoE", "stated")]),
        ({"text": "2026-11-16T18:00"}, [("application", "2026-11-16 17:00:00+00:00", "Europe/Berlin", "source")]),
        ({"text": "16 November", "kind": "Register by"}, [("registration", "2026-11-16", "AoE", "assumed")]),
        (
            {"text": "5 October for priority, 25 October at the latest"},
            [("application", "2026-10-05", "AoE", "assumed"), ("application", "2026-10-25", "AoE", "assumed")],
        ),
        ({"text": "1 December - 8 January"}, [("application", "2027-01-08", "AoE", "assumed")]),
    ],
)
def test_a_deadline_as_written_is_typed_and_zoned(raw: dict[str, Any], found: list[tuple[str, str, str, str]]) -> None:
    deadlines = read_deadlines([RawDeadline(**raw)], SETTING).value
    assert [(each.kind, str(each.at), str(each.timezone), each.timezone_source) for each in deadlines] == found


def test_a_clock_without_any_zone_is_taken_as_late_as_can_be() -> None:
    (deadline,) = read_deadlines([RawDeadline(text="16 November 2026, 18:00")], DeadlineContext()).value
    assert (str(deadline.at), deadline.timezone_source) == ("2026-11-17 06:00:00+00:00", "assumed")


@pytest.mark.parametrize(
    ("text", "field"),
    [("Rolling", "rolling"), ("Applications will open soon", "not_yet_open"), ("Applications are closed", "closed")],
)
def test_a_deadline_without_a_day_keeps_what_is_said(text: str, field: str) -> None:
    reading = read_deadlines([RawDeadline(text=text)], SETTING)
    (deadline,) = reading.value
    assert getattr(deadline, field)
    assert (deadline.text, reading.doubts) == (text, ())


def test_what_cannot_be_read_is_kept_in_words_and_doubted() -> None:
    reading = read_deadlines([RawDeadline(text="when the swallows leave", kind="Swallow day")], SETTING)
    (deadline,) = reading.value
    assert (deadline.text, deadline.label) == ("when the swallows leave", "Swallow day")
    assert reading.doubts == ("the deadline 'when the swallows leave' cannot be read",)


def test_a_rolling_deadline_with_a_day_is_both() -> None:
    (deadline,) = read_deadlines([RawDeadline(text="16 November", kind="Swallow day", rolling=True)], SETTING).value
    assert (deadline.rolling, deadline.label, str(deadline.at)) == (True, "Swallow day", "2026-11-16")


def test_a_deadline_that_only_the_text_gives_is_taken_and_marked() -> None:
    listing = read_listing(
        a_raw(
            starts="2027-01-05", title="Fellowship", description="Apply by 16 November 2026. Notified by 1 December."
        ),
        a_source(),
    )
    assert isinstance(listing, Listing)
    assert [(each.kind.value, str(each.at)) for each in listing.deadlines] == [
        ("application", "2026-11-16"),
        ("notification", "2026-12-01"),
    ]
    assert "the deadline is read from the text" in listing.doubts


@pytest.mark.parametrize(("title", "count"), [("Fellowship", 1), ("Picnic", 0)])
def test_only_programmes_are_rolling_in_their_text(title: str, count: int) -> None:
    listing = read_listing(a_raw(title=title, description="Reviewed on a rolling basis."), a_source())
    assert isinstance(listing, Listing)
    assert len(listing.deadlines) == count
    assert all(deadline.rolling for deadline in listing.deadlines)
