"""What a page said is kept as strings that can be written down, whatever the page holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.factories import a_raw
from tracker.models.raw_listing import RawListing

HALF = json.loads(r'"18:00 \ud83d Berlin"')
"""Half of an emoji, as JSON of a source that cuts its texts off by bytes holds it."""


@pytest.mark.parametrize(
    "said",
    [
        {"title": HALF},
        {"starts": HALF},
        {"organizers": (HALF,)},
        {"places": ({"text": HALF},)},
        {"deadlines": ({"text": HALF},)},
        {"extra": {HALF: HALF}},
    ],
    ids=lambda said: next(iter(said)),
)
def test_half_a_character_is_left_out(said: dict[str, Any]) -> None:
    raw = a_raw(**said)
    assert RawListing.model_validate_json(raw.canonical_json()) == raw
    assert "Berlin" in raw.canonical_json()
