"""The parts of an announcement: dates with their roles and deadlines; and how dates without a year get one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.models.vocabulary import DatePrecision, DeadlineKind
from tracker.reading.announcements.cues import find_statements, pattern
from tracker.reading.announcements.date_role import APPLYING, DateRole, Role
from tracker.reading.dates.mentions import Scan
from tracker.reading.dates.recurrence import Recurrence
from tracker.reading.dates.resolution import DateContext, ResolvedDate, resolve
from tracker.reading.dates.spans import DateExpression
from tracker.reading.dates.years import Span, YearContext, spans_of, written_year

EVENT_ROLES = (Role.EVENT, Role.STARTS, Role.UNSPECIFIED)


@dataclass(frozen=True, slots=True)
class Mention:
    """One date of an announcement with its role."""

    purpose: DateRole
    words: str
    """The date as written."""
    dated: ResolvedDate | None
    """The resolved date; None if its year cannot be inferred."""

    @property
    def role(self) -> Role:
        """Role of the date."""
        return self.purpose.role


@dataclass(frozen=True, slots=True)
class ParsedDeadline:
    """One deadline read from text."""

    kind: DeadlineKind
    at: ResolvedDate | None = None
    opens: ResolvedDate | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Parsed dates and statements of a text."""

    when: ResolvedDate | None
    """Dates of the event; None if the text gives none."""
    deadlines: tuple[ParsedDeadline, ...] = ()
    """Deadlines in the order of the text, each once."""
    repeats: tuple[Recurrence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    """All dates of the text, in order."""
    rolling: str = ""
    not_yet_open: str = ""
    closed: str = ""
    cancelled: str = ""
    postponed: str = ""
    tba: str = ""
    """``rolling`` to ``tba``: the words that make the statement; empty if the text does not make it."""
    published: date | None = None
    """Day of publication, as given by the caller or as stated in the text."""
    doubts: tuple[str, ...] = ()

    @property
    def phases(self) -> list[Mention]:
        """The parts of a programme that have a span of days of their own."""
        return [
            mention
            for mention in self.mentions
            if mention.dated is not None
            and mention.dated.last is not None
            and pattern("phase").search(mention.purpose.clause)
            and mention.role not in APPLYING
        ]


_WHOLE_YEAR = timedelta(days=360)
_BESIDE = frozenset({Role.PUBLISHED, Role.OTHER, Role.ENDS, Role.SUPERSEDED})
"""Roles of dates that say nothing about the year of others: "projects end before 31 December 2027"."""


def resolve_years(
    found: Scan, said: Sequence[DateRole], published: date | None, around: DateContext, event: Span | None
) -> list[Mention]:
    """Return the dates of a text, resolved as far as their years can be inferred.

    Args:
        found: scan of the text, with its date expressions.
        said: role of each date expression.
        published: day of publication.
        around: context from outside the text: country and zones.
        event: first and last day of the event, if already known.
    """
    anchors = [
        (purpose.role, span)
        for written, purpose in zip(found.found, said, strict=True)
        if (year := written_year(written)) is not None and (span := spans_of(written, year)) is not None
    ]
    past = bool(find_statements(found.text, "past")) and not find_statements(found.text, "future")
    mentions = []
    event_spans: list[Span] = [event] if event else [span for role, span in anchors if role in EVENT_ROLES]
    order = sorted(range(len(said)), key=lambda index: said[index].role in APPLYING)
    resolve_years: dict[int, ResolvedDate | None] = {}
    for index in order:  # the event first: a deadline without a year lies before it
        written, purpose = found.found[index], said[index]
        if _is_only_habit(written):
            resolve_years[index] = None
            continue
        precedes = purpose.role in APPLYING
        if precedes and (event_spans or published is not None):
            spans = event_spans  # without an event, the next such day: another deadline says nothing about its year
        else:
            spans = _anchors(found, anchors, published)
        context = YearContext(
            published, tuple(spans), must_precede=precedes and bool(event_spans), is_past=past or purpose.is_past
        )
        dated = resolve(found, written, context, around)
        resolve_years[index] = dated
        if dated is not None and purpose.role in EVENT_ROLES:
            event_spans.append((dated.first, dated.last or dated.first))
    for index, purpose in enumerate(said):
        mentions.append(Mention(purpose, found.words_of(found.found[index]), _as_due(resolve_years[index], purpose)))
    return mentions


def resolve_again(
    mentions: Sequence[Mention],
    found: Scan,
    said: Sequence[DateRole],
    published: date | None,
    around: DateContext,
    event: Span | None,
) -> list[Mention]:
    """Return ``mentions`` with other roles; their years are inferred anew if the roles have a say in them."""
    if all(_weight(mention.purpose) == _weight(purpose) for mention, purpose in zip(mentions, said, strict=True)):
        return [replace(mention, purpose=purpose) for mention, purpose in zip(mentions, said, strict=True)]
    return resolve_years(found, said, published, around, event)


def _weight(purpose: DateRole) -> tuple[bool, bool, bool, bool]:
    """Return what of a role matters to the year of a date."""
    role = purpose.role
    return role in APPLYING, role in EVENT_ROLES, role is Role.DEADLINE, purpose.is_past


def stated_publication(found: Scan, said: Sequence[DateRole]) -> date | None:
    """Return the day of publication if the text states it: "Posted: March 12, 2020"."""
    for written, purpose in zip(found.found, said, strict=True):
        if purpose.role is Role.PUBLISHED and (year := written_year(written)) is not None:
            span = spans_of(written, year)
            if span is not None and written.first.precision is DatePrecision.DAY:
                return span[0]
    return None


def is_vague(written: DateExpression) -> bool:
    """Return whether the date, or either end of a span, is only a part of a period: "late July"."""
    items = [written.first] if written.last is None else [written.first, written.last]
    return any(item.is_vague for item in items)


def _is_only_habit(written: DateExpression) -> bool:
    """Return whether a vague span without a year describes every year: "mid January to mid April"."""
    return written.last is not None and is_vague(written) and written_year(written) is None


def _anchors(found: Scan, dated: Sequence[tuple[Role, Span]], published: date | None) -> list[Span]:
    """Return the spans near which dates without a year are placed; whole years only if nothing better is known."""
    spans = [span for role, span in dated if role not in _BESIDE]
    fine = [span for span in spans if span[1] - span[0] < _WHOLE_YEAR]
    if fine or published is not None:
        return fine
    return spans + [(date(year, 1, 1), date(year, 12, 31)) for year in found.years]


def _as_due(dated: ResolvedDate | None, purpose: DateRole) -> ResolvedDate | None:
    if dated is None:
        return None
    is_last_day = purpose.role is Role.WINDOW and dated.last is None  # "bis 15. Februar, 24 Uhr"
    return dated.until_end_of_day() if purpose.role is Role.DEADLINE or is_last_day else dated
