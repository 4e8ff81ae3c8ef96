"""Calendars of as many events as a test needs."""

from __future__ import annotations

from datetime import timedelta

from tests.crawling.faulty_web import Page
from tests.factories import NOW
from tests.spiders.platforms.test_ical import calendar

HEADERS = {"Content-Type": "text/calendar"}


def entry(number: int, *, title: str = "", days: int = 0, uid: str = "") -> str:
    """Write one event: the n-th is n + 1 weeks ahead, unless ``days`` says otherwise."""
    day = NOW + timedelta(days=days or 7 * (number + 1))
    name = title or f"Reading group {WORDS[number % len(WORDS)]} {number}"
    return f"UID:{uid or f'evt-{number}'}\nSUMMARY:{name}\nDTSTART:{day:%Y%m%dT%H%M%SZ}"


def events(*numbers: int, days: int = 0, uid: str = "") -> Page:
    """Return a calendar with some events."""
    return Page(calendar(*(entry(each, days=days, uid=uid and f"{uid}-{each}") for each in numbers)), headers=HEADERS)


WORDS = ("deception", "corrigibility", "evals", "governance", "interpretability", "oversight", "control", "forecasting")
