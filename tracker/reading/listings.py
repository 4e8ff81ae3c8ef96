"""Parses a raw listing into a listing or a rejection with its reason. Never raises, whatever a page says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from tracker.models.listing import Listing
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.raw_listing import OFF_TOPIC, RawListing, RawPlace, Rejected, bounded_id
from tracker.models.source import Source
from tracker.models.text import clean_line, fold
from tracker.models.vocabulary import TRAINING_TYPES, Level, Lifecycle, Mode, Scope, Stipend, TimeCommitment, Topic
from tracker.reading.announcements import read_announcement
from tracker.reading.certainty import Certainty, Reading
from tracker.reading.classification import is_full, level_in_text, read_status_words, read_types, topics_in_text
from tracker.reading.costs import cost_in_text, read_cost, stipend_in_text
from tracker.reading.cross_checks import cross_check
from tracker.reading.dates.feed_formats import read_moment
from tracker.reading.dates.first_sight import FirstSight
from tracker.reading.deadlines import DeadlineContext, deadlines_in_text, read_deadlines
from tracker.reading.event_times import date_context, read_when, to_when
from tracker.reading.links import first_link, read_link, without_tracking
from tracker.reading.lookups import meaning_of
from tracker.reading.places import read_places
from tracker.reading.plain_text import read_text
from tracker.reading.relevance import Outcome, Relevance, read_relevance

Values = dict[str, Any]

_MAX_PROSE = 3_000
"""Maximum number of characters of a description that are parsed for dates to check the fields against."""
_EARLIEST_YEAR = 1990
_MOST_YEARS_AHEAD = 10
_SHORT_EVENT = 7
_WORD = re.compile(r"[^\W\d_]{4}")
"""What a date in a feed format never has."""
_T = TypeVar("_T", Mode, Stipend, Level, TimeCommitment)


def read_listing(raw: RawListing, source: Source, first_seen: Mapping[str, date] | None = None) -> Listing | Rejected:
    """Return ``raw`` as a listing, or as a rejection with its reason.

    Args:
        raw: the listing as strings.
        source: its source.
        first_seen: when its words without a year were first seen, from an earlier ``Listing.first_seen``; such dates
            are inferred from that day on, not from the day of this reading.
    """
    return validate(read_values(raw, source, first_seen), raw)


def read_values(raw: RawListing, source: Source, first_seen: Mapping[str, date] | None = None) -> Values | Rejected:
    """Parse every field of ``raw``; a field that cannot be read stays unknown and leaves a doubt.

    A bug in the parsers gives a rejection too, which is counted and kept: an exception would lose the listing.
    """
    try:
        return _read_values(raw, source, FirstSight(first_seen))
    except Exception as error:  # noqa: BLE001 - see above
        return _reject(raw, "unreadable", f"{type(error).__name__}: {error}")


def _read_values(raw: RawListing, source: Source, seen: FirstSight) -> Values | Rejected:
    title, lifecycle_in_title = read_status_words(clean_line(read_text(raw.title)))
    starts, lifecycle_in_date = read_status_words(raw.starts) if _WORD.search(raw.starts) else (raw.starts, None)
    raw = raw.model_copy(update={"starts": starts}) if lifecycle_in_date else raw
    description = read_text(raw.description, is_html=raw.description_is_html or None)
    unmapped_values: dict[str, str] = {}
    raw_places = raw.places or ((RawPlace(text=source.defaults.place),) if source.defaults.place else ())
    where = read_places(raw_places).value
    places, says_online = where.places, where.says_online
    published = _published(raw)
    around = date_context(places, source.timezone, seen)
    when = read_when(raw, replace(around, stated_zone=raw.timezone), published)
    said = read_announcement(
        f"{title}\n{description[:_MAX_PROSE]}", published, around, counts_from=_week_of_event(when.value)
    )
    doubts = [*raw.doubts, *when.doubts]
    if when.value.start is None and not raw.approximate and not raw.recurring and said.when is not None:
        when = to_when(said.when, said.when.text, said.doubts)
        doubts += [*when.doubts, f"the date is read from the text: {said.when.text!r}"]
    types = read_types(raw.types, title).value or source.defaults.types
    deadlines = read_deadlines(
        raw.deadlines, DeadlineContext(published, _event_span(when.value), replace(around, stated_zone=raw.timezone))
    )
    doubts += deadlines.doubts
    if not raw.deadlines and (
        in_text := deadlines_in_text(said, source.timezone, is_programme=bool(TRAINING_TYPES & set(types)))
    ):
        deadlines = Reading(in_text, Certainty.LIKELY)
        doubts.append("the deadline is read from the text")
    url = without_tracking(link) if (link := read_link(raw.url, raw.page_url)) else None
    status = _word("lifecycles", raw.status, "status", unmapped_values)
    doubts += cross_check(when.value, types, deadlines.value, title, url, said)
    if is_full(raw.title):
        doubts.append("full: the title says that no place is left")
    is_filtered = source.scope == "filter" and not raw.is_on_topic
    relevance = read_relevance(title, description) if is_filtered else None
    if relevance is not None and relevance.outcome is Outcome.OUT:
        return _reject(raw, OFF_TOPIC, f"{title!r}: {relevance}")
    if relevance is not None and relevance.outcome is Outcome.REVIEW:
        doubts.append(f"relevance: {relevance}")
    prose = f"{title}\n{read_text(raw.summary)}\n{description}"
    cost = read_cost(raw.costs, raw.price, raw.currency)
    return {
        "source": raw.source,
        "source_id": bounded_id(raw.source_id) or bounded_id(f"{raw.url or fold(title)} {raw.starts}"),
        "page_url": raw.page_url,
        "fetched_at": raw.fetched_at,
        "title": title,
        "summary": clean_line(read_text(raw.summary)) or _first_sentence(description),
        "description": description,
        "url": url or first_link(description),
        "url_is_stated": url is not None,
        "apply_url": read_link(raw.apply_url, raw.page_url),
        "types": types,
        "when": when.value,
        "recurring": raw.recurring,
        "deadlines": deadlines.value,
        "mode": _mode(raw, places, says_online, source, unmapped_values),
        "places": places,
        "organizers": tuple(dict.fromkeys(name for word in raw.organizers if (name := clean_line(word)))),
        "cost": cost.value if cost.certainty else cost_in_text(prose).value,
        "stipend": _enum(Stipend, "stipends", raw.stipend, "stipend", unmapped_values, stipend_in_text(prose).value),
        "level": _enum(Level, "levels", raw.level, "level", unmapped_values, level_in_text(title, description).value),
        "topics": _topics(raw, source, unmapped_values) or topics_in_text(title, description).value,
        "time_commitment": _enum(
            TimeCommitment,
            "time_commitments",
            raw.time_commitment,
            "time_commitment",
            unmapped_values,
        ),
        "length": raw.length,
        "languages": raw.languages or source.defaults.languages,
        "lifecycle": lifecycle_in_title or lifecycle_in_date or (Lifecycle(status) if status else Lifecycle.SCHEDULED),
        "scope": _scope(raw, relevance),
        "doubts": tuple(dict.fromkeys(doubts)),
        "first_seen": seen.remembered(raw.fetched_at.date()),
        "unmapped_values": unmapped_values | _unknown_types(raw),
    }


def validate(values: Values | Rejected, raw: RawListing) -> Listing | Rejected:
    """Return the listing if the values are consistent and complete, otherwise a rejection with its reason."""
    if isinstance(values, Rejected):
        return values
    if not values["title"]:
        return _reject(raw, "no title", f"the entry {raw.source_id or raw.url!r} has no title")
    when: When = values["when"]
    says_when = when.start is not None or raw.approximate or raw.recurring or values["deadlines"]
    if not says_when:
        return _reject(raw, "no date", f"{values['title']!r} has no date that can be read: {raw.starts!r}")
    first, latest = when.first_day, raw.fetched_at.year + _MOST_YEARS_AHEAD
    if first is not None and not _EARLIEST_YEAR <= first.year <= latest:
        return _reject(raw, "date out of range", f"{values['title']!r} starts on {first}")
    try:
        return Listing.model_validate(values)
    except ValidationError as error:
        first_error = error.errors()[0]
        where = ".".join(str(part) for part in first_error["loc"])
        return _reject(raw, "does not hold together", f"{where}: {first_error['msg']}")


def _reject(raw: RawListing, reason: str, detail: str) -> Rejected:
    is_series = "is_series" in raw.extra
    return Rejected(
        reason=reason,
        detail=clean_line(detail),
        source=raw.source,
        page_url=raw.page_url,
        raw=raw,
        is_series=is_series,
    )


def _first_sentence(description: str) -> str:
    line = next((line for line in description.split("\n") if len(line) > 20), "")
    sentence, dot, _ = line.partition(". ")
    return clean_line(sentence + dot.strip())


def _mode(
    raw: RawListing,
    places: tuple[Place, ...],
    says_online: bool,
    source: Source,
    unmapped_values: dict[str, str],
) -> Mode:
    stated = _enum(Mode, "modes", raw.mode, "mode", unmapped_values)
    if stated is not Mode.UNKNOWN:
        return stated
    if says_online:
        return Mode.HYBRID_CHOICE if places else Mode.ONLINE
    if places:
        return Mode.IN_PERSON
    return source.defaults.mode


def _topics(raw: RawListing, source: Source, unmapped_values: dict[str, str]) -> tuple[Topic, ...]:
    words = [_word("topics", word, "topics", unmapped_values) for word in raw.topics]
    return tuple(Topic(word) for word in words if word) or source.defaults.topics


def _enum(
    kind: type[_T], group: str, word: str, field: str, unmapped_values: dict[str, str], otherwise: _T | None = None
) -> _T:
    meaning = _word(group, word, field, unmapped_values)
    return kind(meaning) if meaning else otherwise or kind("unknown")


def _published(raw: RawListing) -> date:
    """Return the day of publication, else the day the page was fetched; dates without a year are taken after it."""
    written = read_moment(raw.published).value
    return written.day if written is not None else raw.fetched_at.date()


def _event_span(when: When) -> tuple[date, date] | None:
    if when.first_day is None or when.last_day is None:
        return None
    return when.first_day, when.last_day


def _week_of_event(when: When) -> date | None:
    """Return the first day of a short event, else None: "by Sunday" in its text means a day of the event."""
    span = _event_span(when) if when.precision.is_exact_to_the_day else None
    return span[0] if span and (span[1] - span[0]).days < _SHORT_EVENT else None


def _word(group: str, word: str, field: str, unmapped_values: dict[str, str]) -> str | None:
    if not word.strip():
        return None
    meaning = meaning_of(group, word)
    if meaning is None:
        unmapped_values[field] = clean_line(word, 80)
    return meaning


def _unknown_types(raw: RawListing) -> dict[str, str]:
    unknown = [word for word in raw.types if word.strip() and not meaning_of("types", word)]
    return {"types": clean_line(", ".join(unknown), 80)} if unknown else {}


def _scope(raw: RawListing, relevance: Relevance | None) -> Scope:
    is_in = raw.is_on_topic or (relevance is not None and relevance.outcome is Outcome.IN)
    return Scope.XRISK if is_in else Scope.UNKNOWN
