"""What Splink is given of the listings; Splink itself is in an environment of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tracker.matching.exchange import read_lines

pytest.importorskip("pyarrow")

from benchmarks.matching.peers import splink_table

pytestmark = pytest.mark.long

ROWS: list[dict[str, Any]] = [
    {
        "source": "x",
        "source_id": "1",
        "title": "LAC 2027",
        "summary": "Lantern and Arbour Congress",
        "when": {"start": "2027-05-03", "end": "2027-05-05", "precision": "day"},
    },
    {
        "source": "y",
        "source_id": "1",
        "title": "The Lantern and Arbour Congress 2027",
        "when": {"start": "2027-05-01", "precision": "month"},
        "organizers": ["Arbour Society"],
    },
    {"source": "x", "source_id": "2", "title": "Arbour walk"},
]


def table(monkeypatch: pytest.MonkeyPatch, at_once: int) -> Any:
    monkeypatch.setattr(splink_table, "AT_ONCE", at_once)
    return splink_table.splink_table(list(read_lines(map(json.dumps, ROWS)).listings.values()))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_rows_are_the_same_however_many_are_described_at_once(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    found = table(monkeypatch, at_once)
    assert found["unique_id"].to_pylist() == [0, 1, 2]
    assert found["title"].to_pylist() == ["lac", "lantern arbour congress", "arbour walk"]
    assert found["last_day"].to_pylist() == [20943, 20970, None]  # the month ends somewhere in its 31 days
    sources = found["source_dataset"].to_pylist()
    assert sources[0] == sources[2] != sources[1]


def test_an_acronym_and_its_full_name_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    acronym, full, other = table(monkeypatch, 100)["names"].to_pylist()
    assert set(full) < set(acronym)
    assert not set(other) & set(acronym)


def test_the_rarest_word_is_of_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    found = table(monkeypatch, 2)
    rarest, words = found["rarest"].to_pylist(), found["words"].to_pylist()
    assert len(set(rarest)) == 3
    shared = set(words[1]) & set(words[2])
    assert len(shared) == 1
    assert [len(each) for each in words] == [1, 3, 2]


def test_what_nobody_says_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    found = table(monkeypatch, 100)
    assert found["city"].null_count == found["closes"].null_count == found["link"].null_count == 3
    assert found["organizer"].null_count == 2
