"""A selection as text to paste and as posts: every form says the same, and a post fits."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW, a_listing, a_when
from tests.sources_that_speak import say
from tracker.errors import SelectionError
from tracker.models.cost import Cost
from tracker.models.deadline import Deadline
from tracker.models.listing import Listing
from tracker.models.place import Place
from tracker.models.selection import Selection
from tracker.models.vocabulary import CostKind, EventType, Lifecycle, ZoneSource
from tracker.publishing.digest import DigestItem
from tracker.publishing.pasting import FORMS, DigestRequest, digest_since
from tracker.publishing.posts import LONGEST, post_of
from tracker.store import Store

DAY = NOW.date() + timedelta(days=30)


def camp(name: str, **changes: object) -> Listing:
    zone = {"timezone": "Europe/Berlin", "timezone_source": ZoneSource.STATED}
    passed, ahead = (Deadline(at=NOW.date() + timedelta(days=days), **zone) for days in (-3, 10))
    values: dict[str, object] = {
        "source_id": name,
        "title": name,
        "url": f"https://berlin.example/{name.split()[0].lower()}",
        "when": a_when(DAY),
        "deadlines": (passed, ahead),
        "places": (Place(raw="Berlin", city="Berlin", country="DE"),),
        "cost": Cost(kind=CostKind.FREE, text="Free"),
    }
    return a_listing(**values | changes)


@pytest.fixture
def told(store: Store) -> Store:
    say(
        store,
        [
            camp("Camp #AIsafety & @friends"),
            camp("Course", types=(EventType.COURSE,)),
            camp("Cancelled", lifecycle=Lifecycle.CANCELLED),
        ],
        0,
    )
    return store


def pasted(store: Store, form: str, query: str = "since=all") -> str:
    asked = DigestRequest.from_pairs(tuple(each.split("=")) for each in query.split("&"))  # type: ignore[misc]
    with store.reading() as db:
        return FORMS[form].render(digest_since(db, asked.selection, asked.span, NOW))


def test_a_whole_selection_is_listed_by_kind_and_without_what_is_off(told: Store) -> None:
    assert pasted(told, "text").splitlines()[:9] == [
        "AI safety: 2 events, 23 November 2026",
        "=====================================",
        "",
        "Events",
        "------",
        "* Camp #AIsafety & @friends",
        "  Wed 23 Dec 2026",
        "  Berlin, Germany",
        "  Free",
    ]
    assert "Cancelled" not in pasted(told, "text")
    assert "### Programmes" in pasted(told, "md")


def test_every_form_names_the_same_events_and_links(told: Store) -> None:
    for form in ("md", "html", "text", "posts"):
        text = unescape(pasted(told, form))
        assert all(f"https://berlin.example/{name}" in text for name in ("camp", "course")), form
        assert "Thu 3 Dec 2026" in text, form


def test_a_selection_selects(told: Store) -> None:
    assert pasted(told, "posts", "since=all&type=course").startswith("Course\n")


def test_a_post_says_what_is_next_and_calls_nobody(told: Store) -> None:
    first, second = pasted(told, "posts").split("\n\n")
    assert first.splitlines() == [
        "Camp AIsafety & friends",
        "Wed 23 Dec 2026",
        "Berlin, Germany",
        "Apply by Thu 3 Dec 2026, Berlin time",
        "Free",
        "https://berlin.example/camp",
    ]
    assert second.startswith("Course\n")


def test_only_a_few_are_shown_and_counted(told: Store) -> None:
    with told.reading() as db:
        digest = digest_since(db, Selection(), None, NOW, most=1)
    assert digest.title == "AI safety: the first 1 of 3 events, 23 November 2026"


@pytest.mark.parametrize(
    ("title", "becomes"),
    [
        ("Meetup #5", "Meetup #5"),
        ("#AI #safety night", "AI safety night"),
        ("write to a@b.example", "write to a@b.example"),
        ("@everyone come", "everyone come"),
        ("word " * 60, "word " * 22 + "word…"),
    ],
)
def test_titles_in_posts(title: str, becomes: str) -> None:
    assert post_of(DigestItem("k", title, "https://x.example/", (), "")).splitlines()[0] == becomes


@given(st.text(min_size=1, max_size=400), st.lists(st.text(max_size=300), max_size=6), st.integers(0, 400))
def test_a_post_always_fits_and_its_link_is_whole_or_missing(title: str, facts: list[str], length: int) -> None:
    link = "https://x.example/" + "y" * length
    post = post_of(DigestItem("k", title, link, tuple(facts), ""))
    assert len(post) <= LONGEST
    assert post.endswith(link) or link not in post


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("format=pdf", "format=pdf is not known. Allowed: md, html, text, posts."),
        ("since=yesterday", "since=yesterday is not known. Write days such as since=7d, or since=all."),
        ("colour=red", "There is no filter called 'colour'."),
    ],
)
def test_what_is_wrong_is_named(query: str, says: str) -> None:
    with pytest.raises(SelectionError, match=says.replace(".", r"\.")):
        DigestRequest.from_pairs([tuple(query.split("="))])  # type: ignore[list-item]
