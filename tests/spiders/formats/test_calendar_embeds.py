"""Which calendars a page names, in the forms that pages on the web use."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from spiders.formats.calendar_embeds import embedded_calendars, eventbrite_organizers
from tracker.sources.platform import Page

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ANN = "YW5uQGV4YW1wbGUub3Jn"
"""ann@example.org in base64, as in the address that Google's embed dialog writes."""
CALENDARS = [
    ('<iframe src="https://lu.ma/embed/calendar/cal-Ab12Cd34Ef56/events">', [{"luma": "cal-Ab12Cd34Ef56"}]),
    ("See https://LUMA.COM/oxford-ai.", [{"luma": "oxford-ai"}]),
    ("<a href=https://luma.com/oxford-ai>Events</a>", [{"luma": "oxford-ai"}]),
    ("luma.com is //luma.com/oxford-ai, as said", [{"luma": "oxford-ai"}]),
    (r'{"url":"https:\u002F\u002Fluma.com\u002Foxford-ai"}', [{"luma": "oxford-ai"}]),
    ('<a href="https://api.lu.ma/ics/get?entity=calendar&amp;id=cal-Ab12Cd34Ef56">', [{"luma": "cal-Ab12Cd34Ef56"}]),
    ('<a href="https://luma.com/discover">', []),
    (
        '<iframe src="https://calendar.google.com/calendar/embed?src=ann%40example.org&ctz=Europe%2FLondon">',
        [{"google": "ann@example.org"}],
    ),
    (f'<iframe src="https://calendar.google.com/calendar/embed?src={ANN}">', [{"google": "ann@example.org"}]),
    (f'<a href="https://calendar.google.com/calendar/u/0?cid={ANN}">', [{"google": "ann@example.org"}]),
    ('<iframe src="https://www.google.com/calendar/embed?src=ann@example.org">', [{"google": "ann@example.org"}]),
    ('<a href="https://calendar.google.com/calendar/b/1/embed?src=ann@example.org">', [{"google": "ann@example.org"}]),
    (
        "webcal://calendar.google.com/calendar/ical/ann%40example.org/public/full.ics https://calendar.google.com/calendar/ical/ann%40example.org/public/basic.ics",
        [{"google": "ann@example.org"}],
    ),
    ('<a href="https://calendar.google.com/calendar/render?action=TEMPLATE&src=ann@example.org&text=Talk">', []),
    ('<iframe src="https://calendar.google.com/calendar/embed?src=en.uk%23holiday@group.v.calendar.google.com">', []),
    ('<a href="https://www.meetup.com/Tokyo-AI-Safety/events/">', [{"meetup": "Tokyo-AI-Safety"}]),
    ('<a href="https://www.meetup.com/de-DE/Berlin-AI/">', [{"meetup": "Berlin-AI"}]),
    ('<a href="https://www.meetup.com/de/berlin-ai/">', [{"meetup": "berlin-ai"}]),
    ('<a href="https://www.meetup.com/ja-JP/%E6%9D%B1%E4%BA%AC/">', [{"meetup": "%E6%9D%B1%E4%BA%AC"}]),
    ('<a href="https://www.meetup.com/find/?keywords=ai">', []),
    ('<a href="WEBCAL://example.org/events.ics">', [{"feed_url": "https://example.org/events.ics"}]),
]
SECRET = "webcal://calendar.google.com/calendar/ical/ann%40example.org/private-0123456789abcdef/basic.ics"
ORGANIZERS = [
    ('<a href="https://www.eventbrite.com/o/ai-safety-12345678901">', ["https://www.eventbrite.com/o/ai-safety-12345678901"]),
    ('<a href="//eventbrite.co.uk/o/12345678901">', ["https://www.eventbrite.co.uk/o/12345678901"]),
    (
        "https://www.eventbrite.com/o/ai-12345678901 https://www.eventbrite.de/o/ai-12345678901",
        ["https://www.eventbrite.com/o/ai-12345678901"],
    ),
]  # fmt: skip


def page(text: str) -> Page:
    return Page("group", "https://example.org/", text.encode(), NOW, "text/html")


@pytest.mark.parametrize(("text", "options"), CALENDARS)
def test_the_calendars_that_a_page_names_are_found_once(text: str, options: list[dict[str, str]]) -> None:
    assert list(embedded_calendars(page(text))) == options


def test_a_secret_address_is_not_proposed() -> None:
    assert list(embedded_calendars(page(f'<a href="{SECRET}">'))) == []


@pytest.mark.parametrize(("text", "urls"), ORGANIZERS)
def test_an_organizer_is_found_once_in_all_countries(text: str, urls: list[str]) -> None:
    assert eventbrite_organizers(page(text)) == urls


@pytest.mark.parametrize(
    "piece", ["//api.lu.ma/ics/get?", "//www.meetup.com/", "webcal://", "//calendar.google.com/calendar/embed?"]
)
def test_a_hostile_page_takes_no_longer_than_another(piece: str) -> None:
    begun = time.process_time()
    list(embedded_calendars(page(piece * 20_000)))
    assert time.process_time() - begun < 2
