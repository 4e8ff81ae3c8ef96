"""The criteria of a fit: what an event says on each, whether that fits, and why, in words."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from tracker.models.details import Details
from tracker.models.fit import Fit, Money, Online
from tracker.models.vocabulary import CostKind, Kind, Level, Mode, Stipend, TimeCommitment, Topic


class Verdict(StrEnum):
    """Whether something fits."""

    FITS = "fits"
    PARTLY = "partly"
    AGAINST = "against"
    UNKNOWN = "unknown"


class Finding(NamedTuple):
    """What one criterion says of an event."""

    verdict: Verdict
    value: float
    """From -1 to 1; 0 if it is not known."""
    words: str


class Values(NamedTuple):
    """What verdicts are worth; see ``weights.toml``."""

    fits: float
    partly: float
    hardly: float
    against: float
    edge_of_circle: float


_BARS = {Level.LOW: 0, Level.MID: 1, Level.HIGH: 2}
_BAR_WORDS = {Level.LOW: "low entry bar", Level.MID: "medium entry bar", Level.HIGH: "high entry bar"}
_TAKES_ONLINE = frozenset({Mode.ONLINE, Mode.HYBRID_CHOICE})
_WEEKLY = re.compile(
    r"(?P<least>\d{1,2})(?:\s*(?:[-–]|to)\s*(?P<most>\d{1,2}))?\+?\s*(?:h|hrs?|hours?)\s*(?:per|a|each|every|/|p\.?)\s*"
    r"(?:week|wk|w)\b",
    re.IGNORECASE,
)


def judge_level(event: Details, fit: Fit, values: Values) -> Finding:
    """Judge the entry bar; one below what somebody meets is no obstacle, but may be too easy."""
    if event.level is Level.UNKNOWN or fit.level not in _BARS:
        return _unknown("entry bar not stated")
    above = _BARS[event.level] - _BARS[fit.level]
    words = _BAR_WORDS[event.level]
    if above == 0:
        return Finding(Verdict.FITS, values.fits, words)
    if above < 0:
        return Finding(Verdict.PARTLY, values.partly, f"{words} (below yours)")
    return Finding(Verdict.AGAINST, values.hardly if above == 1 else values.against, f"{words} (above yours)")


def judge_place(event: Details, fit: Fit, center: tuple[float, float] | None, values: Values) -> Finding:
    """Judge where one takes part: online, or how far away."""
    online = event.mode in _TAKES_ONLINE
    if online and fit.online in {Online.YES, Online.ONLY}:
        return Finding(Verdict.FITS, values.fits, "online")
    if fit.online is Online.ONLY:
        if event.mode is Mode.UNKNOWN:
            return _unknown("not stated whether it is online")
        return Finding(Verdict.AGAINST, values.against, "not online")
    if event.mode is Mode.ONLINE:
        against = fit.online is Online.NO
        return Finding(Verdict.AGAINST, values.against, "online only") if against else _unknown("online only")
    if center is None:
        where = "in person" if event.mode is Mode.IN_PERSON else "place not stated"
        # online:yes without a place says nothing against travelling.
        return Finding(Verdict.PARTLY, values.partly, where) if event.mode is Mode.IN_PERSON else _unknown(where)
    distances = [km for place in event.places if (km := place.km_from(*center)) is not None]
    if not distances:
        return _unknown("place not stated")
    nearest = min(distances)
    words = f"{nearest:,.0f} km away" if nearest >= 1 else "where you are"
    if nearest <= fit.within:
        return Finding(Verdict.FITS, values.fits - (values.fits - values.edge_of_circle) * nearest / fit.within, words)
    return Finding(Verdict.AGAINST, values.against, f"{words} (more than {fit.within:,} km)")


def judge_months(event: Details, fit: Fit, values: Values) -> Finding:
    """Judge when it takes place, against the time somebody has."""
    first, last = event.when.first_day, event.when.last_day
    if first is None or last is None:
        return _unknown("runs again and again" if event.recurring else "date not announced")
    if not event.when.is_exact_to_the_day:
        return _unknown(f"date not exact ({event.when.text or first.strftime('%B %Y')})")
    early = fit.first_day is not None and first < fit.first_day
    late = fit.last_day is not None and last > fit.last_day
    if not early and not late:
        return Finding(Verdict.FITS, values.fits, "within your time")
    if fit.first_day is not None and last < fit.first_day:
        return Finding(Verdict.AGAINST, values.against, "over before you have time")
    if fit.last_day is not None and first > fit.last_day:
        return Finding(Verdict.AGAINST, values.against, "begins after your time")
    if early and fit.first_day is not None:
        days = (fit.first_day - first).days
        return Finding(Verdict.PARTLY, values.hardly, f"begins {days} day{'s' * (days != 1)} before you have time")
    return Finding(Verdict.PARTLY, values.hardly, "ends after your time")


def judge_hours(event: Details, fit: Fit, values: Values, hours: dict[str, float]) -> Finding:
    """Judge what it takes each week."""
    days = event.when.first_day and event.when.last_day and (event.when.last_day - event.when.first_day).days + 1
    if event.kind is Kind.EVENT and days and days <= hours["short_event_days"]:
        words = "one day" if days == 1 else f"{days} days"
        return Finding(Verdict.FITS, values.fits, f"{words} (no weekly hours)")
    needed, words = _weekly_hours(event, hours)
    if needed is None or fit.hours is None:
        return _unknown("weekly hours not stated")
    if needed <= fit.hours:
        return Finding(Verdict.FITS, values.fits, words)
    if needed <= fit.hours * hours["stretch"]:
        return Finding(Verdict.PARTLY, values.partly, f"{words} (a little more than you have)")
    return Finding(Verdict.AGAINST, values.against, f"{words} (more than you have)")


def _weekly_hours(event: Details, hours: dict[str, float]) -> tuple[float | None, str]:
    for text in (event.length, event.summary, event.description):
        if found := _WEEKLY.search(text):
            return float(found["most"] or found["least"]), f"“{found[0]}”"
    if event.time_commitment is TimeCommitment.FULL_TIME:
        return hours["full_time"], "full-time"
    if event.time_commitment is TimeCommitment.PART_TIME:
        return hours["part_time"], "part-time"
    return None, ""


def judge_money(event: Details, fit: Fit, values: Values) -> Finding:
    """Judge what somebody needs against what is paid or costs."""
    pays = event.stipend
    if pays is Stipend.STIPEND:
        return Finding(Verdict.FITS, values.fits, "stipend")
    if fit.money is Money.STIPEND:
        if pays is Stipend.UNKNOWN:
            return _unknown("not stated whether it pays")
        if pays is Stipend.EXPENSES:
            return Finding(Verdict.PARTLY, values.hardly, "pays expenses only")
        return Finding(Verdict.AGAINST, values.against, "pays nothing")
    if pays is Stipend.EXPENSES:
        return Finding(Verdict.FITS, values.fits, "pays expenses")
    if fit.money is Money.EXPENSES:
        return (
            _unknown("not stated whether it pays")
            if pays is Stipend.UNKNOWN
            else Finding(Verdict.AGAINST, values.against, "pays nothing")
        )
    if event.cost.kind is CostKind.FREE:
        return Finding(Verdict.FITS, values.fits, "free")
    if event.cost.kind is CostKind.PAID:
        return Finding(
            Verdict.AGAINST, values.against, f"costs {event.cost.text}" if event.cost.text else "costs money"
        )
    return _unknown("cost not stated")


def judge_topics(event: Details, fit: Fit, values: Values) -> Finding:
    """Judge the topics; a general event fits everybody in part."""
    if not event.topics:
        return _unknown("topics not stated")
    shared = [each.value for each in event.topics if each in fit.topics]
    if shared:
        return Finding(Verdict.FITS, values.fits, " and ".join(shared))
    if Topic.GENERAL in event.topics:
        return Finding(Verdict.PARTLY, values.partly, "about AI safety in general")
    return Finding(Verdict.AGAINST, values.hardly, f"about {' and '.join(each.value for each in event.topics)}")


def _unknown(words: str) -> Finding:
    return Finding(Verdict.UNKNOWN, 0.0, words)
