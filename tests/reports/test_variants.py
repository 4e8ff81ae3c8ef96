"""Variants of the kinds of faults that people have reported, written by others than the authors of the readers.

Each file of ``variants/`` is one situation; the tables beside them give the right values by RFC 5545, 5546, 7986 and
7529, or by what most readers do where a file breaks them. A row with ``not_yet`` says what is not read, and must fail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.errors import UnreadablePageError
from tracker.models.listing import Listing
from tracker.models.moments import stamp
from tracker.models.raw_listing import Rejected
from tracker.models.source import Source
from tracker.models.vocabulary import Tier
from tracker.reading.listings import read_listing
from tracker.sources.platform import Page, PageContent, check_options, load_platform

HERE = Path(__file__).parent / "variants"
Row = Mapping[str, Any]


def rows(folder: str) -> list[Any]:
    """Return the cases of one folder as parameters of a test."""
    table = json.loads((HERE / f"{folder}.json").read_text("utf-8"))
    return [pytest.param(folder, row, id=f"{row['kind']}: {row['file']}") for row in table]


@pytest.mark.long
@pytest.mark.parametrize(("folder", "row"), [*rows("calendars"), *rows("pages")])
def test_a_variant_of_a_reported_fault_is_read_right(folder: str, row: Row) -> None:
    found, content = read(folder, row)
    faults = list(compare(found, row))
    is_named = bool(content is None or content.problems or content.notes or content.rejected)
    if row.get("either") and is_named:
        faults = []
    if row.get("must_name_problem") and not is_named:
        faults.append("the problem is not named")
    if "not_yet" in row:
        assert faults, f"it is read now: {row['not_yet']}"
    else:
        assert not faults, row["note"]


def read(folder: str, row: Row) -> tuple[list[Listing], PageContent | None]:
    """Read the file of a row as a source of its platform; None if it cannot be read at all."""
    url = f"http://127.0.0.1/{row['file']}"
    platform = row.get("platform", "ical")
    options = row.get("options", {}) | ({"feed_url": url} if platform == "ical" else {"page_urls": [url]})
    zone = row.get("source_zone")
    source = Source(
        id="case", name="Case", homepage="http://127.0.0.1/", platform=platform, tier=Tier.COMMUNITIES, timezone=zone
    )
    body = (HERE / folder / row["file"]).read_bytes()
    now = datetime.fromisoformat(row["now"])
    page = Page("case", url, body, now, row.get("content_type") or "", timezone=zone or "")
    try:
        content = load_platform(platform).read(page, check_options(platform, options, "case"))
    except UnreadablePageError:
        return [], None
    read_ones = [read_listing(raw, source) for raw in content.listings]
    content.rejected += [each for each in read_ones if isinstance(each, Rejected)]
    return [each for each in read_ones if not isinstance(each, Rejected)], content


def compare(found: list[Listing], row: Row) -> list[str]:
    """Return how the listings differ from the expected events of a row."""
    faults, waiting = [], list(found)
    for expected in row["expected"]:
        match = next((each for each in waiting if not differences(each, expected)), None)
        if match is None:
            near = [f"{each.title} {differences(each, expected)}" for each in waiting]
            faults.append(f"{expected} not among {near}")
        else:
            waiting.remove(match)
    if row.get("exhaustive"):
        faults += [f"{each.title} {each.when.start} is too much" for each in waiting]
    return faults


def differences(listing: Listing, expected: Row) -> list[str]:
    """Return the expected fields in which a listing differs."""
    start, end = written(listing.when.start), written(listing.when.end)
    cities = {each.city.casefold() for each in listing.places}
    cost = listing.cost.kind.value
    deadlines = [written(each.at)[:16] for each in listing.deadlines]
    wanted = [each["at"][:16] for each in expected.get("deadlines", ())]
    city = expected.get("city")
    cities_named = [city, *expected.get("city_also", ())] if city else []
    checks = {
        "title": listing.title in (expected["title"], *expected.get("title_also", ())),
        "start": start == expected.get("start"),
        "end": end == (expected.get("end") or "") or (not end and expected.get("end") == start),
        "city": any(each.casefold() in cities for each in cities_named) if city else not any(cities),
        "country": expected.get("country") in {each.country for each in listing.places},
        "status": listing.lifecycle.value == expected.get("status"),
        "cost": cost != "free" if expected.get("cost") == "not free" else cost == expected.get("cost"),
        "organizer": any(expected.get("organizer", "") in each for each in listing.organizers),
        "online": listing.mode.value == "online" or listing.mode.value.startswith("hybrid"),
        "deadlines": set(wanted) <= set(deadlines) and bool(wanted) == bool(deadlines),
    }
    return [name for name, is_right in checks.items() if name in expected and not is_right]


def written(moment: date | datetime | None) -> str:
    """Return a moment in the form of the tables."""
    if moment is None:
        return ""
    return stamp(moment.astimezone(UTC)) if isinstance(moment, datetime) else moment.isoformat()
