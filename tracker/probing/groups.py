"""Lists groups whose pages may name a calendar: AISafety.com's communities, and the local groups of the forums."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tracker.clock import current_time
from tracker.crawling.fetcher import Fetcher
from tracker.models.community import Community
from tracker.models.place import Place
from tracker.models.raw_listing import RawPlace
from tracker.models.text import check_link, clean_line
from tracker.probing.probe import fetch_only
from tracker.probing.trial import Trial, crawl_on_trial, temporary_source
from tracker.reading.places import read_places
from tracker.sources.platform import PageRequest

COMMUNITIES = "https://aisafety.com/api/v1/communities"
FORUMS = ("https://www.lesswrong.com/graphql", "https://forum-bots.effectivealtruism.org/graphql")
_QUERIES = (
    "{ localgroups(selector: {all: {}}, limit: 2000) { results { %s } } }",
    '{ localgroups(input: {terms: {view: "all", limit: 2000}}) { results { %s } } }',
)
"""The form of today's forums, and that of the EA Forum. The first has no errors against ForumMagnum@1b45da5."""
_FIELDS = "_id name location website meetupLink lastActivity inactive"
_ACTIVE_WITHIN = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Group:
    """A group whose pages may name a calendar."""

    name: str
    urls: tuple[str, ...]
    evidence: str
    """Where the group was found."""
    place: Place | None = None
    is_on_topic: bool = True
    """False for groups that also do other things, such as local groups of the EA Forum."""


async def list_groups(fetcher: Fetcher, failures: list[str]) -> list[Group]:
    """Return the groups of all directories; append to ``failures`` why one cannot be read."""
    groups = await _communities(fetcher, failures)
    for forum in FORUMS:
        groups += await _local_groups(fetcher, forum, failures)
    return groups


async def _communities(fetcher: Fetcher, failures: list[str]) -> list[Group]:
    source = temporary_source(
        "communities", COMMUNITIES, "aisafety_com", {"collection": "communities"},
        robots="documented-api", evidence="https://aisafety.com/developers", expect={"at_least": 0},
    )  # fmt: skip
    trial = await crawl_on_trial(fetcher, source)
    failures += _failures(trial)
    return [_of_community(each) for each in trial.result.communities]


async def _local_groups(fetcher: Fetcher, forum: str, failures: list[str]) -> list[Group]:
    host = urlsplit(forum).netloc
    for query in _QUERIES:
        request = PageRequest(forum, posted=json.dumps({"query": query % _FIELDS}))
        source = temporary_source("forum", forum, "open_graph", {"page_urls": [forum]})
        trial = await crawl_on_trial(fetcher, source, fetch_only([request]))
        if trial.result.failures:
            failures += _failures(trial)
            return []
        rows = _rows(trial.pages[0].body)
        if rows is not None:
            return [group for row in rows if (group := _of_local_group(row, host)) is not None]
    failures.append(f"{forum}: the forum refuses the query of its local groups")
    return []


def _failures(trial: Trial) -> list[str]:
    return [f"{each.url}: {each}" for each in trial.result.failures]


def _of_community(community: Community) -> Group:
    place = next(iter(community.places), None)
    return Group(community.name, (community.link,), "AISafety.com's communities", place)


def _of_local_group(row: Any, host: str) -> Group | None:
    """Return an active local group of a forum that names a page, else None."""
    if not isinstance(row, Mapping) or row.get("inactive") is True or not _is_active(row.get("lastActivity")):
        return None
    links = [str(row[name]) for name in ("website", "meetupLink") if isinstance(row.get(name), str)]
    urls = [url for link in links if (url := _checked(link))]
    places = read_places([RawPlace(text=str(row.get("location") or ""))]).value.places
    name = clean_line(str(row.get("name") or ""), 80)
    if not urls or not name:
        return None
    return Group(name, tuple(urls), f"local groups of {host}", next(iter(places), None), is_on_topic=False)


def _checked(link: str) -> str:
    """Return a link that can be visited, else ""."""
    try:
        return check_link(link)
    except ValueError:
        return ""


def _is_active(moment: object) -> bool:
    try:
        return current_time() - datetime.fromisoformat(str(moment)) < _ACTIVE_WITHIN
    except (ValueError, TypeError):
        return True


def _rows(body: bytes) -> list[Any] | None:
    """Return the rows of a forum's answer, None if it refuses the query."""
    try:
        answer = json.loads(body)
        rows = answer["data"]["localgroups"]["results"]
    except (ValueError, KeyError, TypeError):
        return None
    return rows if isinstance(rows, list) else None
