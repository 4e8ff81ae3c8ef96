from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW
from tracker.crawling.throttling.domains import registrable_domain
from tracker.crawling.throttling.http_dates import clock_skew, freshness, retry_after

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("Mon, 23 Nov 2026 13:00:00 GMT", HOUR),
        ("Mon, 23 Nov 2026 11:00:00 GMT", timedelta()),
        ("99999999999999999999999", timedelta(days=7)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Nov 2026 13:00:00 GMT", None),
        ("１２", None),
    ],
)
def test_how_long_to_stay_away(said: str, wait: timedelta | None) -> None:
    assert retry_after(said, NOW) == wait


@pytest.mark.parametrize(
    ("kept", "expires", "age", "fresh"),
    [
        ("max-age=3600", "", "", HOUR),
        ("public, s-maxage=5, max-age=7200", "", "3600", HOUR),
        ('max-age="3600"', "", "", HOUR),
        ("max-age=60", "Mon, 23 Nov 2026 13:00:00 GMT", "", timedelta(minutes=1)),
        ("", "Mon, 23 Nov 2026 13:00:00 GMT", "", HOUR),
        ("max-age=60", "", "3600", timedelta()),
        ("no-store", "Mon, 23 Nov 2026 13:00:00 GMT", "", timedelta()),
        ("", "0", "", timedelta()),
        ("max-age=x", "never", "old", timedelta()),
    ],
)
def test_how_long_an_answer_is_fresh(kept: str, expires: str, age: str, fresh: timedelta) -> None:
    assert freshness(kept, expires, age, NOW) == fresh


def test_a_stored_answer_is_as_old_as_it_says() -> None:
    assert clock_skew("Mon, 23 Nov 2026 11:00:00 GMT", "3600", NOW) == timedelta()
    assert clock_skew("Mon, 23 Nov 2026 15:00:00 GMT", "", NOW) == 3 * HOUR
    assert clock_skew("", "", NOW) is None


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://api.lu.ma/x", "luma.com"),
        ("https://calendar.example.co.uk/", "example.co.uk"),
        ("https://someone.github.io/", "github.io"),
        ("http://127.0.0.1:8000/x", "127.0.0.1:8000"),
        ("http://[::1]:8000/x", "[::1]:8000"),
        ("http://intranet/x", "intranet"),
    ],
)
def test_whose_site_it_is(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain
