"""Formats the facts of a card as Markdown: types, date in both zones, place, cost, sources, calendar links."""

from __future__ import annotations

from datetime import date, datetime

from dashboard.components.plain import link, plain
from tracker.models.application_status import application_status, next_deadline
from tracker.models.event import Event
from tracker.models.moments import day_of, zone_of
from tracker.models.vocabulary import ApplicationStatus, CostKind, DatePrecision, Kind, Lifecycle
from tracker.publishing.calendar_links import google_link, outlook_link
from tracker.publishing.map_link import map_link
from tracker.publishing.phrases import (
    day_words,
    format_addresses,
    format_places,
    format_when,
    humanize,
    other_clock,
    place_words,
    zone_words,
)

_COLOURS = {Kind.EVENT: "blue", Kind.TRAINING: "violet", Kind.OPPORTUNITY: "green"}
_FAR = 300
"""Days from today beyond which a year is said."""


def type_badges(event: Event) -> str:
    """Return the types as badges, with the lifecycle if it is not scheduled, as Markdown."""
    said = [f":{_COLOURS[event.kind]}-badge[{humanize(each.value)}]" for each in event.types]
    if event.lifecycle is not Lifecycle.SCHEDULED:
        colour = "red" if event.lifecycle is Lifecycle.CANCELLED else "orange"
        said.append(f":{colour}-badge[{humanize(event.lifecycle.value)}]")
    return " ".join(said)


def rail_words(event: Event, now: datetime, zone: str) -> str:
    """Return the day beside an event and its time, as Markdown; online on the visitor's clock, else the place's."""
    when, start = event.when, event.when.start
    if start is None or not when.is_exact_to_the_day:
        known = start is not None and when.precision in {DatePrecision.MONTH, DatePrecision.WEEK}
        return f"**{start:%b}**  \n:small[{start:%Y}]" if known and start is not None else "–"
    return _day_and_time(start, when.timezone if event.places else zone, now)


def deadline_rail(event: Event, now: datetime) -> str:
    """Return the day of an event's next deadline as its organiser wrote it, and its time, as Markdown."""
    deadline, status = next_deadline(event, now), application_status(event, now)
    if status is ApplicationStatus.NOT_YET_OPEN:
        return ":small[Not yet open]"
    if deadline is None or deadline.day is None:
        return f":small[{_WITHOUT_DEADLINE.get(status, 'No deadline known')}]"
    at = deadline.at
    if isinstance(at, datetime) and day_of(at, deadline.timezone) == deadline.day:
        return _day_and_time(at, deadline.timezone, now)
    return _day_and_time(deadline.day, None, now)


_WITHOUT_DEADLINE = {
    ApplicationStatus.ROLLING: "Rolling",
    ApplicationStatus.CLOSED: "Closed",
}


def _day_and_time(moment: date, zone: str | None, now: datetime) -> str:
    local = moment.astimezone(zone_of(zone)) if isinstance(moment, datetime) else moment
    day = f":small[{local:%a}]  \n**{local.day} {local:%b}**"
    if abs((day_of(moment, None) - now.date()).days) > _FAR:
        day += f"  \n:small[{local:%Y}]"
    return f"{day}  \n:small[{local:%H:%M}]" if isinstance(local, datetime) else day


def date_words(event: Event, zone: str) -> str:
    """Return the date in full, as Markdown: on the visitor's clock if one can take part online only."""
    ours = "" if event.places else other_clock(event, zone)
    return plain(f"{ours} your time" if ours else format_when(event.when))


def span_words(event: Event, zone: str) -> str:
    """Return what the day beside an event does not say, as Markdown: the end, both clocks if they differ."""
    when, start, end = event.when, event.when.start, event.when.end
    if start is None or not when.is_exact_to_the_day:
        return plain(format_when(when))
    if not isinstance(start, datetime):
        return plain(f"until {day_words(when.last_day)}") if when.last_day and when.last_day != start else ""
    theirs, ours = zone_of(when.timezone), zone_of(zone)
    here = start.astimezone(theirs if event.places else ours)
    words = f"{here:%H:%M}"
    if isinstance(end, datetime):
        until = end.astimezone(here.tzinfo)
        words += (
            f"–{until:%H:%M}" if until.date() == here.date() else f" until {day_words(until.date())}, {until:%H:%M}"
        )
    differs = start.astimezone(theirs).utcoffset() != start.astimezone(ours).utcoffset()
    if event.places:
        return plain(f"{words} {zone_words(when.timezone)}") if differs else plain(words)
    place = f" :gray[({start.astimezone(theirs):%H:%M} {plain(zone_words(when.timezone))})]" if differs else ""
    return plain(words) + (" your time" + place if differs else "")


def when_lines(event: Event, zone: str) -> list[str]:
    """Return the date in full, as Markdown: on the visitor's clock, too, if one can take part online, and first then
    if one cannot take part elsewhere."""
    words, ours = plain(format_when(event.when)), other_clock(event, zone)
    if not ours:
        return [f"**{words}**"]
    if event.places:
        return [f"**{words}**", f"{plain(ours)} your time"]
    return [f"**{plain(ours)} your time**", words]


def where_words(event: Event) -> str:
    """Return the places and whether one can take part online, as Markdown."""
    return plain(format_places(event) or "Place not announced")


def address_line(event: Event) -> str:
    """Return the places with venue and street, whether one can take part online, and links to maps, as Markdown."""
    linked = [(place_words(each), address) for each in event.places if (address := map_link(each))]
    several = len(linked) > 1
    maps = [link(f"Map of {name}" if several else "Map", address) for name, address in linked]
    return " · ".join([plain(format_addresses(event) or "Place not announced"), *maps])


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


def add_links(event: Event, base: str) -> list[str]:
    """Return links that add the event to a calendar, and one that copies its address, as Markdown."""
    said = []
    if google := google_link(event):
        said = [link("Google Calendar", google), link("Outlook", outlook_link(event))]
    has_deadline = any(each.closes_at for each in event.deadlines)
    if google or has_deadline:
        also = (", with the deadline" if google else ", the deadline") if has_deadline else ""
        said.append(link(f"Apple and others (.ics){also}", f"{base}/events/{event.id}.ics"))
    return [
        *said,
        link("Copy link", f"{base}/events/{event.id}#copy"),
        link("Open its page", f"{base}/events/{event.id}"),
    ]
