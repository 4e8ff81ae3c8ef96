"""Pairs that people of this field would never mix up, and pairs that they would not even notice as two."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import a_listing, a_when
from tracker.matching.matcher import group_listings
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.moments import When
from tracker.models.place import Place
from tracker.models.vocabulary import DatePrecision, EventType, Mode, PlacePrecision


def in_city(city: str, country: str, latitude: float, longitude: float) -> tuple[Place, ...]:
    return (
        Place(
            raw=city, city=city, country=country, latitude=latitude, longitude=longitude, precision=PlacePrecision.CITY
        ),
    )


BERKELEY = in_city("Berkeley", "US", 37.87, -122.27)
BERLIN = in_city("Berlin", "DE", 52.52, 13.41)
PRAGUE = in_city("Prague", "CZ", 50.09, 14.42)
JANUARY = a_when(date(2027, 1, 4))
TERM = a_when(date(2027, 1, 4), date(2027, 3, 5))
EVENING = a_when(datetime(2026, 12, 10, 18, tzinfo=UTC), datetime(2026, 12, 10, 20, tzinfo=UTC))
CONFERENCE: dict[str, Any] = {"when": a_when(date(2027, 2, 5), date(2027, 2, 7)), "places": BERLIN}


def groups(one: dict[str, Any], other: dict[str, Any]) -> int:
    first = {"source": "a", "source_id": "1", "url": None}
    second = {"source": "b", "source_id": "2", "url": None}
    return len(group_listings([a_listing(**first | one), a_listing(**second | other)]).groups)


def due(day: date) -> tuple[Deadline, ...]:
    return (Deadline(at=day),)


DIFFERENT: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "two programmes of one organiser with one start",
        {"title": "Iliad Intensive: January 2027", "when": JANUARY, "places": BERKELEY, "organizers": ("Iliad",)},
        {"title": "Iliad Fellowship: January 2027", "when": JANUARY, "places": BERKELEY, "organizers": ("Iliad",)},
    ),
    (
        "the year that only the text names",
        {"title": "Centre for AI: Policy Fellowship", "when": When(), "summary": "The Policy Fellowship 2026 is a 12-week programme.", "organizers": ("Centre for AI",)},
        {"title": "Centre for AI: Policy Fellowship", "when": a_when(date(2027, 9, 6), date(2027, 11, 26)), "organizers": ("Centre for AI",)},
    ),
    (
        "two courses of those who are called after one of them",
        {"title": "AI Safety Course", "when": TERM, "organizers": ("AI Safety Berlin",), "places": BERLIN, "types": (EventType.COURSE,)},
        {"title": "AI Governance Course", "when": TERM, "organizers": ("AI Safety Berlin",), "places": BERLIN, "types": (EventType.COURSE,)},
    ),
    (
        "a season and a kind of internship",
        {"title": "Basalt Summer Internship", "when": When(), "url": "https://basalt.example/programs", "deadlines": due(date(2027, 2, 15)), "organizers": ("Basalt AI",)},
        {"title": "Basalt Research Internship", "when": When(), "url": "https://basalt.example/programs", "deadlines": due(date(2027, 2, 15)), "organizers": ("Basalt AI",)},
    ),
    (
        "a workshop and the days in its brackets",
        {"title": "Verification Workshop (Verification Workshop Days 2027)", "when": a_when(date(2027, 2, 6)), "places": BERLIN},
        {"title": "Verification Workshop Days 2027", **CONFERENCE},
    ),
    (
        "the call of one year and one with a deadline after it",
        {"title": "Call for trustworthy AI – 2026", "when": When(), "organizers": ("ANR",)},
        {"title": "Call for trustworthy AI", "when": When(), "deadlines": due(date(2027, 10, 30)), "organizers": ("ANR",)},
    ),
    (
        "two semesters",
        {"title": "Programa de Mentorías CCI 2026-2", "when": When(), "url": "https://cci.example/mentorias"},
        {"title": "Programa de Mentorías CCI 2027-1", "when": When(), "url": "https://cci.example/mentorias"},
    ),
    (
        "two openings of one university",
        {"title": "PhD position, AI policy in China", "when": When(), "url": "https://uni.example/careers", "organizers": ("Uni Lindau",), "deadlines": due(date(2027, 3, 1))},
        {"title": "PhD position, local-first software", "when": When(), "url": "https://uni.example/careers", "organizers": ("Uni Lindau",), "deadlines": due(date(2027, 3, 1))},
    ),
    (
        "what two groups of one university offer, of which one is called by its initials",
        {"title": "TUM AI Safety Initiative: Intro Fellowship", "when": TERM, "organizers": ("TUM AI Safety Initiative",), "places": BERLIN, "types": (EventType.COURSE,)},
        {"title": "Fully funded PhD: lead exposure – Technical University of Munich", "when": When(), "organizers": ("Technical University of Munich", "TUM AI"), "places": BERLIN},
    ),
    (
        "the course for beginners and the one that goes deeper",
        {"title": "Introductory EA Program", "when": TERM, "organizers": ("EA Virtual Programs",), "types": (EventType.COURSE,)},
        {"title": "In-Depth EA Program", "when": TERM, "organizers": ("EA Virtual Programs",)},
    ),
    ("two versions", {"title": "ARENA 6.0", "url": "https://arena.education/"}, {"title": "ARENA 7.0", "url": "https://arena.education/"}),
    ("two camps", {"title": "AISC 10", "when": JANUARY}, {"title": "AI Safety Camp 11", "when": JANUARY}),
    ("two seasons", {"title": "MATS Summer 2027", "when": When()}, {"title": "MATS Autumn 2027", "when": When()}),
    (
        "one bootcamp in two cities",
        {"title": "ML4Good Governance: Hong Kong", "when": JANUARY, "organizers": ("ML4Good",)},
        {"title": "ML4Good Governance: Berlin", "when": JANUARY, "organizers": ("ML4Good",)},
    ),
    ("two EAGx", {"title": "EAGxBerlin", "when": JANUARY, "places": BERLIN}, {"title": "EAGxPrague", "when": JANUARY, "places": PRAGUE}),
    ("another week", {"title": "AI Safety Meetup", "when": a_when(date(2026, 12, 3))}, {"title": "AI Safety Meetup", "when": a_when(date(2026, 12, 10))}),
    ("two sessions on two days", {"title": "4/7 Evals Workshop", "when": a_when(date(2026, 12, 3))}, {"title": "5/7 Evals Workshop", "when": a_when(date(2026, 12, 4))}),
    (
        "two rounds of a course",
        {"title": "AI Governance Course", "types": (EventType.COURSE,), "when": When(), "deadlines": due(date(2026, 12, 1)), "url": "https://course.example/"},
        {"title": "AI Governance Course", "types": (EventType.COURSE,), "when": When(), "deadlines": due(date(2027, 3, 1)), "url": "https://course.example/"},
    ),
    (
        "two tickets of one platform",
        {"title": "AI Safety Night", "when": EVENING, "url": "https://www.eventbrite.com/e/ai-safety-night-tickets-111111111"},
        {"title": "AI Safety Night", "when": EVENING, "url": "https://www.eventbrite.de/e/ai-safety-night-tickets-222222222"},
    ),
    (
        "the online part of a hackathon and its node",
        {"title": "AI Control Hackathon", "when": a_when(date(2026, 12, 4), date(2026, 12, 6)), "mode": Mode.ONLINE},
        {"title": "AI Control Hackathon", "when": a_when(date(2026, 12, 4), date(2026, 12, 6)), "mode": Mode.IN_PERSON, "places": PRAGUE},
    ),
    ("two talks one evening", {"title": "Talk: Scaling oversight", "when": EVENING, "places": BERLIN}, {"title": "Talk: Compute governance", "when": EVENING, "places": BERLIN}),
    (
        "two programmes of a school whose name is a kind of programme",
        {"title": "Warsaw School of Policy Intensive 2027", "when": JANUARY, "places": BERLIN, "organizers": ("Warsaw School of Policy",)},
        {"title": "Warsaw School of Policy Research Lab 2027", "when": JANUARY, "places": BERLIN, "organizers": ("Warsaw School of Policy",)},
    ),
    (
        "courses on two subjects",
        {"title": "AI Safety Collab: Alignment Course (July 2027)", "when": TERM, "mode": Mode.ONLINE, "types": (EventType.COURSE,), "organizers": ("ENAIS",)},
        {"title": "AI Safety Collab: Governance Course (July 2027)", "when": TERM, "mode": Mode.ONLINE, "types": (EventType.COURSE,), "organizers": ("ENAIS",)},
    ),
    (
        "a conference and a social that is called after it",
        {"title": "Alignment Days Porto", "organizers": ("Tidepool",), **CONFERENCE},
        {"title": "Alignment Days Porto Unofficial Evals Social", "when": a_when(date(2027, 2, 5)), "places": BERLIN, "organizers": ("Tidepool",)},
    ),
    (
        "a conference and what is co-located with it",
        {"title": "EA Summit Berlin 2027", "when": a_when(date(2027, 2, 6)), "places": BERLIN},
        {"title": "Governance Day 2027, co-located with EA Summit Berlin", "when": a_when(date(2027, 2, 5)), "places": BERLIN},
    ),
    (
        "a hackathon on Zoom and its site in a city",
        {"title": "Red-Team-a-thon 2027", "when": a_when(date(2026, 12, 4), date(2026, 12, 6)), "mode": Mode.HYBRID_CHOICE, "places": (Place(raw="Zoom"),)},
        {"title": "Berlin Jam Site: Red-Team-a-thon", "when": a_when(date(2026, 12, 4), date(2026, 12, 6)), "mode": Mode.IN_PERSON, "places": BERLIN},
    ),
    (
        "two evenings a day apart, each with a page of its organiser",
        {"title": "Intro to Weight Security", "when": a_when(datetime(2026, 12, 10, 18, tzinfo=UTC)), "url": "https://school.example/events/weights-9c", "organizers": ("FPS",)},
        {"title": "Intro to Weight Security", "when": a_when(datetime(2026, 12, 11, 18, tzinfo=UTC)), "url": "https://school.example/events/weights-bd", "organizers": ("FPS",)},
    ),
    (
        "a cohort that is over and the next, which has only a deadline",
        {"title": "Governance Course", "when": TERM, "types": (EventType.COURSE,), "url": "https://course.example/"},
        {"title": "Governance Course", "when": When(), "types": (EventType.COURSE,), "deadlines": due(date(2027, 6, 1)), "url": "https://course.example/"},
    ),
    (
        "a day of a series of workshops and the series",
        {"title": "Intro to effective giving – Day 2", "when": a_when(datetime(2027, 2, 6, 18, tzinfo=UTC), datetime(2027, 2, 6, 20, tzinfo=UTC)), "places": BERLIN, "organizers": ("EA Berlin",)},
        {"title": "Intro to effective giving", "when": a_when(date(2027, 2, 5), date(2027, 2, 8)), "places": BERLIN, "organizers": ("EA Berlin",)},
    ),
    (
        "a workshop at a conference whose name has a workshop in it",
        {"title": "Unlearning Hazardous Knowledge – workshop at Alignment Workshop Berlin", "when": a_when(datetime(2027, 2, 5, 10, tzinfo=UTC), datetime(2027, 2, 5, 15, tzinfo=UTC)), "places": BERLIN},
        {"title": "Alignment Workshop Berlin 2027", "when": a_when(date(2027, 2, 5), date(2027, 2, 6)), "places": BERLIN},
    ),
    (
        "the keynote that opens a hackathon",
        {"title": "Women in AI Safety Hackathon – Opening Keynote", "when": a_when(datetime(2027, 2, 19, 19, tzinfo=UTC)), "mode": Mode.ONLINE},
        {"title": "Women in AI Safety Hackathon 2027", "when": a_when(datetime(2027, 2, 19, 17, tzinfo=UTC), datetime(2027, 2, 21, 21, tzinfo=UTC)), "mode": Mode.ONLINE},
    ),
    ("lettered sessions", {"title": "Intro Webinar (Session A)", "when": EVENING}, {"title": "Intro Webinar (Session B)", "when": EVENING}),
    (
        "two variants of a course",
        {"title": "Turing Seminar (Cohort 9) – online", "when": JANUARY, "types": (EventType.COURSE,)},
        {"title": "Turing Seminar (Cohort 9) – in person", "when": JANUARY, "types": (EventType.COURSE,)},
    ),
    ("two paces", {"title": "Navigation Course – Part-time", "when": JANUARY}, {"title": "Navigation Course – Full-time", "when": JANUARY}),
    (
        "a conference and its party",
        {"title": "EAGxBerlin 2026", "when": EVENING, "places": BERLIN, "url": "https://eagx.example/berlin"},
        {"title": "EAGxBerlin 2026 Afterparty", "when": EVENING, "places": BERLIN, "url": "https://eagx.example/berlin"},
    ),
    (
        "a conference and a workshop at it",
        {"title": "Technical AI Safety Conference", "when": a_when(date(2026, 12, 10), date(2026, 12, 12)), "places": BERLIN, "url": "https://tais.example/"},
        {"title": "Workshop on evals at the Technical AI Safety Conference", "when": EVENING, "places": BERLIN, "url": "https://tais.example/"},
    ),
    (
        "two tracks of one programme",
        {"title": "Law & AI Clinic – Research", "when": JANUARY, "organizers": ("Fjord",), "url": "https://fjord.example/clinic"},
        {"title": "Fjord Law & AI Clinic (Communications)", "when": JANUARY, "organizers": ("Fjord",), "url": "https://fjord.example/clinic"},
    ),
    ("two acronyms that differ in a letter", {"title": "ICML 2027", **CONFERENCE}, {"title": "ICMLA 2027", **CONFERENCE}),
    ("a devroom and its conference", {"title": "Rust devroom at FOSDEM 2027", **CONFERENCE}, {"title": "FOSDEM 2027", **CONFERENCE}),
    ("a devroom in brackets", {"title": "FOSDEM (Security devroom)", **CONFERENCE}, {"title": "FOSDEM", **CONFERENCE}),
    ("talks of a group at a conference", {"title": "Skytalks at DEF CON 35", **CONFERENCE}, {"title": "DEF CON 35", **CONFERENCE}),
    ("a summit before the conference's name", {"title": "Maintainer Summit: KubeCon Europe", **CONFERENCE}, {"title": "KubeCon Europe", **CONFERENCE}),
    ("a workshop after the year", {"title": "NeurIPS 2027 Workshop on Safe Agents", **CONFERENCE}, {"title": "NeurIPS 2027", **CONFERENCE}),
    (
        "a workshop at an acronym and its full name",
        {"title": "Workshop on Evals (UAI)", **CONFERENCE},
        {"title": "Conference on Uncertainty in Artificial Intelligence", **CONFERENCE},
    ),
    (
        "two workshops at one conference, which both name as their summary",
        {"title": "Workshop on Deceptive Alignment", "summary": "NeurIPS 2027", **CONFERENCE},
        {"title": "Tutorial on Compute Governance", "summary": "NeurIPS 2027", **CONFERENCE},
    ),
    (
        "two cohorts that overlap",
        {"title": "AI Safety Fundamentals", "when": a_when(date(2027, 3, 1), date(2027, 3, 20)), "types": (EventType.COURSE,), "url": "https://course.example/"},
        {"title": "AI Safety Fundamentals", "when": a_when(date(2027, 3, 5), date(2027, 3, 24)), "types": (EventType.COURSE,), "url": "https://course.example/"},
    ),
    (
        "a session of a course",
        {"title": "Governance Course: Session 1", "when": a_when(date(2027, 3, 1)), "types": (EventType.COURSE,)},
        {"title": "Governance Course", "when": a_when(date(2027, 3, 1), date(2027, 4, 20)), "types": (EventType.COURSE,)},
    ),
    (
        "two nodes of a hackathon in neighbouring cities",
        {"title": "Biosecurity Hackathon", "when": a_when(date(2027, 5, 1), date(2027, 5, 2)), "types": (EventType.HACKATHON,), "places": in_city("Osaka", "JP", 34.69, 135.50)},
        {"title": "Biosecurity Hackathon", "when": a_when(date(2027, 5, 1), date(2027, 5, 2)), "types": (EventType.HACKATHON,), "places": in_city("Kyoto", "JP", 35.01, 135.77)},
    ),
    (
        "a social of two groups of one city",
        {"title": "AI Safety Social", "when": a_when(date(2027, 5, 1)), "places": BERLIN, "organizers": ("PauseAI Berlin",)},
        {"title": "AI Safety Social", "when": a_when(date(2027, 5, 1)), "places": BERLIN, "organizers": ("Effective Altruism Berlin",)},
    ),
    (
        "co-working of two groups of one city",
        {"title": "Coworking with LessWrong Geneva", "when": EVENING, "organizers": ("LessWrong Geneva",)},
        {"title": "AI Safety Geneva coworking", "when": EVENING, "organizers": ("AI Safety Geneva",)},
    ),
    (
        "two talks of one evening that both name the host",
        {"title": "Sandbagging under Scrutiny", "when": EVENING, "places": BERLIN, "description": "At the Alignment Colloquium of the hub."},
        {"title": "Compute Caps Revisited", "when": EVENING, "places": BERLIN, "description": "At the Alignment Colloquium of the hub."},
    ),
    (
        "a meetup on the day until which one registers for the next",
        {"title": "Bristol Alignment Meetup", "when": a_when(date(2026, 12, 3))},
        {"title": "Bristol Alignment Meetup", "when": EVENING, "deadlines": due(date(2026, 12, 3))},
    ),
    ("two parts on two days", {"title": "Theory Workshop – Part I", "when": a_when(date(2026, 12, 9)), "places": BERLIN}, {"title": "Theory Workshop – Part II", "when": EVENING, "places": BERLIN}),
    (
        "two workshops of a conference with a word in common",
        {"title": "Workshop on Reliable Language Agents at ICLR 2027", "when": JANUARY, "places": BERLIN, "deadlines": due(date(2026, 10, 1))},
        {"title": "2nd Workshop on Reliable Robot Perception at ICLR 2027", "when": JANUARY, "places": BERLIN, "deadlines": due(date(2026, 10, 1))},
    ),
    (
        "a track of a course whose organiser is in the title of one",
        {"title": "Kestrel Institute Oversight Bootcamp, Cohort 6", "when": TERM, "organizers": ("Kestrel Institute",), "types": (EventType.BOOTCAMP,)},
        {"title": "Oversight Bootcamp Cohort 6 - Technical Track", "when": TERM, "organizers": ("Kestrel Institute",), "types": (EventType.BOOTCAMP,)},
    ),
    (
        "a call and the talk on its topic on the last day to apply",
        {"title": "Compute Verification Fellowship", "types": (EventType.FELLOWSHIP,), "when": a_when(date(2026, 11, 9)), "deadlines": due(date(2026, 11, 9))},
        {"title": "Talk: Compute Verification", "when": a_when(date(2026, 12, 10))},
    ),
]  # fmt: skip

THE_SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "a title with itself in brackets",
        {"title": "World Summit AI (World Summit AI 2027)", **CONFERENCE, "url": "https://worldsummit.example"},
        {"title": "World Summit AI 2027", **CONFERENCE, "url": "https://worldsummit.example"},
    ),
    (
        "the year that only the text names, and the autumn before",
        {"title": "Centre for AI: Policy Fellowship", "when": When(), "summary": "The Policy Fellowship 2027 is a 9-month programme.", "organizers": ("Centre for AI",)},
        {"title": "Centre for AI: Policy Fellowship", "when": a_when(date(2026, 9, 7), date(2027, 6, 9)), "organizers": ("Centre for AI",)},
    ),
    (
        "a report of the last year in the text, and the next round",
        {"title": "Horizon Biosecurity Fellowship", "when": When(), "description": "Horizon Biosecurity Fellowship 2026 placed 14 fellows. We are recruiting.", "deadlines": due(date(2027, 3, 14))},
        {"title": "Horizon Biosecurity Fellowship 2027", "when": a_when(date(2027, 9, 6)), "deadlines": due(date(2027, 3, 14))},
    ),
    (
        "the year of a plan, which is no edition",
        {"title": "Bürgerforum KI-Strategie 2030", "when": When(), "url": "https://graz.example/ki-forum", "places": BERLIN},
        {"title": "Bürgerforum KI-Strategie", "when": EVENING, "url": "https://graz.example/ki-forum", "places": BERLIN},
    ),
    (
        "the last day of the year anywhere on Earth",
        {"title": "Rapid Evals Grants 2026", "when": When(), "url": "https://longtail.example/rapid", "organizers": ("Longtail",)},
        {"title": "Rapid Evals Grants", "when": When(), "url": "https://longtail.example/rapid", "deadlines": due(date(2027, 1, 1)), "organizers": ("Longtail",)},
    ),
    (
        "a calendar's entry of another platform's event",
        {"title": "Hardware Night", "when": EVENING, "url": "https://www.meetup.com/hack/events/310839956/"},
        {"title": "Hardware Night with pizza", "when": EVENING, "url": "https://www.meetup.com/en-GB/hack/events/310839956/?utm_source=luma"},
    ),
    (
        "a sprint with and without tracking",
        {"title": "AI Control Hackathon", "when": a_when(date(2026, 12, 4)), "url": "https://apartresearch.com/sprints/ai-control"},
        {"title": "AI Control Hackathon 2026", "when": a_when(date(2026, 12, 4)), "url": "https://apartresearch.com/sprints/ai-control?utm_source=discord"},
    ),
    (
        "a row and the card made of it",
        {"source_id": "recAbCdEf12345678", "title": "Iliad Intensive: January 2027", "when": JANUARY, "url": "https://iliad.example/"},
        {"source_id": "g0 recAbCdEf12345678", "title": "Iliad Intensive", "when": a_when(date(2027, 1, 4), year_inferred=True)},
    ),
    (
        "a cross-post",
        {"title": "ACX Meetup Berlin", "when": EVENING, "places": BERLIN, "url": "https://www.lesswrong.com/events/aaaaaaaaaaaaaaaaa/x"},
        {"title": "ACX Meetup Berlin", "when": EVENING, "places": BERLIN, "url": "https://forum.effectivealtruism.org/events/bbbbbbbbbbbbbbbbb/y"},
    ),
    (
        "a title in another language",
        {"title": "AI Safety Meetup Berlin", "when": EVENING, "places": BERLIN, "organizers": ("AI Safety Berlin",)},
        {"title": "KI-Sicherheit Stammtisch (Berlin)", "when": a_when(date(2026, 12, 10)), "places": BERLIN, "organizers": ("AI Safety Berlin e.V.",)},
    ),
    (
        "an abbreviation and a misprint",
        {"title": "CCI Governance Worskhop", "when": EVENING, "places": BERLIN},
        {"title": "Centre for Careful Intelligence: Governance Workshop", "when": EVENING, "places": BERLIN},
    ),
    (
        "the day of UTC",
        {"title": "Interpretability Reading Night", "when": a_when(datetime(2026, 12, 11, 2, tzinfo=UTC), timezone="America/Los_Angeles"), "places": BERKELEY},
        {"title": "Interpretability Reading Night", "when": a_when(date(2026, 12, 11)), "places": BERKELEY},
    ),
    (
        "a track that both name in another place",
        {"title": "Law & AI Clinic – Research", "when": JANUARY, "organizers": ("Fjord",)},
        {"title": "Fjord Research – Law & AI Clinic", "when": JANUARY, "organizers": ("Fjord",)},
    ),
    (
        "a moved event under its own entry",
        {"title": "Pub Quiz Bern", "when": EVENING, "url": "https://www.meetup.com/ai-safety-bern/events/300000001/"},
        {"title": "Pub Quiz Bern", "when": a_when(date(2026, 12, 17)), "url": "https://meetup.com/ai-safety-bern/events/300000001"},
    ),
    (
        "local time that was taken for UTC",
        {"title": "Karl Friston on Agency", "when": a_when(datetime(2026, 12, 10, 23, tzinfo=UTC), timezone="America/Toronto")},
        {"title": "Agency (Karl Friston)", "when": EVENING, "url": "https://elsewhere.example/"},
    ),
    (
        "a city by two names",
        {"title": "Compute Governance Evening", "when": EVENING, "places": (Place(raw="Köln", city="Köln", country="DE"),)},
        {"title": "Compute Governance Evening", "when": EVENING, "places": (Place(raw="Cologne, Germany", city="Cologne", country="DE"),)},
    ),
    (
        "the date in the title of one",
        {"title": "[12/10] Scaling Oversight Salon", "when": EVENING, "places": BERLIN},
        {"title": "Scaling Oversight Salon", "when": EVENING, "places": BERLIN},
    ),
    (
        "doors and talk, across midnight in UTC",
        {"title": "Alignment Journal Club: Chapter 4", "when": a_when(datetime(2027, 7, 15, 22, 45, tzinfo=UTC), datetime(2027, 7, 16, 0, 15, tzinfo=UTC))},
        {"title": "Alignment Journal Club: Chapter 4", "when": a_when(datetime(2027, 7, 15, 23, 0, tzinfo=UTC), datetime(2027, 7, 16, 0, 0, tzinfo=UTC))},
    ),
    (
        "an acronym and the full name in the summary",
        {"title": "CHI 2027", "summary": "Conference on Human Factors in Computing Systems", **CONFERENCE},
        {"title": "ACM Conference on Human Factors in Computing Systems", "summary": "CHI 2027", **CONFERENCE},
    ),
    ("an acronym and the name it abbreviates", {"title": "WACV 2027", **CONFERENCE}, {"title": "Winter Conference on Applications of Computer Vision", **CONFERENCE}),
    ("an acronym in brackets", {"title": "RSS 2027", **CONFERENCE}, {"title": "Robotics: Science and Systems (RSS)", **CONFERENCE}),
    ("a name written as one word", {"title": "JSHeroes", **CONFERENCE}, {"title": "JS Heroes 2027", **CONFERENCE}),
    ("a conference shortened to three letters and joined", {"title": "RubyConf Berlin", **CONFERENCE}, {"title": "Ruby Conference Berlin 2027", **CONFERENCE}),
    ("a joined name that begins as its first word", {"title": "XtremeAlignment Conference", **CONFERENCE}, {"title": "Xtreme Alignment 2027", **CONFERENCE}),
    (
        "a page and its copy in a web archive",
        {"title": "PyCon US", **CONFERENCE, "url": "https://us.pycon.org/2027/"},
        {"title": "The Python Gathering", **CONFERENCE, "url": "https://web.archive.org/web/20270301120000/https://us.pycon.org/2027/"},
    ),
    ("a name with a dot", {"title": "Vue.js Amsterdam", **CONFERENCE}, {"title": "Vuejs Amsterdam", **CONFERENCE}),
    ("one word more after a joined name", {"title": "SafeConf Workshop Days", **CONFERENCE}, {"title": "Safe Conf Workshop Days Extended", **CONFERENCE}),
    ("a continent by its letters", {"title": "AppSec EU", **CONFERENCE}, {"title": "AppSec Europe", **CONFERENCE}),
    ("tutorials counted by one", {"title": "FOSS4G", **CONFERENCE}, {"title": "FOSS4G", "places": BERLIN, "when": a_when(date(2027, 2, 3), date(2027, 2, 7))}),
    (
        "another year in the title, on the same days",
        {"title": "AsiaCCS 2026", **CONFERENCE, "url": "https://asiaccs.example/"},
        {"title": "AsiaCCS 2027", **CONFERENCE, "url": "https://asiaccs.example/"},
    ),
    (
        "a city and the country that it is given as part of",
        {"title": "Crypto Governance Forum", **CONFERENCE, "places": (Place(raw="Hong Kong", city="Hong Kong", country="HK"),)},
        {"title": "Crypto Governance Forum", **CONFERENCE, "places": (Place(raw="China", country="CN", precision=PlacePrecision.COUNTRY),)},
    ),
    (
        "a suburb",
        {"title": "Offensive AI Con", **CONFERENCE, "places": in_city("Oceanside", "US", 33.20, -117.38), "url": "https://offensive.example/"},
        {"title": "Offensive AI Con", **CONFERENCE, "places": in_city("San Diego", "US", 32.72, -117.16), "url": "https://offensive.example/"},
    ),
    (
        "a misspelled city",
        {"title": "PyCon US 2027", **CONFERENCE, "places": in_city("Pittsburgh", "US", 40.44, -80.0), "url": "https://us.example/2027"},
        {"title": "PyCon US", **CONFERENCE, "places": in_city("Pittsburg", "US", 38.03, -121.88), "url": "https://us.example/2027"},
    ),
    (
        "a group that one names as the event",
        {"title": "AI Safety Zurich", "when": EVENING, "places": BERLIN, "organizers": ("AI Safety Zurich",)},
        {"title": "AI Safety Zurich: Winter Drinks", "when": EVENING, "places": BERLIN, "organizers": ("AI Safety Zurich",)},
    ),
    (
        "an all-day entry and a start without an end",
        {"title": "Northern Kotlin Wave", "when": a_when(datetime(2027, 7, 15, 20, tzinfo=UTC), datetime(2027, 7, 17, 19, 59, tzinfo=UTC)), "places": BERLIN},
        {"title": "Northern Kotlin Wave 2027", "when": a_when(datetime(2027, 7, 16, 9, tzinfo=UTC)), "places": BERLIN},
    ),
    (
        "titles in two languages",
        {"title": "Einführungskurs KI-Sicherheit für Studierende", "when": EVENING, "places": BERLIN},
        {"title": "AI Safety Intro Course for Students", "when": EVENING, "places": BERLIN},
    ),
    (
        "titles in two languages, of a talk series",
        {"title": "Seminario: gobernanza de agentes", "when": EVENING, "organizers": ("Riesgos Catastróficos",)},
        {"title": "Agent Governance Seminar", "when": EVENING, "organizers": ("Riesgos Catastróficos",)},
    ),
    (
        "one entry of a platform under two names",
        {"title": "Soirée jeux de société", "when": EVENING, "url": "https://www.eventbrite.fr/e/7788990011"},
        {"title": "Board night at the hub", "when": EVENING, "url": "https://www.eventbrite.com/e/7788990011?aff=x"},
    ),
    (
        "the deadline as the date",
        {"title": "Pivotal Fellowship, Cohort 8", "types": (EventType.FELLOWSHIP,), "when": a_when(date(2026, 11, 9)), "deadlines": due(date(2026, 11, 9))},
        {"title": "Pivotal Fellowship", "types": (EventType.FELLOWSHIP,), "when": TERM, "deadlines": due(date(2026, 11, 9))},
    ),
    (
        "an acronym and a month",
        {"title": "GCRC 2027", "when": a_when(date(2027, 2, 15), date(2027, 2, 17)), "places": BERLIN},
        {"title": "Gathering on Catastrophic Risk Control", "when": When(start=date(2027, 2, 1), precision=DatePrecision.MONTH), "places": BERLIN},
    ),
    (
        "an occurrence of what runs every week",
        {"title": "Alignment Coworking Bristol", "when": EVENING, "recurring": True},
        {"title": "Alignment Coworking Bristol", "when": EVENING},
    ),
    (
        "one part of a conference in two spellings",
        {"title": "Hack Day (JSNext Berlin 2027)", **CONFERENCE},
        {"title": "JSNext Berlin | Hack Day", **CONFERENCE},
    ),
    (
        "a talk of a series by its speaker and by its subject",
        {"title": "Alignment Colloquium with Ines Albers", "when": EVENING, "places": BERLIN, "description": "Ines Albers: Sandbagging under Scrutiny"},
        {"title": "Sandbagging under Scrutiny", "when": EVENING, "places": BERLIN, "description": "A talk by Ines Albers in the colloquium."},
    ),
    (
        "a hackathon on its last day to register",
        {"title": "Oversight Hackathon Warsaw", "when": a_when(date(2027, 1, 20)), "types": (EventType.HACKATHON,)},
        {"title": "Oversight Hackathon Warsaw", "when": CONFERENCE["when"], "types": (EventType.HACKATHON,), "deadlines": due(date(2027, 1, 20))},
    ),
    (
        "a host in the title of one",
        {"title": "OAISI hosts Joar Skalse: Reward Hacking", "when": EVENING},
        {"title": "Reward Hacking with Joar Skalse", "when": EVENING, "organizers": ("OAISI",)},
    ),
    (
        "a list that has the old day, and one whose text says that it moved",
        {"title": "Fireside chat: Mikkel Nowak", "when": a_when(datetime(2027, 4, 28, 18, tzinfo=UTC)), "places": BERLIN, "description": "Due to illness the event is postponed to April 28, originally planned for April 21."},
        {"title": "Fireside chat: Mikkel Nowak", "when": a_when(datetime(2027, 4, 21, 18, tzinfo=UTC)), "places": BERLIN},
    ),
    (
        "a board that gives the last day to apply as the date, and calls it so",
        {"title": "Symposium on Agent Security", "when": When(start=date(2026, 10, 13), precision=DatePrecision.DAY, text="Closes Oct 13, 2026"), "places": BERLIN, "organizers": ("Epoch",), "deadlines": due(date(2026, 10, 13))},
        {"title": "Symposium on Agent Security", "when": a_when(date(2026, 11, 22)), "places": BERLIN, "organizers": ("Epoch",), "deadlines": due(date(2026, 10, 13))},
    ),
    (
        "a list that has the old day, and one whose text says from when to when it moved",
        {"title": "Rust in the Kernel", "when": a_when(datetime(2027, 9, 20, 18, tzinfo=UTC)), "places": BERLIN, "description": "Update: this event has been moved from August 16 to September 20."},
        {"title": "Rust in the Kernel", "when": a_when(datetime(2027, 8, 16, 18, tzinfo=UTC)), "places": BERLIN},
    ),
    (
        "a list that has the old days, and one that is marked as moved, on the page of the year",
        {"title": "[New date] Brazilian Conference on AI Safety 2026", "when": a_when(date(2026, 11, 5), date(2026, 11, 6)), "places": BERLIN, "url": "https://bracais.example/2026"},
        {"title": "Brazilian Conference on AI Safety", "when": a_when(date(2026, 11, 12), date(2026, 11, 13)), "places": BERLIN, "url": "https://bracais.example/2026"},
    ),
    (
        "a board that calls its date the last day to apply, and a list without deadlines",
        {"title": "KIRA Junior Fellows 2027", "when": When(start=date(2027, 4, 27), precision=DatePrecision.DAY, text="Apply by 27 April"), "places": BERLIN, "organizers": ("KIRA",)},
        {"title": "KIRA Junior Fellows", "when": a_when(date(2027, 7, 5)), "places": BERLIN, "organizers": ("KIRA",)},
    ),
    (
        "a course at a university, named with it and after it",
        {"title": "Introduction to AI Alignment @ KTH – Fall 2027", "when": a_when(date(2027, 9, 23)), "places": BERLIN, "url": "https://kth-ai.example/intro"},
        {"title": "KTH AI Society: Introduction to AI Alignment", "when": a_when(date(2027, 9, 23), date(2027, 11, 7)), "places": BERLIN, "organizers": ("KTH AI Society",), "url": "https://kth-ai.example/intro"},
    ),
    (
        "a talk by its title, and by its series and speaker, on one page",
        {"title": "Standards as a Governance Tool", "when": EVENING, "places": (Place(raw="ETH, Lecture Hall 6 (Zürich)"),), "organizers": ("ETH Zürich",), "url": "https://events.ethz.example/seminars/35826"},
        {"title": "Ethics Lunchtime Seminar with Nadia Sørensen", "when": EVENING, "places": (Place(raw="ETH, Lecture Hall 6"),), "organizers": ("ETH Zürich",), "url": "https://events.ethz.example/seminars/35826"},
    ),
    (
        "a side event that only one list calls so",
        {"title": "Opening Drinks – RLC side event", "when": EVENING, "places": BERLIN},
        {"title": "RLC Opening Drinks", "when": EVENING, "places": BERLIN},
    ),
    (
        "a grant that only one list marks as evergreen",
        {"title": "Long-Term Future Fund", "when": When(), "recurring": True, "url": "https://funds.example/ltff"},
        {"title": "Long-Term Future Fund (rolling)", "when": When(), "url": "https://funds.example/ltff/"},
    ),
    (
        "one page of a call whose deadline was extended by ten days",
        {"title": "NGI Fediversity October 2026 call", "when": When(), "deadlines": due(date(2026, 10, 20)), "url": "https://nlnet.example/fediversity"},
        {"title": "NLnet: NGI Fediversity", "when": When(), "deadlines": due(date(2026, 10, 30)), "url": "https://nlnet.example/fediversity"},
    ),
    (
        "EA Global X by its full name",
        {"title": "EA Global X Virtual", "when": a_when(date(2027, 11, 12), date(2027, 11, 14)), "mode": Mode.ONLINE},
        {"title": "EAGxVirtual 2027", "when": a_when(datetime(2027, 11, 12, 16, tzinfo=UTC), datetime(2027, 11, 14, 18, tzinfo=UTC)), "mode": Mode.ONLINE},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT])
def test_what_only_looks_alike_stays_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert groups(one, other) == 2
    assert groups(other, one) == 2


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in THE_SAME], ids=[row[0] for row in THE_SAME])
def test_what_is_one_event_is_found_to_be(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert groups(one, other) == 1
    assert groups(other, one) == 1


def test_what_keeps_two_apart_keeps_their_friends_apart() -> None:
    vague = a_listing(source="c", source_id="3", url=None, title="Writing Residency 2027", when=JANUARY)
    tracks = [
        a_listing(source=name, source_id=name, url=None, title=f"Writing Residency 2027: {track}", when=JANUARY)
        for name, track in (("a", "Engineering"), ("b", "Diplomacy"))
    ]
    assert len(group_listings([vague, *tracks]).groups) == 3


def rows_of(source: str, *rows: dict[str, Any]) -> list[Listing]:
    return [
        a_listing(**{"source": source, "source_id": str(number), "url": None} | row) for number, row in enumerate(rows)
    ]


def test_a_source_that_lists_an_event_twice_does_not_part_it_for_the_others() -> None:
    twice = rows_of(
        "list",
        {"title": "Wasm I/O", **CONFERENCE},
        {"title": "Wasm I/O 2027", **CONFERENCE, "url": "https://2027.wasm.example/"},
    )
    others = rows_of("a", {"title": "WASM IO", **CONFERENCE, "url": "https://2027.wasm.example/"})
    assert len(group_listings([*twice, *others]).groups) == 1


def test_two_tracks_of_one_source_stay_two() -> None:
    tracks = rows_of(
        "list",
        {"title": "Writing Residency: Policy Track", "when": JANUARY},
        {"title": "Writing Residency: Technical Track", "when": JANUARY},
    )
    assert len(group_listings(tracks).groups) == 2


def test_one_wrong_day_does_not_part_what_several_others_agree_on() -> None:
    page = {"title": "CVPR 2027", "places": BERLIN, "url": "https://cvpr.example/2027"}
    agreeing = [each for name in "abc" for each in rows_of(name, {**page, **CONFERENCE})]
    tutorials = rows_of("d", {**page, "when": a_when(date(2027, 2, 3), date(2027, 2, 6))})
    later = rows_of("e", {**page, "when": a_when(date(2027, 2, 7), date(2027, 2, 9))})
    assert len(group_listings([*agreeing, *tutorials, *later]).groups) == 1


def test_a_part_knows_what_it_is_a_part_of() -> None:
    [*rows] = rows_of("a", {"title": "FOSDEM 2027", **CONFERENCE}) + rows_of(
        "b", {"title": "Rust devroom at FOSDEM 2027", **CONFERENCE}
    )
    grouping = group_listings(rows)
    assert len(grouping.groups) == 2
    assert grouping.part_of == {1: 0}
