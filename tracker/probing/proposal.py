"""Describes what probing found as a source that might be added, in words for people who write no source files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import tomlkit

from tracker.crawling.due import first_address
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.models.suggestion import SourceProposal
from tracker.probing.adding import as_toml
from tracker.probing.discover import address_key
from tracker.probing.probe import PlatformCandidate, Probe

_PLATFORMS = {
    "ical": "calendar",
    "events_calendar": "calendar of a WordPress site",
    "localist": "calendar of a university",
    "feed": "news feed",
    "forum_magnum": "forum",
}
_HOSTS = {
    "luma": "Luma calendar",
    "google": "Google calendar",
    "meetup": "Meetup group",
    "outlook": "Outlook calendar",
    "teamup": "Teamup calendar",
    "pretalx": "programme of a conference",
    "indico": "Indico category",
}
_WANTED = ("date", "place")
_SINGLE = frozenset({"open_graph"})
"""Platforms that read a page as one event, whatever it says: no source."""


def propose(found: Probe, sources: Iterable[Source]) -> SourceProposal:
    """Return what probing found as a source that might be added.

    Args:
        found: the result of probing an address.
        sources: the sources that are crawled already.
    """
    best = found.best
    known = SourceProposal(url=found.url, name=found.name)
    if best is None or best.platform in _SINGLE:
        return known.model_copy(update={"known_as": _known_as(found.url, (), sources)})
    lacking = {name: number for name, number in best.trial.missing_fields().items() if name in _WANTED}
    missing = ", ".join(f"{number} without {name}" for name, number in lacking.items())
    return SourceProposal(
        url=found.url,
        name=found.name,
        kind=_kind(best),
        toml=as_toml(best, found.url, found.name, found_by="a suggestion"),
        count=best.count,
        upcoming=best.trial.assessment.upcoming,
        missing=missing,
        known_as=_known_as(found.url, (page.url for page in best.trial.pages), sources),
    )


def renamed(proposal: SourceProposal, name: str) -> SourceProposal:
    """Return a proposal under another name, in its file too."""
    if not proposal.toml:
        return proposal.model_copy(update={"name": name})
    document = tomlkit.parse(proposal.toml)
    document["name"] = name
    return proposal.model_copy(update={"name": name, "toml": tomlkit.dumps(document)})


def listings_to_come_first(best: PlatformCandidate | None, now: datetime) -> list[RawListing]:
    """Return the raw listings of a candidate: those that are not over first, the soonest at the top."""
    readings = list(best.trial.result.readings.values()) if best else []
    ordered = sorted(readings, key=lambda each: (each[1].ends_at <= now, str(each[1].when.first_day or "9999")))
    return [raw for raw, _ in ordered]


def _kind(best: PlatformCandidate) -> str:
    host = next((words for key, words in _HOSTS.items() if best.options.get(key)), "")
    return host or _PLATFORMS.get(best.platform, "page that lists events")


def _known_as(url: str, pages: Iterable[str], sources: Iterable[Source]) -> str:
    addresses = {address_key(each) for each in (url, *pages)}
    return next((each.name for each in sources if _address(each) in addresses), "")


def _address(source: Source) -> str:
    return address_key(first_address(source)) if source.platform != "manual" else ""


def as_answer(found: Probe, sources: Iterable[Source], now: datetime) -> Mapping[str, Any]:
    """Return the result of probing as JSON values: the raw listings of the best way, and the source it could be."""
    return {
        "url": found.url,
        "name": found.name,
        "platform": found.best.platform if found.best else "",
        "problem": str(found.failure) if found.failure else "",
        "source": propose(found, sources).model_dump(mode="json", exclude_defaults=True),
        "listings": [
            each.model_dump(mode="json", exclude_defaults=True) for each in listings_to_come_first(found.best, now)
        ],
    }
