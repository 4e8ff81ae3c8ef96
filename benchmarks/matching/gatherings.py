"""Makers of families of large events: yearly conferences, conferences with side events, hackathons with city nodes."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.matching.truth import Maker, Truth
from benchmarks.matching.words import City, slug
from tracker.models.vocabulary import EventType, Mode


def yearly_conference(make: Maker) -> list[Truth]:
    """Make two to five editions of one conference, a year apart, with one page for all or one for each year."""
    rng = make.rng
    city = make.a_city()
    organizer = make.an_organizer(city, 0.15)
    name, words = make.a_title("conference", city=city.name, org=organizer.short)
    number = rng.choice((2, 2, 3, 3, 4, 5))
    first = make.a_day(365 * (number - 1))
    if make.days < 365 * (number - 1):  # a short span holds few editions: spread evenly around it
        first = make.a_day() - timedelta(days=365 * rng.randrange(number))
    year_in_title = make.chance(0.6)
    one_page = make.chance(0.5)
    moves = name.find(city.name) < 0 and make.chance(0.6)
    length = rng.choice((1, 2, 2, 3, 3, 4))
    host = rng.choice((organizer.site, f"{slug(name)}.org"))
    series = make.a_series("conference")
    events = []
    for index in range(number):
        day = first + timedelta(days=364 * index + rng.choice((-14, -7, 0, 0, 7, 14)))
        place = make.a_city() if moves else city
        events.append(
            Truth(
                title=f"{name} {day.year}" if year_in_title else name,
                day=day,
                organizer=organizer,
                page=f"https://{host}/" + ("conference" if one_page else str(day.year)),
                types=(EventType.CONFERENCE,),
                topic=words["topic"],
                city=place,
                venue=rng.choice(place.venues),
                mode=Mode.HYBRID_CHOICE if make.chance(0.2) else Mode.IN_PERSON,
                days=length,
                deadline=day - timedelta(days=60) if make.chance(0.5) else None,
                series=series,
                family="conference",
                shares_page=one_page,
                alike=not year_in_title,
            )
        )
    return events


def conference_with_sides(make: Maker) -> list[Truth]:
    """Make a conference of one to three days, and workshops and receptions on these days in the same city."""
    rng = make.rng
    city = make.a_city()
    organizer = make.an_organizer(city, 0.2)
    name, words = make.a_title("conference", city=city.name, org=organizer.short)
    day = make.a_day()
    name = f"{name} {day.year}" if make.chance(0.5) else name
    series = make.a_series("sides")
    page = f"https://{organizer.site}/{slug(name)}"
    venue = rng.choice(city.venues)
    main = Truth(
        title=name,
        day=day,
        organizer=organizer,
        page=page,
        types=(EventType.CONFERENCE,),
        topic=words["topic"],
        city=city,
        venue=venue,
        days=rng.choice((1, 2, 2, 3)),
        series=series,
        family="sides",
    )
    events = [main]
    for template in rng.sample(make.words["side"], rng.choice((1, 2, 2, 3, 4))):
        topic = make.a_topic()
        title = template.format(main=name, topic=topic)
        title = title[0].upper() + title[1:]
        on_page = make.chance(0.3)
        side = make.a_meeting(
            title,
            day + timedelta(days=rng.randrange(main.days)),
            city,
            organizer,
            page=page if on_page else f"{page}/{slug(template.format(main='', topic=topic))}",
            types=(EventType.WORKSHOP if "Workshop" in title else EventType.SOCIAL,),
            topic=topic,
            venue=venue if make.chance(0.6) else rng.choice(city.venues),
            mode=Mode.IN_PERSON,
            series=series,
            family="sides",
            keeps_subtitle=True,
            shares_page=on_page,
        )
        events.append(side)
        main.shares_page = main.shares_page or on_page
    return events


def hackathon_weekends(make: Maker) -> list[Truth]:
    """Make one to three hackathons of one organiser, each with up to four city nodes on the same week-end."""
    rng = make.rng
    organizer = make.an_organizer(None)
    first = make.a_day(90)
    events: list[Truth] = []
    for index in range(rng.choice((1, 1, 2, 3))):
        title, words = make.a_title("hackathon", org=organizer.short)
        day = first + timedelta(days=42 * index)
        friday = day + timedelta(days=(4 - day.weekday()) % 7)
        main = Truth(
            title=title,
            day=friday,
            organizer=organizer,
            page=f"https://{organizer.site}/{rng.choice(('sprints', 'hackathons', 'events'))}/{slug(title)}",
            types=(EventType.HACKATHON,),
            topic=words["topic"],
            mode=Mode.ONLINE,
            days=3,
            deadline=friday - timedelta(days=rng.choice((1, 3, 7))) if make.chance(0.4) else None,
            series=make.a_series("hackathon"),
            family="hackathon",
        )
        if make.chance(0.2):
            main.clock, main.minutes = rng.choice((17, 18)) * 60, 2 * 24 * 60
        events.append(main)
        events += _nodes(make, main, friday)
    return events


def _nodes(make: Maker, main: Truth, friday: date) -> list[Truth]:
    """Return up to four places where people join the hackathon ``main`` together."""
    rng = make.rng
    nodes: list[Truth] = []
    used: set[str] = set()
    one_page = make.chance(0.35)
    main_shares = False
    for _ in range(rng.choice((0, 1, 2, 2, 3, 4))):
        city: City = make.a_city()
        if city.name in used:
            continue
        used.add(city.name)
        template = rng.choice(make.words["node"])
        title = template.format(title=main.title, city=city.name)
        local = make.an_organizer(city, 0.9)
        main_shares = main_shares or one_page
        nodes.append(
            make.again(
                main,
                title=title,
                day=friday + timedelta(days=rng.choice((0, 0, 0, 1))),
                days=rng.choice((3, 3, 2)) if title != main.title else 3,
                city=city,
                venue=rng.choice(city.venues),
                mode=Mode.IN_PERSON,
                organizer=main.organizer if make.chance(0.5) else local,
                cohost=local,
                page=main.page if one_page else make.a_page(title, local),
                keeps_subtitle="{city}" in template,
                keeps_place=True,
                shares_page=one_page,
                alike="{city}" not in template,
            )
        )
    main.shares_page = main_shares
    main.keeps_place = bool(nodes)
    return nodes
