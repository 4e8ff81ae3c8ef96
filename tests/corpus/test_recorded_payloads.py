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
from random import Random

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
    platform: str = ""
    rejected: int = 0

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
    # 139 entries: 3 replace one date of a series, and 3 series end before they begin; one has more than 500 dates
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
SQUARESPACE = 'rows = ["upcoming", "past"]\nzone = "website.timeZone"'
JSON = [
    Row("devpost/open-hackathons-data-2026-08-22.json", 46, "Kyxgo hack by Aditya Rai & Yash", "2026-05-15", "2026-05-21"),
    Row("eventbrite/hackgreenville-api-cancelled-event.json", 1, "Flywheel Café (Greenville)",
        "2023-12-09T22:00:00Z", "2023-12-09T23:00:00Z", "America/New_York"),
    Row("eventbrite/hackgreenville-api-live-event-in-past.json", 1, "BSides Greenville 2018",
        "2018-03-10T13:30:00Z", "2018-03-10T22:30:00Z", "America/New_York"),
    Row("eventbrite/placecal-api-organizer-events-page1.json", 50, "Do You Believe in Life After Loss",
        "2025-06-10T17:30:00Z", "2025-06-10T20:00:00Z", "Europe/London"),
    Row("eventbrite/placecal-api-organizer-events-page2.json", 23, "Run With Pride: Sunday Run Club",
        "2025-07-27T09:00:00Z", "2025-07-27T11:00:00Z", "Europe/London"),
    Row("ics/cityscrapers-google-calendar-api-events.json", 3, "SSA #69 Commissioners Meeting",
        "2019-11-12T14:30:00Z", "2019-11-12T16:00:00Z", keys='zone = "timeZone"'),
    Row("json-ld/placecal-resident-advisor-graphql.json", 10, "Persona X TIME FLIES",
        "2024-09-07T14:00:00Z", "2024-09-07T23:00:00Z", "Europe/London", keys='timezone = "Europe/London"'),
    Row("json-ld/placecal-tickettailor-api-events.json", 16, "Try 11-A-Side Football with Manchester Inclusive 11s",
        "2024-10-12T09:00:00Z", "2024-10-12T11:00:00Z", "Europe/London"),
    Row("luma/hackgreenville-response.json", 2, "Furman Makerspace Field Trip",
        "2025-07-12T16:30:00Z", "2025-07-12T18:00:00Z", "America/New_York"),
    Row("luma/hackgreenville-response-external-event.json", 1, "UpWiSE Neighbor Event",
        "2025-10-21T22:00:00Z", "2025-10-22T00:00:00Z", "America/New_York"),
    Row("luma/hackgreenville-response-not-manager-event.json", 1, "Polyglot Holiday Party",
        "2025-12-05T22:00:00Z", "2025-12-06T01:00:00Z", "America/New_York"),
    Row("manual/aissa-events-2024-2025.json", 13, "Cooperative AI Talk and Discussion",
        "2025-01-15T16:00:00Z", "", "Africa/Johannesburg", keys='timezone = "Africa/Johannesburg"'),
    Row("meetup/hackgreenville-graphql-group-v2.json", 6, "DEF CON 864 Meeting",
        "2020-01-03T22:00:00Z", "2020-01-04T00:00:00Z"),
    Row("meetup/hackgreenville-rest-cancelled.json", 1, "Beer and Napkins Creator Community",
        "2023-12-21T23:30:00Z", "2023-12-22T01:30:00Z", "America/New_York", "cancelled"),
    Row("meetup/hackgreenville-rest-online.json", 1, "Civic Hacking for Affordable Housing",
        "2023-12-19T00:00:00Z", "2023-12-19T01:00:00Z"),
    Row("squarespace/placecal-events-format-json.json", 46, "crazinsT artisT: Before Dawn",
        "2022-10-26T18:00:00Z", "2022-10-26T22:59:00Z", "Europe/London", keys=SQUARESPACE),
]  # fmt: skip
WORDPRESS = [
    Row("tribe/nyckids-cityparks-rest-events.json", 10, "Pinocchio and Gepetto’s Big Apple Adventure",
        "2026-07-13T15:00:00Z", "2026-07-13T16:00:00Z", "America/New_York"),
    Row("tribe/nyckids-industrycity-rest-events.json", 15, "Outdoor World Cup Watch Party at Industry City 6/20",
        "2026-06-20T16:00:00Z", "2026-06-21T03:30:00Z", "America/New_York", keys='timezone = "America/New_York"'),
    Row("tribe/cityscrapers-event-organiser-fullcalendar.json", 29, "Pre-Submission Conference – RFP for Constructability",
        "2018-11-19T15:30:00Z", "2018-11-19T16:30:00Z", "America/Chicago", keys='timezone = "America/Chicago"'),
    Row("tribe/cityscrapers-eventon-ajax.json", 1, "CCLBA Land Transactions Committee",
        "2019-09-13T15:00:00Z", "2019-09-14T04:50:00Z", "America/Chicago", keys='timezone = "America/Chicago"'),
]  # fmt: skip
H_EVENTS = [
    Row("hevent/mf2-ampm.html", 1, "The 4th Microformat party", "2009-06-26", now="2009-06-01"),
    Row(
        "hevent/mf2-attendees.html", 1, "CPJ Online Press Freedom Summit", "2012-10-10", timezone="America/Los_Angeles"
    ),
    Row("hevent/mf2-combining.html", 1, "IndieWebCamp 2012", "2012-06-30", "2012-07-01", "America/Los_Angeles"),
    Row("hevent/mf2-concatenate.html", 1, "The 4th Microformat party", "2009-06-27T01:00:00Z", "2009-06-27T04:00:00Z"),
    Row("hevent/mf2-dates.html", 1, "The 4th Microformat party", "2009-06-27T03:00:00Z"),
    Row("hevent/mf2-dt-property.html", 1, "The party", "2013-06-25"),
    Row("hevent/mf2-time.html", 1, "The 4th Microformat party", "2009-06-27T03:00:00Z"),
    Row("hevent/mf2-justahyperlink.html", 0, keys="expect = { at_least = 0 }", rejected=1),
    Row("hevent/mf2-justaname.html", 0, keys="expect = { at_least = 0 }", rejected=1),
]
YAML = [
    Row(f"deadlines/hf-{name}.yml", count, title, start, end, zone, rejected=rejected)
    for name, count, title, start, end, zone, rejected in (
        ("aaai", 3, "AAAI 2027", "2027-02-16", "2027-02-23", "America/Toronto", 0),
        ("acl", 2, "ACL 2026", "2026-07-02", "2026-07-07", "America/Los_Angeles", 0),
        ("aistats", 2, "AISTATS 2026", "2026-05-02", "2026-05-05", "Africa/Casablanca", 0),
        ("chi", 3, "CHI 2027", "2027-05-10", "2027-05-14", "America/New_York", 0),
        ("colm", 2, "COLM 2026", "2026-10-06", "2026-10-09", "America/Los_Angeles", 0),
        ("colt", 2, "COLT 2026", "2026-06-29", "2026-07-03", "America/Los_Angeles", 0),
        ("emnlp", 1, "EMNLP 2026", "2026-10-24", "2026-10-29", "Europe/Budapest", 0),
        ("facct", 1, "FAccT 2026", "2026-06-25", "2026-06-28", "America/Toronto", 0),
        ("iclr", 2, "ICLR 2026", "2026-04-23", "2026-04-27", "America/Sao_Paulo", 0),
        ("icml", 2, "ICML 2026", "2026-07-06", "2026-07-11", "Asia/Seoul", 0),
        ("neurips", 2, "NeurIPS 2026", "2026-12-06", "2026-12-12", "Australia/Sydney", 0),
        ("rlc", 2, "RLC 2026", "2026-08-15", "2026-08-18", "America/Toronto", 0),
        ("uai", 2, "UAI 2025", "2025-07-21", "2025-07-25", "America/Sao_Paulo", 0),
    )
] + [
    Row("deadlines/pwc-ai-deadlines-2024.yml", 169, "EMNLP 2024", "2024-11-12", "2024-11-16", "America/New_York"),
]
TORONTO = "title_pattern = '(?P<title>.+) — (?P<starts>.+) — (?P<place>.+)'\ntimezone = \"America/Toronto\""
FEEDS = [
    Row("rss/community-calendar-toronto-latest.xml", 100, "Mojito Club Latin Party",
        "2026-08-21T23:30:00Z", "", "America/Toronto", now="2026-08-22", keys=TORONTO),
]  # fmt: skip
LISTS = [
    Row("css-rules/cityscrapers-il-rta-upcoming.html", 10, "Board of Directors on 2018-06-21", "2018-06-21",
        now="2018-06-15", keys='each = "#upcoming .row"\nfields = { id = "@id", title = ".committee", starts = ".col-lg-5" }'),
    Row("css-rules/cityscrapers-chi-schools.html", 1, "Board meeting", "2019-11-20T16:30:00Z", "", "America/Chicago",
        keys='timezone = "America/Chicago"\nfields = { title = "h1", starts = "h2.datetime", place = "#content-primary p" }'),
    Row("rss/cityscrapers-teacherpension-feed.xml", 28, "Investment Committee Meeting", "2018-10-25",
        keys='each = "meeting"\nfields = { id = "@id", title = "name", starts = "start > date", url = "a.link@href" }'),
    Row("squarespace/placecal-events-page.html", 46, "crazinsT artisT: Before Dawn",
        "2022-10-26T18:00:00Z", "2022-10-26T22:59:00Z", "Europe/London",
        keys='timezone = "Europe/London"\neach = "article.eventlist-event"\n[fields]\ntitle = "h1"\nurl = "h1 a@href"\n'
             'starts = "time.event-date@datetime"\ntime = "time.event-time-24hr-start"\n'
             'end_time = ".event-time-24hr time.event-time-12hr-end"\ndescription = ".eventlist-excerpt"'),
]  # fmt: skip
LETTERS = [
    Row("newsletter/aisafety-events-week-40-2026.reconstructed.html", 1, "Free Software & AI Safety Meetup",
        "2026-10-08T16:00:00Z", "2026-10-08T18:30:00Z", "Europe/Berlin"),
    Row("newsletter/aisafety-training-week-39-2026.reconstructed.html", 4, "AI Safety Camp (AISC): 12th edition", "2027-01-09"),
    Row("newsletter/aisafety-training-week-40-2026.txt", 1, "ML4Good Governance: Hong Kong", "2026-10-12",
        timezone="Asia/Hong_Kong"),
    Row("newsletter/aisafety-training-week-41-2026.cards.json", 7, "Iliad Intensive: January 2027", "2027-01-04"),
    Row("newsletter/aisafety-training-week-41-2026.reconstructed.html", 7, "Iliad Intensive: January 2027", "2027-01-04"),
    Row("newsletter/aisafety-training-week-41-2026.txt", 7, "Foresight Fellowship: 2028", "2028-01-01", "2028-12-31"),
]  # fmt: skip
BY_PLATFORM = {
    "ical": (CALENDARS, "text/calendar", 'feed_url = "{}"'),
    "schema_org": (PAGES + H_EVENTS, "text/html", 'page_urls = ["{}"]'),
    "embedded_json": (JSON, "application/json", 'page_urls = ["{}"]'),
    "events_calendar": (WORDPRESS, "application/json", 'feed_url = "{}"'),
    "conference_deadlines": (YAML, "text/yaml", 'page_urls = ["{}"]'),
    "feed": (FEEDS, "application/rss+xml", 'feed_urls = ["{}"]'),
    "html_listing": (LISTS, "text/html", 'page_urls = ["{}"]'),
    "newsletter": (LETTERS, "", 'page_urls = ["{}"]'),
}
ROWS = [row for rows, _, _ in BY_PLATFORM.values() for row in rows]
NOT_CALENDARS = [
    ("ics/placecal-bad-response-google-login-instead-of-ics.html", "sign_in_page"),
    ("meetup/placecal-group-not-found-404.json", "not_a_calendar"),
]


def write_source(folder: Path, row: Row, platform: str, address: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{row.id}.toml").write_text(
        f'name = "{row.id}"\nhomepage = "https://corpus.example/{row.id}"\nplatform = "{platform}"\n{address}\n{row.keys}\n'
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
    for platform, (rows, kind, address) in BY_PLATFORM.items():
        for row in rows:
            # The next page of a recorded answer was not recorded.
            body = (CORPUS / row.file).read_bytes().replace(b"next_rest_url", b"was_next")
            web.pages[f"/{row.file}"] = Page(body, headers={"Content-Type": kind})
            write_source(data / "mine" / "communities", row, platform, address.format(web.url(f"/{row.file}")))
            days.setdefault(row.now, []).append(row.id)
    for file, _ in NOT_CALENDARS:
        row = Row(file, 0)
        web.pages[f"/{file}"] = Page((CORPUS / file).read_bytes())
        address = web.url(f"/{file}")
        write_source(data / "mine" / "communities", row, "ical", f'feed_url = "{address}"')
        days[row.now].append(row.id)
    (data / "tracker.toml").write_text(
        f'only_own_sources = true\nsource_folders = ["{data}/mine"]\nallowed_addresses = ["{web.address}"]\n'
        "download_delay = 0\n"
    )
    codes = set()
    with web.serving():
        for day, ids in days.items():
            environment = {"TRACKER_NOW": f"{day}T12:00:00Z"}
            result = CliRunner().invoke(app, ["crawl", *ids, "--data", str(data)], env=environment)
            assert result.exit_code in {0, 1}, result.output + str(result.exception)
            codes.add(result.exit_code)
    store = open_store(f"sqlite:///{data / 'tracker.db'}")
    with store.reading() as db:
        found = listings.load_listings(db)
        latest = {source: each[-1] for source, each in runs.last_runs(db).items()}
    store.close()
    by_source: dict[str, list[Listing]] = {}
    for listing in found:
        by_source.setdefault(listing.source, []).append(listing)
    return Crawled(latest, by_source, codes)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
def test_a_recorded_payload_yields_what_the_manifest_says(crawled: Crawled, row: Row) -> None:
    run = crawled.runs[row.id]
    verdict = "suspect" if row.rejected and not row.count else "healthy"
    assert (run.verdict.value, run.rejected) == (verdict, row.rejected), run.message
    found = crawled.listings.get(row.id, [])
    assert len({series_of(listing) for listing in found}) == row.count
    if row.title:
        named = [each for each in found if each.title.startswith(row.title)]
        assert named, [each.title for each in found[:5]]
        first = min(named, key=lambda each: each.when.starts_at)
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
    assert max(each.when.starts_at for each in found).isoformat() == "2025-11-19T21:30:00+00:00"


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


def facts_of(crawled: Crawled, file: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return what listings of one payload say, whatever form it came in."""
    return sorted(
        (
            each.title,
            each.when.canonical_json(),
            " & ".join(place.raw for place in each.places),
            tuple(deadline.canonical_json() for deadline in each.deadlines),
        )
        for each in crawled.listings[Row(file, 0).id]
    )


def test_a_newsletter_says_the_same_as_text_as_html_and_as_cards(crawled: Crawled) -> None:
    issue = "newsletter/aisafety-training-week-41-2026"
    text = facts_of(crawled, f"{issue}.txt")
    assert len(text) == 7
    assert facts_of(crawled, f"{issue}.reconstructed.html") == text
    assert facts_of(crawled, f"{issue}.cards.json") == text


def test_the_cards_have_the_keys_of_the_data_api(crawled: Crawled) -> None:
    for file in ("cards.json", "reconstructed.html"):
        ids = {
            each.source_id for each in crawled.listings[Row(f"newsletter/aisafety-training-week-41-2026.{file}", 0).id]
        }
        assert all(re.fullmatch(r"rec[A-Za-z0-9]{14}", each) for each in ids)
        assert "receJJSp6ohRkOpot" in ids


def test_a_squarespace_site_says_the_same_as_html_and_as_json(crawled: Crawled) -> None:
    def spans(file: str) -> set[tuple[str, str, str, str]]:
        found = crawled.listings[Row(file, 0).id]
        facts = [(each, json.loads(each.when.canonical_json())) for each in found]
        return {
            (each.title, when["start"], when.get("end", ""), (each.url or "").rpartition("/")[2])
            for each, when in facts
        }

    page, answer = spans("squarespace/placecal-events-page.html"), spans("squarespace/placecal-events-format-json.json")
    assert len(page) == len(answer) == 46
    # One event runs over two days; its page shows the clock of the first day only.
    assert len(page & answer) >= 45


@pytest.mark.parametrize("name", ["Event.001", "Event.003", "Event.004"])
def test_microdata_and_json_ld_twins_say_the_same(crawled: Crawled, name: str) -> None:
    """The gold files hold the microdata as extruct reads it; written as JSON-LD, the same listings come out."""
    from spiders.formats.structured_data import as_node, last_part
    from spiders.platforms import schema_org
    from tracker.sources.platform import Page as SavedPage

    gold = json.loads((CORPUS / f"json-ld/extruct-{name}.json").read_text("utf-8"))
    items = gold.get("microdata", gold) if isinstance(gold, dict) else gold
    nodes = [as_node(item) for item in items if last_part(str(item.get("type"))).endswith("Event")]
    body = f'<html><script type="application/ld+json">{json.dumps(nodes)}</script></html>'.encode()
    now = crawled.listings[Row(f"json-ld/extruct-{name}.html", 0).id][0].fetched_at
    url = "https://corpus.example/"
    twin = schema_org.read(SavedPage("x", url, body, now), schema_org.Options(page_urls=(url,)))
    html = (CORPUS / f"json-ld/extruct-{name}.html").read_bytes()
    page = schema_org.read(SavedPage("x", url, html, now), schema_org.Options(page_urls=(url,)))
    assert [(each.title, each.starts) for each in twin.listings] == [
        (each.title, each.starts) for each in page.listings
    ]
    assert twin.listings


def test_a_venue_of_a_ticket_shop_is_a_place() -> None:
    from spiders.formats.json_values import raw_place

    venue = json.loads((CORPUS / "eventbrite/hackgreenville-api-live-event-in-past-venue.json").read_text("utf-8"))
    place = raw_place(venue)
    assert place is not None
    assert (place.venue, place.street, place.city) == (
        "Fluor Management Center",
        "100 Fluor Daniel Drive",
        "Greenville",
    )
    assert (place.latitude, place.longitude) == ("34.8442668", "-82.3340627")


def test_the_sprints_of_apart_have_their_dates_in_their_addresses() -> None:
    from spiders.platforms import html_listing
    from tests.factories import FETCHED
    from tracker.sources.platform import Page as SavedPage

    links = (CORPUS / "apart/sprint-urls.txt").read_text("utf-8").split()
    body = "".join(f'<a href="{link}">sprint</a>' for link in links).encode()
    options = html_listing.Options(
        page_urls=("https://apartresearch.com/sprints",),
        each="a",
        fields={"title": "", "url": "@href"},
        url_dates=r"-(?P<starts>\d{4}-\d\d-\d\d)-to-(?P<ends>\d{4}-\d\d-\d\d)",
    )
    content = html_listing.read(SavedPage("apart", "https://apartresearch.com/sprints", body, FETCHED), options)
    found = {listing.source_id: (listing.starts, listing.ends) for listing in content.listings}
    assert sorted(found.values()) == [
        ("2026-01-09", "2026-01-11"),
        ("2026-03-20", "2026-03-22"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-11", "2026-09-13"),
        ("2026-11-13", "2026-11-15"),
    ]


@pytest.mark.parametrize("name", ["cook-hospitals-tribe-list", "metro-pier-tribe", "ssa4-tribe-list-jsonld"])
def test_a_page_without_structured_data_gives_an_empty_content_not_an_error(name: str) -> None:
    from spiders.platforms import schema_org
    from tests.factories import FETCHED
    from tracker.sources.platform import Page as SavedPage

    url = "https://corpus.example/"
    body = (CORPUS / f"tribe/cityscrapers-{name}.html").read_bytes()
    assert schema_org.read(SavedPage("x", url, body, FETCHED), schema_org.Options(page_urls=(url,))).listings == []


def test_the_order_of_sources_changes_no_value() -> None:
    from spiders.platforms import ical
    from tests.factories import FETCHED
    from tracker.sources.platform import Page as SavedPage

    files = [row.file for row in CALENDARS if "history_days" not in row.keys]
    options = ical.Options(feed_url="https://corpus.example/a.ics")
    seen: dict[str, list[str]] = {}
    for turn in range(3):
        Random(turn).shuffle(files)
        for file in files:
            content = ical.read(
                SavedPage("x", "https://corpus.example/", (CORPUS / file).read_bytes(), FETCHED), options
            )
            said = [each.model_dump_json() for each in content.listings]
            assert seen.setdefault(file, said) == said, file


def test_an_event_that_seems_endless_is_doubted(crawled: Crawled) -> None:
    found = crawled.listings[Row("devpost/open-hackathons-data-2026-08-22.json", 0).id]
    (endless,) = [each for each in found if any("2030" in doubt for doubt in each.doubts)]
    assert endless.when.start is not None
    assert endless.when.end is None
