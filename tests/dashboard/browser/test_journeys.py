"""What people come for, from the first page to the calendar."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit, ids_in_feed
from tests.dashboard.browser.test_views import SIZES
from tests.web.test_same_everywhere import random_selections


def test_from_the_first_page_to_a_calendar_of_a_free_hackathon_in_europe(visit: Visit) -> None:
    visit.open()
    visit.expect_count(79)
    visit.press("Hackathon")
    visit.press("In person")
    visit.page.get_by_role("button", name="Any date").click()
    visit.press("Next 30 days")
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name="Place", exact=True).click()
    visit.page.get_by_label("City, area or country").fill("Berlin")
    expect(visit.page.get_by_role("option", name="Berlin, Germany (1)")).to_be_visible()
    visit.page.keyboard.press("Enter")
    visit.rest()
    visit.page.get_by_label("Within").click()
    visit.page.get_by_role("option", name="1,000 km").click()
    visit.rest()
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name=re.compile("^Filters")).click()
    visit.press("Free")
    visit.page.keyboard.press("Escape")
    visit.expect_count(1)
    query = "type=hackathon&near=Berlin&within=1000km&mode=in_person&from=today&to=%2B30d&cost=free"
    visit.page.wait_for_url(re.compile("cost=free"))  # one event was left before, too
    assert urlsplit(visit.page.url).query == query
    feed = visit.feed()
    assert feed == f"{visit.base}/events.ics?{query}"
    assert len(ids_in_feed(feed)) == 1
    visit.open_first()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("AI Control Hackathon Berlin")
    event_id = re.search(r"id=(\w+)", visit.page.url)
    assert event_id is not None
    assert event_id[1] in ids_in_feed(feed)
    visit.page.get_by_role("button", name="Add").click()
    calendar = visit.page.get_by_role("link", name=".ics").get_attribute("href")
    assert ids_in_feed(str(calendar)) == {event_id[1]}


def test_a_click_changes_count_address_and_subscription_alike(visit: Visit) -> None:
    visit.open()
    visit.expect_count(79)
    assert visit.feed() == f"{visit.base}/events.ics"
    visit.press("Hackathon")
    visit.expect_count(3)
    expect(visit.page).to_have_url(f"{visit.base}/?type=hackathon")
    assert len(ids_in_feed(visit.feed())) == 3


def test_a_shared_address_opens_the_same_view_and_survives_reload(visit: Visit) -> None:
    visit.open("/deadlines?type=bootcamp&country=PL&utm_source=mail")
    visit.expect_count(1)
    visit.page.reload()
    visit.rest()
    visit.expect_count(1)
    expect(visit.page.get_by_role("button", name="Country: Poland")).to_be_visible()


def test_back_and_forward_go_through_what_was_chosen(visit: Visit) -> None:
    visit.open()
    visit.press("Hackathon")
    visit.expect_count(3)
    expect(visit.page).to_have_url(f"{visit.base}/?type=hackathon")
    visit.page.get_by_role("link", name="Deadlines").click()
    visit.rest()
    expect(visit.page).to_have_url(f"{visit.base}/deadlines?type=hackathon")
    visit.press("Type: Hackathon")
    visit.expect_count(79)
    expect(visit.page).to_have_url(f"{visit.base}/deadlines")
    visit.page.go_back()
    visit.expect_count(3)
    expect(visit.page).to_have_url(f"{visit.base}/deadlines?type=hackathon")
    visit.page.go_back()
    visit.rest()
    expect(visit.page).to_have_url(f"{visit.base}/?type=hackathon")
    visit.expect_count(3)
    visit.page.go_back()
    visit.expect_count(79)
    visit.page.go_forward()
    visit.expect_count(3)


def test_steps_that_follow_each_other_quickly_end_where_they_lead(visit: Visit) -> None:
    """Widgets that a step left behind once said that they were touched, and the address went back to theirs."""
    visit.open()
    queries = ["scope=rationalist", "", "q=safety&past=all", "type=course", "mode=online", "sort=deadline", "type=talk"]
    for number in range(12):
        for wait, query in zip(
            (10, 60, 130), (queries[(number * 3 + each) % len(queries)] for each in range(3)), strict=True
        ):
            visit.page.evaluate(STEP, query)
            visit.page.wait_for_timeout(wait)
        visit.page.wait_for_timeout(400)
        visit.rest()
        assert urlsplit(visit.page.url).query == query
        with urllib.request.urlopen(f"{visit.base}/events.json?{query}", timeout=10) as answer:
            visit.expect_count(json.load(answer)["count"])


def test_searching_narrows_while_typing_and_loses_no_letter(visit: Visit) -> None:
    visit.open()
    box = visit.page.get_by_label("Search", exact=True)
    box.press_sequentially("alignment course", delay=120)
    visit.page.wait_for_url("**q=alignment+course")
    visit.expect_count(2)
    expect(box).to_have_value("alignment course")
    assert visit.feed().endswith("q=alignment+course")


def test_a_place_nobody_knows_is_said_and_changes_nothing(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("button", name="Place", exact=True).click()
    visit.page.get_by_label("City, area or country").fill("Qwertzuiop")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    visit.page.keyboard.press("Enter")
    visit.rest()
    expect(visit.page.get_by_text("We know no place called Qwertzuiop")).to_be_visible()
    visit.expect_count(79)


def test_no_match_offers_a_way_back(visit: Visit) -> None:
    visit.open("/?country=JP&type=hackathon")
    visit.expect_count(0)
    visit.press("Without country")
    visit.expect_count(3)
    visit.press("Type: Hackathon")
    visit.expect_count(79)
    assert visit.feed().endswith("/events.ics")


# As Back does it: the address changes, the page stays.
STEP = "query => { history.pushState({}, '', '?' + query); dispatchEvent(new PopStateEvent('popstate')) }"


def test_the_count_on_screen_is_that_of_the_feed(visit: Visit) -> None:
    visit.open()
    for selection in list(random_selections(100))[::2]:
        visit.page.evaluate(STEP, selection.to_query())
        with urllib.request.urlopen(f"{visit.base}/events.json?{selection.to_query()}", timeout=10) as answer:
            document = json.load(answer)
        visit.expect_count(document["count"])


def test_the_whole_journey_by_keyboard(visit: Visit) -> None:
    visit.open()
    visit.expect_count(79)
    reach(visit, "Hackathon")
    visit.page.keyboard.press("Enter")
    visit.expect_count(3)
    reach(visit, "Subscribe", from_the_top=True)
    visit.page.keyboard.press("Enter")
    reach(visit, "Open in your calendar program")
    assert visit.page.evaluate("document.activeElement.href").startswith("webcal://")
    visit.page.keyboard.press("Escape")
    reach(visit, "Global AI Incident Sprint")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/event?**")
    visit.rest()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Global AI Incident Sprint")


IS_SEEN = """() => {
  for (let each = document.activeElement, level = 0; each && level < 4; each = each.parentElement, level += 1) {
    const style = getComputedStyle(each);
    if (style.boxShadow !== 'none' || (style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2)) return true;
  }
  return false;
}"""


@pytest.mark.parametrize("size", list(SIZES))
def test_forty_steps_of_the_keyboard_are_past_the_first_event_and_each_is_seen(
    browser: Any, server: str, size: str
) -> None:
    page = browser.new_page(viewport=SIZES[size])
    visit = Visit(page, server)
    visit.open()
    page.wait_for_timeout(800)
    steps = 0
    while not page.evaluate("!!document.activeElement.closest('[class*=st-key-add_]')"):
        page.keyboard.press("Tab")
        steps += 1
        assert page.evaluate(IS_SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert steps <= 40
    visit.is_clean()
    page.close()


def reach(visit: Visit, name: str, *, from_the_top: bool = False) -> None:
    """Press Tab until what is called so has the focus; within a group of choices, the arrow keys."""
    visit.page.wait_for_timeout(800)  # what is drawn late takes the focus away
    if from_the_top:
        visit.page.evaluate("document.activeElement.blur()")
    for _ in range(150):
        visit.page.keyboard.press("Tab")
        if has_focus(visit, name):
            return
        if visit.page.evaluate("!!document.activeElement.closest('[role=toolbar],[role=radiogroup]')"):
            for _ in range(15):
                visit.page.keyboard.press("ArrowRight")
                visit.page.wait_for_timeout(20)
                if has_focus(visit, name):
                    return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def has_focus(visit: Visit, name: str) -> bool:
    words = str(visit.page.evaluate("document.activeElement === document.body ? '' : document.activeElement.innerText"))
    return len(words) < 80 and any(line.startswith(name) for line in words.split("\n"))


def test_unknown_feeds_are_not_the_dashboards_page(visit: Visit) -> None:
    visit.open()
    answer = visit.page.request.get(f"{visit.base}/event.ics")
    assert answer.status == 404
    assert visit.page.request.get(f"{visit.base}/events.ics?typ=x").status == 400
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("size", list(SIZES))
def test_a_newsletter_writer_copies_the_week_in_two_clicks(browser: Any, server: str, size: str) -> None:
    context = browser.new_context(viewport=SIZES[size], permissions=["clipboard-read", "clipboard-write"])
    visit = Visit(context.new_page(), server)
    visit.open("/?type=hackathon")
    visit.page.get_by_role("button", name=re.compile("Copy$")).click()
    visit.rest()
    visit.page.get_by_role("button", name="Copy the list").click()
    expect(visit.page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    copied = str(visit.page.evaluate("navigator.clipboard.readText()"))
    assert "23 to 30 November 2026" in copied
    assert "Hackathon" in copied
    assert visit.violations() == []
    visit.page.get_by_label("As", exact=True).click()
    visit.page.get_by_role("option", name="Markdown").click()
    visit.rest()
    expect(visit.page.get_by_test_id("stCode").last).to_contain_text("## AI safety: 23 to 30 November 2026")
    visit.is_clean()
    context.close()
