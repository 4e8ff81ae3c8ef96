from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from spiders.formats.calendar_hosts import luma_id
from spiders.platforms import ical
from tests.factories import FETCHED
from tracker.errors import UnreadablePageError
from tracker.sources.platform import Page


@pytest.mark.parametrize(
    ("host", "name", "address"),
    [
        ("luma", "cal-NVnZuKq5mAMSq4Q", "https://api.lu.ma/ics/get?entity=calendar&id=cal-NVnZuKq5mAMSq4Q"),
        ("luma", "discplace-BDj7GNbGlsF7Cka", "https://api.lu.ma/ics/get?entity=discover&id=discplace-BDj7GNbGlsF7Cka"),
        ("luma", "AISafetyBerlin", "https://luma.com/AISafetyBerlin"),
        ("meetup", "toronto-ai-aligners", "https://www.meetup.com/toronto-ai-aligners/events/ical/"),
        ("google", "abc@group.calendar.google.com",
         "https://calendar.google.com/calendar/ical/abc%40group.calendar.google.com/public/basic.ics"),
        ("outlook", "1a2b@uni.example/3c4d", "https://outlook.office365.com/owa/calendar/1a2b@uni.example/3c4d/calendar.ics"),
        ("teamup", "ks12ab34", "https://ics.teamup.com/feed/ks12ab34/0.ics"),
        ("pretalx", "https://pretalx.com/conf-2027/", "https://pretalx.com/conf-2027/schedule/export/schedule.ics"),
        ("indico", "https://indico.example/category/12/", "https://indico.example/export/categ/12.ics"),
    ],
)  # fmt: skip
def test_a_name_is_enough(host: str, name: str, address: str) -> None:
    options = ical.Options.model_validate({host: name})
    (page,) = ical.first_pages(options, FETCHED.date())
    assert page.url == address


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"luma": "x", "meetup": "y"},
        {"feed_url": "https://a.example/c.ics", "luma": "x"},
        {"indico": "https://i.example/event/1"},
    ],
)
def test_one_calendar_is_named_neither_none_nor_two(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ical.Options.model_validate(options)


def luma_page(data: dict[str, Any]) -> bytes:
    tree = {"props": {"pageProps": {"initialData": {"kind": "x", "data": data}}}}
    return f'<html><script id="__NEXT_DATA__" type="application/json">{json.dumps(tree)}</script></html>'.encode()


CALENDAR = {
    "calendar": {"api_id": "cal-Own0000000001"},
    "featured_items": [{"calendar": {"api_id": "cal-Other00000001"}}],
}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (luma_page(CALENDAR), "cal-Own0000000001"),
        # an event's page names its host's calendar: one event must not become a whole calendar
        (luma_page({"event": {"api_id": "evt-1"}, "calendar": {"api_id": "cal-Own0000000001"}}), ""),
        (b'<html><a href="https://luma.com/embed/calendar/cal-Own0000000001/events">', "cal-Own0000000001"),
        (b'<html><script id="__NEXT_DATA__" type="application/json">{"props": [</script>', ""),
        (b"<html>", ""),
    ],
)
def test_a_luma_page_names_its_calendar(body: bytes, found: str) -> None:
    assert luma_id(body) == found


def test_a_slug_leads_to_the_calendar_by_way_of_its_page() -> None:
    options = ical.Options(luma="AISafetyBerlin")
    content = ical.read(Page("berlin", "https://luma.com/AISafetyBerlin", luma_page(CALENDAR), FETCHED), options)
    (feed,) = content.follow
    assert feed.url.endswith("id=cal-Own0000000001")
    assert feed.allow_offsite
    with pytest.raises(UnreadablePageError, match="names no calendar"):
        ical.read(Page("berlin", "https://luma.com/AISafetyBerlin", b"<!doctype html><html>", FETCHED), options)


@pytest.mark.parametrize(
    ("url", "suggested"),
    [
        ("https://lu.ma/AISafetyBerlin", {"luma": "AISafetyBerlin"}),
        ("https://luma.com/calendar/cal-Own0000000001", {"luma": "cal-Own0000000001"}),
        ("https://www.meetup.com/de-DE/ai-safety-wien/events/", {"meetup": "ai-safety-wien"}),
        ("https://example.org/", None),
    ],
)
def test_a_page_suggests_its_calendar(url: str, suggested: dict[str, str] | None) -> None:
    found = list(ical.suggest(Page("probe", url, b"<html>", FETCHED)))
    assert found == ([suggested] if suggested else [])


LUMA = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{uid}@events.lu.ma\r\nDTSTART:20261216T173000Z\r\nSUMMARY:Reading group\r\n"
    "LOCATION:{place}\r\nDESCRIPTION:{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize(
    ("uid", "place", "text", "url"),
    [
        ("evt-1", "https://luma.com/join/g-abc", "Get up-to-date information at: https://luma.com/x\\n\\nHosted by A", "https://luma.com/x"),
        ("calev-1", "https://www.meetup.com/g/events/1/", "Get up-to-date information at: https://luma.com/y", "https://luma.com/y"),
        ("calev-1", "https://www.meetup.com/g/events/1/", "", "https://www.meetup.com/g/events/1/"),
        ("evt-1", "Berlin\\, Germany", "", ""),
    ],
)  # fmt: skip
def test_an_event_of_luma_has_the_page_that_its_description_names(uid: str, place: str, text: str, url: str) -> None:
    body = LUMA.format(uid=uid, place=place, text=text).encode()
    options = ical.Options(luma="cal-Own0000000001")
    (found,) = ical.read(Page("berlin", options.address, body, FETCHED), options).listings
    assert found.url == url


def test_the_one_event_of_a_luma_calendar_is_not_tentative() -> None:
    body = LUMA.format(uid="evt-1", place="x", text="").replace("SUMMARY", "STATUS:TENTATIVE\r\nSUMMARY").encode()
    luma = ical.Options(luma="cal-Own0000000001")
    (found,) = ical.read(Page("berlin", luma.address, body, FETCHED), luma).listings
    assert found.status == ""
    other = ical.Options(feed_url="https://a.example/c.ics")
    (found,) = ical.read(Page("a", other.address, body, FETCHED), other).listings
    assert found.status == "TENTATIVE"
