"""The first load: the list is in the page's own HTML, Streamlit takes over at the same place, and little is sent.

And printing, which takes the whole list from the same place.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit
from tests.dashboard.browser.test_views import SIZES

SHIFTS = """
window.shifted = 0
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value
}).observe({type: 'layout-shift', buffered: true})
"""
MOST_BYTES = 700_000
ICONS = """[...document.querySelectorAll('[data-testid=stIconMaterial]')]
  .filter(each => each.scrollWidth > 2 * parseFloat(getComputedStyle(each).fontSize)).map(each => each.innerText)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_list_can_be_read_before_streamlit_has_started(browser: Any, server: str, scheme: Any, size: str) -> None:
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme)
    page.route("**/static/js/*", lambda route: route.abort())
    visit = Visit(page, server)
    page.goto(f"{server}/?type=hackathon")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 upcoming events")
    assert visit.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    page.get_by_role("link", name="AI Control Hackathon Berlin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("AI Control Hackathon Berlin")
    page.close()


@pytest.mark.parametrize("size", list(SIZES))
def test_streamlit_takes_over_without_moving_anything(browser: Any, server: str, size: str) -> None:
    page = browser.new_page(viewport=SIZES[size])
    page.add_init_script(SHIFTS)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sent: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    visit = Visit(page, server)
    page.goto(server)
    place = page.locator("#first h3").first.bounding_box()
    visit.rest()
    expect(page.locator("#first")).to_have_count(0)
    page.wait_for_timeout(1_000)
    taken = page.locator("#root h3").first.bounding_box()
    assert abs(taken["y"] - place["y"]) < 24
    assert float(page.evaluate("window.shifted")) < 0.1
    assert sum(sent) < MOST_BYTES
    visit.is_clean()
    page.close()


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("path", ["/deadlines", "/timeline", "/month", "/map", "/table", "/sources"])
def test_other_views_do_not_move_while_they_load(browser: Any, server: str, size: str, path: str) -> None:
    page = browser.new_page(viewport=SIZES[size])
    page.add_init_script(SHIFTS)
    visit = Visit(page, server)
    page.goto(server + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visit.rest()
    page.wait_for_timeout(1_000)
    assert float(page.evaluate("window.shifted")) < 0.1
    visit.is_clean()
    page.close()


def test_who_has_scrolled_stays_where_they_are(browser: Any, server: str) -> None:
    page = browser.new_page(viewport=SIZES["desk"])
    page.add_init_script("document.addEventListener('DOMContentLoaded', () => { first.scrollTop = 500 })")
    visit = Visit(page, server)
    visit.open()
    page.wait_for_function("Math.abs(document.querySelector('[data-testid=stMain]').scrollTop - 500) < 3")
    visit.is_clean()
    page.close()


def test_who_has_gone_to_an_event_by_keyboard_stays_at_it(browser: Any, server: str) -> None:
    page = browser.new_page(viewport=SIZES["desk"])
    focus = (
        "const to = document.querySelectorAll('#first h3 a')[2]; to.focus(); window.chosen = to.href.split('/').pop()"
    )
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{ {focus} }})")
    visit = Visit(page, server)
    visit.open()
    page.wait_for_function("document.activeElement.matches(`#root h3 a[href*='id=${window.chosen}']`)")
    visit.is_clean()
    page.close()


def test_every_icon_is_drawn(visit: Visit) -> None:
    """An icon that our font lacks is shown as its name."""
    for path in ("/", "/deadlines", "/month", "/map", "/table", "/suggest", "/sources", "/groups"):
        visit.open(path)
        assert visit.page.evaluate(ICONS) == [], path


def test_the_list_is_printed_as_a_whole_and_without_controls(visit: Visit) -> None:
    visit.open()
    assert visit.page.locator("#root h3").count() == 24
    assert visit.page.pdf().count(b"/Type /Page\n") > 3, "24 entries are two pages"
    expect(visit.page.locator("#print")).to_have_count(0)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(visit.page.locator("#print article")).to_have_count(79)
    expect(visit.page.locator("#root h1")).to_be_hidden()
    expect(visit.page.get_by_role("button").locator("visible=true")).to_have_count(0)
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(visit.page.locator("#root h1")).to_be_visible()


@pytest.mark.parametrize("path", ["/deadlines", "/month", "/event?id=none", "/table"])
def test_other_views_are_printed_without_their_filters(visit: Visit, path: str) -> None:
    visit.open(path)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(visit.page.locator("#print")).to_have_count(0)
    for name in ("Search", "Filters", "Subscribe", "Any date"):
        expect(visit.page.get_by_text(name, exact=True).locator("visible=true")).to_have_count(0)


def test_the_page_to_print_is_a_page(visit: Visit) -> None:
    visit.page.goto(f"{visit.base}/print?type=hackathon&utm_source=mail")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("3 upcoming events: Hackathon")
    expect(visit.page.get_by_role("article")).to_have_count(3)
    assert visit.violations() == []
    visit.page.goto(f"{visit.base}/print?type=party")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("No event matches all of these filters.")
