"""Computes the application status (whether one can still apply) at read time, in the deadline's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from tracker.models.deadline import Deadline
from tracker.models.details import Details
from tracker.models.moments import ANYWHERE_ON_EARTH
from tracker.models.vocabulary import ApplicationStatus, DeadlineKind

CLOSING_SOON = timedelta(days=7)
FOREVER = datetime.max.replace(tzinfo=UTC)

APPLICATION_KINDS = frozenset(
    {
        DeadlineKind.APPLICATION,
        DeadlineKind.REGISTRATION,
        DeadlineKind.EARLY_BIRD,
        DeadlineKind.SCHOLARSHIP,
        DeadlineKind.SUBMISSION,
        DeadlineKind.ABSTRACT,
    }
)
"""Kinds of deadlines that one has to meet to take part."""
Condition = TypeVar("Condition", covariant=True)


class StatusFacts(Protocol[Condition]):
    """Facts that determine the status: booleans for one record, or SQL conditions for the rows of a table."""

    def is_over(self, now: datetime) -> Condition:
        """Return whether the event is over."""

    def opens_later(self, now: datetime) -> Condition:
        """Return whether applications are announced, but not open yet."""

    def closes_between(self, after: datetime, until: datetime) -> Condition:
        """Return whether a deadline lies after ``after`` and not after ``until``."""

    def is_rolling(self) -> Condition:
        """Return whether applications are accepted on a rolling basis."""

    def had_deadline(self) -> Condition:
        """Return whether a deadline is known, or applications are known to be closed."""


def status_cases(facts: StatusFacts[Condition], now: datetime) -> list[tuple[Condition, ApplicationStatus]]:
    """Return the cases in order: the first that holds gives the status; if none holds, it is ``unknown``.

    Without a known deadline the status is ``unknown``, not ``open``.
    """
    return [
        (facts.is_over(now), ApplicationStatus.ENDED),
        (facts.opens_later(now), ApplicationStatus.NOT_YET_OPEN),
        (facts.closes_between(now, now + CLOSING_SOON), ApplicationStatus.CLOSING_SOON),
        (facts.closes_between(now, FOREVER), ApplicationStatus.OPEN),
        (facts.is_rolling(), ApplicationStatus.ROLLING),
        (facts.had_deadline(), ApplicationStatus.CLOSED),
    ]


class _RecordFacts:
    """Status facts of one record, as booleans."""

    def __init__(self, details: Details) -> None:
        self._details = details
        self._deadlines = [deadline for deadline in details.deadlines if deadline.kind in APPLICATION_KINDS]

    def is_over(self, now: datetime) -> bool:
        return self._details.ends_at <= now

    def opens_later(self, now: datetime) -> bool:
        return any(each.opens_at > now if each.opens_at is not None else each.not_yet_open for each in self._deadlines)

    def closes_between(self, after: datetime, until: datetime) -> bool:
        return any(each.closes_at is not None and after < each.closes_at <= until for each in self._deadlines)

    def is_rolling(self) -> bool:
        return any(each.rolling for each in self._deadlines)

    def had_deadline(self) -> bool:
        return any(each.at is not None or each.closed for each in self._deadlines)


def application_status(details: Details, now: datetime) -> ApplicationStatus:
    """Return whether one can apply at ``now``."""
    cases = status_cases(_RecordFacts(details), now)
    return next((status for holds, status in cases if holds), ApplicationStatus.UNKNOWN)


def first_reached(details: Details, since: datetime) -> dict[ApplicationStatus, datetime]:
    """Return when each status is first reached, from ``since`` on, if nothing about the event changes."""
    entering = [deadline for deadline in details.deadlines if deadline.kind in APPLICATION_KINDS]
    moments = [details.ends_at, *(each.opens_at for each in entering if each.opens_at)]
    closings = [each.closes_at for each in entering if each.closes_at]
    moments += [*closings, *(closing - CLOSING_SOON for closing in closings)]
    reached: dict[ApplicationStatus, datetime] = {}
    for moment in sorted({since, *(each for each in moments if since < each < FOREVER)}):
        reached.setdefault(application_status(details, moment), moment)
    return reached


def next_deadline(details: Details, now: datetime) -> Deadline | None:
    """Return the first deadline that has not passed at ``now``, or None."""
    ahead = [
        (closes_at, index, deadline)
        for index, deadline in enumerate(details.deadlines)
        if deadline.kind in APPLICATION_KINDS and (closes_at := deadline.closes_at) and closes_at > now
    ]
    return min(ahead)[2] if ahead else None


_NOWHERE = {None, "UTC", ANYWHERE_ON_EARTH}
"""Zones that do not say where somebody is."""


def may_have_closed(details: Details, deadline: Deadline, now: datetime, visitor_zone: str | None = None) -> bool:
    """Return whether a deadline without a stated zone has passed where it is probably meant, but not yet everywhere.

    That is the earliest of the event's places, else the zone of its organiser, else that of the visitor.
    """
    closes_at = deadline.closes_at
    if not deadline.zone_is_assumed or closes_at is None or closes_at <= now:
        return False
    homes = {place.timezone for place in details.places} - _NOWHERE or {details.when.timezone} - _NOWHERE
    return any((closes := deadline.closes_in(zone)) and closes <= now for zone in homes or {visitor_zone})
