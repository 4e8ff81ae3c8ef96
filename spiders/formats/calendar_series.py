"""Prepares the entries of a recurring event for expansion: what changed dates leave out, and ends that do not fit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from icalendar import Component, vDDDTypes

from spiders.formats.calendar_moments import kind_of

_INHERITED = ("SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "URL", "ORGANIZER", "CATEGORIES")
"""What the change of one date takes from its series, if it does not say it itself."""


def prepare_series(members: list[Component]) -> list[Component]:
    """Return the entries of a series so that they compare; its changed dates with what they do not say themselves.

    An end that does not fit the start is dropped: recurring-ical-events would exchange the two.
    """
    for event in members:
        if "DTSTART" not in event:
            event["DTSTART"] = event["RECURRENCE-ID"]
        _drop_misfit_end(event)
    whole = next((event for event in members if "RECURRENCE-ID" not in event), None)
    if whole is None:
        return members
    for event in members:
        if "RECURRENCE-ID" in event:
            event["RECURRENCE-ID"] = _alike(event["RECURRENCE-ID"], start_of(whole))
            says_time_only = "SUMMARY" not in event and "DTEND" not in event and "DURATION" not in event
            for name in _INHERITED:
                if name in whole and name not in event:
                    event[name] = whole[name]
            if says_time_only and isinstance(start_of(event), datetime) == isinstance(start_of(whole), datetime):
                _inherit_length(event, whole)
    return members


def _alike(identity: Any, begins: date | datetime) -> vDDDTypes:
    """Return a RECURRENCE-ID that compares with the start of its series: by the day, if it is of another kind."""
    moment: date | datetime = identity.dt
    if isinstance(begins, datetime) and kind_of(moment) != kind_of(begins):
        moment = datetime.combine(moment, begins.timetz())  # also of UTC beside a zone that is not known
    elif isinstance(moment, datetime) and not isinstance(begins, datetime):
        moment = moment.date()
    alike = vDDDTypes(moment)
    alike.params.update({name: value for name, value in identity.params.items() if name == "RANGE"})
    return alike


def _inherit_length(event: Component, whole: Component) -> None:
    if "DURATION" in whole:
        event["DURATION"] = whole["DURATION"]
    elif "DTEND" in whole:
        end: Any = whole["DTEND"]
        event["DTEND"] = vDDDTypes(start_of(event) + (end.dt - start_of(whole)))


def _drop_misfit_end(event: Component) -> None:
    end: Any = event.get("DTEND")
    if end is not None and (kind_of(end.dt) != kind_of(start_of(event)) or end.dt < start_of(event)):
        del event["DTEND"]


def start_of(event: Component) -> Any:
    """Return the moment of DTSTART: a date or a datetime."""
    start: Any = event["DTSTART"]
    return start.dt
