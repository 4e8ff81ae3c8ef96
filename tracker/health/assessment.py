"""Says in one of five verdicts whether a source works, for a person who decides about it.

The verdict on a run (``tracker.health.verdict``) decides what may become public; an assessment looks closer: a calendar
that has been empty or stale for months is read without fault, but nobody should call it right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.health.expectations import IS_FILLED
from tracker.health.verdict import judge_run
from tracker.models.crawl_result import CrawlResult
from tracker.models.listing import Listing
from tracker.models.moments import zone_of
from tracker.models.source import Source
from tracker.models.vocabulary import ZoneSource

REFUSALS = frozenset(
    {
        "robots", "robots_unreachable", "bot_wall", "sign_in_page", "access_denied", "rate_limited", "bad_certificate",
        "too_large", "timeout", "server_error", "private_address", "odd_address", "download_failed", "clock_off",
    }
)  # fmt: skip
"""Diagnoses of a host that does not give us the page."""
PASSING = frozenset(
    {
        "timeout", "server_error", "rate_limited", "connection_refused", "download_failed", "robots_unreachable",
        "host_not_found", "clock_off",
    }
)  # fmt: skip
"""Diagnoses that may be gone tomorrow."""
MOVED = frozenset(
    {
        "gone", "gone_for_good", "redirected_away", "host_not_found", "connection_refused", "http_error", "no_answer",
        "not_a_calendar", "not_a_web_page", "not_json", "not_yaml", "not_a_feed", "empty_answer", "another_source",
    }
)  # fmt: skip
"""Diagnoses of an address behind which the listing is not, or not any more."""
_MOSTLY = 0.5
_ZONES_APART = timedelta(minutes=30)


class SourceVerdict(StrEnum):
    """What a person should think of a source."""

    WORKS = "works"
    EMPTY = "works, empty"
    LOOKS_WRONG = "works, looks wrong"
    REFUSED = "refused"
    MOVED = "moved or gone"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict with its reason, and the figures to judge it by."""

    verdict: SourceVerdict
    diagnosis: str = ""
    message: str = ""
    upcoming: int = 0
    """Number of listings that are not over."""
    next: date | None = None
    """First day of the next one."""
    newest: date | None = None
    """First day of the latest one."""

    @property
    def words(self) -> str:
        """The verdict for people; of a stale source it says so."""
        return "works, stale" if self.diagnosis == "stale" else self.verdict.value


def assess(result: CrawlResult, source: Source, now: datetime) -> Assessment:
    """Assess a crawl result, without the source's history."""
    listings = result.listings()
    coming = [each for each in listings if _is_coming(each, now)]
    days = sorted(each.when.first_day for each in listings if each.when.first_day is not None)
    verdict, diagnosis, message = _verdict(result, source, now, coming)
    return Assessment(
        verdict,
        diagnosis,
        message,
        upcoming=len(coming),
        next=next((day for day in days if day >= now.date()), None),
        newest=days[-1] if days else None,
    )


def _verdict(
    result: CrawlResult, source: Source, now: datetime, coming: Collection[Listing]
) -> tuple[SourceVerdict, str, str]:
    judgement = judge_run(result, source, now)
    if not judgement.is_good:
        return (
            _of_failure(judgement.diagnosis, has_missing_pages=not result.pages),
            judgement.diagnosis,
            judgement.message,
        )
    if not result.kept:
        return SourceVerdict.EMPTY, "", "Read without fault; there is nothing in it."
    if result.readings and (sign := next(_signs(result.listings(), source, coming), None)) is not None:
        return SourceVerdict.LOOKS_WRONG, *sign
    return SourceVerdict.WORKS, "", judgement.message


def _of_failure(diagnosis: str, *, has_missing_pages: bool) -> SourceVerdict:
    if diagnosis in REFUSALS:
        return SourceVerdict.REFUSED
    is_moved = diagnosis in MOVED or (diagnosis == "emptied" and has_missing_pages)
    return SourceVerdict.MOVED if is_moved else SourceVerdict.LOOKS_WRONG


def _is_coming(listing: Listing, now: datetime) -> bool:
    return listing.recurring or listing.when.start is None or listing.ends_at > now


def _signs(listings: Collection[Listing], source: Source, coming: Collection[Listing]) -> Iterator[tuple[str, str]]:
    """Yield what looks wrong in listings that were read without fault, as diagnosis and message."""
    if not coming:
        newest = max(each.ends_at for each in listings)
        yield "stale", f"Nothing is to come; the latest of {len(listings)} listings ended on {newest:%Y-%m-%d}."
    # Entries of a calendar need no page of their own: Google's have none.
    for name in ("date",) if source.platform == "ical" else ("date", "url"):
        lacking = sum(not (IS_FILLED[name](each) or _may_lack(each, name)) for each in listings)
        if lacking > _MOSTLY * len(listings):
            yield "blanks", f"{lacking} of {len(listings)} listings lack a {name}."
    if source.timezone is not None:
        foreign = [each for each in coming if _is_foreign(each, source.timezone)]
        if len(foreign) > _MOSTLY * len(coming):
            zones = ", ".join(sorted({str(each.when.timezone) for each in foreign}))
            yield "wrong_zone", f"The times are in {zones}; the file says {source.timezone}."


def _may_lack(listing: Listing, name: str) -> bool:
    """Return whether a listing may lack a field: courses and calls a date, and what can be applied for a page."""
    if name == "url":
        return listing.apply_url is not None
    return listing.recurring or bool(listing.deadlines) or bool(listing.when.text)


def _is_foreign(listing: Listing, zone: str) -> bool:
    """Return whether a listing states another zone than its source's, and another time of day in it."""
    start, stated = listing.when.start, listing.when.timezone
    if not isinstance(start, datetime) or stated is None or stated in {"UTC", zone}:
        return False
    if listing.when.timezone_source is not ZoneSource.STATED:
        return False
    own, other = start.astimezone(zone_of(zone)).utcoffset(), start.astimezone(zone_of(stated)).utcoffset()
    return own is not None and other is not None and abs(own - other) > _ZONES_APART
