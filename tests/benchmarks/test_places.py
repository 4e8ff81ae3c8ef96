from __future__ import annotations

import pytest

from benchmarks.places import Answer, is_right, labelled, ours

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("text", "meant"), list(labelled(None)), ids=lambda each: each if isinstance(each, str) else ""
)
def test_what_is_measured_is_read_rightly(text: str, meant: Answer) -> None:
    assert is_right(ours(text), meant)


def test_a_city_by_another_of_its_names_is_right_and_another_city_is_not() -> None:
    assert is_right({("Cologne", "DE")}, {("Köln", "DE")})
    assert not is_right({("Oxford", "GB")}, {("Oxford", "US")})
    assert not is_right({("Paris", "FR"), ("", "US")}, {("Paris", "FR")})
