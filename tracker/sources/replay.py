"""Replays a crawl of a source from its saved pages, without network access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.errors import SourceError
from tracker.models.crawl_result import CrawlResult
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.raw_listing import RawListing
from tracker.models.source import Source
from tracker.sources.cases import Case, SavedPage
from tracker.sources.files import options_of
from tracker.sources.hooks import platform_of
from tracker.sources.platform import PageRequest
from tracker.sources.traversal import Traversal


def replay(source: Source, case: Case) -> CrawlResult:
    """Crawl a case: the recorded hosts refuse and redirect as they did; a page that is not in it is a failure."""
    result = CrawlResult()
    traversal = Traversal(source, platform_of(source), options_of(source), result, case.now)
    waiting = [each for each in traversal.first_pages if traversal.request(each)]
    while waiting:
        for found in _read(traversal, case, waiting.pop(0)):
            if isinstance(found, PageRequest):
                waiting.append(found)
            else:
                traversal.take(found)
    return result


def _read(traversal: Traversal, case: Case, asked: PageRequest) -> list[RawListing | PageRequest]:
    try:
        saved = _fetch(traversal, case, asked)
        page, _ = traversal.receive(asked, saved.body, saved.content_type)
        content = traversal.platform.read(page, traversal.options)
    except SourceError as error:
        return [*traversal.fail(asked, error)]
    return [*traversal.accept(asked, page, content)]


def _fetch(traversal: Traversal, case: Case, asked: PageRequest) -> SavedPage:
    """Return the page as the recorded hosts give it.

    Raises:
        SourceError: they refuse it, or it is not in the case.
    """
    if asked.inline_body is not None:
        return SavedPage(asked.url, asked.inline_body)
    obeys_robots = traversal.source.robots == "obey"
    case.access.follow(asked.name, obeys_robots=obeys_robots, may_redirect=traversal.may_redirect)
    saved = _find(case, asked)
    if saved is None:
        raise _not_saved(asked, traversal.source)
    return saved


def _find(case: Case, asked: PageRequest) -> SavedPage | None:
    return next((each for each in case.pages if each.url == asked.name and each.posted in {"", asked.posted}), None)


def _not_saved(asked: PageRequest, source: Source) -> SourceError:
    mend = f"'tracker sources check {source.id} --fetch' saves it"
    message = f"The page {asked.url} is not in the case of {source.id!r}: {mend}."
    return SourceError(message, diagnosis="not_saved", url=asked.url)


def as_expected(result: CrawlResult) -> dict[str, Any]:
    """Return the result of a replay in the form of ``expected.json``, which is short enough for a person to review."""
    communities = [
        {"name": each.name, "link": each.link, "places": _places(each.places)} for each in result.communities
    ]
    return {
        "listings": [_facts(listing) for _, listing in result.readings.values()],
        **({"communities": communities} if communities else {}),
        "rejected": sorted(f"{each.reason}: {each.detail}"[:120] for each in result.rejected),
        "notes": list(dict.fromkeys([*result.problems, *result.notes, *map(str, result.failures)])),
    }


def _facts(listing: Listing) -> dict[str, Any]:
    """Return the known facts of a listing."""
    document = listing.model_dump(mode="json")
    when = document["when"]
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
        "places": _places(listing.places),
        "deadlines": [_deadline(deadline) for deadline in document["deadlines"]],
        "cancelled": listing.lifecycle.value if listing.lifecycle.value != "scheduled" else "",
        "recurring": listing.recurring,
        "doubts": list(listing.doubts),
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], False, "unknown")}


def _places(places: Iterable[Place]) -> list[str]:
    return [", ".join(filter(None, (place.city, place.country))) or place.raw for place in places]


def _deadline(deadline: dict[str, Any]) -> str:
    states = [name.replace("_", " ") for name in ("not_yet_open", "rolling", "closed") if deadline[name]]
    moment = " ".join(filter(None, (deadline["at"], deadline["timezone"])))
    return " ".join(filter(None, (f"{deadline['kind']}:", moment, *states)))
