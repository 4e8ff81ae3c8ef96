"""Word patterns find what the same alternatives without grouping find."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tracker.reading.lookups import load
from tracker.reading.pattern_parts import split_alternatives
from tracker.reading.word_patterns import WordPattern, alternation, lowered

ANNOUNCEMENTS = tomllib.loads((Path(__file__).parent / "data" / "announcements.toml").read_text("utf-8"))
TEXTS = [text for rows in ANNOUNCEMENTS.values() for row in rows if (text := row.get("text"))]
CUES = {
    f"{group}.{name}": words
    for group in ("roles", "weak", "asking", "deadline_kinds", "statements")
    for name, words in load("cues")[group].items()
}
EVIDENCE = {
    name: split_alternatives(words)
    for name, words in load("place_evidence")["words"].items()
    if name != "name"  # which means a capital
}


@pytest.mark.parametrize("name", [*CUES, *EVIDENCE])
def test_grouped_alternatives_match_what_the_plain_ones_match(name: str) -> None:
    words = [word for word in (CUES | EVIDENCE)[name] if "(?-i:" not in word]
    grouped = WordPattern(rf"(?<!\w)(?:{alternation(words)})(?!\w)")
    plain = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE | re.MULTILINE)
    for text in TEXTS:
        assert [each.span() for each in grouped.finditer(text)] == [each.span() for each in plain.finditer(text)]


@pytest.mark.parametrize(
    ("alternatives", "text", "found"),
    [
        (["until", "unt"], "until", "until"),
        (["(?:is|was) off", "it"], "It was off", "it"),
        (["[àa] partir", "at"], "à partir", "à partir"),
        (["s?he"], "She and he", "she"),
        (["(?<=open )until", "up"], "open until", "until"),
        (["a*b", "c"], "aab", "aab"),
    ],
)
def test_what_an_alternative_begins_with_is_written_out(alternatives: list[str], text: str, found: str) -> None:
    match = WordPattern(alternation(alternatives)).search(text)
    assert match is not None
    assert match[0] == found


def test_lower_case_keeps_each_character_where_it_was() -> None:
    assert len(lowered("İSTANBUL ÉTÉ")) == len("İSTANBUL ÉTÉ")
    assert lowered("ÉTÉ") == "été"
