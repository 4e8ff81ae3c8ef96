"""Formats the facts of a card as Markdown: types, date in both zones, place, cost, sources, calendar links."""

from __future__ import annotations

from datetime import datetime

from dashboard.components.plain import link, plain
from tracker.models.event import Event
from tracker.models.moments import zone_of
from tracker.models.vocabulary import CostKind, Kind, Lifecycle, Mode
from tracker.publishing.calendar_links import google_link, outlook_link
from tracker.publishing.phrases import day_words, format_when, humanize
from tracker.reading.places import country_name

_COLOURS = {Kind.EVENT: "blue", Kind.TRAINING: "violet", Kind.OPPORTUNITY: "green"}
_MODES = {
    Mode.ONLINE: "Online",
    Mode.HYBRID_CHOICE: "or online",
    Mode.HYBRID_REQUIRED: "and online",
}


def type_badges(event: Event) -> str:
    """Return the types as badges, with the lifecycle if it is not scheduled, as Markdown."""
    said = [f":{_COLOURS[event.kind]}-badge[{humanize(each.value)}]" for each in event.types]
    if event.lifecycle is not Lifecycle.SCHEDULED:
        colour = "red" if event.lifecycle is Lifecycle.CANCELLED else "orange"
        said.append(f":{colour}-badge[{humanize(event.lifecycle.value)}]")
    return " ".join(said)


def when_words(event: Event, zone: str) -> str:
    """Return the date in the event's zone, and in the visitor's zone if that differs, as Markdown."""
    words = plain(format_when(event.when))
    start = event.when.start
    if not isinstance(start, datetime):
        return words
    theirs, ours = start.astimezone(zone_of(event.when.timezone)), start.astimezone(zone_of(zone))
    if theirs.utcoffset() == ours.utcoffset():
        return words
    day = "" if ours.date() == theirs.date() else f"{day_words(ours.date())}, "
    return f"{words} :gray[(your time: {day}{ours:%H:%M})]"


def format_places(event: Event) -> str:
    """Return the places with country names, and whether one can attend online, as Markdown."""
    said = []
    for place in event.places:
        city = place.city or place.region
        country = country_name(place.country) if place.country else ""
        # Avoids "Singapore, Singapore".
        named = ", ".join(dict.fromkeys(part for part in (city, country) if part))
        said.append(place.raw if place.is_around_city else named or place.raw)
    words = " & ".join(dict.fromkeys(said))
    return plain(f"{words} {_MODES.get(event.mode, '')}".strip() or "Place not announced")


def cost_words(event: Event) -> str:
    """Return the cost in words; empty if it is not known."""
    cost = event.cost
    if cost.kind is CostKind.UNKNOWN:
        return ""
    if cost.minimum is not None:
        most = f"–{cost.maximum}" if cost.maximum not in {None, cost.minimum} else ""
        return f"{cost.minimum}{most} {cost.currency}".strip()
    return cost.text or humanize(cost.kind.value)


def says_who(event: Event) -> str:
    """Return the sources that list the event, and whether they agree, as Markdown."""
    names = list(dict.fromkeys(each.name for each in event.sources))
    if any(each.field == "when" for each in event.disagreements):
        return f":orange[{len(names)} sources, which disagree on the date]"
    if len(names) > 1:
        agree = "agree" if not event.disagreements else "mostly agree"
        return f"{len(names)} sources {agree}: {plain(', '.join(names[:3]))}"
    return f"listed by {plain(names[0])}"


def calendar_links(event: Event, base: str) -> str:
    """Return links that add the event to a calendar, and its URL to share, as Markdown."""
    said = []
    if google := google_link(event):
        said = [link("Google", google), link("Outlook", outlook_link(event))]
    if google or any(each.closes_at for each in event.deadlines):
        said.append(link(".ics", f"{base}/events/{event.id}.ics"))
    said.append(link("Share", f"{base}/events/{event.id}"))
    return " · ".join(said)
