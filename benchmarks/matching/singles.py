"""Makers of events that stand alone: talks, workshops, socials, protests, conferences of a day, opportunities."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.matching.truth import Maker, Truth
from benchmarks.matching.words import slug
from tracker.models.vocabulary import EventType, Mode

_KINDS = (
    "talk",
    "talk",
    "talk",
    "talk",
    "workshop",
    "workshop",
    "social",
    "reading_group",
    "protest",
    "day_conference",
)
_TYPES = {
    "talk": EventType.TALK,
    "workshop": EventType.WORKSHOP,
    "social": EventType.SOCIAL,
    "reading_group": EventType.READING_GROUP,
    "protest": EventType.PROTEST,
    "day_conference": EventType.CONFERENCE,
}


def one_off(make: Maker) -> list[Truth]:
    """Make one event without siblings."""
    rng = make.rng
    kind = rng.choice(_KINDS)
    city = None if kind in {"talk", "workshop", "reading_group"} and make.chance(0.3) else make.a_city()
    organizer = make.an_organizer(city)
    where = city.name if city else "Online"
    title, words = make.a_title(kind, city=where, org=organizer.name)
    truth = make.a_meeting(
        title,
        make.a_day(),
        city,
        organizer,
        page=make.a_page(title, organizer),
        types=(_TYPES[kind],),
        topic=words["topic"],
        speaker=words["speaker"] if kind == "talk" else "",
        cohost=make.an_organizer(city, 0.5) if make.chance(0.2) else None,
    )
    if kind == "day_conference":
        truth.days = rng.choice((1, 1, 2, 2, 3))
        truth.clock = None
    return [truth]


def opportunity(make: Maker) -> list[Truth]:
    """Make one thing to apply for: with a deadline, rolling, or with dates as well."""
    rng = make.rng
    city = make.a_city() if make.chance(0.3) else None
    organizer = make.an_organizer(city, 0.1)
    title, words = make.a_title("opportunity", org=organizer.name)
    if make.chance(0.5) or not make.is_new(title):
        title = (
            f"{make.a_speaker()} {title}"  # named after somebody: without dates, the name is all that tells them apart
        )
        while not make.is_new(title):
            title = f"{make.a_speaker()} & {title}"
    day = make.a_day()
    style = rng.random()
    truth = Truth(
        title=title,
        day=day,
        organizer=organizer,
        page=f"https://{organizer.site}/{rng.choice(('apply', 'opportunities', 'jobs', 'grants'))}/{slug(title)}",
        types=(_opportunity_type(title),),
        topic=words["topic"],
        city=city,
        mode=Mode.IN_PERSON if city else Mode.ONLINE,
        dated=style > 0.85,
        days=rng.choice((30, 60, 90, 180)),
        deadline=None if style < 0.25 else day - timedelta(days=rng.randrange(20, 60)),
        rolling=style < 0.25,
        family="opportunity",
    )
    return [truth]


def opportunity_rounds(make: Maker) -> list[Truth]:
    """Make two or three rounds of one opportunity on one page: other deadlines, and half of the times other titles."""
    truth = opportunity(make)[0]
    series = make.a_series("rounds")
    step = make.rng.choice((91, 182, 365))
    first = truth.day
    rounds = make.rng.choice((2, 2, 3))
    named = make.rng.choice(("", "", " – Round {}", " (Call {})"))
    return [
        make.again(
            truth,
            title=truth.title + named.format(number + 1),
            day=first + timedelta(days=step * number),
            deadline=first + timedelta(days=step * number - 30),
            rolling=False,
            series=series,
            shares_page=True,
            alike=not named,
            keeps_deadline=True,
        )
        for number in range(rounds)
    ]


def _opportunity_type(title: str) -> EventType:
    if "Fellowship" in title:
        return EventType.FELLOWSHIP
    if "Internship" in title:
        return EventType.INTERNSHIP
    if "Prize" in title or "Bounty" in title:
        return EventType.COMPETITION
    return EventType.JOB if "Research" in title and "Grants" not in title else EventType.GRANT
