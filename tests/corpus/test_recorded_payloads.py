"""Recorded payloads of real sites, served over loopback and crawled through ``tracker crawl``.

The folder named by ``TRACKER_CORPUS`` holds them, and a manifest with what each must yield. They are other
people's texts and stay out of this repository.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.crawling.faulty_web import FaultyWeb, Page
from tracker.cli.main import app
from tracker.models.listing import Listing
from tracker.models.run import Run
from tracker.store import listings, open_store, runs

CORPUS = Path(os.environ.get("TRACKER_CORPUS", "/nonexistent"))

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="needs TRACKER_CORPUS"),
]


@dataclass(frozen=True)
class Row:
    """What the manifest says of one file."""

    file: str
    count: int
    """Listings; of repeating entries the series, not each of their dates."""
    title: str = ""
    """A title that must be among them."""
    start: str = ""
    """When the first listing with that title starts: a day, or an instant in UTC."""
    end: str = ""
    timezone: str = ""
    lifecycle: str = "scheduled"
    now: str = "2026-06-01"
    """The day on which it is crawled."""
    keys: str = ""
    """What an operator would write into the source file."""

    @property
    def id(self) -> str:
        return re.sub(r"[^a-z0-9]+", "_", self.file.lower()).strip("_")


ICS = "ics/community-calendar-"
CALENDARS = [
    Row(f"{ICS}bloomington-gcal_bloomington_in_gov_c657mi332p5sjpq2lcht9imu60.ics", 2, "City Council Meeting",
        "2026-06-15T22:00:00Z", "2026-06-15T23:00:00Z", "America/New_York"),
    Row(f"{ICS}bloomington-mobilize_indivisible_central_indiana.ics", 2, "Indivisible Phone Bank",
        "2026-06-16T02:00:00Z", "2026-06-16T03:30:00Z", "America/Los_Angeles"),
    Row(f"{ICS}montclair-eventbrite_montclair_book_center.ics", 2, "Book Reading Event",
        "2026-06-16T02:00:00Z", "2026-06-16T04:00:00Z", "America/Los_Angeles"),
    Row(f"{ICS}santarosa-new_world_ballet.ics", 1, "New World Ballet Performance",
        "2026-06-15T21:30:00Z", "2026-06-15T23:00:00Z", "America/Los_Angeles"),
    Row(f"{ICS}santarosa-sonoma_parks.ics", 2, "Sonoma Parks Event 1",
        "2026-06-15T17:00:00Z", "2026-06-15T18:00:00Z", "America/Los_Angeles",
        keys='timezone = "America/Los_Angeles"'),
    Row(f"{ICS}toronto-indigenous.ics", 2, "Indigenous Cultural Event",
        "2026-06-15T22:00:00Z", "2026-06-16T00:00:00Z", "America/Halifax"),
    Row(f"{ICS}toronto-uoft_engineering.ics", 2, "Engineering Seminar",
        "2026-06-15T18:00:00Z", "2026-06-15T19:00:00Z", timezone="America/Toronto"),
    # 139 entries: 3 replace one date of a series, and 3 series end before they begin
    Row("ics/placecal-google-calendar-hulme.ics", 133, "Dementia Friends Walk and Talk Group",
        "2016-03-09T11:00:00Z", "2016-03-09T13:00:00Z", "Europe/Dublin", now="2018-06-15",
        keys="history_days = 1500\nexpect = { at_most = 10000 }"),
    Row("ics/placecal-google-calendar-recurring.ics", 11, "11", "2018-12-05", "", "Europe/London", now="2018-12-01"),
    Row("ics/placecal-icloud-webcal.ics", 2, "Age Friendly Community Soup",
        "2018-05-26T10:00:00Z", "2018-05-26T14:00:00Z", "Europe/London", now="2018-05-20"),
    Row("ics/placecal-outlook-empty.ics", 0, keys="expect = { at_least = 0 }"),
    Row("ics/placecal-outlook365-published.ics", 24, "Hypnotherapy",
        "2018-04-04T08:30:00Z", "2018-04-04T12:30:00Z", "Europe/London", now="2018-04-01"),
    Row("ics/placecal-teamup.ics", 21, "Coffee and mince pies at Barbara's",
        "2021-12-06T10:30:00Z", "2021-12-06T12:30:00Z", now="2021-12-01"),
    Row("ics/placecal-wp-events-manager.ics", 50, "Empty slot",
        "2023-09-20T11:30:00Z", "2023-09-20T17:00:00Z", "Europe/London"),
    Row("luma/nsnodes-network-school-calendar-2025-10-21.ics", 291, "[SOC] #28 - Chartered Cities & Network States",
        "2023-05-17T17:00:00Z", "2023-05-17T19:30:00Z"),
    Row("meetup/placecal-group-events.ics", 8,
        "London Bisexual Women Games, Snacks & Wine Night: Barbiecore Glam Edition",
        "2026-01-30T19:00:00Z", "2026-01-30T22:00:00Z", "Europe/London", now="2026-01-28"),
    Row("tribe/cityscrapers-clihtf-tribe-export.ics", 30, "Administrative Day", "2024-05-08"),
]  # fmt: skip
PAGES = [
    Row("json-ld/aisafetyforum-2026-rendered.html", 1, "Australian AI Safety Forum 2026",
        "2026-07-06T23:00:00Z", "2026-07-08T07:00:00Z", "Australia/Sydney"),
    Row("json-ld/cityscrapers-ssa43-detail.html", 1, "Devon Avenues SSA #43 Commissioners Meeting",
        "2019-09-16T19:30:00Z", "2019-09-16T21:30:00Z", "America/Chicago", keys='timezone = "America/Chicago"'),
    Row("json-ld/extruct-Event.001.html", 1, "Miami Heat at Philadelphia 76ers - Game 3 (Home Game 1)",
        "2016-04-22T00:00:00Z", "", "America/New_York", keys='timezone = "America/New_York"'),
    Row("json-ld/extruct-Event.002.html", 2, "FedExForum", "2011-05-20", timezone="America/Chicago"),
    Row("json-ld/extruct-Event.003.html", 1, "Typhoon with Radiation City",
        "2013-09-15T03:30:00Z", "", "America/Denver", keys='timezone = "America/Denver"'),
    Row("json-ld/extruct-Event.004.html", 1, "Typhoon with Radiation City",
        "2013-09-15T03:30:00Z", "", "America/Denver", "cancelled", keys='timezone = "America/Denver"'),
    Row("json-ld/extruct-Event.008.html", 1, "Julius Caesar at Shakespeare's Globe",
        "2014-10-01T18:30:00Z", "", "Europe/London"),
    Row("json-ld/extruct-songkick-elysianfields.html", 4, "Elysian Fields", "2016-10-27T18:30:00Z", timezone="Europe/Paris"),
    Row("json-ld/extruct-songkick-tovestyrke.html", 1, "Tove Styrke", "2017-06-12T19:00:00Z", "", "Europe/London"),
    Row("json-ld/placecal-dice-fm-venue.html", 17, "Carrtoons + friends (feat. Joanna Teters + Julia Zivic)",
        "2022-11-04T19:30:00Z", "2022-11-04T23:00:00Z", "Europe/London"),
    Row("json-ld/placecal-outsavvy-event-cancelled.html", 1,
        "COMMUNICATION IN DATING - 4/7 Queer Zine Dating Workshop Series",
        "2025-09-27T11:30:00Z", "2025-09-27T13:30:00Z", "Europe/London"),
    Row("json-ld/placecal-outsavvy-event.html", 1, "Ldn Queer Mart - LGBTQIA+ Art Market",
        "2025-06-01T10:00:00Z", "2025-06-01T17:00:00Z", "Europe/London"),
    Row("json-ld/placecal-wordpress-events-page-jsonld.html", 1, "Tidy Home Tidy Mind Support Group (Monthly)",
        "2022-11-25", timezone="Europe/London"),
    Row("eventbrite/placecal-organizer-page-2025.html", 24, "Ancoats Quiz Night",
        "2024-10-03T18:00:00Z", "2025-12-18T22:00:00Z"),
]  # fmt: skip
NOT_CALENDARS = [
    ("ics/placecal-bad-response-google-login-instead-of-ics.html", "sign_in_page"),
    ("meetup/placecal-group-not-found-404.json", "not_a_calendar"),
]


def write_source(folder: Path, row_id: str, platform: str, url: str, keys: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    address = f'feed_url = "{url}"' if platform == "ical" else f'page_urls = ["{url}"]'
    (folder / f"{row_id}.toml").write_text(
        f'name = "{row_id}"\nhomepage = "https://corpus.example/{row_id}"\nplatform = "{platform}"\n{address}\n{keys}\n'
    )


@dataclass
class Crawled:
    """What the crawl of all payloads left in the store."""

    runs: dict[str, Run]
    listings: dict[str, list[Listing]]
    exit_codes: set[int]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    data = tmp_path_factory.mktemp("corpus")
    web = FaultyWeb()
    days: dict[str, list[str]] = {}
    for rows, platform in ((CALENDARS, "ical"), (PAGES, "schema_org")):
        for row in rows:
            kind = "text/calendar" if platform == "ical" else "text/html"
            web.pages[f"/{row.file}"] = Page((CORPUS / row.file).read_bytes(), headers={"Content-Type": kind})
            write_source(data / "mine" / "communities", row.id, platform, web.url(f"/{row.file}"), row.keys)
            days.setdefault(row.now, []).append(row.id)
    for file, _ in NOT_CALENDARS:
        row = Row(file, 0)
        web.pages[f"/{file}"] = Page((CORPUS / file).read_bytes())
        write_source(data / "mine" / "communities", row.id, "ical", web.url(f"/{file}"), "")
        days[row.now].append(row.id)
    (data / "tracker.toml").write_text(
        f'only_own_sources = true\nsource_folders = ["{data}/mine"]\nallowed_addresses = ["{web.address}"]\n'
        "download_delay = 0\n"
    )
    codes = set()
    with web.serving():
        for day, ids in days.items():
            environment = {"TRACKER_NOW": f"{day}T12:00:00Z"}
            codes.add(CliRunner().invoke(app, ["crawl", *ids, "--data", str(data)], env=environment).exit_code)
    store = open_store(f"sqlite:///{data / 'tracker.db'}")
    with store.reading() as db:
        found = listings.load_listings(db)
        latest = runs.latest_runs(db)
    store.close()
    by_source: dict[str, list[Listing]] = {}
    for listing in found:
        by_source.setdefault(listing.source, []).append(listing)
    return Crawled(latest, by_source, codes)


@pytest.mark.parametrize("row", CALENDARS + PAGES, ids=lambda row: row.file)
def test_a_recorded_payload_yields_what_the_manifest_says(crawled: Crawled, row: Row) -> None:
    run = crawled.runs[row.id]
    assert (run.verdict.value, run.rejected) == ("healthy", 0), run.message
    found = crawled.listings.get(row.id, [])
    assert len({series_of(listing) for listing in found}) == row.count
    if row.title:
        named = [each for each in found if each.title.startswith(row.title)]
        assert named, [each.title for each in found[:5]]
        first = min(named, key=lambda each: each.when.begins_at)
        facts = json.loads(first.when.canonical_json())
        assert (facts.get("start"), facts.get("end", "")) == (row.start, row.end)
        assert (first.when.timezone or "") == row.timezone
        assert first.lifecycle.value == row.lifecycle


def series_of(listing: Listing) -> str:
    """Return the id that all dates of a repeating entry share."""
    return re.sub(r"/\d{4}-\d{2}-\d{2}.*$", "", listing.source_id)


@pytest.mark.parametrize(("file", "diagnosis"), NOT_CALENDARS)
def test_what_is_not_a_calendar_is_a_failure_not_an_empty_one(crawled: Crawled, file: str, diagnosis: str) -> None:
    run = crawled.runs[Row(file, 0).id]
    assert (run.verdict.value, run.diagnosis) == ("failed", diagnosis)


def test_only_the_broken_ones_make_the_crawl_end_with_1(crawled: Crawled) -> None:
    assert crawled.exit_codes == {0, 1}


def test_luma_says_more_than_it_seems(crawled: Crawled) -> None:
    found = crawled.listings[Row("luma/nsnodes-network-school-calendar-2025-10-21.ics", 0).id]
    assert {each.lifecycle.value for each in found} == {"scheduled"}, "TENTATIVE on all of them says nothing"
    assert all(each.url != "https://corpus.example/" for each in found)
    assert not any(place.raw.startswith("http") for each in found for place in each.places)
    assert max(each.when.begins_at for each in found).isoformat() == "2025-11-19T21:30:00+00:00"


def test_an_unresolved_template_is_no_place(crawled: Crawled) -> None:
    assert not [each for each in crawled.listings[Row("ics/placecal-wp-events-manager.ics", 0).id] if each.places]


def test_google_calendars_all_day_entries_end_on_their_last_day(crawled: Crawled) -> None:
    found = crawled.listings[Row("ics/placecal-google-calendar-recurring.ics", 0).id]
    days = [each for each in found if each.when.precision.value == "day"]
    assert len(days) == 10
    assert all(each.when.end is None for each in days)


@pytest.mark.parametrize(
    "name",
    ["Event.001", "Event.002", "Event.003", "Event.004", "Event.008", "songkick-elysianfields", "songkick-tovestyrke"],
)
def test_titles_are_those_of_extructs_own_gold(crawled: Crawled, name: str) -> None:
    gold = json.loads((CORPUS / f"json-ld/extruct-{name}.json").read_text("utf-8"))
    words = json.dumps(gold, ensure_ascii=False)
    for listing in crawled.listings[Row(f"json-ld/extruct-{name}.html", 0).id]:
        assert listing.title in words or listing.title.replace("'", "\\u2019") in words
