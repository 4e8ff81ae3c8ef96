"""The outlets of the world, and their source files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.life import calendars, records, webpages
from tests.life.outlets import Outlet, Writer
from tracker.models.vocabulary import Tier

_CARDS = """each = "article.card"
fields = { title = "h2", url = "h2 a@href", starts = ".dates", place = ".where", deadline = ".deadline" }
"""
CARDS_REDESIGNED = """each = "li.row"
fields = { title = "b.name", url = "a.more@href", starts = ".when", place = ".place", deadline = ".deadline" }
"""
_ORGANISERS, _COMMUNITIES, _FORUMS, _DIRECTORIES = Tier


def source_file(host: str, platform: str, options: str, zone: str, at_least: int = 0) -> str:
    """Return the text of a source file."""
    zone_line = f'timezone = "{zone}"\n' if zone else ""
    return (
        f'name = "{host.partition(".")[0].replace("-", " ").title()}"\nhomepage = "https://{host}/"\n'
        f'platform = "{platform}"\n{zone_line}expect = {{ at_least = {at_least}, at_most = 400 }}\n{options}'
    )


def _calendar(source_id: str, tier: Tier, zone: str, write: Writer, at_least: int = 1, **more: Any) -> Outlet:
    host = f"{source_id}.example"
    toml = source_file(host, "ical", f'feed_url = "http://{host}/calendar.ics"\n', zone, at_least)
    return Outlet(source_id, tier, zone, toml, write, **more)


def _page(source_id: str, tier: Tier, zone: str, write: Writer, **more: Any) -> Outlet:
    host = f"{source_id.replace('_', '-')}.example"
    toml = source_file(host, "schema_org", f'page_urls = ["http://{host}/"]\n', zone)
    return Outlet(source_id, tier, zone, toml, write, **more)


def _cards(source_id: str, tier: Tier, zone: str, **more: Any) -> Outlet:
    host = f"{source_id.replace('_', '-')}.example"
    toml = source_file(host, "html_listing", f'page_urls = ["http://{host}/events"]\n{_CARDS}', zone)
    return Outlet(source_id, tier, zone, toml, webpages.cards, **more)


def _other(source_id: str, tier: Tier, zone: str, write: Writer, platform: str, options: str, **more: Any) -> Outlet:
    host = f"{source_id.replace('_', '-')}.example"
    toml = source_file(host, platform, options, zone)
    return Outlet(source_id, tier, zone, toml, write, **more)


def outlets() -> list[Outlet]:
    """Return the outlets of a new world; nothing is on their pages yet."""
    evenings, days = ("meetup", "talk"), ("workshop", "hackathon")
    return [
        _calendar("berlin", _COMMUNITIES, "Europe/Berlin", calendars.luma, kinds=evenings, per_week=1.3, keeps=None),
        _calendar("london", _COMMUNITIES, "Europe/London", calendars.google, kinds=evenings, per_week=0.4, keeps=None, with_pages=False),
        _calendar("boston", _COMMUNITIES, "America/New_York", calendars.exchange, kinds=evenings, per_week=0.3, keeps=None, with_pages=False),
        _calendar("chicago", _COMMUNITIES, "America/Chicago", calendars.meetup, 0, kinds=evenings, per_week=0.8, drops_begun=True),
        _calendar("paris", _COMMUNITIES, "Europe/Paris", calendars.restless, 0, kinds=evenings, per_week=0.6, stable_ids=False),
        _calendar("small", _COMMUNITIES, "Europe/Amsterdam", calendars.luma, 0, restful=True),
        _page("tickets", _ORGANISERS, "Europe/London", webpages.tickets, kinds=(*days, "talk"), per_week=0.8),
        _page("venue", _COMMUNITIES, "Europe/Zurich", webpages.programme, kinds=(*evenings, "workshop"), per_week=0.7, stable_ids=False, with_pages=False),
        _page("safety_forum", _ORGANISERS, "America/Los_Angeles", webpages.single, restful=True, keeps=None),
        _page("next_meetup", _COMMUNITIES, "Europe/Lisbon", webpages.single, restful=True, keeps=None),
        _cards("studio", _ORGANISERS, "America/Los_Angeles", kinds=days, per_week=0.6, stable_ids=False, shares_links=True, deadlines=True, keeps=timedelta(days=60)),
        _cards("retreats", _ORGANISERS, "Europe/Berlin", kinds=("workshop",), restful=True, keeps=None, deadlines=True),
        _cards("notices", _COMMUNITIES, "Europe/London", kinds=evenings, per_week=0.25, restful=True, keeps=timedelta(days=45)),
        _cards("round_up", _COMMUNITIES, "Europe/London", kinds=evenings, per_week=0.15, restful=True, copies=0.15, copies_from=(_ORGANISERS, _COMMUNITIES), keeps=timedelta(days=60)),
        _other("blog", _COMMUNITIES, "Europe/Zurich", records.feed, "feed", 'feed_urls = ["http://blog.example/feed.xml"]\ntitle_pattern = "(?P<title>.+) — (?P<starts>.+) — (?P<place>.+)"\n', kinds=evenings, per_week=0.5, restful=True, keeps=timedelta(days=120)),
        _other("fellows", _ORGANISERS, "Europe/London", webpages.cohort, "html_listing", 'page_urls = ["http://fellows.example/programme"]\nfields = { title = "h1", starts = ".dates", place = ".where", deadline = ".deadline" }\n', restful=True, keeps=None, deadlines=True),
        _other("openings", _DIRECTORIES, "", records.board, "embedded_json", 'page_urls = ["http://openings.example/"]\nrows = "props.pageProps.opportunities"\nfields = { url = "https://openings.example/o/{id}" }\n', kinds=("fellowship", "course"), per_week=0.8, drops_begun=True, cancel_words=False, deadlines=True),
        _other("jobs", _DIRECTORIES, "", records.jobs, "algolia", 'page_url = "http://jobs.example/"\napi_url = "http://jobs.example"\napp_id = "WORLD"\nindex = "jobs_prod"\nfields = { url = "https://jobs.example/?jobPk={post_pk}", apply_url = "url_external", deadline = "closes_at" }\n', kinds=("fellowship",), per_week=0.5, drops_begun=True, cancel_words=False, deadlines=True, dateless=True),
        _other("university", _COMMUNITIES, "America/New_York", records.localist, "localist", 'site_url = "http://university.example"\n', kinds=("talk", "workshop"), per_week=0.8, keeps=timedelta(0)),
        _other("by_hand", _COMMUNITIES, "Australia/Sydney", records.by_hand, "manual", "{entries}\n", kinds=("workshop", "talk"), per_week=0.35, stable_ids=False, deadlines=True, keeps=timedelta(days=90)),
        _other("forum", _FORUMS, "UTC", records.forum, "forum_magnum", 'api_url = "http://forum.example/graphql"\n', restful=True, copies=0.25),
        _other("directory", _DIRECTORIES, "", records.directory_rows, "aisafety_com", 'collection = "events"\napi_url = "http://directory.example/api/v1"\n', restful=True, copies=0.3, drops_begun=False),
        _other("deadlines", _DIRECTORIES, "", records.conferences, "conference_deadlines", 'page_urls = ["http://deadlines.example/conferences.yml"]\n', restful=True, deadlines=True, cancel_words=False, keeps=timedelta(days=200)),
    ]  # fmt: skip
