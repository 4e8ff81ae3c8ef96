from __future__ import annotations

from datetime import date

import pytest

from tracker.reading.dates.mentions import scan

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("every Tuesday", "FREQ=WEEKLY;BYDAY=TU", ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ("Every other Thursday at 7pm", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", ["2026-11-26", "2026-12-10", "2026-12-24"]),
        ("First Monday of each month", "FREQ=MONTHLY;BYDAY=1MO", ["2026-12-07", "2027-01-04", "2027-02-01"]),
        (
            "1st and 3rd Thursday of the month, 18:00",
            "FREQ=MONTHLY;BYDAY=1TH,3TH",
            ["2026-12-03", "2026-12-17", "2027-01-07"],
        ),
        ("last Friday of every month", "FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-27", "2026-12-25", "2027-01-29"]),
        ("Monthly on the second Tuesday", "FREQ=MONTHLY;BYDAY=2TU", ["2026-12-08", "2027-01-12", "2027-02-09"]),
        ("Weekly on Wednesdays at 6pm", "FREQ=WEEKLY;BYDAY=WE", ["2026-11-25", "2026-12-02", "2026-12-09"]),
        ("Tuesdays & Thursdays 7–9pm", "FREQ=WEEKLY;BYDAY=TU,TH", ["2026-11-24", "2026-11-26", "2026-12-01"]),
        ("every two weeks on Monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", ["2026-11-23", "2026-12-07", "2026-12-21"]),
        ("every 3 days", "FREQ=DAILY;INTERVAL=3", ["2026-11-23", "2026-11-26", "2026-11-29"]),
        ("every month", "FREQ=MONTHLY", ["2026-11-23", "2026-12-23", "2027-01-23"]),
        ("every weekday at noon", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ["2026-11-23", "2026-11-24", "2026-11-25"]),
        (
            "jeden ersten Montag im Monat um 19 Uhr",
            "FREQ=MONTHLY;BYDAY=1MO",
            ["2026-12-07", "2027-01-04", "2027-02-01"],
        ),
        ("tous les mardis à 19h", "FREQ=WEEKLY;BYDAY=TU", ["2026-11-24", "2026-12-01", "2026-12-08"]),
        ("dienstags, 19 Uhr", "FREQ=WEEKLY;BYDAY=TU", ["2026-11-24", "2026-12-01", "2026-12-08"]),
    ],
)
def test_a_repeating_time_is_a_rule_with_its_first_days(text: str, rule: str, first: list[str]) -> None:
    (repeats,) = scan(text).repeats
    assert repeats.rule == rule
    assert [str(day) for day in repeats.occurrences(MONDAY)] == first


@pytest.mark.parametrize(
    "text", ["Fridays for Future", "every 5, 6", "8 hours weekly", "every participant", "First Monday Journal"]
)
def test_other_uses_of_the_words_repeat_nothing(text: str) -> None:
    assert scan(text).repeats == []
