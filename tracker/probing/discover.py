"""Discovers sources: looks for calendars on the pages of groups, and proposes a source file for each that is new.

Groups come from AISafety.com's communities, the local groups of the forums, or given URLs. Nothing is enabled.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tracker.config import Settings
from tracker.crawling.crawler import CONCURRENT_HOSTS
from tracker.crawling.due import first_address
from tracker.crawling.event_loop import run_until_complete
from tracker.crawling.fetcher import Fetcher
from tracker.crawling.throttling.domains import registrable_domain
from tracker.errors import TrackerError, UsageError
from tracker.models.source import Source
from tracker.models.text import check_link, clean_line
from tracker.probing.adding import as_toml, free_id
from tracker.probing.groups import Group, list_groups
from tracker.probing.probe import PlatformCandidate, probe_page
from tracker.probing.trial import crawl_on_trial

_PLATFORMS = frozenset({"ical", "schema_org", "events_calendar", "localist"})
"""Platforms whose suggestions are proposed: the others read whatever a page says."""
_NO_PAGES = frozenset(
    {
        "discord.com", "discord.gg", "docs.google.com", "facebook.com", "fb.me", "forms.gle", "instagram.com",
        "linkedin.com", "signal.group", "slack.com", "t.me", "telegram.me", "twitter.com", "whatsapp.com", "x.com",
    }
)  # fmt: skip
"""Sites behind a sign-in, or made for chats."""
_ORGANIZER = re.compile(r"^/o/(?:[\w-]+-)?(\d{6,20})$")
"""An organiser on Eventbrite has one number in all countries, with and without a name."""
_FULL = re.compile(r"/full\.ics$")
"""Google's feed with more detail, of the same calendar."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source file that might be added."""

    id: str
    text: str
    count: int
    """Number of listings that were read."""
    url: str
    """The page that names the calendar."""


@dataclass(slots=True)
class Discovery:
    """What was found."""

    groups: int = 0
    proposals: list[Proposal] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """Ids of sources that groups name and that are there already."""
    failures: list[str] = field(default_factory=list)
    """Pages and directories that could not be read, with the reason."""


def discover(
    settings: Settings,
    sources: Sequence[Source],
    urls: Iterable[str] = (),
    on_group: Callable[[Group], None] = lambda _: None,
) -> Discovery:
    """Look for calendars on the pages of groups.

    Args:
        settings: the operator's settings.
        sources: the sources that are there already, disabled ones included.
        urls: pages of groups; without any, the directories of groups are asked.
        on_group: called with each group that has been looked at.

    Raises:
        UsageError: a URL is not a web address.
    """
    groups = [_of_url(url) for url in urls]
    return run_until_complete(lambda: _Search(Fetcher(settings), sources, on_group).run(groups), settings)


def _of_url(url: str) -> Group:
    try:
        checked = check_link(url.replace("webcal://", "https://"))
    except ValueError as error:
        raise UsageError(f"{url!r} is not a web address: {error}. Write it whole: https://example.org/") from error
    return Group("", (checked,), checked)


class _Search:
    """One run: the fetcher that its pages share, and what is known so far."""

    def __init__(self, fetcher: Fetcher, sources: Sequence[Source], on_group: Callable[[Group], None]) -> None:
        self._fetcher, self._on_group = fetcher, on_group
        self._sources = sources
        self._ids = {source.id for source in sources}
        self._known: dict[str, str] = {}
        self._proposed: set[str] = set()
        self._found = Discovery()

    async def run(self, groups: Sequence[Group]) -> Discovery:
        """Look at the pages of groups, those of different hosts side by side."""
        groups = groups or await list_groups(self._fetcher, self._found.failures)
        self._found.groups = len(groups)
        self._known = await self._known_addresses()
        by_host: dict[str, list[tuple[Group, str]]] = defaultdict(list)
        seen: set[str] = set()
        for group in groups:
            for url in group.urls:
                if (key := address_key(url)) not in seen and _is_page(url):
                    seen.add(key)
                    by_host[registrable_domain(url)].append((group, url))
        limit = asyncio.Semaphore(CONCURRENT_HOSTS)

        async def one(pages: list[tuple[Group, str]]) -> list[tuple[Group, str, PlatformCandidate]]:
            async with limit:
                return [found for group, url in pages for found in await self._look_at(group, url)]

        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one(pages)) for pages in by_host.values()]
        for task in running:
            for group, url, candidate in task.result():
                self._propose(group, url, candidate)
        self._found.proposals.sort(key=lambda each: each.id)
        self._found.known = sorted(set(self._found.known))
        return self._found

    async def _look_at(self, group: Group, url: str) -> list[tuple[Group, str, PlatformCandidate]]:
        try:
            found = await probe_page(self._fetcher, url)
        except (TrackerError, ValueError) as error:  # one bad address costs only its group
            self._found.failures.append(f"{url}: {error}")
            return []
        if found.failure is not None:
            self._found.failures.append(f"{url}: {found.failure}")
        named = group if group.name else Group(found.name, group.urls, group.evidence)
        self._on_group(named)
        usable = [each for each in found.suggestions if each.platform in _PLATFORMS and _works(each)]
        calendars = [each for each in usable if each.platform != "schema_org" or _is_elsewhere(each, url)]
        return [(named, url, each) for each in calendars or usable]

    def _propose(self, group: Group, url: str, candidate: PlatformCandidate) -> None:
        """Propose a source file, unless its calendar is known or was proposed before."""
        addresses = [address_key(page.url) for page in candidate.trial.pages]
        if named := next((self._known[each] for each in addresses if each in self._known), None):
            if named not in self._proposed:
                self._found.known.append(named)
            return
        name = clean_line(group.name, 80) or urlsplit(url).netloc
        source_id = self._free_id(name)
        self._known |= dict.fromkeys(addresses, source_id)
        self._proposed.add(source_id)
        text = as_toml(
            candidate, url, name, found_by=f"tracker sources discover, {group.evidence}", known=_known_values(group)
        )
        self._found.proposals.append(Proposal(source_id, text, candidate.count, url))

    def _free_id(self, name: str) -> str:
        source_id = free_id(name, self._ids)
        self._ids.add(source_id)
        return source_id

    async def _known_addresses(self) -> dict[str, str]:
        """Return the ids of known sources by address, with the feeds that Luma's pages of theirs name."""
        known = {
            address_key(first_address(source)): source.id for source in self._sources if source.platform != "manual"
        }
        slugs = [each for each in self._sources if each.platform == "ical" and _names_a_page(each)]
        for source in slugs:
            trial = await crawl_on_trial(self._fetcher, source)
            known |= {address_key(page.url): source.id for page in trial.pages}
        return known


def _works(candidate: PlatformCandidate) -> bool:
    return candidate.trial.is_healthy and (candidate.count > 0 or candidate.is_empty_calendar)


def _is_elsewhere(candidate: PlatformCandidate, url: str) -> bool:
    """Return whether a candidate reads another page than the one that named it."""
    return all(address_key(page.url) != address_key(url) for page in candidate.trial.pages[:1])


def _names_a_page(source: Source) -> bool:
    """Return whether a Luma source is known by its slug, so that only its page names the feed."""
    name = str(source.options.get("luma", ""))
    return bool(name) and not name.startswith(("cal-", "discplace-"))


def _is_page(url: str) -> bool:
    return registrable_domain(url) not in _NO_PAGES and (urlsplit(url).hostname or "") not in _NO_PAGES


def address_key(url: str) -> str:
    """Return an address without what two spellings of it may differ in."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").replace("api.luma.com", "api.lu.ma").replace("lu.ma", "luma.com")
    path = parts.path.rstrip("/").lower().replace("%40", "@")
    if organizer := _ORGANIZER.search(path):
        return f"eventbrite/{organizer[1]}"
    return f"{host}{_FULL.sub('/basic.ics', path)}?{parts.query}"


def _known_values(group: Group) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if group.place is not None and group.place.timezone:
        values["timezone"] = group.place.timezone
    if group.place is not None and group.place.city:
        values["defaults"] = {"place": group.place.raw}
    if not group.is_on_topic:
        values["scope"] = "filter"
    return values
