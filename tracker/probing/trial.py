"""Crawls a source on trial: with the rate limits and safety checks of a crawl, but without storing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.clock import current_time
from tracker.config import Settings
from tracker.crawling.event_loop import run_until_complete
from tracker.crawling.fetcher import Fetcher
from tracker.errors import SourceFileError
from tracker.health.expectations import IS_FILLED
from tracker.health.verdict import Judgement, judge_run
from tracker.models.crawl_result import CrawlResult
from tracker.models.source import Source
from tracker.models.vocabulary import Tier, Verdict
from tracker.sources.cases import SavedPage
from tracker.sources.platform import Page, Platform, check_options


@dataclass(slots=True)
class Trial:
    """The result of a trial crawl of a source."""

    source: Source
    result: CrawlResult
    pages: list[SavedPage] = field(default_factory=list)

    @property
    def judgement(self) -> Judgement:
        """The judgement that a crawl would have made."""
        return judge_run(self.result, self.source, current_time())

    @property
    def is_healthy(self) -> bool:
        """True if a crawl would have published the result."""
        return self.judgement.verdict is Verdict.HEALTHY

    def missing_fields(self) -> dict[str, int]:
        """Return how many listings lack a date, a place…; fields that none lacks are left out."""
        listings = self.result.listings()
        missing = {name: sum(not says(each) for each in listings) for name, says in IS_FILLED.items()}
        return {name: count for name, count in missing.items() if count}


def try_source(settings: Settings, source: Source, platform: Platform | None = None) -> Trial:
    """Crawl a source without storing anything."""
    result = CrawlResult()
    trial = Trial(source, result)

    def save(page: Page) -> None:
        trial.pages.append(SavedPage(page.url, page.body, page.content_type, page.posted))

    run_until_complete(
        lambda: Fetcher(settings).fetch(source, result, current_time(), platform=platform, on_page=save), settings
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
