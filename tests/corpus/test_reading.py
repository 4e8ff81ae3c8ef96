"""Strings with right answers, and pages as they were published: what reading must get out of them.

``gold/`` stands beside the folder named by ``TRACKER_CORPUS``; the facts of the pages are those of its manifest.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.reading.places.lines import read_line
from tracker.reading.relevance import Outcome, read_relevance
from tracker.reading.text_report import as_json, mode_of, report_text

CORPUS = Path(os.environ.get("TRACKER_CORPUS", "/nonexistent"))
GOLD = CORPUS.parent / "gold"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (CORPUS.is_dir() and GOLD.is_dir()), reason="needs TRACKER_CORPUS"),
]

PRECISIONS = {"minute": {"exact"}, "season": {"season", "quarter"}, "none": {"unknown"}}


def gold(name: str, rows: str) -> list[dict[str, Any]]:
    file = GOLD / f"{name}.json"
    return json.loads(file.read_text("utf-8"))[rows] if file.is_file() else []


@pytest.mark.parametrize("row", gold("dates", "rows"), ids=lambda row: row["text"])
def test_a_date_is_fully_right(row: dict[str, Any]) -> None:
    read = as_json(report_text(row["text"], date.fromisoformat(row["ref"])))
    assert (read["start"], read["end"]) == (row["start"], row["end"])
    assert read["precision"] in PRECISIONS.get(row["granularity"], {row["granularity"]})
    assert (read["kind"], read["year_inferred"]) == (row["kind"], row["year_inferred"])
    if row["tz"]:
        assert row["tz"].replace("UTC", "+00:00") in {read["utc_offset"], read["timezone"]}


@pytest.mark.parametrize("row", gold("dates", "wild"), ids=lambda row: row["text"])
def test_a_conference_date_is_what_its_list_says(row: dict[str, Any]) -> None:
    read = as_json(report_text(row["text"]))
    assert (read["start"], read["end"] or read["start"]) == (row["start"], row["end"])


@pytest.mark.parametrize("row", gold("dates", "contradictory"), ids=lambda row: row["text"])
def test_a_list_that_contradicts_its_own_text_is_noticed(row: dict[str, Any]) -> None:
    read = as_json(report_text(row["text"]))
    assert (read["start"], read["end"] or read["start"]) != (row["start"], row["end"])


@pytest.mark.parametrize("row", gold("places", "rows"), ids=lambda row: row["text"] or "nothing")
def test_a_place_is_fully_right(row: dict[str, Any]) -> None:
    where = read_line(row["text"], keeps_unknown=False)
    assert mode_of(where) == row["mode"]
    assert [(place.city or None, place.country, place.timezone) for place in where.places] == [
        (place["city"], place["country"], place["timezone"]) for place in row["places"]
    ]
    for place, wanted in zip(where.places, row["places"], strict=True):
        if wanted["lat"] is not None:
            assert place.latitude == pytest.approx(wanted["lat"], abs=0.5)
            assert place.longitude == pytest.approx(wanted["lon"], abs=0.5)


def test_the_places_of_conferences_are_found() -> None:
    said = set()
    for file in (CORPUS / "deadlines").glob("*.yml"):
        text = file.read_text("utf-8")
        said |= {match.strip(" '\"") for match in re.findall(r"^\s*place: *(.*)$", text, re.MULTILINE)}
        pairs = re.findall(r"^\s*city: *(.*)\n\s*country: *(.*)$", text, re.MULTILINE)
        said |= {f"{city.strip()}, {country.strip()}" for city, country in pairs}
    named = sorted(place for place in said if "," in place)
    places = [read_line(place, keeps_unknown=False).places for place in named]
    with_country = [bool(found) and bool(found[0].country) for found in places]
    placed = [bool(found) and (found[0].latitude is not None or not found[0].city) for found in places]
    assert len(named) >= 100
    assert all(with_country)
    assert sum(placed) / len(placed) >= 0.97


# file, day of publication where only the context gives it, and facts: (path into the answer, value)
Facts = list[tuple[str, Any]]
PAGES: list[tuple[str, str | None, Facts]] = [
    ("ai-safety-discussion-day-utc", "2020-06-01", [("start", "2020-06-07T00:00"), ("end", "2020-06-08T00:00"), ("timezone", "UTC")]),
    ("aisaf-seattle-2024-08", None, [("start", "2024-08-10"), ("end", None), ("precision", "day"), ("cities", ["Seattle"])]),
    ("aisc-evergreen-faq", None, [("start", None), ("deadlines", []), ("mode", "online")]),
    ("aisc-virtual-2023", None, [("start", "2023-03-04"), ("end", "2023-06-18"), ("mode", "online")]),
    ("apart-ai-democracy-hackathon-lw", "2024-04-20", [("start", "2024-05-03"), ("end", "2024-05-05"), ("mode", "hybrid")]),
    ("astra-2024-closed", None, [("start", "2024-01-04"), ("end", "2024-03-15"), ("status", "closed"), ("deadlines", [])]),
    (
        "astra-empirical-2026",
        None,
        [
            ("start", "2026-09-01"), ("end", "2027-02-28"), ("precision", "month"),
            ("deadlines", [("application", "2026-05-03T23:59", "2026-05-04T11:59:59Z")]), ("cities", ["London", "Berkeley"]),
        ],
    ),
    (
        "constellation-two-programs-2024",
        None,
        [
            ("start", "2024-01-08"), ("end", "2024-03-01"), ("date", ("2024-01-08", "2024-04-01")),
            ("deadlines", [("application", "2023-11-17T23:59", "2023-11-18T11:59:59Z")]), ("cities", ["Berkeley"]),
        ],
    ),
    (
        "eag-2020-postponed",
        None,
        [("start", "2020-03-21"), ("end", "2020-03-22"), ("date", ("2020-10-30", "2020-11-01")), ("status", "cancelled"), ("cities", ["London"])],
    ),
    ("far-ai-and-tokyo-conferences", None, [("start", "2026-03-02"), ("end", "2026-03-03"), ("date", ("2024-04-05", "2024-04-06")), ("cities", ["Tokyo"])]),
    ("govai-not-open-yet", None, [("start", None), ("status", "not_yet_open"), ("cities", ["Oxford"])]),
    (
        "iaps-fellowship-2026-thirdparty",
        None,
        [
            ("start", "2026-06-01"), ("end", "2026-08-21"), ("cities", ["Washington"]), ("mode", "hybrid"),
            ("deadlines", [("application", "2026-02-02", "2026-02-03T11:59:59Z")]),
        ],
    ),
    (
        "mats-autumn-2026",
        None,
        [
            ("start", "2026-09-28"), ("end", "2026-12-04"), ("cities", ["Berkeley", "London"]),
            ("deadlines", [("application", "2026-06-07T23:59", "2026-06-08T11:59:59Z")]),
        ],
    ),
    ("mats-summer-2026-stale-page", None, [("start", "2026-09-28"), ("end", "2026-12-04"), ("doubt", "two sets of dates")]),
    (
        "mats-winter-2024-25-faq",
        None,
        [
            ("start", "2025-01-06"), ("end", "2025-03-14"), ("cities", ["Berkeley", "London"]),
            ("deadlines", [("application", "2024-10-06", "2024-10-07T11:59:59Z"), ("application", "2024-08-30", "2024-08-31T11:59:59Z")]),
        ],
    ),
    ("meetup-ai-safety-chicago", "2026-05-10", [("start", "2026-05-28T19:00"), ("utc_offset", "-05:00")]),
    (
        "openai-safety-fellowship-contradictory-reports",
        None,
        [("start", "2026-09-01"), ("end", "2027-02-28"), ("first deadline", "2026-05-03"), ("doubt", "lies after the event")],
    ),
    (
        "seldonian-devpost-rules-aoe",
        None,
        [
            ("deadlines", [
                ("registration", "2023-03-02T23:59", "2023-03-03T11:59:59Z"),
                ("submission", "2023-04-21T23:59", "2023-04-22T11:59:59Z"),
                ("notification", "2023-04-28", "2023-04-29T11:59:59Z"),
            ]),
            ("doubt", "midnight"),
        ],
    ),
    ("spar-program-yearless", None, [("start", None), ("deadlines at", [None])]),
    ("spar-program-yearless", "2025-10-20", [("start", "2026-02-10"), ("end", "2026-05-17"), ("first deadline", "2026-01-08")]),
    ("tc-utokyo-jst-webinar", None, [("start", "2024-03-28T10:00"), ("end", "2024-03-28T12:00"), ("utc_offset", "+09:00"), ("mode", "online")]),
    ("vaisu-2023", None, [("start", "2023-07-31"), ("end", "2023-08-06"), ("mode", "online")]),
    ("web-ai-discussion-groups-multi-tz-lw", "2020-07-01", [("start", "2020-07-07"), ("end", "2020-07-10"), ("doubt", "EST is written")]),
]  # fmt: skip


def fact(read: dict[str, Any], name: str) -> Any:
    if name == "cities":
        return [place["city"] for place in read["places"]]
    if name == "deadlines":
        return [(due["kind"], due["at"], due["open_until"]) for due in read["deadlines"]]
    if name == "first deadline":
        return read["deadlines"][0]["at"]
    if name == "deadlines at":
        return [due["at"] for due in read["deadlines"]]
    return read[name]


@pytest.mark.parametrize(
    ("name", "published", "facts"), PAGES, ids=[f"{page[0]}-{page[1] or 'alone'}" for page in PAGES]
)
def test_a_page_gives_its_facts(name: str, published: str | None, facts: Facts) -> None:
    text = (CORPUS / "prose" / f"{name}.txt").read_text("utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("SOURCE-URL"))
    read = as_json(report_text(text, date.fromisoformat(published) if published else None))
    for key, value in facts:
        if key == "date":
            assert value in [(said["start"], said["end"]) for said in read["dates"]]
        elif key == "doubt":
            assert any(value in doubt for doubt in read["doubts"]), read["doubts"]
        else:
            assert fact(read, key) == value, key


def test_the_weekly_newsletter_gives_its_dates() -> None:
    read = as_json(report_text((CORPUS / "newsletter" / "aisafety-training-week-41-2026.txt").read_text("utf-8")))
    starts = [said["start"] for said in read["dates"] if said["role"] == "starts"]
    assert starts == [
        "2027-01-04", "2027-01-04", "2028-01-01", "2026-10-12", "2026-11-09", "2026-11-01", "2026-12-15",
    ]  # fmt: skip
    assert [due["at"] for due in read["deadlines"]] == [
        "2026-11-16", "2027-07-31", "2026-10-10", "2026-10-25", "2026-10-20",
    ]  # fmt: skip
    assert read["status"] == "not_yet_open"
    week_40 = as_json(report_text((CORPUS / "newsletter" / "aisafety-training-week-40-2026.txt").read_text("utf-8")))
    assert (week_40["start"], week_40["deadlines"][0]["at"]) == ("2026-10-12", "2026-10-05")
    assert [place["city"] for place in week_40["places"]] == ["Hong Kong"]


def test_hackathons_of_every_kind_are_not_taken_for_ours() -> None:
    (file,) = (CORPUS / "devpost").glob("*.json")
    hackathons = json.loads(file.read_text("utf-8"))["hackathons"]
    outcomes = [
        read_relevance(row["title"], " ".join(theme["name"] for theme in row.get("themes", ()))).outcome
        for row in hackathons
    ]
    assert len(outcomes) == 46
    assert Outcome.IN not in outcomes
    dates = [as_json(report_text(row["submission_period_dates"])) for row in hackathons]
    assert all(read["start"] and read["precision"] == "day" and read["end"] >= read["start"] for read in dates)
