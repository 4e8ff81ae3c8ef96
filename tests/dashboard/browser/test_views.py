"""Every view, on a desk and on a phone, in light and in dark: nothing to hold against it, nothing asked of others."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit

VIEWS = {
    "/": "79 upcoming events",
    "/?type=hackathon&country=DE&from=today&to=%2B60d": "AI Control Hackathon Berlin",
    "/?country=JP&type=hackathon": "No event matches",
    "/?type=party": "do not know",
    "/deadlines": "This month",
    "/timeline": "The same as a list",
    "/month": "December 2026",
    "/map": "on the map",
    "/table": "Download as CSV",
    "/year": "days have something on",
    "/sources": "read without trouble",
    "/suggest": "Suggest an event",
    "/curation": "Nobody can log in here",
    "/event?id=none": "There is no such event",
}
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_every_view_is_accessible_and_fits(browser: Any, server: str, scheme: Any, size: str) -> None:
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme)
    visit = Visit(page, server)
    for path, words in VIEWS.items():
        visit.open(path)
        expect(page.get_by_text(words).first).to_be_visible(timeout=15_000)
        page.wait_for_timeout(300)  # charts are drawn after the script has ended
        assert visit.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], path
    visit.is_clean()
    page.close()


def test_an_event_says_everything_that_is_known_of_it(visit: Visit) -> None:
    visit.open("/?q=winter+alignment+intensive")
    visit.page.get_by_role("link", name="Details").first.click()
    visit.rest()
    for heading in ("About", "Who says so"):
        expect(visit.page.get_by_role("heading", name=heading)).to_be_visible()
    expect(visit.page.get_by_role("cell", name="Deadlines")).to_be_visible()
    report = visit.page.get_by_role("link", name="Report a problem").get_attribute("href")
    assert "/issues/new?title=Wrong" in str(report)
    assert visit.violations() == []


def test_a_day_of_the_month_shows_its_events_and_stands_in_the_address(visit: Visit) -> None:
    visit.open("/month?month=2026-12")
    visit.press("Sat 19")
    expect(visit.page.get_by_role("heading", name="Sat 19 Dec 2026")).to_be_visible()
    assert "month=2026-12&day=19" in visit.page.url
    visit.page.reload()
    visit.rest()
    expect(visit.page.get_by_role("heading", name="Sat 19 Dec 2026")).to_be_visible()
    visit.press("›")
    expect(visit.page.get_by_role("heading", name="January 2027")).to_be_visible()


def test_a_place_of_the_map_shows_its_events_and_stands_in_the_address(visit: Visit) -> None:
    visit.open("/map?country=DE&country=FR&place=Paris%2C+FR")
    expect(visit.page.get_by_role("heading", name="Paris")).to_be_visible()
    expect(visit.page.get_by_role("combobox", name="Place")).to_have_value("Paris, FR (1)")


def test_times_are_said_in_the_zone_of_the_event_and_on_the_visitors_clock(browser: Any, server: str) -> None:
    page = browser.new_page(timezone_id="Asia/Tokyo")
    visit = Visit(page, server)
    visit.open("/?q=winter+social")
    expect(
        page.get_by_text("Thu 3 Dec 2026, 19:00–22:00 Berlin time (your time: Fri 4 Dec 2026, 03:00)")
    ).to_be_visible()
    visit.is_clean()
    page.close()


def test_partners_can_embed_a_selection(visit: Visit) -> None:
    visit.open("/?type=hackathon&embed=true")
    visit.expect_count(3)
    visit.press("Online")
    visit.expect_count(1)
