"""Whatever a page says, no reader raises, and the same words always mean the same."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reading.classification import is_full, level_in_text, read_status_words, read_types, topics_in_text
from tracker.reading.costs import cost_in_text, read_cost, stipend_in_text
from tracker.reading.dates.mentions import MOST
from tracker.reading.places.lines import read_line
from tracker.reading.relevance import read_relevance
from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 3, 1)
PIECES = [
    *["1", "5", "12", "31", "32", "2026", "'27", "99", "0", "-", "–", "/", ",", ".", ":", ";", "(", ")", "|", "&", "\n"],
    *["May", "march", "Mar.", "september", "août", "16.11.", "3/15", "2026-05-01", "11/16/2026", "29", "Feb", "30", "February", "Fri", "Tuesday", "every", "other", "next", "this"],
    *["week", "of", "the", "to", "until", "and", "at", "from", "between", "6pm", "7.30pm", "18:00", "19h30", "24:00", "noon", "midnight", "EOD", "AoE", "PT", "IST", "UTC+5:30", "GMT"],
    *["early", "mid-", "late", "Spring", "Q3", "H2", "first", "Monday", "month", "apply", "by", "deadline", "closes", "opens", "extended", "moved", "cancelled", "rolling", "TBA"],
    *["Berlin", "London", "Reading", "Cambridge", "in", "Online", "hybrid", "東京", "CA", "Georgia", "free", "$20", "€5–10", "stipend"],
]  # fmt: skip
PHRASES = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)


def read_all(text: str) -> object:
    return (
        as_json(report_text(text, PUBLISHED)),
        as_json(report_text(text, None, text[:200])),
        read_line(text),
        read_cost([text], text, text).value,
        cost_in_text(text).value,
        stipend_in_text(text).value,
        read_types([text], text).value,
        topics_in_text(text, text).value,
        level_in_text(text, text).value,
        read_status_words(text),
        is_full(text),
        read_relevance(text, text),
    )


@given(st.one_of(st.text(max_size=300), PHRASES))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    assert repr(read_all(text)) == repr(read_all(text))


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        " ",
        "<",
        "(",
        "\n",
        ", ",
        "1 May ",
        "May ",
        "1, 2, 3, ",
        "12-",
        "every ",
        "until 5 ",
        "London, ",
        "In ",
        "~~",
        "10am ",
    ],
)
def test_a_long_text_of_one_piece_is_read(piece: str) -> None:
    said = report_text((piece * 100_000)[:100_000], PUBLISHED)
    assert len(said.announcement.mentions) <= MOST
    assert len(said.where.places) <= 12
    read_all((piece * 20_000)[:20_000])


@pytest.mark.long
def test_reading_does_not_depend_on_the_machine() -> None:
    program = (
        "from datetime import date; from tracker.reading.text_report import as_json, report_text;"
        "print(as_json(report_text('Fri 3 May, 6–9pm BST in Zürich. Applications close 1 April, AoE', date(2024, 3, 1))))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for zone, locale, seed in (("Asia/Tokyo", "C", "1"), ("America/Los_Angeles", "de_DE.UTF-8", "2"))
    }
    assert len(answers) == 1
