"""Lists and tables in which the date comes first: "15 April | Application deadline"."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.reading.text_report import as_json, report_text

PUBLISHED = date(2026, 12, 1)

CELLS = """Winter School on AI Governance
Important dates
April 15, 2027 | Deadline for application to attend.
May 10, 2027 | Notification of acceptance.
July 5–9, 2027 | The school takes place in Lisbon, Portugal."""
TABLE = """AI Safety Hackathon Zürich

Date | Event
--- | ---
01.03.2027 | Registration opens
15.04.2027 | Registration closes
05.–09.07.2027 | Hackathon at ETH Zürich"""
ROWS_WITH_BARS = """AI safety summer school, call 2027
| 15 Apr | Sign-up deadline |
| 20 May | Decisions |
| 5–9 July | School in Lisbon |"""
LINES_BELOW = """Summer School on Interpretability

15 April 2027
Applications close

2 May 2027
Decisions sent

5 July 2027 – 9 July 2027
School in Barcelona"""
BELOW_A_HEADING = """Important Dates

April 15, 2027

Workshop proposals due

May 29, 2027

Notification of workshop acceptance

July 5-9, 2027

Workshops (Ghent, Belgium)"""
LABELS_ABOVE = """Summer School on Interpretability
Applications close
15 April 2027
Decisions sent
2 May 2027
School in Barcelona
5 July 2027 – 9 July 2027
Ask us anything about the workshops."""
WEEKDAYS_IN_BRACKETS = """15 April 2027 (Thursday): last day to register.
5 July 2027 (Monday): AI safety unconference, Prague, 10:00–18:00."""


@pytest.mark.parametrize(
    "text", [CELLS, TABLE, ROWS_WITH_BARS, LINES_BELOW, BELOW_A_HEADING, LABELS_ABOVE, WEEKDAYS_IN_BRACKETS]
)
def test_what_stands_beside_or_below_a_date_says_what_it_is_for(text: str) -> None:
    read = as_json(report_text(text, PUBLISHED))
    assert read["start"][:10] == "2027-07-05"
    assert [due["at"][:10] for due in read["deadlines"] if due["kind"] != "notification"] == ["2027-04-15"]


def test_a_line_with_a_date_of_its_own_says_nothing_of_the_date_above() -> None:
    text = "Conference online (via Zoom)\n9-10 October 2027\nDeadline for proposals: 26 September 2027\n"
    text += "Conference in Porto\n23-24 October 2027\nDeadline for proposals: 1 October 2027"
    read = as_json(report_text(text, PUBLISHED))
    assert [due["at"][:10] for due in read["deadlines"]] == ["2027-09-26", "2027-10-01"]
