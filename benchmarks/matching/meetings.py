"""Makers of families of meetings: recurring meetups, numbered sessions, twins in other cities, shared evenings."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.matching.truth import Maker, Truth, headline
from benchmarks.matching.words import City, Organizer, local_groups, slug
from tracker.models.vocabulary import EventType, Mode

_STEPS = (7, 7, 7, 14, 14, 28, 28)


def _type_of(title: str) -> EventType:
    lowered = title.lower()
    if "reading" in lowered or "paper" in lowered:
        return EventType.READING_GROUP
    if "cowork" in lowered:
        return EventType.COWORKING
    if "social" in lowered or "drinks" in lowered or "dinner" in lowered or "games" in lowered:
        return EventType.SOCIAL
    return EventType.PROTEST if "flyering" in lowered else EventType.MEETUP


def _dates(make: Maker, step: int, number: int) -> list[date]:
    """Return the dates of a series; now and then one is left out or moved by a day."""
    first = make.a_day(step * number)
    days = []
    for index in range(number):
        if number > 3 and make.chance(0.05):
            continue
        moved = make.rng.choice((-1, 1)) if step > 7 and make.chance(0.05) else 0
        days.append(first + timedelta(days=step * index + moved))
    return days


def _repeat(
    make: Maker, title: str, city: City | None, organizer: Organizer, days: list[date], kind: str
) -> list[Truth]:
    """Return one meetup held on ``days``, with one page for all (40 %) or a page for each."""
    rng = make.rng
    series = make.a_series(kind)
    shared = make.chance(0.4)
    where = rng.choice(("luma", "meetup", "eventbrite", "own"))
    topical = kind == "meetup" and ":" not in title and make.chance(0.22)
    first = make.a_meeting(
        title,
        days[0],
        city,
        organizer,
        types=(_type_of(title),),
        page=make.a_page(title, organizer, where) if not shared else f"https://{organizer.site}/{slug(title)}",
        series=series,
        family="meetup",
        shares_page=shared,
        alike=not topical,
    )
    events = []
    for day in days:
        truth = make.again(first, day=day)
        if not shared:
            truth.page = make.a_page(title, organizer, where)
        if topical:
            truth.topic = make.a_topic()
            truth.title = f"{title}: {headline(truth.topic)}"
        events.append(truth)
    return events


def meetup_series(make: Maker) -> list[Truth]:
    """Make a weekly, fortnightly or monthly meetup of 4 to 16 dates."""
    city = None if make.chance(0.22) else make.a_city()
    organizer = make.an_organizer(city, 0.8)
    title, _ = make.a_title("meetup", city=city.name if city else "Online", org=organizer.name)
    days = _dates(make, make.rng.choice(_STEPS), make.rng.randrange(4, 17))
    return _repeat(make, title, city, organizer, days, "meetup")


def twin_meetups(make: Maker) -> list[Truth]:
    """Make two to four meetups of one generic title in different cities, most of them on the same days."""
    title = make.rng.choice(make.words["generic"])
    days = _dates(make, make.rng.choice(_STEPS), make.rng.randrange(2, 7))
    clock = make.a_clock()
    events: list[Truth] = []
    for _ in range(make.rng.choice((2, 2, 3, 4))):
        city = make.a_city()
        kept = [day for day in days if make.chance(0.85)] or days[:1]
        group = _repeat(make, title, city, make.rng.choice(local_groups(city)), kept, "twin")
        for truth in group:
            truth.clock = clock if make.chance(0.6) else truth.clock
        events += group
    return events


def session_series(make: Maker) -> list[Truth]:
    """Make numbered sessions, weekly or on consecutive days; some do not write the number."""
    rng = make.rng
    city = None if make.chance(0.4) else make.a_city()
    organizer = make.an_organizer(city)
    title, words = make.a_title("sessions")
    number = rng.randrange(3, 9)
    step = rng.choice((7, 7, 7, 1, 1, 14))
    days = _dates(make, step, number)
    offset = rng.randrange(1, 30)
    style = rng.choice(
        (
            "{k}/{n} {t}",
            "{t} – Session {k}",
            "{t} #{o}",
            "{t}: Week {k}",
            "{t} (Part {k})",
            "{t} Day {k}",
            "{t}",
            "{t} {k} of {n}",
        )
    )
    if step != 1:
        style = style.replace(" Day ", " Session ")
    events = _repeat(make, title, city, organizer, days, "session")
    for index, truth in enumerate(events):
        truth.title = style.format(k=index + 1, n=len(days), o=index + offset, t=title)
        truth.types = (EventType.WORKSHOP,)
        truth.topic = words["topic"]
        truth.alike = style == "{t}"
    return events


def same_evening_talks(make: Maker) -> list[Truth]:
    """Make two to four different talks (or a talk and a social) of one organiser at one venue the same evening."""
    rng = make.rng
    city = make.a_city()
    organizer = make.an_organizer(city)
    day = make.a_day()
    series = make.a_series("evening")
    clock = rng.choice((17, 18, 19)) * 60
    together = make.chance(0.5)
    page = f"https://{organizer.site}/{rng.choice(('evenings', 'talks'))}/{day:%Y-%m-%d}" if make.chance(0.4) else ""
    venue = rng.choice(city.venues)
    events = []
    for index in range(rng.choice((2, 2, 3, 4))):
        kind = "social" if index and make.chance(0.25) else "talk"
        title, words = make.a_title(kind, org=organizer.short, city=city.name)
        truth = make.a_meeting(
            title,
            day,
            city,
            organizer,
            page=page or make.a_page(title, organizer),
            venue=venue,
            types=(EventType.SOCIAL if kind == "social" else EventType.TALK,),
            topic=words["topic"],
            speaker=words["speaker"] if kind == "talk" else "",
            clock=clock if together else clock + 45 * index,
            minutes=rng.choice((30, 45, 60)),
            mode=Mode.IN_PERSON,
            series=series,
            family="evening",
            keeps_subtitle=True,
            shares_page=bool(page),
        )
        events.append(truth)
    return events
