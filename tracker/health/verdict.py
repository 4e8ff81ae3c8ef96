"""Judges a crawl result by the expectations and history of its source.

Of a suspect run, only the readings that are suspect are withheld, and no missing listing is withdrawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.health.anomalies import detect_anomaly
from tracker.health.expectations import fill_rates, lacking
from tracker.models.crawl_result import CrawlResult, SourceHistory
from tracker.models.raw_listing import OFF_TOPIC, SERIES_NOT_EXPANDED
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict

_FEW_REJECTIONS = 3
_FEW_DETAILS = 2
_FEW_WORDS = 4
_EXAMPLE = 200
_NOTHING_KNOWN = SourceHistory()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason."""

    verdict: Verdict
    diagnosis: str = ""
    message: str = ""
    accepted: bool = False
    """True if a person accepted the run although it was suspect."""
    withheld: frozenset[str] | None = frozenset()
    """Keys of readings that must not become public; None: all."""

    @property
    def is_good(self) -> bool:
        """True if the run may change what is public."""
        return self.verdict in {Verdict.HEALTHY, Verdict.UNCHANGED}

    def withholds(self, key: str) -> bool:
        """Return whether the reading with this key must not become public."""
        return self.withheld is None or key in self.withheld


def judge_run(
    result: CrawlResult, source: Source, now: datetime, known: SourceHistory = _NOTHING_KNOWN, *, accept: bool = False
) -> Judgement:
    """Return the verdict on a run.

    Args:
        result: the crawl result.
        source: the source, with its expectation.
        now: when the run began.
        known: the history of the source.
        accept: whether a person confirms the suspect result of the last run.
    """
    found = next(_troubles(result, source, now, known), None)
    if found is None:
        is_unchanged = (result.unchanged_pages or result.pages) and not result.changed_pages
        return Judgement(Verdict.UNCHANGED) if is_unchanged else Judgement(Verdict.HEALTHY, message=_remarks(result))
    if not accept or found.verdict is not Verdict.SUSPECT:
        return found
    if known.last is None or known.last.diagnosis != found.diagnosis:
        # The person confirmed another anomaly than the one found now.
        return replace(found, message=f"Not accepted, for it is another trouble than last time. {found.message}")
    message = f"Accepted by hand. {found.message}"
    return replace(found, verdict=Verdict.HEALTHY, message=message, accepted=True, withheld=frozenset())


def _troubles(result: CrawlResult, source: Source, now: datetime, known: SourceHistory) -> Iterator[Judgement]:
    """Yield the problems of a run, the most obvious first."""
    yield from _not_read(result)
    if not result.changed_pages and (result.unchanged_pages or result.pages):
        return
    if not result.pages:
        missing = f"None of the {result.missing} pages that may exist is there."
        yield (
            _suspect("emptied", missing)
            if result.missing
            else Judgement(Verdict.FAILED, "no_answer", "No page answered.")
        )
    yield from _not_understood(result)
    yield from _not_as_expected(result, source, now, known)
    if (oddity := detect_anomaly(result, known, now)) is not None:
        message = f"{oddity.message} If that is right: tracker crawl --accept {source.id}"
        yield _suspect(oddity.diagnosis, message, oddity.withheld)


def _suspect(diagnosis: str, message: str, withheld: frozenset[str] | None = frozenset()) -> Judgement:
    return Judgement(Verdict.SUSPECT, diagnosis, message, withheld=withheld)


def _not_read(result: CrawlResult) -> Iterator[Judgement]:
    if result.failures:
        first = result.failures[0]
        # If some pages are missing, the listings of the others are right but not complete.
        verdict = Verdict.SUSPECT if result.pages or result.unchanged_pages else Verdict.FAILED
        yield Judgement(verdict, first.diagnosis, f"{first} {first.url}".strip())
    if result.problems:
        yield _suspect("incomplete", "; ".join(dict.fromkeys(result.problems)))
    if len(result.details_missing) > max(_FEW_DETAILS, len(result.readings) // 3):
        first = result.details_missing[0]
        count = len(result.details_missing)
        message = f"{count} pages of single listings cannot be read, first {first.url}: {first}"
        yield _suspect(first.diagnosis, message, None)


def _not_understood(result: CrawlResult) -> Iterator[Judgement]:
    kept, rejected = result.kept, len(result.rejected)
    if result.found != kept + rejected + result.repeated:
        message = f"{result.found} entries were found, but only {kept} kept and {rejected} rejected. Please report it."
        yield _suspect("reader_failed", message, None)
    unreadable = sum(each.reason not in {OFF_TOPIC, SERIES_NOT_EXPANDED} for each in result.rejected)
    if unreadable > kept and (unreadable >= _FEW_REJECTIONS or not kept):
        message = f"Most entries cannot be read ({rejection_summary(result)}). Has the layout changed?"
        yield _suspect("layout_changed", message, None)


def _not_as_expected(result: CrawlResult, source: Source, now: datetime, known: SourceHistory) -> Iterator[Judgement]:
    kept, expect = result.kept, source.expect
    # The number of listings on unchanged pages, which were not read again, is not known here.
    if kept < expect.at_least and not result.unchanged_pages:
        yield _suspect("emptied", f"{kept} listings, but at least {expect.at_least} are expected.")
    if kept > expect.at_most:
        new = frozenset(result.readings.keys() - known.listings.keys())
        yield _suspect("flooded", f"{kept} listings, but at most {expect.at_most} are expected.", new)
    if not result.readings or result.unchanged_pages:
        return
    rates = fill_rates(result.listings())
    for name, least in expect.fills.items():
        if rates[name] < least:
            message = f"{rates[name]:.0%} of the listings say {name}, but at least {least:.0%} are expected to."
            yield _suspect("layout_changed", f"{message} Has the layout changed?", lacking(result, name))
    newest = max(each.ends_at for each in result.listings())
    if expect.newest_within is not None and now - newest > expect.newest_within:
        yield _suspect("stale", f"The latest listing ended on {newest:%Y-%m-%d}. Is the source still kept up?")


def rejection_summary(result: CrawlResult) -> str:
    """Return how many entries were rejected for which reason, the most frequent first, with an example; or ""."""
    if not result.rejected:
        return ""
    reasons = Counter(each.reason for each in result.rejected).most_common()
    counts = ", ".join(f"{reason} ({count}×)" for reason, count in reasons)
    example = next(each.detail for each in result.rejected if each.reason == reasons[0][0])
    return f"{len(result.rejected)} of {result.found} entries are rejected: {counts}; for example {example[:_EXAMPLE]}"


def _remarks(result: CrawlResult) -> str:
    """Return what an operator should know about a healthy run."""
    remarks = [*filter(None, [rejection_summary(result)]), *result.notes]
    if missing := len(result.details_missing):
        remarks.append(f"{missing} pages of single listings could not be read")
    unknown = Counter(
        f"{field} {word!r}" for listing in result.listings() for field, word in listing.unmapped_values.items()
    )
    if unknown:
        named = ", ".join(f"{word} ({count}×)" for word, count in unknown.most_common(_FEW_WORDS))
        more = f" and {len(unknown) - _FEW_WORDS} more" if len(unknown) > _FEW_WORDS else ""
        remarks.append(f"words that are not known: {named}{more}")
    return "; ".join(dict.fromkeys(remarks))
