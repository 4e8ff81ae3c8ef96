"""Reading a source from saved pages, from its first page to its last, without any network."""

from __future__ import annotations

from typing import Any

from tracker.errors import SourceError
from tracker.health.findings import Findings, PageSeen
from tracker.models.listing import Listing
from tracker.models.rejected import Rejected
from tracker.models.source import Source
from tracker.reading import read_listing
from tracker.sources.cases import Case, SavedPage
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.sources.platforms import page_type

_MOST_PAGES = 100


def replay(source: Source, case: Case) -> Findings:
    """Read the pages of a case as a crawl would; a page that is not in it is a failure."""
    platform, options = platform_of(source), options_of(source)
    findings = Findings()
    waiting = list(platform.first_pages(options, case.now.date()))
    asked: set[str] = set()
    while waiting and len(asked) < _MOST_PAGES:
        request = waiting.pop(0)
        if request.key in asked:
            continue
        asked.add(request.key)
        saved = SavedPage(request.url, request.at_hand) if request.at_hand is not None else _saved(case, request)
        if saved is None:
            _note_missing(findings, request, source)
            continue
        page = page_type()(
            source=source.id,
            url=request.name,
            body=saved.body,
            fetched_at=case.now,
            content_type=saved.content_type,
            posted=request.posted,
            draft=request.draft,
        )
        try:
            content = platform.read(page, options)
        except SourceError as error:
            findings.failures.append(error)
            continue
        findings.pages.append(PageSeen(request.key))
        findings.changed_pages += 1
        findings.found += len(content.listings) + len(content.rejected)
        findings.rejected += content.rejected
        findings.problems += content.problems
        findings.notes += content.notes
        for raw in content.listings:
            _keep(findings, raw, source)
        waiting += content.follow
    return findings


def as_expected(findings: Findings) -> dict[str, Any]:
    """Return what a replay read, in the form of ``expected.json``: short enough for a person to check."""
    return {
        "listings": [_facts(listing) for _, listing in findings.readings.values()],
        "rejected": sorted(f"{each.reason}: {each.detail}"[:120] for each in findings.rejected),
        "notes": list(dict.fromkeys([*findings.problems, *findings.notes, *map(str, findings.failures)])),
    }


def _saved(case: Case, request: Any) -> SavedPage | None:
    fitting = [page for page in case.pages if page.url == request.name and page.posted in {"", request.posted}]
    return fitting[0] if fitting else None


def _note_missing(findings: Findings, request: Any, source: Source) -> None:
    if request.may_be_missing:
        findings.missing += 1
        return
    mend = f"'tracker sources check {source.id} --fetch' saves it"
    message = f"The page {request.url} is not in the case of {source.id!r}: {mend}."
    error = SourceError(message, diagnosis="not_saved", url=request.url)
    if request.is_detail:
        findings.details_missing.append(error)
        if request.draft is not None:
            findings.found += 1
            _keep(findings, request.draft, source)
    else:
        findings.failures.append(error)


def _keep(findings: Findings, raw: Any, source: Source) -> None:
    read = read_listing(raw, source)
    if isinstance(read, Rejected):
        findings.rejected.append(read)
    else:
        findings.keep(raw, read)


def _facts(listing: Listing) -> dict[str, Any]:
    """Return the facts of a listing that say something; what is unknown is left out."""
    when = listing.model_dump(mode="json")["when"]
    facts: dict[str, Any] = {
        "title": listing.title,
        "url": listing.url,
        "start": when["start"],
        "end": when["end"],
        "precision": when["precision"],
        "timezone": when["timezone"],
        "text": when["text"],
        "types": [kind.value for kind in listing.types],
        "mode": listing.mode.value,
        "places": [", ".join(filter(None, (place.city, place.country))) or place.raw for place in listing.places],
        "deadlines": [_deadline(deadline) for deadline in listing.model_dump(mode="json")["deadlines"]],
        "cancelled": listing.lifecycle.value if listing.lifecycle.value != "scheduled" else "",
        "recurring": listing.recurring,
        "doubts": list(listing.doubts),
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], False, "unknown")}


def _deadline(deadline: dict[str, Any]) -> str:
    states = [name.replace("_", " ") for name in ("not_yet_open", "rolling", "closed") if deadline[name]]
    moment = " ".join(filter(None, (deadline["at"], deadline["timezone"])))
    return " ".join(filter(None, (f"{deadline['kind']}:", moment, *states)))
