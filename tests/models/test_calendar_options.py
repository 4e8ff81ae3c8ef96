from __future__ import annotations

import pytest

from tracker.errors import SelectionError
from tracker.models.calendar_options import CalendarOptions


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ([], []),
        ([("deadlines", "with")], []),
        ([("deadlines", "only"), ("alarms", "1d,7d")], [("deadlines", "only"), ("alarms", "7d,1d")]),
        ([("alarms", "7,7d")], [("alarms", "7d")]),
        ([("deadlines", "none"), ("alarms", "7d")], [("deadlines", "none")]),
        ([("alarms", "")], []),
    ],
)
def test_options_have_one_written_form(given: list[tuple[str, str]], normal: list[tuple[str, str]]) -> None:
    options, rest = CalendarOptions.split([*given, ("type", "talk")])
    assert options.to_pairs() == normal
    assert rest == [("type", "talk")]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([("deadlines", "all")], "Allowed: with, only, none"),
        ([("alarms", "soon")], "alarms=7d,1d"),
        ([("alarms", "1d,2d,3d,4d,5d,6d")], "up to 5"),
        ([("alarms", "9999d")], "alarms=7d,1d"),
        ([("alarms", "1d"), ("alarms", "2d")], "takes one value"),
    ],
)
def test_an_option_that_cannot_be_read_is_named(given: list[tuple[str, str]], says: str) -> None:
    with pytest.raises(SelectionError, match=says):
        CalendarOptions.split(given)
