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
    "/deadlines": "December 2026",
    "/timeline": "The same as a list",
    "/month": "December 2026",
    "/map": "on the map",
    "/table": "Download as CSV",
    "/year": "of these 371 days",
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
        if size == "phone":
            assert page.evaluate(SIDEWAYS) == [], path
            assert page.evaluate(SMALL_TARGETS) == [], path
    visit.is_clean()
    page.close()


POPOVERS = {
    "desk": ("Subscribe", "Copy", "Filters", "Any date", "Place", "Fits me", "Add"),
    "phone": ("Subscribe", "More", "Filters", "Add"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_everything_that_opens_is_accessible_and_fits(browser: Any, server: str, scheme: Any, size: str) -> None:
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme)
    visit = Visit(page, server)
    visit.open("/?type=talk&near=Berlin")
    for name in POPOVERS[size]:
        page.get_by_role("button", name=name).locator("visible=true").first.click()
        visit.rest()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        page.wait_for_timeout(400)
        assert visit.violations() == [], name
        box = page.get_by_test_id("stPopoverBody").bounding_box()
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= SIZES[size]["width"], name
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_be_hidden()
        visit.rest()
    for path in ("/month?month=2026-12&day=18", "/map?place=Berlin%2C+Germany"):
        visit.open(path)
        page.wait_for_timeout(400)
        assert visit.violations() == [], path
    visit.open_first()
    assert visit.violations() == []
    event_id = re.search(r"id=(\w+)", page.url)
    assert event_id is not None
    for path in (f"/events/{event_id[1]}", "/digest"):
        page.goto(server + path)
        assert visit.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], path
    visit.is_clean()
    page.close()


def test_an_event_says_everything_that_is_known_of_it(visit: Visit) -> None:
    visit.open("/?q=winter+alignment+intensive")
    visit.open_first()
    expect(visit.page).to_have_title("Winter Alignment Intensive · AI safety events")
    expect(visit.page.get_by_role("heading", name="About")).to_be_visible()
    link = visit.page.get_by_role("link", name="Map of Berkeley, United States")
    assert str(link.get_attribute("href")).startswith("https://www.openstreetmap.org/search?query=Berkeley")
    expect(visit.page.get_by_role("link", name="Apply on the organiser's page")).to_be_visible()
    assert visit.violations() == []
    visit.page.get_by_text("Who says so").click()
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


def test_the_answer_to_a_day_of_the_month_stands_below_its_week(visit: Visit) -> None:
    visit.open("/month?month=2026-12")
    visit.press("Fri 11")
    answer = visit.page.get_by_role("heading", name="Fri 11 Dec 2026").bounding_box()
    days = [visit.page.get_by_role("button", name=name).bounding_box()["y"] for name in ("Fri 11", "Mon 14")]
    assert days[0] < answer["y"] < days[1]
    assert visit.violations() == []
    bar = visit.page.get_by_role("link", name="Global AI Incident Sprint", exact=True).first
    box = bar.locator("xpath=ancestor::*[contains(@class,'st-key-bar_')]").bounding_box()
    assert box["width"] > 2.8 * (box["height"] + 100), "three days"
    bar.click()
    visit.page.wait_for_url("**/event?id=*")


def test_on_a_phone_the_month_is_an_agenda(phone: Visit) -> None:
    phone.open("/month?month=2026-12")
    days = [phone.page.get_by_role("button", name=name) for name in ("Fri 18", "Sat 19", "Sun 20", "Mon 21")]
    places = [day.bounding_box() for day in days]
    assert [each["y"] for each in places] == sorted(each["y"] for each in places)
    assert len({each["x"] for each in places}) == 1, "below each other"
    sprint = phone.page.get_by_role("link", name="Global AI Incident Sprint", exact=True).first.bounding_box()
    assert places[0]["y"] < sprint["y"] < places[1]["y"]
    expect(phone.page.get_by_text("Tue 1", exact=True)).to_be_hidden()
    phone.press("Sat 19")
    answer = phone.page.get_by_role("heading", name="Sat 19 Dec 2026").bounding_box()
    assert days[1].bounding_box()["y"] < answer["y"] < days[2].bounding_box()["y"]
    assert phone.page.evaluate(SMALL_TARGETS) == []
    assert phone.violations() == []


def test_a_place_of_the_map_shows_its_events_and_stands_in_the_address(visit: Visit) -> None:
    visit.open("/map?country=DE&country=FR&place=Paris%2C+France")
    expect(visit.page.get_by_role("heading", name="Paris")).to_be_visible()
    expect(visit.page.get_by_role("combobox", name="Place")).to_have_value("Paris, France (1)")


def test_a_map_zooms_and_answers_beside_it(visit: Visit) -> None:
    visit.open("/map")
    events = visit.page.locator(".marks button")
    expect(events.first).to_be_visible()
    visit.page.wait_for_timeout(400)

    def numbers() -> list[str]:
        return [str(each) for each in events.all_inner_texts()]

    before = numbers()
    visit.page.get_by_role("button", name=re.compile("events in .* places around London")).click()
    visit.rest()
    expect(visit.page.get_by_role("heading", name="London, United Kingdom")).to_be_visible()
    assert "place=London%2C+United+Kingdom" in visit.page.url
    assert numbers() != before, "it zooms in"
    picture = visit.page.locator(".map").bounding_box()
    answer = visit.page.get_by_role("heading", name="London, United Kingdom").bounding_box()
    assert answer["x"] > picture["x"] + picture["width"]
    assert visit.violations() == []
    visit.page.get_by_role("button", name="Zoom in").click()
    visit.page.get_by_role("button", name="Zoom in").click()
    visit.page.get_by_role("button", name="Berlin, Germany: 5 events").press("Enter")
    visit.rest()
    expect(visit.page.get_by_role("heading", name="Berlin, Germany")).to_be_visible()
    shown = visit.page.locator(".map svg").first
    looked = shown.get_attribute("viewBox")
    visit.page.mouse.move(picture["x"] + 60, picture["y"] + 300)
    visit.page.mouse.down()
    visit.page.mouse.move(picture["x"] + 160, picture["y"] + 340, steps=4)
    visit.page.mouse.up()
    assert shown.get_attribute("viewBox") != looked
    visit.page.get_by_role("button", name="All", exact=True).click()
    visit.page.wait_for_timeout(200)
    assert numbers() == before
    visit.page.go_back()
    expect(visit.page.get_by_role("heading", name="London, United Kingdom")).to_be_visible()


@pytest.mark.parametrize("allowed", [True, False])
def test_near_me_asks_the_browser_and_tells_nobody_the_street(browser: Any, server: str, allowed: bool) -> None:
    context = browser.new_context(
        geolocation={"latitude": 52.5163, "longitude": 13.3777}, permissions=["geolocation"] if allowed else []
    )
    visit = Visit(context.new_page(), server)
    visit.open("/map?type=talk")
    visit.page.get_by_role("link", name="Near me").click()
    if allowed:
        visit.page.wait_for_url("**/map?type=talk&near=52.5%2C13.4")
        visit.rest()
        expect(visit.page.get_by_role("button", name="Near: 52.5° N, 13.4° E, 100 km")).to_be_visible()
    else:
        expect(visit.page.get_by_text("Your browser does not say where you are")).to_be_visible()
        assert visit.page.url == f"{server}/map?type=talk"
    visit.is_clean()
    context.close()


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


SIDEWAYS = """
() => [...document.querySelectorAll('#root *')].filter(each => each.offsetParent && each.scrollWidth > each.clientWidth + 1
    && ['auto', 'scroll'].includes(getComputedStyle(each).overflowX) && !each.closest('[data-testid=stDataFrame]'))
  .map(each => each.outerHTML.slice(0, 120))
"""


def test_on_a_phone_all_filters_stand_in_one_sheet(phone: Visit) -> None:
    phone.open()
    expect(phone.page.get_by_role("button", name="Any date")).to_be_hidden()
    phone.page.get_by_role("button", name="Filters", exact=True).click()
    phone.rest()
    sheet = phone.page.get_by_test_id("stPopoverBody")
    expect(sheet.get_by_role("button", name="Show 79 events")).to_be_visible()
    box = sheet.bounding_box()
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 844)
    for name in ("Next 30 days", "Talk", "Free"):
        choice = sheet.get_by_role("radio", name=name).or_(sheet.get_by_role("button", name=name)).first
        assert choice.bounding_box()["height"] >= 44, name
    assert phone.violations() == []
    phone.page.wait_for_timeout(300)
    sheet.get_by_role("button", name=re.compile("^Talk")).click()
    phone.rest()
    sheet.get_by_role("button", name="Show 10 events").click()
    expect(sheet).to_be_hidden()
    phone.expect_count(10)
    expect(phone.page.get_by_role("button", name="Filters · 1")).to_be_visible()
    assert phone.page.url == f"{phone.base}/?type=talk"
    assert phone.page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Germ", "country=DE"),
        ("germny", "country=DE"),
        ("Bay Area", "near=Bay+Area"),
        ("Berl", "near=Berlin"),
        ("Lagos", "near=Lagos"),
    ],
)
def test_a_place_is_found_as_one_types(visit: Visit, typed: str, query: str) -> None:
    visit.open()
    visit.press("Place")
    field = visit.page.get_by_label("City, area or country")
    field.click()
    field.press_sequentially(typed, delay=20)
    expect(visit.page.get_by_role("option").nth(1)).to_be_visible()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**/?{query}")
    visit.rest()
    assert visit.violations() == []


def test_no_address_has_the_number_of_a_label(visit: Visit) -> None:
    """The place is chosen, another filter changes the numbers, and the browser sends the label that it knows."""
    visit.open()
    visit.press("Place")
    field = visit.page.get_by_label("City, area or country")
    field.click()
    field.press_sequentially("Berl", delay=20)
    visit.page.get_by_role("option", name="Berlin, Germany (5)").click()
    visit.page.wait_for_url("**/?near=Berlin")
    visit.rest()
    visit.press("Hackathon")
    visit.page.wait_for_url("**/?type=hackathon&near=Berlin")
    visit.page.get_by_label("Within").click()
    visit.page.get_by_role("option", name="1,000 km").click()
    visit.page.wait_for_url("**/?type=hackathon&near=Berlin&within=1000km")
    visit.rest()
    visit.page.keyboard.press("Escape")
    visit.press("Type: Hackathon")
    visit.page.wait_for_url("**/?near=Berlin&within=1000km")
    expect(visit.page.get_by_role("button", name="Near: Berlin, 1000 km")).to_be_visible()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_next_page_of_the_list_is_read_from_its_top(browser: Any, server: str, size: str) -> None:
    page = browser.new_page(viewport=SIZES[size])
    visit = Visit(page, server)
    visit.open()
    first = page.get_by_role("heading", level=3).first
    before = first.inner_text()
    page.get_by_test_id("stPagination").get_by_role("button", name="2").last.click()
    page.wait_for_url("**/?page=2")
    visit.rest()
    page.wait_for_timeout(500)
    assert first.inner_text() != before
    assert 0 <= first.bounding_box()["y"] < 200
    visit.is_clean()
    page.close()


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


def test_the_link_back_returns_to_the_view_and_the_place_that_one_came_from(visit: Visit) -> None:
    visit.open("/?mode=in_person")
    link = visit.page.get_by_role("heading", level=3).filter(has_text="London AI Safety Reading Group").nth(3)
    link.scroll_into_view_if_needed()
    visit.page.wait_for_timeout(300)
    before = visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    link.get_by_role("link").click()
    visit.page.wait_for_url("**/event?**")
    visit.rest()
    visit.page.get_by_role("link", name="Wed 16 Dec").click()  # another date of the series
    visit.rest()
    visit.page.reload()
    visit.rest()
    visit.page.get_by_role("link", name="The list you came from").click()
    visit.page.wait_for_url("**/?mode=in_person")
    visit.rest()
    visit.page.wait_for_timeout(1_000)
    assert abs(visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") - before) < 5


def test_without_a_list_to_return_to_the_link_leads_to_all_events(visit: Visit) -> None:
    visit.open("/?q=reading+group+london")
    visit.open_first()
    address = visit.page.url.removeprefix(visit.base)
    visit.open(address.replace("q=reading+group+london&", ""))
    visit.page.get_by_role("link", name="All events").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_count(1)
    visit.rest()
    visit.expect_count(79)


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
