"""The behaviour that real announcements ask for: each row is a text as published, and what it must come to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.reading.text_report import as_json, report_text

SPRING, AUTUMN = date(2026, 3, 1), date(2026, 9, 24)


def read(text: str, published: date | None = None, place: str = "") -> dict[str, Any]:
    return as_json(report_text(text, published, place))


def test_a_deadline_anywhere_on_earth_is_open_until_noon_utc_of_the_next_day() -> None:
    (deadline,) = read("Apply by June 7th EOD AOE", SPRING)["deadlines"]
    assert (deadline["open_until"], deadline["timezone"]) == ("2026-06-08T11:59:59Z", "AoE")
    assert (deadline["timezone_source"], deadline["year_inferred"]) == ("stated", True)


def test_two_deadlines_in_one_sentence_are_two() -> None:
    deadlines = read("Oct 5 for priority, Oct 25 at the latest", AUTUMN)["deadlines"]
    assert [deadline["at"] for deadline in deadlines] == ["2026-10-05", "2026-10-25"]


def test_a_bare_day_is_assumed_to_end_anywhere_on_earth() -> None:
    (deadline,) = read("Apply by 5 October", AUTUMN)["deadlines"]
    assert (deadline["at"], deadline["timezone"], deadline["timezone_source"]) == ("2026-10-05", "AoE", "assumed")
    assert deadline["open_until"] == "2026-10-06T11:59:59Z"


def test_closing_and_opening_are_told_apart() -> None:
    closing, opening = read("Applications to lead close 18 Oct; general open 7 Nov", AUTUMN)["deadlines"]
    assert (closing["at"], closing["opens"]) == ("2026-10-18", None)
    assert (opening["at"], opening["opens"]) == (None, "2026-11-07")


@pytest.mark.parametrize(
    ("text", "published", "start", "end", "precision"),
    [
        ("December 15 - January 8", AUTUMN, "2026-12-15", "2027-01-08", "day"),
        ("Starts 2028", AUTUMN, "2028-01-01", "2028-12-31", "year"),
        ("September 2026 – February 2027", SPRING, "2026-09-01", "2027-02-28", "month"),
        ("mid January to mid April", AUTUMN, None, None, "unknown"),
        ("Dates TBD", AUTUMN, None, None, "unknown"),
        ("week of 16 November", AUTUMN, "2026-11-16", "2026-11-22", "week"),
        ("Thu 28 May 7:00 PM CDT", date(2026, 5, 10), "2026-05-28T19:00", None, "exact"),
        ("Summer School, June 1–August 21, 2026", None, "2026-06-01", "2026-08-21", "day"),
        ("3 May", None, None, None, "unknown"),
    ],
)
def test_a_date_is_as_exact_as_its_words(
    text: str, published: date | None, start: str | None, end: str | None, precision: str
) -> None:
    said = read(text, published)
    assert (said["start"], said["end"], said["precision"]) == (start, end, precision)


@pytest.mark.parametrize(
    ("text", "offset", "doubt"),
    [
        ("Thu 28 May 2026 7:00 PM CDT", "-05:00", ""),
        ("7 July 2026, 9:00 am EST", "-04:00", "EST is written"),
        ("12 July 2026 18:00 PT", "-07:00", ""),
        ("12 July 2026 18:00 GMT (London)", "+01:00", "GMT is written"),
        ("1 April 2026 10:00 IST (UTC+5:30)", "+05:30", ""),
        ("1 April 2026 10:00 IST", "+05:30", "IST is taken as India's time"),
        ("6 March 2026, 6pm ET / 11pm PT", "-05:00", "8 h apart"),
        ("6 March 2026, 6pm ET / 3pm PT", "-05:00", ""),
        ("Friday 6 March 2026, 18:00. All times are in CET.", "+01:00", ""),
        ("Sunday 6 March 2026, 18:00 CET", "+01:00", "weekday"),
    ],
)
def test_a_zone_word_means_its_region_on_that_day(text: str, offset: str, doubt: str) -> None:
    said = read(text)
    assert said["utc_offset"] == offset
    assert doubt in " ".join(said["doubts"])
    assert bool(said["doubts"]) == bool(doubt)


@pytest.mark.parametrize(
    ("place", "text", "offset"),
    [
        ("Dublin, Ireland", "1 July 2026, 10:00 IST", "+01:00"),
        ("Tel Aviv", "1 July 2026, 10:00 IST", "+03:00"),
        ("Shanghai", "1 July 2026, 10:00 CST", "+08:00"),
        ("Chicago", "1 July 2026, 10:00 CST", "-05:00"),
        ("Sydney, Australia", "1 July 2026, 10:00 EST", "+10:00"),
        ("Berlin", "1 July 2026, 10:00", "+02:00"),
    ],
)
def test_the_place_settles_what_several_regions_call_the_same(place: str, text: str, offset: str) -> None:
    assert read(text, place=place)["utc_offset"] == offset


def test_midnight_is_the_end_of_a_deadlines_day_and_flagged() -> None:
    said = read("Applications close at midnight (AoE) on April 21", SPRING)
    assert said["deadlines"][0]["open_until"] == "2026-04-22T11:59:59Z"
    assert said["doubts"] == ["midnight is taken as the end of 2026-04-21"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Early bird registration until 3 May 2026", "early_bird"),
        ("Register by 3 May 2026", "registration"),
        ("Scholarship applications due 3 May 2026", "scholarship"),
        ("Abstract deadline: 3 May 2026", "abstract"),
        ("Paper submission deadline: 3 May 2026", "submission"),
        ("Camera-ready due 3 May 2026", "camera_ready"),
        ("Notification of acceptance: 3 May 2026", "notification"),
        ("Deadline: 3 May 2026", "application"),
        ("Bewerbungsschluss: 3. Mai 2026", "application"),
        ("Date limite de candidature : 3 mai 2026", "application"),
    ],
)
def test_a_deadline_is_typed(text: str, kind: str) -> None:
    (deadline,) = read(text)["deadlines"]
    assert (deadline["kind"], deadline["at"]) == (kind, "2026-05-03")


def test_a_page_that_contradicts_itself_is_flagged() -> None:
    said = read("The program will run from June through August. It takes place from 28 September to 4 December 2026.")
    assert (said["start"], said["end"]) == ("2026-09-28", "2026-12-04")
    assert any("two sets of dates" in doubt for doubt in said["doubts"])


def test_dates_of_one_text_are_told_apart() -> None:
    said = read(
        "Posted on 6 April 2026. The fellowship runs from September 2026 to February 2027. Applications close on May 3, "
        "with successful candidates notified by July 25."
    )
    assert (said["start"], said["end"], said["precision"]) == ("2026-09-01", "2027-02-28", "month")
    assert [(due["kind"], due["at"]) for due in said["deadlines"]] == [
        ("application", "2026-05-03"),
        ("notification", "2026-07-25"),
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The deadline to apply has passed.", "closed"),
        ("Winter Fellowship applications will open soon", "not_yet_open"),
        ("Applications are reviewed on a rolling basis", "rolling"),
        ("The conference has been cancelled", "cancelled"),
        ("Date to be announced", "tba"),
        ("Possible ongoing extensions of 2-4 months", None),
    ],
)
def test_what_is_said_without_a_date_is_kept(text: str, status: str | None) -> None:
    assert read(text)["status"] == status


def test_online_and_a_city_is_hybrid() -> None:
    said = read("Online & Berlin")
    assert (said["mode"], [place["city"] for place in said["places"]]) == ("hybrid", ["Berlin"])
