"""Sources that find sources: a stand-in of the directories of groups, and of the groups' own pages."""

from __future__ import annotations

import base64
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.real_addresses.conftest import Command
from tests.real_addresses.standin import Answer, StandIn
from tests.real_addresses.test_first_day import GOOD, HTML, ICS, calendar

pytestmark = pytest.mark.long
JSON = {"Content-Type": "application/json"}
GOOGLE = "c_0123456789abcdef@group.calendar.google.com"
OTHER = "team@example.org"
BAISH = "cal-0oFAsTn5vpwcAwb"


def luma_page(calendar_id: str | None) -> Answer:
    """Return Luma's page of a calendar; with None, that of an event."""
    own = (
        {"calendar": {"api_id": calendar_id}}
        if calendar_id
        else {"event": {"api_id": "evt-1"}, "calendar": {"api_id": "cal-NotItsOwn01"}}
    )
    data = {"props": {"pageProps": {"initialData": {"data": own}}}}
    return Answer(
        200,
        HTML,
        f'<html><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></html>'.encode(),
    )


def page(title: str, inside: str) -> Answer:
    return Answer(200, HTML, f"<html><head><title>{title}</title></head><body>{inside}</body></html>".encode())


def feed(calendar_id: str) -> str:
    return f"https://api.lu.ma/ics/get?entity=calendar&id={calendar_id}"


def google(calendar_id: str) -> str:
    return f"https://calendar.google.com/calendar/ical/{calendar_id.replace('@', '%40')}/public/basic.ics"


EVENTBRITE = json.dumps(
    {"@context": "https://schema.org", "@type": "Event", "name": "AI safety talk", "startDate": "2026-12-15T18:00:00Z"}
)
PAGES = {
    "https://graz.example/": page("AI Safety Graz", '<iframe src="https://luma.com/embed/calendar/cal-GrazGraz0001/events?lt=light"></iframe>'),
    "https://porto.example/": page("Porto", '<a href="https://lu.ma/porto-ais">All events</a> <a href="https://lu.ma/next-evening">Next</a>'),
    "https://lyon.example/": page("Lyon", f'<iframe src="https://calendar.google.com/calendar/embed?src={GOOGLE}&amp;ctz=Europe%2FParis"></iframe>'),
    "https://oslo.example/": page("Oslo", f'<a href="https://calendar.google.com/calendar/u/0?cid={base64.b64encode(OTHER.encode()).decode().rstrip("=")}">Add</a>'
                                  '<iframe src="https://calendar.google.com/calendar/embed?src=en.norwegian%23holiday%40group.v.calendar.google.com"></iframe>'),
    "https://kyiv.example/": page("Kyiv", '<a href="https://www.meetup.com/kyiv-ai-safety/events/">Meetup</a> <a href="https://www.meetup.com/help/">Help</a>'),
    "https://rome.example/": page("Rome", '<a href="https://www.eventbrite.it/o/ai-safety-roma-12345678901">Tickets</a>'),
    "https://bern.example/": page("Bern", '<a href="webcal://bern.example/termine.ics">Abonnieren</a>'),
    "https://buenos.example/": page("Buenos Aires", f'{{"embed":"https:\\/\\/luma.com\\/embed\\/calendar\\/{BAISH}\\/events"}}'),
    "https://berlin.example/": page("Berlin", '<iframe src="https://luma.com/embed/calendar/cal-RealBerlin01/events"></iframe>'),
    "https://quiet.example/": page("Quiet", "<p>Write to us.</p>"),
    "https://closed.example/": page("Closed", "<p>Members</p>"),
}  # fmt: skip
EXPECTED: dict[str, dict[str, Any]] = {
    "ai_safety_graz": {"platform": "ical", "luma": "cal-GrazGraz0001", "timezone": "Europe/Vienna", "defaults": {"place": "Graz, Austria"}},
    "ai_safety_porto": {"platform": "ical", "luma": "porto-ais"},
    "ai_safety_lyon": {"platform": "ical", "google": GOOGLE},
    "ea_oslo": {"platform": "ical", "google": OTHER, "scope": "filter", "timezone": "Europe/Oslo"},
    "acx_kyiv": {"platform": "ical", "meetup": "kyiv-ai-safety", "scope": "filter"},
    "ai_safety_rome": {"platform": "schema_org", "page_urls": ["https://www.eventbrite.it/o/ai-safety-roma-12345678901"]},
    "ai_safety_bern": {"platform": "ical", "feed_url": "https://bern.example/termine.ics"},
}  # fmt: skip


@pytest.fixture
def groups(web: StandIn) -> StandIn:
    web.answers |= PAGES
    web.answers["https://closed.example/robots.txt"] = Answer(200, {}, b"User-agent: *\nDisallow: /\n")
    web.answers["https://lu.ma/porto-ais"] = Answer(301, {"Location": "https://luma.com/porto-ais"})
    web.answers["https://luma.com/porto-ais"] = luma_page("cal-PortoPort01")
    web.answers["https://luma.com/next-evening"] = luma_page(None)
    web.answers["https://luma.com/AISafetyBerlin"] = luma_page("cal-RealBerlin01")
    for url in (
        feed("cal-GrazGraz0001"),
        feed("cal-PortoPort01"),
        feed(BAISH),
        feed("cal-RealBerlin01"),
        google(GOOGLE),
    ):
        web.answers[url] = Answer(200, ICS, GOOD)
    web.answers[google(OTHER)] = Answer(200, ICS, calendar())
    web.answers["https://www.meetup.com/kyiv-ai-safety/events/ical/"] = Answer(200, ICS, GOOD)
    web.answers["https://bern.example/termine.ics"] = Answer(200, ICS, GOOD)
    web.answers["https://www.eventbrite.it/o/ai-safety-roma-12345678901"] = page(
        "Roma", f'<script type="application/ld+json">{EVENTBRITE}</script>'
    )
    names = ("graz", "porto", "lyon", "rome", "bern", "buenos", "berlin", "quiet", "closed")
    rows = [{"id": f"rec{name}", "name": f"AI Safety {name.title()}", "joinLink": f"https://{name}.example/",
             "location": "Graz, Austria" if name == "graz" else ""} for name in names]  # fmt: skip
    rows.append({"id": "recchat", "name": "A chat", "joinLink": "https://discord.gg/abc", "location": "Online"})
    web.answers["https://aisafety.com/api/v1/communities"] = Answer(
        200, JSON, json.dumps({"data": rows, "meta": {"count": len(rows)}}).encode()
    )
    lesswrong: list[dict[str, Any]] = [
        {"name": "ACX Kyiv", "website": "https://kyiv.example/", "lastActivity": "2026-10-01T00:00:00Z", "inactive": False},
        {"name": "Gone for years", "website": "https://gone.example/", "lastActivity": "2021-01-01T00:00:00Z", "inactive": False},
        {"name": "Inactive", "website": "https://inactive.example/", "lastActivity": "2026-10-01T00:00:00Z", "inactive": True},
        {"name": "No page", "website": None, "lastActivity": "2026-10-01T00:00:00Z", "inactive": False},
    ]  # fmt: skip
    ea = [
        {
            "name": "EA Oslo",
            "website": "https://oslo.example/",
            "location": "Oslo, Norway",
            "lastActivity": "2026-10-01T00:00:00Z",
            "inactive": False,
        }
    ]
    web.answers["https://www.lesswrong.com/graphql"] = lambda sent: (
        groups_of(lesswrong) if b"selector" in sent else refusal()
    )
    web.answers["https://forum-bots.effectivealtruism.org/graphql"] = lambda sent: (
        groups_of(ea) if b"input" in sent else refusal()
    )
    return web


def groups_of(rows: list[dict[str, Any]]) -> Answer:
    return Answer(200, JSON, json.dumps({"data": {"localgroups": {"results": rows}}}).encode())


def refusal() -> Answer:
    return Answer(400, JSON, b'{"errors": [{"message": "Unknown argument selector"}]}')


def test_exactly_the_new_calendars_are_proposed(groups: StandIn, tracker: Command, tmp_path: Path) -> None:
    done = tracker("sources", "discover", "--out", "found", TRACKER_NOW="2026-12-01T12:00:00Z")
    assert done.returncode == 0, done.stderr
    files = {path.stem: tomllib.loads(path.read_text()) for path in (tmp_path / "found" / "communities").iterdir()}
    assert files.keys() == EXPECTED.keys()
    for name, expected in EXPECTED.items():
        assert {key: files[name].get(key) for key in expected} == expected
        assert files[name]["enabled"] is False
        comment = (
            (tmp_path / "found" / "communities" / f"{name}.toml").read_text().split("name", 1)[0].replace("\n# ", " ")
        )
        assert "tracker sources discover, " in comment
        assert "2026-12-01" in comment
    assert "Known already: ai_safety_berlin, baish." in done.stdout
    assert "https://closed.example/: robots.txt asks programs not to fetch this page." in done.stderr
    assert not [url for url in groups.urls() if "discord" in url or "gone.example" in url or "inactive" in url]


def test_given_pages_are_looked_at_and_nothing_else(groups: StandIn, tracker: Command) -> None:
    done = tracker("sources", "discover", "https://graz.example/", TRACKER_NOW="2026-12-01T12:00:00Z")
    assert 'luma     = "cal-GrazGraz0001"' in done.stdout
    assert "1 groups, 1 new sources proposed." in done.stdout
    assert not [url for url in groups.urls() if "aisafety.com" in url or "graphql" in url]


def test_a_page_without_a_calendar_and_a_wrong_address_are_named(groups: StandIn, tracker: Command) -> None:
    done = tracker("sources", "discover", "https://quiet.example/", "https://nowhere.example/")
    assert "2 groups, 0 new sources proposed." in done.stdout
    assert "https://nowhere.example/: The page is not there (HTTP 404)" in done.stderr
    assert tracker("sources", "discover", "graz").returncode == 2


def test_what_is_there_is_never_overwritten(groups: StandIn, tracker: Command, tmp_path: Path) -> None:
    there = tmp_path / "found" / "communities" / "ai_safety_graz.toml"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    done = tracker("sources", "discover", "https://graz.example/", "--out", "found")
    assert (done.returncode, there.read_text()) == (0, "mine")
    assert "exists already, and is left as it is" in done.stderr
    assert "platform" in done.stdout, "what was found is printed, so that no search is in vain"
    (tmp_path / "taken").write_text("a file")
    refused = tracker("sources", "discover", "https://graz.example/", "--out", "taken")
    assert (refused.returncode, "cannot be made" in refused.stderr) == (2, True)


def test_a_probe_finds_the_calendar_that_a_page_embeds(groups: StandIn, tracker: Command) -> None:
    assert "ical: 2 listings" in tracker("sources", "probe", "https://graz.example/").stdout
