from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.text import check_link, clean_line, clean_text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("plain", "plain"),
        ("  two\n lines ", "two lines"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("next\x85line\u2028end", "next line end"),
        ("gpj.\u202egnp.exe", "gpj.gnp.exe"),
        ("\ufeffmark", "mark"),
        ("שלום", "שלום"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("e\u0301", "é"),
    ],
)
def test_a_line_is_one_clean_line(said: str, kept: str) -> None:
    assert clean_line(said) == kept


def test_long_text_is_cut_at_a_word_and_says_so() -> None:
    cut = clean_line("word " * 100)
    assert len(cut) <= 255
    assert cut.endswith("word…")


def test_text_keeps_its_paragraphs() -> None:
    assert clean_text("a\r\n\r\n\r\n\r\nb\tc\r d") == "a\n\nb c\nd"


@given(st.text(max_size=500))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(text).encode().decode() == clean_line(text)
    assert "\n" not in clean_line(text)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://luma.com/x", "https://luma.com/x"),
        (" HTTP://Example.ORG/A b?q=ä#s ", "http://example.org/A%20b?q=%C3%A4#s"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://example.org/%7Ex", "https://example.org/%7Ex"),
        ("http://[::1]:80/", "http://[::1]:80/"),
    ],
)
def test_a_web_link_is_kept_percent_encoded(said: str, kept: str) -> None:
    assert check_link(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:a@example.org",
        "//example.org/x",
        "example.org",
        "",
        "https://",
        "https:///path",
        "https://user@example.org/",
        "https://user:pw@example.org/",
        "https://example.org/\r\nX: y",
        "https://exa\tmple.org/",
        "http://a\\@b/",
        "https://example.org/\u202e",
        "https://example.org:99999/",
        "https://example.org/" + "a" * 2_048,
    ],
)
def test_a_dangerous_link_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        check_link(said)
