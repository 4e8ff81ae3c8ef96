"""Converts an event to a schema.org Event (JSON-LD), for search engines and other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tracker.models.event import Event
from tracker.models.moments import zone_of
from tracker.models.place import Place
from tracker.models.vocabulary import CostKind, EventType, Lifecycle, Mode

_TYPES = {
    EventType.HACKATHON: "Hackathon",
    EventType.CONFERENCE: "ConferenceEvent",
    EventType.COURSE: "EducationEvent",
    EventType.BOOTCAMP: "EducationEvent",
    EventType.WORKSHOP: "EducationEvent",
    EventType.TALK: "EducationEvent",
    EventType.SOCIAL: "SocialEvent",
    EventType.MEETUP: "SocialEvent",
}
_STATUS = {
    Lifecycle.CANCELLED: "EventCancelled",
    Lifecycle.WITHDRAWN: "EventCancelled",
    Lifecycle.POSTPONED: "EventPostponed",
    Lifecycle.MOVED_ONLINE: "EventMovedOnline",
}
_ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID_CHOICE: "MixedEventAttendanceMode",
    Mode.HYBRID_REQUIRED: "MixedEventAttendanceMode",
}
_SCHEMA = "https://schema.org/"


def schema_org(event: Event, url: str = "") -> dict[str, Any]:
    """Return the event as schema.org JSON-LD. A date that is not certain to the day is left out.

    Args:
        event: the event.
        url: URL of our page of the event; if empty, the event's own link is used.
    """
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": next((_TYPES[each] for each in event.types if each in _TYPES), "Event"),
        "name": event.title,
        "url": url or event.link,
        "eventStatus": _SCHEMA + _STATUS.get(event.lifecycle, "EventScheduled"),
    }
    if event.when.is_exact_to_the_day and event.when.start is not None:
        document["startDate"] = _moment(event.when.start, event.when.timezone)
        if event.when.end is not None:
            document["endDate"] = _moment(event.when.end, event.when.timezone)
    if event.mode in _ATTENDANCE:
        document["eventAttendanceMode"] = _SCHEMA + _ATTENDANCE[event.mode]
    if locations := _locations(event):
        document["location"] = locations if len(locations) > 1 else locations[0]
    if event.summary or event.description:
        document["description"] = event.summary or event.description
    if event.organizers:
        document["organizer"] = [{"@type": "Organization", "name": name} for name in event.organizers]
    if event.cost.kind is not CostKind.UNKNOWN:
        document["isAccessibleForFree"] = event.cost.kind is CostKind.FREE
    if event.languages:
        document["inLanguage"] = list(event.languages)
    document["sameAs"] = list(dict.fromkeys([event.link, *(each.url for each in event.sources if each.url)]))
    return document


def _moment(moment: date | datetime, zone: str | None) -> str:
    return moment.astimezone(zone_of(zone)).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _locations(event: Event) -> list[dict[str, Any]]:
    found = [_place(place) for place in event.places]
    if event.mode in {Mode.ONLINE, Mode.HYBRID_CHOICE, Mode.HYBRID_REQUIRED}:
        found.append({"@type": "VirtualLocation", "url": event.apply_url or event.link})
    return found


def _place(place: Place) -> dict[str, Any]:
    address = {"addressLocality": place.city, "addressRegion": place.region, "addressCountry": place.country}
    document: dict[str, Any] = {
        "@type": "Place",
        "name": place.venue or place.label,
        "address": {"@type": "PostalAddress", **{key: value for key, value in address.items() if value}},
    }
    if place.latitude is not None and place.longitude is not None:
        document["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return document
