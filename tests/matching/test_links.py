from __future__ import annotations

import pytest

from tracker.matching.links import canonical_link, typed_link, universal_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://lu.ma/x", "https://luma.com/x"),
        ("https://luma.com/x?tk=abc", "http://www.luma.com/x/"),
        ("https://shop.example/e-1?aff=x", "https://shop.example/e-1"),
        ("https://a.example/?mc_cid=1&utm_id=2&hsa_acc=3&_ga=2.1", "https://a.example"),
        ("https://a.example/index.html", "https://a.example/"),
        ("https://a.example/talks/index.php", "https://a.example/talks/"),
        ("https://a.example/?b=2&a=1", "https://a.example/?a=1&b=2"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Flu.ma%2Fx&h=AT0", "https://luma.com/x"),
        (
            "https://apartresearch.com/sprints/ai-control-hackathon-2026-03-20-to-2026-03-22?utm_source=discord&utm_medium=organic",
            "https://apartresearch.com/sprints/ai-control-hackathon-2026-03-20-to-2026-03-22",
        ),
    ],
)
def test_addresses_of_one_page_are_one(one: str, other: str) -> None:
    assert canonical_link(one) == canonical_link(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x#a", "https://a.example/x#b"),
        ("https://a.example/X", "https://a.example/x"),
        ("https://a.example/?id=1", "https://a.example/?id=2"),
        ("https://m.a.example/x", "https://a.example/x"),
    ],
)
def test_addresses_of_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_link(one) != canonical_link(other)


@pytest.mark.parametrize(
    "url", ["https://bit.ly/abc", "https://aisafety.com/api/nl/abc/3", "https://[bad", "https://t.co/x"]
)
def test_an_address_that_must_be_followed_first_says_nothing(url: str) -> None:
    assert canonical_link(url) == ""
    assert typed_link(url) is None


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://lu.ma/ab3d5f7h?tk=x", "luma:ab3d5f7h"),
        ("https://luma.com/event/evt-AbCdEf123456", "luma:evt-AbCdEf123456"),
        ("https://www.eventbrite.co.uk/e/ai-safety-night-tickets-123456789012?aff=ebdssb", "eventbrite:123456789012"),
        ("https://www.meetup.com/de-DE/berlin-ai/events/310839956/", "meetup:310839956"),
        ("https://forum.effectivealtruism.org/events/abcdefghijklmnopq/one-slug", "ea_forum:abcdefghijklmnopq"),
        ("https://forum.effectivealtruism.org/posts/abcdefghijklmnopq/another-slug", "ea_forum:abcdefghijklmnopq"),
        ("https://www.alignmentforum.org/posts/abcdefghijklmnopq/x", "lesswrong:abcdefghijklmnopq"),
        (
            "https://docs.google.com/forms/d/e/1FAIpQLSabcdefghijklmnopqrstuv/viewform",
            "google_form:1FAIpQLSabcdefghijklmnopqrstuv",
        ),
        ("https://airtable.com/appF8XfZUGXtfi40E/shrteEg2cClc3x484", "airtable_form:shrteEg2cClc3x484"),
        ("https://luma.com/berlin-ai-safety", "None"),
    ],
)
def test_a_platforms_entry_is_known_by_its_id(url: str, entry: str) -> None:
    assert str(typed_link(url)) == entry


@pytest.mark.parametrize(
    ("source_id", "entry"),
    [
        ("recAbCdEf12345678", "airtable_record:recAbCdEf12345678"),
        ("g0:recAbCdEf12345678", "airtable_record:recAbCdEf12345678"),
        ("evt-AbCdEf123456@events.lu.ma", "luma:evt-AbCdEf123456"),
        ("event_310839956@meetup.com", "meetup:310839956"),
        ("evt-1", "None"),
        ("recent-talks", "None"),
    ],
)
def test_an_id_that_travels_with_the_entry_is_known(source_id: str, entry: str) -> None:
    assert str(universal_id(source_id)) == entry
