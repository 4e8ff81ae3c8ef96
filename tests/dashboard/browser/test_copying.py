"""The Copy button: what is on the clipboard afterwards, formatted and plain at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const texts = {};
  for (const kind of item.types) texts[kind] = await (await item.getType(kind)).text();
  return texts;
}"""


@pytest.mark.parametrize("has_clipboard", [True, False], ids=["https", "plain http"])
def test_both_kinds_are_copied_at_once(visit: Visit, has_clipboard: bool) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visit.base)
    if not has_clipboard:  # as in browsers that are not on https
        visit.page.add_init_script("window.ClipboardItem = undefined;")
    visit.open("/?type=hackathon")
    visit.expect_count(3)
    visit.page.get_by_role("button", name=re.compile("Copy$")).click()
    visit.rest()
    visit.press("Everything")
    visit.page.get_by_role("button", name="Copy the list").click()
    expect(visit.page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    copied = visit.page.evaluate(READ)
    assert set(copied) == {"text/html", "text/plain"}
    for text in copied.values():
        assert text.count("AI Control Hackathon Berlin") == 1
    assert "<strong><a href=" in copied["text/html"]
    assert "<" not in copied["text/plain"]


def test_posts_can_be_copied_each_from_the_box(visit: Visit) -> None:
    visit.open("/?type=hackathon")
    visit.page.get_by_role("button", name=re.compile("Copy$")).click()
    visit.rest()
    visit.press("Everything")
    visit.page.get_by_label("As", exact=True).click()
    visit.page.get_by_role("option", name="Posts").click()
    visit.rest()
    expect(visit.page.locator("code").filter(has_text="Global AI Incident Sprint")).to_be_visible()
