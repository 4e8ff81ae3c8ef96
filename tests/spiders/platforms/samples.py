"""One good page of each platform, in its real format: from the practice web, else from a source's saved case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.factories import FETCHED, NOW
from tracker.config import Settings
from tracker.demo.practice_web import write_sites
from tracker.sources.cases import case_folder, load_case
from tracker.sources.files import load_sources, options_of
from tracker.sources.platform import Page, PageContent, Platform, load_platform, platform_names


@dataclass(frozen=True)
class Sample:
    """A page with what its reader needs to know."""

    name: str
    options: Any
    page: Page

    @property
    def platform(self) -> Platform:
        return load_platform(self.name)

    def read(self, body: bytes | None = None, content_type: str | None = None) -> PageContent:
        page = self.page if body is None else replace(self.page, body=body)
        page = page if content_type is None else replace(page, content_type=content_type)
        content: PageContent = self.platform.read(page, self.options)
        return content


_SAMPLES: dict[str, tuple[str, dict[str, Any], str]] = {
    "aisafety_com": ("aisafety.example/api/v1/events", {"collection": "events"}, ""),
    "algolia": (
        "jobs.example/1/indexes/jobs_prod/query",
        {"page_url": "https://jobs.example/", "app_id": "X", "index": "jobs_prod"},
        "{}",
    ),
    "conference_deadlines": (
        "deadlines.example/conferences.yml",
        {"page_urls": ["https://deadlines.example/conferences.yml"]},
        "",
    ),
    "embedded_json": (
        "openings.example/",
        {"page_urls": ["https://openings.example/"], "rows": "props.pageProps.opportunities"},
        "",
    ),
    "events_calendar": (
        "seattle.example/wp-json/tribe/events/v1/events",
        {"site_url": "https://seattle.example/"},
        "",
    ),
    "feed": ("blog.example/feed.xml", {"feed_urls": ["https://blog.example/feed.xml"]}, ""),
    "forum_magnum": ("forum.example/graphql", {"api_url": "https://forum.example/graphql"}, "{}"),
    "html_listing": (
        "fellowships.example/",
        {
            "page_urls": ["https://fellowships.example/"],
            "each": "article",
            "fields": {"title": "h2", "starts": ".dates", "url": "a@href"},
        },
        "",
    ),
    "ical": ("berlin.example/calendar.ics", {"feed_url": "https://berlin.example/calendar.ics"}, ""),
    "newsletter": (
        "letter.example/newsletter/week-48-2026",
        {"page_urls": ["https://letter.example/newsletter/week-48-2026"]},
        "",
    ),
    "open_graph": ("programme.example/", {"page_urls": ["https://programme.example/"]}, ""),
    "schema_org": ("tickets.example/", {"page_urls": ["https://tickets.example/"]}, ""),
}
_MANUAL = (
    b'{"title": "Seminar", "url": "https://by-hand.example/x", "starts": "2027-03-12", "place": "Reykjavik, Iceland"}'
)


@cache
def sample(name: str) -> Sample:
    """Return the sample of a platform."""
    if name == "manual":
        manual = load_platform(name).Options.model_validate(
            {"entries": [{"title": "Seminar", "url": "https://by-hand.example/x"}]}
        )
        return Sample(name, manual, Page("x", "https://by-hand.example/x", _MANUAL, FETCHED, "application/json"))
    if name not in _SAMPLES:
        return _of_saved_case(name)
    address, options, posted = _SAMPLES[name]
    answer = _web()[address]
    page = Page("x", f"https://{address}", answer.body, FETCHED, answer.content_type, posted)
    return Sample(name, load_platform(name).Options.model_validate(options), page)


def _of_saved_case(name: str) -> Sample:
    sources = [each for each in load_sources(Settings.load(Path("/nonexistent"))) if each.platform == name]
    source = next((each for each in sources if case_folder(each).is_dir()), None)
    assert source, f"the platform {name} needs a source with a saved case"
    saved = load_case(case_folder(source))
    first = saved.pages[0]
    page = Page(source.id, first.url, first.body, saved.now, first.content_type, first.posted)
    return Sample(name, options_of(source), page)


@cache
def _web() -> dict[str, Any]:
    return dict(write_sites(NOW.date()))


SAMPLES = [sample(name) for name in platform_names()]
FETCHED_SAMPLES = [each for each in SAMPLES if each.name != "manual"]
