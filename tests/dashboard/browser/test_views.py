"""Every view, on a desk and on a phone, in light and in dark: nothing to hold against it, nothing asked of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    "/suggest": "Suggest events",
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
        expect(page.get_by_text(words).locator("visible=true").first).to_be_visible(timeout=15_000)
        page.wait_for_timeout(300)  # charts are drawn after the script has ended
        assert visit.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], path
    visit.is_clean()
    page.close()


def test_an_event_says_everything_that_is_known_of_it(visit: Visit) -> None:
    visit.open("/?q=winter+alignment+intensive")
    visit.open_first()
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
    expect(page.get_by_text("19:00–22:00 Berlin time")).to_be_visible()
    expect(page.get_by_text("your time")).to_have_count(0)
    visit.open("/?q=ask+a+safety+researcher")  # online: on the visitor's clock
    expect(page.get_by_text("04:00–05:00 your time (20:00 Berlin time)")).to_be_visible()
    expect(page.get_by_text("8 Jan", exact=True)).to_be_visible()
    visit.is_clean()
    page.close()


def test_partners_can_embed_a_selection(visit: Visit) -> None:
    visit.open("/?type=hackathon&embed=true")
    visit.expect_count(3)
    visit.press("Online")
    visit.expect_count(1)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "America/New_York", "Pacific/Honolulu"])
def test_a_deadline_without_a_stated_zone_is_never_converted(browser: Any, server: str, zone: str) -> None:
    page = browser.new_page(timezone_id=zone)
    visit = Visit(page, server)
    for path in ("/?q=introduction+to+ai+alignment", "/deadlines?q=introduction+to+ai+alignment"):
        visit.open(path)
        expect(page.get_by_text("Apply by Mon 7 Dec 2026, time zone not stated").first).to_be_visible()
        left = 13 if zone == "Pacific/Auckland" else 14
        expect(page.get_by_text(f"{left} days left").first).to_be_visible()
        assert "8 Dec" not in page.locator("body").inner_text()
    visit.open("/?q=introduction+to+ai+alignment")
    visit.open_first()
    assert "8 Dec" not in page.locator("body").inner_text()
    visit.is_clean()
    page.close()


@pytest.fixture
def phone(browser: Any, server: str) -> Iterator[Visit]:
    page = browser.new_page(viewport=SIZES["phone"])
    visit = Visit(page, server)
    yield visit
    visit.is_clean()
    page.close()


def test_on_a_phone_the_first_event_stands_near_the_top_and_nothing_moves_sideways(phone: Visit) -> None:
    phone.open()
    title = phone.page.get_by_role("heading", level=3).first.bounding_box()
    assert title["y"] < 330
    for name in ("Subscribe", "Filters", "More"):
        box = phone.page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["height"] >= 44, name
    small = phone.page.evaluate(SMALL_TARGETS)
    assert small == []
    phone.page.get_by_role("button", name="More").click()
    phone.page.get_by_role("link", name="Map").click()
    phone.rest()
    expect(phone.page).to_have_url(f"{phone.base}/map")


SMALL_TARGETS = """
() => [...document.querySelectorAll('#root button, #root [data-testid=stPageLink-NavLink]')]
  .filter(each => each.offsetParent && Math.min(each.getBoundingClientRect().height, each.getBoundingClientRect().width) < 24)
  .map(each => each.outerHTML.slice(0, 120))
"""


def test_on_a_phone_an_event_opens_at_its_title(phone: Visit) -> None:
    phone.open("/?q=winter+alignment+intensive")
    phone.open_first()
    assert phone.page.get_by_role("heading", level=1).bounding_box()["y"] < 150


def test_back_returns_to_the_place_in_the_list(visit: Visit) -> None:
    visit.open("/?mode=in_person")
    visit.page.get_by_role("heading", level=3).nth(15).scroll_into_view_if_needed()
    visit.page.wait_for_timeout(200)
    before = visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    assert before > 300
    visit.page.get_by_role("heading", level=3).nth(14).get_by_role("link").click()
    visit.page.wait_for_url("**/event?**")
    visit.rest()
    assert visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    visit.page.go_back()
    visit.rest()
    visit.page.wait_for_timeout(1_000)
    assert abs(visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") - before) < 5
    visit.page.reload()
    visit.rest()
    visit.page.wait_for_timeout(1_500)
    assert abs(visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") - before) < 5


def test_copy_link_copies_the_address_of_the_events_page(browser: Any, server: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    visit = Visit(context.new_page(), server)
    visit.open("/?q=winter+social")
    visit.page.get_by_role("button", name="Add").click()
    visit.page.get_by_role("link", name="Copy link").click()
    expect(visit.page.get_by_role("link", name="Copied")).to_be_visible()
    assert str(visit.page.evaluate("navigator.clipboard.readText()")).startswith(f"{server}/events/")
    visit.is_clean()
    context.close()


def test_the_first_event_is_past_after_few_stops_of_the_tab_key(visit: Visit) -> None:
    visit.open()
    visit.page.wait_for_timeout(800)
    first = visit.page.get_by_role("heading", level=3).first.inner_text()
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        if first in str(visit.page.evaluate("document.activeElement.innerText")):
            break
    assert first in str(visit.page.evaluate("document.activeElement.innerText"))


def test_a_row_of_the_table_leads_to_the_event_and_back(visit: Visit) -> None:
    visit.open("/table?q=winter+social")
    grid = visit.page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    visit.page.mouse.click(grid["x"] + 60, grid["y"] + 52)
    visit.page.wait_for_url("**/event?q=winter+social&id=*")
    visit.rest()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(re.compile("Winter Social"))
    visit.page.go_back()
    visit.page.wait_for_url("**/table?q=winter+social")
    visit.rest()
    visit.expect_count(1)


def test_a_bar_of_the_timeline_leads_to_the_event(visit: Visit) -> None:
    visit.open("/timeline?q=winter+alignment+intensive")
    visit.page.wait_for_timeout(800)
    visit.page.locator(
        '.mark-rect path[aria-roledescription="bar"], [data-testid="stVegaLiteChart"] canvas'
    ).first.click()
    visit.page.wait_for_url("**/event?**", timeout=10_000)
    visit.rest()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Winter Alignment Intensive")


def test_the_new_number_of_events_is_said_to_a_screen_reader(visit: Visit) -> None:
    visit.open()
    visit.expect_count(79)
    visit.page.wait_for_timeout(700)
    visit.press("Hackathon")
    visit.expect_count(3)
    expect(visit.page.locator("body > [aria-live=polite]")).to_have_text("3 upcoming events")
    assert visit.violations() == []
