"""A flag before a city names its country, and a stated city is believed before the usual city of a known venue."""

from __future__ import annotations

import pytest

from tracker.reading.places.lines import read_line


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("🇳🇱 Amsterdam, The Netherlands", ("", "Amsterdam", "NL")),
        ("🇩🇪 Berlin", ("", "Berlin", "DE")),
        ("🇬🇧 Cambridge", ("", "Cambridge", "GB")),
        ("🇺🇸 Cambridge, MA", ("", "Cambridge", "US")),
        ("ZhengZhou, Henan, China", ("", "Zhengzhou", "CN")),
        ("Museum Ludwig, Köln, Germany", ("Museum Ludwig", "Cologne", "DE")),
        ("Lighthaven, Vienna", ("", "Vienna", "AT")),
        ("Lighthaven, Berkeley", ("Lighthaven", "Berkeley", "US")),
        ("Lighthaven", ("Lighthaven", "Berkeley", "US")),
        ("Harvard University, Cambridge", ("Harvard University", "Cambridge", "US")),
    ],
)
def test_the_city_of_a_line(line: str, place: tuple[str, str, str]) -> None:
    (found,) = read_line(line).places
    assert (found.venue, found.city, found.country) == place
