"""Makers of families of training: cohorts of one course, programmes of one organiser, sibling bootcamps."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.matching.truth import MONTHS, SEASONS, Maker, Truth, roman
from benchmarks.matching.words import slug
from tracker.models.vocabulary import EventType, Mode

_COURSE_DAYS = (28, 35, 42, 56, 56, 70, 84, 90)


def _season(month: int) -> str:
    return SEASONS[month % 12 // 3]


def _training_type(title: str) -> EventType:
    lowered = title.lower()
    if "course" in lowered or "introduction" in lowered or "fundamentals" in lowered or "intro" in lowered:
        return EventType.COURSE
    return EventType.BOOTCAMP if "intensive" in lowered or "bootcamp" in lowered else EventType.FELLOWSHIP


def course_cohorts(make: Maker) -> list[Truth]:
    """Make two to six cohorts of one course on one landing page, half of the lines without a cohort's name."""
    rng = make.rng
    city = make.a_city() if make.chance(0.3) else None
    organizer = make.an_organizer(city, 0.15)
    title, words = make.a_title("course", org=organizer.short)
    style = rng.choice(make.words["cohort"]) if make.chance(0.5) else ""
    number = rng.randrange(2, 7)
    length = rng.choice(_COURSE_DAYS)
    step = rng.choice((42, 56, 91, 91, 120, 182))
    first = make.a_day(step * number)
    offset = rng.randrange(1, 12)
    landing = f"https://{organizer.site}/{rng.choice(('courses', 'programs', 'programmes'))}/{slug(title)}"
    series = make.a_series("course")
    base = Truth(
        title=title,
        day=first,
        organizer=organizer,
        page=landing,
        types=(_training_type(title),),
        topic=words["topic"],
        city=city,
        venue=rng.choice(city.venues) if city else "",
        mode=Mode.IN_PERSON if city else Mode.ONLINE,
        days=length,
        series=series,
        family="course",
        shares_page=True,
        alike=not style,
    )
    events = []
    for index in range(number):
        day = first + timedelta(days=step * index + rng.randrange(-3, 4))
        named = style.format(
            n=offset + index,
            season=_season(day.month),
            year=day.year,
            roman=roman(offset + index),
            month=MONTHS[day.month - 1],
        )
        joint = rng.choice((" ", ": ", " – ")) if style[:1] in "CSBRM{" and "n}.0" not in style else " "
        deadline = day - timedelta(days=rng.randrange(14, 40)) if make.chance(0.8) else None
        events.append(make.again(base, title=title + joint + named if named else title, day=day, deadline=deadline))
    return events


def twin_programmes(make: Maker) -> list[Truth]:
    """Make two or three programmes of one organiser with the same start, cities, and nearly the same name."""
    rng = make.rng
    city = make.a_city() if make.chance(0.7) else None
    organizer = make.an_organizer(city, 0.1)
    brand = rng.choice((organizer.short, organizer.name, rng.choice(make.words["brand"])))
    names = rng.sample(make.words["programme"], rng.choice((2, 2, 2, 3)))
    first = make.a_day(200)
    month_named = make.chance(0.7)
    one_page = make.chance(0.25)
    series = make.a_series("programmes")
    events = []
    for edition in range(rng.choice((1, 1, 2))):
        day = first + timedelta(days=182 * edition)
        for index, name in enumerate(names):
            start = day + timedelta(days=rng.choice((0, 0, 0, 7)) if index else 0)
            title = (
                f"{brand} {name}: {MONTHS[day.month - 1]} {day.year}" if month_named else f"{brand} {name} {day.year}"
            )
            page = f"https://{organizer.site}/{'programs' if one_page else slug(name)}"
            events.append(
                Truth(
                    title=title,
                    day=start,
                    organizer=organizer,
                    page=page,
                    types=(_training_type(title),),
                    topic=make.a_topic(),
                    city=city,
                    venue=rng.choice(city.venues) if city else "",
                    mode=Mode.IN_PERSON if city else Mode.ONLINE,
                    days=rng.choice((14, 28, 42, 90)),
                    deadline=day - timedelta(days=45) if make.chance(0.7) else None,
                    series=series,
                    family="programmes",
                    keeps_subtitle=False,
                    shares_page=one_page or edition > 0,
                    alike=False,
                )
            )
    return events


def sibling_bootcamps(make: Maker) -> list[Truth]:
    """Make two to five bootcamps of one brand in different cities, in the same or neighbouring weeks."""
    rng = make.rng
    brand = rng.choice(make.words["brand"])
    organizer = make.an_organizer(None)
    template = rng.choice(make.words["bootcamp"])
    first = make.a_day(30)
    length = rng.choice((5, 7, 8, 10, 12))
    landing = make.chance(0.5)
    topic = make.a_topic()
    series = make.a_series("bootcamp")
    used: set[str] = set()
    events = []
    for _ in range(rng.choice((2, 3, 3, 4, 5))):
        city = make.a_city()
        if city.name in used:
            continue
        used.add(city.name)
        title = template.format(brand=brand, city=city.name)
        day = first + timedelta(days=rng.choice((0, 0, 7, 7, 14, -7)) + rng.choice((0, 0, 0, 1, -1)))
        page = f"https://{organizer.site}/bootcamp"
        events.append(
            Truth(
                title=title,
                day=day,
                organizer=organizer,
                page=page if landing else f"{page}/{slug(city.name)}-{make.a_code(3)}",
                types=(EventType.BOOTCAMP,),
                topic=topic,
                city=city,
                venue=rng.choice(city.venues),
                days=length,
                deadline=day - timedelta(days=30) if make.chance(0.7) else None,
                series=series,
                family="bootcamp",
                keeps_subtitle=True,
                keeps_place=True,
                shares_page=landing,
                alike="{city}" not in template,
            )
        )
    return events
