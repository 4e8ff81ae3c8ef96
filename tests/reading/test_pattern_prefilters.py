"""The tests before a pattern let through everything that the pattern finds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tracker.reading.lookups import load
from tracker.reading.pattern_prefilters import starts_of, texts_within
from tracker.reading.word_patterns import WordPattern, alternation, lowered

ANNOUNCEMENTS = tomllib.loads((Path(__file__).parent / "data" / "announcements.toml").read_text("utf-8"))
TEXTS = [text for rows in ANNOUNCEMENTS.values() for row in rows if (text := row.get("text"))]
LONG = [lowered("\n".join(TEXTS[number : number + 6])) for number in range(0, len(TEXTS), 6)]
WORDS = {
    f"{group}.{name}": [word for word in words if "(?-i:" not in word]
    for group in ("roles", "deadline_kinds", "said_kinds", "statements")
    for name, words in load("cues")[group].items()
}


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("form", ["{}", r"(?<!\w)(?=\w)(?:{})(?!\w)"])
def test_a_pattern_finds_what_re_finds(name: str, form: str) -> None:
    source = form.format(alternation(WORDS[name]))
    words, plain = WordPattern(source), re.compile(source, re.MULTILINE)
    for text in LONG:
        assert [each.span() for each in words.finditer(text)] == [each.span() for each in plain.finditer(text)]
        first = words.search(text)
        assert (first and first.span()) == ((found := plain.search(text)) and found.span())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\bdue\b|dead-?lines?", "the dead-line"),
        (r"(?<=open )until", "open until"),
        (r"(?:is|was)? ?over|[ée]t[ée]", "over"),
        (r"\d{1,2}(?:st|nd)|a+b", "3rd, 2nd"),
        (r"(?P<one>x|yz)|(?P<two>q{2,3})", "qq"),
        (r"^paid|free$", "it is free"),
    ],
)
def test_a_start_is_found_where_a_match_begins(source: str, text: str) -> None:
    match = re.search(source, text, re.MULTILINE)
    assert match is not None
    assert match.start() in [start.start() for start in starts_of(source).finditer(text)]
    assert not texts_within(source) or any(within in match[0] for within in texts_within(source))
