from __future__ import annotations

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reading.classification import read_status_words
from tracker.reading.links import first_link, read_link
from tracker.reading.plain_text import read_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two <b>bold</b></p>", "One\n\nTwo bold"),
        ("a<br>b", "a\n\nb"),
        ("<ul><li>x</li><li>y</li></ul>", "• x\n\n• y"),
        ("<script>alert(1)</script>kept<style>p{}</style>", "kept"),
        ("Pinocchio&#8217;s &amp; more", "Pinocchio’s & more"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("no markup", "no markup"),
        ("<" * 50, "<" * 50),
    ],
)
def test_markup_becomes_text(html: str, text: str) -> None:
    assert read_text(html).replace("\n\n\n", "\n\n") == text or read_text(html).split() == text.split()


def test_a_thousand_nested_elements_are_no_problem() -> None:
    assert read_text("<div>" * 1_000 + "deep" + "</div>" * 1_000) == "deep"


@given(st.text(alphabet="<>/&;#ab \n\x00", max_size=200))
def test_no_markup_makes_reading_fail(text: str) -> None:
    read_text(text, is_html=True)


@pytest.mark.parametrize(
    ("said", "title", "status"),
    [
        ("CANCELLED - Typhoon", "Typhoon", "cancelled"),
        ("[CANCELLED] Persona", "Persona", "cancelled"),
        ("Canceled: Meetup", "Meetup", "cancelled"),
        ("Meetup (cancelled)", "Meetup", "cancelled"),
        ("POSTPONED Retreat", "Retreat", "postponed"),
        ("Postponed: Retreat", "Retreat", "postponed"),
        ("Workshop – NOW ONLINE", "Workshop", "moved_online"),
        ("Cancelled flights and AI", "Cancelled flights and AI", None),
        ("Why the summit was cancelled", "Why the summit was cancelled", None),
        ("CANCELLED", "CANCELLED", "cancelled"),
    ],
)
def test_status_words_leave_the_title(said: str, title: str, status: str | None) -> None:
    assert read_status_words(said) == (title, status)


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("#", None),
        ("", None),
        ("javascript:alert(1)", None),
        ("/x", "https://berlin.example/x"),
        ("https://a.example/?x=1&#038;y=2", "https://a.example/?x=1&y=2"),
    ],
)
def test_links_are_absolute_and_safe(said: str, link: str | None) -> None:
    assert read_link(said, "https://berlin.example/calendar.ics") == link


def test_the_first_link_of_a_text_ends_before_its_punctuation() -> None:
    assert first_link("More (see https://a.example/x). Bye") == "https://a.example/x"
    assert first_link("none") is None


def test_what_the_parser_refuses_is_read_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise lxml.etree.ParserError("Document is empty")

    monkeypatch.setattr(lxml.html, "fromstring", refuse)
    assert read_text("<b>Talk</b> &amp; more", is_html=True).split() == ["Talk", "&", "more"]
