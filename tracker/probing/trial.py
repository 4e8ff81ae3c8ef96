"""Crawls a source on trial: with the rate limits and safety checks of a crawl, but without storing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.crawler import CONCURRENT_HOSTS
from tracker.crawling.due import group_by_host
from tracker.crawling.event_loop import run_until_complete
from tracker.crawling.fetcher import Fetcher
from tracker.errors import SourceFileError
from tracker.health.assessment import Assessment, SourceVerdict, assess
from tracker.health.expectations import IS_FILLED
from tracker.health.verdict import Judgement, judge_run
from tracker.models.crawl_result import CrawlResult
from tracker.models.source import Source
from tracker.models.vocabulary import Tier
from tracker.sources.access import REDIRECTS, Access, Exchange, RecordedResponse
from tracker.sources.cases import Case, SavedPage, trimmed, without_personal_data, without_secrets
from tracker.sources.files import first_pages_of
from tracker.sources.platform import Page, Platform, check_options
from tracker.sources.replay import as_expected, replay
from tracker.sources.robots import robots_url

_OK = 200


@dataclass(slots=True)
class Trial:
    """The result of a trial crawl of a source."""

    source: Source
    result: CrawlResult
    begun_at: datetime
    pages: list[SavedPage] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    robots: dict[str, RecordedResponse] = field(default_factory=dict)
    """robots.txt files by URL; shared with other trials of the same fetcher, which asks for each once."""

    @property
    def judgement(self) -> Judgement:
        """The judgement that a crawl would have made."""
        return judge_run(self.result, self.source, self.begun_at)

    @property
    def assessment(self) -> Assessment:
        """What a person should think of the source."""
        return assess(self.result, self.source, self.begun_at)

    @property
    def is_healthy(self) -> bool:
        """True if a crawl would have published the result."""
        return self.judgement.is_good

    @property
    def works(self) -> bool:
        """True if a person need do nothing about the source: it is read rightly, or rightly found empty."""
        return self.assessment.verdict in {SourceVerdict.WORKS, SourceVerdict.EMPTY}

    def missing_fields(self) -> dict[str, int]:
        """Return how many listings lack a date, a place…; fields that none lacks are left out."""
        listings = self.result.listings()
        missing = {name: sum(not says(each) for each in listings) for name, says in IS_FILLED.items()}
        return {name: count for name, count in missing.items() if count}

    def as_case(self, folder: Path, seen_from: str = "") -> Case:
        """Return the trial as a saved case, without personal data, and trimmed if that does not change what is read.

        Args:
            folder: the folder of the case.
            seen_from: the network it was recorded from.
        """
        access = self._access(seen_from)
        failure = "" if self.is_healthy else self.judgement.diagnosis
        whole = Case(folder, self.begun_at, tuple(self.pages), reviewed=False, access=access, expected_failure=failure)
        whole = _without_unreadable(whole, self.result)
        if failure:
            whole = _with_failure(self.source, whole, self.result)
        wanted = as_expected(replay(self.source, whole))
        thin = replace(whole, pages=tuple(map(trimmed, whole.pages)))
        if as_expected(replay(self.source, thin)) == wanted:
            return thin
        return replace(whole, pages=_without_personal_data(whole.pages))

    def _access(self, seen_from: str) -> Access:
        """Return the way to the pages: the last response for each URL, without those that are pages themselves."""
        read = {(page.url, page.posted) for page in self.pages}
        pages = (page.url for page in first_pages_of(self.source, self.begun_at.date()))
        failed = (each.url for each in self.result.failures)
        origins = {robots_url(url): None for url in (*pages, *(each.response.url for each in self.exchanges), *failed)}
        robots = [self.robots[url] for url in origins if url in self.robots]
        others = {
            each.response.url: each.response
            for each in self.exchanges
            if not each.is_robots
            and each.response.status != _OK
            and (each.response.status in REDIRECTS or (each.page, each.posted) not in read)
            and not _leads_to_itself(each.response)
        }
        return Access(tuple(map(_kept, robots)), tuple(map(_kept, others.values())), self.begun_at, seen_from)


def _without_personal_data(pages: Iterable[SavedPage]) -> tuple[SavedPage, ...]:
    return tuple(replace(page, body=without_personal_data(page.body)) for page in pages)


def _kept(response: RecordedResponse) -> RecordedResponse:
    """Return a response with the headers that decide what a crawl does with it."""
    unimportant = {"date", "server", "etag", "last-modified", "cache-control", "content-type"}
    headers = {name: without_secrets(value) for name, value in response.headers.items() if name not in unimportant}
    return replace(
        response, url=without_secrets(response.url), headers=headers, body=without_personal_data(response.body)
    )


def _leads_to_itself(response: RecordedResponse) -> bool:
    """Return whether a response only sets a cookie and asks to come back, as a page does that answers then."""
    return response.status in REDIRECTS and urljoin(response.url, response.headers.get("location", "")) == response.url


def _without_unreadable(case: Case, result: CrawlResult) -> Case:
    """Return a case without the pages that the reader was stopped on: a replay has no time limit."""
    failed = [*result.failures, *result.details_missing]
    urls = [each.url for each in failed if each.diagnosis == "reader_failed"]
    if not urls:
        return case
    pages = tuple(page for page in case.pages if page.url not in urls)
    failures = tuple(RecordedResponse(url, 0, error="reader_failed") for url in dict.fromkeys(urls))
    return replace(case, pages=pages, access=replace(case.access, responses=(*case.access.responses, *failures)))


def _with_failure(source: Source, case: Case, result: CrawlResult) -> Case:
    """Return a case whose replay fails as the trial did, naming the failure where no response explains it."""
    if judge_run(replay(source, case), source, case.now).diagnosis == case.expected_failure or not result.failures:
        return case
    errors = tuple(RecordedResponse(each.url, 0, error=each.diagnosis) for each in result.failures[:1])
    return replace(case, access=replace(case.access, responses=(*case.access.responses, *errors)))


def try_source(settings: Settings, source: Source, platform: Platform | None = None) -> Trial:
    """Crawl a source without storing anything."""
    return run_until_complete(lambda: crawl_on_trial(Fetcher(settings), source, platform), settings)


def try_sources(settings: Settings, sources: Iterable[Source]) -> list[Trial]:
    """Crawl sources without storing anything, those of different hosts side by side; return them by id."""
    return run_until_complete(lambda: _crawl_all(Fetcher(settings), sources), settings)


async def _crawl_all(fetcher: Fetcher, sources: Iterable[Source]) -> list[Trial]:
    robots: dict[str, RecordedResponse] = {}
    limit = asyncio.Semaphore(CONCURRENT_HOSTS)
    trials: list[Trial] = []

    async def one(group: list[Source]) -> None:
        async with limit:
            for source in group:
                trial = await crawl_on_trial(fetcher, source, robots=robots)
                trials.append(trial)

    async with asyncio.TaskGroup() as tasks:
        for group in group_by_host(sources):
            tasks.create_task(one(group))
    return sorted(trials, key=lambda each: each.source.id)


async def crawl_on_trial(
    fetcher: Fetcher,
    source: Source,
    platform: Platform | None = None,
    robots: dict[str, RecordedResponse] | None = None,
) -> Trial:
    """Crawl a source without storing anything, with a fetcher and its robots.txt files that other trials may share."""
    result = CrawlResult()
    trial = Trial(source, result, current_time(), robots={} if robots is None else robots)

    def save(page: Page) -> None:
        trial.pages.append(SavedPage(page.url, page.body, page.content_type, page.posted))

    def note(exchange: Exchange) -> None:
        trial.exchanges.append(exchange)
        if exchange.is_robots:
            trial.robots[exchange.page] = replace(exchange.response, url=exchange.page)

    await fetcher.fetch(
        source,
        result,
        trial.begun_at,
        platform=platform,
        on_page=save,
        on_exchange=note,
    )
    return trial


def temporary_source(source_id: str, url: str, platform: str, options: Mapping[str, Any], **known: Any) -> Source:
    """Return a source that has no file yet.

    Raises:
        SourceFileError: the platform or the source model rejects a value.
    """
    check_options(platform, options, source_id)
    values = {"id": source_id, "tier": Tier.COMMUNITIES, "name": source_id, "homepage": url, "platform": platform}
    try:
        return Source.model_validate({**values, "options": dict(options), **known})
    except ValueError as error:
        raise SourceFileError(f"{source_id}: {error}") from error
